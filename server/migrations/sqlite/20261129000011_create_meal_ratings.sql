-- One word after eating, once for a meal. The point reads it by this row's own id, which leads to nobody.
create table meal_ratings (
    id text not null primary key,
    meal text not null unique references meal_orders (id),
    point text not null,
    day text not null check (length(day) = 10),
    score text not null check (score in ('good', 'so_so', 'bad')),
    words blob,
    given_at integer not null,
    answer blob,
    answered_by text,
    answered_at integer,
    check ((answer is null) = (answered_at is null)),
    check ((answered_by is null) = (answered_at is null))
) strict;

create index meal_ratings_point on meal_ratings (point, day);
