-- +goose Up
-- A broadcast also goes to loudspeakers and pages, each play and post a delivery of its own. Claims go broadcast by broadcast, so that
-- each keeps its pace and none stands before another.
ALTER TABLE broadcast ADD COLUMN outlets TEXT NOT NULL DEFAULT '[]';
CREATE INDEX broadcast_going ON broadcast(state, from_on) WHERE state IN ('approved', 'sending', 'paused');
DROP INDEX delivery_due;
CREATE INDEX delivery_due ON delivery(channel_id, broadcast_id, not_before, id) WHERE state = 'queued';
DROP INDEX delivery_once;
CREATE UNIQUE INDEX delivery_once ON delivery(broadcast_id, person_id, place_id, rung) WHERE broadcast_id <> '';
CREATE INDEX delivery_silent ON delivery(broadcast_id, rung, sent_at) WHERE state = 'sent' AND NOT fallen;

-- One process at a time keeps the connection of an account that has one.
ALTER TABLE channel ADD COLUMN run_until BIGINT NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN run_by TEXT NOT NULL DEFAULT '';

-- What was told and is no matter of a delivery waits to be taken in: a reply, a follower, a refusal.
ALTER TABLE channel_event ADD COLUMN todo BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX channel_event_todo ON channel_event(heard_at, channel_id, key) WHERE todo;

-- How often in a row an address was not reached, so that three times tell it from one.
ALTER TABLE address ADD COLUMN fails BIGINT NOT NULL DEFAULT 0;

-- The words of a message outside of any broadcast: a reply, the confirmation of a refusal, a test.
CREATE TABLE reply (
  delivery_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, about_kind TEXT NOT NULL DEFAULT '', about_id TEXT NOT NULL DEFAULT '', purpose TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, reply_to TEXT NOT NULL DEFAULT '', template TEXT NOT NULL DEFAULT '', params TEXT NOT NULL DEFAULT '{}', media TEXT NOT NULL DEFAULT '[]',
  author_id TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX reply_about ON reply(about_id, created_at) WHERE about_id <> '';
