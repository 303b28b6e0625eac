-- +goose Up
-- Who asked through a public page. It stands beside the question and not in it, so that a name and a number can be erased on demand
-- while the question stays; the row moves along when the question is corrected.
CREATE TABLE asker (
  question_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, link_id TEXT NOT NULL DEFAULT '', page TEXT NOT NULL, lang TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', call_when TEXT NOT NULL DEFAULT '', consent TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL, called_on TEXT NOT NULL DEFAULT '', called_by TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '', erased_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX asker_link ON asker(link_id) WHERE link_id <> '';
CREATE INDEX asker_phone ON asker(phone) WHERE phone <> '';

-- The words people agreed to, as they were shown, by version; never changed.
CREATE TABLE consent_text (version TEXT PRIMARY KEY, lang TEXT NOT NULL, text TEXT NOT NULL, shown_since BIGINT NOT NULL);
