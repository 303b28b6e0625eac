package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"loa"
)

const playColumns = `y.delivery_id, y.office_id, y.area_id, y.station_id, y.broadcast_id, b.title, y.priority, y.at, y.seconds, y.repeat_n, y.state, y.why, y.played_ms, y.proof, y.officer_id, y.proved_at, y.heads`

const playFrom = ` FROM play y JOIN broadcast b ON b.id = y.broadcast_id`

func scanPlay(r interface{ Scan(...any) error }, more ...any) (p loa.Play, err error) {
	var at, proved int64
	err = r.Scan(append([]any{&p.Delivery, &p.Office, &p.Area, &p.Station, &p.Broadcast, &p.Title, &p.Priority, &at, &p.Seconds, &p.Repeat, &p.State, &p.Why, &p.PlayedMS, &p.Proof, &p.Officer, &proved, &p.Heads}, more...)...)
	p.At, p.ProvedAt = instant(at), instant(proved)
	return p, err
}

// PlanPlays makes a play of every outlet of a broadcast that is in the ledger for a station; those that have one stay as they are. seconds
// says how long the recording for a station is, at when an outlet plays. It answers with how many are new.
func (db *DB) PlanPlays(ctx context.Context, b loa.Broadcast, at func(loa.Outlet) time.Time, seconds func(loa.Station) int) (n int, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT d.id, d.area_id, d.place_id, d.rung FROM delivery d WHERE d.broadcast_id = $1 AND d.broadcast_id <> '' AND d.person_id = '' AND d.place_id <> '' AND d.network = $2 AND NOT EXISTS (SELECT 1 FROM play y WHERE y.delivery_id = d.id) ORDER BY d.id`, b.ID, loa.SpeakerNetwork)
	list, err := collect(rows, err, func(r *sql.Rows) (d loa.Delivery, err error) { return d, r.Scan(&d.ID, &d.Area, &d.Place, &d.Rung) })
	if err != nil {
		return 0, fmt.Errorf("read what is to be played: %w", err)
	}
	if len(list) == 0 {
		return 0, nil
	}
	places := make([]loa.PlaceID, len(list))
	for i, d := range list {
		places[i] = d.Place
	}
	stations, err := db.StationsAt(ctx, b.Office, places)
	if err != nil {
		return 0, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		n = 0
		for _, d := range list {
			o, ok := b.Outlet(d.Rung)
			s, known := stations[d.Place]
			if !ok || !known {
				continue
			}
			p := loa.Play{Delivery: d.ID, Office: b.Office, Area: s.Area, Station: s.ID, Broadcast: b.ID, Priority: b.Priority, At: at(o), Seconds: seconds(s), Repeat: max(1, o.Repeat), State: loa.PlayPlanned}
			if err := insertPlay(ctx, tx, p); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	return n, err
}

func insertPlay(ctx context.Context, tx *sql.Tx, p loa.Play) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO play (delivery_id, office_id, area_id, station_id, broadcast_id, priority, at, seconds, repeat_n, until_at, state) VALUES (`+placeholders(1, 11)+`) ON CONFLICT (delivery_id) DO NOTHING`,
		p.Delivery, p.Office, p.Area, p.Station, p.Broadcast, p.Priority, millis(p.At), p.Seconds, p.Repeat, millis(p.Until()), p.State)
	if err != nil {
		return fmt.Errorf("plan a play: %w", err)
	}
	return nil
}

// PlayFilter chooses plays: of a station or a broadcast, between two moments.
type PlayFilter struct {
	Station   loa.PlaceID
	Broadcast loa.BroadcastID
	From, To  time.Time // the first included, the second not; zero: no bound
	Waiting   bool      // over by the clock, and nobody said yet what became of them
	Newest    bool      // first
	Take      int
}

// Plays are the plays of the scope that a filter chooses, in the order of their times.
func (db *DB) Plays(ctx context.Context, in loa.Scope, f PlayFilter) ([]loa.Play, error) {
	where, args := inScope(in, "a.path", 2)
	all := append([]any{in.Office}, args...)
	cond := ` WHERE y.office_id = $1 AND ` + where
	add := func(text string, v any) {
		all = append(all, v)
		cond += fmt.Sprintf(text, len(all))
	}
	if f.Station != "" {
		add(` AND y.station_id = $%d`, f.Station)
	}
	if f.Broadcast != "" {
		add(` AND y.broadcast_id = $%d`, f.Broadcast)
	}
	if !f.From.IsZero() {
		add(` AND y.at >= $%d`, millis(f.From))
	}
	if !f.To.IsZero() {
		add(` AND y.at < $%d`, millis(f.To))
	}
	if f.Waiting {
		cond += ` AND y.state IN ('planned', 'missed') AND y.station_id IN (SELECT s.id FROM station s WHERE s.office_id = $1 AND s.kind IN ('commune', 'announcer'))`
	}
	order := ` ORDER BY y.at, y.delivery_id`
	if f.Newest {
		order = ` ORDER BY y.at DESC, y.delivery_id DESC`
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+playColumns+playFrom+` JOIN area a ON a.id = y.area_id`+cond+order+limit(max(f.Take, 1)), all...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Play, error) { return scanPlay(r) })
	if err != nil {
		return nil, fmt.Errorf("read the plays: %w", err)
	}
	return list, nil
}

