package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"loa"
)

// formOf is the form of communication a network belongs to, as SQL over a delivery d.
const formOf = `CASE WHEN d.network = 'tel' THEN 'sms' WHEN d.network IN ('zalo', 'zns', 'zalo_group', 'zalo_article') THEN 'zalo' WHEN d.network = 'mail' THEN 'email' WHEN d.network = 'speaker' THEN 'loudspeaker' WHEN d.network = 'kit' THEN 'personal_page'
	WHEN d.network IN ('call', 'visit') THEN d.network ELSE 'page' END`

// TouchTally is what went out by one form and whom it reached. A person counts once within a form, however many messages they got.
type TouchTally struct {
	Form      loa.Form
	Messages  int64 // to people, that left; calls that were taken, visits at which somebody was met
	People    int64 // who got one
	Arrived   int64 // of the messages, as far as networks tell
	Seen      int64
	Refused   int64
	Posts     int64 // on pages
	Plays     int64 // at loudspeakers
	Listeners int64 // people of the villages in earshot, each village once
	Replies   int64 // turns that came back
	Writers   int64 // and from how many
	Clicks    int64 // who opened the links it told, each browser once a day
}

// broadcastDays is how long before a period a broadcast may have begun that still sent within it.
const broadcastDays = 60

// TouchTallies counts messages, posts, plays, calls, visits and replies from one day to another by form, in one commune when one is named.
func (db *DB) TouchTallies(ctx context.Context, in loa.Scope, commune loa.AreaID, from, to loa.Day) ([]TouchTally, error) {
	if commune != "" {
		var err error
		if in, err = db.communeScope(ctx, in, commune); err != nil {
			return nil, err
		}
	}
	by := map[loa.Form]*TouchTally{}
	of := func(f loa.Form) *TouchTally {
		if by[f] == nil {
			by[f] = &TouchTally{Form: f}
		}
		return by[f]
	}
	first, last := millis(midnight(from)), millis(midnight(to.Add(1)))
	for _, count := range []func(context.Context, loa.Scope, int64, int64, func(loa.Form) *TouchTally) error{db.sentTouches, db.repliedTouches} {
		if err := count(ctx, in, first, last, of); err != nil {
			return nil, err
		}
	}
	for _, count := range []func(context.Context, loa.Scope, loa.Day, loa.Day, func(loa.Form) *TouchTally) error{db.heardTouches, db.visitTouches, db.clickTouches} {
		if err := count(ctx, in, from, to, of); err != nil {
			return nil, err
		}
	}
	var out []TouchTally
	for _, f := range []loa.Form{loa.Zalo, loa.SMS, loa.Email, loa.PageForm, loa.Loudspeaker, loa.PersonalPage, loa.LeafletForm, loa.CallForm, loa.VisitForm} {
		if t := by[f]; t != nil {
			out = append(out, *t)
		}
	}
	return out, nil
}

// midnight is when a day begins in Việt Nam.
func midnight(d loa.Day) time.Time {
	y, m, n := d.Parts()
	return time.Date(y, time.Month(m), n, 0, 0, 0, 0, loa.Zone)
}

