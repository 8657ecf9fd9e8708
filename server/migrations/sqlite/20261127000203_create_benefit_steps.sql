-- Aid that is paid month by month: proposals to reduce or end it, what the person said, and the decision. Nothing is decided
-- before the person was heard (社会救助法 48), nor by whoever proposed it.
create table benefit_steps (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    step text not null check (step in ('reduced', 'terminated')),
    amount integer not null check (amount >= 0),
    reasons blob not null,
    proposed_by text not null,
    proposed_at integer not null,
    heard blob,
    heard_how text check (heard_how in ('online', 'in-person', 'phone', 'written')),
    heard_on text,
    dropped_at integer,
    decided_by text check (decided_by <> proposed_by),
    decided_post text,
    decided_at integer,
    from_month integer,
    primary key (area, application_id, sequence),
    check ((step = 'terminated') = (amount = 0)),
    check ((heard is null) = (heard_how is null)),
    check ((heard is null) = (heard_on is null)),
    check (decided_at is null or heard is not null),
    check (decided_at is null or dropped_at is null),
    check ((decided_at is null) = (decided_by is null)),
    check ((decided_at is null) = (decided_post is null)),
    check ((decided_at is null) = (from_month is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- One at a time.
create unique index benefit_steps_open on benefit_steps (area, application_id) where decided_at is null and dropped_at is null;

-- The reviews of a benefit. Each says when the next one is due.
create table benefit_reviews (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    unchanged_at integer,
    done_by text,
    done_at integer,
    next_months integer check (next_months > 0),
    primary key (area, application_id, sequence),
    check ((done_at is null) = (done_by is null)),
    check ((done_at is null) = (next_months is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;