// Play is one play inside the scope.
func (db *DB) Play(ctx context.Context, in loa.Scope, id loa.DeliveryID) (loa.Play, error) {
	return playIn(ctx, db.read, in, id)
}

func playIn(ctx context.Context, q querier, in loa.Scope, id loa.DeliveryID) (loa.Play, error) {
	var path string
	p, err := scanPlay(q.QueryRowContext(ctx, `SELECT `+playColumns+`, a.path`+playFrom+` JOIN area a ON a.id = y.area_id WHERE y.delivery_id = $1`, id), &path)
	if err != nil {
		return p, notFound(err)
	}
	if !in.Holds(path) || p.Office != in.Office {
		return loa.Play{}, loa.ErrNotFound
	}
	return p, nil
}

// PlaysOf are the plays behind deliveries, for whoever makes their messages.
func (db *DB) PlaysOf(ctx context.Context, ids []loa.DeliveryID) (map[loa.DeliveryID]loa.Play, error) {
	out := map[loa.DeliveryID]loa.Play{}
	if len(ids) == 0 {
		return out, nil
	}
	args := make([]any, len(ids))
	for i, id := range ids {
		args[i] = id
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+playColumns+playFrom+` WHERE y.delivery_id IN (`+placeholders(1, len(ids))+`)`, args...)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Play, error) { return scanPlay(r) })
	if err != nil {
		return nil, fmt.Errorf("read the plays: %w", err)
	}
	for _, p := range list {
		out[p.Delivery] = p
	}
	return out, nil
}

