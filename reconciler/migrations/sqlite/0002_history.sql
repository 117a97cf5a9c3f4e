-- What is declared about a field, beside who declares it: JSON, null of a secret. Where it is not enforced, it was only
-- given at creation.
ALTER TABLE ownership ADD COLUMN enforced INTEGER NOT NULL DEFAULT 1;
ALTER TABLE ownership ADD COLUMN value TEXT;

-- How a revision is taken back: for each object what its fields were before. Sealed as a whole, as it holds secrets.
ALTER TABLE revision ADD COLUMN undo BLOB;

-- Who changed a declared field while the server ran, for the last time.
CREATE TABLE field_change (
    object     BLOB    NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field      TEXT    NOT NULL,
    author     TEXT    NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (object, field)
) STRICT;
