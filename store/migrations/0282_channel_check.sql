-- +goose Up
-- How each account stood when it was last asked: one row, written over.
CREATE TABLE channel_check (
  channel_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, checked_at BIGINT NOT NULL, name TEXT NOT NULL DEFAULT '',
  balance BIGINT, remain BIGINT, quota BIGINT, quality TEXT NOT NULL DEFAULT '', until_at BIGINT NOT NULL DEFAULT 0, warning TEXT NOT NULL DEFAULT '',
  failure TEXT NOT NULL DEFAULT '',    -- one of the six of package channel; empty: it answered
  code TEXT NOT NULL DEFAULT '', said TEXT NOT NULL DEFAULT '', failing_since BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX channel_check_office ON channel_check(office_id);
CREATE INDEX channel_event_heard ON channel_event(channel_id, heard_at);

-- A consent that was begun on a provider's page and has not come back: the word that must come back with it, hashed, and the sealed secret half.
CREATE TABLE channel_consent (
  state TEXT PRIMARY KEY, channel_id TEXT NOT NULL, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, verifier BYTEA NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX channel_consent_ends ON channel_consent(expires_at);
