package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
)

// AskUnsure lets the providers be asked once more what became of messages nobody knows of, however old they are. It answers with how many
// were still unsure and came over one of the accounts that can be asked.
func (db *DB) AskUnsure(ctx context.Context, in loa.Scope, by loa.By, id loa.BroadcastID, list []loa.DeliveryID, accounts []loa.ChannelID) (n int64, err error) {
	if len(list) == 0 || len(list) > 500 {
		return 0, loa.Refuse(loa.Invalid, "delivery", "out_of_range", 1, 500)
	}
	if len(accounts) == 0 {
		return 0, nil
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		where, args := inScope(in, "a.path", 5)
		args = append([]any{by.Officer, millis(by.At), id, in.Office}, args...)
		these := placeholders(len(args)+1, len(list))
		args = append(args, anyOf(list)...)
		over := placeholders(len(args)+1, len(accounts))
		res, err := tx.ExecContext(ctx, `INSERT INTO inquiry (delivery_id, channel_id, officer_id, asked_at) SELECT d.id, d.channel_id, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM delivery d
			WHERE d.broadcast_id = $3 AND d.office_id = $4 AND d.state = 'unsure' AND EXISTS (SELECT 1 FROM area a WHERE a.id = d.area_id AND `+where+`) AND d.id IN (`+these+`) AND d.channel_id IN (`+over+`)
			ON CONFLICT (delivery_id) DO UPDATE SET officer_id = excluded.officer_id, asked_at = excluded.asked_at`, append(args, anyOf(accounts)...)...)
		if err != nil {
			return fmt.Errorf("ask what became of messages: %w", err)
		}
		if n, err = res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "inquired", "broadcast", string(id), "n="+strconv.FormatInt(n, 10))
	})
	return n, err
}

// TakeInquiries takes over what an account is to be asked: each is one process's, and asked once.
func (db *DB) TakeInquiries(ctx context.Context, id loa.ChannelID, take int) ([]loa.Delivery, error) {
	var any bool
	if err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM inquiry WHERE channel_id = $1)`, id).Scan(&any); err != nil || !any {
		return nil, err
	}
	var list []loa.Delivery
	err := db.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `DELETE FROM inquiry WHERE delivery_id IN (SELECT q.delivery_id FROM inquiry q WHERE q.channel_id = $1 ORDER BY q.asked_at, q.delivery_id`+limit(take)+db.skipLocked("q")+`) RETURNING delivery_id`, id)
		ids, err := collect(rows, err, func(r *sql.Rows) (id loa.DeliveryID, err error) { return id, r.Scan(&id) })
		if err != nil || len(ids) == 0 {
			return err
		}
		rows, err = tx.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE id IN (`+placeholders(1, len(ids))+`) AND state = 'unsure' ORDER BY id`, anyOf(ids)...)
		list, err = collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("take what is to be asked: %w", err)
	}
	return list, nil
}

// TestsOf are how many tests of a broadcast officers sent to themselves, and what these cost.
func (db *DB) TestsOf(ctx context.Context, in loa.Scope, id loa.BroadcastID) (n, cost int64, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT count(*), CAST(COALESCE(sum(d.cost), 0) AS BIGINT) FROM reply r JOIN delivery d ON d.id = r.delivery_id WHERE r.about_id = $1 AND r.about_id <> '' AND r.about_kind = $2 AND r.office_id = $3`, id, loa.AboutTest, in.Office).Scan(&n, &cost)
	if err != nil {
		return 0, 0, fmt.Errorf("count the tests of a broadcast: %w", err)
	}
	return n, cost, nil
}
