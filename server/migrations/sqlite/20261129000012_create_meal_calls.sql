-- Whoever wishes it is rung after two missed meals in a row.
alter table meal_eaters add column care_call integer not null default 0 check (care_call in (0, 1));

-- One call for one row of missed meals, done once. What was found is sealed.
create table meal_calls (
    id text not null primary key,
    eater text not null references meal_eaters (id),
    first_day text not null check (length(first_day) = 10),
    first_kind text not null check (first_kind in ('breakfast', 'lunch', 'dinner')),
    last_day text not null check (length(last_day) = 10),
    last_kind text not null check (last_kind in ('breakfast', 'lunch', 'dinner')),
    made_at integer not null,
    outcome text check (outcome in ('fine', 'visited', 'away', 'help')),
    note blob,
    done_by text,
    done_at integer,
    check ((outcome is null) = (done_at is null)),
    check ((done_by is null) = (done_at is null)),
    check (note is null or done_at is not null)
) strict;

create unique index meal_calls_open on meal_calls (eater) where done_at is null;
create unique index meal_calls_last on meal_calls (eater, last_day, last_kind);
