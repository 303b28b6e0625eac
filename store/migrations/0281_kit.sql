-- +goose Up
-- What officers shared on their own pages, as they said themselves; no password is ever asked. A tick taken back stays with its time.
CREATE TABLE kit_post (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, noun_id TEXT NOT NULL, officer_id TEXT NOT NULL, network TEXT NOT NULL, url TEXT NOT NULL DEFAULT '',
  posted_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX kit_post_noun ON kit_post(office_id, noun_id, posted_at);
-- One link of an officer for each thing shared.
CREATE UNIQUE INDEX link_kit ON link(office_id, noun_id, officer_id) WHERE kind = 'kit';
