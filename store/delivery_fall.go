package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// FailedDeliveries are those of a broadcast that failed and whose next rung nobody has looked for yet.
func (db *DB) FailedDeliveries(ctx context.Context, id loa.BroadcastID, take int) ([]loa.Delivery, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE broadcast_id = $1 AND state = 'failed' AND NOT fallen ORDER BY id`+limit(take), id)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read what failed: %w", err)
	}
	return list, nil
}

// FallDeliveries puts people on the next rung after the one that failed, as one: whoever does it twice, or is killed on the way, puts
// nobody on a rung twice. Nothing falls while the broadcast is stopped.
func (db *DB) FallDeliveries(ctx context.Context, id loa.BroadcastID, failed []loa.DeliveryID, next []loa.Delivery) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var state loa.BroadcastState
		if err := tx.QueryRowContext(ctx, `SELECT state FROM broadcast WHERE id = $1`+db.forUpdate(), id).Scan(&state); err != nil {
			return notFound(err)
		}
		if state != loa.BroadcastSending && state != loa.BroadcastPaused && state != loa.BroadcastDone {
			return loa.Refuse(loa.Conflict, "", "broadcast_state")
		}
		if err := db.addDeliveries(ctx, tx, id, next); err != nil {
			return err
		}
		for _, d := range failed {
			if _, err := tx.ExecContext(ctx, `UPDATE delivery SET fallen = TRUE WHERE id = $1 AND broadcast_id = $2`, d, id); err != nil {
				return fmt.Errorf("note that %s fell: %w", d, err)
			}
		}
		return nil
	})
}
