-- Tables of meal subsidies that an administrator enters: each of one level and place, from a day on and by a document. A table holds once
-- a second person approved it. Rows are only added: a meal that was priced by a table finds it again, also when it was taken back since.
create table meal_tables (
    id text not null primary key,
    level text not null check (level in ('district', 'street')),
    place text not null check (length(place) in (6, 9)),
    effective_from text not null check (length(effective_from) = 10),
    body text not null check (body <> ''),
    sample bigint not null check (sample in (0, 1)),
    entered_by text not null,
    entered_at bigint not null,
    approved_by text,
    approved_at bigint,
    withdrawn_by text,
    withdrawn_at bigint,
    withdrawn_why text,
    check (approved_by is null or approved_by <> entered_by),
    check ((approved_by is null) = (approved_at is null)),
    check ((withdrawn_by is null) = (withdrawn_at is null)),
    check ((withdrawn_by is null) = (withdrawn_why is null))
);

create unique index meal_tables_one_from_a_day on meal_tables (level, place, effective_from) where withdrawn_at is null;

-- Approval and withdrawal are written once, and never an approval behind a withdrawal; nothing else changes.
create function meal_tables_keep() returns trigger language plpgsql as $$
begin
    raise exception 'tables of subsidies are never changed or deleted';
end;
$$;

create trigger meal_tables_are_never_changed before update on meal_tables for each row
    when (new.id <> old.id or new.level <> old.level or new.place <> old.place or new.effective_from <> old.effective_from
        or new.body <> old.body or new.sample <> old.sample
        or new.entered_by <> old.entered_by or new.entered_at <> old.entered_at
        or ((old.approved_by is not null or old.withdrawn_by is not null)
            and (new.approved_by is distinct from old.approved_by or new.approved_at is distinct from old.approved_at))
        or (old.withdrawn_by is not null and (new.withdrawn_by is distinct from old.withdrawn_by
            or new.withdrawn_at is distinct from old.withdrawn_at
            or new.withdrawn_why is distinct from old.withdrawn_why))
    ) execute function meal_tables_keep();
create trigger meal_tables_are_never_deleted before delete on meal_tables for each row
    execute function meal_tables_keep();
create trigger meal_tables_are_never_truncated before truncate on meal_tables for each statement
    execute function meal_tables_keep();
