package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

// SendTurn is an answer on its way out.
type SendTurn struct {
	loa.Turn
	Title string // of a letter
	Lang  string
	Keep  bool // the conversation stays open
}

// ReplyConversation sends an officer's answer the way the words came, and lets it rest. The same turn sent twice is one message; nothing goes
// out after the network's window has closed, to whoever refused and did not ask since, or with an answer whose law does not hold.
func (db *DB) ReplyConversation(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, t SendTurn) error {
	t.Text, t.Title = strings.TrimSpace(t.Text), vn.Tidy(t.Title)
	if err := t.Check(); err != nil {
		return err
	}
	t.Conversation, t.Kind, t.At, t.Officer = id, loa.TurnOut, by.At, by.Officer
	return db.changeConversation(ctx, in, by, id, "replied", "", func(tx *sql.Tx, c loa.Conversation, _ int64) error {
		switch {
		case c.ByHand():
			return loa.Refuse(loa.Conflict, "text", "no_channel")
		case c.Refused && c.Answered():
			return loa.Refuse(loa.Conflict, "text", "refused_wants_nothing")
		case !c.Window().Open(by.At):
			return loa.Refuse(loa.Conflict, "text", "window_closed")
		case c.Via == loa.ViaMail && t.Title == "": // no mail server takes it
			return loa.Refuse(loa.Invalid, "title", "required")
		case vn.Characters(t.Title) > loa.ReplyTitle:
			return loa.Refuse(loa.Invalid, "title", "too_long", loa.ReplyTitle)
		}
		var used loa.ReadyAnswer
		if t.Answer != "" {
			var err error
			if used, err = usableAnswer(ctx, tx, in, t.Answer, t.Version, by.Day()); err != nil {
				return err
			}
		}
		fresh, err := db.addTurn(ctx, tx, in.Office, t.Turn)
		if err != nil || !fresh {
			return err
		}
		ref, err := lastRef(ctx, tx, id)
		if err != nil {
			return err
		}
		err = db.queueReply(ctx, tx, in.Office, by, loa.Reply{Delivery: loa.DeliveryID(t.ID), Area: c.Area, Person: c.Person, Channel: c.Channel, Network: c.Network, To: c.Address, AboutKind: "conversation", AboutID: string(id),
			Purpose: loa.Care, Lang: t.Lang, Title: t.Title, Text: t.Text, ReplyTo: ref})
		if err != nil {
			return err
		}
		if err := dropDraft(ctx, tx, id, by.Officer); err != nil {
			return err
		}
		if used.ID != "" {
			if err := useAnswer(ctx, tx, in, by, c.Area, loa.AnswerUse{Answer: used.ID, Version: used.Version, Lang: t.Lang, Via: c.Via, Question: c.Question, Conversation: id, Person: c.Person}); err != nil {
				return err
			}
			if err := db.answerFromReply(ctx, tx, in, by, c, used, t.Text); err != nil {
				return err
			}
		}
		state := loa.ConversationDone
		if t.Keep {
			state = loa.ConversationOpen
		}
		return setConversation(ctx, tx, id, `state = $1, waits_since = 0, due_at = 0, put_off_until = 0, unreached_at = 0, last_at = $2, last_text = $3, last_kind = 'out', owner_id = CASE WHEN owner_id = '' THEN $4 ELSE owner_id END`, state, millis(by.At), clipped(t.Text, 500), by.Officer)
	})
}

// lastRef is the provider's reference of the newest words of theirs, which an answer names.
func lastRef(ctx context.Context, q querier, id loa.ConversationID) (ref string, err error) {
	err = q.QueryRowContext(ctx, `SELECT ref FROM turn WHERE conversation_id = $1 AND kind = 'in' AND ref <> '' AND gone_at = 0 ORDER BY said_at DESC, id DESC`+limit(1), id).Scan(&ref)
	if err == sql.ErrNoRows {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("find what is answered: %w", err)
	}
	return ref, nil
}

// answerFromReply answers the question a conversation was made into, when an approved answer went out and nobody answered it yet: its asker
// has been told.
func (db *DB) answerFromReply(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, c loa.Conversation, used loa.ReadyAnswer, text string) error {
	if c.Question == "" {
		return nil
	}
	var waits bool
	if err := tx.QueryRowContext(ctx, `SELECT NOT EXISTS (SELECT 1 FROM answer WHERE question_id = $1)`, c.Question).Scan(&waits); err != nil || !waits {
		return err
	}
	err := db.answerQuestion(ctx, tx, in, by, loa.Answer{Question: c.Question, Text: text, Cites: used.Cites, ValidFrom: used.From, ValidTo: used.Until, ToldOn: by.Day()})
	if loa.KindOf(err) == loa.NotFound { // the question lies where this officer does not look: whoever does will see what was said
		return nil
	}
	return err
}
