-- +goose Up
-- What an import wrote or replaced is found by the import, not by reading whole tables.
CREATE INDEX person_gone ON person_row(gone) WHERE gone <> '';
CREATE INDEX household_gone ON household_row(gone) WHERE gone <> '';
CREATE INDEX consent_batch ON consent_fact(batch) WHERE batch <> '';
CREATE INDEX field_version_batch ON field_version(batch) WHERE batch <> '';
-- What is added up in memory reads only the totals that changed since.
ALTER TABLE flow ADD COLUMN change_no BIGINT NOT NULL DEFAULT 0;
CREATE INDEX flow_change ON flow(office_id, change_no);
