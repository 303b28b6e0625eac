package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// QuestionFromConversation makes what somebody wrote a question of the ledger. The conversation is the question's from then on: it closes
// when the question is answered and its asker told.
func (db *DB) QuestionFromConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, turn loa.TurnID, q loa.Question) error {
	return db.changeConversation(ctx, in, by, id, "made_question", string(q.ID), func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		if q.Area == "" {
			q.Area = c.Area
		}
		if q.Person == "" {
			q.Person = c.Person
		}
		if q.Form == "" {
			q.Form = loa.FormOf(c.Via)
		}
		if q.Owner == "" {
			q.Owner = by.Officer
		}
		q.N = max(q.N, 1)
		if err := db.addQuestion(ctx, tx, in, by, q); err != nil {
			return err
		}
		if turn != "" {
			if _, err := tx.ExecContext(ctx, `UPDATE turn SET question_id = $1 WHERE id = $2 AND conversation_id = $3`, q.ID, turn, id); err != nil {
				return fmt.Errorf("note what became of a turn: %w", err)
			}
		}
		if err := setConversation(ctx, tx, id, `question_id = $1`, q.ID); err != nil || q.Owner == c.Owner {
			return err
		}
		return tellOfficers(ctx, tx, in.Office, by, loa.NoticeGiven, string(id), false, q.Owner)
	})
}

// queueQuestion puts a question that came without a conversation into the queue: from the public form, a telephone call, a session. It has
// the question's ID, so that it is there once.
func (db *DB) queueQuestion(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, q loa.Question, via string) error {
	q.Office = in.Office
	q.HappenedAt = askedAtHour(q)
	c := loa.Conversation{ID: loa.ConversationID(q.ID), Office: q.Office, Area: q.Area, Via: via, Person: q.Person, Question: q.ID, State: loa.ConversationOpen, Waits: q.HappenedAt, Due: loa.DueAfter(q.HappenedAt, ""), Owner: q.Owner,
		HeardAt: q.HappenedAt, LastAt: q.HappenedAt, LastText: clipped(q.Text, 500), LastKind: loa.TurnIn, FirstAt: q.HappenedAt}
	change, err := nextChange(ctx, tx, q.Office, 0)
	if err != nil {
		return err
	}
	if err := addConversation(ctx, tx, c, change); err != nil {
		return err
	}
	_, err = db.addTurn(ctx, tx, q.Office, loa.Turn{ID: loa.TurnID(q.ID), Conversation: c.ID, Kind: loa.TurnIn, Text: q.Text, At: q.HappenedAt, Question: q.ID})
	if err != nil || q.Owner == "" {
		return err
	}
	return tellOfficers(ctx, tx, q.Office, by, loa.NoticeGiven, string(c.ID), false, q.Owner)
}

// viaOfQuestion is the way a question came that no conversation brought.
func viaOfQuestion(q loa.Question) string {
	switch {
	case q.Session != "", q.Form == loa.VisitForm, q.Form.IsSession():
		return loa.ViaSession
	case q.Form == loa.PageForm:
		return loa.ViaComment
	case q.Form == loa.Zalo:
		return loa.ViaZalo
	case q.Form == loa.SMS:
		return loa.ViaSMS
	case q.Form == loa.Email:
		return loa.ViaMail
	}
	return loa.ViaHotline
}

// questionSettled closes the conversations of a question that was answered, when nobody has to be told any more; one with an account behind
// it stays open until the answer went out there.
func questionSettled(ctx context.Context, tx *sql.Tx, q loa.FactID, told bool) error {
	set := `state = 'done', waits_since = 0, due_at = 0, put_off_until = 0`
	if !told {
		set = `waits_since = 0, due_at = 0`
	}
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET `+set+` WHERE question_id = $1 AND question_id <> '' AND channel_id = ''`, q); err != nil {
		return fmt.Errorf("close what a question asked: %w", err)
	}
	return nil
}

// questionWaits opens the conversations of a question again that turned out not to be answered or told.
func questionWaits(ctx context.Context, tx *sql.Tx, q loa.FactID) error {
	if _, err := tx.ExecContext(ctx, `UPDATE conversation SET state = 'open' WHERE question_id = $1 AND question_id <> '' AND channel_id = ''`, q); err != nil {
		return fmt.Errorf("open what a question asked: %w", err)
	}
	return nil
}

// moveQueued lets the conversations of a corrected question follow it; one that was taken back leaves the queue.
func moveQueued(ctx context.Context, tx *sql.Tx, q loa.Question, old loa.FactID) error {
	_, err := tx.ExecContext(ctx, `UPDATE conversation SET question_id = $1, area_id = CASE WHEN channel_id = '' THEN $2 ELSE area_id END, owner_id = CASE WHEN channel_id = '' THEN $3 ELSE owner_id END,
		person_id = CASE WHEN channel_id = '' THEN $4 ELSE person_id END, last_text = CASE WHEN channel_id = '' THEN $5 ELSE last_text END, via = CASE WHEN channel_id <> '' OR via = 'public' THEN via ELSE $8 END, state = CASE WHEN channel_id <> '' THEN state WHEN $6 THEN 'done' WHEN waits_since > 0 THEN 'open' ELSE state END
		WHERE question_id = $7 AND question_id <> ''`, q.ID, q.Area, q.Owner, q.Person, clipped(q.Text, 500), q.Void, old, viaOfQuestion(q))
	if err != nil {
		return fmt.Errorf("carry the queue over: %w", err)
	}
	return nil
}

// askedAtHour is when a question was asked; where only the day is known, in its morning.
func askedAtHour(q loa.Question) time.Time {
	if !q.HappenedAt.IsZero() {
		return q.HappenedAt
	}
	y, m, d := q.HappenedOn.Parts()
	return time.Date(y, time.Month(m), d, 8, 0, 0, 0, loa.Zone)
}
