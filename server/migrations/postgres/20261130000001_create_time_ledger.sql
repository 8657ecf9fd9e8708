-- The time bank's ledger: whole minutes that go from one account to another. One row is both sides of the entry, so all
-- balances of an area sum to zero. Ids alone, never a personal value.

-- Where the chain of an area ends. Whoever posts takes this row first, so that entries of an area come one after the other.
create table time_chains (
    area text collate "C" not null,
    sequence bigint not null check (sequence >= 0),
    hash text not null,
    primary key (area)
);

-- Kept balances. The journal is what counts; `server ledger verify` compares.
create table time_accounts (
    area text collate "C" not null,
    id text not null,
    kind text not null check (kind in ('issuance', 'person', 'reserved', 'pool', 'spent', 'expiry')),
    minutes bigint not null check (kind = 'issuance' or minutes >= 0),
    primary key (area, id)
);

create table time_entries (
    area text collate "C" not null,
    sequence bigint not null check (sequence > 0),
    id text not null unique,
    at bigint not null,
    kind text not null check (kind in ('earned', 'reserved', 'released', 'spent', 'gift', 'donated', 'granted', 'expired', 'corrected')),
    payer text not null,
    payee text not null check (payee <> payer),
    minutes bigint not null check (minutes > 0),
    true_minutes bigint not null check (true_minutes > 0),
    payer_after bigint not null,
    payee_after bigint not null,
    service text,
    corrects text,
    hash text not null,
    primary key (area, sequence)
);

create index time_entries_payer on time_entries (area, payer, sequence);
create index time_entries_payee on time_entries (area, payee, sequence);
-- A service earns, reserves, returns and spends once.
create unique index time_entries_service_once on time_entries (area, service, kind) where service is not null;
create unique index time_entries_corrected_once on time_entries (area, corrects) where corrects is not null;

create function time_ledger_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception '% are never changed or deleted', tg_table_name;
end;
$$;

create trigger time_entries_are_never_changed before update on time_entries
    for each row execute function time_ledger_is_append_only();
create trigger time_entries_are_never_deleted before delete on time_entries
    for each row execute function time_ledger_is_append_only();
create trigger time_entries_are_never_emptied before truncate on time_entries
    for each statement execute function time_ledger_is_append_only();
create trigger time_accounts_are_never_deleted before delete on time_accounts
    for each row execute function time_ledger_is_append_only();
create trigger time_accounts_are_never_emptied before truncate on time_accounts
    for each statement execute function time_ledger_is_append_only();
create trigger time_chains_are_never_deleted before delete on time_chains
    for each row execute function time_ledger_is_append_only();
create trigger time_chains_are_never_emptied before truncate on time_chains
    for each statement execute function time_ledger_is_append_only();
