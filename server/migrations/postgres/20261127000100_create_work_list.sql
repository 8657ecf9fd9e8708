-- The offices' work list is read from here alone: `open_since` is when the case came in, and null once it has ended. `due_day` is
-- the latest day of the decision as a number (20261126); 99991231 where there is none: no limit is set, it lies beyond the holiday
-- calendar, or the resident must answer.
alter table cases add column open_since bigint;
alter table cases add column community text;
alter table cases add column kind text;
alter table cases add column urgency text;
alter table cases add column due_day bigint not null default 99991231;
alter table cases add column assignee text references staff (id);
alter table cases add column assigned_at bigint;

update cases set
    open_since = (select a.received_at from applications a where a.area = cases.area and a.id = cases.application_id),
    community = (select a.community from applications a where a.area = cases.area and a.id = cases.application_id),
    kind = (select a.kind from applications a where a.area = cases.area and a.id = cases.application_id),
    urgency = (select a.urgency from applications a where a.area = cases.area and a.id = cases.application_id);
update cases set open_since = null where state in ('granted', 'refused', 'withdrawn');

-- One for a street and one for the district, for each order.
create index cases_of_street_due on cases (area, due_day, open_since, application_id) where open_since is not null;
create index cases_of_street_waiting on cases (area, open_since, application_id) where open_since is not null;
create index cases_due on cases (due_day, open_since, application_id) where open_since is not null;
create index cases_waiting on cases (open_since, application_id) where open_since is not null;
create index cases_assigned on cases (assignee, due_day, open_since, application_id) where open_since is not null and assignee is not null;

create table case_labels (
    area text collate "C" not null,
    application_id text not null,
    label text not null check (label in ('visit', 'ring', 'watch', 'interpreter')),
    set_by text not null,
    set_at bigint not null,
    primary key (area, application_id, label),
    foreign key (area, application_id) references applications (area, id)
);

create index case_labels_of_kind on case_labels (label, area, application_id);

-- What an office notes for itself. It is part of the file: never changed, shown to whoever may open the application.
create table case_notes (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null check (sequence > 0),
    note bytea not null,
    written_by text not null,
    written_post text not null,
    written_at bigint not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
);

-- The same household in another application.
create index household_members_document on household_members (document_index);
