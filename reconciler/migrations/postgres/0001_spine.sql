-- Times are microseconds since the epoch. Nothing in `attrs` is a secret. The tables and columns are those of SQLite;
-- `json` and not `jsonb`, as that forgets the order of keys.

-- One row: whose database this is.
CREATE TABLE meta (
    one            bigint NOT NULL PRIMARY KEY CHECK (one = 1),
    installation   uuid   NOT NULL,
    key_id         text   NOT NULL,
    created_at     bigint NOT NULL,
    -- Snapshots of revisions before this one can no longer be told.
    snapshot_floor bigint NOT NULL DEFAULT 0
);

-- One row for each change of the declared configuration.
CREATE TABLE revision (
    id         bigint NOT NULL PRIMARY KEY,
    created_at bigint NOT NULL,
    author     text   NOT NULL,
    digest     bytea  NOT NULL,
    plan       json   NOT NULL
);

-- The highest integer key ever used; it never goes back.
CREATE TABLE counter (
    space   text   NOT NULL PRIMARY KEY,
    highest bigint NOT NULL
);

CREATE TABLE object (
    id               uuid   NOT NULL PRIMARY KEY,
    model            text   NOT NULL,
    num              bigint,
    attrs            json   NOT NULL,
    created_revision bigint NOT NULL,
    changed_revision bigint NOT NULL
);
CREATE INDEX object_model ON object (model);

-- What an object was before revision `until`: from these rows and `object`, any kept revision can be told.
CREATE TABLE object_version (
    id    uuid   NOT NULL,
    since bigint NOT NULL,
    until bigint NOT NULL,
    model text   NOT NULL,
    num   bigint,
    attrs json   NOT NULL,
    PRIMARY KEY (id, until)
);
CREATE INDEX object_version_until ON object_version (until);

-- Unique fields, or fields together (`target,stage,order`), with their value as JSON text.
CREATE TABLE object_key (
    model  text NOT NULL,
    field  text NOT NULL,
    value  text NOT NULL,
    object uuid NOT NULL REFERENCES object (id) ON DELETE CASCADE
);
-- A row of an index holds no more than 2.7 kB.
CREATE UNIQUE INDEX object_key_value ON object_key (model, field, md5(value));
CREATE INDEX object_key_object ON object_key (object);

CREATE TABLE reference (
    source   uuid   NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field    text   NOT NULL,
    position bigint NOT NULL,
    target   uuid   NOT NULL REFERENCES object (id) ON DELETE RESTRICT,
    PRIMARY KEY (source, field, position)
);
CREATE INDEX reference_target ON reference (target);

-- Which blueprint declares which field.
CREATE TABLE ownership (
    object uuid   NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field  text   NOT NULL,
    file   text   NOT NULL,
    layer  bigint NOT NULL,
    PRIMARY KEY (object, field)
);

-- `value` is sealed, or empty where the hash stands in a table of its own (users, tokens).
CREATE TABLE secret (
    object      uuid  NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field       text  NOT NULL,
    kind        text  NOT NULL CHECK (kind IN ('hashed', 'sealed')),
    fingerprint bytea NOT NULL,
    value       bytea,
    PRIMARY KEY (object, field)
);

CREATE TABLE user_account (
    id                   uuid    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    pk                   bigint  NOT NULL UNIQUE,
    username             text    NOT NULL UNIQUE,
    username_folded      text    NOT NULL,
    name                 text    NOT NULL,
    email                text    NOT NULL,
    email_folded         text    NOT NULL,
    is_active            boolean NOT NULL,
    user_type            text    NOT NULL,
    path                 text    NOT NULL,
    attributes           json    NOT NULL,
    password_hash        text,
    password_change_date bigint,
    last_login           bigint,
    date_joined          bigint  NOT NULL,
    version              bigint  NOT NULL
);
CREATE INDEX user_account_username_folded ON user_account (username_folded);
CREATE INDEX user_account_email_folded ON user_account (email_folded);

CREATE TABLE user_group (
    id           uuid    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    num_pk       bigint  NOT NULL UNIQUE,
    name         text    NOT NULL UNIQUE,
    is_superuser boolean NOT NULL,
    parent       uuid    REFERENCES user_group (id) ON DELETE RESTRICT,
    attributes   json    NOT NULL,
    version      bigint  NOT NULL
);
CREATE INDEX user_group_parent ON user_group (parent);

CREATE TABLE membership (
    user_id  uuid NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    group_id uuid NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
);
CREATE INDEX membership_group ON membership (group_id);

CREATE TABLE token (
    id          uuid    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    identifier  text    NOT NULL UNIQUE,
    key_hash    bytea   NOT NULL UNIQUE,
    user_id     uuid    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    intent      text    NOT NULL,
    description text    NOT NULL,
    expires     bigint,
    expiring    boolean NOT NULL,
    version     bigint  NOT NULL
);
CREATE INDEX token_user ON token (user_id);

CREATE TABLE session (
    token_hash  bytea  NOT NULL PRIMARY KEY,
    user_id     uuid   REFERENCES user_account (id) ON DELETE CASCADE,
    auth_method text,
    created     bigint NOT NULL,
    last_used   bigint NOT NULL,
    expires     bigint NOT NULL,
    client_ip   text   NOT NULL,
    user_agent  text   NOT NULL
);
CREATE INDEX session_of_user ON session (user_id);
CREATE INDEX session_expires ON session (expires);
CREATE INDEX session_anonymous ON session (client_ip, created) WHERE user_id IS NULL;

CREATE TABLE execution (
    id       uuid   NOT NULL PRIMARY KEY,
    session  bytea  NOT NULL UNIQUE REFERENCES session (token_hash) ON DELETE CASCADE,
    flow     text   NOT NULL,
    revision bigint NOT NULL,
    state    bytea  NOT NULL,
    expires  bigint NOT NULL,
    version  bigint NOT NULL
);
CREATE INDEX execution_expires ON execution (expires);

CREATE TABLE consent (
    user_id     uuid   NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    application uuid   NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    permissions text   NOT NULL,
    expires     bigint,
    PRIMARY KEY (user_id, application)
);

-- One row: the latch of the initial setup. Once closed it stays closed, whoever is deleted.
CREATE TABLE setup (
    one       bigint NOT NULL PRIMARY KEY CHECK (one = 1),
    closed_at bigint,
    link_hash bytea
);
INSERT INTO setup (one) VALUES (1);
