-- Days on which an office has other times and other rules for a matter, such as 520 and 七夕. A row is never changed, only withdrawn.
create table marriage_hot_days (
    id text not null primary key,
    office text not null,
    matter text not null,
    day text not null check (length(day) = 10),
    name text not null check (name <> ''),
    -- Minutes since midnight and places, one time after another: 540-660-20 780-990-15
    times text not null check (times <> ''),
    walk_in integer not null check (walk_in in (0, 1)),
    entered_by text not null,
    entered_at integer not null,
    withdrawn_by text,
    withdrawn_at integer,
    check ((withdrawn_by is null) = (withdrawn_at is null))
) strict;

create unique index marriage_hot_days_one on marriage_hot_days (office, matter, day) where withdrawn_at is null;
