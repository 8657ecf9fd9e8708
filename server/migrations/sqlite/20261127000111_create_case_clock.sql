-- More time for a special case, once, with its ground out of the item's list (民发〔2021〕57号 art. 22).
create table case_extensions (
    area text not null,
    application_id text not null,
    ground text not null check (ground <> ''),
    working_days integer not null check (working_days > 0),
    reasons blob not null,
    extended_by text not null,
    extended_post text not null,
    extended_at integer not null,
    primary key (area, application_id),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- Small aid in an emergency before the papers (社会救助法 50), and what followed. `papers_by` is a day as a number (20261126).
create table case_expedited (
    area text not null,
    application_id text not null,
    amount integer not null check (amount > 0),
    why blob not null,
    given_by text not null,
    given_post text not null,
    given_at integer not null,
    papers_by integer not null,
    supplement blob,
    supplemented_by text,
    supplemented_at integer,
    primary key (area, application_id),
    check ((supplement is null) = (supplemented_at is null)),
    check ((supplement is null) = (supplemented_by is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index case_expedited_waiting on case_expedited (area, papers_by) where supplemented_at is null;
