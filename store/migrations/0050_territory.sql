-- +goose Up
-- How many leads a collector can take at once, as it said itself; 0 when it has not.
ALTER TABLE collector ADD COLUMN capacity BIGINT NOT NULL DEFAULT 0;
CREATE INDEX collector_area_area ON collector_area(area_id);
CREATE INDEX market_area ON market(area_id);
CREATE INDEX contribution_employer ON contribution_fact(employer_id) WHERE employer_id <> '';
