-- Visits to a household at home (入户调查): always by two of the offices' people, signed by both and by somebody of the family
-- (民发〔2021〕57号 art. 16). `visit_day` is a day as a number (20261126); `unmet` lists what the person doesn't do alone, null where
-- the item doesn't ask. A row never changes.
create table home_visits (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null,
    level text not null check (level in ('street', 'district')),
    visit_day bigint not null,
    companion text not null,
    family bytea not null,
    findings bytea not null,
    unmet text,
    signatures bytea not null,
    entered_by text not null,
    entered_post text not null,
    entered_at bigint not null,
    primary key (area, application_id, sequence),
    check (companion <> entered_by),
    foreign key (area, application_id) references applications (area, id)
);

-- The register of near relatives of those who handle aid (单独登记备案, art. 11). Such a case is decided only after the district was
-- there itself (art. 20). `account` is null for somebody without an account here.
create table staff_kin (
    area text collate "C" not null,
    application_id text not null,
    sequence bigint not null,
    account text,
    name bytea not null,
    relation text not null,
    entered_by text not null,
    entered_post text not null,
    entered_at bigint not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
);

create index staff_kin_of_area on staff_kin (area, entered_at);
