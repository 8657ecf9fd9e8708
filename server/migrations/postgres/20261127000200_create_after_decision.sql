-- What a resident thinks of a step (好差评): once for each case and step; a bad one names the complaint that it opened.
create table case_ratings (
    area text collate "C" not null,
    application_id text not null,
    node text not null check (node in ('acceptance', 'decision')),
    grade text not null check (grade in ('very-good', 'good', 'fair', 'bad', 'very-bad')),
    words bytea,
    rated_at bigint not null,
    complaint text,
    primary key (area, application_id, node),
    check ((complaint is not null) = (grade in ('bad', 'very-bad'))),
    foreign key (area, application_id) references applications (area, id)
);

create index case_ratings_by_time on case_ratings (area, rated_at);

-- What changed in a household, as it was told (社会救助法 46), and what the office made of it.
create table case_changes (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null check (sequence > 0),
    told bytea not null,
    told_at bigint not null,
    outcome text check (outcome in ('no-effect', 'recheck', 'entered')),
    note bytea,
    settled_by text,
    settled_at bigint,
    primary key (area, application_id, sequence),
    check ((outcome is null) = (settled_at is null)),
    check ((outcome is null) = (settled_by is null)),
    check ((outcome is null) = (note is null)),
    foreign key (area, application_id) references applications (area, id)
);

create index case_changes_waiting on case_changes (area, told_at) where settled_at is null;

-- Requests to look at a refusal once more (复核), one for each decision, with the answer by a third person.
create table case_rechecks (
    area text collate "C" not null,
    application_id text not null,
    opinion bigint not null,
    asked bytea not null,
    asked_at bigint not null,
    due_on text,
    outcome text check (outcome in ('upheld', 'reopened')),
    reasons bytea,
    answered_by text,
    answered_post text,
    answered_at bigint,
    primary key (area, application_id, opinion),
    check ((outcome is null) = (answered_at is null)),
    check ((outcome is null) = (answered_by is null)),
    check ((outcome is null) = (answered_post is null)),
    check ((outcome is null) = (reasons is null)),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
);

create index case_rechecks_waiting on case_rechecks (area, asked_at) where answered_at is null;

-- A refusal that a recheck reopened stays as it was; the next decision stands beside it.
alter table case_decisions drop constraint case_decisions_pkey;
alter table case_decisions add primary key (area, application_id, opinion);

-- The kinds of events are a list of the program: it refuses what it doesn't know.
alter table case_events drop constraint if exists case_events_kind_check;
