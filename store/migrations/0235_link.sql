-- +goose Up
-- The word an office has in public addresses; offices that have none yet get theirs from their short name when Loa starts.
ALTER TABLE office ADD COLUMN slug TEXT NOT NULL DEFAULT '';
CREATE UNIQUE INDEX office_slug ON office(slug) WHERE slug <> '';

-- Short addresses of leaflets and officers. link_visit counts openings by day and nothing else: no address, no browser, no cookie.
CREATE TABLE link (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, code TEXT NOT NULL, spoken BIGINT NOT NULL,
  kind TEXT NOT NULL,                -- leaflet officer
  page TEXT NOT NULL,                -- home sessions ask call changes
  noun TEXT NOT NULL DEFAULT '', noun_id TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '', label TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX link_code ON link(code);
CREATE UNIQUE INDEX link_spoken ON link(office_id, spoken);
CREATE UNIQUE INDEX link_officer ON link(office_id, officer_id) WHERE kind = 'officer';
CREATE INDEX link_noun ON link(noun_id) WHERE noun_id <> '';
CREATE TABLE link_visit (link_id TEXT NOT NULL, on_day TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (link_id, on_day));
