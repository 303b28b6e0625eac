-- +goose Up
-- Short real-life examples, each told with the person's consent and its last day. Nothing reads them past the one query that asks the register first.
CREATE TABLE story (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, person_id TEXT NOT NULL,
  schemes TEXT NOT NULL, audiences TEXT NOT NULL,
  how TEXT NOT NULL, proof TEXT NOT NULL, attachment_id TEXT NOT NULL, consent_by TEXT NOT NULL, consent_on TEXT NOT NULL, consent_until TEXT NOT NULL,
  state TEXT NOT NULL,                -- draft approved withdrawn
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, changed_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0, ended_by TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL
);
CREATE INDEX story_office ON story(office_id, state, consent_until);
CREATE INDEX story_person ON story(person_id) WHERE person_id <> '';
CREATE TABLE story_text (
  story_id TEXT NOT NULL, lang TEXT NOT NULL, change TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (story_id, lang)
);
-- Where a story was used, so that a withdrawal says what it cannot call back.
CREATE TABLE story_use (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, story_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, batch TEXT NOT NULL, copies BIGINT NOT NULL,
  used_at BIGINT NOT NULL, used_by TEXT NOT NULL
);
CREATE INDEX story_use_story ON story_use(story_id, used_at);
-- One recorded voice for one purpose and language; the bytes lie in attachment. One is approved for each purpose, language and dialect.
CREATE TABLE clip (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, purpose TEXT NOT NULL, lang TEXT NOT NULL, dialect TEXT NOT NULL, speaker TEXT NOT NULL, says TEXT NOT NULL,
  attachment_id TEXT NOT NULL, mime TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, seconds BIGINT NOT NULL,
  state TEXT NOT NULL,                -- draft approved replaced withdrawn
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0, ended_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX clip_purpose ON clip(office_id, purpose, lang, state);
CREATE UNIQUE INDEX clip_current ON clip(office_id, purpose, lang, dialect) WHERE state = 'approved';
