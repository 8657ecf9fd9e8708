-- Which audit entries wait for their seal, so that the sealer finds them without walking through the whole trail. A
-- trigger writes the row: an entry that came into the table by any other way waits, and is sealed, too.

create table audit_unsealed (
    area text not null,
    at integer not null,
    id text not null,
    primary key (area, at, id)
) strict;

insert into audit_unsealed (area, at, id)
select e.area, e.at, e.id from audit_entries e
where not exists (select 1 from audit_seals s where s.area = e.area and s.entry = e.id);

create trigger audit_entries_wait_for_their_seal after insert on audit_entries
begin
    insert into audit_unsealed (area, at, id) values (new.area, new.at, new.id);
end;
