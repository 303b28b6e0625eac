package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa"
)

// BroadcastsGoing are the broadcasts of all offices that the sending loop has to look after: those that may begin, are being sent, or
// are paused while people are still put into the ledger.
func (db *DB) BroadcastsGoing(ctx context.Context, today loa.Day) ([]loa.Broadcast, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.state IN ('approved', 'sending', 'paused') AND (b.state <> 'approved' OR b.from_on <= $1) ORDER BY b.sent_at, b.id`, today)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Broadcast, error) { return scanBroadcast(r) })
	if err != nil {
		return nil, fmt.Errorf("read the broadcasts that go: %w", err)
	}
	return list, nil
}

// BroadcastsToAir are the broadcasts of an office that are approved, have not begun, and will be played at loudspeakers: they hold their
// times though nothing of them is in the ledger.
func (db *DB) BroadcastsToAir(ctx context.Context, office loa.OfficeID) ([]loa.Broadcast, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.office_id = $1 AND b.state IN ('approved', 'paused') AND b.sent_at = 0 ORDER BY b.created_at, b.id`, office)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Broadcast, error) { return scanBroadcast(r) })
	if err != nil {
		return nil, fmt.Errorf("read the broadcasts to be played: %w", err)
	}
	return slices.DeleteFunc(list, func(b loa.Broadcast) bool {
		return !slices.ContainsFunc(b.Outlets, func(o loa.Outlet) bool { return o.Network == loa.SpeakerNetwork })
	}), nil
}

// TakeBroadcast says whether a process may look after a broadcast: it alone, until its word runs out.
func (db *DB) TakeBroadcast(ctx context.Context, id loa.BroadcastID, by string, now time.Time, lease time.Duration) (mine bool, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		res, err := tx.ExecContext(ctx, `UPDATE broadcast SET work_by = $1, work_until = $2 WHERE id = $3 AND (work_by = $4 OR work_until < $5)`, by, millis(now.Add(lease)), id, by, millis(now))
		if err != nil {
			return fmt.Errorf("take the broadcast: %w", err)
		}
		n, err := res.RowsAffected()
		mine = n > 0
		return err
	})
	return mine, err
}

// SilentDeliveries are those whose rung is waited for no longer: a provider took them and told nothing more.
func (db *DB) SilentDeliveries(ctx context.Context, id loa.BroadcastID, now time.Time, take int) ([]loa.Delivery, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE broadcast_id = $1 AND wait_h > 0 AND state = 'sent' AND NOT fallen AND sent_at + wait_h * 3600000 <= $2 ORDER BY sent_at, id`+limit(take), id, millis(now))
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read the silent deliveries: %w", err)
	}
	return list, nil
}

// BroadcastOpen says whether anything may still come of a broadcast by itself: something waits to leave or is on its way, a failure's
// next rung has not been looked for, a rung is still waited for, or a loudspeaker has still to play it. Each part is one look into an index of few rows, and all are one
// statement: between two, what waits could be claimed by another process and be seen by neither.
func (db *DB) BroadcastOpen(ctx context.Context, b loa.Broadcast) (open bool, err error) {
	args := []any{b.ID}
	parts := []string{`state = 'failed' AND NOT fallen AND broadcast_id = $1`,
		`wait_h > 0 AND state = 'sent' AND NOT fallen AND broadcast_id = $1`}
	for _, id := range channelsOf(b) {
		if !slices.Contains(args[1:], any(id)) {
			args = append(args, id)
			parts = append(parts, `channel_id = $`+strconv.Itoa(len(args))+` AND broadcast_id = $1 AND state = 'queued'`)
		}
	}
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE `+strings.Join(parts, `) OR EXISTS (SELECT 1 FROM delivery WHERE `)+`) OR EXISTS (SELECT 1 FROM play WHERE broadcast_id = $1 AND state IN ('planned', 'accepted', 'downloaded', 'playing'))`, args...).Scan(&open)
	if err != nil {
		return false, fmt.Errorf("look whether a broadcast is over: %w", err)
	}
	return open, nil
}

// channelsOf are the accounts a broadcast goes over.
func channelsOf(b loa.Broadcast) (out []loa.ChannelID) {
	for _, r := range b.Ladder {
		out = append(out, r.Channel)
	}
	for _, o := range b.Outlets {
		out = append(out, o.Channel)
	}
	return out
}
