-- +goose Up
-- The fingerprint of a comparison's lines, taken when it was made and put into the log when it is signed.
ALTER TABLE reconciliation ADD COLUMN sha256 TEXT NOT NULL DEFAULT '';
