-- Numbers that rules compare with, each from a day on and by a document. A value holds once a second person approved it.
-- Rows are only added: a case that was decided by a value finds it again, also when it was taken back since.
create table aid_standards (
    id text not null primary key,
    key text not null,
    value integer not null check (value > 0),
    effective_from text not null check (length(effective_from) = 10),
    document text not null check (document <> ''),
    sample integer not null check (sample in (0, 1)),
    entered_by text not null,
    entered_at integer not null,
    approved_by text,
    approved_at integer,
    withdrawn_by text,
    withdrawn_at integer,
    withdrawn_why text,
    check (approved_by is null or approved_by <> entered_by),
    check ((approved_by is null) = (approved_at is null)),
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check ((withdrawn_by is null) = (withdrawn_why is null))
) strict;

create unique index aid_standards_one_from_a_day on aid_standards (key, effective_from) where withdrawn_at is null;

-- Approval and withdrawal are written once, and never an approval behind a withdrawal; nothing else changes.
create trigger aid_standards_are_never_changed before update on aid_standards
when new.id <> old.id or new.key <> old.key or new.value <> old.value or new.effective_from <> old.effective_from
    or new.document <> old.document or new.sample <> old.sample
    or new.entered_by <> old.entered_by or new.entered_at <> old.entered_at
    or ((old.approved_by is not null or old.withdrawn_by is not null)
        and (new.approved_by is not old.approved_by or new.approved_at is not old.approved_at))
    or (old.withdrawn_by is not null and (new.withdrawn_by is not old.withdrawn_by
        or new.withdrawn_at is not old.withdrawn_at or new.withdrawn_why is not old.withdrawn_why))
begin
    select raise(abort, 'values of standards are never changed');
end;

create trigger aid_standards_are_never_deleted before delete on aid_standards
begin
    select raise(abort, 'values of standards are never deleted');
end;

-- `insert or replace` would put another row in the place of one that is there without any trigger on update or delete.
create trigger aid_standards_are_never_replaced before insert on aid_standards
when exists (
    select 1 from aid_standards s where s.id = new.id
    or (s.key = new.key and s.effective_from = new.effective_from and s.withdrawn_at is null)
)
begin
    select raise(abort, 'values of standards are never replaced');
end;
