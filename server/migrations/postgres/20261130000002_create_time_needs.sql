-- Who gives service, and who needs it. Whom it is for is sealed; what matching needs stands readable. A record outlives the
-- accounts of the two people in it, so it refers to none of their rows.
create table time_volunteers (
    resident text not null primary key,
    street text not null,
    language text not null check (language in ('mandarin', 'wuxi', 'both')),
    kinds text not null,
    joined_at bigint not null,
    changed_at bigint not null
);

create table time_needs (
    id text not null primary key,
    area text collate "C" not null,
    kind text not null,
    day text not null check (length(day) = 10),
    starts_at bigint not null,
    ends_at bigint not null check (ends_at > starts_at),
    language text not null,
    state text not null check (state in ('posted', 'taken', 'started', 'ended', 'confirmed', 'disputed', 'cancelled')),
    served bytea not null,
    elder text,
    posted_by text not null,
    helper text,
    code bytea,
    began_at bigint,
    over_at bigint check (over_at >= began_at),
    proof text check (proof in ('code', 'staff')),
    confirmed_at bigint,
    confirmed_by text,
    late bigint check (late in (0, 1)),
    dispute bytea,
    created_at bigint not null,
    changed_at bigint not null,
    check (state in ('posted', 'cancelled') or helper is not null),
    check (state <> 'confirmed' or (began_at is not null and over_at is not null and confirmed_by is not null))
);

create index time_needs_area on time_needs (area, state, starts_at);
create index time_needs_open on time_needs (state, starts_at);
create index time_needs_helper on time_needs (helper, starts_at);
create index time_needs_elder on time_needs (elder, starts_at);
