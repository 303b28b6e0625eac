-- +goose Up
-- The story a printing tells, if any. Whether it may still be told is asked each time the sheets are drawn.
ALTER TABLE leaflet_run ADD COLUMN story_id TEXT NOT NULL DEFAULT '';
