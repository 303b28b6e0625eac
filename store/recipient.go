package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"

	"loa"
)

// recipientsAtOnce is how many people one query reads.
const recipientsAtOnce = 300

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

func (db *DB) recipients(ctx context.Context, in loa.Scope, part []loa.PersonID, since time.Time) ([]loa.Recipient, error) {
	n := len(part)
	these, args := placeholders(1, n), anyOf(part)
	where, more := inScope(in, "a.path", n+1)
	rows, err := db.read.QueryContext(ctx, `SELECT p.id, p.area_id, p.language, p.phone, p.phone_bad, p.phone_shared FROM person p JOIN area a ON a.id = p.area_id WHERE p.id IN (`+these+`) AND p.merged_into = '' AND `+where+` ORDER BY p.id`, append(args, more...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (p loa.Recipient, err error) {
		var lang, phone string
		var bad, shared bool
		if err := r.Scan(&p.Person, &p.Area, &lang, &phone, &bad, &shared); err != nil {
			return p, err
		}
		if lang != "" && lang != "vietnamese" {
			p.Langs = append(p.Langs, lang)
		}
		p.Langs = append(p.Langs, "vietnamese")
		if to := strings.TrimPrefix(phone, "+"); to != "" {
			p.Addresses = append(p.Addresses, loa.Address{Network: "tel", To: to, Bad: bad, Shared: shared}, loa.Address{Network: "zns", To: to, Bad: bad, Shared: shared})
		}
		return p, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the recipients: %w", err)
	}
	at := make(map[loa.PersonID]*loa.Recipient, len(list))
	for i := range list {
		at[list[i].Person] = &list[i]
	}
	if err := db.addressesOf(ctx, in.Office, list, at, these, args); err != nil {
		return nil, err
	}
	rows, err = db.read.QueryContext(ctx, `SELECT id, person_id, purpose, channel, agreed, happened_on FROM consent WHERE person_id IN (`+these+`)`, args...)
	consents, err := collect(rows, err, func(r *sql.Rows) (c loa.Consent, err error) {
		return c, r.Scan(&c.ID, &c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn)
	})
	if err != nil {
		return nil, fmt.Errorf("read their consents: %w", err)
	}
	for _, c := range consents {
		if p := at[c.Person]; p != nil {
			p.Consents = append(p.Consents, c)
		}
	}
	return list, db.touchesOf(ctx, at, these, args, since)
}

// addressesOf adds the ways beside the telephone, and what is known of each.
func (db *DB) addressesOf(ctx context.Context, office loa.OfficeID, list []loa.Recipient, at map[loa.PersonID]*loa.Recipient, these string, args []any) error {
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
	rows, err := db.read.QueryContext(ctx, `SELECT `+columns+` FROM address WHERE person_id <> '' AND person_id IN (`+these+`)`, args...)
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
	phones := []any{office}
	for i := range list {
		for _, a := range list[i].Addresses {
			if a.Network == "tel" {
				phones = append(phones, a.To)
			}
		}
	}
	if len(phones) == 1 {
		return nil
	}
	rows, err = db.read.QueryContext(ctx, `SELECT `+columns+` FROM address WHERE office_id = $1 AND network IN ('tel', 'zns') AND address IN (`+placeholders(2, len(phones)-1)+`)`, phones...)
	numbers, err := collect(rows, err, scan)
	if err != nil {
		return fmt.Errorf("read what is known of their numbers: %w", err)
	}
	of := map[[2]string]known{}
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

// touchesOf adds every contact of any form since a moment. A session or visit without an hour counts from its day's noon.
func (db *DB) touchesOf(ctx context.Context, at map[loa.PersonID]*loa.Recipient, these string, args []any, since time.Time) error {
	day, ms := loa.DayOf(since), millis(since)
	n := len(args)
	args = append(append([]any{}, args...), day, ms)
	rows, err := db.read.QueryContext(ctx, fmt.Sprintf(`SELECT person_id, happened_on, happened_at, form, '' AS network, '' AS purpose, '' AS broadcast_id FROM (
			SELECT x.person_id, x.happened_on, x.happened_at, s.form FROM attendance x JOIN session s ON s.id = x.session_id WHERE x.person_id <> '' AND x.person_id IN (%[1]s) AND x.happened_on >= $%[2]d
			UNION ALL SELECT v.person_id, v.happened_on, v.happened_at, v.form FROM visit v WHERE v.person_id <> '' AND v.person_id IN (%[1]s) AND v.happened_on >= $%[2]d AND v.outcome <> 'not_home') f
		UNION ALL SELECT d.person_id, '', d.first_at, '', d.network, b.purpose, b.id FROM delivery d JOIN broadcast b ON b.id = d.broadcast_id WHERE d.person_id <> '' AND d.person_id IN (%[1]s) AND d.first_at >= $%[3]d
			AND d.state IN ('sending', 'unsure', 'sent', 'delivered', 'seen')`, these, n+1, n+2), args...)
	if err != nil {
		return fmt.Errorf("read the touches: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id loa.PersonID
		var on loa.Day
		var when int64
		t := loa.Touch{Counts: true}
		if err := rows.Scan(&id, &on, &when, &t.Form, &t.Network, &t.Purpose, &t.Of); err != nil {
			return err
		}
		t.At = instant(when)
		if when == 0 {
			t.At = on.Time().Add(5 * time.Hour) // noon in Việt Nam
		}
		if p := at[id]; p != nil && !t.At.Before(since) {
			p.Touches = append(p.Touches, t)
		}
	}
	return rows.Err()
}
