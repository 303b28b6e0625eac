-- +goose Up
-- Imports are shown, taken back and forgotten a page of their rows at a time.
DROP INDEX person_batch;
CREATE INDEX person_batch ON person_row(batch, id) WHERE batch <> '';
-- The office's change number when a list was compared, and when it was last shown or taken back: a list compared before another
-- was applied is compared again. n_kept: people who stayed when an import was taken back, because they were worked with since.
ALTER TABLE import_run ADD COLUMN read_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN shown_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE import_run ADD COLUMN n_kept BIGINT NOT NULL DEFAULT 0;
