-- +goose Up
-- For how many hours an account answers somebody's newest words, as its settings say; 0: while its network lets answers go free.
ALTER TABLE channel ADD COLUMN answer_h BIGINT NOT NULL DEFAULT 0;
