-- A case may move to another street (转办; 社会救助法 37, 64). `area` stays what it is known by and sealed under; `office` is the
-- street that handles it now, and what posts are asked about. Its community is known only to the street that it came to first.
alter table cases add column office text not null default '';

update cases set office = area;

drop index cases_of_street_due;
drop index cases_of_street_waiting;
create index cases_of_office_due on cases (office, due_day, open_since, application_id) where open_since is not null;
create index cases_of_office_waiting on cases (office, open_since, application_id) where open_since is not null;

create table case_transfers (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    from_office text not null,
    to_office text not null check (to_office <> from_office),
    why blob not null,
    moved_by text not null,
    moved_post text not null,
    moved_at integer not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index case_transfers_from on case_transfers (from_office, moved_at);
create index case_transfers_to on case_transfers (to_office, moved_at);
