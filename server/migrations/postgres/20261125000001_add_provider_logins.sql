-- Sign-in with a provider's account (OpenID Connect). Which provider a session was opened with, where it was one: such a
-- session has not proved the account's telephone number.
alter table resident_sessions add column provider text;

-- When a provider's account last opened the resident's account.
alter table resident_logins add column used_at bigint not null default 0;
