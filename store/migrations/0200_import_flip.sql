-- +goose Up
-- The change number at which an import was shown or taken back. shown_no moves on once more when its figures are up to date, so it
-- cannot say what an officer who opened a form in between had seen.
ALTER TABLE import_run ADD COLUMN flipped_no BIGINT NOT NULL DEFAULT 0;
