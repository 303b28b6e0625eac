-- +goose Up
-- The days the law behind an answer holds: an answer whose last day has passed is offered to nobody.
ALTER TABLE answer ADD COLUMN valid_from TEXT NOT NULL DEFAULT '';
ALTER TABLE answer ADD COLUMN valid_to TEXT NOT NULL DEFAULT '';
-- Leads are looked up by the collector they were handed to.
CREATE INDEX enrolment_step_collector ON enrolment_step_fact(collector_id, happened_on) WHERE collector_id <> '';
CREATE INDEX session_employer ON session(employer_id, on_day) WHERE employer_id <> '';
