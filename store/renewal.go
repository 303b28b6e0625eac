package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// RenewalFilter says which renewals a list is about.
type RenewalFilter struct {
	Kind      string // due or lapsed
	Scheme    loa.Scheme
	Within    int           // due: days until the cover ends; lapsed: months since
	Officer   loa.OfficerID // focal officer of the commune
	Collector loa.CollectorID
	// Uncollected keeps those whom no collector was named for.
	Uncollected bool
	Villages    []loa.AreaID // of that officer or place; nil means the whole scope
}

// RenewalRow is one person whose next payment is asked for, or who has lapsed.
type RenewalRow struct {
	Person       loa.PersonID
	Household    loa.HouseholdID
	Name         string
	Phone        string
	Area         loa.AreaID
	WalkOrder    int
	Scheme       loa.Scheme
	CoveredUntil loa.Day
	LastDay      loa.Day // the last day a payment still keeps the spell; for a lapsed one the day before the lapse
	Method       loa.Method
	Collector    loa.CollectorID
}

// renewalWhere is the part of a spell query that keeps what is asked for. Due: paid by the person, in the scheme today, and
// the cover ends within the days given. Lapsed: the newest spell ended by lapsing within the months given.
func renewalWhere(kind string) string {
	if kind == "lapsed" {
		return `s.end_kind = 'lapsed' AND s.ends_on <= $2 AND s.ends_on > $3 AND s.payer = 'self'
			AND NOT EXISTS (SELECT 1 FROM spell n WHERE n.person_id = s.person_id AND n.scheme = s.scheme AND n.no > s.no AND n.starts_on <= $2)`
	}
	return `s.payer = 'self' AND s.starts_on <= $2 AND s.ends_on > $2 AND s.covered_until <= $3`
}

func renewalDay(f RenewalFilter, today loa.Day) loa.Day {
	if f.Kind == "lapsed" {
		return today.AddMonths(-f.Within)
	}
	return today.Add(f.Within)
}

