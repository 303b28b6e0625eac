package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"

	"loa"
	"loa/vn"
)

const sessionColumns = `s.id, s.office_id, s.area_id, s.form, s.title, s.theme, s.place, s.on_day, s.start_min, s.end_min, s.state, s.why,
	s.household_id, s.market_id, s.festival_id, s.employer_id, s.expected, s.materials, s.leaflets, s.checklist, s.minutes, s.details, s.public,
	s.officer_min, s.travel_km, s.travel_cost, s.material_cost, s.other_cost, s.held_at, s.created_at, s.created_by, s.change_no`

func scanSession(r interface{ Scan(...any) error }) (s loa.Session, err error) {
	var checklist, details string
	var held, created int64
	err = r.Scan(&s.ID, &s.Office, &s.Area, &s.Form, &s.Title, &s.Theme, &s.Place, &s.On, &s.StartMin, &s.EndMin, &s.State, &s.Why,
		&s.Household, &s.Market, &s.Festival, &s.Employer, &s.Expected, &s.Materials, &s.Leaflets, &checklist, &s.Minutes, &details, &s.Public,
		&s.OfficerMin, &s.TravelKM, &s.TravelCost, &s.MaterialCost, &s.OtherCost, &held, &created, &s.CreatedBy, &s.ChangeNo)
	if err != nil {
		return s, err
	}
	s.Checklist, s.HeldAt, s.CreatedAt = readChecklist(checklist), instant(held), instant(created)
	s.Details, err = readDetails(details)
	if err != nil {
		return s, fmt.Errorf("read the details of session %s: %w", s.ID, err)
	}
	return s, nil
}

// sessionArgs are the values of the editable columns, in the order saveSession writes them.
func sessionArgs(s loa.Session) []any {
	return []any{s.Area, s.Form, s.Title, vn.Fold(s.Title), s.Theme, s.Place, s.On, s.StartMin, s.EndMin, s.State, s.Why,
		s.Household, s.Market, s.Festival, s.Employer, s.Expected, s.Materials, s.Leaflets, checklistText(s.Checklist), s.Minutes, detailsText(s.Details), s.Public,
		s.OfficerMin, s.TravelKM, s.TravelCost, s.MaterialCost, s.OtherCost, millis(s.HeldAt)}
}

const sessionEditable = `area_id, form, title, folded, theme, place, on_day, start_min, end_min, state, why,
	household_id, market_id, festival_id, employer_id, expected, materials, leaflets, checklist, minutes, details, public,
	officer_min, travel_km, travel_cost, material_cost, other_cost, held_at`

// checklistText keeps a checklist as lines; a ticked one begins with x.
func checklistText(items []loa.CheckItem) string {
	lines := make([]string, 0, len(items))
	for _, it := range items {
		mark := "- "
		if it.Done {
			mark = "x "
		}
		lines = append(lines, mark+strings.Join(strings.Fields(it.Text), " "))
	}
	return strings.Join(lines, "\n")
}

func readChecklist(text string) []loa.CheckItem {
	var out []loa.CheckItem
	for line := range strings.SplitSeq(text, "\n") {
		if len(line) > 2 {
			out = append(out, loa.CheckItem{Text: line[2:], Done: line[0] == 'x'})
		}
	}
	return out
}

// detailsText keeps the fields of one form only; nothing in SQL looks inside.
func detailsText(d map[string]string) string {
	kept := map[string]string{}
	for k, v := range d {
		if v != "" {
			kept[k] = v
		}
	}
	if len(kept) == 0 {
		return ""
	}
	raw, err := json.Marshal(kept) // keys come out sorted, so equal details are equal texts
	if err != nil {
		panic("store: details that cannot be written: " + err.Error()) // strings only: a fault of ours
	}
	return string(raw)
}

func readDetails(text string) (map[string]string, error) {
	d := map[string]string{}
	if text == "" {
		return d, nil
	}
	return d, json.Unmarshal([]byte(text), &d)
}

// Session is one session inside the scope, with its officers, partners and segments.
func (db *DB) Session(ctx context.Context, in loa.Scope, id loa.SessionID) (loa.Session, error) {
	return sessionByID(ctx, db.read, in, id)
}

