-- Drafts, received applications, their confirmations and complaints. Rows of an office begin with its area, so
-- that a province can shard by it. Sealed columns hold AES-256-GCM texts: key id, nonce, cipher text.

-- A draft belongs to one device: the hash of its opaque cookie.
create table drafts (
    id text not null primary key,
    owner text not null,
    item text not null check (item in ('temp')),
    version bigint not null,
    created_at bigint not null,
    saved_at bigint not null,
    unique (owner, item)
);

create index drafts_saved_at on drafts (saved_at);

-- One page of a draft, as typed, right or wrong.
create table draft_parts (
    draft_id text not null references drafts (id) on delete cascade,
    part text not null,
    position bigint not null,
    answers bytea not null,
    primary key (draft_id, part)
);

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
    received_at bigint not null,
    limit_working_days bigint,
    limit_sample bigint not null check (limit_sample in (0, 1)),
    applicant_name bytea not null,
    document_number bytea not null,
    document_index text not null,
    mobile bytea not null,
    mobile_index text not null,
    mobile_tail_index text not null,
    bank_account bytea,
    story bytea not null,
    details bytea not null,
    primary key (area, id)
);

create index applications_owner on applications (owner, received_at);
create index applications_document on applications (document_index);
create index applications_mobile on applications (mobile_index);

create table household_members (
    area text not null,
    application_id text not null,
    id text not null,
    position bigint not null,
    details bytea not null,
    document_index text not null,
    primary key (area, application_id, id),
    foreign key (area, application_id) references applications (area, id)
);

-- Each adult's agreement to the data check (社会救助法 40). Without given_at it is 待补授权.
create table check_consents (
    area text not null,
    application_id text not null,
    signatory text not null,
    position bigint not null,
    way text not null check (way in ('this-phone', 'link', 'paper', 'later')),
    name bytea not null,
    given_at bigint,
    link_hash text unique,
    link_secret bytea,
    primary key (area, application_id, signatory),
    foreign key (area, application_id) references applications (area, id)
);

create table case_events (
    area text not null,
    application_id text not null,
    sequence bigint not null,
    kind text not null check (kind in ('received', 'consent_given')),
    at bigint not null,
    primary key (area, application_id, sequence),
    foreign key (area, application_id) references applications (area, id)
);

create table confirmations (
    area text not null,
    id text not null,
    kind text not null check (kind in ('receipt')),
    application_id text not null,
    short_code text not null unique,
    token text not null,
    issued_at bigint not null,
    expires_at bigint not null,
    primary key (area, id),
    unique (area, application_id, kind),
    foreign key (area, application_id) references applications (area, id)
);

-- A device that proved the number and the mobile's last four digits may open the confirmation for a while.
create table confirmation_grants (
    owner text not null,
    number text not null,
    expires_at bigint not null,
    primary key (owner, number)
);

-- The same key gives the same answer; another body with it is refused.
create table idempotency_keys (
    key_hash text not null primary key,
    owner text not null,
    act text not null,
    body_hash text not null,
    answer text not null,
    created_at bigint not null
);

create index idempotency_keys_created_at on idempotency_keys (created_at);

-- Wrong tries in an hour, by a keyed hash of what was tried or of who tried.
create table tries (
    subject text not null,
    hour bigint not null,
    wrong bigint not null,
    primary key (subject, hour)
);

create table complaints (
    id text not null primary key,
    number text not null unique,
    kind text not null check (kind in ('complaint', 'suggestion')),
    text bytea not null,
    contact bytea,
    received_at bigint not null
);
