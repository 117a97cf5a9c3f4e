-- What a user or a role may do with one object. `permission` is the codename, `view_flow`.
CREATE TABLE object_permission (
    object     BLOB NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    holder     BLOB NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    permission TEXT NOT NULL,
    PRIMARY KEY (object, holder, permission)
) STRICT;
CREATE INDEX object_permission_holder ON object_permission (holder);
