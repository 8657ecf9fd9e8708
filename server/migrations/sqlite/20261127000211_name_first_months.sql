-- Where no rule is published, the opinion names the first month that is paid, as a day's number (20261201).
alter table case_opinions add column from_month integer;
