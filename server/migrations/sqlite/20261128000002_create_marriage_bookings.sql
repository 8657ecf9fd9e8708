-- What a marriage office offers, when it is closed, and who has booked. Times are minutes since midnight in Shanghai.
create table marriage_sessions (
    id text not null primary key,
    office text not null,
    matter text not null,
    starts integer not null check (starts between 0 and 1439),
    ends integer not null check (ends > starts and ends <= 1440),
    quota integer not null check (quota between 1 and 999),
    valid_from text not null check (length(valid_from) = 10),
    valid_until text,
    entered_by text not null,
    entered_at integer not null,
    ended_by text,
    ended_at integer,
    check ((ended_by is null) = (ended_at is null))
) strict;

-- One time of a matter that has no end yet begins at one minute.
create unique index marriage_sessions_one on marriage_sessions (office, matter, starts) where valid_until is null;

create table marriage_closures (
    id text not null primary key,
    office text not null,
    day text not null check (length(day) = 10),
    part text not null check (part in ('day', 'am', 'pm')),
    reason text not null check (reason <> ''),
    entered_by text not null,
    entered_at integer not null,
    withdrawn_by text,
    withdrawn_at integer,
    check ((withdrawn_by is null) = (withdrawn_at is null))
) strict;

create unique index marriage_closures_one on marriage_closures (office, day, part) where withdrawn_at is null;

-- The newest row of an office holds; the older ones are its history.
create table marriage_rules (
    id text not null primary key,
    office text not null,
    window_min integer not null check (window_min >= 1),
    window_max integer not null check (window_max >= window_min),
    keep_hours integer not null check (keep_hours between 1 and 72),
    entered_by text not null,
    entered_at integer not null
) strict;

create index marriage_rules_office on marriage_rules (office, entered_at);

-- The one row that decides whether there is room. It is made with the first hold.
create table marriage_slots (
    office text not null,
    matter text not null,
    day text not null,
    starts integer not null,
    taken integer not null check (taken >= 0),
    primary key (office, matter, day, starts)
) strict;

-- There is no state that says that a marriage is registered: that is said at the counter alone.
create table marriage_bookings (
    id text not null primary key,
    office text not null,
    matter text not null,
    day text not null check (length(day) = 10),
    starts integer not null,
    ends integer not null,
    state text not null check (state in ('held', 'waiting', 'firm', 'cancelled', 'released')),
    owner text not null,
    hold_place integer not null check (hold_place in (1, 2)),
    hold_until integer not null,
    extensions integer not null check (extensions between 0 and 10),
    keep_until integer,
    way text check (way in ('link', 'door')),
    starter text check (starter in ('man', 'woman')),
    staff_decide integer not null check (staff_decide in (0, 1)),
    invite_hash text unique,
    invite_secret blob,
    invite_code text,
    partner_owner text,
    number text unique,
    confirmation text,
    created_at integer not null,
    changed_at integer not null,
    check (state <> 'firm' or confirmation is not null)
) strict;

-- At most two open holds of one device or account: invented partners can't hoard places.
create unique index marriage_bookings_two_open on marriage_bookings (owner, hold_place) where state in ('held', 'waiting');
create index marriage_bookings_office on marriage_bookings (office, day);
create index marriage_bookings_owner on marriage_bookings (owner);
create index marriage_bookings_partner on marriage_bookings (partner_owner);
create index marriage_bookings_open on marriage_bookings (state, hold_until);

-- Both people, while the booking lives or its record is kept. One live booking per person and matter, everywhere.
create table marriage_people (
    booking text not null references marriage_bookings (id),
    side text not null check (side in ('man', 'woman')),
    matter text not null,
    live integer not null check (live in (0, 1)),
    document_index text not null,
    name blob not null,
    document blob not null,
    mobile blob not null,
    primary key (booking, side)
) strict;

create unique index marriage_people_one_live on marriage_people (matter, document_index) where live = 1;
