-- Draws of hot days. The hash of the seed is there from the beginning and never changes; the seed itself is sealed until it is drawn.
create table marriage_draws (
    id text not null primary key,
    hot_day text not null unique references marriage_hot_days (id),
    office text not null,
    matter text not null,
    day text not null check (length(day) = 10),
    opens_at integer not null,
    closes_at integer not null check (closes_at > opens_at),
    hours integer not null check (hours between 1 and 72),
    places integer not null check (places >= 1),
    commitment text not null check (length(commitment) = 64),
    sealed_seed blob not null,
    seed text,
    numbers_hash text,
    drawn_at integer,
    check ((seed is null) = (drawn_at is null)),
    check ((numbers_hash is null) = (drawn_at is null))
) strict;

create index marriage_draws_day on marriage_draws (office, matter, day);

-- Entries. The number is public and says nothing of the couple.
create table marriage_draw_entries (
    id text not null primary key,
    draw text not null references marriage_draws (id),
    number text not null check (length(number) = 8),
    state text not null check (state in ('waiting', 'entered', 'drawn', 'withdrawn', 'lapsed')),
    owner text not null,
    partner_owner text,
    starter text not null check (starter in ('man', 'woman')),
    invite_hash text unique,
    invite_secret blob,
    invite_code text,
    lot text,
    place integer,
    entered_at integer not null,
    changed_at integer not null,
    check ((lot is null) = (place is null)),
    check ((state = 'drawn') = (place is not null)),
    unique (draw, number),
    unique (draw, place)
) strict;

create index marriage_draw_entries_owner on marriage_draw_entries (owner);
create index marriage_draw_entries_partner on marriage_draw_entries (partner_owner);

-- Both people of an entry, until it is over. One living entry per person and draw, so two entered in either order are one couple.
create table marriage_draw_people (
    entry text not null references marriage_draw_entries (id),
    side text not null check (side in ('man', 'woman')),
    draw text not null,
    document_index text not null,
    name blob not null,
    document blob not null,
    mobile blob not null,
    primary key (entry, side),
    unique (draw, document_index)
) strict;

create trigger marriage_draws_keep_their_hash before update of commitment, hot_day, opens_at, closes_at, places on marriage_draws
begin
    select raise(abort, 'the hash of a seed is never changed');
end;

create trigger marriage_draws_are_drawn_once before update on marriage_draws when old.drawn_at is not null
begin
    select raise(abort, 'a draw is never drawn anew');
end;
