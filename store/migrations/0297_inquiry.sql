-- +goose Up
-- What an officer wants asked again at the provider: each is taken by one process and asked once.
CREATE TABLE inquiry (delivery_id TEXT PRIMARY KEY, channel_id TEXT NOT NULL, officer_id TEXT NOT NULL, asked_at BIGINT NOT NULL);
CREATE INDEX inquiry_channel ON inquiry(channel_id, asked_at);

-- An officer's own ID with the office's Zalo account, for tests to themselves.
ALTER TABLE officer ADD COLUMN zalo TEXT NOT NULL DEFAULT '';
