package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// ReportInput reads everything a report of a period is counted from, a year further back for the comparison, in a handful of
// queries. Nothing after today counts.
func (db *DB) ReportInput(ctx context.Context, in loa.Scope, p loa.Period, settings loa.Settings, today loa.Day) (out loa.ReportInput, err error) {
	if err := p.Check(); err != nil {
		return out, err
	}
	out = loa.ReportInput{Scope: in, Period: p, CutOffDay: settings.CutOffDay, Today: today}
	if out.Office, err = db.Office(ctx, in.Office); err != nil {
		return out, err
	}
	if out.Tree, err = db.Tree(ctx, in.Office); err != nil {
		return out, err
	}
	before := loa.Period{From: p.From.Add(-12), To: p.To}
	first, last := before.Days(settings.CutOffDay)
	last = min(last, today)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type answer struct {
		flows []loa.MonthFlow
		err   error
	}
	beside := make(chan answer, 1) // half of the reading, done beside the other half
	go func() {
		var a answer
		a.flows, a.err = db.MonthFlows(ctx, in, first, last, settings.CutOffDay)
		beside <- a
	}()
	defer func() {
		if err != nil {
			stop()
		}
		a := <-beside
		if out.Flows = a.flows; err == nil {
			err = a.err
		}
	}()
	if out.Official, err = db.Participations(ctx, in, before.From.Add(-1), p.To); err != nil {
		return out, err
	}
	targets, err := db.Targets(ctx, in, p.From.Year(), p.To.Year())
	if err != nil {
		return out, err
	}
	for _, t := range targets {
		if t.Employer == "" && t.Officer == "" {
			out.Targets = append(out.Targets, t)
		}
	}
	state, err := db.outreachState(ctx, in.Office)
	if err != nil {
		return out, err
	}
	question := fmt.Sprint("outreach ", in, first, last, settings.CutOffDay)
	if out.Sessions, err = keepRead(db, question, state, func() ([]loa.SessionTally, error) { return db.SessionCounts(ctx, in, first, last) }); err != nil {
		return out, err
	}
	question = fmt.Sprint("questions ", in, first, last, settings.CutOffDay)
	if out.Questions, err = keepRead(db, question, state, func() ([]loa.MonthCount, error) {
		return db.questionCounts(ctx, in, first, last, settings.CutOffDay)
	}); err != nil {
		return out, err
	}
	from, to := p.Days(settings.CutOffDay)
	to = min(to, today)
	out.People, err = keepRead(db, fmt.Sprint("met ", in, from, to), state, func() (int64, error) { return db.PeopleMet(ctx, in, from, to) })
	return out, err
}

// cutOffText is the day of the month after which the next month begins, in two digits; no day is after the 31st.
func cutOffText(cutOff int) string {
	if cutOff <= 0 || cutOff >= 31 {
		return "31"
	}
	return fmt.Sprintf("%02d", cutOff)
}

func (db *DB) questionCounts(ctx context.Context, in loa.Scope, first, last loa.Day, cutOff int) ([]loa.MonthCount, error) {
	where, args := inScope(in, "a.path", 5)
	rows, err := db.read.QueryContext(ctx, `SELECT q.area_id, substr(q.happened_on, 1, 7), CASE WHEN substr(q.happened_on, 9, 2) > $4 THEN 1 ELSE 0 END, CAST(sum(q.n) AS BIGINT)
		FROM question q JOIN area a ON a.id = q.area_id WHERE q.office_id = $1 AND q.happened_on >= $2 AND q.happened_on <= $3 AND `+where+` GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
		append([]any{in.Office, first, last, cutOffText(cutOff)}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (c loa.MonthCount, err error) {
		var late int
		if err = r.Scan(&c.Area, &c.Month, &late, &c.N); err == nil && late == 1 {
			c.Month = c.Month.Add(1)
		}
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("count questions: %w", err)
	}
	return list, nil
}

// Cohorts are the people who joined a scheme for the first time from one day to another, added up by village, day and spell:
// what the share still paying after some months is counted from.
func (db *DB) Cohorts(ctx context.Context, in loa.Scope, scheme loa.Scheme, from, to loa.Day) ([]loa.Cohort, error) {
	state, err := db.standingState(ctx, in.Office)
	if err != nil {
		return nil, err
	}
	return keepRead(db, fmt.Sprint("cohorts ", in, scheme, from, to), state, func() ([]loa.Cohort, error) { return db.cohorts(ctx, in, scheme, from, to) })
}

func (db *DB) cohorts(ctx context.Context, in loa.Scope, scheme loa.Scheme, from, to loa.Day) ([]loa.Cohort, error) {
	where, args := inScope(in, "a.path", 5)
	rows, err := db.read.QueryContext(ctx, `SELECT j.area_id, j.starts_on, s.starts_on, s.ends_on, CASE WHEN s.no = 1 THEN 1 ELSE 0 END, count(*)
		FROM spell j JOIN area a ON a.id = j.area_id JOIN spell s ON s.person_id = j.person_id AND s.scheme = j.scheme
		WHERE j.office_id = $1 AND j.scheme = $2 AND j.no = 1 AND j.start_kind = 'joined' AND j.starts_on >= $3 AND j.starts_on <= $4 AND `+where+`
		GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4`, append([]any{in.Office, scheme, from, to}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (c loa.Cohort, err error) {
		var first int
		err = r.Scan(&c.Area, &c.Joined, &c.Starts, &c.Ends, &first, &c.N)
		c.First = first == 1
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the cohorts: %w", err)
	}
	return list, nil
}

// MeasureFigures are the newest population and eligible figures known on a day, of every area of the scope.
func (db *DB) MeasureFigures(ctx context.Context, in loa.Scope, on loa.Day) ([]loa.AreaFigure, error) {
	where, args := inScope(in, "a.path", 2)
	rows, err := db.read.QueryContext(ctx, `SELECT f.area_id, f.kind, f.value, f.as_of_on, f.source FROM area_figure f JOIN area a ON a.id = f.area_id
		WHERE f.kind <> 'households' AND f.as_of_on <= $1 AND `+where+` ORDER BY f.area_id, f.kind, f.as_of_on, f.recorded_at, f.id`, append([]any{on}, args...)...)
	all, err := collect(rows, err, func(r *sql.Rows) (f loa.AreaFigure, err error) {
		return f, r.Scan(&f.Area, &f.Kind, &f.Value, &f.AsOf, &f.Source)
	})
	if err != nil {
		return nil, fmt.Errorf("read the figures of areas: %w", err)
	}
	var out []loa.AreaFigure
	for _, f := range all { // oldest first: the newest of each stands last
		if n := len(out); n > 0 && out[n-1].Area == f.Area && out[n-1].Kind == f.Kind {
			out[n-1] = f
			continue
		}
		out = append(out, f)
	}
	return out, nil
}

// MapOutlines are the boundaries of the communes of a scope as the operator supplied them, by area; none may be loaded.
func (db *DB) MapOutlines(ctx context.Context, in loa.Scope) (map[loa.AreaID]string, error) {
	where, args := inScope(in, "a.path", 2)
	out := map[loa.AreaID]string{}
	rows, err := db.read.QueryContext(ctx, `SELECT b.area_id, b.geojson FROM boundary b JOIN area a ON a.id = b.area_id WHERE b.office_id = $1 AND `+where, append([]any{in.Office}, args...)...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var id loa.AreaID
		var text string
		if err := r.Scan(&id, &text); err != nil {
			return err
		}
		out[id] = text
		return nil
	}); err != nil {
		return nil, fmt.Errorf("read the boundaries: %w", err)
	}
	return out, nil
}
