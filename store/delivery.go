package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"loa"
)

const deliveryColumns = `id, office_id, area_id, broadcast_id, person_id, place_id, rung, channel_id, network, address, lang, state, tries, ref, resume, cost, parts,
	consent_id, code, not_before, wait_h, lease_until, first_at, sent_at, done_at`

func scanDelivery(r interface{ Scan(...any) error }) (d loa.Delivery, err error) {
	var notBefore, lease, first, sent, done int64
	err = r.Scan(&d.ID, &d.Office, &d.Area, &d.Broadcast, &d.Person, &d.Place, &d.Rung, &d.Channel, &d.Network, &d.To, &d.Lang, &d.State, &d.Tries, &d.Ref, &d.Resume, &d.Cost, &d.Parts,
		&d.Consent, &d.Code, &notBefore, &d.Wait, &lease, &first, &sent, &done)
	d.NotBefore, d.Lease, d.FirstAt, d.SentAt, d.DoneAt = instant(notBefore), instant(lease), instant(first), instant(sent), instant(done)
	return d, err
}

// ClaimDeliveries takes what may be sent now, within the account's pace and quota, which all processes share. What is claimed is
// written down as possibly sent before anybody sends it: after a power cut the right answer is there already.
func (db *DB) ClaimDeliveries(ctx context.Context, c loa.Claim) (out loa.Claimed, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		out, err = db.claim(ctx, tx, c)
		return err
	})
	return out, err
}

// SettleDeliveries writes what became of messages and claims the next in the same transaction.
func (db *DB) SettleDeliveries(ctx context.Context, done []loa.Delivery, by string, next *loa.Claim) (out loa.Claimed, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if err := db.settleDeliveries(ctx, tx, done, by); err != nil {
			return err
		}
		if next != nil {
			out, err = db.claim(ctx, tx, *next)
		}
		return err
	})
	return out, err
}

func (db *DB) claim(ctx context.Context, tx *sql.Tx, c loa.Claim) (out loa.Claimed, err error) {
	var p pace
	var state string
	var office loa.OfficeID
	err = tx.QueryRowContext(ctx, `SELECT office_id, state, rate_n, rate_ms, paced_us, day_quota, day, day_n FROM channel WHERE id = $1`+db.forUpdate(), c.Channel).Scan(&office, &state, &p.n, &p.ms, &p.paced, &p.quota, &p.day, &p.dayN)
	if err != nil {
		return out, fmt.Errorf("read the account: %w", notFound(err))
	}
	if state != "on" {
		return out, nil
	}
	n, again := p.allow(c.Now, c.Most)
	if n <= 0 {
		return loa.Claimed{Again: again}, nil
	}
	list, err := db.going(ctx, tx, office)
	if err != nil {
		return out, err
	}
	for i := range list {
		room, later := list[i].allow(c.Now, n-len(out.Deliveries))
		if room <= 0 {
			out.Again = sooner(out.Again, later)
			continue
		}
		got, err := db.claimOf(ctx, tx, c, list[i].id, room)
		if err != nil {
			return out, err
		}
		if list[i].use(c.Now, len(got)) {
			if _, err := tx.ExecContext(ctx, `UPDATE broadcast SET paced_us = $1 WHERE id = $2`, list[i].paced, list[i].id); err != nil {
				return out, fmt.Errorf("note the pace: %w", err)
			}
		}
		if out.Deliveries = append(out.Deliveries, got...); len(out.Deliveries) == n {
			break
		}
	}
	if len(out.Deliveries) == 0 {
		return out, nil
	}
	out.Again = time.Time{}
	p.use(len(out.Deliveries))
	if _, err := tx.ExecContext(ctx, `UPDATE channel SET paced_us = $1, day = $2, day_n = $3 WHERE id = $4`, p.paced, p.day, p.dayN, c.Channel); err != nil {
		return out, fmt.Errorf("note the pace: %w", err)
	}
	return out, nil
}

