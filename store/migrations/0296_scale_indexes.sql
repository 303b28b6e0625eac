-- +goose Up
-- Who was told when, for the limits of contacts: what has not left yet is no contact, and a broadcast to a million people puts a million
-- of those into the ledger at once.
DROP INDEX delivery_person;
CREATE INDEX delivery_person ON delivery(person_id, first_at) WHERE person_id <> '' AND first_at > 0;
