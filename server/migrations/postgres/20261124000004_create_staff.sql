-- Staff, their posts (a role in a place), and how they sign in. The post is read anew with each request, so that one
-- that was taken away ends at once.

-- `password_once` marks a password that somebody else has seen; it must be changed at the first sign-in and holds for a
-- few days. `totp_step` is the last step whose code was used, so that no code works twice.
create table staff (
    id text not null primary key,
    login text not null unique,
    name bytea not null,
    password_hash text not null,
    password_once bigint not null check (password_once in (0, 1)),
    password_changed_at bigint not null,
    totp_secret bytea,
    totp_step bigint not null,
    created_at bigint not null,
    disabled_at bigint
);

create table staff_posts (
    staff text not null references staff (id),
    role text not null,
    place text not null,
    given_at bigint not null,
    primary key (staff, role, place)
);

create table staff_passkeys (
    id text not null primary key,
    staff text not null references staff (id),
    credential_index text not null unique,
    passkey bytea not null,
    device text not null,
    created_at bigint not null,
    used_at bigint
);

create index staff_passkeys_staff on staff_passkeys (staff);

-- The token is kept as its hash. `stage` is 'password' until the second factor was shown. `pending` holds what a step
-- that is under way must remember: a secret about to be enrolled, a passkey's challenge.
create table staff_sessions (
    token_hash text not null primary key,
    id text not null unique,
    staff text not null references staff (id),
    device text not null,
    stage text not null check (stage in ('password', 'full')),
    pending bytea,
    created_at bigint not null,
    seen_at bigint not null,
    ends_at bigint not null
);

create index staff_sessions_staff on staff_sessions (staff);
create index staff_sessions_ends_at on staff_sessions (ends_at);

-- A device on which this person has signed in: wrong tries from elsewhere never lock it.
create table staff_devices (
    staff text not null references staff (id),
    device_hash text not null,
    seen_at bigint not null,
    primary key (staff, device_hash)
);

-- The community of the place that decided the street, where it was told: a community worker's list is of it.
alter table applications add column community text;

create index applications_area on applications (area, received_at);

-- Which street a complaint concerns, or the district; who handles it now (`level`), and until when. Rows of the time
-- before are 新吴区's, the only district that there was. `about_role` is the role complained about: nobody who holds it
-- there handles the complaint. `code` lets whoever sent it read the answer; `device` is the one it was sent from.
alter table complaints add column area text not null default '320214';
alter table complaints add column level text not null default 'district' check (level in ('street', 'district'));
alter table complaints add column state text not null default 'received'
    check (state in ('received', 'handling', 'answered', 'closed'));
alter table complaints add column handler text references staff (id);
alter table complaints add column due_on text;
alter table complaints add column about_role text;
alter table complaints add column case_number text;
alter table complaints add column device text;
alter table complaints add column code bytea;
alter table complaints add column code_index text;
alter table complaints add column tail_index text;
alter table complaints add column reply bytea;
alter table complaints add column answered_at bigint;
alter table complaints add column closed_at bigint;

create index complaints_area on complaints (area, received_at);
