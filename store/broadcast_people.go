package store

import (
	"context"
	"fmt"
	"strconv"

	"loa"
)

// Told is one person of a broadcast, with what became of the last message to them.
type Told struct {
	loa.Delivery
	Name    string
	Born    int
	Village loa.AreaID
	Phone   string
}

// ToldFilter picks people of a broadcast.
type ToldFilter struct {
	States  []loa.DeliveryState // any of; none: all
	Codes   []string            // why they were not reached, any of; none: any reason
	Rung    int                 // -1: any
	Network string
	Lang    string
	Area    loa.AreaID     // at or below it
	All     bool           // each rung they were on, not only the last
	After   loa.PersonID   // the next page begins behind this person
	Rungs   int            // and, with All, behind this rung of theirs
	Last    loa.DeliveryID // of a page in order of the ledger
	Take    int
}

// trouble says whether all states asked for are those of the index of people who were not reached.
func (f ToldFilter) trouble() bool {
	for _, s := range f.States {
		switch s {
		case loa.DeliveryFailed, loa.DeliveryRefused, loa.DeliveryHeld, loa.DeliveryStopped, loa.DeliveryByHand:
		default:
			return false
		}
	}
	return len(f.States) > 0
}

// ToldPeople are the people of a broadcast of the scope by their IDs, a page at a time.
func (db *DB) ToldPeople(ctx context.Context, in loa.Scope, id loa.BroadcastID, f ToldFilter) ([]Told, error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return nil, err
	}
	where, args, err := db.toldWhere(ctx, in, id, f)
	if err != nil {
		return nil, err
	}
	n := len(args)
	where += ` AND (d.person_id > $` + strconv.Itoa(n+1)
	args = append(args, f.After)
	if f.All {
		where += ` OR d.person_id = $` + strconv.Itoa(n+1) + ` AND d.rung > $` + strconv.Itoa(n+2)
		args = append(args, f.Rungs)
	}
	where += `)`
	rows, err := db.read.QueryContext(ctx, `SELECT d.id, d.person_id, d.area_id, d.rung, d.channel_id, d.network, d.address, d.lang, d.state, d.tries, d.cost, d.parts, d.code, d.not_before, d.first_at, d.sent_at, d.done_at, d.ref, p.name, p.born_year, p.phone
		FROM delivery d JOIN area a ON a.id = d.area_id JOIN person p ON p.id = d.person_id WHERE `+where+` ORDER BY d.person_id, d.rung`+limit(f.Take), args...)
	if err != nil {
		return nil, fmt.Errorf("read the people of a broadcast: %w", err)
	}
	defer rows.Close()
	var out []Told
	for rows.Next() {
		var t Told
		var notBefore, first, sent, done int64
		if err := rows.Scan(&t.ID, &t.Person, &t.Village, &t.Rung, &t.Channel, &t.Network, &t.To, &t.Lang, &t.State, &t.Tries, &t.Cost, &t.Parts, &t.Code, &notBefore, &first, &sent, &done, &t.Ref, &t.Name, &t.Born, &t.Phone); err != nil {
			return nil, err
		}
		t.Area, t.Broadcast = t.Village, id
		t.NotBefore, t.FirstAt, t.SentAt, t.DoneAt = instant(notBefore), instant(first), instant(sent), instant(done)
		out = append(out, t)
	}
	return out, rows.Err()
}

func (db *DB) toldWhere(ctx context.Context, in loa.Scope, id loa.BroadcastID, f ToldFilter) (string, []any, error) {
	if f.Area != "" {
		path, err := pathOf(ctx, db.read, f.Area)
		if err != nil {
			return "", nil, err
		}
		in = in.Narrow(path)
	}
	scope, args := inScope(in, "a.path", 2)
	args = append([]any{id}, args...)
	where := `d.broadcast_id = $1 AND d.broadcast_id <> '' AND d.person_id <> '' AND ` + scope
	add := func(condition string, values ...any) {
		for _, v := range values {
			args = append(args, v)
			condition += `$` + strconv.Itoa(len(args))
		}
		where += condition
	}
	if f.trouble() {
		where += ` AND ` + inTrouble
	}
	if len(f.States) > 0 {
		where += ` AND d.state IN (` + placeholders(len(args)+1, len(f.States)) + `)`
		args = append(args, anyOf(f.States)...)
	}
	if !f.All {
		where += ` AND NOT d.fallen`
	}
	if len(f.Codes) > 0 {
		where += ` AND d.code IN (` + placeholders(len(args)+1, len(f.Codes)) + `)`
		args = append(args, anyOf(f.Codes)...)
	}
	if f.Rung >= 0 {
		add(` AND d.rung = `, f.Rung)
	}
	if f.Network != "" {
		add(` AND d.network = `, f.Network)
	}
	if f.Network == loa.CallList || f.Network == loa.VisitList {
		where += ` AND d.network IN ('call', 'visit')` // as the index of lists says it
	}
	if f.Lang != "" {
		add(` AND d.lang = `, f.Lang)
	}
	return where, args, nil
}

// CountTold is how many people a filter picks.
func (db *DB) CountTold(ctx context.Context, in loa.Scope, id loa.BroadcastID, f ToldFilter) (n int64, err error) {
	if _, err := db.Broadcast(ctx, in, id); err != nil {
		return 0, err
	}
	where, args, err := db.toldWhere(ctx, in, id, f)
	if err != nil {
		return 0, err
	}
	if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM delivery d JOIN area a ON a.id = d.area_id WHERE `+where, args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count the people of a broadcast: %w", err)
	}
	return n, nil
}
