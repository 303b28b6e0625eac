-- +goose Up
-- Everything said with one address, or one question that waits for an officer: one queue over every channel. What is put off is open and
-- comes back at its hour, so that nobody has to wake it.
CREATE TABLE conversation (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, channel_id TEXT NOT NULL DEFAULT '', network TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
  via TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', question_id TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- open done
  owner_id TEXT NOT NULL DEFAULT '', due_at BIGINT NOT NULL DEFAULT 0, put_off_until BIGINT NOT NULL DEFAULT 0, waits_since BIGINT NOT NULL DEFAULT 0,
  heard_at BIGINT NOT NULL DEFAULT 0, last_at BIGINT NOT NULL, last_text TEXT NOT NULL DEFAULT '', last_kind TEXT NOT NULL DEFAULT '', first_at BIGINT NOT NULL,
  refused_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX conversation_address ON conversation(office_id, channel_id, network, address) WHERE address <> '';
CREATE INDEX conversation_open ON conversation(office_id, put_off_until, due_at, id) WHERE state = 'open';
CREATE INDEX conversation_last ON conversation(office_id, state, last_at, id);
CREATE INDEX conversation_owner ON conversation(owner_id, state, last_at) WHERE owner_id <> '';
CREATE INDEX conversation_person ON conversation(person_id) WHERE person_id <> '';
CREATE INDEX conversation_question ON conversation(question_id) WHERE question_id <> '';

-- One turn: words that came in, an answer that went out, a note among officers. The ID of what came in is made of the provider's key, so
-- that what is told twice is one turn.
CREATE TABLE turn (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, conversation_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL DEFAULT '', media TEXT NOT NULL DEFAULT '',
  ref TEXT NOT NULL DEFAULT '', thread TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', said_at BIGINT NOT NULL, officer_id TEXT NOT NULL DEFAULT '',
  answer_id TEXT NOT NULL DEFAULT '', answer_version BIGINT NOT NULL DEFAULT 0, question_id TEXT NOT NULL DEFAULT '', gone_at BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turn_conversation ON turn(conversation_id, said_at, id);
CREATE INDEX turn_ref ON turn(office_id, ref) WHERE ref <> '';

-- What an officer has begun to answer and not sent: it waits on every device of theirs.
CREATE TABLE conversation_draft (
  conversation_id TEXT NOT NULL, officer_id TEXT NOT NULL, text TEXT NOT NULL, answer_id TEXT NOT NULL DEFAULT '', saved_at BIGINT NOT NULL, PRIMARY KEY (conversation_id, officer_id)
);

-- The words of questions and turns, so that they are found in milliseconds among a million: a number made of office, noun and word, and the
-- record, whose ID orders by time.
CREATE TABLE word (term BIGINT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (term, record_id));

-- Questions that wait are in the queue from the beginning.
INSERT INTO conversation (id, office_id, area_id, via, person_id, question_id, state, owner_id, due_at, waits_since, heard_at, last_at, last_text, last_kind, first_at)
SELECT q.id, q.office_id, q.area_id, CASE WHEN k.question_id IS NOT NULL THEN 'public' WHEN q.session_id <> '' OR q.form = 'visit' THEN 'session' ELSE 'hotline' END, q.person_id, q.id, 'open', q.owner_id,
  q.happened_at + 86400000, q.happened_at, q.happened_at, q.happened_at, q.text, 'in', q.happened_at
  FROM question q LEFT JOIN asker k ON k.question_id = q.id WHERE NOT EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id);
INSERT INTO turn (id, office_id, conversation_id, kind, text, said_at, question_id)
SELECT q.id, q.office_id, q.id, 'in', q.text, q.happened_at, q.id FROM question q JOIN conversation c ON c.id = q.id;
