-- Couples that did not come, as a clerk entered it. What follows is the office's policy (marriage_door_rules), by default nothing.
-- A couple may object once; what it says is sealed.
create table marriage_no_shows (
    booking text not null primary key references marriage_bookings (id),
    office text not null,
    day text not null check (length(day) = 10),
    state text not null check (state in ('marked', 'objected', 'upheld', 'lifted')),
    entered_by text not null,
    entered_at bigint not null,
    words bytea,
    objected_at bigint,
    settled_by text,
    settled_at bigint,
    check ((words is null) = (objected_at is null)),
    check ((settled_by is null) = (settled_at is null)),
    check (state <> 'objected' or words is not null),
    check ((state in ('upheld', 'lifted')) = (settled_by is not null))
);

create index marriage_no_shows_office on marriage_no_shows (office, state, day);
