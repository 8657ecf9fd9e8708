-- When volunteers have time, where else they come and what they are good at; what a need asks for beside its kind. Words of
-- their own separated by blanks, as the kinds are; empty where nothing was said, which speaks against nobody.
alter table time_volunteers add column also text not null default '';
alter table time_volunteers add column free_days text not null default '';
alter table time_volunteers add column day_parts text not null default '';
alter table time_volunteers add column skills text not null default '';
alter table time_needs add column skill text check (skill in ('signs', 'wheelchair', 'hair', 'repairs'));
