package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"

	"loa"
)

// saidByOfficer is the code of a delivery that a person settled.
const saidByOfficer = "said_by_officer"

// SettleUnsure writes down what a person found out about messages nobody knew of: that they arrived, or that they did not. People whom they
// did not reach fall to the next rung; a loudspeaker that did not play, or a group that was not told, stays told by nobody. It answers with
// how many were still unsure.
func (db *DB) SettleUnsure(ctx context.Context, in loa.Scope, by loa.By, id loa.BroadcastID, list []loa.DeliveryID, arrived bool) (n int64, err error) {
	if len(list) == 0 || len(list) > 500 {
		return 0, loa.Refuse(loa.Invalid, "delivery", "out_of_range", 1, 500)
	}
	to := settledAs(arrived)
	err = db.tx(ctx, func(tx *sql.Tx) error {
		where, args := inScope(in, "a.path", 6)
		args = append([]any{to, saidByOfficer, millis(by.At), id, in.Office}, args...)
		these := placeholders(len(args)+1, len(list))
		rows, err := tx.QueryContext(ctx, `UPDATE delivery SET state = $1, code = $2, done_at = $3 WHERE broadcast_id = $4 AND office_id = $5 AND state = 'unsure'
			AND EXISTS (SELECT 1 FROM area a WHERE a.id = delivery.area_id AND `+where+`) AND id IN (`+these+`) RETURNING `+deliveryColumns, append(args, anyOf(list)...)...)
		done, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
		if err != nil {
			return fmt.Errorf("settle what was unsure: %w", err)
		}
		if n = int64(len(done)); n == 0 {
			return nil
		}
		for _, d := range done {
			if d.Network != loa.SpeakerNetwork || d.Place == "" {
				continue
			}
			if err := playSaid(ctx, tx, by, d.ID, arrived); err != nil {
				return err
			}
		}
		return addAudit(ctx, tx, in.Office, by, "settled", "broadcast", string(id), string(to)+" n="+strconv.FormatInt(n, 10))
	})
	return n, err
}

func settledAs(arrived bool) loa.DeliveryState {
	if arrived {
		return loa.DeliveryDelivered
	}
	return loa.DeliveryFailed
}

// playSaid lets the play behind a settled delivery follow, with the person as its proof: no device told of it.
func playSaid(ctx context.Context, tx *sql.Tx, by loa.By, id loa.DeliveryID, played bool) error {
	state, why := loa.PlayPlayed, ""
	if !played {
		state, why = loa.PlayFailed, saidByOfficer
	}
	var at int64
	err := tx.QueryRowContext(ctx, `UPDATE play SET state = $1, why = $2, proof = 'person', officer_id = $3, proved_at = $4 WHERE delivery_id = $5 AND proof <> 'device' AND state <> 'cancelled' RETURNING at`, state, why, by.Officer, millis(by.At), id).Scan(&at)
	switch {
	case err == sql.ErrNoRows || err == nil && !played:
		return nil
	case err != nil:
		return fmt.Errorf("note a person's word of a play: %w", err)
	}
	return expose(ctx, tx, id, instant(min(at, millis(by.At))))
}

// UnsurePlaces are the loudspeakers, groups and pages of a broadcast of which nobody knows whether they told it, in the order of its
// outlets; a broadcast has a few hundred at most.
func (db *DB) UnsurePlaces(ctx context.Context, in loa.Scope, id loa.BroadcastID) ([]loa.Delivery, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE broadcast_id = $1 AND broadcast_id <> '' AND person_id = '' AND place_id <> '' AND state = 'unsure'
		AND EXISTS (SELECT 1 FROM area a WHERE a.id = delivery.area_id AND `+where+`) ORDER BY rung`+limit(500), append([]any{id}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read the places nobody knows of: %w", err)
	}
	return list, nil
}

// unsureReplies names the conversations of an office with an answer of which nobody knows whether it arrived.
func unsureReplies(office loa.OfficeID, args []any) (string, []any) {
	args = append(args, office)
	return `c.id IN (SELECT t.conversation_id FROM delivery d JOIN turn t ON t.id = d.id WHERE d.office_id = $` + strconv.Itoa(len(args)) + ` AND d.state = 'unsure' AND d.broadcast_id = '')`, args
}

// SettleReply writes down what a person found out about an answer nobody knew of. Whoever it did not reach waits again.
// One that is not unsure any more is left alone.
func (db *DB) SettleReply(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, turn loa.TurnID, arrived bool) error {
	to := settledAs(arrived)
	return db.changeConversation(ctx, in, by, id, "settled", string(to), func(tx *sql.Tx, _ loa.Conversation, _ int64) error {
		d, err := scanDelivery(tx.QueryRowContext(ctx, `UPDATE delivery SET state = $1, code = $2, done_at = $3 WHERE id = $4 AND broadcast_id = '' AND state = 'unsure'
			AND EXISTS (SELECT 1 FROM turn t WHERE t.id = delivery.id AND t.conversation_id = $5) RETURNING `+deliveryColumns, to, saidByOfficer, millis(by.At), turn, id))
		if err == sql.ErrNoRows {
			return loa.Refuse(loa.Conflict, "", "not_unsure")
		}
		if err != nil {
			return fmt.Errorf("settle an answer: %w", err)
		}
		if !arrived {
			return replyFailed(ctx, tx, d, by.At)
		}
		return nil
	})
}

// AskReply lets the provider be asked once more what became of an answer nobody knows of, over the account it went by.
func (db *DB) AskReply(ctx context.Context, in loa.Scope, by loa.By, id loa.ConversationID, turn loa.TurnID) error {
	return db.changeConversation(ctx, in, by, id, "inquired", "", func(tx *sql.Tx, _ loa.Conversation, _ int64) error {
		res, err := tx.ExecContext(ctx, `INSERT INTO inquiry (delivery_id, channel_id, officer_id, asked_at) SELECT d.id, d.channel_id, CAST($1 AS TEXT), CAST($2 AS BIGINT) FROM delivery d JOIN turn t ON t.id = d.id
			WHERE d.id = $3 AND d.broadcast_id = '' AND d.state = 'unsure' AND t.conversation_id = $4
			ON CONFLICT (delivery_id) DO UPDATE SET officer_id = excluded.officer_id, asked_at = excluded.asked_at`, by.Officer, millis(by.At), turn, id)
		if err != nil {
			return fmt.Errorf("ask what became of an answer: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			if err == nil {
				err = loa.Refuse(loa.Conflict, "", "not_unsure")
			}
			return err
		}
		return nil
	})
}
