-- Whom other departments are told of: who was recognised, and whose recognition ended (社会救助法 42). Each list is made once and says
-- what for; nobody stands twice on lists to the same department with the same news.
create table shared_lists (
    area text collate "C" not null,
    id text not null primary key,
    receiver text not null,
    purpose bytea not null,
    made_by text not null,
    made_post text not null,
    made_at bigint not null
);

create index shared_lists_newest on shared_lists (area, made_at);

create table shared_results (
    area text collate "C" not null,
    application_id text not null,
    opinion bigint not null,
    receiver text not null,
    news text not null check (news in ('recognised', 'ended')),
    list_id text not null references shared_lists (id),
    primary key (area, application_id, opinion, receiver, news),
    foreign key (area, application_id, opinion) references case_opinions (area, application_id, sequence)
);

create index shared_results_of_list on shared_results (list_id);
