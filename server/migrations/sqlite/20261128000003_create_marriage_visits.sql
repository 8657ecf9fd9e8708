-- Couples that are there. A booking says that somebody will come; a row here, that they came, with or without one. No state
-- says that a marriage is registered: that is said at the counter alone.
create table marriage_visits (
    id text not null primary key,
    office text not null,
    day text not null check (length(day) = 10),
    number integer not null check (number between 1 and 9999),
    booking text unique references marriage_bookings (id),
    matter text not null,
    due integer not null check (due between 0 and 1439),
    state text not null check (state in ('waiting', 'called', 'served', 'left')),
    counter integer check (counter between 1 and 99),
    arrived_by text not null,
    arrived_at integer not null,
    called_at integer,
    ended_at integer,
    check (state <> 'called' or (counter is not null and called_at is not null)),
    check ((state in ('served', 'left')) = (ended_at is not null)),
    unique (office, day, number)
) strict;

-- The last number that was given at an office on a day. Whoever comes next waits for this row, so that no number is given twice.
create table marriage_numbers (
    office text not null,
    day text not null check (length(day) = 10),
    last integer not null check (last >= 1),
    primary key (office, day)
) strict;

-- The newest row of an office holds; the older ones are its history.
create table marriage_door_rules (
    id text not null primary key,
    office text not null,
    walk_in integer not null check (walk_in in (0, 1)),
    no_show text not null check (no_show <> ''),
    entered_by text not null,
    entered_at integer not null
) strict;

create index marriage_door_rules_office on marriage_door_rules (office, entered_at);
