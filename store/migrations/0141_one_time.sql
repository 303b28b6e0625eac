-- +goose Up
-- Until when a one-time password lets its officer in; 0 for passwords that officers chose themselves.
ALTER TABLE officer ADD COLUMN one_time_until BIGINT NOT NULL DEFAULT 0;
