package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"loa"
)

// claimedPart are the deliveries of a claim that go to people, or places, of one broadcast over one network.
type claimedPart struct {
	Of      loa.BroadcastID  `json:"of,omitempty"` // empty: replies
	Purpose string           `json:"for,omitempty"`
	Over    string           `json:"over"`
	IDs     []loa.DeliveryID `json:"ids"`
	People  []loa.PersonID   `json:"people,omitempty"`
}

// openClaim is a group that somebody is sending just now.
type openClaim struct {
	at    time.Time
	parts []claimedPart
}

func scanOpenClaim(r *sql.Rows) (c openClaim, err error) {
	var at int64
	var body []byte
	if err := r.Scan(&at, &body); err != nil {
		return c, err
	}
	c.at = instant(at)
	return c, json.Unmarshal(body, &c.parts)
}

// claimsOf are the open claims of an account.
func claimsOf(ctx context.Context, q querier, id loa.ChannelID) ([]openClaim, error) {
	return collectClaims(q.QueryContext(ctx, `SELECT at, body FROM claim WHERE channel_id = $1`, id))
}

// claimsIn are the open claims of an office.
func claimsIn(ctx context.Context, q querier, office loa.OfficeID) ([]openClaim, error) {
	return collectClaims(q.QueryContext(ctx, `SELECT at, body FROM claim WHERE office_id = $1`, office))
}

func collectClaims(rows *sql.Rows, err error) ([]openClaim, error) {
	list, err := collect(rows, err, scanOpenClaim)
	if err != nil {
		return nil, fmt.Errorf("read what is on its way: %w", err)
	}
	return list, nil
}

// taken are the deliveries of claims, by their broadcast.
func taken(list []openClaim) map[loa.BroadcastID]map[loa.DeliveryID]bool {
	out := map[loa.BroadcastID]map[loa.DeliveryID]bool{}
	for _, c := range list {
		for _, p := range c.parts {
			if out[p.Of] == nil {
				out[p.Of] = make(map[loa.DeliveryID]bool, len(p.IDs))
			}
			for _, id := range p.IDs {
				out[p.Of][id] = true
			}
		}
	}
	return out
}

// ClaimDeliveries takes what may be sent now, within the account's pace and quota, which all processes share. The claim is written down
// before anybody sends any of it: after a power cut it tells what may have left.
func (db *DB) ClaimDeliveries(ctx context.Context, c loa.Claim) (out loa.Claimed, err error) {
	err = db.txAgain(ctx, func(tx *sql.Tx) error {
		out, err = db.claim(ctx, tx, c)
		return err
	})
	return out, err
}

// SettleDeliveries writes what became of all that was claimed together, and claims the next. SQLite does both as one; on PostgreSQL, where
// others wait for rows, each is one by itself: who settles holds messages and wants no broadcast, who stops a broadcast wants its messages.
func (db *DB) SettleDeliveries(ctx context.Context, id loa.ClaimID, done []loa.Delivery, next *loa.Claim) (out loa.Claimed, err error) {
	err = db.txAgain(ctx, func(tx *sql.Tx) error {
		late, err := endClaim(ctx, tx, id, len(done))
		if err != nil {
			return err
		}
		if err := db.settleDeliveries(ctx, tx, done, late); err != nil {
			return err
		}
		if next != nil && !db.postgres {
			out, err = db.claim(ctx, tx, *next)
		}
		return err
	})
	if err == nil && next != nil && db.postgres {
		return db.ClaimDeliveries(ctx, *next)
	}
	return out, err
}

