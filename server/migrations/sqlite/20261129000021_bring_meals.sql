-- Meals are brought by volunteers: a tour is one walk of one volunteer on one day. What was done at a door is an event of its own,
-- which the time bank takes up once, also long after.
create table meal_tours (
    id text not null primary key,
    point text not null,
    day text not null check (length(day) = 10),
    volunteer text not null,
    assigned_by text not null,
    began_at integer,
    created_at integer not null,
    changed_at integer not null
) strict;

create index meal_tours_point on meal_tours (point, day);
create index meal_tours_volunteer on meal_tours (volunteer, day);

alter table meal_orders add column tour text;

create index meal_orders_tour on meal_orders (tour);

-- What a volunteer did for somebody. `source` names what it was, once: one event, one credit. Whom it was for is sealed.
create table service_events (
    id text not null primary key,
    kind text not null check (kind in ('service_done')),
    source text not null unique,
    round text not null,
    volunteer text not null,
    area text not null,
    served blob not null,
    elder text,
    began_at integer not null,
    over_at integer not null check (over_at >= began_at),
    proof text not null check (proof in ('code', 'staff')),
    created_at integer not null,
    consumed_at integer,
    need text
) strict;

create index service_events_waiting on service_events (consumed_at, over_at);
create index service_events_round on service_events (round);
create index service_events_volunteer on service_events (volunteer);
