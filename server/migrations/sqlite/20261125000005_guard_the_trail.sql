-- A cut proves by a keyed hash that the program made it: the triggers let go what lies before a cut, whoever inserted that.
alter table audit_cuts add column proof text not null default '';

-- `insert or replace` would put another row in the place of one that is there without any trigger on update or delete.
create trigger audit_entries_are_never_replaced before insert on audit_entries
when exists (select 1 from audit_entries e where e.area = new.area and e.id = new.id)
begin
    select raise(abort, 'audit entries are never replaced');
end;

create trigger audit_seals_are_never_replaced before insert on audit_seals
when exists (
    select 1 from audit_seals s where s.area = new.area and (s.sequence = new.sequence or s.entry = new.entry)
)
begin
    select raise(abort, 'audit seals are never replaced');
end;

create trigger audit_cuts_are_never_replaced before insert on audit_cuts
when exists (select 1 from audit_cuts c where c.area = new.area and c.through = new.through)
begin
    select raise(abort, 'audit cuts are never replaced');
end;
