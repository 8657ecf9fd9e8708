-- What a guardian allows a minor to give, by kind of service. It ends with the guardian's word, and counts for nothing once the
-- guardianship itself is over.
create table time_agreements (
    id text not null primary key,
    child text not null,
    guardian text not null,
    kind text not null,
    accompanied integer not null check (accompanied in (0, 1)),
    given_at integer not null,
    ended_at integer check (ended_at >= given_at)
) strict;

create unique index time_agreements_once on time_agreements (child, guardian, kind) where ended_at is null;
create index time_agreements_guardian on time_agreements (guardian);