func sessionByID(ctx context.Context, q querier, in loa.Scope, id loa.SessionID) (loa.Session, error) {
	where, args := inScope(in, "a.path", 2)
	s, err := scanSession(q.QueryRowContext(ctx, `SELECT `+sessionColumns+` FROM session s JOIN area a ON a.id = s.area_id WHERE s.id = $1 AND `+where,
		append([]any{id}, args...)...))
	if err != nil {
		return s, notFound(err)
	}
	list := []loa.Session{s}
	if err := linkSessions(ctx, q, list); err != nil {
		return s, err
	}
	return list[0], nil
}

// linkSessions fills in the officers, partners and segments of sessions already read.
func linkSessions(ctx context.Context, q querier, list []loa.Session) error {
	if len(list) == 0 {
		return nil
	}
	at := make(map[loa.SessionID]*loa.Session, len(list))
	ids := make([]any, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	for _, link := range []struct {
		table, column string
		add           func(s *loa.Session, id string)
	}{
		{"session_officer", "officer_id", func(s *loa.Session, id string) { s.Officers = append(s.Officers, loa.OfficerID(id)) }},
		{"session_partner", "partner_id", func(s *loa.Session, id string) { s.Partners = append(s.Partners, loa.PartnerID(id)) }},
		{"session_segment", "segment_id", func(s *loa.Session, id string) { s.Segments = append(s.Segments, loa.SegmentID(id)) }},
	} {
		rows, err := q.QueryContext(ctx, `SELECT session_id, `+link.column+` FROM `+link.table+` WHERE session_id IN (`+placeholders(1, len(ids))+`) ORDER BY session_id, `+link.column, ids...)
		_, err = collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var session loa.SessionID
			var id string
			if err := r.Scan(&session, &id); err != nil {
				return none, err
			}
			link.add(at[session], id)
			return none, nil
		})
		if err != nil {
			return fmt.Errorf("read the %s of sessions: %w", link.column, err)
		}
	}
	return nil
}

// insertSession writes a new session with its links.
func insertSession(ctx context.Context, tx *sql.Tx, s loa.Session, change int64) error {
	args := append(sessionArgs(s), s.ID, s.Office, millis(s.CreatedAt), s.CreatedBy, change)
	_, err := tx.ExecContext(ctx, `INSERT INTO session (`+sessionEditable+`, id, office_id, created_at, created_by, change_no) VALUES (`+placeholders(1, len(args))+`)`, args...)
	if err != nil {
		return fmt.Errorf("save session %s: %w", s.ID, err)
	}
	return saveSessionLinks(ctx, tx, loa.Session{ID: s.ID}, s)
}

// saveSessionLinks adds and drops only what differs, so that a letter's number or a snapshot already taken stays.
func saveSessionLinks(ctx context.Context, tx *sql.Tx, old, s loa.Session) error {
	if err := saveLinks(ctx, tx, s.ID, "session_officer", "officer_id", old.Officers, s.Officers); err != nil {
		return err
	}
	if err := saveLinks(ctx, tx, s.ID, "session_partner", "partner_id", old.Partners, s.Partners); err != nil {
		return err
	}
	return saveLinks(ctx, tx, s.ID, "session_segment", "segment_id", old.Segments, s.Segments)
}

func saveLinks[T ~string](ctx context.Context, tx *sql.Tx, session loa.SessionID, table, column string, old, now []T) error {
	keep := map[T]bool{}
	for _, id := range now {
		keep[id] = true
		if _, err := tx.ExecContext(ctx, `INSERT INTO `+table+` (session_id, `+column+`) VALUES ($1, $2) ON CONFLICT (session_id, `+column+`) DO NOTHING`, session, id); err != nil {
			return fmt.Errorf("save a %s of the session: %w", column, err)
		}
	}
	for _, id := range old {
		if keep[id] {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE session_id = $1 AND `+column+` = $2`, session, id); err != nil {
			return fmt.Errorf("drop a %s of the session: %w", column, err)
		}
	}
	return nil
}