// SpeakerSchedule are the deliveries a device has still to play between two moments: handed over, and of a broadcast that goes on.
func (db *DB) SpeakerSchedule(ctx context.Context, station loa.PlaceID, from, until time.Time) ([]loa.Delivery, error) {
	going := []loa.DeliveryID{} // the device may have been told already
	open, err := collectClaims(db.read.QueryContext(ctx, `SELECT c.at, c.body FROM claim c JOIN station s ON s.office_id = c.office_id WHERE s.id = $1`, station))
	if err != nil {
		return nil, err
	}
	for _, c := range open {
		for _, p := range c.parts {
			if p.Over == loa.SpeakerNetwork {
				going = append(going, p.IDs...)
			}
		}
	}
	these, err := asList(db.dialect, going)
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT `+deliveryColumns+` FROM delivery WHERE (state IN ('unsure', 'sent') OR state = 'queued' AND `+db.among("id", 4)+`) AND id IN (SELECT y.delivery_id FROM play y JOIN broadcast b ON b.id = y.broadcast_id
		WHERE y.station_id = $1 AND y.until_at >= $2 AND y.at < $3 AND y.state IN ('planned', 'accepted', 'downloaded', 'playing') AND b.state IN ('sending', 'done')) ORDER BY id`+limit(500), station, millis(from), millis(until), these)
	list, err := collect(rows, err, func(r *sql.Rows) (loa.Delivery, error) { return scanDelivery(r) })
	if err != nil {
		return nil, fmt.Errorf("read the schedule of a device: %w", err)
	}
	return list, nil
}

// PlayWord is what was told of a play.
type PlayWord struct {
	Delivery loa.DeliveryID
	State    loa.PlayState
	Why      string
	PlayedMS int64
	At       time.Time
}

// HearPlays takes in what devices told of plays, in any order: a weaker word after a stronger one changes nothing. What was played is
// counted for the villages that hear the station. It answers with how many plays changed.
func (db *DB) HearPlays(ctx context.Context, words []PlayWord) (n int, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		n = 0
		for _, w := range words {
			changed, err := hearPlay(ctx, tx, w)
			if err != nil {
				return err
			}
			if changed {
				n++
			}
		}
		return nil
	})
	return n, err
}

func hearPlay(ctx context.Context, tx *sql.Tx, w PlayWord) (bool, error) {
	if !w.State.Known() {
		return false, nil
	}
	proof, proved := "", int64(0)
	if w.State == loa.PlayPlayed {
		proof, proved = "device", millis(w.At)
	}
	weaker := loa.WeakerPlays(w.State)
	args := []any{w.State, w.Why, w.PlayedMS, proof, proved, w.Delivery}
	for _, s := range weaker {
		args = append(args, s)
	}
	res, err := tx.ExecContext(ctx, `UPDATE play SET state = $1, why = $2, played_ms = $3, proof = $4, proved_at = $5 WHERE delivery_id = $6 AND state IN (`+placeholders(7, len(weaker))+`)`, args...)
	if err != nil {
		return false, fmt.Errorf("note what became of a play: %w", err)
	}
	if changed, err := res.RowsAffected(); err != nil || changed == 0 {
		return false, err
	}
	if w.State == loa.PlayPlayed {
		return true, expose(ctx, tx, w.Delivery, w.At)
	}
	return true, nil
}

// expose counts one play for the villages that hear the station: their people as the newest figure has them, else as the register does.
func expose(ctx context.Context, tx *sql.Tx, id loa.DeliveryID, at time.Time) error {
	day := loa.DayOf(at)
	_, err := tx.ExecContext(ctx, `INSERT INTO exposure (delivery_id, village_id, office_id, broadcast_id, station_id, at, happened_on, people)
		SELECT y.delivery_id, e.area_id, y.office_id, y.broadcast_id, y.station_id, $1, $2, COALESCE(
			(SELECT f.value FROM area_figure f WHERE f.area_id = e.area_id AND f.kind = 'population' AND f.as_of_on <= $2 ORDER BY f.as_of_on DESC, f.recorded_at DESC, f.id DESC LIMIT 1),
			(SELECT count(*) FROM person p WHERE p.area_id = e.area_id AND p.office_id = y.office_id AND p.merged_into = ''))
		FROM play y JOIN station_earshot e ON e.station_id = y.station_id WHERE y.delivery_id = $3 ON CONFLICT (delivery_id, village_id) DO NOTHING`, millis(at), day, id)
	if err != nil {
		return fmt.Errorf("count who heard it: %w", err)
	}
	return nil
}

// Confirmed is a person's word about a play at a station that people carry announcements to.
type Confirmed struct {
	Delivery loa.DeliveryID
	Played   bool
	Why      string // one of loa.PlayReasons, when it was not
	At       time.Time
	Heads    int
}

// ConfirmPlay takes a person's word that an announcement was read, or why not. A word given by mistake is given again.
func (db *DB) ConfirmPlay(ctx context.Context, in loa.Scope, by loa.By, c Confirmed) error {
	switch {
	case !c.Played && !loa.OneOf(c.Why, loa.PlayReasons):
		return loa.Refuse(loa.Invalid, "why", "required")
	case c.Heads < 0 || c.Heads > 100000:
		return loa.Refuse(loa.Invalid, "heads", "out_of_range", 0, 100000)
	case c.At.After(by.At):
		return loa.Refuse(loa.Invalid, "at", "future_day")
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 1); err != nil {
			return err
		}
		p, err := playIn(ctx, tx, in, c.Delivery)
		if err != nil {
			return err
		}
		if p.State == loa.PlayCancelled || p.Proof == "device" {
			return loa.Refuse(loa.Conflict, "", "play_settled")
		}
		if c.At.IsZero() {
			c.At = p.At
		}
		if c.At.After(by.At) {
			return loa.Refuse(loa.Conflict, "", "play_ahead")
		}
		state, delivery, why := loa.PlayPlayed, loa.DeliveryDelivered, ""
		if !c.Played {
			state, delivery, why, c.Heads = loa.PlayFailed, loa.DeliveryFailed, c.Why, 0
		}
		if _, err := tx.ExecContext(ctx, `UPDATE play SET state = $1, why = $2, at = $3, until_at = $4, proof = 'person', officer_id = $5, proved_at = $6, heads = $7 WHERE delivery_id = $8`,
			state, why, millis(c.At), millis(c.At)+millis(p.Until())-millis(p.At), by.Officer, millis(by.At), c.Heads, c.Delivery); err != nil {
			return fmt.Errorf("note a person's word of a play: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE delivery SET state = $1, code = $2, done_at = $3 WHERE id = $4`, delivery, why, millis(c.At), c.Delivery); err != nil {
			return fmt.Errorf("settle the delivery: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM exposure WHERE delivery_id = $1`, c.Delivery); err != nil {
			return fmt.Errorf("forget who heard it: %w", err)
		}
		if c.Played {
			if err := expose(ctx, tx, c.Delivery, c.At); err != nil {
				return err
			}
		}
		return addAudit(ctx, tx, in.Office, by, "told", "play", string(c.Delivery), string(state))
	})
}

