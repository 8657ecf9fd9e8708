-- A point's own device hands meals out where there is no network, and sends its scans later: each scan is kept with what it was worth,
-- so that one meal at two devices or two points is seen. A scan at another counter tells nothing of money: it stays open until noted.
alter table meal_orders add column paid_open bigint not null default 0 check (paid_open in (0, 1));

create table meal_scans (
    id text collate "C" not null primary key check (length(id) = 32),
    meal text references meal_orders (id),
    point text not null,
    device text not null,
    staff text not null,
    paid text not null check (paid in ('paid', 'unpaid', 'waived')),
    said_at bigint not null,
    received_at bigint not null,
    outcome text not null check (outcome in ('done', 'again', 'already', 'elsewhere', 'cancelled', 'other_day', 'unknown')),
    settled_by text,
    settled_at bigint,
    check ((settled_by is null) = (settled_at is null))
);

create index meal_scans_meal on meal_scans (meal);
create index meal_scans_point on meal_scans (point, received_at);
