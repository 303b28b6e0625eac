package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"loa"
)

const leadColumns = factColumns + `, happened_at, household_id, person_id, scheme, session_id, form, officer_id, income, method, note`

func leadArgs(l loa.Lead, change int64) []any {
	return append(factArgs(l.Fact, change), millis(l.HappenedAt), l.Household, l.Person, l.Scheme, l.Session, l.Form, l.Officer, l.Income, l.Method, l.Note)
}

func scanLead(r interface{ Scan(...any) error }, more ...any) (l loa.Lead, err error) {
	var recorded, change, happened int64
	into := append(scanFact(&l.Fact, &recorded, &change), &happened, &l.Household, &l.Person, &l.Scheme, &l.Session, &l.Form, &l.Officer, &l.Income, &l.Method, &l.Note)
	err = r.Scan(append(into, more...)...)
	l.RecordedAt, l.HappenedAt = instant(recorded), instant(happened)
	return l, err
}

// AddLead records that somebody is interested, or the correction of that. The officer who records it owns it unless another is named.
func (db *DB) AddLead(ctx context.Context, in loa.Scope, by loa.By, l loa.Lead) error {
	if err := l.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		p, err := personForFact(ctx, tx, in, l.Person)
		if err != nil {
			return err
		}
		if err := noOpenLead(ctx, tx, l); err != nil {
			return err
		}
		l.Office, l.Area, l.RecordedAt, l.RecordedBy = p.Office, p.Area, by.At, by.Officer
		if l.Officer == "" {
			l.Officer = by.Officer
		}
		if l.Household == "" {
			if err := tx.QueryRowContext(ctx, `SELECT household_id FROM person WHERE id = $1`, l.Person).Scan(&l.Household); err != nil {
				return fmt.Errorf("find the household of a lead: %w", err)
			}
		}
		return addPersonFact(ctx, tx, by, "lead", leadColumns, l.Fact, l.Person, func(change int64) []any { return leadArgs(l, change) })
	})
}

// noOpenLead refuses a second lead of somebody who is being followed in the scheme already: it would be counted twice and worked twice.
// The same lead sent again, and a correction, are none.
func noOpenLead(ctx context.Context, tx *sql.Tx, l loa.Lead) error {
	if l.Corrects != "" || l.Void {
		return nil
	}
	var on loa.Day
	err := tx.QueryRowContext(ctx, `SELECT happened_on FROM lead WHERE person_id = $1 AND scheme = $2 AND id <> $3
		AND NOT EXISTS (SELECT 1 FROM enrolment_step s WHERE s.lead_id = lead.id AND s.step IN ('paid', 'refused', 'closed')) ORDER BY happened_on LIMIT 1`, l.Person, l.Scheme, l.ID).Scan(&on)
	switch {
	case err == nil:
		return loa.Refuse(loa.Conflict, "lead", "lead_open", on.Vietnamese())
	case errors.Is(err, sql.ErrNoRows):
		return nil
	}
	return fmt.Errorf("look for an open lead: %w", err)
}

// addPersonFact inserts one fact about a person: a replay changes nothing, a new one marks the person as changed and is audited.
func addPersonFact(ctx context.Context, tx *sql.Tx, by loa.By, noun, columns string, f loa.Fact, person loa.PersonID, args func(change int64) []any) error {
	change, err := nextChange(ctx, tx, f.Office, 1)
	if err != nil {
		return err
	}
	values := args(change)
	res, err := tx.ExecContext(ctx, `INSERT INTO `+noun+`_fact (`+columns+`) VALUES (`+placeholders(1, len(values))+`) ON CONFLICT (id) DO NOTHING`, values...)
	if err != nil {
		return fmt.Errorf("record a %s: %w", noun, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err
	}
	if person != "" {
		if err := touchPeople(ctx, tx, change, person); err != nil {
			return err
		}
	}
	return addAudit(ctx, tx, f.Office, by, factAct(f), noun, string(f.ID), "")
}

// Lead is one lead inside the scope.
func (db *DB) Lead(ctx context.Context, in loa.Scope, id loa.FactID) (loa.Lead, error) {
	var path string
	l, err := scanLead(db.read.QueryRowContext(ctx, `SELECT `+prefixed("l", leadColumns)+`, a.path FROM lead l JOIN area a ON a.id = l.area_id WHERE l.id = $1`, id), &path)
	if err != nil {
		return l, notFound(err)
	}
	if !in.Holds(path) {
		return loa.Lead{}, loa.ErrNotFound
	}
	return l, nil
}

const stepColumns = factColumns + `, happened_at, lead_id, step, collector_id, officer_id, contribution_id, reason, note`

func scanStep(r interface{ Scan(...any) error }) (s loa.EnrolmentStep, err error) {
	var recorded, change, happened int64
	err = r.Scan(append(scanFact(&s.Fact, &recorded, &change), &happened, &s.Lead, &s.Step, &s.Collector, &s.Officer, &s.Contribution, &s.Reason, &s.Note)...)
	s.RecordedAt, s.HappenedAt = instant(recorded), instant(happened)
	return s, err
}

// AddStep moves a lead on. A lead that is paid, refused or closed moves no further; correct the step instead.
func (db *DB) AddStep(ctx context.Context, in loa.Scope, by loa.By, s loa.EnrolmentStep) error {
	if err := s.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error { return addStep(ctx, tx, in, by, s) })
}

