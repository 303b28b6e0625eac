package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Readers are what the words of a message may tell of some people on a day.
// The months they paid cost a look into every payment: they are read only where words tell them.
func (db *DB) Readers(ctx context.Context, in loa.Scope, ids []loa.PersonID, on loa.Day, months bool) (map[loa.PersonID]loa.Reader, error) {
	out := make(map[loa.PersonID]loa.Reader, len(ids))
	for start := 0; start < len(ids); start += recipientsAtOnce {
		part := ids[start:min(start+recipientsAtOnce, len(ids))]
		if err := db.readers(ctx, in, part, on, out); err != nil {
			return nil, err
		}
		if months {
			if err := db.monthsPaid(ctx, part, on, out); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (db *DB) readers(ctx context.Context, in loa.Scope, part []loa.PersonID, on loa.Day, out map[loa.PersonID]loa.Reader) error {
	n := len(part)
	these, args := placeholders(1, n), anyOf(part)
	where, more := inScope(in, "a.path", n+1)
	rows, err := db.read.QueryContext(ctx, `SELECT p.id, p.name, p.sex, p.born_year, p.ethnic, p.poverty, p.poverty_from, p.poverty_to, CASE WHEN a.kind = 'village' THEN a.name ELSE '' END, p.area_id
		FROM person p JOIN area a ON a.id = p.area_id WHERE p.id IN (`+these+`) AND `+where, append(args, more...)...)
	list, err := collect(rows, err, func(r *sql.Rows) (x loa.Reader, err error) {
		var p loa.Person
		if err := r.Scan(&x.Person, &x.Name, &x.Sex, &x.Born, &x.Ethnic, &p.Poverty, &p.PovertyFrom, &p.PovertyTo, &x.Village, &x.Area); err != nil {
			return x, err
		}
		x.Poverty = p.PovertyOn(on)
		return x, nil
	})
	if err != nil {
		return fmt.Errorf("read whom the words are for: %w", err)
	}
	for _, x := range list {
		out[x.Person] = x
	}
	type cover struct {
		person      loa.PersonID
		scheme      loa.Scheme
		until, ends loa.Day
	}
	rows, err = db.read.QueryContext(ctx, `SELECT person_id, scheme, covered_until, ends_on FROM spell WHERE person_id IN (`+these+`) AND scheme IN ('voluntary_si', 'household_hi') AND starts_on <= $`+fmt.Sprint(n+1)+` AND ends_on > $`+fmt.Sprint(n+2), append(anyOf(part), on, on)...)
	covers, err := collect(rows, err, func(r *sql.Rows) (c cover, err error) {
		return c, r.Scan(&c.person, &c.scheme, &c.until, &c.ends)
	})
	if err != nil {
		return fmt.Errorf("read until when they are covered: %w", err)
	}
	for _, c := range covers {
		x, ok := out[c.person]
		switch {
		case !ok || c.ends == loa.OpenEnd:
			continue
		case c.scheme == loa.VoluntarySI:
			x.Due = c.ends.Add(-1)
		default:
			x.CardUntil = c.until
		}
		out[c.person] = x
	}
	return nil
}

func (db *DB) monthsPaid(ctx context.Context, part []loa.PersonID, on loa.Day, out map[loa.PersonID]loa.Reader) error {
	rows, err := db.read.QueryContext(ctx, `SELECT person_id, SUM(months) FROM contribution WHERE person_id IN (`+placeholders(1, len(part))+`) AND scheme = 'voluntary_si' AND happened_on <= $`+fmt.Sprint(len(part)+1)+` GROUP BY person_id`, append(anyOf(part), on)...)
	if err != nil {
		return fmt.Errorf("read the months they paid: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id loa.PersonID
		var n int
		if err := rows.Scan(&id, &n); err != nil {
			return err
		}
		if x, ok := out[id]; ok {
			x.Months = n
			out[id] = x
		}
	}
	return rows.Err()
}
