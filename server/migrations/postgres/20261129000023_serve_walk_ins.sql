-- A meal of somebody who came without an order, handed out in the act that reserved it.
alter table meal_orders add column walk_in bigint not null default 0 check (walk_in in (0, 1));

-- Somebody whom nobody has registered: a name, and a telephone if they like, for one day. Nothing is known that a subsidy asks.
alter table meal_eaters add column guest bigint not null default 0 check (guest in (0, 1));
