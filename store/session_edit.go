package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"loa"
)

// AddSession plans a new session; the office is that of the area it lies in.
func (db *DB) AddSession(ctx context.Context, in loa.Scope, by loa.By, s loa.Session) (loa.Session, error) {
	if err := s.Check(); err != nil {
		return s, err
	}
	if !loa.ValidID(string(s.ID)) {
		return s, loa.Refuse(loa.Invalid, "id", "bad_id")
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, s.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		var known int
		if err := tx.QueryRowContext(ctx, `SELECT count(*) FROM session WHERE id = $1`, s.ID).Scan(&known); err != nil {
			return fmt.Errorf("look for the session: %w", err)
		}
		if known > 0 {
			return nil // the same form sent twice
		}
		s.Office, s.CreatedAt, s.CreatedBy, s.ChangeNo = in.Office, by.At, by.Officer, change
		if s.State == "" {
			s.State = loa.Planned
		}
		if err := checkSessionLinks(ctx, tx, in, s); err != nil {
			return err
		}
		if err := insertSession(ctx, tx, s, change); err != nil {
			return err
		}
		return addAudit(ctx, tx, s.Office, by, "created", "session", string(s.ID), string(s.Form))
	})
	return s, err
}

// EditSession changes a session field by field. The edit sets what the officer's page showed; seen is the change number of
// the session that page was made from. A field the officer left alone keeps what somebody else wrote meanwhile; a field both
// changed is refused by its name. Every changed field keeps a version. seen 0 edits what stands now.
func (db *DB) EditSession(ctx context.Context, in loa.Scope, by loa.By, id loa.SessionID, seen int64, edit func(s *loa.Session) error) (after loa.Session, err error) {
	err = db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		before, err := sessionByID(ctx, tx, in, id)
		if err != nil {
			return err
		}
		after, err = sessionByID(ctx, tx, in, id) // a copy of its own: edits may write into slices
		if err != nil {
			return err
		}
		if err := edit(&after); err != nil {
			return err
		}
		if seen > 0 && seen < before.ChangeNo {
			if err := mergeSession(ctx, tx, before, &after, seen); err != nil {
				return err
			}
		}
		return saveSession(ctx, tx, in, by, change, before, &after)
	})
	return after, err
}

// saveSession writes what differs between before and after, with a version of each changed field.
func saveSession(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, change int64, before loa.Session, after *loa.Session) error {
	var changed []string
	for _, f := range sessionFields {
		old, now := f.get(&before), f.get(after)
		if old == now {
			continue
		}
		if err := addVersion(ctx, tx, before.Office, by, change, "session", string(before.ID), f.name, old, now); err != nil {
			return err
		}
		changed = append(changed, f.name)
	}
	if len(changed) == 0 {
		return nil
	}
	if err := after.Check(); err != nil {
		return err
	}
	if after.Area != before.Area {
		if err := areaInScope(ctx, tx, in, after.Area); err != nil {
			return err
		}
	}
	if err := checkSessionLinks(ctx, tx, in, *after); err != nil {
		return err
	}
	after.ChangeNo = change
	args := append(sessionArgs(*after), change, after.ID)
	columns := strings.Split(strings.Join(strings.Fields(sessionEditable), " "), ", ")
	set := make([]string, 0, len(columns)+1)
	for i, c := range append(columns, "change_no") {
		set = append(set, c+" = $"+strconv.Itoa(i+1))
	}
	_, err := tx.ExecContext(ctx, `UPDATE session SET `+strings.Join(set, ", ")+` WHERE id = $`+strconv.Itoa(len(args)), args...)
	if err != nil {
		return fmt.Errorf("save session %s: %w", after.ID, err)
	}
	if err := saveSessionLinks(ctx, tx, before, *after); err != nil {
		return err
	}
	if before.State != after.State || before.On != after.On { // who was reached, and when, is read anew
		_, err := tx.ExecContext(ctx, `UPDATE person_row SET change_no = $1 WHERE id IN (SELECT person_id FROM attendance_fact WHERE session_id = $2 AND person_id <> '')`, change, after.ID)
		if err != nil {
			return fmt.Errorf("mark who attended as changed: %w", err)
		}
	}
	return addAudit(ctx, tx, before.Office, by, "changed", "session", string(before.ID), strings.Join(changed, " "))
}

