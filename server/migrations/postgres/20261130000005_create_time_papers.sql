-- A volunteer's accident insurance: its last day readable, so that lists can sort by it; company and number sealed.
alter table time_volunteers add column insured_until text;
alter table time_volunteers add column insurance bytea;

-- A certificate of service: what it lists is kept as it was signed, whatever is put right later.
create table time_certificates (
    number text not null primary key,
    resident text not null,
    year text not null,
    minutes bigint not null check (minutes > 0),
    lines bytea not null,
    confirmation text not null,
    made_at bigint not null
);

create index time_certificates_resident on time_certificates (resident, made_at);

-- Records of service that a volunteer brought from elsewhere. They are kept beside ours and issue no hours.
create table time_imported_records (
    id text not null primary key,
    resident text not null,
    mark text not null,
    record bytea not null,
    imported_by text not null,
    imported_at bigint not null,
    unique (resident, mark)
);
