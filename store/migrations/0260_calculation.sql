-- +goose Up
-- What was worked out for somebody and shown to them. The question is kept, so that the same answer comes out again.
CREATE TABLE calculation_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '',
  household_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL, scheme TEXT NOT NULL, asked TEXT NOT NULL DEFAULT '',
  pay BIGINT NOT NULL DEFAULT 0, monthly BIGINT NOT NULL DEFAULT 0, from_month TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX calculation_person ON calculation_fact(person_id, happened_on);
CREATE INDEX calculation_session ON calculation_fact(session_id) WHERE session_id <> '';
CREATE INDEX calculation_corrects ON calculation_fact(corrects) WHERE corrects <> '';
CREATE INDEX calculation_change ON calculation_fact(office_id, change_no);
CREATE VIEW calculation AS SELECT * FROM calculation_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM calculation_fact c WHERE c.corrects = f.id AND c.corrects <> '');
