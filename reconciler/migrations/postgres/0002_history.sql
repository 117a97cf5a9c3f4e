-- What is declared about a field, beside who declares it: JSON, null of a secret. Where it is not enforced, it was only
-- given at creation.
ALTER TABLE ownership ADD COLUMN enforced boolean NOT NULL DEFAULT TRUE;
ALTER TABLE ownership ADD COLUMN value text;

-- How a revision is taken back: for each object what its fields were before. Sealed as a whole, as it holds secrets.
ALTER TABLE revision ADD COLUMN undo bytea;

-- Who changed a declared field while the server ran, for the last time.
CREATE TABLE field_change (
    object     uuid   NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    field      text   NOT NULL,
    author     text   NOT NULL,
    changed_at bigint NOT NULL,
    PRIMARY KEY (object, field)
);
