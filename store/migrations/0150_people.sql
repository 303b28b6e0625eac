-- +goose Up
-- How a consent or refusal was given: on paper, spoken to an officer, by telephone, or recorded as a voice.
DROP VIEW consent;
ALTER TABLE consent_fact ADD COLUMN how TEXT NOT NULL DEFAULT '';
CREATE VIEW consent AS SELECT * FROM consent_fact f
 WHERE NOT f.void AND f.batch NOT IN (SELECT id FROM hidden_batch)
 AND NOT EXISTS (SELECT 1 FROM consent_fact c WHERE c.corrects = f.id AND c.corrects <> '' AND c.batch NOT IN (SELECT id FROM hidden_batch));

-- Filters of the list of people that an officer keeps under a name.
CREATE TABLE people_view (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL,
  made_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX people_view_officer ON people_view(office_id, officer_id, made_at);
-- A comparison with an official list is made in the background: reading, done or failed, and how far it is.
ALTER TABLE reconciliation ADD COLUMN state TEXT NOT NULL DEFAULT 'done';
ALTER TABLE reconciliation ADD COLUMN error TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliation ADD COLUMN rows_done BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reconciliation ADD COLUMN rows_total BIGINT NOT NULL DEFAULT 0;
