package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// TimelineRow is one thing that happened with a person or household, of whatever kind.
type TimelineRow struct {
	Kind    string // attendance visit question lead step contribution leaving consent
	ID      string
	On      loa.Day
	At      int64
	Person  loa.PersonID
	Form    loa.Form
	Link    string // the session or lead it belongs to
	Text    string // a title, a question, a note
	Detail  string // an outcome, a step, a reason, a scheme, a channel
	More    string
	Amount  int64
	Until   loa.Day
	Agreed  bool
	Officer loa.OfficerID
}

// Timeline is every touch of some people of one household, newest first, behind a day and record time: one page.
func (db *DB) Timeline(ctx context.Context, in loa.Scope, home loa.HouseholdID, people []loa.PersonID, kind string, before loa.Day, skip, take int) ([]TimelineRow, error) {
	if len(people) == 0 {
		return nil, nil
	}
	args := []any{home, before, kind, take, skip}
	for _, p := range people {
		args = append(args, p)
	}
	mine := `IN (` + placeholders(6, len(people)) + `)`
	where, more := inScope(in, "a.path", len(args)+1)
	q := `SELECT t.kind, t.id, t.happened_on, t.recorded_at, t.person_id, t.form, t.link, t.text, t.detail, t.more, t.amount, t.until_on, t.agreed, t.recorded_by FROM (
		SELECT 'attendance' AS kind, x.id, x.happened_on, x.recorded_at, x.person_id, s.form, s.id AS link, s.title AS text, '' AS detail, '' AS more, 0 AS amount, '' AS until_on, FALSE AS agreed, x.recorded_by, x.area_id
			FROM attendance x JOIN session s ON s.id = x.session_id WHERE x.person_id ` + mine + `
		UNION ALL SELECT 'visit', v.id, v.happened_on, v.recorded_at, v.person_id, v.form, v.session_id, v.note, v.outcome, '', 0, v.next_on, FALSE, v.recorded_by, v.area_id
			FROM visit v WHERE v.person_id ` + mine + ` OR v.household_id = $1 AND $1 <> ''
		UNION ALL SELECT 'question', q.id, q.happened_on, q.recorded_at, q.person_id, q.form, q.session_id, q.text, CASE WHEN EXISTS (SELECT 1 FROM answer w WHERE w.question_id = q.id) THEN 'answered' ELSE 'waiting' END, '', 0, '', q.promised, q.recorded_by, q.area_id
			FROM question q WHERE q.person_id ` + mine + `
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
		) t JOIN area a ON a.id = t.area_id WHERE t.happened_on <= $2 AND ($3 = '' OR t.kind = $3 OR $3 = 'lead' AND t.kind IN ('step', 'contribution', 'leaving') OR $3 = 'attendance' AND t.kind = 'visit') AND ` + where + `
		ORDER BY t.happened_on DESC, t.recorded_at DESC, t.id LIMIT $4 OFFSET $5`
	rows, err := db.read.QueryContext(ctx, q, append(args, more...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (t TimelineRow, err error) {
		return t, r.Scan(&t.Kind, &t.ID, &t.On, &t.At, &t.Person, &t.Form, &t.Link, &t.Text, &t.Detail, &t.More, &t.Amount, &t.Until, &t.Agreed, &t.Officer)
	})
	if err != nil {
		return nil, fmt.Errorf("read the timeline: %w", err)
	}
	return list, nil
}
