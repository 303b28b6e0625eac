package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"loa"
)

// partTallies are the counts of parts of broadcasts, for officers who see only some of their areas.
type partTallies struct {
	mu sync.Mutex
	by map[string]BroadcastTally
}

// partTalliesAtMost is how many are kept; when there are more, all are counted anew.
const partTalliesAtMost = 400

// holdsBroadcasts says of each broadcast whether everybody and every place it may reach lies in the scope: the whole office does, or the
// areas it was written for and its stations. Its kept count may be told to nobody else.
func (db *DB) holdsBroadcasts(ctx context.Context, in loa.Scope, list []loa.Broadcast) (map[loa.BroadcastID]bool, error) {
	out := map[loa.BroadcastID]bool{}
	if len(list) == 0 || in.Empty() {
		return out, nil
	}
	newest := list[0].CreatedAt
	for _, b := range list {
		if b.CreatedAt.After(newest) {
			newest = b.CreatedAt
		}
	}
	where, args := inScope(in, "a.path", 4)
	var outside bool
	err := db.read.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM area a WHERE a.path <> '' AND (a.id = (SELECT anchor_id FROM office WHERE id = $1) OR a.id IN (SELECT area_id FROM office_area WHERE office_id = $1 AND from_on <= $2 AND to_on = $3)) AND NOT `+where+`)`,
		append([]any{in.Office, loa.DayOf(newest), loa.OpenEnd}, args...)...).Scan(&outside)
	if err != nil {
		return nil, fmt.Errorf("look whether a scope is the whole office: %w", err)
	}
	for _, b := range list {
		if outside {
			if out[b.ID], err = db.insideScope(ctx, in, b); err != nil {
				return nil, err
			}
		} else {
			out[b.ID] = true
		}
	}
	return out, nil
}

// insideScope says whether the areas a broadcast was written for and its stations all lie in a scope; without areas it is for the office.
func (db *DB) insideScope(ctx context.Context, in loa.Scope, b loa.Broadcast) (bool, error) {
	var ids []any
	for _, id := range b.Audience.Areas {
		ids = append(ids, id)
	}
	if len(b.Ladder) > 0 && len(ids) == 0 {
		return false, nil
	}
	where, args := inScope(in, "a.path", 1)
	parts := []string{}
	if len(ids) > 0 {
		parts = append(parts, `SELECT a.id FROM area a WHERE NOT `+where+` AND a.id IN (`+placeholders(len(args)+1, len(ids))+`)`)
		args = append(args, ids...)
	}
	first := len(args) + 1
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork {
			args = append(args, o.Place)
		}
	}
	if n := len(args) + 1 - first; n > 0 {
		parts = append(parts, `SELECT s.id FROM station s JOIN area a ON a.id = s.area_id WHERE NOT `+where+` AND s.id IN (`+placeholders(first, n)+`)`)
	}
	if len(parts) == 0 {
		return true, nil
	}
	var outside bool
	if err := db.read.QueryRowContext(ctx, `SELECT EXISTS (`+strings.Join(parts, ` UNION ALL `)+`)`, args...).Scan(&outside); err != nil {
		return false, fmt.Errorf("look whether a broadcast lies in the scope: %w", err)
	}
	return !outside, nil
}

// partTally counts what a broadcast did in a scope that holds a part of it. It is kept in memory as a whole count is in the database.
func (db *DB) partTally(ctx context.Context, in loa.Scope, b loa.Broadcast, now func() time.Time) (BroadcastTally, error) {
	key := fmt.Sprint(b.ID, in.Ranges)
	db.parts.mu.Lock()
	kept, ok := db.parts.by[key]
	db.parts.mu.Unlock()
	if age := now().Sub(kept.At); ok && age >= 0 && age < max(tallyNewest, tallyRest*kept.Took) {
		return kept, nil
	}
	where, args := inScope(in, "a.path", 2)
	t, err := db.countTally(ctx, `FROM delivery d JOIN area a ON a.id = d.area_id WHERE d.broadcast_id = $1 AND d.broadcast_id <> '' AND `+where, append([]any{b.ID}, args...), now)
	if err != nil {
		return t, err
	}
	db.parts.mu.Lock()
	defer db.parts.mu.Unlock()
	if db.parts.by == nil || len(db.parts.by) >= partTalliesAtMost {
		db.parts.by = map[string]BroadcastTally{}
	}
	db.parts.by[key] = t
	return t, nil
}
