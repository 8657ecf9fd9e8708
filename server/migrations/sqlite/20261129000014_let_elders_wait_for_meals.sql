-- Who waits for a dish that is full, in the order in which they came. A freed meal goes to the first one, once. From the cut-off on
-- they are standby: the point rings before it gives a meal that nobody eats.
create table meal_waits (
    id text not null primary key,
    eater text not null references meal_eaters (id),
    dish text not null references meal_dishes (id),
    point text not null,
    day text not null check (length(day) = 10),
    kind text not null check (kind in ('breakfast', 'lunch', 'dinner')),
    mode text not null check (mode in ('dine_in', 'delivery')),
    state text not null check (state in ('waiting', 'standby', 'given', 'left', 'declined', 'unreached', 'over')),
    meal text references meal_orders (id),
    owner text not null,
    joined_at integer not null,
    changed_at integer not null,
    check ((state = 'given') = (meal is not null))
) strict;

-- One line for a meal: nobody gets two.
create unique index meal_waits_once on meal_waits (eater, day, kind) where state in ('waiting', 'standby');
create index meal_waits_dish on meal_waits (dish, state);
create index meal_waits_eater on meal_waits (eater);
create index meal_waits_meal on meal_waits (meal);