func (db *DB) claimOf(ctx context.Context, tx *sql.Tx, c loa.Claim, of loa.BroadcastID, n int) ([]loa.Delivery, error) {
	rows, err := tx.QueryContext(ctx, `UPDATE delivery SET state = $1, lease_until = $2, lease_by = $3, tries = tries + 1, first_at = CASE WHEN first_at = 0 THEN $4 ELSE first_at END
		WHERE id IN (SELECT q.id FROM delivery q WHERE q.channel_id = $5 AND q.broadcast_id = $6 AND q.state = 'queued' AND q.not_before <= $7 ORDER BY q.not_before, q.id`+limit(n)+db.skipLocked("q")+`)
		RETURNING `+deliveryColumns, c.State, millis(c.Now.Add(c.Lease)), c.By, millis(c.Now), c.Channel, of, millis(c.Now))
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("claim: %w", err)
	}
	return list, nil
}

// settleDeliveries writes what became of what this process had claimed. A receipt may have been faster: its word, being stronger, stays.
// Nearly all were sent: those are written by one statement for many.
func (db *DB) settleDeliveries(ctx context.Context, tx *sql.Tx, done []loa.Delivery, by string) error {
	var sent, rest []loa.Delivery
	for _, d := range done {
		if d.State == loa.DeliverySent && d.Resume == "" && d.Code == "" {
			sent = append(sent, d)
		} else {
			rest = append(rest, d)
		}
	}
	for len(sent) > 0 {
		n := min(len(sent), sentAtOnce)
		if err := db.settleSent(ctx, tx, sent[:n], by); err != nil {
			return err
		}
		sent = sent[n:]
	}
	if err := settleEach(ctx, tx, rest, by); err != nil {
		return err
	}
	if err := stopQueued(ctx, tx, rest); err != nil {
		return err
	}
	if err := untake(ctx, tx, rest); err != nil {
		return err
	}
	for _, d := range rest {
		var err error
		switch {
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

// sentAtOnce is how many sent deliveries one statement writes.
const sentAtOnce = 256

func (db *DB) settleSent(ctx context.Context, tx *sql.Tx, sent []loa.Delivery, by string) error {
	args := make([]any, 0, 3+5*len(sent))
	values := make([]string, len(sent))
	for i, d := range sent {
		values[i] = "(" + db.typed(2+5*i, "TEXT", "TEXT", "BIGINT", "BIGINT", "BIGINT") + ")"
		args = append(args, d.ID, d.Ref, d.Cost, d.Parts, millis(d.SentAt))
	}
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = CASE WHEN state IN ('sending', 'unsure') THEN 'sent' ELSE state END, ref = CASE WHEN v.column2 = '' THEN ref ELSE v.column2 END, resume = '', cost = cost + v.column3, parts = v.column4,
		code = CASE WHEN state IN ('sending', 'unsure') THEN '' ELSE code END, sent_at = CASE WHEN sent_at = 0 THEN v.column5 ELSE sent_at END, lease_until = 0, lease_by = ''
		FROM (VALUES `+strings.Join(values, ", ")+`) AS v WHERE id = v.column1 AND lease_by = `+db.typed(1, "TEXT"), db.inOrder(args, by)...)
	if err != nil {
		return fmt.Errorf("settle %d sent: %w", len(sent), err)
	}
	return nil
}

func settleEach(ctx context.Context, tx *sql.Tx, done []loa.Delivery, by string) error {
	if len(done) == 0 {
		return nil
	}
	set, err := tx.PrepareContext(ctx, `UPDATE delivery SET state = CASE WHEN state IN ('sending', 'unsure') THEN $1 ELSE state END, ref = CASE WHEN $2 = '' THEN ref ELSE $3 END, resume = $4, cost = cost + $5, parts = CASE WHEN $6 = 0 THEN parts ELSE $7 END,
		code = CASE WHEN state IN ('sending', 'unsure') THEN $8 ELSE code END, not_before = $9, sent_at = CASE WHEN sent_at = 0 THEN $10 ELSE sent_at END, done_at = CASE WHEN done_at = 0 THEN $11 ELSE done_at END, lease_until = $12, lease_by = '', tries = $13, first_at = CASE WHEN $14 = 0 OR CAST($15 AS BIGINT) = 0 THEN 0 ELSE first_at END
		WHERE id = $16 AND lease_by = $17`)
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	defer set.Close()
	for _, d := range done {
		if _, err := set.ExecContext(ctx, d.State, d.Ref, d.Ref, d.Resume, d.Cost, d.Parts, d.Parts, d.Code, millis(d.NotBefore), millis(d.SentAt), millis(d.DoneAt), millis(d.Lease), d.Tries, d.Tries, millis(d.FirstAt), d.ID, by); err != nil {
			return fmt.Errorf("settle %s: %w", d.ID, err)
		}
	}
	return nil
}

// queuedOrStopped is the state of what goes back to its broadcast: one that was stopped meanwhile sends nothing more.
const queuedOrStopped = `CASE WHEN EXISTS (SELECT 1 FROM broadcast b WHERE b.id = delivery.broadcast_id AND b.state = 'stopped') THEN 'stopped' ELSE 'queued' END`

// stopQueued stops what would be tried again of broadcasts that were stopped while it was on its way.
func stopQueued(ctx context.Context, tx *sql.Tx, done []loa.Delivery) error {
	for _, d := range done {
		if d.State != loa.DeliveryQueued || d.Broadcast == "" {
			continue
		}
		if _, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'stopped', done_at = $1 WHERE id = $2 AND state = 'queued' AND EXISTS (SELECT 1 FROM broadcast b WHERE b.id = delivery.broadcast_id AND b.state = 'stopped')`, millis(d.NotBefore), d.ID); err != nil {
			return fmt.Errorf("stop what is tried again: %w", err)
		}
	}
	return nil
}

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

// ReleaseLost puts back what a process that is gone had claimed and may be sent again; what may not stays unsure. It answers with how many.
func (db *DB) ReleaseLost(ctx context.Context, now time.Time) (n int64, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE delivery SET state = `+queuedOrStopped+`, done_at = CASE `+queuedOrStopped+` WHEN 'stopped' THEN $1 ELSE done_at END, lease_until = 0, lease_by = '' WHERE state = 'sending' AND lease_until < $1`, millis(now))
		if err != nil {
			return fmt.Errorf("release: %w", err)
		}
		n, err = res.RowsAffected()
		return err
	})
	return n, err
}

// UnsureDeliveries are those of which nobody knows whether they arrived and nobody is at work on, the oldest first.
func (db *DB) UnsureDeliveries(ctx context.Context, in loa.Scope, now time.Time, after loa.DeliveryID, take int) ([]loa.Delivery, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE id IN (SELECT d.id FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.office_id = $1 AND d.state = 'unsure' AND d.lease_until < $2 AND d.id > $3 AND `+where+` ORDER BY d.id`+limit(take)+`) ORDER BY id`,
		append([]any{in.Office, millis(now), after}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read the unsure deliveries: %w", err)
	}
	return list, nil
}

// UnsureOf are the unsure deliveries of an account that were first tried between two moments and nobody is at work on.
func (db *DB) UnsureOf(ctx context.Context, id loa.ChannelID, from, until, now time.Time, take int) ([]loa.Delivery, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE state = 'unsure' AND office_id = (SELECT office_id FROM channel WHERE id = $1) AND lease_until < $2 AND channel_id = $3 AND first_at BETWEEN $4 AND $5 ORDER BY first_at, id`+limit(take), id, millis(now), id, millis(from), millis(until))
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read what is unsure: %w", err)
	}
	return list, nil
}

// NeverCame puts an unsure delivery back into the queue: the provider says it never had it.
func (db *DB) NeverCame(ctx context.Context, id loa.DeliveryID, now time.Time) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = `+queuedOrStopped+`, done_at = CASE `+queuedOrStopped+` WHEN 'stopped' THEN $1 ELSE done_at END, not_before = $1, lease_until = 0, lease_by = '' WHERE id = $2 AND state = 'unsure'`, millis(now), id)
		if err != nil {
			return fmt.Errorf("queue again: %w", err)
		}
		return nil
	})
}
