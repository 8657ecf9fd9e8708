-- Drafts, received applications, their confirmations and complaints. Rows of an office begin with its area, so
-- that a province can shard by it. Sealed columns hold AES-256-GCM texts: key id, nonce, cipher text.

-- A draft belongs to one device: the hash of its opaque cookie.
create table drafts (
    id text not null primary key,
    owner text not null,
    item text not null check (item in ('temp')),
    version integer not null,
    created_at integer not null,
    saved_at integer not null,
    unique (owner, item)
) strict;

create index drafts_saved_at on drafts (saved_at);

-- One page of a draft, as typed, right or wrong.
create table draft_parts (
    draft_id text not null references drafts (id) on delete cascade,
    part text not null,
    position integer not null,
    answers blob not null,
    primary key (draft_id, part)
) strict;

create table applications (
    area text not null,
    id text not null,
    number text not null unique,
    item text not null check (item in ('temp')),
    kind text not null check (kind in ('emergency', 'expenditure')),
    urgency text not null check (urgency in ('today', 'days', 'usual')),
    state text not null check (state in ('received')),
    owner text not null,
    draft_id text not null unique,
    received_at integer not null,
    limit_working_days integer,
    limit_sample integer not null check (limit_sample in (0, 1)),
    applicant_name blob not null,
    document_number blob not null,
    document_index text not null,
    mobile blob not null,
    mobile_index text not null,
    mobile_tail_index text not null,
    bank_account blob,
    story blob not null,
    details blob not null,
    primary key (area, id)
) strict;

create index applications_owner on applications (owner, received_at);
create index applications_document on applications (document_index);
create index applications_mobile on applications (mobile_index);

create table household_members (
    area text not null,
    application_id text not null,
    id text not null,
    position integer not null,
    details blob not null,
    document_index text not null,
    primary key (area, application_id, id),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- Each adult's agreement to the data check (社会救助法 40). Without given_at it is 待补授权.
create table check_consents (
    area text not null,
    application_id text not null,
    signatory text not null,
    position integer not null,
    way text not null check (way in ('this-phone', 'link', 'paper', 'later')),
    name blob not null,
    given_at integer,
    link_hash text unique,
    link_secret blob,
    primary key (area, application_id, signatory),
    foreign key (area, application_id) references applications (area, id)
) strict;

create table case_events (
    area text not null,
    application_id text not null,
    sequence integer not null,
    kind text not null check (kind in ('received', 'consent_given')),
    at integer not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
) strict;

create table confirmations (
    area text not null,
    id text not null,
    kind text not null check (kind in ('receipt')),
    application_id text not null,
    short_code text not null unique,
    token text not null,
    issued_at integer not null,
    expires_at integer not null,
    primary key (area, id),
    unique (area, application_id, kind),
    foreign key (area, application_id) references applications (area, id)
) strict;

-- A device that proved the number and the mobile's last four digits may open the confirmation for a while.
create table confirmation_grants (
    owner text not null,
    number text not null,
    expires_at integer not null,
    primary key (owner, number)
) strict;

-- The same key gives the same answer; another body with it is refused.
create table idempotency_keys (
    key_hash text not null primary key,
    owner text not null,
    act text not null,
    body_hash text not null,
    answer text not null,
    created_at integer not null
) strict;

create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Wrong tries in an hour, by a keyed hash of what was tried or of who tried.
create table tries (
    subject text not null,
    hour integer not null,
    wrong integer not null,
    primary key (subject, hour)
) strict;

create table complaints (
    id text not null primary key,
    number text not null unique,
    kind text not null check (kind in ('complaint', 'suggestion')),
    text blob not null,
    contact blob,
    received_at integer not null
) strict;
