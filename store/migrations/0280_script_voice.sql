-- +goose Up
-- Whose figures a script tells to everybody; empty: each reader's own.
ALTER TABLE script ADD COLUMN support_group TEXT NOT NULL DEFAULT '';
-- A recording runs out, may have been said by a machine, made evenly loud, and cut out of another; one of a script says the words of one
-- of its versions.
ALTER TABLE clip ADD COLUMN until_on TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN machine TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN levelled BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE clip ADD COLUMN cut_from TEXT NOT NULL DEFAULT '';
ALTER TABLE clip ADD COLUMN script_version BIGINT NOT NULL DEFAULT 0;
