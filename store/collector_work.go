package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"

	"loa"
)

// ofCollector is the condition that keeps what an organisation or one of its agents has, over a column of collector IDs. The
// placeholder stands twice; an empty ID keeps everything.
func ofCollector(column, mark string) string {
	return `(` + mark + ` = '' OR ` + underCollector(column, mark) + `)`
}

// underCollector is the same for an ID that is given; the second half lets an index on the column serve.
func underCollector(column, mark string) string {
	return column + ` IN (SELECT k.id FROM collector k WHERE k.id = ` + mark + ` OR k.parent_id = ` + mark + `) AND ` + column + ` <> ''`
}

// CollectorOffer is a collector a lead can be handed to.
type CollectorOffer struct {
	loa.Collector
	Covers bool // its territory holds the village on the day
	Open   int64
}

// CollectorOffers are the collectors in use, those whose territory covers an area on a day first: the narrower the territory, the
// sooner. An agent stands with its organisation's territory where it has none of its own.
func (db *DB) CollectorOffers(ctx context.Context, in loa.Scope, area loa.AreaID, on loa.Day) ([]CollectorOffer, error) {
	if in.Empty() {
		return nil, nil
	}
	a, err := db.Area(ctx, in, area)
	if err != nil {
		return nil, err
	}
	const covers = `(SELECT coalesce(max(length(x.path)), 0) FROM collector_area t JOIN area x ON x.id = t.area_id WHERE t.from_on <= $2 AND t.to_on >= $2 AND x.path <> ''
		AND substr(CAST($3 AS TEXT), 1, length(x.path)) = x.path AND t.collector_id = `
	rows, err := db.read.QueryContext(ctx, `SELECT `+collectorColumns+`, `+covers+`c.id) AS own, CASE WHEN c.parent_id <> '' AND NOT EXISTS (SELECT 1 FROM collector_area o WHERE o.collector_id = c.id AND o.from_on <= $2 AND o.to_on >= $2)
		THEN `+covers+`c.parent_id) ELSE 0 END AS inherited, (SELECT count(*) FROM (`+lastStep+` WHERE l.id IN (SELECT s.lead_id FROM enrolment_step s WHERE s.collector_id = c.id AND s.collector_id <> '')) e
		WHERE e.collector_id = c.id AND e.step IN ('handed', 'registered'))
		FROM collector c WHERE c.office_id = $1 AND c.retired_at = 0 AND NOT EXISTS (SELECT 1 FROM collector u WHERE u.id = c.parent_id AND u.retired_at > 0) ORDER BY c.folded, c.id LIMIT 1000`, in.Office, on, a.Path)
	type ranked struct {
		CollectorOffer
		own, inherited int
	}
	list, err := collect(rows, err, func(r *sql.Rows) (o ranked, err error) {
		c := &o.Collector
		return o, r.Scan(&c.ID, &c.Office, &c.Parent, &c.Name, &c.Code, &c.Contact, &c.Phone, &c.Officer, &c.Note, &c.Capacity, &c.Retired, &c.ChangeNo, &o.own, &o.inherited, &o.Open)
	})
	if err != nil {
		return nil, fmt.Errorf("find collectors for a village: %w", err)
	}
	rank := func(o ranked) int { // the narrower the sooner; then an agent of its own, an agent through its organisation, an organisation
		switch {
		case o.Parent == "":
			return 3 * o.own
		case o.own > 0:
			return 3*o.own + 2
		case o.inherited > 0:
			return 3*o.inherited + 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b ranked) int { return rank(b) - rank(a) })
	out := make([]CollectorOffer, len(list))
	for i, o := range list {
		o.Covers = o.own > 0 || o.inherited > 0
		out[i] = o.CollectorOffer
	}
	return out, nil
}

// HandOver is a lead in the hands of a collector, as the agent walks the list.
type HandOver struct {
	Lead      loa.FactID
	Person    loa.PersonID
	Name      string
	Phone     string
	Area      loa.AreaID
	House     string // the household's number in the office's list
	Scheme    loa.Scheme
	Step      loa.Step
	Since     loa.Day
	Handed    loa.Day // first handed to this collector
	Officer   loa.OfficerID
	Collector loa.CollectorID
	Note      string
}

