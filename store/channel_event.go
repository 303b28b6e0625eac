package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"loa"
)

// Hear keeps what a provider told, each thing once, and applies what it says of deliveries. What is about a message whose reference is not
// known yet waits for it. It answers with what had not been told before.
func (db *DB) Hear(ctx context.Context, office loa.OfficeID, now time.Time, list []loa.Heard) (fresh []loa.Heard, err error) {
	err = db.txAgain(ctx, func(tx *sql.Tx) error {
		fresh = fresh[:0]
		for _, h := range list {
			res, err := tx.ExecContext(ctx, `INSERT INTO channel_event (channel_id, key, office_id, kind, ref, ref_also, delivery_id, body, happened_at, heard_at, todo) VALUES (`+placeholders(1, 11)+`) ON CONFLICT (channel_id, key) DO NOTHING`,
				h.Channel, h.Key, office, h.Kind, h.Ref, first(h.Also), h.Delivery, heardText(h), millis(h.At), millis(now), h.State == "")
			if err != nil {
				return fmt.Errorf("keep what was told: %w", err)
			}
			if n, err := res.RowsAffected(); err != nil || n == 0 {
				if err != nil {
					return err
				}
				continue
			}
			fresh = append(fresh, h)
			if h.State == "" {
				continue
			}
			if _, err := applyHeard(ctx, tx, h, now); err != nil {
				return err
			}
		}
		return nil
	})
	return fresh, err
}

// first is the other spelling of a reference; providers have one at most.
func first(also []string) string {
	if len(also) == 0 {
		return ""
	}
	return also[0]
}

// heardText keeps what an event makes of a delivery in front of its body, so that it can be applied later.
func heardText(h loa.Heard) string { return string(h.State) + " " + h.Code + "\n" + h.Body }

func heardBack(h *loa.Heard, text string) {
	head, body, _ := strings.Cut(text, "\n")
	state, code, _ := strings.Cut(head, " ")
	h.State, h.Code, h.Body = loa.DeliveryState(state), code, body
}

