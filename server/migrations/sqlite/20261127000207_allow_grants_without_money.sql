-- no-transaction
-- What is recognised (认定) is given without money: whether an opinion needs an amount is the item's rule, not the table's. SQLite
-- can't drop a check, so the table is made anew; as others refer to it, that goes without the check of references, which
-- can be switched off outside a transaction only. It can be run again after a stop in the middle.
pragma foreign_keys = off;

begin immediate;

create table new_case_opinions (
    area text not null,
    application_id text not null,
    sequence integer not null check (sequence > 0),
    outcome text not null check (outcome in ('grant', 'refuse')),
    amount integer check (amount > 0),
    ground text,
    reasons blob not null,
    given_by text not null,
    given_post text not null,
    given_at integer not null,
    sent_back blob,
    sent_back_by text,
    sent_back_at integer,
    primary key (area, application_id, sequence),
    check (outcome = 'grant' or amount is null),
    check ((outcome = 'refuse') = (ground is not null)),
    check ((sent_back is null) = (sent_back_at is null)),
    check ((sent_back is null) = (sent_back_by is null)),
    foreign key (area, application_id) references applications (area, id)
) strict;

insert into new_case_opinions (area, application_id, sequence, outcome, amount, ground, reasons, given_by, given_post, given_at, sent_back, sent_back_by, sent_back_at)
select area, application_id, sequence, outcome, amount, ground, reasons, given_by, given_post, given_at, sent_back, sent_back_by, sent_back_at from case_opinions;

drop table case_opinions;

alter table new_case_opinions rename to case_opinions;

commit;

pragma foreign_keys = on;
