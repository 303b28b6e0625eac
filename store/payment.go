package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// PaymentFilter narrows what was paid: by whom it was collected, where and when.
type PaymentFilter struct {
	Scheme    loa.Scheme
	From, To  loa.Day // of the payment
	Area      loa.AreaID
	Collector loa.CollectorID // an organisation with its agents, or one agent
}

// Payments are what people paid themselves, village by village and day by day, as a list to hand in has it.
func (db *DB) Payments(ctx context.Context, in loa.Scope, f PaymentFilter, take int) ([]loa.Contribution, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 7)
	rows, err := db.read.QueryContext(ctx, `SELECT f.id, f.area_id, coalesce(m.merged_into, f.person_id), f.scheme, f.payer, f.method, f.from_on, f.until_on, f.months, f.income, f.amount, f.state_amount, f.collector_id, f.lead_id, f.receipt, f.happened_on
		FROM contribution f JOIN area a ON a.id = f.area_id LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = f.person_id
		WHERE f.office_id = $1 AND f.scheme = $2 AND f.payer = 'self' AND f.happened_on >= $3 AND f.happened_on <= $4 AND `+ofCollector("f.collector_id", "$5")+` AND `+where+`
		ORDER BY a.path, f.happened_on, f.person_id, f.id LIMIT $6`, append([]any{in.Office, f.Scheme, f.From, f.To, f.Collector, take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (c loa.Contribution, err error) {
		c.Office = in.Office
		return c, r.Scan(&c.ID, &c.Area, &c.Person, &c.Scheme, &c.Payer, &c.Method, &c.From, &c.Until, &c.Months, &c.Income, &c.Amount, &c.StateAmount, &c.Collector, &c.Lead, &c.Receipt, &c.HappenedOn)
	})
	if err != nil {
		return nil, fmt.Errorf("read what was paid: %w", err)
	}
	return list, nil
}

// Departures are those who left a scheme from one day to another. A collector keeps those whose last payment it took.
func (db *DB) Departures(ctx context.Context, in loa.Scope, f PaymentFilter, take int) ([]loa.Leaving, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 7)
	rows, err := db.read.QueryContext(ctx, `SELECT l.id, l.area_id, coalesce(m.merged_into, l.person_id), l.scheme, l.reason, l.happened_on FROM leaving l JOIN area a ON a.id = l.area_id LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = l.person_id
		WHERE l.office_id = $1 AND l.scheme = $2 AND l.happened_on >= $3 AND l.happened_on <= $4
		AND ($5 = '' OR (SELECT c.collector_id FROM contribution c WHERE c.person_id = l.person_id AND c.scheme = l.scheme ORDER BY c.happened_on DESC, c.id DESC LIMIT 1) IN (SELECT k.id FROM collector k WHERE k.id = $5 OR k.parent_id = $5)) AND `+where+`
		ORDER BY a.path, l.happened_on, l.person_id, l.id LIMIT $6`, append([]any{in.Office, f.Scheme, f.From, f.To, f.Collector, take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (l loa.Leaving, err error) {
		l.Office = in.Office
		return l, r.Scan(&l.ID, &l.Area, &l.Person, &l.Scheme, &l.Reason, &l.HappenedOn)
	})
	if err != nil {
		return nil, fmt.Errorf("read who left: %w", err)
	}
	return list, nil
}

// Registrations are enrolments that somebody registered or handed on from one day to another and nobody has paid yet, as payments
// without an amount: with the income and method the person chose.
func (db *DB) Registrations(ctx context.Context, in loa.Scope, f PaymentFilter, take int) ([]loa.Contribution, error) {
	in, err := db.narrow(ctx, in, f.Area)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", 7)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.area_id, coalesce(m.merged_into, e.person_id), e.scheme, l.method, l.income, e.collector_id, e.since
		FROM (`+lastStep+` WHERE l.office_id = $1 AND l.scheme = $2) e JOIN lead l ON l.id = e.id JOIN area a ON a.id = e.area_id LEFT JOIN (SELECT id, merged_into FROM person WHERE merged_into <> '') m ON m.id = e.person_id
		WHERE e.step IN ('handed', 'registered') AND e.since >= $3 AND e.since <= $4 AND `+ofCollector("e.collector_id", "$5")+` AND `+where+` ORDER BY a.path, e.since, e.person_id, e.id LIMIT $6`,
		append([]any{in.Office, f.Scheme, f.From, f.To, f.Collector, take}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (c loa.Contribution, err error) {
		c.Office, c.Payer = in.Office, loa.PaysSelf
		return c, r.Scan(&c.ID, &c.Area, &c.Person, &c.Scheme, &c.Method, &c.Income, &c.Collector, &c.HappenedOn)
	})
	if err != nil {
		return nil, fmt.Errorf("read who is registered: %w", err)
	}
	return list, nil
}
