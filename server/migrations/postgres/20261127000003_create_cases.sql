-- The way of an application through the offices. What was handed in stays as it is in `applications`; how far it has come is
-- a row here, which each act moves on under the condition of the state that it is open in.
create table cases (
    area text collate "C" not null,
    application_id text not null,
    state text not null check (state in ('received', 'correction_requested', 'accepted', 'opinion_given', 'granted', 'refused', 'withdrawn')),
    changed_at bigint not null,
    primary key (area, application_id),
    foreign key (area, application_id) references applications (area, id)
);

create index cases_state on cases (area, state, application_id);

insert into cases (area, application_id, state, changed_at)
select area, id, 'received', received_at from applications;

-- What is missing, told all at once; a second list has its reason in `again` (民发〔2021〕57号 art. 10).
create table case_corrections (
    area text collate "C" not null,
    application_id text not null,
    round bigint not null check (round > 0),
    items bytea not null,
    again bytea,
    asked_by text not null,
    asked_at bigint not null,
    answers bytea,
    answered_at bigint,
    primary key (area, application_id, round),
    check (round = 1 or again is not null),
    check ((answers is null) = (answered_at is null)),
    foreign key (area, application_id) references applications (area, id)
);

-- The street's opinions. A refusal has its rule, aid its amount, both their reasons (社会救助法 44, 45).
create table case_opinions (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null check (sequence > 0),
    outcome text not null check (outcome in ('grant', 'refuse')),
    amount bigint check (amount > 0),
    ground text,
    reasons bytea not null,
    given_by text not null,
    given_post text not null,
    given_at bigint not null,
    sent_back bytea,
    sent_back_by text,
    sent_back_at bigint,
    primary key (area, application_id, sequence),
    check ((outcome = 'grant') = (amount is not null)),
    check ((outcome = 'refuse') = (ground is not null)),
    check ((sent_back is null) = (sent_back_at is null)),
    check ((sent_back is null) = (sent_back_by is null)),
    foreign key (area, application_id) references applications (area, id)
);

-- The decision, once and for good. Four eyes: whoever gave the opinion does not decide.
create table case_decisions (
    area text collate "C" not null,
    application_id text not null,
    opinion bigint not null,
    outcome text not null check (outcome in ('grant', 'refuse')),
    opinion_by text not null,
    decided_by text not null check (decided_by <> opinion_by),
    decided_post text not null,
    decided_at bigint not null,
    primary key (area, application_id),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
);

create function case_decisions_stay() returns trigger language plpgsql as $$
begin
    raise exception 'a decision is not changed';
end $$;
create trigger case_decisions_stay before update on case_decisions for each row execute function case_decisions_stay();

-- More kinds of events.
alter table case_events drop constraint case_events_kind_check;
alter table case_events add constraint case_events_kind_check check (kind in ('received', 'consent_given',
    'correction_requested', 'correction_answered', 'accepted', 'opinion_given', 'sent_back', 'granted', 'refused', 'withdrawn'));
