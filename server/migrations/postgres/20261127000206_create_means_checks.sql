-- Queries to other systems about a household's income and property (核对), each with its purpose and the agreement that allows it
-- (社会救助法 40, 41). Whoever owes support and lives elsewhere is a signatory of their own: `check_consents.signatory` is `obligor-1`,
-- `obligor-2` … for them.
create table means_checks (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null,
    reference text not null unique,
    signatory text not null,
    source text not null,
    purpose bytea not null,
    asked_by text not null,
    asked_post text not null,
    asked_at bigint not null,
    outcome text,
    detail bytea,
    answered_by text,
    answered_post text,
    answered_at bigint,
    primary key (area, application_id, sequence),
    check ((outcome is null) = (answered_at is null)),
    check ((outcome is null) = (answered_by is null)),
    foreign key (area, application_id) references applications (area, id),
    foreign key (area, application_id, signatory) references check_consents (area, application_id, signatory)
);

-- What waits for an answer, the oldest first.
create index means_checks_waiting on means_checks (area, asked_at) where outcome is null;
