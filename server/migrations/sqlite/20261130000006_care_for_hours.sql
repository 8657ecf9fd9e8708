-- What a service brought above the cap on what one person holds. It is offered to the volunteer to give to the pool; until
-- then it is nobody's, and the ledger knows nothing of it.
create table time_surplus (
    service text not null primary key,
    resident text not null,
    minutes integer not null check (minutes > 0),
    true_minutes integer not null check (true_minutes > 0),
    state text not null check (state in ('offered', 'given', 'left')),
    offered_at integer not null,
    settled_at integer,
    check (state = 'offered' or settled_at is not null)
) strict;

create index time_surplus_resident on time_surplus (resident, state);

-- Hours that wait: their holder moved, died, closed the account, or the bank closes. Nobody spends them until two people of
-- the staff have settled what becomes of them. What people said is sealed.
create table time_freezes (
    id text not null primary key,
    area text not null,
    resident text not null,
    reason text not null check (reason in ('closed', 'moved', 'died', 'bank')),
    why blob,
    state text not null check (state in ('frozen', 'proposed', 'ended')),
    frozen_by text not null,
    frozen_at integer not null,
    outcome text check (outcome in ('restore', 'donate', 'spouse', 'own')),
    beneficiary text,
    proposed_why blob,
    proposed_by text,
    proposed_at integer,
    settled_by text,
    settled_at integer,
    check (state = 'frozen' or (outcome is not null and proposed_by is not null)),
    check (state <> 'ended' or (settled_by is not null and settled_by <> proposed_by))
) strict;

create unique index time_freezes_once on time_freezes (resident) where state <> 'ended';
create index time_freezes_area on time_freezes (area, frozen_at);

-- When the two were reminded of a service to come; and that whom it was for was forgotten.
alter table time_needs add column reminded_at integer;
alter table time_needs add column forgotten integer not null default 0 check (forgotten in (0, 1));

-- A person looked at a pattern that was flagged. Nothing else follows from one.
create table time_pattern_looks (
    need text not null references time_needs (id),
    pattern text not null,
    looked_by text not null,
    looked_at integer not null,
    primary key (need, pattern)
) strict;
