package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// EnrolmentFilter narrows the pipeline.
type EnrolmentFilter struct {
	Step      loa.Step // empty: the open ones
	Scheme    loa.Scheme
	Officer   loa.OfficerID
	Collector loa.CollectorID
	Form      loa.Form
	Since     loa.Day // leads from this day on; keeps closed ones to a year
}

// EnrolmentRow is a lead as the pipeline lists it.
type EnrolmentRow struct {
	Lead      loa.FactID
	Person    loa.PersonID
	Name      string
	Area      loa.AreaID
	Scheme    loa.Scheme
	On        loa.Day // of the lead
	Step      loa.Step
	Since     loa.Day
	Officer   loa.OfficerID
	Collector loa.CollectorID
	Form      loa.Form
	Reason    string
}

// lastStep picks, for each lead, the newest step by day and then by record; a lead without steps is interested.
const lastStep = `SELECT l.id, l.person_id, l.area_id, l.scheme, l.happened_on, l.form, l.officer_id,
	coalesce(s.step, 'interested') AS step, coalesce(s.happened_on, l.happened_on) AS since, coalesce(s.officer_id, '') AS step_officer, coalesce(s.reason, '') AS reason,
	coalesce((SELECT h.collector_id FROM enrolment_step h WHERE h.lead_id = l.id AND h.collector_id <> '' ORDER BY h.happened_on DESC, h.recorded_at DESC, h.id DESC LIMIT 1), '') AS collector_id
	FROM lead l LEFT JOIN enrolment_step s ON s.id = (SELECT n.id FROM enrolment_step n WHERE n.lead_id = l.id ORDER BY n.happened_on DESC, n.recorded_at DESC, n.id DESC LIMIT 1)`

// Enrolments is one page of the pipeline, oldest at its step first, and how many there are in all.
func (db *DB) Enrolments(ctx context.Context, in loa.Scope, f EnrolmentFilter, skip, take int) ([]EnrolmentRow, int, error) {
	where, args := inScope(in, "a.path", 8)
	all := append([]any{in.Office, f.Since, f.Step, f.Scheme, f.Officer, f.Collector, f.Form}, args...)
	cond := ` FROM (` + lastStep + ` WHERE l.office_id = $1 AND l.happened_on >= $2) e JOIN area a ON a.id = e.area_id
		WHERE ($3 = '' AND e.step IN ('interested', 'handed', 'registered') OR e.step = $3) AND ($4 = '' OR e.scheme = $4)
		AND ($5 = '' OR e.officer_id = $5 OR e.step_officer = $5) AND ` + ofCollector("e.collector_id", "$6") + ` AND ($7 = '' OR e.form = $7) AND ` + where
	var total int
	if err := db.read.QueryRowContext(ctx, `SELECT count(*)`+cond, all...).Scan(&total); err != nil {
		return nil, 0, fmt.Errorf("count the pipeline: %w", err)
	}
	n := len(all)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.person_id, coalesce((SELECT p.name FROM person p WHERE p.id = e.person_id), ''), e.area_id, e.scheme, e.happened_on, e.step, e.since,
		CASE WHEN e.step_officer <> '' THEN e.step_officer ELSE e.officer_id END, e.collector_id, e.form, e.reason`+cond+
		fmt.Sprintf(` ORDER BY e.since, e.id LIMIT $%d OFFSET $%d`, n+1, n+2), append(all, take, skip)...)
	list, err := collect(rows, err, func(r *sql.Rows) (e EnrolmentRow, err error) {
		return e, r.Scan(&e.Lead, &e.Person, &e.Name, &e.Area, &e.Scheme, &e.On, &e.Step, &e.Since, &e.Officer, &e.Collector, &e.Form, &e.Reason)
	})
	if err != nil {
		return nil, 0, fmt.Errorf("read the pipeline: %w", err)
	}
	return list, total, nil
}

// FunnelStep is how many leads stand at a step, how many of them for longer than a limit, and how many ever reached it.
type FunnelStep struct {
	Step  loa.Step
	N     int
	Old   int // standing here for more than the days asked about
	Since loa.Day
}

// Funnel counts the leads made since a day by where they stand; old counts those standing since before a day.
func (db *DB) Funnel(ctx context.Context, in loa.Scope, f EnrolmentFilter, oldBefore loa.Day) ([]FunnelStep, error) {
	where, args := inScope(in, "a.path", 8)
	rows, err := db.read.QueryContext(ctx, `SELECT e.step, count(*), CAST(sum(CASE WHEN e.since < $3 THEN 1 ELSE 0 END) AS BIGINT), min(e.since)
		FROM (`+lastStep+` WHERE l.office_id = $1 AND l.happened_on >= $2) e JOIN area a ON a.id = e.area_id
		WHERE ($4 = '' OR e.scheme = $4) AND ($5 = '' OR e.officer_id = $5 OR e.step_officer = $5) AND `+ofCollector("e.collector_id", "$6")+` AND ($7 = '' OR e.form = $7) AND `+where+` GROUP BY e.step`,
		append([]any{in.Office, f.Since, oldBefore, f.Scheme, f.Officer, f.Collector, f.Form}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (s FunnelStep, err error) { return s, r.Scan(&s.Step, &s.N, &s.Old, &s.Since) })
	if err != nil {
		return nil, fmt.Errorf("count the funnel: %w", err)
	}
	return list, nil
}

// Reasons counts why people refused or left since a day.
func (db *DB) Reasons(ctx context.Context, in loa.Scope, since loa.Day) (refused, left map[string]int, err error) {
	refused, left = map[string]int{}, map[string]int{}
	where, args := inScope(in, "a.path", 3)
	for _, q := range []struct {
		text string
		into map[string]int
	}{
		{`SELECT s.reason, count(*) FROM enrolment_step s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.happened_on >= $2 AND s.step = 'refused' AND ` + where + ` GROUP BY s.reason`, refused},
		{`SELECT s.reason, count(*) FROM leaving s JOIN area a ON a.id = s.area_id WHERE s.office_id = $1 AND s.happened_on >= $2 AND ` + where + ` GROUP BY s.reason`, left},
	} {
		rows, err := db.read.QueryContext(ctx, q.text, append([]any{in.Office, since}, args...)...)
		if err := each(rows, err, func(r *sql.Rows) error {
			var reason string
			var n int
			if err := r.Scan(&reason, &n); err != nil {
				return err
			}
			q.into[reason] = n
			return nil
		}); err != nil {
			return nil, nil, fmt.Errorf("count the reasons: %w", err)
		}
	}
	return refused, left, nil
}
