package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"loa"
)

// FlowQuery asks who stands behind a figure: those who joined, returned, lapsed or left from one day to another, those "in" a
// scheme at the end of the last day, or those who joined in the time and were still in ("kept") or not ("lost") some months after.
type FlowQuery struct {
	Scheme   loa.Scheme
	Kind     string // joined returned lapsed left came went in kept lost
	From, To loa.Day
	After    int          // months after joining, for kept and lost
	Areas    []loa.AreaID // nil: the whole scope
}

// FlowKind lists what a FlowQuery may ask for.
var FlowKind = []string{"in", "joined", "returned", "lapsed", "left", "came", "went", "kept", "lost"}

// FlowPerson is one person behind a figure, with the spell that puts them there.
type FlowPerson struct {
	loa.Spell
	Name     string
	BornYear int
}

// FlowPeople lists, by village and name, the people behind a figure, and says how many there are in all.
func (db *DB) FlowPeople(ctx context.Context, in loa.Scope, f FlowQuery, skip, take int) ([]FlowPerson, int, error) {
	from, args, err := f.where(in)
	if err != nil {
		return nil, 0, err
	}
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+from, args...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the people behind a figure: %w", err)
	}
	n := len(args)
	rows, err := db.read.QueryContext(ctx, `SELECT s.person_id, s.scheme, s.no, s.area_id, s.starts_on, s.start_kind, s.covered_until, s.payer, s.method, s.ends_on, s.end_kind, s.reason,
		s.lead_id, s.collector_id, p.name, p.born_year`+from+` ORDER BY a.path, p.sort_key, p.id, s.no LIMIT $`+strconv.Itoa(n+1)+` OFFSET $`+strconv.Itoa(n+2), append(args, take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x FlowPerson, err error) {
		s := &x.Spell
		return x, r.Scan(&s.Person, &s.Scheme, &s.No, &s.Area, &s.Starts, &s.StartKind, &s.CoveredUntil, &s.Payer, &s.Method, &s.Ends, &s.EndKind, &s.Reason, &s.Lead, &s.Collector, &x.Name, &x.BornYear)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the people behind a figure: %w", err)
	}
	return list, total, nil
}

// FlowPeopleByArea counts the same people village by village: what those may see who may not see people.
func (db *DB) FlowPeopleByArea(ctx context.Context, in loa.Scope, f FlowQuery) (map[loa.AreaID]int64, error) {
	from, args, err := f.where(in)
	if err != nil {
		return nil, err
	}
	out := map[loa.AreaID]int64{}
	rows, err := db.read.QueryContext(ctx, `SELECT s.area_id, count(*)`+from+` GROUP BY s.area_id`, args...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.AreaID
		var n int64
		if err := r.Scan(&id, &n); err != nil {
			return err
		}
		out[id] = n
		return nil
	}); err != nil {
		return nil, fmt.Errorf("count the people behind a figure: %w", err)
	}
	return out, nil
}

func (f FlowQuery) where(in loa.Scope) (string, []any, error) {
	args := []any{in.Office, f.Scheme}
	arg := func(v any) string { args = append(args, v); return "$" + strconv.Itoa(len(args)) }
	var cond string
	switch f.Kind {
	case "in":
		day := arg(f.To)
		cond = `s.starts_on <= ` + day + ` AND s.ends_on > ` + day
	case "joined", "returned":
		cond = `s.start_kind = ` + arg(f.Kind) + ` AND s.starts_on >= ` + arg(f.From) + ` AND s.starts_on <= ` + arg(f.To)
	case "came", "went": // joined or returned, lapsed or left
		edge := map[string]string{"came": "starts_on", "went": "ends_on"}[f.Kind]
		kinds := map[string]string{"came": "s.start_kind IN ('joined', 'returned')", "went": "s.end_kind IN ('lapsed', 'left')"}[f.Kind]
		cond = kinds + ` AND s.` + edge + ` >= ` + arg(f.From) + ` AND s.` + edge + ` <= ` + arg(f.To)
	case "lapsed", "left":
		cond = `s.end_kind = ` + arg(f.Kind) + ` AND s.ends_on >= ` + arg(f.From) + ` AND s.ends_on <= ` + arg(f.To)
	case "kept", "lost":
		if f.After < 1 || f.After > 120 || f.To.Sub(f.From) > 400 {
			return "", nil, loa.Refuse(loa.Invalid, "period", "bad_period")
		}
		not := ""
		if f.Kind == "lost" {
			not = "NOT "
		}
		cond = `s.no = 1 AND s.start_kind = 'joined' AND EXISTS (SELECT 1 FROM (` + f.laterDays(arg) + `) d WHERE d.joined_on = s.starts_on AND ` + not +
			`EXISTS (SELECT 1 FROM spell k WHERE k.person_id = s.person_id AND k.scheme = s.scheme AND k.starts_on <= d.later AND k.ends_on > d.later))`
	default:
		return "", nil, loa.Refuse(loa.Invalid, "kind", "not_in_list")
	}
	if f.Areas != nil {
		marks := make([]string, len(f.Areas))
		for i, id := range f.Areas {
			marks[i] = arg(id)
		}
		if len(marks) == 0 {
			return "", nil, loa.ErrNotFound
		}
		cond += ` AND s.area_id IN (` + strings.Join(marks, ", ") + `)`
	}
	where, scoped := inScope(in, "a.path", len(args)+1)
	return ` FROM spell s JOIN area a ON a.id = s.area_id JOIN person p ON p.id = s.person_id WHERE s.office_id = $1 AND s.scheme = $2 AND ` + cond + ` AND ` + where, append(args, scoped...), nil
}

// laterDays is a small table of every day of the time and the day so many months later: SQL has no months both engines agree on.
func (f FlowQuery) laterDays(arg func(any) string) string {
	var b strings.Builder
	for d := f.From; d <= f.To; d = d.Add(1) {
		if b.Len() > 0 {
			b.WriteString(` UNION ALL `)
		}
		b.WriteString(`SELECT CAST(` + arg(d) + ` AS TEXT) AS joined_on, CAST(` + arg(d.AddMonths(f.After)) + ` AS TEXT) AS later`)
	}
	return b.String()
}
