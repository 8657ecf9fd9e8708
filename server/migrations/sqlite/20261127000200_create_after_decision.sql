-- What a resident thinks of a step (好差评): once for each case and step; a bad one names the complaint that it opened.
create table case_ratings (
    area text not null,
    application_id text not null,
    node text not null check (node in ('acceptance', 'decision')),
    grade text not null check (grade in ('very-good', 'good', 'fair', 'bad', 'very-bad')),
    words blob,
    rated_at integer not null,
    complaint text,
    primary key (area, application_id, node),
    check ((complaint is not null) = (grade in ('bad', 'very-bad'))),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index case_ratings_by_time on case_ratings (area, rated_at);

-- What changed in a household, as it was told (社会救助法 46), and what the office made of it.
create table case_changes (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    told blob not null,
    told_at integer not null,
    outcome text check (outcome in ('no-effect', 'recheck', 'entered')),
    note blob,
    settled_by text,
    settled_at integer,
    primary key (area, application_id, sequence),
    check ((outcome is null) = (settled_at is null)),
    check ((outcome is null) = (settled_by is null)),
    check ((outcome is null) = (note is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index case_changes_waiting on case_changes (area, told_at) where settled_at is null;

-- Requests to look at a refusal once more (复核), one for each decision, with the answer by a third person.
create table case_rechecks (
    area text not null,
    application_id text not null,
    opinion integer not null,
    asked blob not null,
    asked_at integer not null,
    due_on text,
    outcome text check (outcome in ('upheld', 'reopened')),
    reasons blob,
    answered_by text,
    answered_post text,
    answered_at integer,
    primary key (area, application_id, opinion),
    check ((outcome is null) = (answered_at is null)),
    check ((outcome is null) = (answered_by is null)),
    check ((outcome is null) = (answered_post is null)),
    check ((outcome is null) = (reasons is null)),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
) strict;

create index case_rechecks_waiting on case_rechecks (area, asked_at) where answered_at is null;

-- A refusal that a recheck reopened stays as it was; the next decision stands beside it.
drop trigger case_decisions_stay;
alter table case_decisions rename to old_case_decisions;

create table case_decisions (
    area text not null,
    application_id text not null,
    opinion integer not null,
    outcome text not null check (outcome in ('grant', 'refuse')),
    opinion_by text not null,
    decided_by text not null check (decided_by <> opinion_by),
    decided_post text not null,
    decided_at integer not null,
    primary key (area, application_id, opinion),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
) strict;

insert into case_decisions (area, application_id, opinion, outcome, opinion_by, decided_by, decided_post, decided_at)
select area, application_id, opinion, outcome, opinion_by, decided_by, decided_post, decided_at from old_case_decisions;

drop table old_case_decisions;

create index case_decisions_recent on case_decisions (area, decided_at);

create trigger case_decisions_stay before update on case_decisions begin
    select raise(abort, 'a decision is not changed');
end;

-- The kinds of events are a list of the program: it refuses what it doesn't know.
alter table case_events rename to old_case_events;

create table case_events (
    area text not null,
    application_id text not null,
    sequence integer not null,
    kind text not null,
    at integer not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
) strict;

insert into case_events (area, application_id, sequence, kind, at)
select area, application_id, sequence, kind, at from old_case_events;

drop table old_case_events;
