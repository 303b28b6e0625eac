-- +goose Up
-- A household that was merged into another keeps answering for it; one made by an act that was taken back is gone but known.
ALTER TABLE household_row ADD COLUMN merged_into TEXT NOT NULL DEFAULT '';
DROP VIEW household;
CREATE VIEW household AS SELECT * FROM household_row
 WHERE batch NOT IN (SELECT id FROM hidden_batch) AND (gone = '' OR gone IN (SELECT id FROM hidden_batch));
CREATE INDEX household_merged ON household_row(merged_into) WHERE merged_into <> '';
-- The newest acts of an office are listed, and those that touched one household or person are looked up.
CREATE INDEX act_noun ON act(noun_id, done_at);
-- The order of acts: two may be done in the same millisecond.
ALTER TABLE act ADD COLUMN change_no BIGINT NOT NULL DEFAULT 0;
