package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// VisitsOf are the newest visits to a household or its people.
func (db *DB) VisitsOf(ctx context.Context, in loa.Scope, home loa.HouseholdID, people []loa.PersonID, take int) ([]loa.Visit, error) {
	if len(people) == 0 {
		return nil, nil
	}
	people, _, err := db.withMerged(ctx, people)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", len(people)+2)
	rows, err := db.read.QueryContext(ctx, `SELECT `+prefixed("v", visitColumns)+` FROM visit v JOIN area a ON a.id = v.area_id
		WHERE (v.household_id = $1 AND $1 <> '' OR v.person_id IN (`+placeholders(2, len(people))+`)) AND `+where+` ORDER BY v.happened_on DESC, v.recorded_at DESC, v.id DESC`+limit(take),
		append(append([]any{home}, anyOf(people)...), args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (v loa.Visit, err error) {
		var recorded, change, happened int64
		err = r.Scan(append(scanFact(&v.Fact, &recorded, &change), &happened, &v.Session, &v.Household, &v.Person, &v.Form, &v.Outcome, &v.Note, &v.NextOn)...)
		v.RecordedAt, v.HappenedAt = instant(recorded), instant(happened)
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the visits of a household: %w", err)
	}
	return list, nil
}

// LeadsOf is where the newest enrolment of each person in each scheme stands.
func (db *DB) LeadsOf(ctx context.Context, in loa.Scope, people []loa.PersonID) ([]EnrolmentRow, error) {
	if len(people) == 0 {
		return nil, nil
	}
	people, into, err := db.withMerged(ctx, people)
	if err != nil {
		return nil, err
	}
	where, args := inScope(in, "a.path", len(people)+1)
	rows, err := db.read.QueryContext(ctx, `SELECT e.id, e.person_id, e.area_id, e.scheme, e.happened_on, e.step, e.since,
		CASE WHEN e.step_officer <> '' THEN e.step_officer ELSE e.officer_id END, e.collector_id, e.form, e.reason
		FROM (`+lastStep+` WHERE l.person_id IN (`+placeholders(1, len(people))+`)) e JOIN area a ON a.id = e.area_id WHERE `+where+` ORDER BY e.happened_on DESC, e.id DESC LIMIT 200`,
		append(anyOf(people), args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (e EnrolmentRow, err error) {
		err = r.Scan(&e.Lead, &e.Person, &e.Area, &e.Scheme, &e.On, &e.Step, &e.Since, &e.Officer, &e.Collector, &e.Form, &e.Reason)
		e.Person = into[e.Person]
		return e, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the leads of a household: %w", err)
	}
	var out []EnrolmentRow
	seen := map[string]bool{}
	for _, e := range list {
		if key := string(e.Person) + " " + string(e.Scheme); !seen[key] {
			seen[key] = true
			out = append(out, e)
		}
	}
	return out, nil
}

// TakeBack voids a visit, a lead, a payment, a leaving or a consent of one person, by a fact of its own; what was first said stays
// readable. A payment that ended an enrolment, and a lead that has gone on, are not taken back here.
func (db *DB) TakeBack(ctx context.Context, in loa.Scope, by loa.By, noun string, person loa.PersonID, fact loa.FactID) error {
	more := map[string]string{"visit": "", "lead": ` AND NOT EXISTS (SELECT 1 FROM enrolment_step s WHERE s.lead_id = f.id)`, "contribution": ` AND f.lead_id = ''`, "leaving": "", "consent": "", "calculation": ""}
	cond, ok := more[noun]
	if !ok {
		return loa.Refuse(loa.Invalid, "noun", "not_in_list")
	}
	where, args := inScope(in, "a.path", 3)
	back := loa.Fact{ID: loa.FactID(loa.NewID()), HappenedAt: by.At, Corrects: fact, Void: true}
	err := db.read.QueryRowContext(ctx, `SELECT f.happened_on FROM `+noun+` f JOIN area a ON a.id = f.area_id WHERE f.id = $1 AND f.person_id = $2 AND `+where+cond,
		append([]any{fact, person}, args...)...).Scan(&back.HappenedOn)
	if err != nil {
		return notFound(err)
	}
	switch noun {
	case "visit":
		return db.AddVisit(ctx, in, by, loa.Visit{Fact: back, Person: person})
	case "lead":
		return db.AddLead(ctx, in, by, loa.Lead{Fact: back, Person: person})
	case "contribution":
		return db.AddContribution(ctx, in, by, loa.Contribution{Fact: back, Person: person})
	case "calculation":
		return db.AddCalculation(ctx, in, by, loa.Calculation{Fact: back, Person: person})
	case "leaving":
		return db.AddLeaving(ctx, in, by, loa.Leaving{Fact: back, Person: person})
	}
	return db.AddConsent(ctx, in, by, loa.Consent{Fact: back, Person: person})
}
