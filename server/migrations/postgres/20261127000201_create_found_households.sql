-- Households that somebody told of (主动发现), and what the visit came to. Nothing says who told it.
create table found_households (
    id text primary key,
    number text not null unique,
    area text collate "C" not null,
    community text collate "C",
    teller text not null check (teller in ('neighbour', 'relative', 'grid-worker', 'other')),
    detail bytea not null,
    story bytea not null,
    contact bytea,
    received_at bigint not null,
    due_on text,
    state text not null check (state in ('received', 'taken', 'visited')),
    handler text references staff (id),
    outcome text check (outcome in ('helped', 'no-need', 'not-found', 'passed-on')),
    note bytea,
    visited_at bigint,
    check ((state = 'received') = (handler is null)),
    check ((state = 'visited') = (visited_at is not null)),
    check ((outcome is null) = (visited_at is null)),
    check ((note is null) = (visited_at is null))
);

create index found_households_waiting on found_households (area, due_on) where state <> 'visited';
create index found_households_visited on found_households (visited_at) where visited_at is not null;