// sentTouches counts what left over networks, answers sent from the inbox among them, and the calls of broadcasts' lists that were taken. An
// answer to somebody nobody knows by name reached the one who wrote; the word that confirms a refusal tells nothing.
func (db *DB) sentTouches(ctx context.Context, in loa.Scope, first, last int64, of func(loa.Form) *TouchTally) error {
	const day = 24 * 3600 * 1000
	where, args := inScope(in, "a.path", 5)
	args = append([]any{in.Office, first, last, first - broadcastDays*day}, args...)
	rows, err := db.read.QueryContext(ctx, `SELECT `+formOf+`, sum(CASE WHEN d.who <> '' THEN 1 ELSE 0 END), count(DISTINCT CASE WHEN d.who = '' OR d.state = 'refused' THEN NULL WHEN d.who IN (SELECT m.id FROM person m WHERE m.merged_into <> '') THEN (SELECT m.merged_into FROM person m WHERE m.id = d.who) ELSE d.who END),
			sum(CASE WHEN d.who <> '' AND d.state IN ('delivered', 'seen') THEN 1 ELSE 0 END), sum(CASE WHEN d.state = 'seen' THEN 1 ELSE 0 END), sum(CASE WHEN d.state = 'refused' THEN 1 ELSE 0 END), sum(CASE WHEN d.who = '' THEN 1 ELSE 0 END)
		FROM (SELECT d.network, d.state, d.area_id, d.person_id AS who FROM broadcast b JOIN delivery d ON d.broadcast_id = b.id AND d.broadcast_id <> ''
			WHERE b.office_id = $1 AND b.sent_at > 0 AND b.sent_at < $3 AND b.sent_at >= $4 AND d.sent_at >= $2 AND d.sent_at < $3 AND d.state IN ('sent', 'delivered', 'seen', 'refused') AND d.network NOT IN ('speaker', 'call', 'visit')
			UNION ALL SELECT d.network, d.state, d.area_id, d.person_id FROM broadcast b JOIN delivery d ON d.broadcast_id = b.id AND d.broadcast_id <> ''
			WHERE b.office_id = $1 AND b.sent_at > 0 AND b.sent_at < $3 AND b.sent_at >= $4 AND d.network IN ('call', 'visit') AND d.network = 'call' AND d.state IN ('delivered', 'refused') AND d.done_at >= $2 AND d.done_at < $3
			UNION ALL SELECT d.network, d.state, d.area_id, CASE WHEN d.person_id <> '' THEN d.person_id WHEN c.person_id <> '' THEN c.person_id ELSE c.id END
			FROM delivery d JOIN reply r ON r.delivery_id = d.id JOIN conversation c ON c.id = r.about_id
			WHERE d.office_id = $1 AND d.broadcast_id = '' AND d.sent_at > 0 AND d.sent_at >= $2 AND d.sent_at < $3 AND d.state IN ('sent', 'delivered', 'seen', 'refused') AND r.about_kind = 'conversation' AND r.about_id <> '' AND r.purpose <> 'administrative') d
		JOIN area a ON a.id = d.area_id WHERE `+where+` GROUP BY 1`, args...)
	err = each(rows, err, func(r *sql.Rows) error {
		var t TouchTally
		if err := r.Scan(&t.Form, &t.Messages, &t.People, &t.Arrived, &t.Seen, &t.Refused, &t.Posts); err != nil {
			return err
		}
		x := of(t.Form)
		x.Messages, x.People, x.Arrived, x.Seen, x.Refused, x.Posts = t.Messages, t.People, t.Arrived, t.Seen, t.Refused, t.Posts
		return nil
	})
	if err != nil {
		return fmt.Errorf("count the messages: %w", err)
	}
	return nil
}

// visitTouches counts the visits at which somebody was met, from a broadcast's list or not; a household's names nobody.
func (db *DB) visitTouches(ctx context.Context, in loa.Scope, from, to loa.Day, of func(loa.Form) *TouchTally) error {
	where, args := inScope(in, "a.path", 4)
	var n, people, refused int64
	err := db.read.QueryRowContext(ctx, `SELECT count(*), count(DISTINCT CASE WHEN v.person_id = '' THEN NULL WHEN p.merged_into <> '' THEN p.merged_into ELSE v.person_id END), CAST(coalesce(sum(CASE WHEN v.outcome = 'refused' THEN 1 ELSE 0 END), 0) AS BIGINT)
		FROM visit v JOIN area a ON a.id = v.area_id LEFT JOIN person p ON p.id = v.person_id AND v.person_id <> ''
		WHERE v.office_id = $1 AND v.happened_on BETWEEN $2 AND $3 AND v.outcome <> 'not_home' AND `+where, append([]any{in.Office, from, to}, args...)...).Scan(&n, &people, &refused)
	if err != nil {
		return fmt.Errorf("count the visits: %w", err)
	}
	if n > 0 {
		t := of(loa.VisitForm)
		t.Messages, t.People, t.Arrived, t.Refused = n, people, n, refused
	}
	return nil
}

func (db *DB) heardTouches(ctx context.Context, in loa.Scope, from, to loa.Day, of func(loa.Form) *TouchTally) error {
	where, args := inScope(in, "a.path", 4)
	args = append([]any{in.Office, from, to}, args...)
	var plays, listeners int64
	err := db.read.QueryRowContext(ctx, `SELECT COALESCE((SELECT count(DISTINCT x.delivery_id) FROM exposure x JOIN area a ON a.id = x.village_id WHERE x.office_id = $1 AND x.happened_on BETWEEN $2 AND $3 AND `+where+`), 0),
		COALESCE((SELECT sum(v.people) FROM (SELECT max(x.people) AS people FROM exposure x JOIN area a ON a.id = x.village_id WHERE x.office_id = $1 AND x.happened_on BETWEEN $2 AND $3 AND `+where+` GROUP BY x.village_id) v), 0)`, args...).Scan(&plays, &listeners)
	if err != nil {
		return fmt.Errorf("count who heard the loudspeakers: %w", err)
	}
	if plays > 0 {
		t := of(loa.Loudspeaker)
		t.Plays, t.Listeners = plays, listeners
	}
	return nil
}