func addStep(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, s loa.EnrolmentStep) error {
	var path string
	l, err := scanLead(tx.QueryRowContext(ctx, `SELECT `+prefixed("l", leadColumns)+`, a.path FROM lead l JOIN area a ON a.id = l.area_id WHERE l.id = $1`, s.Lead), &path)
	if err != nil {
		return notFound(err)
	}
	if !in.Holds(path) {
		return loa.ErrNotFound
	}
	if s.Collector != "" && !s.Void {
		c, err := collectorIn(ctx, tx, in, s.Collector)
		if err != nil {
			return err
		}
		if c.Retired && s.Step == loa.Handed {
			return loa.Refuse(loa.Conflict, "collector", "collector_retired")
		}
	}
	steps, err := stepsOf(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	now := loa.Follow(l, steps)
	switch {
	case s.Corrects == "" && !now.Open():
		return loa.Refuse(loa.Conflict, "", "lead_closed")
	case s.HappenedOn < l.HappenedOn:
		return loa.Refuse(loa.Invalid, "on", "before_lead")
	case s.Corrects == "" && s.HappenedOn < now.Since: // it would change nothing: a lead stands where its latest day put it
		return loa.Refuse(loa.Invalid, "on", "before_step", now.Since.Vietnamese())
	case s.Corrects == "" && s.Step == loa.Handed && now.Step != loa.Interested && s.Collector == now.Collector: // it would begin the waiting anew
		return loa.Refuse(loa.Conflict, "collector", "already_handed")
	}
	s.Office, s.Area, s.RecordedAt, s.RecordedBy = l.Office, l.Area, by.At, by.Officer
	return addPersonFact(ctx, tx, by, "enrolment_step", stepColumns, s.Fact, l.Person, func(change int64) []any {
		return append(factArgs(s.Fact, change), millis(s.HappenedAt), s.Lead, s.Step, s.Collector, s.Officer, s.Contribution, s.Reason, s.Note)
	})
}

// PayLead records the first contribution of a lead and its last step in one act.
func (db *DB) PayLead(ctx context.Context, in loa.Scope, by loa.By, c loa.Contribution) error {
	if err := c.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := db.addContribution(ctx, tx, in, by, c); err != nil {
			return err
		}
		step := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: c.HappenedOn, HappenedAt: by.At}, Lead: c.Lead, Step: loa.Paid, Collector: c.Collector,
			Officer: by.Officer, Contribution: c.ID}
		return addStep(ctx, tx, in, by, step)
	})
}

func stepsOf(ctx context.Context, q querier, lead loa.FactID) ([]loa.EnrolmentStep, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+stepColumns+` FROM enrolment_step WHERE lead_id = $1 ORDER BY happened_on, recorded_at, id`, lead)
	return collect(rows, err, func(r *sql.Rows) (loa.EnrolmentStep, error) { return scanStep(r) })
}

// Enrolment is one lead with its steps and where it stands.
func (db *DB) Enrolment(ctx context.Context, in loa.Scope, id loa.FactID) (loa.Enrolment, error) {
	l, err := db.Lead(ctx, in, id)
	if err != nil {
		return loa.Enrolment{}, err
	}
	steps, err := stepsOf(ctx, db.read, id)
	if err != nil {
		return loa.Enrolment{}, fmt.Errorf("read the steps of a lead: %w", err)
	}
	return loa.Follow(l, steps), nil
}

// prefixed writes an alias before every column of a list.
func prefixed(alias, columns string) string {
	out := make([]byte, 0, len(columns)*2)
	word := true
	for i := 0; i < len(columns); i++ {
		c := columns[i]
		if word && c != ' ' && c != ',' {
			out = append(out, alias...)
			out = append(out, '.')
			word = false
		}
		if c == ',' {
			word = true
		}
		out = append(out, c)
	}
	return string(out)
}