// HandOvers are the open leads an organisation or agent has, village by village and house by house, and how many there are.
func (db *DB) HandOvers(ctx context.Context, in loa.Scope, id loa.CollectorID, skip, take int) ([]HandOver, int, error) {
	where, args := inScope(in, "a.path", 3)
	all := append([]any{in.Office, id}, args...)
	from := ` FROM (` + lastStep + ` WHERE l.office_id = $1 AND l.id IN (SELECT t.lead_id FROM enrolment_step t WHERE ` + underCollector("t.collector_id", "$2") + `)) e
		JOIN area a ON a.id = e.area_id JOIN person p ON p.id = e.person_id LEFT JOIN household h ON h.id = p.household_id
		WHERE e.step IN ('handed', 'registered') AND ` + underCollector("e.collector_id", "$2") + ` AND ` + where
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+from, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count what was handed over: %w", err)
	}
	n := len(all)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.person_id, p.name, p.phone, e.area_id, coalesce(h.code, ''), e.scheme, e.step, e.since,
		coalesce((SELECT min(s.happened_on) FROM enrolment_step s WHERE s.lead_id = e.id AND s.step = 'handed' AND s.collector_id = e.collector_id), e.since), e.officer_id, e.collector_id,
		coalesce((SELECT s.note FROM enrolment_step s WHERE s.lead_id = e.id AND s.note <> '' ORDER BY s.happened_on DESC, s.recorded_at DESC, s.id DESC LIMIT 1), '')`+from+
		` ORDER BY a.path, coalesce(h.walk_order, 0), p.sort_key, e.id LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2), append(all, take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (h HandOver, err error) {
		return h, r.Scan(&h.Lead, &h.Person, &h.Name, &h.Phone, &h.Area, &h.House, &h.Scheme, &h.Step, &h.Since, &h.Handed, &h.Officer, &h.Collector, &h.Note)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read what was handed over: %w", err)
	}
	return list, total, nil
}

// PaidAfter are, for every lead a collector brought to its first payment since a day, the days from the hand-over to it, the
// shortest first.
func (db *DB) PaidAfter(ctx context.Context, in loa.Scope, id loa.CollectorID, since loa.Day) ([]int, error) {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT p.happened_on, min(h.happened_on) FROM enrolment_step p JOIN area a ON a.id = p.area_id
		JOIN enrolment_step h ON h.lead_id = p.lead_id AND h.step = 'handed' AND `+underCollector("h.collector_id", "$2")+`
		WHERE p.office_id = $1 AND p.step = 'paid' AND p.happened_on >= $3 AND `+where+` GROUP BY p.lead_id, p.happened_on LIMIT 20000`, append([]any{in.Office, id, since}, args...)...)
	days, err := collect(rows, err, func(r *sql.Rows) (n int, err error) {
		var paid, handed loa.Day
		err = r.Scan(&paid, &handed)
		return max(paid.Sub(handed), 0), err
	})
	if err != nil {
		return nil, fmt.Errorf("read how long a collector took: %w", err)
	}
	slices.Sort(days)
	return days, nil
}

// LoginsOf are the officers who sign in for a collection organisation or agent.
func (db *DB) LoginsOf(ctx context.Context, in loa.Scope, id loa.CollectorID) ([]loa.Officer, error) {
	if _, err := db.Collector(ctx, in, id); err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT o.id, o.name, o.login_name, o.disabled_at > 0 FROM officer o WHERE o.office_id = $1 AND o.collector_id = $2 ORDER BY o.name, o.id LIMIT 100`, in.Office, id)
	return collect(rows, err, func(r *sql.Rows) (o loa.Officer, err error) {
		var out bool
		err = r.Scan(&o.ID, &o.Name, &o.LoginName, &out)
		if out {
			o.DisabledAt = instant(1)
		}
		return o, err
	})
}

// CollectorLabels are the names of all collectors there ever were, by ID, so that what they did stays readable.
func (db *DB) CollectorLabels(ctx context.Context, in loa.Scope) (map[loa.CollectorID]string, error) {
	out := map[loa.CollectorID]string{}
	if in.Empty() {
		return out, nil
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, name FROM collector WHERE office_id = $1`, in.Office)
	err = each(rows, err, func(r *sql.Rows) error {
		var id loa.CollectorID
		var name string
		err := r.Scan(&id, &name)
		out[id] = name
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the names of collectors: %w", err)
	}
	return out, nil
}