func (db *DB) repliedTouches(ctx context.Context, in loa.Scope, first, last int64, of func(loa.Form) *TouchTally) error {
	where, args := inScope(in, "a.path", 4)
	rows, err := db.read.QueryContext(ctx, `SELECT CASE c.via WHEN 'sms' THEN 'sms' WHEN 'mail' THEN 'email' WHEN 'zalo' THEN 'zalo' WHEN 'group' THEN 'zalo' ELSE 'page' END, count(*), count(DISTINCT c.id)
		FROM conversation c JOIN turn t ON t.conversation_id = c.id JOIN area a ON a.id = c.area_id
		WHERE c.office_id = $1 AND c.last_at >= $2 AND t.said_at >= $2 AND t.said_at < $3 AND t.kind = 'in' AND c.via IN ('sms', 'mail', 'zalo', 'group', 'messenger', 'comment') AND `+where+` GROUP BY 1`, append([]any{in.Office, first, last}, args...)...)
	err = each(rows, err, func(r *sql.Rows) error {
		var f loa.Form
		var n, writers int64
		if err := r.Scan(&f, &n, &writers); err != nil {
			return err
		}
		x := of(f)
		x.Replies, x.Writers = n, writers
		return nil
	})
	if err != nil {
		return fmt.Errorf("count the replies: %w", err)
	}
	return nil
}

// messages are what went out to the people of a household, and what they wrote, as rows of the timeline, newest first.
func (db *DB) messages(ctx context.Context, in loa.Scope, q TimelineQuery, into map[loa.PersonID]loa.PersonID) ([]TimelineRow, error) {
	ids := make([]any, 0, len(into))
	for id := range into {
		ids = append(ids, id)
	}
	until := millis(midnight(min(q.Until, "9998-12-31").Add(1)))
	where, more := inScope(in, "a.path", len(ids)+2)
	args := append(append(append([]any{}, ids...), until), more...)
	n := fmt.Sprint("$", len(ids)+1)
	these := `IN (` + placeholders(1, len(ids)) + `)`
	rows, err := db.read.QueryContext(ctx, `SELECT * FROM (
			SELECT 'message' AS kind, d.id, d.first_at AS at, d.person_id, `+formOf+` AS form, d.broadcast_id AS link, COALESCE(b.title, r.text, '') AS text, d.state AS detail, d.network AS more, COALESCE(r.author_id, '') AS officer
			FROM delivery d LEFT JOIN broadcast b ON b.id = d.broadcast_id LEFT JOIN reply r ON r.delivery_id = d.id JOIN area a ON a.id = d.area_id
			WHERE d.person_id <> '' AND d.person_id `+these+` AND d.first_at > 0 AND d.first_at < `+n+` AND d.state IN ('sent', 'delivered', 'seen', 'refused', 'failed', 'unsure') AND `+where+`
			UNION ALL SELECT 'said', t.id, t.said_at, c.person_id, '', c.id, t.text, t.kind, c.via, '' FROM conversation c JOIN turn t ON t.conversation_id = c.id JOIN area a ON a.id = c.area_id
			WHERE c.person_id <> '' AND c.person_id `+these+` AND t.kind IN ('in', 'refusal') AND t.said_at < `+n+` AND `+where+`) m ORDER BY at DESC, id DESC`+limit(q.Take), args...)
	list, err := collect(rows, err, func(r *sql.Rows) (t TimelineRow, err error) {
		err = r.Scan(&t.Kind, &t.ID, &t.At, &t.Person, &t.Form, &t.Link, &t.Text, &t.Detail, &t.More, &t.Officer)
		t.On = loa.DayOf(instant(t.At))
		if kept, ok := into[t.Person]; ok {
			t.Person = kept
		}
		return t, err
	})
	if err != nil {
		return nil, fmt.Errorf("read the messages of a household: %w", err)
	}
	return list, nil
}

// newestFirst puts rows from several places into one order.
func newestFirst(rows []TimelineRow) {
	slices.SortStableFunc(rows, func(a, b TimelineRow) int {
		if a.On != b.On {
			if a.On > b.On {
				return -1
			}
			return 1
		}
		return int(max(min(b.At-a.At, 1), -1))
	})
}
