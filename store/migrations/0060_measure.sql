-- +goose Up
-- A plan may be taken back without putting another number in its place, and may come from an import that is undone later.
ALTER TABLE target ADD COLUMN withdrawn BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE target ADD COLUMN import_id TEXT NOT NULL DEFAULT '';