// Renewals lists people in walking order: village by village, house by house.
func (db *DB) Renewals(ctx context.Context, in loa.Scope, f RenewalFilter, today loa.Day, skip, take int) ([]RenewalRow, int, error) {
	where, args := inScope(in, "a.path", 5)
	all := append([]any{f.Scheme, today, renewalDay(f, today), f.Collector}, args...)
	if f.Villages != nil {
		if len(f.Villages) == 0 {
			return nil, 0, nil
		}
		where += ` AND s.area_id IN (` + placeholders(len(all)+1, len(f.Villages)) + `)`
		for _, v := range f.Villages {
			all = append(all, v)
		}
	}
	if f.Uncollected {
		where += ` AND s.collector_id = ''`
	}
	cond := ` FROM spell s JOIN area a ON a.id = s.area_id WHERE s.scheme = $1 AND ` + renewalWhere(f.Kind) + ` AND ` + ofCollector("s.collector_id", "$4") + ` AND ` + where
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+cond, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the renewals: %w", err)
	}
	n := len(all)
	rows, err := db.read.QueryContext(ctx, `SELECT r.person_id, p.household_id, p.name, p.phone, r.area_id, coalesce(h.walk_order, 0), r.scheme, r.covered_until, r.ends_on, r.method, r.collector_id
		FROM (SELECT s.person_id, s.area_id, s.scheme, s.covered_until, s.ends_on, s.method, s.collector_id, a.path, a.walk_order`+cond+`) r
		JOIN person p ON p.id = r.person_id LEFT JOIN household h ON h.id = p.household_id
		ORDER BY r.path, coalesce(h.walk_order, 0), p.sort_key, r.person_id`+fmt.Sprintf(` LIMIT $%d OFFSET $%d`, n+1, n+2), append(all, take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (e RenewalRow, err error) {
		err = r.Scan(&e.Person, &e.Household, &e.Name, &e.Phone, &e.Area, &e.WalkOrder, &e.Scheme, &e.CoveredUntil, &e.LastDay, &e.Method, &e.Collector)
		e.LastDay = e.LastDay.Add(-1)
		return e, err
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the renewals: %w", err)
	}
	return list, total, nil
}

// RenewalTally counts, per village, who is due within 7, 30 and 60 days and who lapsed in the last twelve months.
type RenewalTally struct {
	Area               loa.AreaID
	D7, D30, D60, Late int
}

// RenewalCounts counts the renewals of one scheme per village as of a day.
func (db *DB) RenewalCounts(ctx context.Context, in loa.Scope, scheme loa.Scheme, today loa.Day) ([]RenewalTally, error) {
	state, err := db.standingState(ctx, in.Office)
	if err != nil {
		return nil, err
	}
	return keepRead(db, fmt.Sprint("renewals ", in, scheme, today), state, func() ([]RenewalTally, error) { return db.renewalCounts(ctx, in, scheme, today) })
}

func (db *DB) renewalCounts(ctx context.Context, in loa.Scope, scheme loa.Scheme, today loa.Day) ([]RenewalTally, error) {
	where, args := inScope(in, "a.path", 6)
	by := map[loa.AreaID]*RenewalTally{}
	at := func(id loa.AreaID) *RenewalTally {
		if by[id] == nil {
			by[id] = &RenewalTally{Area: id}
		}
		return by[id]
	}
	rows, err := db.read.QueryContext(ctx, `SELECT s.area_id, CAST(sum(CASE WHEN s.covered_until <= $4 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN s.covered_until <= $5 THEN 1 ELSE 0 END) AS BIGINT), count(*)
		FROM spell s JOIN area a ON a.id = s.area_id WHERE s.scheme = $1 AND `+renewalWhere("due")+` AND `+where+` GROUP BY s.area_id`,
		append([]any{scheme, today, today.Add(60), today.Add(7), today.Add(30)}, args...)...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var t RenewalTally
		if err := r.Scan(&t.Area, &t.D7, &t.D30, &t.D60); err != nil {
			return err
		}
		*at(t.Area) = t
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count who is due: %w", err)
	}
	where, args = inScope(in, "a.path", 4)
	rows, err = db.read.QueryContext(ctx, `SELECT s.area_id, count(*) FROM spell s JOIN area a ON a.id = s.area_id WHERE s.scheme = $1 AND `+renewalWhere("lapsed")+` AND `+where+` GROUP BY s.area_id`,
		append([]any{scheme, today, today.AddMonths(-12)}, args...)...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.AreaID
		var n int
		if err := r.Scan(&id, &n); err != nil {
			return err
		}
		at(id).Late = n
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count who lapsed: %w", err)
	}
	out := make([]RenewalTally, 0, len(by))
	for _, t := range by {
		out = append(out, *t)
	}
	return out, nil
}

// RenewalsByCollector counts the same per collector: those whom nobody collects from stand under the empty ID.
func (db *DB) RenewalsByCollector(ctx context.Context, in loa.Scope, scheme loa.Scheme, own loa.CollectorID, today loa.Day) (map[loa.CollectorID]RenewalTally, error) {
	out := map[loa.CollectorID]RenewalTally{}
	where, args := inScope(in, "a.path", 7)
	rows, err := db.read.QueryContext(ctx, `SELECT s.collector_id, CAST(sum(CASE WHEN s.covered_until <= $4 THEN 1 ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN s.covered_until <= $5 THEN 1 ELSE 0 END) AS BIGINT), count(*)
		FROM spell s JOIN area a ON a.id = s.area_id WHERE s.scheme = $1 AND `+renewalWhere("due")+` AND `+ofCollector("s.collector_id", "$6")+` AND `+where+` GROUP BY s.collector_id`,
		append([]any{scheme, today, today.Add(60), today.Add(7), today.Add(30), own}, args...)...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.CollectorID
		var t RenewalTally
		if err := r.Scan(&id, &t.D7, &t.D30, &t.D60); err != nil {
			return err
		}
		out[id] = t
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count who is due by collector: %w", err)
	}
	where, args = inScope(in, "a.path", 5)
	rows, err = db.read.QueryContext(ctx, `SELECT s.collector_id, count(*) FROM spell s JOIN area a ON a.id = s.area_id WHERE s.scheme = $1 AND `+renewalWhere("lapsed")+` AND `+ofCollector("s.collector_id", "$4")+` AND `+where+` GROUP BY s.collector_id`,
		append([]any{scheme, today, today.AddMonths(-12), own}, args...)...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.CollectorID
		var n int
		if err := r.Scan(&id, &n); err != nil {
			return err
		}
		t := out[id]
		t.Late = n
		out[id] = t
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count who lapsed by collector: %w", err)
	}
	return out, nil
}
