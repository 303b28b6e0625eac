package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// Profiles hands over, in pages, what segments see of everybody whose record changed after a change number, and the number
// up to which it read. Asked with 0 it reads the whole office. People who are merged away or not visible come as Gone.
func (db *DB) Profiles(ctx context.Context, office loa.OfficeID, after int64, page func([]loa.Profile) error) (upTo int64, err error) {
	err = db.snapshot(ctx, func(tx *sql.Tx) error {
		if err := tx.QueryRowContext(ctx, `SELECT change_no FROM office WHERE id = $1`, office).Scan(&upTo); err != nil {
			return notFound(err)
		}
		extras := newProfileExtras(tx, office)
		if after == 0 {
			if err := extras.loadAll(ctx); err != nil {
				return err
			}
		}
		return changedProfiles(ctx, tx, office, after, func(part []loa.Profile) error {
			if after > 0 {
				if err := extras.loadSome(ctx, part); err != nil {
					return err
				}
			}
			extras.fill(part)
			return page(part)
		})
	})
	if err != nil {
		return 0, fmt.Errorf("read profiles: %w", err)
	}
	return upTo, nil
}

const profilePage = 4000

// changedProfiles are those whose rows carry a newer change number, and those of imports that were shown or taken back since: the
// rows of an import are older than the moment they were seen.
func changedProfiles(ctx context.Context, tx *sql.Tx, office loa.OfficeID, after int64, page func([]loa.Profile) error) error {
	if after == 0 {
		return eachProfile(ctx, tx, page, `p.office_id = $1 AND p.batch NOT IN (SELECT id FROM hidden_batch) AND (p.gone = '' OR p.gone IN (SELECT id FROM hidden_batch))`, office)
	}
	if err := eachProfile(ctx, tx, page, `p.office_id = $1 AND p.change_no > $2 ORDER BY p.id`, office, after); err != nil {
		return err
	}
	rows, err := tx.QueryContext(ctx, `SELECT id FROM import_run WHERE office_id = $1 AND shown_no > $2`, office, after)
	shown, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find imports shown since: %w", err)
	}
	for _, batch := range shown {
		if err := eachProfile(ctx, tx, page, `p.id IN (SELECT id FROM person_row WHERE batch = $1 AND batch <> '') ORDER BY p.id`, batch); err != nil {
			return err
		}
	}
	return nil
}

