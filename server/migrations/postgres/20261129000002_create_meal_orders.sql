-- Who eats, as far as the price of a meal goes. What the tiers ask was seen on paper by staff and stands readable, for the month's
-- sums; who it is is sealed. An eater needs no account.
create table meal_eaters (
    id text not null primary key,
    community text collate "C" not null,
    document_index text not null unique,
    phone_index text,
    name_index text not null,
    person bytea not null,
    huji text not null,
    statuses text not null,
    avoid bytea not null,
    resident text,
    checked_by text,
    checked_at bigint,
    created_at bigint not null,
    changed_at bigint not null,
    check ((checked_by is null) = (checked_at is null))
);

create index meal_eaters_phone on meal_eaters (phone_index);
create index meal_eaters_name on meal_eaters (name_index);
create index meal_eaters_resident on meal_eaters (resident);

-- One row is one meal of one eater. The parts of the price are null where a level has published nothing: none is made up then.
create table meal_orders (
    id text not null primary key,
    eater text not null references meal_eaters (id),
    dish text not null references meal_dishes (id),
    point text not null,
    day text not null check (length(day) = 10),
    kind text not null check (kind in ('breakfast', 'lunch', 'dinner')),
    mode text not null check (mode in ('dine_in', 'delivery')),
    state text not null check (state in ('reserved', 'cancelled', 'handed_out')),
    owner text not null,
    number text not null unique,
    confirmation text not null,
    price bigint not null check (price >= 0),
    district bigint check (district >= 0),
    street bigint check (street >= 0),
    own bigint check (own >= 0),
    sample bigint not null check (sample in (0, 1)),
    late bigint not null check (late in (0, 1)),
    paid text check (paid in ('paid', 'unpaid', 'waived')),
    handed_by text,
    handed_at bigint,
    created_at bigint not null,
    changed_at bigint not null,
    check ((state = 'handed_out') = (handed_at is not null)),
    check ((state = 'handed_out') = (paid is not null)),
    check (own is null or district + street + own = price)
);

-- One meal of a kind on a day, one subsidy, however many scans and wherever.
create unique index meal_orders_one on meal_orders (eater, day, kind) where state <> 'cancelled';
create index meal_orders_point on meal_orders (point, day, kind);
create index meal_orders_eater on meal_orders (eater, day);
create index meal_orders_confirmation on meal_orders (confirmation);