// applyHeard lets a delivery hear; false when nobody knows the message yet.
func applyHeard(ctx context.Context, tx *sql.Tx, h loa.Heard, now time.Time) (bool, error) {
	id := h.Delivery
	if id == "" {
		if h.Ref == "" {
			return false, nil
		}
		err := tx.QueryRowContext(ctx, `SELECT id FROM delivery WHERE channel_id = $1 AND ref IN ($2, $3) AND ref <> '' ORDER BY id`+limit(1), h.Channel, h.Ref, first(h.Also)).Scan(&id)
		if err == sql.ErrNoRows {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("find the delivery: %w", err)
		}
	}
	weaker := loa.Weaker(h.State)
	args := []any{h.State, h.Code, h.Ref, millis(h.At), h.Cost, id, h.Channel}
	for _, w := range weaker {
		args = append(args, w)
	}
	sent := h.State == loa.DeliverySent
	set := `done_at = $4`
	if sent {
		set = `sent_at = $4`
	}
	d := loa.Delivery{ID: id, Code: h.Code}
	switch err := tx.QueryRowContext(ctx, `UPDATE delivery SET state = $1, code = $2, ref = CASE WHEN ref = '' THEN $3 ELSE ref END, first_at = CASE WHEN first_at = 0 THEN $4 ELSE first_at END, `+set+`, cost = cost + $5 WHERE id = $6 AND channel_id = $7 AND state IN (`+placeholders(8, len(weaker))+`) RETURNING office_id, broadcast_id, network, address`, args...).
		Scan(&d.Office, &d.Broadcast, &d.Network, &d.To); {
	case err == nil:
		if err := applyToAddress(ctx, tx, d, h); err != nil {
			return false, err
		}
	case err != sql.ErrNoRows:
		return false, fmt.Errorf("apply what was told: %w", err)
	case h.Delivery != "":
		var there bool
		err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM delivery WHERE id = $1 AND channel_id = $2)`, id, h.Channel).Scan(&there)
		if err != nil || !there {
			return false, err // nobody's: it waits, and is found by whoever looks why
		}
	}
	if _, err := tx.ExecContext(ctx, `UPDATE channel_event SET applied_at = $1 WHERE channel_id = $2 AND key = $3`, millis(now), h.Channel, h.Key); err != nil {
		return false, fmt.Errorf("note that it was applied: %w", err)
	}
	return true, nil
}

// applyToAddress lets what became of a message tell of the address it went to.
func applyToAddress(ctx context.Context, tx *sql.Tx, d loa.Delivery, h loa.Heard) error {
	switch h.State {
	case loa.DeliveryRefused:
		if err := replyFailed(ctx, tx, d, h.At); err != nil {
			return err
		}
		return addressRefused(ctx, tx, d, h.At)
	case loa.DeliveryFailed:
		if err := replyFailed(ctx, tx, d, h.At); err != nil {
			return err
		}
		return addressFailed(ctx, tx, d, h.At)
	case loa.DeliveryDelivered, loa.DeliverySeen:
		return addressReached(ctx, tx, d)
	}
	return nil
}

// hearWaiting applies what was told of messages before their references were known.
func hearWaiting(ctx context.Context, tx *sql.Tx, done []loa.Delivery) error {
	byChannel := map[loa.ChannelID][]any{}
	at := map[loa.ChannelID]time.Time{}
	for _, d := range done {
		if d.Ref != "" {
			byChannel[d.Channel] = append(byChannel[d.Channel], d.Ref)
			at[d.Channel] = d.SentAt
		}
	}
	for id, refs := range byChannel {
		var waits bool
		if err := tx.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM channel_event WHERE channel_id = $1 AND applied_at = 0 AND ref <> '')`, id).Scan(&waits); err != nil {
			return fmt.Errorf("look for what waits: %w", err)
		}
		if !waits {
			continue
		}
		rows, err := tx.QueryContext(ctx, `SELECT key, kind, ref, ref_also, delivery_id, body, happened_at FROM channel_event WHERE channel_id = $1 AND applied_at = 0 AND (ref IN (`+placeholders(2, len(refs))+`) OR ref_also <> '' AND ref_also IN (`+placeholders(2, len(refs))+`)) ORDER BY happened_at, key`, append([]any{id}, refs...)...)
		list, err := collect(rows, err, func(r *sql.Rows) (h loa.Heard, err error) {
			var body, also string
			var happened int64
			err = r.Scan(&h.Key, &h.Kind, &h.Ref, &also, &h.Delivery, &body, &happened)
			h.Channel, h.At = id, instant(happened)
			if also != "" {
				h.Also = []string{also}
			}
			heardBack(&h, body)
			return h, err
		})
		if err != nil {
			return fmt.Errorf("read what waits: %w", err)
		}
		for _, h := range list {
			if h.State == "" {
				continue
			}
			if _, err := applyHeard(ctx, tx, h, at[id]); err != nil {
				return err
			}
		}
	}
	return nil
}

// WaitingEvents are the oldest things told that nobody has taken in yet and that are no matter of a delivery.
func (db *DB) WaitingEvents(ctx context.Context, take int) ([]loa.Heard, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT channel_id, key, kind, ref, delivery_id, body, happened_at FROM channel_event WHERE todo ORDER BY heard_at, channel_id, key`+limit(take))
	list, err := collect(rows, err, func(r *sql.Rows) (h loa.Heard, err error) {
		var body string
		var happened int64
		err = r.Scan(&h.Channel, &h.Key, &h.Kind, &h.Ref, &h.Delivery, &body, &happened)
		h.At = instant(happened)
		heardBack(&h, body)
		return h, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was told: %w", err)
	}
	return list, nil
}

// EventTaken notes that something told was taken in.
func (db *DB) EventTaken(ctx context.Context, h loa.Heard, now time.Time) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE channel_event SET todo = FALSE, applied_at = $1 WHERE channel_id = $2 AND key = $3`, millis(now), h.Channel, h.Key)
		if err != nil {
			return fmt.Errorf("note that it was taken in: %w", err)
		}
		return nil
	})
}
