-- How long a street's decisions took of late.
create index case_decisions_recent on case_decisions (area, decided_at);
