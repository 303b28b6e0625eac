-- +goose Up
-- What a process has taken to send, from before the first of it leaves until it says what became of all of it: one row for a whole group, so
-- that a message's own row is written once, with its outcome. A row past its time is a process that is gone.
CREATE TABLE claim (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, channel_id TEXT NOT NULL, by_process TEXT NOT NULL,
  repeatable BOOLEAN NOT NULL, -- the provider drops what it had: it goes back to be sent again instead of being unsure
  at BIGINT NOT NULL, until BIGINT NOT NULL,
  n BIGINT NOT NULL, body TEXT NOT NULL -- the deliveries and whom they tell, by broadcast and network
);
CREATE INDEX claim_channel ON claim(channel_id);
CREATE INDEX claim_office ON claim(office_id);

DROP INDEX delivery_leased;
DROP INDEX delivery_unsure;
UPDATE delivery SET state = CASE WHEN EXISTS (SELECT 1 FROM broadcast b WHERE b.id = delivery.broadcast_id AND b.state = 'stopped') THEN 'stopped' ELSE 'queued' END WHERE state = 'sending';
ALTER TABLE delivery DROP COLUMN lease_until;
ALTER TABLE delivery DROP COLUMN lease_by;
CREATE INDEX delivery_unsure ON delivery(office_id, id) WHERE state = 'unsure';
