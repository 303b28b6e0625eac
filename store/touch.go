package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
)

// Touch is one contact with a person through any form.
type Touch struct {
	On      loa.Day
	Form    loa.Form
	Session loa.SessionID
	Title   string
}

// TouchesBefore are the contacts with a person up to a day, newest first: what led to a lead.
func (db *DB) TouchesBefore(ctx context.Context, in loa.Scope, id loa.PersonID, until loa.Day) ([]Touch, error) {
	p, err := personForFact(ctx, db.read, in, id)
	if err != nil {
		return nil, err
	}
	rows, err := db.read.QueryContext(ctx, `SELECT happened_on, form, session_id, title FROM (
			SELECT x.happened_on, s.form, s.id AS session_id, s.title FROM attendance x JOIN session s ON s.id = x.session_id WHERE x.person_id <> '' AND (x.person_id = $1 OR x.person_id IN (SELECT m.id FROM person m WHERE m.merged_into <> '' AND m.merged_into = $1)) AND x.happened_on <= $2
			UNION SELECT v.happened_on, v.form, '', '' FROM visit v WHERE v.person_id <> '' AND (v.person_id = $1 OR v.person_id IN (SELECT m.id FROM person m WHERE m.merged_into <> '' AND m.merged_into = $1)) AND v.happened_on <= $2 AND v.outcome <> 'not_home'
			UNION SELECT v.happened_on, v.form, '', '' FROM visit v JOIN person p ON p.household_id = v.household_id WHERE p.id = $1 AND v.household_id <> '' AND v.happened_on <= $2 AND v.outcome <> 'not_home') t
		ORDER BY happened_on DESC, session_id LIMIT 50`, p.Survivor, until)
	list, err := collect(rows, err, func(r *sql.Rows) (t Touch, err error) { return t, r.Scan(&t.On, &t.Form, &t.Session, &t.Title) })
	if err != nil {
		return nil, fmt.Errorf("read the touches: %w", err)
	}
	_, into, err := db.withMerged(ctx, []loa.PersonID{p.Survivor})
	if err != nil {
		return nil, err
	}
	told, err := db.messages(ctx, in, TimelineQuery{Until: until, Take: 50}, into)
	if err != nil {
		return nil, err
	}
	for _, m := range told {
		if m.Kind == "message" && m.Detail != "failed" && m.Detail != "refused" && m.Detail != "unsure" {
			list = append(list, Touch{On: m.On, Form: m.Form, Title: m.Text})
		}
	}
	slices.SortStableFunc(list, func(a, b Touch) int { return strings.Compare(string(b.On), string(a.On)) })
	return list[:min(len(list), 50)], nil
}
