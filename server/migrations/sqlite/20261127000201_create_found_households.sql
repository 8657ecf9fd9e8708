-- Households that somebody told of (主动发现), and what the visit came to. Nothing says who told it.
create table found_households (
    id text primary key,
    number text not null unique,
    area text not null,
    community text,
    teller text not null check (teller in ('neighbour', 'relative', 'grid-worker', 'other')),
    detail blob not null,
    story blob not null,
    contact blob,
    received_at integer not null,
    due_on text,
    state text not null check (state in ('received', 'taken', 'visited')),
    handler text references staff (id),
    outcome text check (outcome in ('helped', 'no-need', 'not-found', 'passed-on')),
    note blob,
    visited_at integer,
    check ((state = 'received') = (handler is null)),
    check ((state = 'visited') = (visited_at is not null)),
    check ((outcome is null) = (visited_at is null)),
    check ((note is null) = (visited_at is null))
) strict;

create index found_households_waiting on found_households (area, due_on) where state <> 'visited';
create index found_households_visited on found_households (visited_at) where visited_at is not null;