// mergeSession finds what others changed since the page was made: a field the officer left as it was shown takes their value,
// a field both changed is refused.
func mergeSession(ctx context.Context, tx *sql.Tx, now loa.Session, mine *loa.Session, seen int64) error {
	clashes, err := sessionClashes(ctx, tx, now, mine, seen)
	if err != nil {
		return err
	}
	if len(clashes) > 0 {
		return loa.Refuse(loa.Conflict, clashes[0].Field, "changed_meanwhile")
	}
	return nil
}

// sessionClashes takes over what others changed in fields that mine left as they were shown, and lists the fields both changed:
// Old is what stands now, New is what mine says.
func sessionClashes(ctx context.Context, q querier, now loa.Session, mine *loa.Session, seen int64) (clashes []loa.FieldChange, err error) {
	rows, err := q.QueryContext(ctx, `SELECT field, old_value FROM field_version WHERE noun_id = $1 AND change_no > $2 ORDER BY change_no DESC, id DESC`, now.ID, seen)
	shown := map[string]string{} // the field as the officer's page showed it: the old value of its first change since
	_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
		var field, old string
		err = r.Scan(&field, &old)
		shown[field] = old
		return none, err
	})
	if err != nil {
		return nil, fmt.Errorf("read what changed meanwhile: %w", err)
	}
	for _, f := range sessionFields {
		old, touched := shown[f.name]
		if !touched || f.get(mine) == f.get(&now) {
			continue
		}
		if f.get(mine) != old {
			clashes = append(clashes, loa.FieldChange{Field: f.name, Old: f.get(&now), New: f.get(mine)})
			continue
		}
		f.keep(mine, &now)
	}
	return clashes, nil
}

// MergedSession is an edit laid over what stands now, with the fields both changed, so that a page can show the two side by
// side. Nothing is written.
func (db *DB) MergedSession(ctx context.Context, in loa.Scope, id loa.SessionID, seen int64, edit func(s *loa.Session) error) (merged loa.Session, now int64, clashes []loa.FieldChange, err error) {
	stands, err := sessionByID(ctx, db.read, in, id)
	if err != nil {
		return merged, 0, nil, err
	}
	if merged, err = sessionByID(ctx, db.read, in, id); err != nil {
		return merged, 0, nil, err
	}
	if err := edit(&merged); err != nil {
		return merged, 0, nil, err
	}
	clashes, err = sessionClashes(ctx, db.read, stands, &merged, seen)
	return merged, stands.ChangeNo, clashes, err
}

// checkSessionLinks refuses officers, partners and segments of another office.
func checkSessionLinks(ctx context.Context, q querier, in loa.Scope, s loa.Session) error {
	for _, l := range []struct {
		table, field string
		ids          []string
	}{{"officer", "officers", texts(s.Officers)}, {"partner", "partners", texts(s.Partners)}, {"segment", "segments", texts(s.Segments)},
		{"market", "market", texts([]loa.MarketID{s.Market})}, {"festival", "festival", texts([]loa.FestivalID{s.Festival})}, {"employer", "employer", texts([]loa.EmployerID{s.Employer})}} {
		for _, id := range l.ids {
			if id == "" {
				continue
			}
			var office loa.OfficeID
			err := q.QueryRowContext(ctx, `SELECT office_id FROM `+l.table+` WHERE id = $1`, id).Scan(&office)
			if err == sql.ErrNoRows || err == nil && office != in.Office {
				return loa.Refuse(loa.Invalid, l.field, "not_in_list")
			}
			if err != nil {
				return fmt.Errorf("check a %s: %w", l.table, err)
			}
		}
	}
	if s.Household == "" {
		return nil
	}
	var area loa.AreaID
	if err := q.QueryRowContext(ctx, `SELECT area_id FROM household WHERE id = $1`, s.Household).Scan(&area); err != nil {
		if loa.KindOf(notFound(err)) == loa.NotFound {
			return loa.Refuse(loa.Invalid, "household", "not_in_list")
		}
		return fmt.Errorf("check the household: %w", err)
	}
	if loa.KindOf(areaInScope(ctx, q, in, area)) == loa.NotFound {
		return loa.Refuse(loa.Invalid, "household", "not_in_list")
	}
	return nil
}

