-- The same meal on the same weekdays until somebody says otherwise. Bit 0 of the weekdays is Monday.
create table meal_standing (
    id text not null primary key,
    eater text not null references meal_eaters (id),
    point text not null,
    kind text not null check (kind in ('breakfast', 'lunch', 'dinner')),
    mode text not null check (mode in ('dine_in', 'delivery')),
    weekdays integer not null check (weekdays between 1 and 127),
    usual text,
    skip_holidays integer not null check (skip_holidays in (0, 1)),
    state text not null check (state in ('on', 'ended')),
    pause_from text check (length(pause_from) = 10),
    pause_to text check (length(pause_to) = 10),
    owner text not null,
    created_at integer not null,
    changed_at integer not null,
    check (pause_to is null or pause_from is not null)
) strict;

create index meal_standing_eater on meal_standing (eater);

-- What became of a day, so that a meal is placed once, and not again after its eater gave it up.
create table meal_standing_days (
    standing text not null references meal_standing (id),
    day text not null check (length(day) = 10),
    outcome text not null check (outcome in ('ordered', 'full', 'avoided', 'no_menu', 'closed', 'no_delivery', 'twice')),
    meal text references meal_orders (id),
    at integer not null,
    primary key (standing, day),
    check ((outcome = 'ordered') = (meal is not null))
) strict;

create index meal_standing_days_meal on meal_standing_days (meal);
