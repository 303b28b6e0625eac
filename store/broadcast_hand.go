package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"time"

	"loa"
)

// HandLine is one line of a list of calls or visits, in walking order.
type HandLine struct {
	Told
	Household loa.HouseholdID
	Walk      int
}

// HandList is a list of calls or visits of a broadcast, village by village and house by house; those whom it was said to try later come
// after that day only.
func (db *DB) HandList(ctx context.Context, in loa.Scope, id loa.BroadcastID, network string, area loa.AreaID, skip, take int) ([]HandLine, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args, err := db.toldWhere(ctx, in, id, ToldFilter{States: []loa.DeliveryState{loa.DeliveryByHand}, Rung: -1, Network: network, Area: area})
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT d.id, d.person_id, d.area_id, d.rung, d.network, d.state, d.tries, d.code, d.not_before, p.name, p.born_year, p.phone, p.household_id, coalesce(h.walk_order, 0) AS walk
		FROM delivery d JOIN area a ON a.id = d.area_id JOIN person p ON p.id = d.person_id LEFT JOIN household h ON h.id = p.household_id AND p.household_id <> ''
		WHERE `+where+` ORDER BY a.path, walk, p.household_id, d.person_id`+limit(take)+` OFFSET `+strconv.Itoa(skip), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (l HandLine, err error) {
		var notBefore int64
		err = r.Scan(&l.ID, &l.Person, &l.Village, &l.Rung, &l.Network, &l.State, &l.Tries, &l.Code, &notBefore, &l.Name, &l.Born, &l.Phone, &l.Household, &l.Walk)
		l.NotBefore, l.Area, l.Broadcast = instant(notBefore), l.Village, id
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read a list of a broadcast: %w", err)
	}
	return list, nil
}

// HandDone are the lines of a list that got a result last, the latest first.
func (db *DB) HandDone(ctx context.Context, in loa.Scope, id loa.BroadcastID, network string, take int) ([]HandLine, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args, err := db.toldWhere(ctx, in, id, ToldFilter{States: []loa.DeliveryState{loa.DeliveryDelivered, loa.DeliveryFailed}, Rung: -1, Network: network})
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT d.id, d.person_id, d.area_id, d.state, d.code, d.done_at, p.name, p.born_year, p.phone FROM delivery d JOIN area a ON a.id = d.area_id JOIN person p ON p.id = d.person_id
		WHERE `+where+` ORDER BY d.done_at DESC, d.id`+limit(take), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (l HandLine, err error) {
		var done int64
		err = r.Scan(&l.ID, &l.Person, &l.Village, &l.State, &l.Code, &done, &l.Name, &l.Born, &l.Phone)
		l.Area, l.Network, l.Broadcast, l.DoneAt = l.Village, network, id, instant(done)
		return l, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what was worked off: %w", err)
	}
	return list, nil
}

