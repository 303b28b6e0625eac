-- +goose Up
-- The office's word on a question that is asked again and again. Every version stays: what was told a year ago can be read as it was told.
CREATE TABLE ready_answer (
  id TEXT NOT NULL, version BIGINT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, key TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL, texts TEXT NOT NULL, cites TEXT NOT NULL,
  from_on TEXT NOT NULL, until_on TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- draft submitted approved withdrawn
  why TEXT NOT NULL DEFAULT '', author_id TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  change_no BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id, version)
);
CREATE INDEX ready_answer_office ON ready_answer(office_id, state, topic);

-- Each time an answer was used, and to whom: what they did next tells which answer convinces.
CREATE TABLE answer_use (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, answer_id TEXT NOT NULL, version BIGINT NOT NULL, lang TEXT NOT NULL DEFAULT '', via TEXT NOT NULL DEFAULT '',
  question_id TEXT NOT NULL DEFAULT '', conversation_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', used_at BIGINT NOT NULL, used_by TEXT NOT NULL
);
CREATE INDEX answer_use_answer ON answer_use(answer_id, used_at);
CREATE INDEX answer_use_question ON answer_use(question_id) WHERE question_id <> '';
