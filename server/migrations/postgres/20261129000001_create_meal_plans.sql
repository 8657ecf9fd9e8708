-- When a meal point serves, when it is closed and what it cooks. The points themselves are a file of the operator's. Times are
-- minutes since midnight in Shanghai.

-- The newest row of a point and a meal holds; the older ones are its history.
create table meal_services (
    id text not null primary key,
    point text not null,
    kind text not null check (kind in ('breakfast', 'lunch', 'dinner')),
    starts bigint not null check (starts between 0 and 1439),
    ends bigint not null check (ends > starts and ends <= 1440),
    cutoff_days bigint not null check (cutoff_days between 0 and 7),
    cutoff bigint not null check (cutoff between 0 and 1439),
    entered_by text not null,
    entered_at bigint not null
);

create index meal_services_point on meal_services (point, kind, entered_at);

create table meal_closures (
    id text not null primary key,
    point text not null,
    day text not null check (length(day) = 10),
    reason text not null check (reason <> ''),
    entered_by text not null,
    entered_at bigint not null,
    withdrawn_by text,
    withdrawn_at bigint,
    check ((withdrawn_by is null) = (withdrawn_at is null))
);

create unique index meal_closures_one on meal_closures (point, day) where withdrawn_at is null;

-- A dish is the one row that decides whether there is something left.
create table meal_dishes (
    id text not null primary key,
    point text not null,
    day text not null check (length(day) = 10),
    kind text not null check (kind in ('breakfast', 'lunch', 'dinner')),
    name text not null check (name <> ''),
    price bigint not null check (price >= 0),
    quota bigint not null check (quota between 1 and 2000),
    taken bigint not null check (taken >= 0 and taken <= quota),
    tags text not null,
    ingredients text not null,
    instead_of text,
    entered_by text not null,
    entered_at bigint not null,
    withdrawn_by text,
    withdrawn_at bigint,
    check (withdrawn_at is null or taken = 0)
);

create unique index meal_dishes_one on meal_dishes (point, day, kind, name) where withdrawn_at is null;
create index meal_dishes_day on meal_dishes (day, point);
