-- Guardians of minors, and staff who help at the counter: kinds of acting for someone.

-- What was seen when an agreement was recorded at the counter, and why one was ended there.
alter table proxies add column paper text
    check (paper in ('consent_form', 'household_register', 'birth_certificate', 'guardianship_ruling', 'spoken'));
alter table proxies add column end_reason text
    check (end_reason in ('own_wish', 'not_needed', 'misused', 'guardian_changed'));

-- A guardian's consent to the keeping of a child's data (个人信息保护法 31): a fact of its own, which stays when the
-- guardianship has ended. `version` names the text that was read.
create table guardian_consents (
    proxy text not null primary key references proxies (id),
    child text not null references residents (id),
    guardian text not null references residents (id),
    version text not null,
    given_at integer not null,
    recorded_by text not null
) strict;

create index guardian_consents_child on guardian_consents (child);

-- The agreement under which the clerk of a visit fills in for the person who stands there; over with the visit.
alter table counter_visits add column helping text references proxies (id);

-- The applicant was under 14 when it was sent: fewer may open it (个人信息保护法 28, 31).
alter table applications add column under_14 integer not null default 0 check (under_14 in (0, 1));
