-- Who pays with hours for a need; null where somebody is helped without.
alter table time_needs add column payer text;

-- A statement of one person's month: what stood then stays, whatever is posted or corrected later.
create table time_statements (
    number text not null primary key,
    resident text not null,
    month text not null check (length(month) = 7),
    through integer not null,
    opening integer not null check (opening >= 0),
    closing integer not null check (closing >= 0),
    confirmation text not null,
    made_at integer not null
) strict;

create index time_statements_resident on time_statements (resident, made_at);
