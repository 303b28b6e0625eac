package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"loa"
)

const (
	touchesMany = 50_000              // from so many messages and replies on, counting takes longer than a page may
	touchesRest = 10                  // how many times as long as counting took a count is good
	touchesKept = 60 * 24 * time.Hour // after which a count that nobody asked for anew goes
)

// TouchCount is what a period's touches came to when they were counted.
type TouchCount struct {
	List []TouchTally
	At   time.Time
	Kept bool // counted earlier: what came since is not in it
}

// counting are the periods that are counted anew behind the pages that show an earlier count.
type counting struct {
	mu   sync.Mutex
	busy map[string]bool
	all  sync.WaitGroup
	stop func()
	ctx  context.Context
}

// begin lets one count of a period run behind the pages, until the store is closed.
func (c *counting) begin(mark string, count func(ctx context.Context)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.ctx == nil {
		c.ctx, c.stop = context.WithCancel(context.Background())
		c.busy = map[string]bool{}
	}
	if c.busy[mark] || c.ctx.Err() != nil {
		return
	}
	c.busy[mark] = true
	c.all.Go(func() {
		count(c.ctx)
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.busy, mark)
	})
}

// end stops what is being counted and waits for it.
func (c *counting) end() {
	c.mu.Lock()
	if c.ctx == nil {
		c.ctx, c.stop = context.WithCancel(context.Background())
	}
	c.stop()
	c.mu.Unlock()
	c.all.Wait()
}

// Touches counts the touches of a period as a page needs them: anew while that is quick. Where there are very many, it answers with the last
// count and the moment it was taken, and counts anew behind it once the count has become old.
func (db *DB) Touches(ctx context.Context, in loa.Scope, commune loa.AreaID, from, to loa.Day, now func() time.Time) (TouchCount, error) {
	mark := touchMark(in, commune, from, to)
	kept, took, until, err := db.keptTouches(ctx, in.Office, mark)
	if errors.Is(err, sql.ErrNoRows) || err == nil && to < until {
		return db.countTouches(ctx, in, commune, from, to, mark, now)
	}
	if err != nil {
		return kept, err
	}
	if age := now().Sub(kept.At); to > until || age < 0 || age >= touchesRest*took {
		db.counting.begin(string(in.Office)+mark, func(ctx context.Context) {
			_, _ = db.countTouches(ctx, in, commune, from, to, mark, now) // the next page that asks tries again
		})
	}
	return kept, nil
}

// touchMark stands for the areas and the months that are counted: as the days of a month go by, its count is the same one.
func touchMark(in loa.Scope, commune loa.AreaID, from, to loa.Day) string {
	h := sha256.New()
	fmt.Fprint(h, in.Ranges, "\n", commune, "\n", from, "\n", to[:7])
	return hex.EncodeToString(h.Sum(nil)[:16])
}

func (db *DB) keptTouches(ctx context.Context, office loa.OfficeID, mark string) (c TouchCount, took time.Duration, until loa.Day, err error) {
	var text string
	var at, ms int64
	err = db.read.QueryRowContext(ctx, `SELECT to_on, counts, taken_at, took_ms FROM touch_count WHERE office_id = $1 AND mark = $2`, office, mark).Scan(&until, &text, &at, &ms)
	if err == nil {
		err = json.Unmarshal([]byte(text), &c.List)
	}
	if err != nil {
		return c, 0, "", fmt.Errorf("read what was counted: %w", err)
	}
	c.At, c.Kept = instant(at), true
	return c, time.Duration(ms) * time.Millisecond, until, nil
}

// countTouches counts anew, and keeps what took long.
func (db *DB) countTouches(ctx context.Context, in loa.Scope, commune loa.AreaID, from, to loa.Day, mark string, now func() time.Time) (TouchCount, error) {
	c := TouchCount{At: now()}
	var err error
	if c.List, err = db.TouchTallies(ctx, in, commune, from, to); err != nil {
		return c, err
	}
	var n int64
	for _, t := range c.List {
		n += t.Messages + t.Replies
	}
	if n < db.touchesMany() {
		return c, nil
	}
	text, err := json.Marshal(c.List)
	if err != nil {
		return c, fmt.Errorf("write what was counted: %w", err)
	}
	return c, db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM touch_count WHERE office_id = $1 AND taken_at < $2`, in.Office, millis(c.At.Add(-touchesKept))); err != nil {
			return fmt.Errorf("drop old counts: %w", err)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO touch_count (office_id, mark, to_on, counts, taken_at, took_ms) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (office_id, mark) DO UPDATE SET to_on = excluded.to_on, counts = excluded.counts, taken_at = excluded.taken_at, took_ms = excluded.took_ms WHERE touch_count.to_on <= excluded.to_on`,
			in.Office, mark, to, string(text), millis(c.At), max(1, now().Sub(c.At).Milliseconds()))
		if err != nil {
			return fmt.Errorf("keep what was counted: %w", err)
		}
		return nil
	})
}

func (db *DB) touchesMany() int64 {
	if db.manyTouches > 0 {
		return db.manyTouches
	}
	return touchesMany
}
