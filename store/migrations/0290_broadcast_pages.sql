-- +goose Up
-- Words that are written in place until they become a script, what was reckoned when the broadcast was submitted, and how often the draft
-- was edited, so that nobody submits what somebody else has just changed.
ALTER TABLE broadcast ADD COLUMN words TEXT NOT NULL DEFAULT '[]';
ALTER TABLE broadcast ADD COLUMN reckoned TEXT NOT NULL DEFAULT '';
ALTER TABLE broadcast ADD COLUMN edits BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD COLUMN edited_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD COLUMN submitted_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE broadcast ADD COLUMN resumed_at BIGINT NOT NULL DEFAULT 0; -- rates count from here

-- Where a broadcast stood when somebody last looked, and how long counting took: a list of many shows that and counts nothing.
CREATE TABLE broadcast_tally (
  broadcast_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, tally TEXT NOT NULL, taken_at BIGINT NOT NULL, took_ms BIGINT NOT NULL
);

-- What is asked about again and again: who failed, refused, was held back or is on a list. Few of many, so the rest pays nothing.
CREATE INDEX delivery_trouble ON delivery(broadcast_id, state, code, person_id) WHERE state IN ('failed', 'refused', 'held', 'stopped', 'by_hand');
-- Who refused lately, for the rate at which a broadcast pauses.
CREATE INDEX address_out ON address(office_id, opted_out_at) WHERE opted_out_at > 0;
