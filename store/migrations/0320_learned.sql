-- +goose Up
-- How large each table was when the engine last looked at how its rows are spread: rows on SQLite, pages on PostgreSQL. It is knowledge
-- of this one database, so no backup has it.
CREATE TABLE learned (name TEXT PRIMARY KEY, size BIGINT NOT NULL);
