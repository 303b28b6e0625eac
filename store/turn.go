package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
)

// Turns are the newest turns of a conversation in the order they were said; before is the oldest one a page shows already.
func (db *DB) Turns(ctx context.Context, in loa.Scope, me loa.OfficerID, id loa.ConversationID, before string, most int) ([]loa.Turn, error) {
	c, err := db.Conversation(ctx, in, me, id)
	if err != nil {
		return nil, err
	}
	return turnsOf(ctx, db.read, c.ID, before, most)
}

func turnsOf(ctx context.Context, q querier, id loa.ConversationID, before string, most int) ([]loa.Turn, error) {
	where, args := `t.conversation_id = $1`, []any{id}
	if at, turn, ok := cutCursor(before); ok {
		where += ` AND (t.said_at < $2 OR t.said_at = $2 AND t.id < $3)`
		args = append(args, at, turn)
	}
	end := ""
	if most > 0 {
		end = limit(most)
	}
	rows, err := q.QueryContext(ctx, `SELECT t.id, t.conversation_id, t.kind, t.text, t.media, t.ref, t.thread, t.name, t.said_at, t.officer_id, t.answer_id, t.answer_version, t.question_id, t.gone_at, COALESCE(d.state, t.state), COALESCE(d.code, t.code)
		FROM turn t LEFT JOIN delivery d ON d.id = t.id AND t.kind IN ('out', 'confirm') WHERE `+where+` ORDER BY t.said_at DESC, t.id DESC`+end, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (t loa.Turn, err error) {
		var media string
		var at, gone int64
		if err := r.Scan(&t.ID, &t.Conversation, &t.Kind, &t.Text, &media, &t.Ref, &t.Thread, &t.Name, &at, &t.Officer, &t.Answer, &t.Version, &t.Question, &gone, &t.State, &t.Code); err != nil {
			return t, err
		}
		t.At, t.Gone = instant(at), gone > 0
		if media != "" {
			if err := json.Unmarshal([]byte(media), &t.Media); err != nil {
				return t, fmt.Errorf("read what came along: %w", err)
			}
		}
		return t, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the turns: %w", err)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, nil
}

// ReplyDraft is what an officer has begun to answer and not sent; empty when nothing.
func (db *DB) ReplyDraft(ctx context.Context, in loa.Scope, me loa.OfficerID, id loa.ConversationID) (text string, answer loa.ReadyAnswerID, err error) {
	if _, err := db.Conversation(ctx, in, me, id); err != nil {
		return "", "", err
	}
	err = db.read.QueryRowContext(ctx, `SELECT text, answer_id FROM conversation_draft WHERE conversation_id = $1 AND officer_id = $2`, id, me).Scan(&text, &answer)
	if err == sql.ErrNoRows {
		err = nil
	}
	if err != nil {
		return "", "", fmt.Errorf("read a draft: %w", err)
	}
	return text, answer, nil
}

// SaveReplyDraft keeps what an officer has begun to answer; nothing takes it away. It is nobody else's matter and leaves no trace in the log.
// What was sent already as the turn it was to become is no draft any more: a page may save it a moment after it was sent.
func (db *DB) SaveReplyDraft(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, turn loa.TurnID, text string, answer loa.ReadyAnswerID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // sending it takes turns with saving it
			return err
		}
		if _, err := conversationByID(ctx, tx, in, by.Officer, id); err != nil {
			return err
		}
		var sent bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM turn WHERE id = $1 AND conversation_id = $2)`, turn, id).Scan(&sent); err != nil {
			return fmt.Errorf("look whether a draft was sent: %w", err)
		}
		if sent {
			return nil
		}
		if text == "" {
			return dropDraft(ctx, tx, id, by.Officer)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO conversation_draft (conversation_id, officer_id, text, answer_id, saved_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (conversation_id, officer_id) DO UPDATE SET text = excluded.text, answer_id = excluded.answer_id, saved_at = excluded.saved_at`, id, by.Officer, clipped(text, loa.TurnLength), answer, millis(by.At))
		if err != nil {
			return fmt.Errorf("keep a draft: %w", err)
		}
		return nil
	})
}

func dropDraft(ctx context.Context, tx *sql.Tx, id loa.ConversationID, officer loa.OfficerID) error {
	if _, err := tx.ExecContext(ctx, `DELETE FROM conversation_draft WHERE conversation_id = $1 AND officer_id = $2`, id, officer); err != nil {
		return fmt.Errorf("drop a draft: %w", err)
	}
	return nil
}

// ReplyDrafts are which of some conversations an officer has begun to answer.
func (db *DB) ReplyDrafts(ctx context.Context, me loa.OfficerID, ids []loa.ConversationID) (map[loa.ConversationID]bool, error) {
	out := map[loa.ConversationID]bool{}
	if len(ids) == 0 {
		return out, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT conversation_id FROM conversation_draft WHERE officer_id = $1 AND conversation_id IN (`+placeholders(2, len(ids))+`)`, append([]any{me}, anyOf(ids)...)...)
	list, err := collectIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("read the drafts: %w", err)
	}
	for _, id := range list {
		out[loa.ConversationID(id)] = true
	}
	return out, nil
}

// TurnCursor is where a page of turns begins that shows this one first.
func TurnCursor(t loa.Turn) string { return cursor(millis(t.At), string(t.ID)) }
