-- The time bank's ledger: whole minutes that go from one account to another. One row is both sides of the entry, so all
-- balances of an area sum to zero. Ids alone, never a personal value.

-- Where the chain of an area ends. Whoever posts takes this row first, so that entries of an area come one after the other.
create table time_chains (
    area text not null,
    sequence integer not null check (sequence >= 0),
    hash text not null,
    primary key (area)
) strict;

-- Kept balances. The journal is what counts; `server ledger verify` compares.
create table time_accounts (
    area text not null,
    id text not null,
    kind text not null check (kind in ('issuance', 'person', 'reserved', 'pool', 'spent', 'expiry')),
    minutes integer not null check (kind = 'issuance' or minutes >= 0),
    primary key (area, id)
) strict;

create table time_entries (
    area text not null,
    sequence integer not null check (sequence > 0),
    id text not null unique,
    at integer not null,
    kind text not null check (kind in ('earned', 'reserved', 'released', 'spent', 'gift', 'donated', 'granted', 'expired', 'corrected')),
    payer text not null,
    payee text not null check (payee <> payer),
    minutes integer not null check (minutes > 0),
    true_minutes integer not null check (true_minutes > 0),
    payer_after integer not null,
    payee_after integer not null,
    service text,
    corrects text,
    hash text not null,
    primary key (area, sequence)
) strict;

create index time_entries_payer on time_entries (area, payer, sequence);
create index time_entries_payee on time_entries (area, payee, sequence);
-- A service earns, reserves, returns and spends once.
create unique index time_entries_service_once on time_entries (area, service, kind) where service is not null;
create unique index time_entries_corrected_once on time_entries (area, corrects) where corrects is not null;

create trigger time_entries_are_never_changed before update on time_entries
begin
    select raise(abort, 'ledger entries are never changed');
end;

create trigger time_entries_are_never_deleted before delete on time_entries
begin
    select raise(abort, 'ledger entries are never deleted');
end;

-- `insert or replace` would put another row in the place of one that is there without any trigger on update or delete.
create trigger time_entries_are_never_replaced before insert on time_entries
when exists (
    select 1 from time_entries e where e.id = new.id or (e.area = new.area and e.sequence = new.sequence)
)
begin
    select raise(abort, 'ledger entries are never replaced');
end;

create trigger time_accounts_are_never_deleted before delete on time_accounts
begin
    select raise(abort, 'accounts of the time bank are never deleted');
end;

create trigger time_chains_are_never_deleted before delete on time_chains
begin
    select raise(abort, 'the end of a ledger is never deleted');
end;
