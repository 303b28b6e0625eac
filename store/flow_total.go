package store

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"sync"

	"loa"
)

// flowTotals keeps the flow totals of each office in memory, because adding some ten thousand rows up takes SQL far longer
// than a page may take. It is a copy of the table flow: before every answer it reads the totals that changed since, by change
// number, so that several processes on one database agree.
type flowTotals struct {
	mu sync.Mutex
	by map[loa.OfficeID]*officeFlows
}

type officeFlows struct {
	mu    sync.RWMutex
	rows  []flowTotal
	at    map[loa.Flow]int // the place of a row, keyed without its number
	areas words
	kinds words // schemes and kinds of movement
	seen  int64
}

// flowTotal is one row of flow in numbers.
type flowTotal struct {
	area   int32
	scheme uint8
	kind   uint8
	on     int32 // yyyymmdd
	n      int64
}

// words numbers the few different words of a column.
type words struct {
	list []string
	no   map[string]int
}

func (w *words) number(s string) int {
	n, ok := w.no[s]
	if !ok {
		if w.no == nil {
			w.no = map[string]int{}
		}
		n = len(w.list)
		w.no[s] = n
		w.list = append(w.list, s)
	}
	return n
}

func (t *flowTotals) of(office loa.OfficeID) *officeFlows {
	t.mu.Lock()
	defer t.mu.Unlock()
	o := t.by[office]
	if o == nil {
		if t.by == nil {
			t.by = map[loa.OfficeID]*officeFlows{}
		}
		o = &officeFlows{at: map[loa.Flow]int{}, seen: -1}
		t.by[office] = o
	}
	return o
}

// refresh reads what changed; the totals are whole numbers, not differences, so reading one twice changes nothing.
func (o *officeFlows) refresh(ctx context.Context, db *DB, office loa.OfficeID) error {
	var last int64
	if err := db.read.QueryRowContext(ctx, `SELECT COALESCE(max(change_no), -1) FROM flow WHERE office_id = $1`, office).Scan(&last); err != nil {
		return err
	}
	o.mu.RLock()
	fresh := o.seen >= last
	o.mu.RUnlock()
	if fresh {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	rows, err := db.read.QueryContext(ctx, `SELECT area_id, scheme, on_day, kind, n, change_no FROM flow WHERE office_id = $1 AND change_no > $2`, office, o.seen)
	seen := o.seen
	err = each(rows, err, func(r *sql.Rows) error {
		var f loa.Flow
		var n, change int64
		if err := r.Scan(&f.Area, &f.Scheme, &f.On, &f.Kind, &n, &change); err != nil {
			return err
		}
		i, known := o.at[f]
		if !known {
			i = len(o.rows)
			o.at[f] = i
			y, m, d := f.On.Parts()
			o.rows = append(o.rows, flowTotal{area: int32(o.areas.number(string(f.Area))), scheme: uint8(o.kinds.number(string(f.Scheme))), kind: uint8(o.kinds.number(f.Kind)), on: int32(y*10000 + m*100 + d)})
		}
		o.rows[i].n = n
		seen = max(seen, change)
		return nil
	})
	if err == nil {
		o.seen = seen // after a failure the same rows are read again
	}
	return err
}

// MonthFlows adds up, by village and month, how many started and ended in each scheme up to a day. What lies before the first
// day comes together under an empty month: the stock the months begin with.
func (db *DB) MonthFlows(ctx context.Context, in loa.Scope, first, last loa.Day, cutOff int) ([]loa.MonthFlow, error) {
	o := db.flows.of(in.Office)
	if err := o.refresh(ctx, db, in.Office); err != nil {
		return nil, fmt.Errorf("read the flow: %w", err)
	}
	where, args := inScope(in, "a.path", 1)
	rows, err := db.read.QueryContext(ctx, `SELECT a.id FROM area a WHERE `+where, args...)
	areas, err := collectIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("read the areas of the scope: %w", err)
	}
	out := o.sum(areas, first, last, cutOff)
	slices.SortFunc(out, func(a, b loa.MonthFlow) int {
		return cmp.Or(cmp.Compare(a.Area, b.Area), cmp.Compare(a.Scheme, b.Scheme), cmp.Compare(a.Month, b.Month), cmp.Compare(a.Kind, b.Kind))
	})
	return out, nil
}

// sum adds the totals of some areas up by area, scheme, month and kind.
func (o *officeFlows) sum(areas []string, first, last loa.Day, cutOff int) []loa.MonthFlow {
	o.mu.RLock()
	defer o.mu.RUnlock()
	inside := make([]bool, len(o.areas.list))
	for _, a := range areas {
		if n, ok := o.areas.no[a]; ok {
			inside[n] = true
		}
	}
	number := func(d loa.Day) int32 {
		y, m, day := d.Parts()
		return int32(y*10000 + m*100 + day)
	}
	from, to := number(first), number(last)
	type key struct {
		area, month int32 // the month counted from year 0; -1 before the first day
		scheme      uint8
		kind        uint8
	}
	sums := map[key]int64{}
	for i := range o.rows {
		f := &o.rows[i]
		if f.on > to || !inside[f.area] || f.n == 0 {
			continue
		}
		k := key{f.area, -1, f.scheme, f.kind}
		if f.on >= from {
			k.month = f.on/10000*12 + f.on/100%100 - 1
			if cutOff > 0 && cutOff < 31 && f.on%100 > int32(cutOff) {
				k.month++ // after the cut-off day the next month has begun
			}
		}
		sums[k] += f.n
	}
	out := make([]loa.MonthFlow, 0, len(sums))
	for k, n := range sums {
		m := loa.MonthFlow{Area: loa.AreaID(o.areas.list[k.area]), Scheme: loa.Scheme(o.kinds.list[k.scheme]), Kind: o.kinds.list[k.kind], N: n}
		if k.month >= 0 {
			m.Month = loa.MakeMonth(int(k.month/12), int(k.month%12)+1)
		}
		out = append(out, m)
	}
	return out
}
