-- The way of an application through the offices. What was handed in stays as it is in `applications`; how far it has come is
-- a row here, which each act moves on under the condition of the state that it is open in.
create table cases (
    area text not null,
    application_id text not null,
    state text not null check (state in ('received', 'correction_requested', 'accepted', 'opinion_given', 'granted', 'refused', 'withdrawn')),
    changed_at integer not null,
    primary key (area, application_id),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index cases_state on cases (area, state, application_id);

insert into cases (area, application_id, state, changed_at)
select area, id, 'received', received_at from applications;

-- What is missing, told all at once; a second list has its reason in `again` (民发〔2021〕57号 art. 10).
create table case_corrections (
    area text not null,
    application_id text not null,
    round integer not null check (round > 0),
    items blob not null,
    again blob,
    asked_by text not null,
    asked_at integer not null,
    answers blob,
    answered_at integer,
    primary key (area, application_id, round),
    check (round = 1 or again is not null),
    check ((answers is null) = (answered_at is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- The street's opinions. A refusal has its rule, aid its amount, both their reasons (社会救助法 44, 45).
create table case_opinions (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    outcome text not null check (outcome in ('grant', 'refuse')),
    amount integer check (amount > 0),
    ground text,
    reasons blob not null,
    given_by text not null,
    given_post text not null,
    given_at integer not null,
    sent_back blob,
    sent_back_by text,
    sent_back_at integer,
    primary key (area, application_id, sequence),
    check ((outcome = 'grant') = (amount is not null)),
    check ((outcome = 'refuse') = (ground is not null)),
    check ((sent_back is null) = (sent_back_at is null)),
    check ((sent_back is null) = (sent_back_by is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- The decision, once and for good. Four eyes: whoever gave the opinion does not decide.
create table case_decisions (
    area text not null,
    application_id text not null,
    opinion integer not null,
    outcome text not null check (outcome in ('grant', 'refuse')),
    opinion_by text not null,
    decided_by text not null check (decided_by <> opinion_by),
    decided_post text not null,
    decided_at integer not null,
    primary key (area, application_id),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
) strict;

create trigger case_decisions_stay before update on case_decisions begin
    select raise(abort, 'a decision is not changed');
end;

-- More kinds of events.
alter table case_events rename to old_case_events;

create table case_events (
    area text not null,
    application_id text not null,
    sequence integer not null,
    kind text not null check (kind in ('received', 'consent_given', 'correction_requested', 'correction_answered', 'accepted', 'opinion_given', 'sent_back', 'granted', 'refused', 'withdrawn')),
    at integer not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
) strict;

insert into case_events (area, application_id, sequence, kind, at)
select area, application_id, sequence, kind, at from old_case_events;

drop table old_case_events;
