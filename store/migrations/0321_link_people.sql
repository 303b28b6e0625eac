-- +goose Up
-- Beside the openings of a link, from how many browsers they came on that day. What was counted before is taken as it was: one each.
ALTER TABLE link_visit ADD COLUMN people BIGINT NOT NULL DEFAULT 0;
UPDATE link_visit SET people = n;
-- Which browsers opened which link today, as marks that only today's salt can make. Both are thrown away when the day is over, and no
-- backup has them: from then on nothing leads from a count to anybody.
CREATE TABLE link_salt (on_day TEXT PRIMARY KEY, salt BYTEA NOT NULL);
CREATE TABLE link_seen (on_day TEXT NOT NULL, mark BIGINT NOT NULL, PRIMARY KEY (on_day, mark));
