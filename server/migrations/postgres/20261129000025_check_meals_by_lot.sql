-- The auditor's sample of a month's meals. A month's seed is made before the month is over; its hash is public from then on, the seed
-- itself (sealed here) once the month is whole and was drawn.
create table meal_check_seeds (
    month text collate "C" not null primary key check (length(month) = 7),
    seed bytea not null,
    commitment text not null unique,
    made_at bigint not null
);

-- A month is drawn once. `numbers_hash` tells from which numbers.
create table meal_checks (
    month text collate "C" not null primary key references meal_check_seeds (month),
    seed text not null,
    commitment text not null,
    committed_at bigint not null,
    percent bigint not null check (percent between 1 and 100),
    count bigint not null check (count > 0),
    drawn bigint not null check (drawn between 1 and count),
    numbers_hash text not null,
    drawn_by text not null,
    drawn_at bigint not null
);

-- What was drawn, by number: who ate goes with the meal.
create table meal_check_meals (
    month text collate "C" not null references meal_checks (month),
    number text collate "C" not null,
    lot text collate "C" not null,
    primary key (month, number)
);
