package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/vn"
)

// BroadcastFilter picks broadcasts for a list.
type BroadcastFilter struct {
	States []loa.BroadcastState // any of; none: all
	Words  string
	Before time.Time // the next page begins before this one
	Last   loa.BroadcastID
	Take   int
}

// BroadcastLine is a broadcast in a list, with where it stood when somebody last counted.
type BroadcastLine struct {
	loa.Broadcast
	Tally BroadcastTally
}

// BroadcastTally is how far a broadcast is, counted at a moment.
type BroadcastTally struct {
	At   time.Time `json:"-"`
	Took time.Duration
	By   []TallyLine
}

// TallyLine is how many deliveries of a broadcast share all that is told apart.
type TallyLine struct {
	Rung    int
	Network string
	Channel loa.ChannelID
	Lang    string
	State   loa.DeliveryState
	Fallen  bool // the person has gone on to the next rung
	Place   bool // a loudspeaker or a page, not a person
	N       int64
	Cost    int64
	Parts   int64
}

// Sum adds up the lines that a test lets through.
func (t BroadcastTally) Sum(keep func(TallyLine) bool) (n int64) {
	for _, l := range t.By {
		if keep(l) {
			n += l.N
		}
	}
	return n
}

// Broadcasts are the broadcasts of the scope, the newest first.
func (db *DB) Broadcasts(ctx context.Context, in loa.Scope, f BroadcastFilter) ([]BroadcastLine, error) {
	where, args := broadcastWhere(in, f)
	if !f.Before.IsZero() {
		n := strconv.Itoa(len(args) + 1)
		where += ` AND (b.created_at < $` + n + ` OR b.created_at = $` + n + ` AND b.id < $` + strconv.Itoa(len(args)+2) + `)`
		args = append(args, millis(f.Before), f.Last)
	}
	return db.broadcastLines(ctx, in, where+` ORDER BY b.created_at DESC, b.id DESC`+limit(f.Take), args)
}

// ComingBroadcasts are those that are approved and wait for their day, the nearest first.
func (db *DB) ComingBroadcasts(ctx context.Context, in loa.Scope, take int) ([]BroadcastLine, error) {
	where, args := broadcastWhere(in, BroadcastFilter{States: []loa.BroadcastState{loa.BroadcastApproved}})
	return db.broadcastLines(ctx, in, where+` ORDER BY b.from_on, b.start_min, b.id`+limit(take), args)
}

func (db *DB) broadcastLines(ctx context.Context, in loa.Scope, where string, args []any) ([]BroadcastLine, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT `+broadcastColumns+` FROM broadcast b JOIN area a ON a.id = b.area_id WHERE `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read the broadcasts: %w", err)
	}
	defer rows.Close()
	var out []BroadcastLine
	for rows.Next() {
		b, err := scanBroadcast(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, BroadcastLine{Broadcast: b})
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	return out, db.keptTallies(ctx, in, out)
}

// keptTallies puts how far each is beside it; where it reaches beyond the scope, the whole count is nothing to show.
func (db *DB) keptTallies(ctx context.Context, in loa.Scope, list []BroadcastLine) error {
	all := make([]loa.Broadcast, len(list))
	for i, b := range list {
		all[i] = b.Broadcast
	}
	mine, err := db.holdsBroadcasts(ctx, in, all)
	if err != nil {
		return err
	}
	var args []any
	at := map[loa.BroadcastID]int{}
	for i, b := range list {
		if mine[b.ID] {
			args = append(args, b.ID)
			at[b.ID] = i
		}
	}
	if len(args) == 0 {
		return nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT broadcast_id, tally, taken_at, took_ms FROM broadcast_tally WHERE broadcast_id IN (`+placeholders(1, len(args))+`)`, args...)
	if err != nil {
		return fmt.Errorf("read how far they are: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id loa.BroadcastID
		t, err := scanTally(rows, &id)
		if err != nil {
			return err
		}
		list[at[id]].Tally = t
	}
	return rows.Err()
}

func scanTally(r interface{ Scan(...any) error }, into ...any) (t BroadcastTally, err error) {
	var text string
	var at, took int64
	if err := r.Scan(append(into, &text, &at, &took)...); err != nil {
		return t, err
	}
	if err := json.Unmarshal([]byte(text), &t.By); err != nil {
		return t, fmt.Errorf("read a tally: %w", err)
	}
	t.At, t.Took = instant(at), time.Duration(took)*time.Millisecond
	return t, nil
}

// BroadcastCounts are how many broadcasts of the scope are in each state.
func (db *DB) BroadcastCounts(ctx context.Context, in loa.Scope, words string) (map[loa.BroadcastState]int64, error) {
	where, args := broadcastWhere(in, BroadcastFilter{Words: words})
	rows, err := db.read.QueryContext(ctx, `SELECT b.state, count(*) FROM broadcast b JOIN area a ON a.id = b.area_id WHERE `+where+` GROUP BY b.state`, args...)
	if err != nil {
		return nil, fmt.Errorf("count the broadcasts: %w", err)
	}
	defer rows.Close()
	out := map[loa.BroadcastState]int64{}
	for rows.Next() {
		var state loa.BroadcastState
		var n int64
		if err := rows.Scan(&state, &n); err != nil {
			return nil, err
		}
		out[state] = n
	}
	return out, rows.Err()
}

func broadcastWhere(in loa.Scope, f BroadcastFilter) (string, []any) {
	scope, args := inScope(in, "a.path", 2)
	args = append([]any{in.Office}, args...)
	where := `b.office_id = $1 AND ` + scope
	if len(f.States) > 0 {
		where += ` AND b.state IN (` + placeholders(len(args)+1, len(f.States)) + `)`
		args = append(args, anyOf(f.States)...)
	}
	for _, w := range strings.Fields(vn.Fold(f.Words)) {
		where += ` AND b.folded LIKE $` + strconv.Itoa(len(args)+1)
		args = append(args, "%"+w+"%")
	}
	return where, args
}
