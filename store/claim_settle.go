package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// unsettled are the states that what became of a message overrides: nothing stronger was told of it. It may have been stopped or held
// while it was on its way, and left all the same.
const unsettled = `state IN ('queued', 'stopped', 'held', 'unsure')`

// settleDeliveries writes what became of what this process had claimed. A receipt may have been faster: its word, being stronger, stays.
// Whoever comes late, the claim having been taken for lost, only tells of what is still unsure: the rest is another's by now.
// Nearly all were sent: those are written by one statement for many.
func (db *DB) settleDeliveries(ctx context.Context, tx *sql.Tx, done []loa.Delivery, late bool) error {
	if !late { // before the messages: whoever claims holds the account, and waits for none of them
		if err := untake(ctx, tx, done); err != nil {
			return err
		}
	}
	var sent, rest []loa.Delivery
	for _, d := range done {
		switch {
		case d.State == loa.DeliverySent && d.Resume == "" && d.Code == "":
			sent = append(sent, d)
		case d.Untried && !late: // nothing was written of it, nothing is to be
		default:
			rest = append(rest, d)
		}
	}
	for len(sent) > 0 {
		n := min(len(sent), sentAtOnce)
		if err := db.settleSent(ctx, tx, sent[:n], late); err != nil {
			return err
		}
		sent = sent[n:]
	}
	for _, d := range rest {
		told, err := settleOne(ctx, tx, d, late)
		switch {
		case err != nil:
			return err
		case !told: // another's by now
			continue
		case d.State == loa.DeliveryRefused:
			err = addressRefused(ctx, tx, d, d.DoneAt)
		case d.State == loa.DeliveryFailed && d.BadNumber:
			err = addressFailed(ctx, tx, d, d.DoneAt)
		}
		if err == nil && (d.State == loa.DeliveryRefused || d.State == loa.DeliveryFailed) {
			err = replyFailed(ctx, tx, d, d.DoneAt)
		}
		if err != nil {
			return err
		}
	}
	return hearWaiting(ctx, tx, done)
}

// begun is when a message may first have arrived.
func begun(d loa.Delivery) int64 {
	if d.FirstAt.IsZero() {
		return millis(d.SentAt)
	}
	return millis(d.FirstAt)
}

// sentAtOnce is how many sent deliveries one statement writes.
const sentAtOnce = 256

var sentColumns = []string{"TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT", "BIGINT", "BIGINT"}

func (db *DB) settleSent(ctx context.Context, tx *sql.Tx, sent []loa.Delivery, late bool) error {
	rows := make([][]any, len(sent))
	for i, d := range sent {
		rows[i] = []any{string(d.ID), d.Ref, d.Cost, d.Parts, millis(d.SentAt), d.Tries, begun(d)}
	}
	table, args := db.table(sentColumns, rows)
	which := ``
	if late {
		which = ` AND state = 'unsure' AND tries <= v.column6`
	}
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = CASE WHEN `+unsettled+` THEN 'sent' ELSE state END, ref = CASE WHEN v.column2 = '' THEN ref ELSE v.column2 END, resume = '', cost = cost + v.column3, parts = v.column4,
		code = CASE WHEN `+unsettled+` THEN '' ELSE code END, sent_at = CASE WHEN sent_at = 0 THEN v.column5 ELSE sent_at END, tries = v.column6, first_at = v.column7, done_at = CASE WHEN `+unsettled+` THEN 0 ELSE done_at END
		FROM `+table+` WHERE id = v.column1`+which, args...)
	if err != nil {
		return fmt.Errorf("settle %d sent: %w", len(sent), err)
	}
	return nil
}

// settleOne writes what became of one message, and tells whether it did.
func settleOne(ctx context.Context, tx *sql.Tx, d loa.Delivery, late bool) (told bool, err error) {
	state, which, tries := `CASE WHEN `+unsettled+` THEN $1 ELSE state END`, `TRUE`, d.Tries
	if d.State == loa.DeliveryQueued { // to be tried again, unless it was stopped meanwhile
		over := `'stopped'`
		if begun(d) > 0 {
			over = `'unsure'` // it may have left before
		}
		state, which = `CASE WHEN state = 'stopped' OR EXISTS (SELECT 1 FROM broadcast b WHERE b.id = delivery.broadcast_id AND b.state = 'stopped') THEN `+over+` ELSE $1 END`, `state IN ('queued', 'stopped')`
		if d.Code == "" && d.Resume == "" {
			tries++ // it was not tried after all
		}
	}
	if late {
		which = `state = 'unsure'`
	}
	res, err := tx.ExecContext(ctx, `UPDATE delivery SET state = `+state+`, ref = CASE WHEN $2 = '' THEN ref ELSE $3 END, resume = $4, cost = cost + $5, parts = CASE WHEN $6 = 0 THEN parts ELSE $7 END,
		code = CASE WHEN `+unsettled+` THEN $8 ELSE code END, not_before = CASE WHEN CAST($9 AS BIGINT) = 0 THEN not_before ELSE $10 END, sent_at = CASE WHEN sent_at = 0 THEN $11 ELSE sent_at END, done_at = CASE WHEN done_at = 0 THEN $12 ELSE done_at END, tries = $13, first_at = $14
		WHERE id = $15 AND tries <= $16 AND `+which, d.State, d.Ref, d.Ref, d.Resume, d.Cost, d.Parts, d.Parts, d.Code, millis(d.NotBefore), millis(d.NotBefore), millis(d.SentAt), millis(d.DoneAt), d.Tries, begun(d), d.ID, tries)
	if err != nil {
		return false, fmt.Errorf("settle %s: %w", d.ID, err)
	}
	n, err := res.RowsAffected()
	if err == nil && n > 0 && late && d.State == loa.DeliveryQueued {
		err = reopen(ctx, tx, d.Office, d.Broadcast)
	}
	return n > 0, err
}

// reopen lets a broadcast go on that was over, because something of it waits again.
func reopen(ctx context.Context, tx *sql.Tx, office loa.OfficeID, id loa.BroadcastID) error {
	if id == "" {
		return nil
	}
	var over bool
	if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM broadcast WHERE id = $1 AND state = 'done')`, id).Scan(&over); err != nil || !over {
		return err
	}
	change, err := nextChange(ctx, tx, office, 1)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, `UPDATE broadcast SET state = 'sending', change_no = $1 WHERE id = $2 AND state = 'done'`, change, id); err != nil {
		return fmt.Errorf("let a broadcast go on: %w", err)
	}
	return nil
}
