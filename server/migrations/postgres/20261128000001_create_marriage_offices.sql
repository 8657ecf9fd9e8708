-- Marriage registration offices, each as it stands from a day on. Rows are only added: an old day finds what held then.
create table marriage_offices (
    code text not null check (length(code) between 1 and 20),
    effective_from text not null check (length(effective_from) = 10),
    name text not null check (name <> ''),
    province text not null check (length(province) = 2),
    city text not null check (city <> ''),
    district text not null,
    address text not null check (address <> ''),
    floor text not null,
    hours text not null check (hours <> ''),
    summer_hours text not null,
    matters text not null check (matters <> ''),
    foreign_related bigint not null check (foreign_related in (0, 1)),
    transit text not null,
    accessible text not null,
    phone text not null check (phone <> ''),
    booking_url text not null,
    mode text not null check (mode in ('here', 'elsewhere')),
    source text not null check (source <> ''),
    sample bigint not null check (sample in (0, 1)),
    imported_by text not null,
    imported_at bigint not null,
    primary key (code, effective_from)
);

create index marriage_offices_province on marriage_offices (province, city);

create function marriage_offices_keep() returns trigger language plpgsql as $$
begin
    raise exception 'facts of marriage offices are never changed or deleted';
end;
$$;

create trigger marriage_offices_are_never_changed before update on marriage_offices for each row
    execute function marriage_offices_keep();
create trigger marriage_offices_are_never_deleted before delete on marriage_offices for each row
    execute function marriage_offices_keep();
create trigger marriage_offices_are_never_truncated before truncate on marriage_offices for each statement
    execute function marriage_offices_keep();
