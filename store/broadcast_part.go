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
	return holdBroadcasts(ctx, db.read, in, list)
}

// HoldsBroadcast says the same of one: whoever it reaches beyond may neither approve nor pause nor stop it, and is told of their part alone.
func (db *DB) HoldsBroadcast(ctx context.Context, in loa.Scope, b loa.Broadcast) (bool, error) {
	mine, err := db.holdsBroadcasts(ctx, in, []loa.Broadcast{b})
	return mine[b.ID], err
}

// mayChange refuses an officer who does not see all a broadcast reaches. Its author may take back or drop what nobody approved.
func mayChange(ctx context.Context, q querier, in loa.Scope, by loa.By, was, b loa.Broadcast) error {
	if by.Officer == "" {
		return nil // the sending loop
	}
	own := by.Officer == was.Author || by.Officer == was.ChangedBy
	before := was.State == loa.BroadcastDraft || was.State == loa.BroadcastSubmitted
	if own && before && (b.State == loa.BroadcastDraft || b.State == loa.BroadcastStopped) {
		return nil
	}
	mine, err := holdBroadcasts(ctx, q, in, []loa.Broadcast{b})
	if err == nil && !mine[b.ID] {
		err = loa.Refuse(loa.Denied, "", "broadcast_beyond")
	}
	return err
}

func holdBroadcasts(ctx context.Context, q querier, in loa.Scope, list []loa.Broadcast) (map[loa.BroadcastID]bool, error) {
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
	err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM area a WHERE a.path <> '' AND (a.id = (SELECT anchor_id FROM office WHERE id = $1) OR a.id IN (SELECT area_id FROM office_area WHERE office_id = $1 AND from_on <= $2 AND to_on = $3)) AND NOT `+where+`)`,
		append([]any{in.Office, loa.DayOf(newest), loa.OpenEnd}, args...)...).Scan(&outside)
	if err != nil {
		return nil, fmt.Errorf("look whether a scope is the whole office: %w", err)
	}
	for _, b := range list {
		if outside {
			if out[b.ID], err = insideScope(ctx, q, in, b); err != nil {
				return nil, err
			}
		} else {
			out[b.ID] = true
		}
	}
	return out, nil
}

// insideScope says whether the areas a broadcast was written for, its stations and its groups all lie in a scope; without areas it is for
// everybody of the node it lies under, which is the whole office where that is the office's own.
func insideScope(ctx context.Context, q querier, in loa.Scope, b loa.Broadcast) (bool, error) {
	var ids []any
	for _, id := range b.Audience.Areas {
		ids = append(ids, id)
	}
	if len(b.Ladder) > 0 && len(ids) == 0 {
		var whole bool
		if err := q.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM office WHERE id = $1 AND anchor_id = $2)`, in.Office, b.Area).Scan(&whole); err != nil {
			return false, fmt.Errorf("look whether a broadcast is for the whole office: %w", err)
		}
		if whole {
			return false, nil
		}
		ids = append(ids, b.Area)
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
	first = len(args) + 1
	for _, o := range b.Outlets {
		if o.Network == loa.GroupNetwork {
			args = append(args, o.Place)
		}
	}
	if n := len(args) + 1 - first; n > 0 {
		parts = append(parts, `SELECT c.id FROM conversation c JOIN area a ON a.id = c.area_id WHERE NOT `+where+` AND c.id IN (`+placeholders(first, n)+`)`)
	}
	if len(parts) == 0 {
		return true, nil
	}
	var outside bool
	if err := q.QueryRowContext(ctx, `SELECT EXISTS (`+strings.Join(parts, ` UNION ALL `)+`)`, args...).Scan(&outside); err != nil {
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