func eachProfile(ctx context.Context, tx *sql.Tx, page func([]loa.Profile) error, where string, args ...any) error {
	rows, err := tx.QueryContext(ctx, `SELECT p.id, p.area_id, p.household_id, p.sort_key, p.born_year, p.born_on, p.sex, p.ethnic, p.language, p.literacy,
			p.poverty, p.poverty_from, p.poverty_to, p.occupation, p.relation, p.phone <> '' AND NOT p.phone_bad, p.phone_shared, p.change_no,
			p.merged_into = '' AND p.batch NOT IN (SELECT id FROM hidden_batch) AND (p.gone = '' OR p.gone IN (SELECT id FROM hidden_batch))
		FROM person_row p WHERE `+where, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	part := make([]loa.Profile, 0, profilePage)
	at := map[loa.PersonID]int{} // a person an import has changed has two rows side by side, of which one is seen
	for rows.Next() {
		var p loa.Profile
		var seen bool
		if err := rows.Scan(&p.Person, &p.Area, &p.Household, &p.SortKey, &p.BornYear, &p.BornOn, &p.Sex, &p.Ethnic, &p.Language, &p.Literacy,
			&p.Poverty, &p.PovertyFrom, &p.PovertyTo, &p.Occupation, &p.Relation, &p.HasPhone, &p.PhoneShared, &p.ChangeNo, &seen); err != nil {
			return err
		}
		p.Head = p.Relation == "head"
		p.Gone = !seen
		if i, twice := at[p.Person]; twice {
			if seen {
				part[i] = p
			}
			continue
		}
		if len(part) == profilePage {
			if err := page(part); err != nil {
				return err
			}
			part = part[:0]
			clear(at)
		}
		at[p.Person] = len(part)
		part = append(part, p)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return page(part)
}

// profileExtras is what facts say about people: spells, days reached, consents, open leads.
type profileExtras struct {
	tx       *sql.Tx
	office   loa.OfficeID
	spells   map[loa.PersonID][]loa.Spell
	reached  map[loa.PersonID]loa.Day
	homes    map[loa.HouseholdID]loa.Day
	consents map[loa.PersonID][]loa.Consent
	leads    map[loa.PersonID][]loa.Scheme
}

func newProfileExtras(tx *sql.Tx, office loa.OfficeID) *profileExtras {
	return &profileExtras{tx: tx, office: office, spells: map[loa.PersonID][]loa.Spell{}, reached: map[loa.PersonID]loa.Day{}, homes: map[loa.HouseholdID]loa.Day{},
		consents: map[loa.PersonID][]loa.Consent{}, leads: map[loa.PersonID][]loa.Scheme{}}
}

func (x *profileExtras) loadAll(ctx context.Context) error {
	return x.load(ctx, `office_id = $1`, x.office)
}

// loadSome reads the facts of the people of a page, a few hundred at a time.
func (x *profileExtras) loadSome(ctx context.Context, part []loa.Profile) error {
	for start := 0; start < len(part); start += 400 {
		some := part[start:min(start+400, len(part))]
		people, homes := []any{x.office}, []any{x.office}
		for _, p := range some {
			people, homes = append(people, p.Person), append(homes, p.Household)
		}
		if err := x.loadPeople(ctx, `office_id = $1 AND person_id IN (`+placeholders(2, len(some))+`)`, people...); err != nil {
			return err
		}
		if err := x.loadHomes(ctx, `office_id = $1 AND household_id IN (`+placeholders(2, len(some))+`)`, homes...); err != nil {
			return err
		}
	}
	return nil
}

func (x *profileExtras) load(ctx context.Context, where string, args ...any) error {
	if err := x.loadPeople(ctx, where, args...); err != nil {
		return err
	}
	return x.loadHomes(ctx, where, args...)
}

func (x *profileExtras) loadPeople(ctx context.Context, where string, args ...any) error {
	rows, err := x.tx.QueryContext(ctx, `SELECT person_id, scheme, no, starts_on, covered_until, payer, ends_on, end_kind FROM spell WHERE `+where, args...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var s loa.Spell
		if err := r.Scan(&s.Person, &s.Scheme, &s.No, &s.Starts, &s.CoveredUntil, &s.Payer, &s.Ends, &s.EndKind); err != nil {
			return err
		}
		x.spells[s.Person] = append(x.spells[s.Person], s)
		return nil
	}); err != nil {
		return err
	}
	for _, table := range []string{"attendance", "visit"} {
		only := ""
		if table == "visit" {
			only = ` AND outcome <> 'not_home'`
		}
		rows, err := x.tx.QueryContext(ctx, `SELECT person_id, max(happened_on) FROM `+table+` WHERE person_id <> '' AND `+where+only+` GROUP BY person_id`, args...)
		if err := each(rows, err, func(r *sql.Rows) error {
			var id loa.PersonID
			var on loa.Day
			if err := r.Scan(&id, &on); err != nil {
				return err
			}
			x.reached[id] = max(x.reached[id], on)
			return nil
		}); err != nil {
			return err
		}
	}
	rows, err = x.tx.QueryContext(ctx, `SELECT person_id, purpose, channel, agreed, happened_on, happened_at, recorded_at FROM consent WHERE `+where, args...)
	if err := each(rows, err, func(r *sql.Rows) error {
		var c loa.Consent
		var happened, recorded int64
		if err := r.Scan(&c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded); err != nil {
			return err
		}
		c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded)
		x.consents[c.Person] = append(x.consents[c.Person], c)
		return nil
	}); err != nil {
		return err
	}
	rows, err = x.tx.QueryContext(ctx, `SELECT DISTINCT person_id, scheme FROM lead WHERE `+where+`
		AND NOT EXISTS (SELECT 1 FROM enrolment_step s WHERE s.lead_id = lead.id AND s.step IN ('paid', 'refused', 'closed'))`, args...)
	return each(rows, err, func(r *sql.Rows) error {
		var id loa.PersonID
		var s loa.Scheme
		if err := r.Scan(&id, &s); err != nil {
			return err
		}
		x.leads[id] = append(x.leads[id], s)
		return nil
	})
}

func (x *profileExtras) loadHomes(ctx context.Context, where string, args ...any) error {
	rows, err := x.tx.QueryContext(ctx, `SELECT household_id, max(happened_on) FROM visit WHERE household_id <> '' AND outcome <> 'not_home' AND `+where+` GROUP BY household_id`, args...)
	return each(rows, err, func(r *sql.Rows) error {
		var id loa.HouseholdID
		var on loa.Day
		if err := r.Scan(&id, &on); err != nil {
			return err
		}
		x.homes[id] = on
		return nil
	})
}

func (x *profileExtras) fill(part []loa.Profile) {
	for i := range part {
		p := &part[i]
		p.Spells, p.Consents, p.OpenLeads = x.spells[p.Person], x.consents[p.Person], x.leads[p.Person]
		p.Reached = nil
		if on := max(x.reached[p.Person], x.homes[p.Household]); on != "" {
			p.Reached = []loa.Day{on}
		}
	}
}

// each runs a function over every row of a query.
func each(rows *sql.Rows, err error, fn func(*sql.Rows) error) error {
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
