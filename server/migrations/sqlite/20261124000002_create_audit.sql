-- Who did what, for whom, on which object and why. Ids alone, never a personal value. A row is written in the act's own
-- transaction; the sealer links rows into one chain for each area afterwards, so that writers never wait for the
-- chain's head.

create table audit_entries (
    area text not null,
    id text not null,
    at integer not null,
    actor_kind text not null check (actor_kind in ('resident', 'device', 'staff', 'system')),
    actor text not null,
    post text not null,
    on_behalf_of text,
    act text not null,
    object_kind text not null,
    object text not null,
    subject text,
    purpose text not null,
    primary key (area, id)
) strict;

create index audit_entries_object on audit_entries (object_kind, object);
create index audit_entries_subject on audit_entries (subject);

-- The chain: `hash` covers the seal before, the sequence and every column of the entry.
create table audit_seals (
    area text not null,
    sequence integer not null,
    entry text not null,
    hash text not null,
    sealed_at integer not null,
    primary key (area, sequence),
    unique (area, entry)
) strict;

-- A whole segment of the chain that was cut when its time was over; its end is kept, so that the rest still hangs on it.
create table audit_cuts (
    area text not null,
    through integer not null,
    end_hash text not null,
    cut_at integer not null,
    primary key (area, through)
) strict;

create trigger audit_entries_are_never_changed before update on audit_entries
begin
    select raise(abort, 'audit entries are never changed');
end;

create trigger audit_entries_go_with_their_segment before delete on audit_entries
when not exists (
    select 1 from audit_seals s join audit_cuts c on c.area = s.area and s.sequence <= c.through
    where s.area = old.area and s.entry = old.id
)
begin
    select raise(abort, 'audit entries are never deleted');
end;

create trigger audit_seals_are_never_changed before update on audit_seals
begin
    select raise(abort, 'audit seals are never changed');
end;

create trigger audit_seals_go_with_their_segment before delete on audit_seals
when not exists (select 1 from audit_cuts c where c.area = old.area and old.sequence <= c.through)
begin
    select raise(abort, 'audit seals are never deleted');
end;

create trigger audit_cuts_are_never_changed before update on audit_cuts
begin
    select raise(abort, 'audit cuts are never changed');
end;

create trigger audit_cuts_are_never_deleted before delete on audit_cuts
begin
    select raise(abort, 'audit cuts are never deleted');
end;
