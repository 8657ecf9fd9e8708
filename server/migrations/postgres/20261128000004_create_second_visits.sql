-- The two visits of a divorce by agreement. Nothing but days: no reason, no children, no agreement.

-- The day on which an office accepted an application, as a clerk of it wrote it down with the booking of the first visit. Rows are
-- only added: the newest of a booking holds.
create table marriage_acceptances (
    id text not null primary key,
    booking text not null references marriage_bookings (id),
    office text not null,
    accepted text not null check (length(accepted) = 10),
    entered_by text not null,
    entered_at bigint not null
);

create index marriage_acceptances_booking on marriage_acceptances (booking, entered_at);

-- A couple's application is found by the blind index of both documents.
create index marriage_people_document on marriage_people (document_index);

-- What the window of a booking for the second visit was counted from, and who says so.
create table marriage_second_visits (
    booking text not null primary key references marriage_bookings (id),
    accepted text not null check (length(accepted) = 10),
    source text not null check (source in ('office', 'receipt'))
);
