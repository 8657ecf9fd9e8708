-- Visits to a household at home (入户调查): always by two of the offices' people, signed by both and by somebody of the family
-- (民发〔2021〕57号 art. 16). `visit_day` is a day as a number (20261126); `unmet` lists what the person doesn't do alone, null where
-- the item doesn't ask. A row never changes.
create table home_visits (
    area text not null,
    application_id text not null,
    sequence integer not null,
    level text not null check (level in ('street', 'district')),
    visit_day integer not null,
    companion text not null,
    family blob not null,
    findings blob not null,
    unmet text,
    signatures blob not null,
    entered_by text not null,
    entered_post text not null,
    entered_at integer not null,
    primary key (area, application_id, sequence),
    check (companion <> entered_by),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- The register of near relatives of those who handle aid (单独登记备案, art. 11). Such a case is decided only after the district was
-- there itself (art. 20). `account` is null for somebody without an account here.
create table staff_kin (
    area text not null,
    application_id text not null,
    sequence integer not null,
    account text,
    name blob not null,
    relation text not null,
    entered_by text not null,
    entered_post text not null,
    entered_at integer not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
) strict;

create index staff_kin_of_area on staff_kin (area, entered_at);
