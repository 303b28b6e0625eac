package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"

	"loa"
)

// TimelineRow is one thing that happened with a person or household, of whatever kind.
type TimelineRow struct {
	Kind    string // attendance visit question lead step contribution leaving consent calculation change
	ID      string
	On      loa.Day
	At      int64
	Person  loa.PersonID
	Form    loa.Form
	Link    string // the session or lead it belongs to
	Text    string // a title, a question, a note; the old value of a change
	Detail  string // an outcome, a step, a reason, a scheme, a channel; the field of a change
	More    string // … the new value of a change
	Amount  int64
	Until   loa.Day
	Agreed  bool
	Officer loa.OfficerID
}

// TimelineQuery asks for the touches of one household and its people.
type TimelineQuery struct {
	Home   loa.HouseholdID
	People []loa.PersonID
	Kind   string // empty for all; else a group of TimelineKinds
	Until  loa.Day
	Take   int
}

// TimelineKinds are the groups the timeline is filtered by.
var TimelineKinds = []string{"attendance", "message", "question", "lead", "consent", "change"}

// TimelineKind is the group a kind of row belongs to.
func TimelineKind(kind string) string {
	switch kind {
	case "visit", "calculation":
		return "attendance"
	case "step", "contribution", "leaving":
		return "lead"
	case "said":
		return "message"
	}
	return kind
}

