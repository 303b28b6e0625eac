package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

const deliveryColumns = `id, office_id, area_id, broadcast_id, person_id, place_id, rung, channel_id, network, address, lang, state, tries, ref, resume, cost, parts,
	consent_id, code, not_before, wait_h, first_at, sent_at, done_at`

func scanDelivery(r interface{ Scan(...any) error }) (d loa.Delivery, err error) {
	var notBefore, first, sent, done int64
	err = r.Scan(&d.ID, &d.Office, &d.Area, &d.Broadcast, &d.Person, &d.Place, &d.Rung, &d.Channel, &d.Network, &d.To, &d.Lang, &d.State, &d.Tries, &d.Ref, &d.Resume, &d.Cost, &d.Parts,
		&d.Consent, &d.Code, &notBefore, &d.Wait, &first, &sent, &done)
	d.NotBefore, d.FirstAt, d.SentAt, d.DoneAt = instant(notBefore), instant(first), instant(sent), instant(done)
	return d, err
}

// queuedOrStopped is the state of what goes back to its broadcast: one that was stopped meanwhile sends nothing more.
const queuedOrStopped = `CASE WHEN EXISTS (SELECT 1 FROM broadcast b WHERE b.id = delivery.broadcast_id AND b.state = 'stopped') THEN 'stopped' ELSE 'queued' END`

// untake gives an account's pace and quota back what was claimed and not sent.
func untake(ctx context.Context, tx *sql.Tx, done []loa.Delivery) error {
	n := map[loa.ChannelID]int64{}
	for _, d := range done {
		if d.Untried {
			n[d.Channel]++
		}
	}
	for id, n := range n {
		if _, err := tx.ExecContext(ctx, `UPDATE channel SET day_n = CASE WHEN day_n > $1 THEN day_n - $2 ELSE 0 END, paced_us = CASE WHEN rate_n > 0 AND rate_ms > 0 THEN paced_us - $3 * (rate_ms * 1000 / rate_n) ELSE paced_us END WHERE id = $4`, n, n, n, id); err != nil {
			return fmt.Errorf("give back what was not sent: %w", err)
		}
	}
	return nil
}

// UnsureDeliveries are those of which nobody knows whether they arrived, the oldest first.
func (db *DB) UnsureDeliveries(ctx context.Context, in loa.Scope, after loa.DeliveryID, take int) ([]loa.Delivery, error) {
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE id IN (SELECT d.id FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.office_id = $1 AND d.state = 'unsure' AND d.id > $2 AND `+where+` ORDER BY d.id`+limit(take)+`) ORDER BY id`,
		append([]any{in.Office, after}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read the unsure deliveries: %w", err)
	}
	return list, nil
}

// UnsureOf are the unsure deliveries of an account that were first tried between two moments.
func (db *DB) UnsureOf(ctx context.Context, id loa.ChannelID, from, until time.Time, take int) ([]loa.Delivery, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE state = 'unsure' AND office_id = (SELECT office_id FROM channel WHERE id = $1) AND channel_id = $2 AND first_at BETWEEN $3 AND $4 ORDER BY first_at, id`+limit(take), id, id, millis(from), millis(until))
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read what is unsure: %w", err)
	}
	return list, nil
}

// NeverCame puts an unsure delivery back into the queue: the provider says it never had it.
func (db *DB) NeverCame(ctx context.Context, id loa.DeliveryID, now time.Time) error {
	return db.txAgain(ctx, func(tx *sql.Tx) error {
		var office loa.OfficeID
		var of loa.BroadcastID
		var state loa.DeliveryState
		err := tx.QueryRowContext(ctx, `UPDATE delivery SET state = `+queuedOrStopped+`, done_at = CASE `+queuedOrStopped+` WHEN 'stopped' THEN $1 ELSE done_at END, not_before = $1 WHERE id = $2 AND state = 'unsure' RETURNING office_id, broadcast_id, state`, millis(now), id).Scan(&office, &of, &state)
		switch {
		case err == sql.ErrNoRows:
			return nil
		case err != nil:
			return fmt.Errorf("queue again: %w", err)
		case state == loa.DeliveryQueued:
			return reopen(ctx, tx, office, of)
		}
		return nil
	})
}
