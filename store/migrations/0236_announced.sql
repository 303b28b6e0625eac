-- +goose Up
-- Whether public pages show a session: yes, no, or as its form is.
ALTER TABLE session ADD COLUMN public TEXT NOT NULL DEFAULT '';
