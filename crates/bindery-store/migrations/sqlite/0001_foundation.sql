-- The foundation: every table that Bindery has, from the first day.
--
-- Rules (docs/ARCHITECTURE.md, "The data"):
--   * every table of an organization begins its keys with org; only the reference tables at the top do not;
--   * internal keys are 64-bit integers, never leave the server and never mean an order; public ids are GUIDs (16 bytes) or NanoIds;
--   * times are microseconds since 1970 in UTC, given by the application;
--   * names carry three foldings that the application computes: identity (equality), search (substring), order (collation key).
-- On SQLite the internal key is the rowid, so that a row is one seek away; PostgreSQL has (org, key) as its primary key.

-- Reference tables: small, looked up before an organization is known.

create table organization (
    org          integer primary key,
    id           blob not null,
    name         text not null,
    name_identity text not null,
    created      integer not null,
    disabled_at  integer,
    constraint organization_id_key unique (id)
) strict;

create table client (
    id           text primary key,
    org          integer not null references organization (org),
    name         text not null,
    role         text not null check (role in ('reader', 'creator', 'admin')),
    created      integer not null,
    disabled_at  integer,
    removed_at   integer
) strict;
create index client_by_org on client (org, id);

-- At most two secrets of a client are live (ended_at is null): the one in use and the one that replaces it.
create table client_secret (
    client       text not null references client (id),
    secret       text not null,                       -- public name of the secret, in the tokens it made
    digest       blob not null,                       -- SHA-256
    created      integer not null,
    ended_at     integer,
    primary key (client, secret)
) strict, without rowid;

create table signing_key (
    kid          text primary key,
    alg          text not null check (alg in ('ES256', 'RS256')),
    private      blob not null,                       -- PKCS #8
    public_jwk   text not null,                       -- JSON
    created      integer not null,
    signs_from   integer not null,
    verifies_until integer                            -- null while it signs or will sign
) strict, without rowid;

create table revoked_token (
    jti          text primary key,
    client       text not null,
    expires      integer not null
) strict, without rowid;
create index revoked_token_by_expires on revoked_token (expires);

-- Server-wide values: keys of presigned URLs, folding versions, the number of the last change of identity.
create table server_value (
    name         text primary key,
    value        blob not null
) strict, without rowid;

-- Which organizations have jobs: a worker looks here first, then claims in one organization.
create table job_organization (
    org          integer primary key references organization (org)
) strict;

-- Binders, folders, their metadata schema.

create table binder (
    binder       integer primary key autoincrement,   -- never given again: what is remembered under it would live on
    org          integer not null,
    id           text not null,
    name         text not null,
    name_identity text not null,
    name_order   blob not null,
    type         text not null,
    created      integer not null,
    schema_change integer not null default 0,         -- rises with every change of its metadata elements
    trashed_at   integer,
    constraint binder_id_key unique (org, id)
) strict;
create index binder_by_name on binder (org, name_order, id) where trashed_at is null;

create table folder (
    folder       integer primary key,
    org          integer not null,
    id           blob not null,
    binder       integer not null,
    parent       integer,                             -- null: a tab
    tab          integer,                             -- the tab at the top; null for a tab itself
    name         text not null,
    name_identity text not null,
    type         text not null,                       -- the tab type, or 'folder'
    position     integer not null,
    created      integer not null,
    trashed_at   integer,
    trashed_by   integer,                             -- internal key of the binder or folder whose trashing hid this one
    trashed_by_kind text,
    constraint folder_id_key unique (org, id)
) strict;
create index folder_by_parent on folder (org, binder, parent, position, folder);

-- An element id means the same, and has the same type, in every binder of an organization.
create table element (
    element      integer primary key,
    org          integer not null,
    id           text not null,
    data_type    text not null check (data_type in ('string', 'text', 'number', 'date', 'boolean', 'enum')),
    constraint element_id_key unique (org, id)
) strict;

create table binder_element (
    org          integer not null,
    binder       integer not null,
    element      integer not null,
    label        text not null,
    required     integer not null,
    position     integer not null,
    primary key (org, binder, element)
) strict, without rowid;

create index binder_element_by_element on binder_element (org, element, binder);

-- The key of an allowed value's id, one for all binders of the organization, so that searches over all of them find it.
create table value (
    value        integer primary key,
    org          integer not null,
    element      integer not null,
    id           text not null,
    constraint value_id_key unique (org, element, id)
) strict;

create table allowed_value (
    org          integer not null,
    binder       integer not null,
    element      integer not null,
    value        integer not null,
    label        text not null,
    position     integer not null,
    retired_at   integer,
    primary key (org, binder, element, value)
) strict, without rowid;
create index allowed_value_by_element on allowed_value (org, element, binder);

-- Documents and versions. The document row carries a copy of its latest version's metadata and label.

create table document (
    document     integer primary key,
    org          integer not null,
    id           blob not null,
    binder       integer not null,
    tab          integer not null,
    folder       integer not null,
    newest       integer not null,                    -- minus the time of creation: unique in the organization, falls as time rises
    name         text not null,
    name_identity text not null,
    name_search  text not null,
    name_order   blob not null,
    created_by   text not null,
    latest       integer not null,                    -- version.version
    latest_id    blob not null,
    latest_label text not null,
    versions     integer not null,                    -- number of the latest
    greatest_label integer not null,                  -- greatest whole-number label given so far, 0 when none
    metadata     text not null,                       -- JSON array as it stands in answers, without the computed elements
    modified     integer not null,
    trashed_at   integer,
    trashed_by   integer,
    trashed_by_kind text,
    constraint document_id_key unique (org, id)
) strict;

