-- Random checks by a published seed (特困人员认定办法 art. 16). The hash of a seed is public from the moment that it is made, the seed
-- itself (sealed here) after the draw that it was used for: there is one that waits, never two.
create table check_seeds (
    id text not null primary key,
    seed bytea not null,
    commitment text not null unique,
    made_at bigint not null,
    draw_id text unique,
    slot bigint not null default 1 check (slot = 1)
);

create unique index check_seeds_waiting on check_seeds (slot) where draw_id is null;

create table random_draws (
    area text collate "C" not null,
    id text not null primary key,
    aid_item text not null,
    seed text not null,
    commitment text not null,
    committed_at bigint not null,
    percent bigint not null check (percent between 1 and 100),
    count bigint not null check (count > 0),
    drawn bigint not null check (drawn > 0),
    drawn_by text not null,
    drawn_post text not null,
    drawn_at bigint not null
);

create index random_draws_newest on random_draws (drawn_at);

-- Each case is in one draw; what is drawn is decided only after the district was there.
create table random_draw_cases (
    area text collate "C" not null,
    application_id text not null,
    draw_id text not null references random_draws (id),
    lot text not null,
    drawn bigint not null check (drawn in (0, 1)),
    primary key (area, application_id),
    foreign key (area, application_id) references applications (area, id)
);

create index random_draw_cases_of_draw on random_draw_cases (draw_id, lot);
