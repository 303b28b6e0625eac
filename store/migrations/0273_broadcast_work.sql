-- +goose Up
-- One process at a time fans a broadcast out and looks after it.
ALTER TABLE broadcast ADD COLUMN work_by TEXT NOT NULL DEFAULT '';
ALTER TABLE broadcast ADD COLUMN work_until BIGINT NOT NULL DEFAULT 0;

-- A rung may be waited for: only those of its deliveries are looked up by how long they have been silent.
DROP INDEX delivery_silent;
ALTER TABLE delivery ADD COLUMN wait_h BIGINT NOT NULL DEFAULT 0;
CREATE INDEX delivery_silent ON delivery(broadcast_id, sent_at) WHERE wait_h > 0 AND state = 'sent' AND NOT fallen;
