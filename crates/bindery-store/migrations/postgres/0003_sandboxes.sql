-- Organizations that visitors of a server with --sandbox get for a while. A reference table, as organization is.
create table sandbox (
    org          bigint primary key references organization (org),
    expires      bigint not null
);
create index sandbox_by_expires on sandbox (expires);
