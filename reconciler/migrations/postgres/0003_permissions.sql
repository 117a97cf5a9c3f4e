-- What a user or a role may do with one object. `permission` is the codename, `view_flow`.
CREATE TABLE object_permission (
    object     uuid NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    holder     uuid NOT NULL REFERENCES object (id) ON DELETE CASCADE,
    permission text NOT NULL,
    PRIMARY KEY (object, holder, permission)
);
CREATE INDEX object_permission_holder ON object_permission (holder);
