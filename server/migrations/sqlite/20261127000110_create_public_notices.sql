-- Which item of the catalogue a form is for; `item` says which form it is, and there is one.
alter table drafts add column aid_item text not null default 'temporary-aid';
alter table applications add column aid_item text not null default 'temporary-aid';

-- What others see of a case: the opinion before the decision (公示), aid that was given (公布). Only what the item lets be shown is
-- kept here, and nothing of a child. `first_day` and `last_day` are days as numbers (20261126).
create table public_notices (
    area text not null,
    id text not null,
    application_id text not null,
    kind text not null check (kind in ('opinion', 'grant')),
    opinion integer not null,
    item text not null,
    community text,
    name blob,
    household_size integer,
    amount integer,
    first_day integer not null,
    last_day integer not null check (last_day >= first_day),
    ended_at integer,
    primary key (area, id),
    unique (area, application_id, kind, opinion),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
) strict;

create unique index public_notices_id on public_notices (id);
create index public_notices_shown on public_notices (last_day, area) where ended_at is null;

-- Objections during a notice, by anybody, and what the street made of them.
create table notice_objections (
    area text not null,
    id text not null,
    application_id text not null,
    notice text not null,
    objection blob not null,
    contact blob,
    received_at integer not null,
    outcome text check (outcome in ('reinvestigate', 'unfounded')),
    answer blob,
    answered_by text,
    answered_at integer,
    primary key (area, id),
    check ((outcome is null) = (answered_at is null)),
    check ((outcome is null) = (answered_by is null)),
    check ((outcome is null) = (answer is null)),
    foreign key (area, notice) references public_notices (area, id)
) strict;

create index notice_objections_of_case on notice_objections (area, application_id, received_at);

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
