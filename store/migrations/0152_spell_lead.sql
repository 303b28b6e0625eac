-- +goose Up
-- What became of the people a lead brought in is asked lead by lead.
CREATE INDEX spell_lead ON spell(lead_id) WHERE lead_id <> '';
