-- Photos of papers for an application. The pictures lie sealed outside the database; several rows may name the same one,
-- and it goes with the last of them.
create table papers (
    id text not null primary key check (length(id) = 26),
    area text collate "C" not null,
    application_id text not null,
    -- A paper's name in the catalogue, or 'other'.
    kind text not null,
    bytes bigint not null check (bytes > 0),
    -- A keyed hash of the file that was sent: the same photo is one row.
    sent_index text not null,
    object text not null,
    created_at bigint not null,
    -- When somebody in the office was first shown it. From then on it is part of the case.
    seen_at bigint,
    -- The last day on which it can be used again; without one it holds.
    valid_until text collate "C",
    deleted_at bigint,
    foreign key (area, application_id) references applications (area, id)
);

create unique index papers_once on papers (area, application_id, sent_index) where deleted_at is null;
create index papers_object on papers (object);
