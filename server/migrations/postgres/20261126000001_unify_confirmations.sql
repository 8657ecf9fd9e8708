-- One table for every kind of confirmation: what a signed code says stands in its token, how it stands is this row.
alter table confirmations rename to old_confirmations;

create table confirmations (
    id text not null primary key check (length(id) = 20),
    area text collate "C" not null,
    office text not null,
    kind text not null check (kind in ('receipt', 'booking', 'meal', 'hours', 'statement', 'certificate', 'card')),
    number text not null,
    short_code text not null unique,
    token text not null,
    state text not null check (state in ('active', 'cancelled', 'replaced', 'lost')),
    ended_at bigint,
    ended_for text,
    replaced_by text,
    application_id text,
    resident text references residents (id),
    issued_by text not null,
    issued_at bigint not null,
    holds_from bigint not null,
    starts_at bigint not null,
    expires_at bigint not null,
    check ((state = 'active') = (ended_at is null)),
    check (replaced_by is null or state = 'replaced'),
    check (kind <> 'receipt' or application_id is not null),
    foreign key (area, application_id) references applications (area, id)
);

-- The short codes are random ones of 35 bits, unique in each of the two tables that become one.
insert into confirmations (id, area, office, kind, number, short_code, token, state, application_id, issued_by, issued_at,
    holds_from, starts_at, expires_at)
select o.id, o.area, o.area, o.kind, a.number, o.short_code, o.token, 'active', o.application_id, '', o.issued_at,
    o.issued_at, o.issued_at, o.expires_at
from old_confirmations o join applications a on a.area = o.area and a.id = o.application_id;

-- A card's number stands in its token alone; the program reads it from there when it starts.
insert into confirmations (id, area, office, kind, number, short_code, token, state, ended_at, replaced_by, resident,
    issued_by, issued_at, holds_from, starts_at, expires_at)
select c.id, c.area, c.area, 'card', '', c.short_code, c.token, c.state,
    case when c.state = 'active' then null else coalesce(c.ended_at, c.issued_at) end,
    case when c.state = 'replaced' then (
        select n.id from cards n where n.resident = c.resident and n.id <> c.id and n.issued_at >= c.ended_at
        order by n.issued_at, n.id limit 1
    ) end,
    c.resident, c.issued_by, c.issued_at, c.issued_at, c.issued_at, c.expires_at
from cards c;

drop table old_confirmations;
drop table cards;

-- At most one receipt of an application and one card of a resident hold at a time.
create unique index confirmations_one_receipt on confirmations (application_id) where kind = 'receipt' and state = 'active';
create unique index confirmations_one_card on confirmations (resident) where kind = 'card' and state = 'active';
create index confirmations_application on confirmations (area, application_id);
create index confirmations_resident on confirmations (resident);
create index confirmations_number on confirmations (number);
create index confirmations_expires_at on confirmations (expires_at);
create index confirmations_starts_at on confirmations (starts_at);
create index confirmations_issued_at on confirmations (issued_at);

-- What is dead stays dead, and an identity is one thing for good, whoever writes to the table.
create function confirmation_stays_ended() returns trigger language plpgsql as $$
begin
    raise exception 'an ended confirmation stays ended';
end;
$$;

create function confirmation_keeps_its_identity() returns trigger language plpgsql as $$
begin
    raise exception 'a confirmation keeps its identity';
end;
$$;

create trigger confirmations_stay_ended before update on confirmations for each row
    when (old.state <> 'active' and (
        new.state <> old.state or new.ended_at is distinct from old.ended_at
        or new.ended_for is distinct from old.ended_for or new.replaced_by is distinct from old.replaced_by
    )) execute function confirmation_stays_ended();
create trigger confirmations_keep_their_identity before update on confirmations for each row
    when (new.id <> old.id or new.kind <> old.kind or new.short_code <> old.short_code
        or (new.token <> old.token and new.token <> '')) execute function confirmation_keeps_its_identity();

-- The one use of what is used once: the scan that was first.
create table confirmation_uses (
    confirmation text not null primary key references confirmations (id) on delete cascade,
    scan text not null,
    at bigint not null,
    office text not null,
    staff text not null
);

-- Every scan at a counter. `said_at` is by the counter's own clock, `at` is what was made of it.
create table confirmation_scans (
    id text not null primary key check (length(id) = 32),
    confirmation text not null references confirmations (id) on delete cascade,
    at bigint not null,
    said_at bigint not null,
    received_at bigint not null,
    office text not null,
    staff text not null,
    offline bigint not null check (offline in (0, 1)),
    counts bigint not null check (counts in (0, 1))
);

create index confirmation_scans_confirmation on confirmation_scans (confirmation, at);
