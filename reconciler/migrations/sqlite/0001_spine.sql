-- Times are microseconds since the epoch. Ids are 16 bytes. Nothing in `attrs` is a secret.

-- One row: whose database this is.
CREATE TABLE meta (
    one            INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    installation   BLOB    NOT NULL,
    key_id         TEXT    NOT NULL,
    created_at     INTEGER NOT NULL,
    -- Snapshots of revisions before this one can no longer be told.
    snapshot_floor INTEGER NOT NULL DEFAULT 0
) STRICT;

-- One row for each change of the declared configuration.
CREATE TABLE revision (
    id         INTEGER NOT NULL PRIMARY KEY,
    created_at INTEGER NOT NULL,
    author     TEXT    NOT NULL,
    digest     BLOB    NOT NULL,
    plan       TEXT    NOT NULL CHECK (json_valid(plan))
) STRICT;

-- The highest integer key ever used; it never goes back.
CREATE TABLE counter (
    space   TEXT    NOT NULL PRIMARY KEY,
    highest INTEGER NOT NULL
) STRICT;

CREATE TABLE object (
    id               BLOB    NOT NULL PRIMARY KEY,
    model            TEXT    NOT NULL,
    num              INTEGER,
    attrs            TEXT    NOT NULL CHECK (json_valid(attrs)),
    created_revision INTEGER NOT NULL,
    changed_revision INTEGER NOT NULL
) STRICT;
CREATE INDEX object_model ON object (model);

-- What an object was before revision `until`: from these rows and `object`, any kept revision can be told.
CREATE TABLE object_version (
    id    BLOB    NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER NOT NULL,
    model TEXT    NOT NULL,
    num   INTEGER,
    attrs TEXT    NOT NULL CHECK (json_valid(attrs)),
    PRIMARY KEY (id, until)
) STRICT;
CREATE INDEX object_version_until ON object_version (until);

-- Unique fields, or fields together (`target,stage,order`), with their value as JSON text.
CREATE TABLE object_key (
    model  TEXT NOT NULL,
    field  TEXT NOT NULL,
    value  TEXT NOT NULL,
    object BLOB NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    PRIMARY KEY (model, field, value)
) STRICT;
CREATE INDEX object_key_object ON object_key (object);

CREATE TABLE reference (
    source   BLOB    NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field    TEXT    NOT NULL,
    position INTEGER NOT NULL,
    target   BLOB    NOT NULL REFERENCES object (id) ON DELETE RESTRICT,
    PRIMARY KEY (source, field, position)
) STRICT;
CREATE INDEX reference_target ON reference (target);

-- Which blueprint declares which field.
CREATE TABLE ownership (
    object BLOB    NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field  TEXT    NOT NULL,
    file   TEXT    NOT NULL,
    layer  INTEGER NOT NULL,
    PRIMARY KEY (object, field)
) STRICT;

-- `value` is sealed, or empty where the hash stands in a table of its own (users, tokens).
CREATE TABLE secret (
    object      BLOB NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field       TEXT NOT NULL,
    kind        TEXT NOT NULL CHECK (kind IN ('hashed', 'sealed')),
    fingerprint BLOB NOT NULL,
    value       BLOB,
    PRIMARY KEY (object, field)
) STRICT;

CREATE TABLE user_account (
    id                   BLOB    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    pk                   INTEGER NOT NULL UNIQUE,
    username             TEXT    NOT NULL UNIQUE,
    username_folded      TEXT    NOT NULL,
    name                 TEXT    NOT NULL,
    email                TEXT    NOT NULL,
    email_folded         TEXT    NOT NULL,
    is_active            INTEGER NOT NULL,
    user_type            TEXT    NOT NULL,
    path                 TEXT    NOT NULL,
    attributes           TEXT    NOT NULL CHECK (json_valid(attributes)),
    password_hash        TEXT,
    password_change_date INTEGER,
    last_login           INTEGER,
    date_joined          INTEGER NOT NULL,
    version              INTEGER NOT NULL
) STRICT;
CREATE INDEX user_account_username_folded ON user_account (username_folded);
CREATE INDEX user_account_email_folded ON user_account (email_folded);

CREATE TABLE user_group (
    id           BLOB    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    num_pk       INTEGER NOT NULL UNIQUE,
    name         TEXT    NOT NULL UNIQUE,
    is_superuser INTEGER NOT NULL,
    parent       BLOB    REFERENCES user_group (id) ON DELETE RESTRICT,
    attributes   TEXT    NOT NULL CHECK (json_valid(attributes)),
    version      INTEGER NOT NULL
) STRICT;
CREATE INDEX user_group_parent ON user_group (parent);

CREATE TABLE membership (
    user_id  BLOB NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    group_id BLOB NOT NULL REFERENCES user_group (id) ON DELETE CASCADE,
    PRIMARY KEY (user_id, group_id)
) STRICT;
CREATE INDEX membership_group ON membership (group_id);

CREATE TABLE token (
    id          BLOB    NOT NULL PRIMARY KEY REFERENCES object (id) ON DELETE CASCADE,
    identifier  TEXT    NOT NULL UNIQUE,
    key_hash    BLOB    NOT NULL UNIQUE,
    user_id     BLOB    NOT NULL REFERENCES user_account (id) ON DELETE RESTRICT,
    intent      TEXT    NOT NULL,
    description TEXT    NOT NULL,
    expires     INTEGER,
    expiring    INTEGER NOT NULL,
    version     INTEGER NOT NULL
) STRICT;
CREATE INDEX token_user ON token (user_id);

CREATE TABLE session (
    token_hash  BLOB    NOT NULL PRIMARY KEY,
    user_id     BLOB    REFERENCES user_account (id) ON DELETE CASCADE,
    auth_method TEXT,
    created     INTEGER NOT NULL,
    last_used   INTEGER NOT NULL,
    expires     INTEGER NOT NULL,
    client_ip   TEXT    NOT NULL,
    user_agent  TEXT    NOT NULL
) STRICT;
CREATE INDEX session_user ON session (user_id);
CREATE INDEX session_expires ON session (expires);
CREATE INDEX session_anonymous ON session (client_ip, created) WHERE user_id IS NULL;

CREATE TABLE execution (
    id       BLOB    NOT NULL PRIMARY KEY,
    session  BLOB    NOT NULL UNIQUE REFERENCES session (token_hash) ON DELETE CASCADE,
    flow     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    state    BLOB    NOT NULL,
    expires  INTEGER NOT NULL,
    version  INTEGER NOT NULL
) STRICT;
CREATE INDEX execution_expires ON execution (expires);

CREATE TABLE consent (
    user_id     BLOB    NOT NULL REFERENCES user_account (id) ON DELETE CASCADE,
    application BLOB    NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    permissions TEXT    NOT NULL,
    expires     INTEGER,
    PRIMARY KEY (user_id, application)
) STRICT;

-- One row: the latch of the initial setup. Once closed it stays closed, whoever is deleted.
CREATE TABLE setup (
    one       INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    closed_at INTEGER,
    link_hash BLOB
) STRICT;
INSERT INTO setup (one) VALUES (1);
