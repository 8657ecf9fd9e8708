-- A meal that its point could not keep is ended by the point: nobody missed it, and nobody gave it up.
alter table meal_orders add column by_point bigint not null default 0
    check (by_point = 0 or (by_point = 1 and state = 'cancelled'));
