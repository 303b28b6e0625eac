-- +goose Up
-- The invitation letter to a partner: its number is taken once, the first time it is written.
ALTER TABLE session_partner ADD COLUMN letter_no BIGINT NOT NULL DEFAULT 0;
ALTER TABLE session_partner ADD COLUMN letter_on TEXT NOT NULL DEFAULT '';

-- A printed attendance sheet: who stands in which row, so that it can be keyed back row by row.
CREATE TABLE session_sheet (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, session_id TEXT NOT NULL,
  code TEXT NOT NULL,                -- four letters printed on the sheet
  people TEXT NOT NULL,              -- person ids separated by blanks, in the order of the rows
  blank BIGINT NOT NULL,             -- empty rows after them
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, keyed_at BIGINT NOT NULL DEFAULT 0, keyed_by TEXT NOT NULL DEFAULT ''
);
CREATE INDEX session_sheet_session ON session_sheet(session_id, made_at);

CREATE INDEX question_folded ON question_fact(office_id, folded);
CREATE INDEX answer_folded ON answer(office_id, folded);
