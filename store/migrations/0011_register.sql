-- +goose Up
-- Doubles are looked for by the sound of the name; a reconciliation is about a place, and keeps what the list itself added up to.
CREATE INDEX person_sound ON person_row(sound_key, born_year);
ALTER TABLE reconciliation ADD COLUMN area_id TEXT NOT NULL DEFAULT '';
ALTER TABLE reconciliation ADD COLUMN skipped BIGINT NOT NULL DEFAULT 0;
CREATE INDEX reconciliation_office ON reconciliation(office_id, month, made_at);
CREATE INDEX household_code ON household_row(office_id, code) WHERE code <> '';
