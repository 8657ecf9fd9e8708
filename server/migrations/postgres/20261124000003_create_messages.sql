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
    body bytea,
    urgent bigint not null check (urgent in (0, 1)),
    created_at bigint not null,
    expires_at bigint,
    next_try_at bigint not null,
    tries bigint not null,
    sent_at bigint,
    gave_up_at bigint
);

create index outbox_next_try_at on outbox (next_try_at);

create table notices (
    id text not null primary key,
    resident text not null references residents (id),
    template text not null,
    details bytea not null,
    link text,
    created_at bigint not null,
    read_at bigint
);

create index notices_resident on notices (resident, created_at);
