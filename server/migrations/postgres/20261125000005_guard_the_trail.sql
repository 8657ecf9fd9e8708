-- A cut proves by a keyed hash that the program made it: the triggers let go what lies before a cut, whoever inserted that.
alter table audit_cuts add column proof text not null default '';

-- Areas are compared as codes, sign by sign: `area >= '320214' and area < '320214:'`. In the order of a language, which most
-- databases have, a colon does not stand behind the digits, and every such list would be empty.
alter table applications alter column area type text collate "C", alter column community type text collate "C";
alter table complaints alter column area type text collate "C";
alter table outbox alter column area type text collate "C";
