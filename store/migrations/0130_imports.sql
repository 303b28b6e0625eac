-- +goose Up
-- Imports are shown, taken back and forgotten a page of their rows at a time.
DROP INDEX person_batch;
CREATE INDEX person_batch ON person_row(batch, id) WHERE batch <> '';
CREATE INDEX person_gone ON person_row(gone) WHERE gone <> '';
CREATE INDEX household_gone ON household_row(gone) WHERE gone <> '';
CREATE INDEX consent_batch ON consent_fact(batch) WHERE batch <> '';
CREATE INDEX field_version_batch ON field_version(batch) WHERE batch <> '';
-- The office's change number when a list was compared, and when it was last shown or taken back: a list compared before another
-- was applied is compared again. n_kept: people who stayed when an import was taken back, because they were worked with since.
ALTER TABLE import_run ADD COLUMN read_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN shown_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN n_kept BIGINT NOT NULL DEFAULT 0;
