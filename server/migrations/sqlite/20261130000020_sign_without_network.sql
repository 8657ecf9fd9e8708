-- A volunteer's device, by the public half of a key that it won't give out. What it signs is judged when it comes in.
create table time_devices (
    id text not null primary key,
    resident text not null,
    public_key blob not null,
    made_at integer not null
) strict;

create index time_devices_resident on time_devices (resident, made_at);

-- The start or the end of a service as a device signed it, for whoever asks later. How long the device's clock was off is kept, not
-- corrected.
create table time_signs (
    need text not null,
    act text not null check (act in ('start', 'end')),
    device text not null,
    proof text not null check (proof in ('code', 'phone', 'card')),
    at integer not null,
    phone_at integer,
    received_at integer not null,
    clock_off integer,
    signed text not null,
    signature blob not null,
    primary key (need, act)
) strict;

-- The key with which the served person's telephone shows a code that changes by the minute; whether the times came in later than they
-- were taken; and that the clocks didn't agree, so that a coordinator looks first.
alter table time_needs add column phone_key blob;
alter table time_needs add column offline integer not null default 0 check (offline in (0, 1));
alter table time_needs add column clocks_differ integer not null default 0 check (clocks_differ in (0, 1));
