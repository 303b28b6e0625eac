package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// BroadcastRates is how the messages of a broadcast that is being sent ended since it began or last went on.
type BroadcastRates struct {
	Broadcast                loa.Broadcast
	Settled, Failed, Refused int64
}

// rateFrom is how many must have gone wrong before anybody counts what went well: counting all that was sent is the dear part.
const rateFrom = 2

// SendingRates are the rates of every broadcast of every office that is being sent and where something went wrong. The trouble is counted
// in its own small index; the whole only where there is trouble.
func (db *DB) SendingRates(ctx context.Context) ([]BroadcastRates, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.state = 'sending' AND b.state IN ('approved', 'sending', 'paused') ORDER BY b.id`)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Broadcast, error) { return scanBroadcast(r) })
	if err != nil {
		return nil, fmt.Errorf("read what is being sent: %w", err)
	}
	var out []BroadcastRates
	for _, b := range list {
		since := millis(b.ResumedAt)
		r := BroadcastRates{Broadcast: b}
		err := db.read.QueryRowContext(ctx, `SELECT coalesce(sum(CASE WHEN d.state = 'failed' THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN d.state = 'refused' THEN 1 ELSE 0 END), 0) FROM delivery d
			WHERE d.broadcast_id = $1 AND `+inTrouble+` AND d.state IN ('failed', 'refused') AND d.channel_id <> '' AND d.done_at >= $2`, b.ID, since).Scan(&r.Failed, &r.Refused)
		if err != nil {
			return nil, fmt.Errorf("count what failed: %w", err)
		}
		from := max(since, millis(b.SentAt))
		said, err := db.refusedSince(ctx, b, from)
		if err != nil {
			return nil, err
		}
		r.Refused += said
		if r.Failed+r.Refused < rateFrom {
			continue
		}
		err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM delivery d WHERE d.broadcast_id = $1 AND d.broadcast_id <> '' AND d.channel_id <> '' AND (d.state IN ('sent', 'delivered', 'seen') AND d.sent_at >= $2 OR d.state IN ('failed', 'refused') AND d.done_at >= $2)`, b.ID, since).Scan(&r.Settled)
		if err != nil {
			return nil, fmt.Errorf("count what was settled: %w", err)
		}
		out = append(out, r)
	}
	return out, nil
}

// refusedSince is how many who got a broadcast refused further messages after it began: whoever answers one of its addresses.
func (db *DB) refusedSince(ctx context.Context, b loa.Broadcast, from int64) (n int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT count(*) FROM (
			SELECT d.id FROM address x JOIN delivery d ON d.person_id = x.person_id AND d.person_id <> '' WHERE x.office_id = $1 AND x.opted_out_at > 0 AND x.opted_out_at >= $2 AND x.person_id <> ''
				AND d.broadcast_id = $3 AND d.network = x.network AND d.address = x.address AND d.first_at > 0 AND d.first_at <= x.opted_out_at AND d.state IN ('sent', 'delivered', 'seen', 'unsure')
			UNION SELECT d.id FROM address x JOIN person p ON p.phone = '+' || x.address AND p.phone <> '' JOIN delivery d ON d.person_id = p.id AND d.person_id <> '' WHERE x.office_id = $1 AND x.opted_out_at > 0 AND x.opted_out_at >= $2
				AND d.broadcast_id = $3 AND d.network = x.network AND d.address = x.address AND d.first_at > 0 AND d.first_at <= x.opted_out_at AND d.state IN ('sent', 'delivered', 'seen', 'unsure')) t`, b.Office, from, b.ID).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count who refused: %w", err)
	}
	return n, nil
}

// AutoPause pauses a broadcast that goes wrong; nobody of an office did it. It says whether it was still being sent.
func (db *DB) AutoPause(ctx context.Context, id loa.BroadcastID, why string, at time.Time) (paused bool, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		b, err := scanBroadcast(tx.QueryRowContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.id = $1`+db.forUpdate(), id))
		if err != nil {
			return notFound(err)
		}
		if b.State != loa.BroadcastSending {
			return nil
		}
		if err := b.Move(loa.BroadcastPaused, why); err != nil {
			return err
		}
		paused = true
		if err := saveBroadcast(ctx, tx, &b); err != nil {
			return err
		}
		return addAudit(ctx, tx, b.Office, loa.By{At: at}, "paused", "broadcast", string(id), why)
	})
	return paused, err
}
