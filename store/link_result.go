package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// LinkResult is what came through one link: openings, who opened it, questions, and leads of those who asked once it was known who they are.
type LinkResult struct {
	loa.Link
	Visits   int64
	Visitors int64 // of each day, added up
	Asked    int64
	People   int64 // who asked, as far as somebody said who they are
	Leads    int64
}

// LinkResults are the links that were made for one thing, such as a broadcast, with what came through each. A lead counts when whoever
// asked through the link became one on that day or later.
func (db *DB) LinkResults(ctx context.Context, in loa.Scope, nounID string) ([]LinkResult, error) {
	if nounID == "" {
		return nil, nil
	}
	where, args := inScope(in, "a.path", 3)
	const asked = `FROM asker k JOIN question q ON q.id = k.question_id LEFT JOIN conversation c ON c.question_id = q.id AND c.question_id <> ''`
	const who = `CASE WHEN q.person_id <> '' THEN q.person_id ELSE c.person_id END`
	rows, err := db.read.QueryContext(ctx, `SELECT `+linkColumns+`, CAST(COALESCE((SELECT sum(v.n) FROM link_visit v WHERE v.link_id = l.id), 0) AS BIGINT), CAST(COALESCE((SELECT sum(v.people) FROM link_visit v WHERE v.link_id = l.id), 0) AS BIGINT),
		(SELECT count(DISTINCT q.id) `+asked+` WHERE k.link_id = l.id AND k.link_id <> ''),
		(SELECT count(DISTINCT NULLIF(`+who+`, '')) `+asked+` WHERE k.link_id = l.id AND k.link_id <> ''),
		(SELECT count(DISTINCT d.id) `+asked+` JOIN lead d ON d.person_id = `+who+` AND d.happened_on >= q.happened_on WHERE k.link_id = l.id AND k.link_id <> '')
		FROM link l JOIN area a ON a.id = l.area_id WHERE l.noun_id = $1 AND l.noun_id <> '' AND l.office_id = $2 AND `+where+` ORDER BY l.spoken`, append([]any{nounID, in.Office}, args...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x LinkResult, err error) {
		x.Link, err = scanLink(r, &x.Visits, &x.Visitors, &x.Asked, &x.People, &x.Leads)
		return x, err
	})
	if err != nil {
		return nil, fmt.Errorf("count what came through the links: %w", err)
	}
	return list, nil
}

// formOfLink is the form of communication a link brings people by, as SQL over a link l.
const formOfLink = `CASE WHEN l.kind IN ('officer', 'kit') OR l.network = 'kit' THEN 'personal_page' WHEN l.kind = 'leaflet' THEN 'leaflet' WHEN l.network = 'tel' THEN 'sms' WHEN l.network IN ('zalo', 'zns', 'zalo_group', 'zalo_article') THEN 'zalo'
	WHEN l.network = 'mail' THEN 'email' WHEN l.network = 'speaker' THEN 'loudspeaker' ELSE 'page' END`

// clickTouches counts who opened links, each browser once a day, by the form that told them.
func (db *DB) clickTouches(ctx context.Context, in loa.Scope, from, to loa.Day, of func(loa.Form) *TouchTally) error {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT `+formOfLink+`, CAST(sum(v.people) AS BIGINT) FROM link l JOIN area a ON a.id = l.area_id JOIN link_visit v ON v.link_id = l.id
		WHERE l.office_id = $1 AND v.on_day >= $2 AND v.on_day <= $3 AND `+where+` GROUP BY 1`, append([]any{in.Office, from, to}, args...)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var f loa.Form
		var n int64
		if err := r.Scan(&f, &n); err != nil {
			return err
		}
		of(f).Clicks = n
		return nil
	})
	if err != nil {
		return fmt.Errorf("count who opened links: %w", err)
	}
	return nil
}
