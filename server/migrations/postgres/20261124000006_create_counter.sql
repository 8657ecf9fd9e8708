-- A resident's visit at the counter. The page of the visit is addressed by a secret, kept here as its hash, and opens for
-- the staff member who began it alone, until it is ended or lies idle.
create table counter_visits (
    secret_hash text not null primary key,
    staff text not null references staff (id),
    resident text not null references residents (id),
    area text not null,
    purpose text not null check (purpose in ('counter')),
    begun_at bigint not null,
    seen_at bigint not null,
    ended_at bigint
);

create index counter_visits_resident on counter_visits (resident);
