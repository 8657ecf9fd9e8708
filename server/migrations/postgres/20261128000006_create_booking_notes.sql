-- What a clerk writes on a booking; the couple reads it where it is shown.
create table marriage_notes (
    id text not null primary key,
    booking text not null references marriage_bookings (id),
    words bytea not null,
    shown bigint not null check (shown in (0, 1)),
    entered_by text not null,
    entered_at bigint not null
);

create index marriage_notes_booking on marriage_notes (booking, entered_at);

-- Two days before, a couple is asked once whether it still comes. Silence changes nothing.
create table marriage_coming (
    booking text not null primary key references marriage_bookings (id),
    asked_at bigint not null,
    answered_at bigint
);
