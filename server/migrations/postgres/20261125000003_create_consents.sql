-- When a session last proved who sits before it, after its sign-in: a change of the telephone number asks for that.
alter table resident_sessions add column confirmed_at bigint;

-- What a resident agreed to, in which version of the text, and until when. Giving again is a row of its own.
create table consents (
    id text not null primary key,
    resident text not null references residents (id),
    kind text not null check (kind in ('profile', 'messages')),
    version text not null,
    given_at bigint not null,
    withdrawn_at bigint
);

create unique index consents_open on consents (resident, kind) where withdrawn_at is null;
create index consents_resident on consents (resident, given_at);
