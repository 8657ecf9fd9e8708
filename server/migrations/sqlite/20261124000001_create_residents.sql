-- Residents, how they sign in, for whom they act. Personal values are sealed under a key of the person's own, which is
-- itself sealed by the key file; deleting the key makes them unreadable wherever a copy of the row may lie.

create table person_keys (
    person text not null primary key,
    wrapped blob not null,
    created_at integer not null
) strict;

-- A resident with an account. `phone` is a mobile, or a landline whose code is spoken. A number that was given to
-- somebody else leaves its old account, whose `phone_index` is then null.
create table residents (
    id text not null primary key,
    phone blob,
    phone_index text unique,
    phone_proved_at integer not null,
    profile blob,
    assurance text not null check (assurance in ('declared', 'verified')),
    verified_at integer,
    verified_by text,
    document_index text unique,
    created_at integer not null,
    closed_at integer
) strict;

-- One row for each code that was asked for. The row's id is the hash of a short-lived cookie.
create table sign_in_codes (
    id text not null primary key,
    phone blob not null,
    phone_index text not null,
    code_hash text not null,
    tries integer not null,
    created_at integer not null,
    expires_at integer not null,
    used_at integer
) strict;

create index sign_in_codes_expires_at on sign_in_codes (expires_at);

-- `device` is the hash of the device's own cookie, `described` a few words of a fixed list. `proved` is 0 while name
-- and document digits are still asked for (a re-issued number, a new device).
create table resident_sessions (
    token_hash text not null primary key,
    id text not null unique,
    resident text not null references residents (id),
    device text not null,
    described text not null,
    proved integer not null check (proved in (0, 1)),
    acting text,
    created_at integer not null,
    seen_at integer not null,
    ends_at integer not null
) strict;

create index resident_sessions_resident on resident_sessions (resident);
create index resident_sessions_seen_at on resident_sessions (seen_at);

-- A device on which this resident has proved who they are.
create table resident_devices (
    resident text not null references residents (id),
    device text not null,
    seen_at integer not null,
    primary key (resident, device)
) strict;

-- The account at a provider (OpenID Connect) that opens this resident's account.
create table resident_logins (
    provider text not null,
    subject_index text not null,
    resident text not null references residents (id),
    created_at integer not null,
    primary key (provider, subject_index)
) strict;

create index resident_logins_resident on resident_logins (resident);

-- A sign-in at a provider that is under way; the id is the hash of a short-lived cookie.
create table provider_sign_ins (
    id text not null primary key,
    provider text not null,
    secrets blob not null,
    created_at integer not null,
    expires_at integer not null
) strict;

-- Acting for someone (亲友代办). `represented` is empty until the represented person has agreed with a code on their own
-- phone. `details` holds names and relation.
create table proxies (
    id text not null primary key,
    kind text not null check (kind in ('relative', 'guardian', 'staff')),
    state text not null check (state in ('requested', 'active', 'refused', 'ended')),
    represented text references residents (id),
    representative text not null,
    phone_index text,
    scope text not null,
    ends_on text not null,
    details blob not null,
    link_hash text unique,
    code_hash text,
    link_ends_at integer,
    evidence text not null check (evidence in ('none', 'code', 'paper', 'documents')),
    requested_at integer not null,
    agreed_at integer,
    ended_at integer,
    ended_by text
) strict;

create index proxies_represented on proxies (represented);
create index proxies_representative on proxies (representative);

-- A paper card with a signed QR code for a person without a phone. Until revocation lists come, this row is its state.
create table cards (
    id text not null primary key,
    resident text not null references residents (id),
    area text not null,
    short_code text not null unique,
    token text not null,
    state text not null check (state in ('active', 'replaced', 'lost')),
    issued_by text not null,
    issued_at integer not null,
    expires_at integer not null,
    ended_at integer
) strict;

create index cards_resident on cards (resident);

-- Who did it, where it was done for another.
alter table applications add column acted_by text;
alter table applications add column acted_under text;
