package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// factColumns are the columns every fact table shares but batch and happened_at; factArgs gives their values in that order.
const factColumns = `id, office_id, area_id, happened_on, recorded_at, recorded_by, device, device_seq, corrects, void, why, change_no`

func factArgs(f loa.Fact, change int64) []any {
	return []any{f.ID, f.Office, f.Area, f.HappenedOn, millis(f.RecordedAt), f.RecordedBy, f.Device, f.DeviceSeq, f.Corrects, f.Void, f.Why, change}
}

// scanFact are the destinations of factColumns; call fix afterwards.
func scanFact(f *loa.Fact, recorded, change *int64) []any {
	return []any{&f.ID, &f.Office, &f.Area, &f.HappenedOn, recorded, &f.RecordedBy, &f.Device, &f.DeviceSeq, &f.Corrects, &f.Void, &f.Why, change}
}

const contributionColumns = factColumns + `, person_id, scheme, payer, method, from_on, until_on, months, income, amount, state_amount, collector_id, employer_id, lead_id, receipt, source`

// AddContribution records a payment or card, or the correction of one; the standing of the person follows at once.
func (db *DB) AddContribution(ctx context.Context, in loa.Scope, by loa.By, c loa.Contribution) error {
	if err := c.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error { return db.addContribution(ctx, tx, in, by, c) })
}

func (db *DB) addContribution(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, c loa.Contribution) error {
	p, err := personForFact(ctx, tx, in, c.Person)
	if err != nil {
		return err
	}
	c.Office, c.Area, c.RecordedAt, c.RecordedBy = p.Office, p.Area, by.At, by.Officer
	change, err := nextChange(ctx, tx, c.Office, 1)
	if err != nil {
		return err
	}
	args := append(factArgs(c.Fact, change), c.Person, c.Scheme, c.Payer, c.Method, c.From, c.Until, c.Months, c.Income, c.Amount, c.StateAmount, c.Collector, c.Employer, c.Lead, c.Receipt, c.Source)
	res, err := tx.ExecContext(ctx, `INSERT INTO contribution_fact (`+contributionColumns+`) VALUES (`+placeholders(1, len(args))+`) ON CONFLICT (id) DO NOTHING`, args...)
	if err != nil {
		return fmt.Errorf("record a contribution: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // a replay changes nothing
	}
	if err := touchPeople(ctx, tx, change, c.Person); err != nil {
		return err
	}
	if err := addAudit(ctx, tx, c.Office, by, factAct(c.Fact), "contribution", string(c.ID), string(c.Scheme)); err != nil {
		return err
	}
	return db.reproject(ctx, tx, p.Survivor)
}

// factAct is the audit word for a fact.
func factAct(f loa.Fact) string {
	switch {
	case f.Void:
		return "voided"
	case f.Corrects != "":
		return "corrected"
	}
	return "recorded"
}

// factPerson is what a fact needs to know about its person.
type factPerson struct {
	Office   loa.OfficeID
	Area     loa.AreaID
	Survivor loa.PersonID // the record that holds the facts: itself, unless merged
}

// personForFact finds the person a fact is about inside the scope.
func personForFact(ctx context.Context, q querier, in loa.Scope, id loa.PersonID) (factPerson, error) {
	var p factPerson
	var path string
	var merged loa.PersonID
	err := q.QueryRowContext(ctx, `SELECT p.office_id, p.area_id, p.merged_into, a.path FROM person p JOIN area a ON a.id = p.area_id WHERE p.id = $1`, id).
		Scan(&p.Office, &p.Area, &merged, &path)
	if err != nil {
		return p, notFound(err)
	}
	if !in.Holds(path) {
		return p, loa.ErrNotFound
	}
	p.Survivor = id
	if merged != "" {
		p.Survivor = merged
	}
	return p, nil
}

// touchPeople gives people a new change number, so that phones and segment indexes read them again.
func touchPeople(ctx context.Context, tx *sql.Tx, change int64, people ...loa.PersonID) error {
	for _, id := range people {
		if _, err := tx.ExecContext(ctx, `UPDATE person_row SET change_no = $1 WHERE id = $2`, change, id); err != nil {
			return fmt.Errorf("mark a person as changed: %w", err)
		}
	}
	return nil
}

// contributionsOf are the contributions that hold for a person and the records merged into it, oldest first.
func contributionsOf(ctx context.Context, q querier, id loa.PersonID) ([]loa.Contribution, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+contributionColumns+` FROM contribution
		WHERE person_id = $1 OR person_id IN (SELECT id FROM person WHERE merged_into <> '' AND merged_into = $1) ORDER BY happened_on, id`, id)
	return collect(rows, err, scanContribution)
}

