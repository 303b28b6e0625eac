-- +goose Up
-- Leaflets: what was printed together, the sheets of each village with their link, and what was handed out of them at sessions. The
-- number handed out is always the sum of its rows, as a bundle that comes back is a row below zero.
CREATE TABLE leaflet_run (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, no BIGINT NOT NULL, scheme TEXT NOT NULL, audience TEXT NOT NULL,
  size TEXT NOT NULL,                -- a5 a5x2 fold
  language TEXT NOT NULL,            -- vi en
  second TEXT NOT NULL DEFAULT '',   -- vi en hmn blt
  income BIGINT NOT NULL DEFAULT 0, on_day TEXT NOT NULL,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX leaflet_run_no ON leaflet_run(office_id, no);
CREATE TABLE leaflet (
  id TEXT PRIMARY KEY, run_id TEXT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, link_id TEXT NOT NULL,
  printed BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX leaflet_village ON leaflet(run_id, area_id);
CREATE INDEX leaflet_area ON leaflet(area_id);
CREATE TABLE leaflet_handed (
  id TEXT PRIMARY KEY, leaflet_id TEXT NOT NULL, session_id TEXT NOT NULL, office_id TEXT NOT NULL, n BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX leaflet_handed_leaflet ON leaflet_handed(leaflet_id);
CREATE INDEX leaflet_handed_session ON leaflet_handed(session_id);

-- Words in a language the program has none of; every edit is a new version, and only a signed version is printed.
CREATE TABLE leaflet_lines (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, scheme TEXT NOT NULL, audience TEXT NOT NULL, language TEXT NOT NULL, version BIGINT NOT NULL,
  lines TEXT NOT NULL, entered_at BIGINT NOT NULL, entered_by TEXT NOT NULL,
  checked_by TEXT NOT NULL DEFAULT '', signed_at BIGINT NOT NULL DEFAULT 0, signed_by TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX leaflet_lines_version ON leaflet_lines(office_id, scheme, audience, language, version);
