-- What a service really was, where two people put the record right; null where it stands as it was confirmed.
alter table time_needs add column right_minutes bigint check (right_minutes >= 0);

-- One proposes with a reason, another agrees. Why is sealed: it tells what people said.
create table time_corrections (
    id text not null primary key,
    need text not null references time_needs (id),
    area text collate "C" not null,
    recorded bigint not null check (recorded >= 0),
    right_minutes bigint not null check (right_minutes >= 0 and right_minutes <> recorded),
    why bytea not null,
    state text not null check (state in ('proposed', 'approved', 'dropped')),
    proposed_by text not null,
    proposed_at bigint not null,
    settled_by text,
    settled_at bigint,
    check (state = 'proposed' or (settled_by is not null and settled_at is not null)),
    check (state <> 'approved' or settled_by <> proposed_by)
);

-- A service is put right once: the ledger takes each entry back once.
create unique index time_corrections_once on time_corrections (need) where state <> 'dropped';
create index time_corrections_waiting on time_corrections (area, proposed_at) where state = 'proposed';
create index time_needs_confirmed on time_needs (area, confirmed_at) where state = 'confirmed';
