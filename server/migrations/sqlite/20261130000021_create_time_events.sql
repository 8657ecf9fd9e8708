-- Events with one code and many volunteers. All of an event is public; who comes is known by account alone.
create table time_events (
    id text not null primary key,
    area text not null,
    kind text not null,
    title text not null,
    detail text not null,
    about text not null,
    starts_at integer not null,
    ends_at integer not null check (ends_at > starts_at),
    places integer not null check (places > 0),
    taken integer not null default 0 check (taken >= 0 and taken <= places),
    state text not null check (state in ('posted', 'confirmed', 'cancelled')),
    code_key blob not null,
    posted_by text not null,
    settled_by text,
    created_at integer not null,
    changed_at integer not null,
    check (state = 'posted' or settled_by is not null)
) strict;

create index time_events_area on time_events (area, starts_at);
create index time_events_open on time_events (state, starts_at);

create table time_event_places (
    event text not null references time_events (id),
    resident text not null,
    state text not null check (state in ('signed', 'here', 'left', 'missed', 'given_up', 'counted')),
    in_at integer,
    out_at integer check (out_at >= in_at),
    proof text check (proof in ('code', 'staff')),
    changed_at integer not null,
    primary key (event, resident),
    check (state not in ('here', 'left', 'counted') or in_at is not null),
    check (state not in ('left', 'counted') or out_at is not null)
) strict;

create index time_event_places_resident on time_event_places (resident, state);

-- What somebody gave at an event is a service as any other from then on; one for each.
alter table time_needs add column event text;
create unique index time_needs_event_once on time_needs (event, helper) where event is not null;
