-- What a kitchen has on paper: each print of a day's sheet with the meals that stood on it, so that the next one tells only what is
-- different since.
create table meal_prints (
    id text not null primary key,
    point text not null,
    day text not null check (length(day) = 10),
    printed_by text not null,
    printed_at integer not null
) strict;

create index meal_prints_day on meal_prints (point, day, printed_at);

create table meal_print_lines (
    print text not null references meal_prints (id),
    meal text not null references meal_orders (id),
    dish text not null,
    mode text not null check (mode in ('dine_in', 'delivery')),
    primary key (print, meal)
) strict;

create index meal_print_lines_meal on meal_print_lines (meal);
