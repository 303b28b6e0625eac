-- +goose Up
-- Since when an answer has not reached whoever asked: it failed, and nothing that arrived followed.
ALTER TABLE conversation ADD COLUMN unreached_at BIGINT NOT NULL DEFAULT 0;
