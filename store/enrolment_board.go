package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// BoardCell is how many enrolments one owner has at a step, how many of them for too long, and since when the oldest stands there.
type BoardCell struct {
	Owner  string // an officer or a collector; empty when none is named
	Step   loa.Step
	N, Old int
	Oldest loa.Day
}

// Board counts the leads made since a day by owner and step: by the officer who answers for each, or by the collector it was handed to.
func (db *DB) Board(ctx context.Context, in loa.Scope, f EnrolmentFilter, byCollector bool, oldBefore loa.Day) ([]BoardCell, error) {
	owner := `CASE WHEN e.step_officer <> '' THEN e.step_officer ELSE e.officer_id END`
	if byCollector {
		owner = `e.collector_id`
	}
	where, args := inScope(in, "a.path", 6)
	rows, err := db.read.QueryContext(ctx, `SELECT b.owner, b.step, count(*), CAST(sum(CASE WHEN b.since < $3 THEN 1 ELSE 0 END) AS BIGINT), min(b.since)
		FROM (SELECT `+owner+` AS owner, e.step, e.since FROM (`+lastStep+` WHERE l.office_id = $1 AND l.happened_on >= $2) e JOIN area a ON a.id = e.area_id
			WHERE ($4 = '' OR e.scheme = $4) AND `+ofCollector("e.collector_id", "$5")+` AND `+where+`) b GROUP BY b.owner, b.step`,
		append([]any{in.Office, f.Since, oldBefore, f.Scheme, f.Collector}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (c BoardCell, err error) {
		return c, r.Scan(&c.Owner, &c.Step, &c.N, &c.Old, &c.Oldest)
	})
	if err != nil {
		return nil, fmt.Errorf("count by owner: %w", err)
	}
	return list, nil
}

// Passage is how many leads came as far as a step and where they stand now.
type Passage struct {
	Reached loa.Step // the furthest step
	Now     loa.Step
	N       int
}

// Passages counts the leads made since a day by the furthest step they reached and where they stand: what leaks, and where.
func (db *DB) Passages(ctx context.Context, in loa.Scope, f EnrolmentFilter) ([]Passage, error) {
	has := func(steps string) string {
		return `EXISTS (SELECT 1 FROM enrolment_step x WHERE x.lead_id = e.id AND x.step IN (` + steps + `))`
	}
	where, args := inScope(in, "a.path", 5)
	rows, err := db.read.QueryContext(ctx, `SELECT b.reached, b.step, count(*) FROM (
			SELECT CASE WHEN `+has(`'paid'`)+` THEN 'paid' WHEN `+has(`'registered'`)+` THEN 'registered' WHEN `+has(`'handed'`)+` THEN 'handed' ELSE 'interested' END AS reached, e.step
			FROM (`+lastStep+` WHERE l.office_id = $1 AND l.happened_on >= $2) e JOIN area a ON a.id = e.area_id
			WHERE ($3 = '' OR e.scheme = $3) AND `+ofCollector("e.collector_id", "$4")+` AND `+where+`) b GROUP BY b.reached, b.step`,
		append([]any{in.Office, f.Since, f.Scheme, f.Collector}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (p Passage, err error) { return p, r.Scan(&p.Reached, &p.Now, &p.N) })
	if err != nil {
		return nil, fmt.Errorf("count how far leads came: %w", err)
	}
	return list, nil
}

// Kept is what became of those who paid because of a lead: still in, the next payment due, lapsed or left; and how many of all paid again.
type Kept struct{ In, Due, Lapsed, Left, Renewed int }

// KeptOf counts what became of the enrolments of leads made since a day, as of a day. The scheme is compared as an expression, so
// that each lead finds its spells by its own index and not by walking the scheme.
func (db *DB) KeptOf(ctx context.Context, in loa.Scope, f EnrolmentFilter, today loa.Day, dueDays int) (k Kept, err error) {
	where, args := inScope(in, "a.path", 7)
	rows, err := db.read.QueryContext(ctx, `SELECT CASE WHEN s.ends_on <= $2 AND s.end_kind = 'left' THEN 'left' WHEN s.ends_on <= $2 THEN 'lapsed' WHEN s.payer = 'self' AND s.covered_until <= $3 THEN 'due' ELSE 'in' END AS state,
			CASE WHEN EXISTS (SELECT 1 FROM contribution c WHERE c.person_id = s.person_id AND c.scheme = s.scheme AND c.happened_on > s.starts_on AND c.happened_on < s.ends_on) THEN 1 ELSE 0 END AS again, count(*)
		FROM lead l JOIN spell s ON s.lead_id = l.id AND s.lead_id <> '' JOIN area a ON a.id = s.area_id
		WHERE l.office_id = $1 AND s.scheme || '' = l.scheme AND l.happened_on >= $4 AND ($5 = '' OR l.scheme = $5) AND `+ofCollector("s.collector_id", "$6")+` AND `+where+` GROUP BY 1, 2`,
		append([]any{in.Office, today, today.Add(dueDays), f.Since, f.Scheme, f.Collector}, args...)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var state string
		var again, n int
		if err := r.Scan(&state, &again, &n); err != nil {
			return err
		}
		switch state {
		case "in":
			k.In += n
		case "due":
			k.Due += n
		case "lapsed":
			k.Lapsed += n
		default:
			k.Left += n
		}
		if again == 1 {
			k.Renewed += n
		}
		return nil
	})
	if err != nil {
		return k, fmt.Errorf("count what became of the enrolments: %w", err)
	}
	return k, nil
}

// UnpayLead takes a lead's first contribution back together with the step it was, in one act.
func (db *DB) UnpayLead(ctx context.Context, in loa.Scope, by loa.By, step loa.EnrolmentStep) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		var person loa.PersonID
		var on loa.Day
		err := tx.QueryRowContext(ctx, `SELECT person_id, happened_on FROM contribution WHERE id = $1 AND lead_id = $2`, step.Contribution, step.Lead).Scan(&person, &on)
		if err != nil {
			return notFound(err)
		}
		back := loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: by.At, Corrects: step.Contribution, Void: true}
		if err := db.addContribution(ctx, tx, in, by, loa.Contribution{Fact: back, Person: person}); err != nil {
			return err
		}
		back = loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: step.HappenedOn, HappenedAt: by.At, Corrects: step.ID, Void: true}
		return addStep(ctx, tx, in, by, loa.EnrolmentStep{Fact: back, Lead: step.Lead, Step: step.Step})
	})
}
