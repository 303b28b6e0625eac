package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"loa"
)

// replyFailed opens a conversation again whose newest answer did not arrive: whoever asked still waits, and no longer counts as told.
// Deliveries that answer nobody, and answers that a newer one followed, change nothing.
func replyFailed(ctx context.Context, tx *sql.Tx, d loa.Delivery, at time.Time) error {
	if d.Broadcast != "" {
		return nil
	}
	var c loa.Conversation
	var text string
	err := tx.QueryRowContext(ctx, `SELECT c.id, c.network, c.question_id, t.text FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE t.id = $1 AND t.kind = 'out' AND c.refused_at = 0
		AND NOT EXISTS (SELECT 1 FROM turn n WHERE n.conversation_id = t.conversation_id AND n.kind = 'out' AND n.said_at > t.said_at)`, d.ID).Scan(&c.ID, &c.Network, &c.Question, &text)
	if err == sql.ErrNoRows {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find whom an answer did not reach: %w", err)
	}
	change, err := nextChange(ctx, tx, d.Office, 0)
	if err != nil {
		return err
	}
	err = setConversation(ctx, tx, c.ID, `state = 'open', put_off_until = 0, unreached_at = $1, waits_since = CASE WHEN waits_since > 0 THEN waits_since WHEN heard_at > 0 THEN heard_at ELSE $1 END, due_at = CASE WHEN due_at > 0 THEN due_at ELSE $2 END, change_no = $3`,
		millis(at), millis(loa.DueAfter(at, "")), change)
	if err != nil || c.Question == "" {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE answer SET told_on = '', change_no = $1 WHERE question_id = $2 AND text = $3 AND told_on <> ''`, change, c.Question, text); err != nil {
		return fmt.Errorf("take back that somebody was told: %w", err)
	}
	return nil
}

// unreachable says which conversations wait for an answer that cannot go out where the question came from: the last one failed, or the
// network takes none any more, or none through the account the words came by.
func unreachable(now time.Time, args []any) (string, []any) {
	where := `c.state = 'open' AND c.waits_since > 0 AND c.channel_id <> '' AND c.refused_at = 0 AND (c.unreached_at > 0`
	for _, x := range loa.ClosedBefore(now) { // in the same order every time, so that the text is prepared once
		args = append(args, x.Network, millis(x.UnlessLonger), millis(x.Never), millis(now))
		n := func(back int) string { return `$` + strconv.Itoa(len(args)-back) }
		where += ` OR c.network = ` + n(3) + ` AND c.heard_at <= ` + n(2) + ` AND (c.heard_at <= ` + n(1) + ` OR c.heard_at + 3600000 * ` + answersFor + ` <= ` + n(0) + `)`
	}
	return where + `)`, args
}
