package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// OptOut notes that whoever answers an address wants nothing more from the office, however they said it. It acts at once, and only a new
// agreement of a person ends it, or an officer's word that it was none.
func (db *DB) OptOut(ctx context.Context, office loa.OfficeID, by loa.By, network, to, how string) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, office, 1)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, opted_out_at, opted_out_how, change_no) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (office_id, network, address) DO UPDATE SET opted_out_at = CASE WHEN address.opted_out_at = 0 THEN excluded.opted_out_at ELSE address.opted_out_at END, opted_out_how = excluded.opted_out_how, change_no = excluded.change_no`,
			office, network, to, millis(by.At), how, change)
		if err != nil {
			return fmt.Errorf("note the refusal: %w", err)
		}
		return addAudit(ctx, tx, office, by, "opted_out", "address", network, how) // the log holds no numbers of people
	})
}

// badAfter is how often in a row an address must fail before nothing more is sent to it.
const badAfter = 3

// addressFailed notes that an address was not reached; three times in a row tell it from a telephone that was off.
func addressFailed(ctx context.Context, tx *sql.Tx, d loa.Delivery, at time.Time) error {
	if d.To == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, fails, bad_code) VALUES ($1, $2, $3, 1, $4)
		ON CONFLICT (office_id, network, address) DO UPDATE SET fails = address.fails + 1, bad_code = excluded.bad_code, bad_at = CASE WHEN address.bad_at = 0 AND address.fails + 1 >= $5 THEN $6 ELSE address.bad_at END`,
		d.Office, d.Network, d.To, d.Code, badAfter, millis(at))
	if err != nil {
		return fmt.Errorf("note that an address failed: %w", err)
	}
	return nil
}

// addressReached ends the count of failures.
func addressReached(ctx context.Context, tx *sql.Tx, d loa.Delivery) error {
	_, err := tx.ExecContext(ctx, `UPDATE address SET fails = 0, bad_at = 0, bad_code = '' WHERE office_id = $1 AND network = $2 AND address = $3 AND fails > 0`, d.Office, d.Network, d.To)
	if err != nil {
		return fmt.Errorf("note that an address was reached: %w", err)
	}
	return nil
}

// addressRefused notes that the network says its owner wants nothing more.
func addressRefused(ctx context.Context, tx *sql.Tx, d loa.Delivery, at time.Time) error {
	if d.To == "" {
		return nil
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO address (office_id, network, address, opted_out_at, opted_out_how) VALUES ($1, $2, $3, $4, 'network')
		ON CONFLICT (office_id, network, address) DO UPDATE SET opted_out_at = CASE WHEN address.opted_out_at = 0 THEN excluded.opted_out_at ELSE address.opted_out_at END, opted_out_how = CASE WHEN address.opted_out_at = 0 THEN 'network' ELSE address.opted_out_how END`,
		d.Office, d.Network, d.To, millis(at))
	if err != nil {
		return fmt.Errorf("note a refusal: %w", err)
	}
	return nil
}

// AddressOfDelivery is where a message of an account went, by our own ID of it or the provider's reference.
func (db *DB) AddressOfDelivery(ctx context.Context, channel loa.ChannelID, id loa.DeliveryID, ref string) (network, to string, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT network, address FROM delivery WHERE channel_id = $1 AND id = $2`, channel, id).Scan(&network, &to)
	if err == sql.ErrNoRows && ref != "" {
		err = db.read.QueryRowContext(ctx, `SELECT network, address FROM delivery WHERE channel_id = $1 AND ref = $2 AND ref <> '' ORDER BY id`+limit(1), channel, ref).Scan(&network, &to)
	}
	return network, to, notFound(err)
}

// RefusableDelivery is the office, network and address behind a message that went out: what whoever holds its link may refuse. It takes no
// scope, since it is how somebody without one arrives.
func (db *DB) RefusableDelivery(ctx context.Context, id loa.DeliveryID) (d loa.Delivery, err error) {
	var first int64
	err = db.read.QueryRowContext(ctx, `SELECT id, office_id, network, address, first_at FROM delivery WHERE id = $1 AND state NOT IN ('held', 'by_hand') AND address <> '' AND place_id = ''`, id).Scan(&d.ID, &d.Office, &d.Network, &d.To, &first)
	if err != nil || first > 0 {
		return d, notFound(err)
	}
	open, err := claimsIn(ctx, db.read, d.Office) // it may be there before its outcome is written down
	if err != nil {
		return loa.Delivery{}, err
	}
	for _, of := range taken(open) {
		if of[id] {
			return d, nil
		}
	}
	return loa.Delivery{}, loa.ErrNotFound
}

// OptedOut says whether whoever answers an address refused everything of the office.
func (db *DB) OptedOut(ctx context.Context, office loa.OfficeID, network, to string) (refused bool, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM address WHERE office_id = $1 AND network = $2 AND address = $3 AND opted_out_at > 0)`, office, network, to).Scan(&refused)
	return refused, err
}
