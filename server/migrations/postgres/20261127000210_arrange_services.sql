-- Services that an application asks for. The opinion says for which day and how; the decision makes it the first row here, and each
-- row gets its outcome once: it took place, it moved to another day (the next row), it does not take place. `day` is a number
-- (20261203).
alter table case_opinions add column arranged bytea;

create table case_services (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null check (sequence > 0),
    day bigint not null,
    words bytea not null,
    outcome text check (outcome in ('done', 'moved', 'ended')),
    note bytea,
    reported_by text,
    reported_post text,
    reported_at bigint,
    primary key (area, application_id, sequence),
    check ((outcome is null) = (note is null)),
    check ((outcome is null) = (reported_by is null)),
    check ((outcome is null) = (reported_post is null)),
    check ((outcome is null) = (reported_at is null)),
    foreign key (area, application_id) references applications (area, id)
);

create index case_services_to_come on case_services (day, area, application_id) where outcome is null;
