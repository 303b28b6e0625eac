-- +goose Up
-- The secret in the address of the page a partner may open without an account; empty until its letter is written.
ALTER TABLE session_partner ADD COLUMN token TEXT NOT NULL DEFAULT '';
CREATE INDEX session_partner_token ON session_partner(token) WHERE token <> '';
