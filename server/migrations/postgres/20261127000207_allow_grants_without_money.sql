-- What is recognised (认定) is given without money: whether an opinion needs an amount is the item's rule, not the table's.
alter table case_opinions drop constraint case_opinions_check;
alter table case_opinions add constraint case_opinions_amount check (outcome = 'grant' or amount is null);