create table version (
    version      integer primary key,
    org          integer not null,
    id           blob not null,
    document     integer not null,
    number       integer not null,
    blob         integer not null,
    file_name    text not null,                       -- the name as this version was committed
    label        text not null,
    metadata     text not null,
    created      integer not null,
    created_by   text not null,
    modified     integer not null,
    constraint version_id_key unique (org, id),
    constraint version_number_key unique (org, document, number)
) strict;
create index version_by_blob on version (org, blob);

-- Bytes. A blob's id is never used twice; its key in the storage is <organization>/<id>.
create table blob (
    blob         integer primary key,
    org          integer not null,
    id           blob not null,
    size         integer not null,
    sha256       blob not null,
    created      integer not null,
    dead_at      integer,                             -- no version needs it; its bytes go an hour later
    constraint blob_id_key unique (org, id)
) strict;
create index blob_by_digest on blob (org, sha256) where dead_at is null;
create index blob_dead on blob (org, dead_at, blob) where dead_at is not null;

-- open -> receiving -> received -> committed | expired -> swept (the row goes)
create table upload (
    upload       integer primary key,
    org          integer not null,
    id           blob not null,
    client       text not null,
    state        text not null check (state in ('open', 'receiving', 'received', 'committed', 'expired')),
    created      integer not null,
    expires      integer not null,                    -- in open: the PUT must begin by then; in received: the commit must come by then
    lease        blob,                                -- of the running PUT
    lease_until  integer,
    blob         blob,                                -- id of the blob that holds the received bytes
    size         integer,
    sha256       blob,
    request      blob,                                -- SHA-256 of the committed request
    version      integer,                             -- what the commit made
    constraint upload_id_key unique (org, id)
) strict;
create index upload_by_expires on upload (org, expires) where state in ('open', 'receiving', 'received', 'expired');
create index upload_by_version on upload (org, version) where version is not null;

create table idempotency (
    org          integer not null,
    client       text not null,
    key          text not null,
    request      blob not null,                       -- SHA-256 of method, path and body
    version      integer not null,
    expires      integer not null,
    primary key (org, client, key)
) strict, without rowid;
create index idempotency_by_expires on idempotency (org, expires);

-- Search. One row for each value of each document; binder 0 serves searches over the organization.
-- value is order-preserving bytes; exact tells apart what is equal in order only (the case of text).
create table facet (
    org          integer not null,
    binder       integer not null,
    element      integer not null,
    value        blob not null,
    newest       integer not null,
    document     integer not null,
    tab          integer not null,
    exact        blob not null,
    primary key (org, binder, element, value, newest, document)
) strict, without rowid;

-- How many documents have a value (enumerated and boolean elements), and, under element 0, how many there are.
create table facet_count (
    org          integer not null,
    element      integer not null,
    value        blob not null,
    binder       integer not null,
    tab          integer not null,
    n            integer not null,
    primary key (org, element, value, binder, tab)
) strict, without rowid;

-- What is remembered about a binder (binder 0: the organization) holds as long as its number does not change.
create table change_number (
    org          integer not null,
    binder       integer not null,
    n            integer not null,
    primary key (org, binder)
) strict, without rowid;

create table usage (
    org          integer primary key,
    documents    integer not null,
    versions     integer not null,
    bytes        integer not null                     -- of live blobs
) strict;

-- The journal: what changed, by whom, in the organization's order. seq and hash are null until sealed.
create table journal (
    entry        integer primary key,
    org          integer not null,
    seq          integer,
    at           integer not null,
    actor        text not null,                       -- client id, or 'operator'
    verb         text not null,
    object_kind  text not null,
    object       text not null,                       -- public id
    before       text,                                -- JSON
    after        text,                                -- JSON
    hash         blob,
    constraint journal_seq_key unique (org, seq)
) strict;
create index journal_unsealed on journal (org, entry) where seq is null;
create index journal_by_object on journal (org, object, seq);

create table journal_head (
    org          integer primary key,
    seq          integer not null,
    at           integer not null,
    hash         blob not null
) strict;

create table job (
    job          integer primary key,
    org          integer not null,
    kind         text not null,
    payload      text not null,
    created      integer not null,
    run_at       integer not null,
    attempts     integer not null default 0,
    lease_until  integer
) strict;
create index job_due on job (org, run_at, job);

-- Indexes of documents. They end with what a search tests, the two columns of their own condition included,
-- so that it need not open the row.
create unique index document_name_key on document (org, folder, name_identity) where trashed_at is null and trashed_by is null;
create index document_by_folder_name on document (org, folder, name_order, id) where trashed_at is null and trashed_by is null;
create index document_by_newest on document (org, newest, binder, tab, folder, name_search, trashed_at, trashed_by) where trashed_at is null and trashed_by is null;
create index document_by_binder on document (org, binder, newest, tab, folder, name_search, trashed_at, trashed_by) where trashed_at is null and trashed_by is null;
create index document_by_tab on document (org, tab, newest, trashed_at, trashed_by) where trashed_at is null and trashed_by is null;
create index document_by_folder on document (org, folder, newest, name_search, trashed_at, trashed_by) where trashed_at is null and trashed_by is null;
-- What the trash hides: a binder's for its purge, what one object's trashing hid for its restoring.
create index document_in_trash on document (org, binder, trashed_by_kind, trashed_by, newest)
    where trashed_at is not null or trashed_by is not null;

-- Trigrams of the folded names. Holds no copy of them; rowid is document.document.
create virtual table document_name using fts5 (org, name, tokenize = 'trigram case_sensitive 1', content = '', contentless_delete = 1, detail = full);
