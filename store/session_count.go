package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// heldHeads is one row per held session between $1 and $2: named people once each, however often recorded and under
// whichever merged record, and the heads that were only counted.
const heldHeads = `SELECT s.id, s.area_id, s.on_day, s.form, ` + sessionHeads + `
	WHERE s.state = 'held' AND s.on_day >= $1 AND s.on_day <= $2 AND `

const sessionHeads = `CAST(COALESCE(sum(CASE WHEN f.person_id = '' THEN f.n ELSE 0 END), 0) AS BIGINT) AS unnamed,
	count(DISTINCT CASE WHEN f.person_id = '' THEN NULL ELSE COALESCE(m.merged_into, f.person_id) END) AS named
	FROM session s JOIN area a ON a.id = s.area_id
	LEFT JOIN attendance f ON f.session_id = s.id
	LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = f.person_id`

const tallySums = `count(*), CAST(COALESCE(sum(CASE WHEN unnamed > 0 THEN unnamed + named ELSE named END), 0) AS BIGINT), CAST(COALESCE(sum(named), 0) AS BIGINT)`

// SessionCounts counts the sessions held from one day to another by the area they were held in, by month and by form. Months
// close on the office's own cut-off day.
func (db *DB) SessionCounts(ctx context.Context, in loa.Scope, from, to loa.Day) ([]loa.SessionTally, error) {
	settings, err := db.Settings(ctx, in.Office)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT area_id, on_day, form, `+tallySums+` FROM (`+heldHeads+where+`
		GROUP BY s.id, s.area_id, s.on_day, s.form) h GROUP BY area_id, on_day, form ORDER BY on_day, area_id, form`, append([]any{from, to}, args...)...)
	days, err := collect(rows, err, func(r *sql.Rows) (t loa.SessionTally, err error) {
		var on loa.Day
		err = r.Scan(&t.Area, &on, &t.Form, &t.Sessions, &t.Heads, &t.Named)
		t.Month = on.Month()
		if on > t.Month.CutOff(settings.CutOffDay) {
			t.Month = t.Month.Add(1)
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("count sessions: %w", err)
	}
	return addTallies(days), nil
}

// addTallies adds up rows of the same area, month and form, in the order they first appear.
func addTallies(rows []loa.SessionTally) []loa.SessionTally {
	type key struct {
		area  loa.AreaID
		month loa.Month
		form  loa.Form
	}
	at := map[key]int{}
	var out []loa.SessionTally
	for _, t := range rows {
		k := key{t.Area, t.Month, t.Form}
		i, ok := at[k]
		if !ok {
			at[k] = len(out)
			out = append(out, t)
			continue
		}
		out[i].Sessions += t.Sessions
		out[i].Heads += t.Heads
		out[i].Named += t.Named
	}
	return out
}

// HeadsByForm counts the sessions held from one day to another by form alone, with the distinct people named at each form.
func (db *DB) HeadsByForm(ctx context.Context, in loa.Scope, from, to loa.Day) ([]loa.SessionTally, error) {
	state, err := db.outreachState(ctx, in.Office)
	if err != nil {
		return nil, err
	}
	return keepRead(db, fmt.Sprint("heads by form ", in, from, to), state, func() ([]loa.SessionTally, error) { return db.headsByForm(ctx, in, from, to) })
}

func (db *DB) headsByForm(ctx context.Context, in loa.Scope, from, to loa.Day) ([]loa.SessionTally, error) {
	where, args := inScope(in, "a.path", 3)
	args = append([]any{from, to}, args...)
	rows, err := db.read.QueryContext(ctx, `SELECT form, `+tallySums+` FROM (`+heldHeads+where+`
		GROUP BY s.id, s.area_id, s.on_day, s.form) h GROUP BY form ORDER BY form`, args...)
	out, err := collect(rows, err, func(r *sql.Rows) (t loa.SessionTally, err error) {
		return t, r.Scan(&t.Form, &t.Sessions, &t.Heads, &t.Named)
	})
	if err != nil {
		return nil, fmt.Errorf("count heads: %w", err)
	}
	rows, err = db.read.QueryContext(ctx, `SELECT s.form, count(DISTINCT COALESCE(m.merged_into, f.person_id)) `+namedAtHeld+where+` GROUP BY s.form`, args...)
	people := map[loa.Form]int64{}
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var form loa.Form
		var n int64
		err = r.Scan(&form, &n)
		people[form] = n
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("count people met: %w", err)
	}
	for i := range out {
		out[i].People = people[out[i].Form]
	}
	return out, nil
}

const namedAtHeld = `FROM attendance f JOIN session s ON s.id = f.session_id JOIN area a ON a.id = s.area_id
	LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = f.person_id
	WHERE f.person_id <> '' AND s.state = 'held' AND s.on_day >= $1 AND s.on_day <= $2 AND `

// PeopleMet is how many distinct people were met by name at held sessions from one day to another; it cannot be added up from
// parts, because one person comes to several sessions.
func (db *DB) PeopleMet(ctx context.Context, in loa.Scope, from, to loa.Day) (n int64, err error) {
	where, args := inScope(in, "a.path", 3)
	err = db.read.QueryRowContext(ctx, `SELECT count(DISTINCT COALESCE(m.merged_into, f.person_id)) `+namedAtHeld+where, append([]any{from, to}, args...)...).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count people met: %w", err)
	}
	return n, nil
}
