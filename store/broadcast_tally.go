package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"loa"
)

// tallyRest is how many times as long as counting took a count stays good: counting never takes more than a tenth of the time.
const tallyRest = 10

// tallyNewest is how old a count may be in any case.
const tallyNewest = 2 * time.Second

// Tally is how far a broadcast of the scope is, as far as it reaches people and places in the scope. A count that is young enough is shown as it was kept, whoever counted; the moment stands
// on it.
func (db *DB) Tally(ctx context.Context, in loa.Scope, id loa.BroadcastID, now func() time.Time) (BroadcastTally, error) {
	b, err := db.Broadcast(ctx, in, id)
	if err != nil {
		return BroadcastTally{}, err
	}
	whole, err := db.holdsBroadcasts(ctx, in, []loa.Broadcast{b})
	if err != nil {
		return BroadcastTally{}, err
	}
	if !whole[b.ID] {
		return db.partTally(ctx, in, b, now)
	}
	kept, err := scanTally(db.read.QueryRowContext(ctx, `SELECT tally, taken_at, took_ms FROM broadcast_tally WHERE broadcast_id = $1`, id))
	if err != nil && err != sql.ErrNoRows {
		return kept, fmt.Errorf("read how far it is: %w", err)
	}
	if age := now().Sub(kept.At); err == nil && age >= 0 && age < max(tallyNewest, tallyRest*kept.Took) {
		return kept, nil
	}
	return db.tally(ctx, b, now)
}

// tally counts anew and keeps it.
func (db *DB) tally(ctx context.Context, b loa.Broadcast, now func() time.Time) (BroadcastTally, error) {
	t, err := db.countTally(ctx, `FROM delivery d WHERE d.broadcast_id = $1 AND d.broadcast_id <> ''`, []any{b.ID}, now)
	if err != nil {
		return t, err
	}
	text, err := json.Marshal(t.By)
	if err != nil {
		return t, fmt.Errorf("write a tally: %w", err)
	}
	return t, db.tx(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO broadcast_tally (broadcast_id, office_id, tally, taken_at, took_ms) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (broadcast_id) DO UPDATE SET tally = excluded.tally, taken_at = excluded.taken_at, took_ms = excluded.took_ms`, b.ID, b.Office, string(text), millis(t.At), t.Took.Milliseconds())
		if err != nil {
			return fmt.Errorf("keep a tally: %w", err)
		}
		return nil
	})
}

func (db *DB) countTally(ctx context.Context, from string, args []any, now func() time.Time) (BroadcastTally, error) {
	began := now()
	t := BroadcastTally{At: began, By: []TallyLine{}}
	rows, err := db.read.QueryContext(ctx, `SELECT d.rung, d.network, d.channel_id, d.lang, d.state, d.fallen, d.place_id <> '', count(*), sum(d.cost), sum(d.parts) `+from+` GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7`, args...)
	err = each(rows, err, func(r *sql.Rows) error {
		var l TallyLine
		if err := r.Scan(&l.Rung, &l.Network, &l.Channel, &l.Lang, &l.State, &l.Fallen, &l.Place, &l.N, &l.Cost, &l.Parts); err != nil {
			return err
		}
		t.By = append(t.By, l)
		return nil
	})
	if err != nil {
		return t, fmt.Errorf("count the deliveries: %w", err)
	}
	t.Took = now().Sub(began)
	return t, nil
}

// AreaTally is how the people of one area were reached by a broadcast.
type AreaTally struct {
	Area  loa.AreaID
	State loa.DeliveryState
	N     int64
}

// TallyByArea is where the people of a broadcast live who are in each state, each person once: on the rung they stand on now.
func (db *DB) TallyByArea(ctx context.Context, in loa.Scope, id loa.BroadcastID) ([]AreaTally, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT d.area_id, d.state, count(*) FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.broadcast_id = $1 AND d.broadcast_id <> '' AND d.person_id <> '' AND NOT d.fallen AND `+where+` GROUP BY d.area_id, d.state ORDER BY d.area_id, d.state`, append([]any{id}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (a AreaTally, err error) { return a, r.Scan(&a.Area, &a.State, &a.N) })
	if err != nil {
		return nil, fmt.Errorf("count by area: %w", err)
	}
	return list, nil
}

// ReasonTally is how many of a broadcast were held back or failed for one reason.
type ReasonTally struct {
	State loa.DeliveryState
	Code  string
	Place bool // a loudspeaker or a page, not a person
	N     int64
}

// TallyByReason is why people and places of a broadcast in the scope were not told, and for whom the register lacks what the words tell.
func (db *DB) TallyByReason(ctx context.Context, in loa.Scope, id loa.BroadcastID) ([]ReasonTally, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT d.state, d.code, d.person_id = '', count(*) FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.broadcast_id = $1 AND `+inTrouble+` AND (d.state IN ('failed', 'refused', 'held') OR d.state = 'by_hand' AND d.code = 'place_empty') AND `+where+` GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`, append([]any{id}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (a ReasonTally, err error) { return a, r.Scan(&a.State, &a.Code, &a.Place, &a.N) })
	if err != nil {
		return nil, fmt.Errorf("count by reason: %w", err)
	}
	return list, nil
}

// inTrouble is the condition of the index of those who were not reached: a query must say it word for word to use it.
const inTrouble = `d.state IN ('failed', 'refused', 'held', 'stopped', 'by_hand')`
