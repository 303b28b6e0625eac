-- +goose Up
-- A large snapshot lies in parts, each the IDs up to its last one in order: whoever works through a million people holds one part.
-- A small one lies in its own row, as before.
CREATE TABLE snapshot_part (snapshot_id TEXT NOT NULL, last_id TEXT NOT NULL, members BYTEA NOT NULL, PRIMARY KEY (snapshot_id, last_id));
