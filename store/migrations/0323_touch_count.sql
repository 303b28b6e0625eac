-- +goose Up
-- What a large office's report counted of a period's touches, under a mark of the areas it counted in: it is shown until a newer count
-- is there. It can be counted again, so no backup has it.
CREATE TABLE touch_count (office_id TEXT NOT NULL, mark TEXT NOT NULL, to_on TEXT NOT NULL, counts TEXT NOT NULL, taken_at BIGINT NOT NULL, took_ms BIGINT NOT NULL, PRIMARY KEY (office_id, mark));
