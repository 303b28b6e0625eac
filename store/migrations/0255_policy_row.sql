-- +goose Up
-- The office's own dated figures of the law, beside those that came with the program. A row is proposed by one officer and decided
-- on by another; what it says never changes afterwards.
CREATE TABLE policy_row (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, name TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL DEFAULT '',
  value BIGINT NOT NULL, unit TEXT NOT NULL, cites TEXT NOT NULL, source TEXT NOT NULL, confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  why TEXT NOT NULL DEFAULT '', proposed_by TEXT NOT NULL, proposed_at BIGINT NOT NULL,
  state TEXT NOT NULL,               -- proposed approved refused
  decided_by TEXT NOT NULL DEFAULT '', decided_at BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX policy_row_name ON policy_row(office_id, name, from_on);