// MissPlays marks what should have been played a while ago and of which nobody told anything, and what was stopped before it was played.
// What was missed failed in the ledger too, until a device tells otherwise. Devices whose schedule that changes are marked to be told. It
// answers with how many plays it marked.
func (db *DB) MissPlays(ctx context.Context, now time.Time, grace time.Duration) (n int64, err error) {
	var changed []loa.BroadcastID
	err = db.tx(ctx, func(tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `UPDATE play SET state = 'cancelled' WHERE state IN ('planned', 'accepted', 'downloaded', 'playing') AND broadcast_id IN (SELECT id FROM broadcast WHERE state = 'stopped') RETURNING station_id`)
		stopped, err := collect(rows, err, func(r *sql.Rows) (id loa.PlaceID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return fmt.Errorf("cancel what was stopped: %w", err)
		}
		for _, id := range stopped {
			if _, err := tx.ExecContext(ctx, `UPDATE station SET changed_at = $1 WHERE id = $2`, millis(now), id); err != nil {
				return fmt.Errorf("mark the station as changed: %w", err)
			}
		}
		rows, err = tx.QueryContext(ctx, `UPDATE play SET state = 'missed' WHERE state IN ('planned', 'accepted', 'downloaded', 'playing') AND until_at < $1 RETURNING delivery_id`, millis(now.Add(-grace)))
		missed, err := collect(rows, err, func(r *sql.Rows) (id loa.DeliveryID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return fmt.Errorf("mark what was missed: %w", err)
		}
		n = int64(len(stopped) + len(missed))
		changed, err = missDeliveries(ctx, tx, missed, now)
		return err
	})
	if err != nil {
		return 0, err
	}
	return n, db.countAgain(ctx, changed, now)
}

// missDeliveries lets the ledger follow plays that were missed, and answers with the broadcasts that changes. What people carry to a
// station waits for their word, and what a speaker is in the middle of for the speaker's.
func missDeliveries(ctx context.Context, tx *sql.Tx, missed []loa.DeliveryID, now time.Time) (changed []loa.BroadcastID, err error) {
	for part := range slices.Chunk(missed, 500) {
		args := append([]any{millis(now)}, anyOf(part)...)
		rows, err := tx.QueryContext(ctx, `UPDATE delivery SET state = 'failed', code = 'missed', done_at = $1 WHERE (state IN ('sent', 'unsure') OR state = 'queued' AND resume = '')
			AND id IN (`+placeholders(2, len(part))+`) RETURNING broadcast_id`, args...)
		list, err := collect(rows, err, func(r *sql.Rows) (id loa.BroadcastID, err error) { return id, r.Scan(&id) })
		if err != nil {
			return nil, fmt.Errorf("let the ledger follow what was missed: %w", err)
		}
		changed = append(changed, list...)
	}
	slices.Sort(changed)
	return slices.Compact(changed), nil
}

// countAgain keeps new counts of broadcasts that were counted before: nobody looks after those that are over.
func (db *DB) countAgain(ctx context.Context, list []loa.BroadcastID, now time.Time) error {
	for _, id := range list {
		b, err := scanBroadcast(db.read.QueryRowContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b WHERE b.id = $1`, id))
		if err != nil {
			return fmt.Errorf("read the broadcast of a play: %w", err)
		}
		if _, err := db.tally(ctx, b, func() time.Time { return now }); err != nil {
			return err
		}
	}
	return nil
}

// FollowDeliveries brings plays up to their deliveries where no device tells: what an Axis speaker played, and what was never taken. It
// answers with how many plays changed.
func (db *DB) FollowDeliveries(ctx context.Context, now time.Time) (n int, err error) {
	rows, err := db.read.QueryContext(ctx, `SELECT y.delivery_id, d.state, d.code, d.done_at FROM play y JOIN delivery d ON d.id = y.delivery_id
		WHERE y.state IN ('planned', 'accepted', 'downloaded', 'playing') AND d.state IN ('delivered', 'failed', 'refused', 'held', 'stopped')`+limit(1000))
	words, err := collect(rows, err, func(r *sql.Rows) (w PlayWord, err error) {
		var state loa.DeliveryState
		var done int64
		err = r.Scan(&w.Delivery, &state, &w.Why, &done)
		w.At = instant(done)
		if w.At.IsZero() {
			w.At = now
		}
		switch w.State = loa.PlayFailed; state {
		case loa.DeliveryFailed:
			if w.Why == string(loa.PlayPreempted) {
				w.State = loa.PlayPreempted
			}
		case loa.DeliveryDelivered:
			w.State, w.Why = loa.PlayPlayed, ""
		case loa.DeliveryStopped:
			w.State, w.Why = loa.PlayCancelled, ""
		}
		return w, err
	})
	if err != nil || len(words) == 0 {
		return 0, err
	}
	return db.HearPlays(ctx, words)
}
