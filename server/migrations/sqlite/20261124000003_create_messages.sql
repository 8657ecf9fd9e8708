-- Messages on their way out, and each resident's inbox. Both are written in the transaction of the act that causes
-- them.

-- `body` holds where to and what, sealed; it is emptied once the message is out. `urgent` messages (codes) know no quiet
-- hours. `letter` and `call` wait for a person at the counter.
create table outbox (
    id text not null primary key,
    resident text,
    area text not null,
    channel text not null check (channel in ('text', 'voice', 'letter', 'call')),
    template text not null,
    body blob,
    urgent integer not null check (urgent in (0, 1)),
    created_at integer not null,
    expires_at integer,
    next_try_at integer not null,
    tries integer not null,
    sent_at integer,
    gave_up_at integer
) strict;

create index outbox_next_try_at on outbox (next_try_at);

create table notices (
    id text not null primary key,
    resident text not null references residents (id),
    template text not null,
    details blob not null,
    link text,
    created_at integer not null,
    read_at integer
) strict;

create index notices_resident on notices (resident, created_at);
