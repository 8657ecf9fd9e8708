-- Consents to hand one's contact over to those who help beside public aid, and the handing over.
create table case_referrals (
    area text collate "C" not null,
    application_id text not null,
    programme text not null,
    name text not null,
    consented_at bigint not null,
    withdrawn_at bigint,
    handed_at bigint,
    handed_by text,
    primary key (area, application_id, programme),
    check (withdrawn_at is null or handed_at is null),
    check ((handed_at is null) = (handed_by is null)),
    foreign key (area, application_id) references applications (area, id)
);

create index case_referrals_waiting on case_referrals (area, consented_at) where withdrawn_at is null and handed_at is null;
