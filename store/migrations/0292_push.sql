-- +goose Up
-- The key pair an office signs with what it tells its officers' browsers: made once, since browsers subscribe to it; the private half sealed.
CREATE TABLE push_key (office_id TEXT PRIMARY KEY, public TEXT NOT NULL, private BYTEA NOT NULL, made_at BIGINT NOT NULL);

-- An officer's own browser that asked to be told. The mark is a hash of its address, which is sealed with its keys and emptied when the
-- browser wants nothing more. One browser tells one officer: whoever asked last.
CREATE TABLE push_device (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, mark TEXT NOT NULL, sealed BYTEA, name TEXT NOT NULL, made_at BIGINT NOT NULL, told_at BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0, failed_at BIGINT NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '', gone_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX push_device_mark ON push_device(mark);
CREATE INDEX push_device_officer ON push_device(officer_id, made_at);

-- What an officer does not want to be told of.
CREATE TABLE push_mute (officer_id TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (officer_id, kind));

-- One thing one device is told. What is claimed counts as possibly sent from that moment: nobody sends it again.
CREATE TABLE push_notice (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, device_id TEXT NOT NULL,
  kind TEXT NOT NULL,                -- given approval halted trial
  record_id TEXT NOT NULL, pressing BOOLEAN NOT NULL,
  state TEXT NOT NULL,               -- queued sending sent failed unsure stale
  code TEXT NOT NULL DEFAULT '', tries BIGINT NOT NULL DEFAULT 0, made_at BIGINT NOT NULL, not_before BIGINT NOT NULL, until_at BIGINT NOT NULL,
  lease_by TEXT NOT NULL DEFAULT '', lease_until BIGINT NOT NULL DEFAULT 0, done_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX push_notice_due ON push_notice(not_before, id) WHERE state = 'queued';
CREATE INDEX push_notice_lost ON push_notice(lease_until) WHERE state = 'sending';
CREATE INDEX push_notice_device ON push_notice(device_id, state);
CREATE INDEX push_notice_made ON push_notice(made_at);
