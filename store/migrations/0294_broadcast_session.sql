-- +goose Up
-- The day of the session a broadcast speaks of, as it was when it was submitted: if it moves, what was approved is no longer true.
ALTER TABLE broadcast ADD COLUMN session_on TEXT NOT NULL DEFAULT '';