// HandByArea is how many lines of a list are left in each village.
func (db *DB) HandByArea(ctx context.Context, in loa.Scope, id loa.BroadcastID, network string) (map[loa.AreaID]int64, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args, err := db.toldWhere(ctx, in, id, ToldFilter{States: []loa.DeliveryState{loa.DeliveryByHand}, Rung: -1, Network: network})
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT d.area_id, count(*) FROM delivery d JOIN area a ON a.id = d.area_id WHERE `+where+` GROUP BY d.area_id`, args...)
	if err != nil {
		return nil, fmt.Errorf("count a list of a broadcast: %w", err)
	}
	defer rows.Close()
	out := map[loa.AreaID]int64{}
	for rows.Next() {
		var area loa.AreaID
		var n int64
		if err := rows.Scan(&area, &n); err != nil {
			return nil, err
		}
		out[area] = n
	}
	return out, rows.Err()
}

// handDelivery is a line of a list inside the scope, locked.
func (db *DB) handDelivery(ctx context.Context, tx *sql.Tx, in loa.Scope, id loa.BroadcastID, delivery loa.DeliveryID) (d loa.Delivery, purpose string, err error) {
	where, args := inScope(in, "a.path", 4)
	err = tx.QueryRowContext(ctx, `SELECT d.id, d.area_id, d.person_id, d.rung, d.network, d.state, d.tries, d.ref, d.code, b.purpose, d.fallen FROM delivery d JOIN area a ON a.id = d.area_id JOIN broadcast b ON b.id = d.broadcast_id
		WHERE d.id = $1 AND d.broadcast_id = $2 AND d.office_id = $3 AND d.network IN ('call', 'visit') AND `+where, append([]any{delivery, id, in.Office}, args...)...).
		Scan(&d.ID, &d.Area, &d.Person, &d.Rung, &d.Network, &d.State, &d.Tries, &d.Ref, &d.Code, &purpose, &d.BadNumber)
	return d, purpose, notFound(err)
}

// RecordHand writes what became of one line of a list. Somebody met is a visit like any other; a refusal holds from now on; whoever was
// given up falls to the next rung, as after a message that failed.
func (db *DB) RecordHand(ctx context.Context, in loa.Scope, by loa.By, id loa.BroadcastID, h loa.HandResult) error {
	if err := h.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // one after another
			return err
		}
		d, purpose, err := db.handDelivery(ctx, tx, in, id, h.Delivery)
		switch {
		case err != nil:
			return err
		case d.State != loa.DeliveryByHand && d.Ref == string(h.Fact):
			return nil // the same form sent twice
		case d.State != loa.DeliveryByHand:
			return loa.Refuse(loa.Conflict, "", "delivery_state")
		}
		fact := loa.Fact{ID: h.Fact, HappenedOn: h.On}
		if d.Network == loa.VisitList && h.Outcome != loa.GivenUp {
			if err := addVisit(ctx, tx, in, by, loa.Visit{Fact: fact, Person: d.Person, Form: loa.VisitForm, Outcome: h.Outcome, Note: h.Note, NextOn: h.NextOn}); err != nil {
				return err
			}
		}
		if h.Outcome == "refused" {
			c := loa.Consent{Fact: loa.Fact{ID: h.Refusal, HappenedOn: h.On}, Person: d.Person, Purpose: purpose, Channel: d.Network, How: map[string]string{loa.CallList: "phone", loa.VisitList: "spoken"}[d.Network], Proof: h.Note}
			if err := addConsent(ctx, tx, in, by, c); err != nil {
				return err
			}
		}
		return settleHand(ctx, tx, by, d, h)
	})
}

func settleHand(ctx context.Context, tx *sql.Tx, by loa.By, d loa.Delivery, h loa.HandResult) error {
	state := h.State()
	var done, first, again time.Time
	if state != loa.DeliveryByHand {
		done = by.At
	}
	if d.Network == loa.CallList && (state == loa.DeliveryDelivered || state == loa.DeliveryRefused) {
		first = by.At // a call that was taken is a contact; a visit is one by its own record
	}
	if h.NextOn != "" && state == loa.DeliveryByHand {
		again = h.NextOn.Time()
	}
	ref := string(h.Fact)
	if state == loa.DeliveryByHand {
		ref = d.Ref
	}
	_, err := tx.ExecContext(ctx, `UPDATE delivery SET state = $1, code = $2, tries = tries + 1, done_at = $3, first_at = $4, not_before = $5, ref = $6 WHERE id = $7`, state, h.Outcome, millis(done), millis(first), millis(again), ref, d.ID)
	if err != nil {
		return fmt.Errorf("write a line of a list: %w", err)
	}
	return nil
}

// ReopenHand takes the result of a line back, with the visit it made. A refusal stays where it stands: only the person takes it back.
func (db *DB) ReopenHand(ctx context.Context, in loa.Scope, by loa.By, id loa.BroadcastID, delivery loa.DeliveryID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil {
			return err
		}
		d, _, err := db.handDelivery(ctx, tx, in, id, delivery)
		fallen := d.BadNumber
		switch {
		case err != nil:
			return err
		case d.State == loa.DeliveryByHand:
			return nil
		case d.State == loa.DeliveryRefused || fallen || d.State != loa.DeliveryDelivered && d.State != loa.DeliveryFailed:
			return loa.Refuse(loa.Conflict, "", "delivery_state")
		}
		if d.Network == loa.VisitList && d.Code != loa.GivenUp {
			v := loa.Visit{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: by.Day(), Corrects: loa.FactID(d.Ref), Void: true}, Person: d.Person, Form: loa.VisitForm}
			if err := addVisit(ctx, tx, in, by, v); err != nil {
				return err
			}
		}
		if _, err := tx.ExecContext(ctx, `UPDATE delivery SET state = 'by_hand', code = '', ref = '', done_at = 0, first_at = 0, tries = CASE WHEN tries > 0 THEN tries - 1 ELSE 0 END WHERE id = $1`, d.ID); err != nil {
			return fmt.Errorf("reopen a line of a list: %w", err)
		}
		return nil
	})
}
