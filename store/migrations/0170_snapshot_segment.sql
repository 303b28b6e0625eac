-- +goose Up
CREATE INDEX snapshot_segment ON snapshot(segment_id, taken_at);
