package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"loa"
)

// pace is what an account may still send: in microseconds and messages.
type pace struct {
	n, ms, paced, quota, dayN int64
	day                       loa.Day
}

// allow is how many messages may go now, and when the next may.
func (p *pace) allow(now time.Time, most int) (n int, again time.Time) {
	n = most
	if today := loa.DayOf(now); p.day != today {
		p.day, p.dayN = today, 0
	}
	if p.quota > 0 {
		if n = min(n, int(p.quota-p.dayN)); n <= 0 {
			y, m, d := p.day.Add(1).Parts()
			return 0, time.Date(y, time.Month(m), d, 0, 0, 0, 0, loa.Zone)
		}
	}
	if p.n > 0 && p.ms > 0 {
		each := max(1, p.ms*1000/p.n) // microseconds between two messages
		burst := min(p.ms*1000, 1_000_000)
		p.paced = max(p.paced, now.UnixMicro()-burst)
		room := (now.UnixMicro() - p.paced) / each
		if n = min(n, int(room)); n <= 0 {
			return 0, time.UnixMicro(p.paced + each)
		}
	}
	return n, time.Time{}
}

// use notes that so many were taken.
func (p *pace) use(n int) {
	p.dayN += int64(n)
	if p.n > 0 && p.ms > 0 {
		p.paced += int64(n) * max(1, p.ms*1000/p.n)
	}
}

// turn is a broadcast whose messages may go out, with its own pace; the one without an ID are the replies, which wait for nobody.
type turn struct {
	id      loa.BroadcastID
	purpose string
	each    int64 // microseconds between two messages; 0: no pace of its own
	paced   int64 // the moment up to which it is served
}

// allow is how many of its messages may go now, and when the next may.
func (t *turn) allow(now time.Time, most int) (int, time.Time) {
	if t.each == 0 {
		return most, time.Time{}
	}
	t.paced = max(t.paced, now.UnixMicro()-t.each) // what was not sent in time is not made up for at once
	room := (now.UnixMicro() - t.paced) / t.each
	return min(most, int(room)), time.UnixMicro(t.paced + t.each)
}

// use notes that so many were taken; whoever was served last comes last the next time.
func (t *turn) use(now time.Time, n int) bool {
	switch {
	case t.id == "" || n == 0:
		return false
	case t.each > 0:
		t.paced += int64(n) * t.each
	default:
		t.paced = now.UnixMicro()
	}
	return true
}

// going are the broadcasts of an office that are being sent, in the order in which they are served: emergencies first, then whoever
// waited longest.
func (db *DB) going(ctx context.Context, tx *sql.Tx, office loa.OfficeID) ([]turn, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, purpose, pace, paced_us FROM broadcast WHERE state = 'sending' AND office_id = $1 ORDER BY CASE priority WHEN 'emergency' THEN 0 WHEN 'priority' THEN 1 ELSE 2 END, paced_us, id`, office)
	list, err := collect(rows, err, func(r *sql.Rows) (t turn, err error) {
		var pace int64
		err = r.Scan(&t.id, &t.purpose, &pace, &t.paced)
		if pace > 0 {
			t.each = max(1, 3_600_000_000/pace)
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what is being sent: %w", err)
	}
	return append([]turn{{}}, list...), nil
}

// sooner is the earlier of two moments; zero is none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}