func scanContribution(r *sql.Rows) (c loa.Contribution, err error) {
	var recorded, change int64
	err = r.Scan(append(scanFact(&c.Fact, &recorded, &change), &c.Person, &c.Scheme, &c.Payer, &c.Method, &c.From, &c.Until, &c.Months, &c.Income,
		&c.Amount, &c.StateAmount, &c.Collector, &c.Employer, &c.Lead, &c.Receipt, &c.Source)...)
	c.RecordedAt = instant(recorded)
	return c, err
}

const leavingColumns = factColumns + `, person_id, scheme, reason`

// AddLeaving records that somebody left a scheme, or the correction of that.
func (db *DB) AddLeaving(ctx context.Context, in loa.Scope, by loa.By, l loa.Leaving) error {
	if err := l.Check(); err != nil {
		return err
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		p, err := personForFact(ctx, tx, in, l.Person)
		if err != nil {
			return err
		}
		l.Office, l.Area, l.RecordedAt, l.RecordedBy = p.Office, p.Area, by.At, by.Officer
		change, err := nextChange(ctx, tx, l.Office, 1)
		if err != nil {
			return err
		}
		args := append(factArgs(l.Fact, change), l.Person, l.Scheme, l.Reason)
		res, err := tx.ExecContext(ctx, `INSERT INTO leaving_fact (`+leavingColumns+`) VALUES (`+placeholders(1, len(args))+`) ON CONFLICT (id) DO NOTHING`, args...)
		if err != nil {
			return fmt.Errorf("record a leaving: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		if err := touchPeople(ctx, tx, change, l.Person); err != nil {
			return err
		}
		if err := addAudit(ctx, tx, l.Office, by, factAct(l.Fact), "leaving", string(l.ID), string(l.Scheme)); err != nil {
			return err
		}
		return db.reproject(ctx, tx, p.Survivor)
	})
}

func leavingsOf(ctx context.Context, q querier, id loa.PersonID) ([]loa.Leaving, error) {
	rows, err := q.QueryContext(ctx, `SELECT `+leavingColumns+` FROM leaving
		WHERE person_id = $1 OR person_id IN (SELECT id FROM person WHERE merged_into <> '' AND merged_into = $1) ORDER BY happened_on, id`, id)
	return collect(rows, err, func(r *sql.Rows) (l loa.Leaving, err error) {
		var recorded, change int64
		err = r.Scan(append(scanFact(&l.Fact, &recorded, &change), &l.Person, &l.Scheme, &l.Reason)...)
		l.RecordedAt = instant(recorded)
		return l, err
	})
}

// Facts are everything that counts for a person's standing.
func (db *DB) Facts(ctx context.Context, in loa.Scope, id loa.PersonID) ([]loa.Contribution, []loa.Leaving, []loa.Spell, error) {
	p, err := personForFact(ctx, db.read, in, id)
	if err != nil {
		return nil, nil, nil, err
	}
	c, err := contributionsOf(ctx, db.read, p.Survivor)
	if err != nil {
		return nil, nil, nil, err
	}
	l, err := leavingsOf(ctx, db.read, p.Survivor)
	if err != nil {
		return nil, nil, nil, err
	}
	s, err := spellsOf(ctx, db.read, p.Survivor)
	return c, l, s, err
}
