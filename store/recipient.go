package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"loa"
)

// recipientsAtOnce is how many people one query reads.
const recipientsAtOnce = 1000

// denseTimes says when people are read as one stretch of the register instead of one by one: when it holds at most so many times as many.
const denseTimes = 2

// these says who of the register is meant, in the words of a query: a stretch between two IDs, or a list. Every page of a broadcast has
// the same words.
type these struct {
	dialect
	from, to loa.PersonID
	list     string
}

// where names the people of a column; its values are $1 and $2, whichever way it is.
func (t these) where(column string) string {
	if t.list == "" {
		return column + ` BETWEEN $1 AND $2`
	}
	return t.among(column, 1) + ` AND '' = $2`
}

func (t these) args(more ...any) []any {
	if t.list == "" {
		return append([]any{t.from, t.to}, more...)
	}
	return append([]any{t.list, ""}, more...)
}

// Recipients are people with all that decides how, when and whether to tell them: addresses, consents, and the touches since a moment.
// Whoever is merged away, hidden, or outside the scope does not come.
func (db *DB) Recipients(ctx context.Context, in loa.Scope, ids []loa.PersonID, since time.Time) (out []loa.Recipient, err error) {
	for start := 0; start < len(ids); start += recipientsAtOnce {
		part := ids[start:min(start+recipientsAtOnce, len(ids))]
		list, err := db.recipients(ctx, in, part, since)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// meant chooses how to read people. IDs are made in order of time, so those of a broadcast to everybody stand side by side.
func (db *DB) meant(ctx context.Context, ids []loa.PersonID) (these, error) {
	t := these{dialect: db.dialect, from: ids[0], to: ids[len(ids)-1]}
	if len(ids) >= 50 && slices.IsSorted(ids) {
		var there int
		most := denseTimes*len(ids) + 1
		if err := db.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM person_row WHERE id BETWEEN $1 AND $2`+limit(most)+`) x`, t.from, t.to).Scan(&there); err != nil {
			return t, fmt.Errorf("look how many people stand between: %w", err)
		}
		if there < most {
			return t, nil
		}
	}
	var err error
	t.list, err = asList(db.dialect, ids)
	return t, err
}

func (db *DB) recipients(ctx context.Context, in loa.Scope, part []loa.PersonID, since time.Time) ([]loa.Recipient, error) {
	t, err := db.meant(ctx, part)
	if err != nil {
		return nil, err
	}
	want := make(map[loa.PersonID]*loa.Recipient, len(part))
	for _, id := range part {
		want[id] = nil
	}
	where, more := inScope(in, "a.path", 3)
	rows, err := db.read.QueryContext(ctx, `SELECT p.id, p.area_id, p.language, p.phone, p.phone_bad, p.phone_shared FROM person p JOIN area a ON a.id = p.area_id WHERE `+t.where("p.id")+` AND p.merged_into = '' AND `+where+` ORDER BY p.id`, t.args(more...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (p loa.Recipient, err error) {
		var lang, phone string
		var bad, shared bool
		if err := r.Scan(&p.Person, &p.Area, &lang, &phone, &bad, &shared); err != nil {
			return p, err
		}
		p.Langs = spokenTo(lang)
		if to := strings.TrimPrefix(phone, "+"); to != "" {
			p.Addresses = append(make([]loa.Address, 0, 3), loa.Address{Network: "tel", To: to, Bad: bad, Shared: shared}, loa.Address{Network: "zns", To: to, Bad: bad, Shared: shared})
		}
		return p, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the recipients: %w", err)
	}
	list = slices.DeleteFunc(list, func(p loa.Recipient) bool { _, in := want[p.Person]; return !in })
	at := want
	for i := range list {
		at[list[i].Person] = &list[i]
	}
	if err := db.addressesOf(ctx, in.Office, list, at, t); err != nil {
		return nil, err
	}
	rows, err = db.read.QueryContext(ctx, `SELECT id, person_id, purpose, channel, agreed, happened_on, happened_at, recorded_at, ads_from, ads_to, ads_most FROM consent WHERE `+t.where("person_id"), t.args()...)
	consents, err := collect(rows, err, func(r *sql.Rows) (c loa.Consent, err error) {
		var happened, recorded int64
		err = r.Scan(&c.ID, &c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded, &c.Ads.Hours.Start, &c.Ads.Hours.End, &c.Ads.Most)
		c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded) // who agreed and refused on one day is told by the later of the two
		return c, err
	})
	if err != nil {
		return nil, fmt.Errorf("read their consents: %w", err)
	}
	for _, c := range consents {
		if p := at[c.Person]; p != nil {
			p.Consents = append(p.Consents, c)
		}
	}
	return list, db.touchesOf(ctx, in.Office, at, t, since)
}

// spoken are the languages somebody is spoken to in, by their own; nobody changes them.
var spoken = map[string][]string{"": {"vietnamese"}, "vietnamese": {"vietnamese"}}

func init() {
	for _, lang := range loa.Tongues {
		if spoken[lang] == nil {
			spoken[lang] = []string{lang, "vietnamese"}
		}
	}
}

func spokenTo(lang string) []string {
	if langs, ok := spoken[lang]; ok {
		return langs
	}
	return []string{lang, "vietnamese"}
}

// addressesOf adds the ways beside the telephone, and what is known of each.
func (db *DB) addressesOf(ctx context.Context, office loa.OfficeID, list []loa.Recipient, at map[loa.PersonID]*loa.Recipient, t these) error {
	type known struct {
		loa.Address
		person loa.PersonID
		noAds  bool
	}
	scan := func(r *sql.Rows) (k known, err error) {
		var out, noAds, bad int64
		err = r.Scan(&k.person, &k.Network, &k.To, &out, &noAds, &bad)
		k.OptedOut, k.noAds, k.Bad = out > 0, noAds > 0, bad > 0
		return k, err
	}
	const columns = `person_id, network, address, opted_out_at, no_ads_at, bad_at`
	rows, err := db.read.QueryContext(ctx, `SELECT `+columns+` FROM address WHERE person_id <> '' AND `+t.where("person_id"), t.args()...)
	linked, err := collect(rows, err, scan)
	if err != nil {
		return fmt.Errorf("read their addresses: %w", err)
	}
	for _, k := range linked {
		if p := at[k.person]; p != nil {
			p.Addresses = append(p.Addresses, k.Address)
			p.DoNotCall = p.DoNotCall || k.noAds
		}
	}
	var phones []string
	for i := range list {
		for _, a := range list[i].Addresses {
			if a.Network == "tel" {
				phones = append(phones, a.To)
			}
		}
	}
	if len(phones) == 0 {
		return nil
	}
	these, err := asList(db.dialect, phones)
	if err != nil {
		return err
	}
	rows, err = db.read.QueryContext(ctx, `SELECT `+columns+` FROM address WHERE office_id = $1 AND network IN ('tel', 'zns') AND `+db.among("address", 2), office, these)
	numbers, err := collect(rows, err, scan)
	if err != nil {
		return fmt.Errorf("read what is known of their numbers: %w", err)
	}
	if len(numbers) == 0 {
		return nil
	}
	of := make(map[[2]string]known, len(numbers))
	for _, k := range numbers {
		of[[2]string{k.Network, k.To}] = k
	}
	for i := range list {
		for j := range list[i].Addresses {
			a := &list[i].Addresses[j]
			if k, ok := of[[2]string{a.Network, a.To}]; ok {
				a.OptedOut, a.Bad = a.OptedOut || k.OptedOut, a.Bad || k.Bad
			}
			if k, ok := of[[2]string{"tel", a.To}]; ok && k.noAds && a.Network == "tel" {
				list[i].DoNotCall = true
			}
		}
	}
	return nil
}

// touchesOf adds every contact of any form since a moment, and what is on its way. A session or visit without an hour counts from its day's noon.
func (db *DB) touchesOf(ctx context.Context, office loa.OfficeID, at map[loa.PersonID]*loa.Recipient, t these, since time.Time) error {
	open, err := claimsIn(ctx, db.read, office) // read first: what is settled between the two is seen twice, and counted once
	if err != nil {
		return err
	}
	going := false
	for _, c := range open {
		for _, part := range c.parts {
			for _, id := range part.People {
				if p := at[id]; p != nil && part.Of != "" && !c.at.Before(since) {
					p.Touches = append(p.Touches, loa.Touch{At: c.at, Network: part.Over, Purpose: part.Purpose, Of: part.Of, Counts: true})
					going = true
				}
			}
		}
	}
	rows, err := db.read.QueryContext(ctx, `SELECT person_id, happened_on, happened_at, form, '' AS network, '' AS purpose, '' AS broadcast_id FROM (
			SELECT x.person_id, x.happened_on, x.happened_at, s.form FROM attendance x JOIN session s ON s.id = x.session_id WHERE x.person_id <> '' AND `+t.where("x.person_id")+` AND x.happened_on >= $3
			UNION ALL SELECT v.person_id, v.happened_on, v.happened_at, v.form FROM visit v WHERE v.person_id <> '' AND `+t.where("v.person_id")+` AND v.happened_on >= $3 AND v.outcome <> 'not_home') f
		UNION ALL SELECT d.person_id, '', d.first_at, '', d.network, b.purpose, b.id FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id WHERE d.person_id <> '' AND `+t.where("d.person_id")+` AND d.first_at > 0 AND d.first_at >= $4
			AND d.state IN ('unsure', 'sent', 'delivered', 'seen')`, t.args(loa.DayOf(since), millis(since))...)
	if err != nil {
		return fmt.Errorf("read the touches: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id loa.PersonID
		var on loa.Day
		var when int64
		x := loa.Touch{Counts: true}
		if err := rows.Scan(&id, &on, &when, &x.Form, &x.Network, &x.Purpose, &x.Of); err != nil {
			return err
		}
		x.At = instant(when)
		if when == 0 {
			x.At = on.Time().Add(5 * time.Hour) // noon in Việt Nam
		}
		if p := at[id]; p != nil && !x.At.Before(since) {
			if going && slices.ContainsFunc(p.Touches, func(o loa.Touch) bool { return x.Of != "" && o.Of == x.Of && o.Network == x.Network }) {
				continue
			}
			p.Touches = append(p.Touches, x)
		}
	}
	return rows.Err()
}