// Timeline is every touch of the people of one household, newest first; what stands with records merged into theirs is theirs.
func (db *DB) Timeline(ctx context.Context, in loa.Scope, q TimelineQuery) ([]TimelineRow, error) {
	if len(q.People) == 0 || in.Empty() {
		return nil, nil
	}
	into, err := db.mergedInto(ctx, q.People)
	if err != nil {
		return nil, err
	}
	var out []TimelineRow
	if q.Kind != "change" && q.Kind != "message" {
		if out, err = db.touches(ctx, in, q, into); err != nil {
			return nil, err
		}
	}
	if q.Kind == "" || q.Kind == "message" {
		list, err := db.messages(ctx, in, q, into)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	if q.Kind == "" || q.Kind == "change" {
		changes, err := db.changes(ctx, in, q)
		if err != nil {
			return nil, err
		}
		out = append(out, changes...)
	}
	newestFirst(out)
	return out[:min(len(out), q.Take)], nil
}

// mergedInto maps each record to the one it was merged into, for the records of some people.
func (db *DB) mergedInto(ctx context.Context, people []loa.PersonID) (map[loa.PersonID]loa.PersonID, error) {
	out := map[loa.PersonID]loa.PersonID{}
	for _, p := range people {
		out[p] = p
	}
	rows, err := db.read.QueryContext(ctx, `SELECT id, merged_into FROM person WHERE merged_into <> '' AND merged_into IN (`+placeholders(1, len(people))+`)`, anyOf(people)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var id, kept loa.PersonID
		if err := r.Scan(&id, &kept); err != nil {
			return err
		}
		out[id] = kept
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the merged records: %w", err)
	}
	return out, nil
}

// withMerged is some people with the records merged into theirs, and which record each is kept in.
func (db *DB) withMerged(ctx context.Context, people []loa.PersonID) ([]loa.PersonID, map[loa.PersonID]loa.PersonID, error) {
	into, err := db.mergedInto(ctx, people)
	out := append([]loa.PersonID(nil), people...)
	for id, kept := range into {
		if id != kept {
			out = append(out, id)
		}
	}
	return out, into, err
}

// touchUnion is every kind of touch as rows of one shape; $1 is the household and mine a condition on a person's ID.
func touchUnion(mine string) string {
	return `SELECT 'attendance' AS kind, x.id, x.happened_on, x.recorded_at, x.person_id, s.form, s.id AS link, s.title AS text, '' AS detail, '' AS more, 0 AS amount, '' AS until_on, FALSE AS agreed, x.recorded_by, x.area_id
			FROM attendance x JOIN session s ON s.id = x.session_id WHERE x.person_id <> '' AND x.person_id ` + mine + `
		UNION ALL SELECT 'visit', v.id, v.happened_on, v.recorded_at, v.person_id, v.form, v.session_id, v.note, v.outcome, '', 0, v.next_on, FALSE, v.recorded_by, v.area_id
			FROM visit v WHERE v.person_id <> '' AND v.person_id ` + mine + ` OR v.household_id <> '' AND v.household_id = $1
		UNION ALL SELECT 'question', q.id, q.happened_on, q.recorded_at, q.person_id, q.form, q.session_id, q.text, CASE WHEN EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id) THEN 'answered' ELSE 'waiting' END, '', 0, '', q.promised, q.recorded_by, q.area_id
			FROM question q WHERE q.person_id <> '' AND q.person_id ` + mine + `
		UNION ALL SELECT 'lead', l.id, l.happened_on, l.recorded_at, l.person_id, l.form, l.id, l.note, l.scheme, l.method, l.income, '', FALSE, l.recorded_by, l.area_id
			FROM lead l WHERE l.person_id ` + mine + `
		UNION ALL SELECT 'step', e.id, e.happened_on, e.recorded_at, l.person_id, l.form, l.id, e.note, e.step, e.reason, 0, '', FALSE, e.recorded_by, e.area_id
			FROM enrolment_step e JOIN lead l ON l.id = e.lead_id WHERE l.person_id ` + mine + `
		UNION ALL SELECT 'contribution', c.id, c.happened_on, c.recorded_at, c.person_id, '', c.lead_id, c.receipt, c.scheme, c.payer, c.amount, c.until_on, FALSE, c.recorded_by, c.area_id
			FROM contribution c WHERE c.person_id ` + mine + `
		UNION ALL SELECT 'leaving', v.id, v.happened_on, v.recorded_at, v.person_id, '', '', '', v.reason, v.scheme, 0, '', FALSE, v.recorded_by, v.area_id
			FROM leaving v WHERE v.person_id ` + mine + `
		UNION ALL SELECT 'consent', c.id, c.happened_on, c.recorded_at, c.person_id, '', '', c.proof, c.channel, c.purpose, 0, '', c.agreed, c.recorded_by, c.area_id
			FROM consent c WHERE c.person_id ` + mine + `
		UNION ALL SELECT 'calculation', c.id, c.happened_on, c.recorded_at, c.person_id, '', c.id, c.from_month, c.scheme, '', c.pay, '', FALSE, c.recorded_by, c.area_id
			FROM calculation c WHERE c.person_id ` + mine
}

func (db *DB) touches(ctx context.Context, in loa.Scope, q TimelineQuery, into map[loa.PersonID]loa.PersonID) ([]TimelineRow, error) {
	args := []any{q.Home, q.Until, q.Kind}
	for id := range into {
		args = append(args, id)
	}
	mine := `IN (` + placeholders(4, len(into)) + `)`
	where, more := inScope(in, "a.path", len(args)+1)
	rows, err := db.read.QueryContext(ctx, `SELECT t.kind, t.id, t.happened_on, t.recorded_at, t.person_id, t.form, t.link, t.text, t.detail, t.more, t.amount, t.until_on, t.agreed, t.recorded_by FROM (
		`+touchUnion(mine)+`) t JOIN area a ON a.id = t.area_id WHERE t.happened_on <= $2
		AND ($3 = '' OR t.kind = $3 OR $3 = 'lead' AND t.kind IN ('step', 'contribution', 'leaving') OR $3 = 'attendance' AND t.kind IN ('visit', 'calculation')) AND `+where+`
		ORDER BY t.happened_on DESC, t.recorded_at DESC, t.id DESC`+limit(q.Take), append(args, more...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (t TimelineRow, err error) {
		err = r.Scan(&t.Kind, &t.ID, &t.On, &t.At, &t.Person, &t.Form, &t.Link, &t.Text, &t.Detail, &t.More, &t.Amount, &t.Until, &t.Agreed, &t.Officer)
		if kept, ok := into[t.Person]; ok {
			t.Person = kept
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the timeline: %w", err)
	}
	return list, nil
}

// changes are the changed fields of the people and the household, as rows of the timeline.
func (db *DB) changes(ctx context.Context, in loa.Scope, q TimelineQuery) ([]TimelineRow, error) {
	nouns := anyOf(q.People)
	if q.Home != "" {
		nouns = append(nouns, q.Home)
	}
	where, args := inScope(in, "a.path", len(nouns)+1)
	rows, err := db.read.QueryContext(ctx, `SELECT v.id, v.noun_id, v.field, v.old_value, v.new_value, v.recorded_at, v.recorded_by
		FROM field_version v LEFT JOIN person p ON p.id = v.noun_id LEFT JOIN household h ON h.id = v.noun_id JOIN area a ON a.id = coalesce(p.area_id, h.area_id)
		WHERE v.noun_id IN (`+placeholders(1, len(nouns))+`) AND v.batch NOT IN (SELECT id FROM hidden_batch) AND `+where+`
		ORDER BY v.recorded_at DESC, v.id DESC`+limit(q.Take), append(nouns, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (t TimelineRow, err error) {
		t.Kind = "change"
		err = r.Scan(&t.ID, &t.Person, &t.Detail, &t.Text, &t.More, &t.At, &t.Officer)
		t.On = loa.DayOf(instant(t.At))
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the changes of a household: %w", err)
	}
	return slices.DeleteFunc(list, func(t TimelineRow) bool { return t.On > q.Until }), nil
}

// TimelineCounts is how many touches of each group there are.
func (db *DB) TimelineCounts(ctx context.Context, in loa.Scope, q TimelineQuery) (map[string]int, error) {
	out := map[string]int{}
	if len(q.People) == 0 || in.Empty() {
		return out, nil
	}
	into, err := db.mergedInto(ctx, q.People)
	if err != nil {
		return nil, err
	}
	args := []any{q.Home, q.Until}
	for id := range into {
		args = append(args, id)
	}
	where, more := inScope(in, "a.path", len(args)+1)
	rows, err := db.read.QueryContext(ctx, `SELECT t.kind, count(*) FROM (`+touchUnion(`IN (`+placeholders(3, len(into))+`)`)+`) t JOIN area a ON a.id = t.area_id
		WHERE t.happened_on <= $2 AND `+where+` GROUP BY t.kind`, append(args, more...)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var kind string
		var n int
		if err := r.Scan(&kind, &n); err != nil {
			return err
		}
		out[TimelineKind(kind)] += n
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("count the timeline: %w", err)
	}
	said, err := db.messages(ctx, in, TimelineQuery{People: q.People, Until: q.Until, Take: 1000}, into)
	if err != nil {
		return nil, err
	}
	out["message"] = len(said)
	changes, err := db.changes(ctx, in, TimelineQuery{Home: q.Home, People: q.People, Until: q.Until, Take: 1000})
	out["change"] = len(changes)
	return out, err
}
