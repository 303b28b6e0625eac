-- +goose Up
-- One message in several languages and lengths. Every version stays: a broadcast names the one it was approved with.
CREATE TABLE script (
  id TEXT NOT NULL, version BIGINT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, scheme TEXT NOT NULL DEFAULT '', purpose TEXT NOT NULL,
  from_on TEXT NOT NULL DEFAULT '', until_on TEXT NOT NULL DEFAULT '', texts TEXT NOT NULL,
  state TEXT NOT NULL,               -- draft submitted approved withdrawn
  why TEXT NOT NULL DEFAULT '', synthetic BOOLEAN NOT NULL DEFAULT FALSE, author_id TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id, version)
);
CREATE INDEX script_office ON script(office_id, state, folded);
