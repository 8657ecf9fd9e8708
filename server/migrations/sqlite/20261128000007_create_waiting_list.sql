-- The lines of full days. An offer is a hold like any other: the place is taken for the couple that waits longest.
create table marriage_waiting (
    id text not null primary key,
    office text not null,
    matter text not null,
    day text not null check (length(day) = 10),
    owner text not null,
    line_place integer not null check (line_place in (1, 2)),
    mobile blob,
    state text not null check (state in ('waiting', 'offered', 'taken', 'passed', 'left', 'over')),
    booking text references marriage_bookings (id),
    entered_at integer not null,
    changed_at integer not null,
    check (state <> 'waiting' or mobile is not null)
) strict;

-- One place of an owner in a line, and two lines at most.
create unique index marriage_waiting_one on marriage_waiting (office, matter, day, owner) where state in ('waiting', 'offered');
create unique index marriage_waiting_two_lines on marriage_waiting (owner, line_place) where state in ('waiting', 'offered');
create index marriage_waiting_line on marriage_waiting (office, matter, day, state, entered_at);
create index marriage_waiting_owner on marriage_waiting (owner);
