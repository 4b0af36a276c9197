-- Previews: the queue of work in the background, what was made of each blob, and where the pictures are.

-- Nothing used the first form of the queue.
drop table job;
create table job (
    job          integer primary key,
    org          integer not null,
    kind         text not null,                       -- who takes it: 'preview'
    subject      text not null,                       -- what it is about; one job at a time for each
    payload      text not null,                       -- JSON, as its kind wants it
    priority     integer not null,                    -- 0 asked for, 1 after a change, 2 in the background
    created      integer not null,
    run_at       integer not null,                    -- due from then on; while a worker has it, the end of its lease
    attempts     integer not null default 0,
    lease        blob,                                -- of the worker that has it
    constraint job_subject_key unique (org, kind, subject)
) strict;
create index job_due on job (org, kind, priority, run_at, job);

-- An organization that once had a job stays listed, so that nobody must take care when the last job goes.
create trigger job_organization_noted after insert on job
when not exists (select 1 from job_organization where org = new.org)
begin
    insert or ignore into job_organization (org) values (new.org);
end;

-- What is known of a blob's preview. No row: pending, its job waits.
create table preview (
    org          integer not null,
    blob         integer not null,
    state        text not null check (state in ('pending', 'ready', 'unsupported', 'encrypted', 'failed')),
    reason       text,                                -- for people, where there is no picture
    kind         text not null,                       -- what the bytes are
    page_count   integer not null,
    pages        text not null,                       -- JSON: [width, height] of each page in pt
    text_complete integer not null,
    renderer     integer not null,                    -- version of the renderers that made it
    has_thumbnail integer not null,
    updated      integer not null,
    primary key (org, blob)
) strict, without rowid;

-- What was made when it was asked for, or why it could not be: 'page/3', 'tiles/3'.
create table preview_part (
    org          integer not null,
    blob         integer not null,
    part         text not null,
    reason       text,                                -- null: it is there
    tiles        text,                                -- JSON, of tiles: where each lies in the picture of this place
    renderer     integer not null,
    updated      integer not null,
    primary key (org, blob, part)
) strict, without rowid;

-- Pictures made of a blob. Their bytes lie beside the blobs under ids of their own.
create table derived (
    org          integer not null,
    blob         integer not null,
    place        text not null,                       -- 'thumbnail', 'page/3', or 'tiles/3': all tiles of a page, one after the other
    id           blob not null,
    media_type   text not null,
    width        integer not null,
    height       integer not null,
    size         integer not null,
    sha256       blob not null,
    renderer     integer not null,
    created      integer not null,
    primary key (org, blob, place),
    constraint derived_id_key unique (org, id)
) strict, without rowid;

-- The words of a page with their boxes, for search and highlighting.
create table page_text (
    org          integer not null,
    blob         integer not null,
    page         integer not null,
    words        blob not null,                       -- deflated JSON: [text, x, y, width, height] in pt from the top left
    primary key (org, blob, page)
) strict, without rowid;
