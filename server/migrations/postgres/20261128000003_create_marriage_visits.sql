-- Couples that are there. A booking says that somebody will come; a row here, that they came, with or without one. No state
-- says that a marriage is registered: that is said at the counter alone.
create table marriage_visits (
    id text not null primary key,
    office text not null,
    day text not null check (length(day) = 10),
    number bigint not null check (number between 1 and 9999),
    booking text unique references marriage_bookings (id),
    matter text not null,
    due bigint not null check (due between 0 and 1439),
    state text not null check (state in ('waiting', 'called', 'served', 'left')),
    counter bigint check (counter between 1 and 99),
    arrived_by text not null,
    arrived_at bigint not null,
    called_at bigint,
    ended_at bigint,
    check (state <> 'called' or (counter is not null and called_at is not null)),
    check ((state in ('served', 'left')) = (ended_at is not null)),
    unique (office, day, number)
);

-- The last number that was given at an office on a day. Whoever comes next waits for this row, so that no number is given twice.
create table marriage_numbers (
    office text not null,
    day text not null check (length(day) = 10),
    last bigint not null check (last >= 1),
    primary key (office, day)
);

-- The newest row of an office holds; the older ones are its history.
create table marriage_door_rules (
    id text not null primary key,
    office text not null,
    walk_in bigint not null check (walk_in in (0, 1)),
    no_show text not null check (no_show <> ''),
    entered_by text not null,
    entered_at bigint not null
);

create index marriage_door_rules_office on marriage_door_rules (office, entered_at);