func texts[T ~string](ids []T) []string {
	out := make([]string, len(ids))
	for i, id := range ids {
		out[i] = string(id)
	}
	return out
}

// sessionField is one field that keeps versions: how it reads as text, and how to take it from another copy.
type sessionField struct {
	name string
	get  func(s *loa.Session) string
	keep func(to, from *loa.Session)
}

var sessionFields = []sessionField{
	word("area", func(s *loa.Session) *loa.AreaID { return &s.Area }),
	word("form", func(s *loa.Session) *loa.Form { return &s.Form }),
	word("title", func(s *loa.Session) *string { return &s.Title }),
	word("theme", func(s *loa.Session) *string { return &s.Theme }),
	word("place", func(s *loa.Session) *string { return &s.Place }),
	word("on", func(s *loa.Session) *loa.Day { return &s.On }),
	figure("start", func(s *loa.Session) *int { return &s.StartMin }),
	figure("end", func(s *loa.Session) *int { return &s.EndMin }),
	word("state", func(s *loa.Session) *loa.SessionState { return &s.State }),
	word("why", func(s *loa.Session) *string { return &s.Why }),
	word("household", func(s *loa.Session) *loa.HouseholdID { return &s.Household }),
	word("market", func(s *loa.Session) *loa.MarketID { return &s.Market }),
	word("festival", func(s *loa.Session) *loa.FestivalID { return &s.Festival }),
	word("employer", func(s *loa.Session) *loa.EmployerID { return &s.Employer }),
	figure("expected", func(s *loa.Session) *int { return &s.Expected }),
	word("materials", func(s *loa.Session) *string { return &s.Materials }),
	figure("leaflets", func(s *loa.Session) *int { return &s.Leaflets }),
	{"checklist", func(s *loa.Session) string { return checklistText(s.Checklist) }, func(to, from *loa.Session) { to.Checklist = from.Checklist }},
	word("minutes", func(s *loa.Session) *string { return &s.Minutes }),
	word("public", func(s *loa.Session) *string { return &s.Public }),
	{"details", func(s *loa.Session) string { return detailsText(s.Details) }, func(to, from *loa.Session) { to.Details = from.Details }},
	figure("officer_min", func(s *loa.Session) *int { return &s.OfficerMin }),
	figure("travel_km", func(s *loa.Session) *int { return &s.TravelKM }),
	figure("travel_cost", func(s *loa.Session) *int64 { return &s.TravelCost }),
	figure("material_cost", func(s *loa.Session) *int64 { return &s.MaterialCost }),
	figure("other_cost", func(s *loa.Session) *int64 { return &s.OtherCost }),
	several("officers", func(s *loa.Session) *[]loa.OfficerID { return &s.Officers }),
	several("partners", func(s *loa.Session) *[]loa.PartnerID { return &s.Partners }),
	several("segments", func(s *loa.Session) *[]loa.SegmentID { return &s.Segments }),
}

func word[T ~string](name string, at func(s *loa.Session) *T) sessionField {
	return sessionField{name, func(s *loa.Session) string { return string(*at(s)) }, func(to, from *loa.Session) { *at(to) = *at(from) }}
}

func figure[T int | int64](name string, at func(s *loa.Session) *T) sessionField {
	return sessionField{name, func(s *loa.Session) string { return strconv.FormatInt(int64(*at(s)), 10) }, func(to, from *loa.Session) { *at(to) = *at(from) }}
}

func several[T ~string](name string, at func(s *loa.Session) *[]T) sessionField {
	get := func(s *loa.Session) string {
		sorted := slices.Sorted(slices.Values(*at(s)))
		return strings.Join(texts(slices.Compact(sorted)), " ")
	}
	return sessionField{name, get, func(to, from *loa.Session) { *at(to) = *at(from) }}
}