// endClaim gives a claim back, and tells whether it was too late for it: another process took it for lost.
func endClaim(ctx context.Context, tx *sql.Tx, id loa.ClaimID, done int) (late bool, err error) {
	var n int
	switch err := tx.QueryRowContext(ctx, `DELETE FROM claim WHERE id = $1 RETURNING n`, id).Scan(&n); {
	case err == sql.ErrNoRows:
		return true, nil
	case err != nil:
		return false, fmt.Errorf("end a claim: %w", err)
	case n != done: // what is not told of would be claimed anew, and sent twice
		return false, fmt.Errorf("end a claim: %d of %d are told of", done, n)
	}
	return false, nil
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
	open, err := claimsOf(ctx, tx, c.Channel) // read before what waits: what is given back between the two is missed, and not taken twice
	if err != nil {
		return out, err
	}
	others := taken(open)
	var parts []claimedPart
	for i := range list {
		room, later := list[i].allow(c.Now, n-len(out.Deliveries))
		if room <= 0 {
			out.Again = sooner(out.Again, later)
			continue
		}
		got, err := db.waiting(ctx, tx, c, list[i].id, room, others[list[i].id])
		if err != nil {
			return out, err
		}
		if list[i].use(c.Now, len(got)) {
			res, err := tx.ExecContext(ctx, `UPDATE broadcast SET paced_us = $1 WHERE id = $2 AND state = 'sending'`, list[i].paced, list[i].id)
			if err != nil {
				return out, fmt.Errorf("note the pace: %w", err)
			}
			if still, err := res.RowsAffected(); err != nil || still == 0 { // somebody was just pausing or stopping it
				if err != nil {
					return out, err
				}
				continue
			}
		}
		for j := range got {
			got[j].Office = office
		}
		parts = append(parts, partsOf(list[i], got)...)
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
	body, err := json.Marshal(parts)
	if err != nil {
		return out, err
	}
	out.ID = loa.ClaimID(loa.NewID())
	if _, err := tx.ExecContext(ctx, `INSERT INTO claim (id, office_id, channel_id, by_process, repeatable, at, until, n, body) VALUES (`+placeholders(1, 9)+`)`,
		out.ID, office, c.Channel, c.By, c.Repeatable, millis(c.Now), millis(c.Now.Add(c.Lease)), len(out.Deliveries), string(body)); err != nil {
		return out, fmt.Errorf("claim: %w", err)
	}
	return out, nil
}

// partsOf are deliveries of one broadcast as a claim tells of them.
func partsOf(of turn, list []loa.Delivery) (out []claimedPart) {
	for _, d := range list {
		i := slices.IndexFunc(out, func(p claimedPart) bool { return p.Over == d.Network })
		if i < 0 {
			i, out = len(out), append(out, claimedPart{Of: of.id, Purpose: of.purpose, Over: d.Network, IDs: make([]loa.DeliveryID, 0, len(list)), People: make([]loa.PersonID, 0, len(list))})
		}
		out[i].IDs = append(out[i].IDs, d.ID)
		if d.Person != "" {
			out[i].People = append(out[i].People, d.Person)
		}
	}
	return out
}

// waiting are the next deliveries of a broadcast over an account that nobody else is sending.
func (db *DB) waiting(ctx context.Context, tx *sql.Tx, c loa.Claim, of loa.BroadcastID, n int, others map[loa.DeliveryID]bool) ([]loa.Delivery, error) {
	look := n
	if len(others) > 0 {
		look = (n + len(others) + 127) / 128 * 128 // few different texts
	}
	rows, err := tx.QueryContext(ctx, `SELECT id, area_id, person_id, place_id, rung, network, address, lang, tries, ref, resume, first_at FROM delivery
		WHERE channel_id = $1 AND broadcast_id = $2 AND state = 'queued' AND not_before <= $3 ORDER BY not_before, id`+limit(look), c.Channel, of, millis(c.Now))
	if err != nil {
		return nil, fmt.Errorf("look for what waits: %w", err)
	}
	defer rows.Close()
	out := make([]loa.Delivery, 0, n)
	for len(out) < n && rows.Next() {
		var first int64
		d := loa.Delivery{Broadcast: of, Channel: c.Channel, State: loa.DeliveryQueued}
		if err := rows.Scan(&d.ID, &d.Area, &d.Person, &d.Place, &d.Rung, &d.Network, &d.To, &d.Lang, &d.Tries, &d.Ref, &d.Resume, &first); err != nil {
			return nil, fmt.Errorf("look for what waits: %w", err)
		}
		if others[d.ID] {
			continue
		}
		d.Tries++
		d.FirstAt = instant(first)
		out = append(out, d)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("look for what waits: %w", err)
	}
	return out, nil
}

// ReleaseLost ends the claims of processes that are gone: what a provider drops when it comes twice may be sent again, of the rest nobody
// knows. It answers with how many may be sent again.
func (db *DB) ReleaseLost(ctx context.Context, now time.Time) (n int64, err error) {
	type lost struct {
		openClaim
		id         loa.ClaimID
		repeatable bool
	}
	var any bool
	if err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM claim WHERE until < $1)`, millis(now)).Scan(&any); err != nil || !any {
		return 0, err
	}
	err = db.txAgain(ctx, func(tx *sql.Tx) error {
		n = 0
		rows, err := tx.QueryContext(ctx, `SELECT id, repeatable, at, body FROM claim WHERE until < $1 ORDER BY id`+db.forUpdate(), millis(now))
		list, err := collect(rows, err, func(r *sql.Rows) (l lost, err error) {
			var at int64
			var body []byte
			if err := r.Scan(&l.id, &l.repeatable, &at, &body); err != nil {
				return l, err
			}
			l.at = instant(at)
			return l, json.Unmarshal(body, &l.parts)
		})
		if err != nil {
			return fmt.Errorf("read what was lost: %w", err)
		}
		for _, l := range list {
			if _, err := tx.ExecContext(ctx, `DELETE FROM claim WHERE id = $1`, l.id); err != nil {
				return fmt.Errorf("end a lost claim: %w", err)
			}
			for _, p := range l.parts {
				these, err := asList(db.dialect, p.IDs)
				if err != nil {
					return err
				}
				state := `CASE WHEN state IN ('queued', 'stopped', 'held') THEN 'unsure' ELSE state END`
				if l.repeatable { // what was stopped meanwhile is not sent again, and may have left
					state = `CASE WHEN state IN ('stopped', 'held') THEN 'unsure' ELSE state END`
				}
				rows, err := tx.QueryContext(ctx, `UPDATE delivery SET state = `+state+`, tries = tries + 1, first_at = CASE WHEN first_at = 0 THEN $1 ELSE first_at END WHERE `+db.among("id", 2)+` RETURNING state`, millis(l.at), these)
				back, err := collectIDs(rows, err)
				if err != nil {
					return fmt.Errorf("take back what was lost: %w", err)
				}
				for _, state := range back {
					if state == string(loa.DeliveryQueued) {
						n++
					}
				}
			}
		}
		return nil
	})
	return n, err
}
