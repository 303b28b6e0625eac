package store

import (
	"fmt"

	"loa"
	"loa/vn"
)

func (f *filler) outreach(b *loa.Bulk) error {
	err := insertAll(f, "segment", "id, office_id, code, name, folded, rule, ready, sort, retired_at, changed_at, changed_by, change_no", "", b.Segments,
		func(to []any, s *loa.Segment) []any {
			retired := int64(0)
			if s.Retired {
				retired = millis(s.ChangedAt)
			}
			return append(to, s.ID, s.Office, s.Code, s.Name, vn.Fold(s.Name), s.Rule.JSON(), s.Ready, s.Sort, retired, millis(s.ChangedAt), s.ChangedBy, f.change(s.Office))
		})
	if err != nil {
		return err
	}
	var lines []officeLine
	for _, m := range b.Matrices {
		for _, l := range m.Lines {
			l.Matrix = m.ID
			lines = append(lines, officeLine{m.Office, l})
		}
	}
	err = insertAll(f, "matrix", "id, office_id, version, state, from_on, signed_by, signed_at, created_at, created_by", "", b.Matrices, func(to []any, m *loa.Matrix) []any {
		return append(to, m.ID, m.Office, m.Version, m.State, m.From, m.SignedBy, millis(m.SignedAt), millis(m.CreatedAt), m.CreatedBy)
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "matrix_line", "id, matrix_id, office_id, segment_id, form, times, every, unit, officer_id, theme, per_village, from_on, change_no", "", lines,
		func(to []any, l *officeLine) []any {
			return append(to, l.ID, l.Matrix, l.office, l.Segment, l.Form, l.Cadence.Times, l.Cadence.Every, l.Cadence.Unit, l.Officer, l.Theme, l.PerVillage, l.From, f.change(l.office))
		})
	if err != nil {
		return err
	}
	return f.sessions(b)
}

// officeLine is a line of a matrix with the office it belongs to.
type officeLine struct {
	office loa.OfficeID
	loa.MatrixLine
}

func (f *filler) sessions(b *loa.Bulk) error {
	err := insertAll(f, "session", `id, office_id, area_id, form, title, folded, theme, place, on_day, start_min, end_min, state, why, household_id, market_id, festival_id,
		employer_id, expected, materials, leaflets, checklist, minutes, details, officer_min, travel_km, travel_cost, material_cost, other_cost, held_at, created_at, created_by, change_no`, "",
		b.Sessions, func(to []any, s *loa.Session) []any {
			return append(to, s.ID, s.Office, s.Area, s.Form, s.Title, vn.Fold(s.Title), s.Theme, s.Place, s.On, s.StartMin, s.EndMin, s.State, s.Why, s.Household, s.Market, s.Festival,
				s.Employer, s.Expected, s.Materials, s.Leaflets, checklistText(s.Checklist), s.Minutes, detailsText(s.Details), s.OfficerMin, s.TravelKM, s.TravelCost, s.MaterialCost, s.OtherCost,
				millis(s.HeldAt), millis(s.CreatedAt), s.CreatedBy, f.change(s.Office))
		})
	if err != nil {
		return err
	}
	links := func(table, column string, of func(s *loa.Session) []string) error {
		var all []sessionLink
		for i := range b.Sessions {
			for _, id := range of(&b.Sessions[i]) {
				all = append(all, sessionLink{b.Sessions[i].ID, id})
			}
		}
		return insertAll(f, table, "session_id, "+column, "", all, func(to []any, l *sessionLink) []any { return append(to, string(l.session), l.other) })
	}
	if err := links("session_officer", "officer_id", func(s *loa.Session) []string { return texts(s.Officers) }); err != nil {
		return err
	}
	if err := f.sessionPartners(b); err != nil {
		return err
	}
	return f.sessionSegments(b)
}

// sessionLink ties a session to one of the records it has several of.
type sessionLink struct {
	session loa.SessionID
	other   string
}

// sessionPartners ties partners to sessions, with the letters they got; the office's series goes on after the last number.
func (f *filler) sessionPartners(b *loa.Bulk) error {
	letters := make(map[sessionLink]*loa.BulkLetter, len(b.Letters))
	for i := range b.Letters {
		l := &b.Letters[i]
		letters[sessionLink{l.Session, string(l.Partner)}] = l
	}
	type series struct {
		office loa.OfficeID
		year   int
	}
	last := map[series]int64{}
	var all []loa.BulkLetter
	for i := range b.Sessions {
		s := &b.Sessions[i]
		for _, p := range s.Partners {
			l := letters[sessionLink{s.ID, string(p)}]
			if l == nil {
				all = append(all, loa.BulkLetter{Session: s.ID, Partner: p})
				continue
			}
			all = append(all, *l)
			year, _, _ := l.On.Parts()
			last[series{s.Office, year}] = max(last[series{s.Office, year}], l.No)
		}
	}
	err := insertAll(f, "session_partner", "session_id, partner_id, letter_no, letter_on, token, confirmed_on", "", all, func(to []any, l *loa.BulkLetter) []any {
		return append(to, l.Session, l.Partner, l.No, l.On, l.Token, l.SaidYes)
	})
	if err != nil {
		return err
	}
	for s, n := range last {
		_, err := f.tx.ExecContext(f.ctx, `INSERT INTO number_series (office_id, series, year, last) VALUES ($1, $2, $3, $4)
			ON CONFLICT (office_id, series, year) DO UPDATE SET last = CASE WHEN number_series.last > $4 THEN number_series.last ELSE $4 END`, s.office, letterSeries, s.year, n)
		if err != nil {
			return fmt.Errorf("go on with the numbers of letters: %w", err)
		}
	}
	return nil
}

// sessionSegments ties segments to sessions, with who was frozen of them.
func (f *filler) sessionSegments(b *loa.Bulk) error {
	type frozen struct {
		*loa.Snapshot
		packed []byte
	}
	snapshots := make([]frozen, len(b.Snapshots))
	at := make(map[sessionLink]loa.SnapshotID, len(b.Snapshots))
	for i := range b.Snapshots {
		s := &b.Snapshots[i]
		packed, err := packMembers(s.Members)
		if err != nil {
			return err
		}
		snapshots[i] = frozen{s, packed}
		if s.UsedBy == "session" {
			at[sessionLink{loa.SessionID(s.UsedID), string(s.Segment)}] = s.ID
		}
	}
	err := insertAll(f, "snapshot", "id, office_id, segment_id, area_id, rule, used_by, used_id, as_of_on, taken_at, taken_by, n, members", "", snapshots, func(to []any, s *frozen) []any {
		return append(to, s.ID, s.Office, s.Segment, s.Area, s.Rule.JSON(), s.UsedBy, s.UsedID, s.AsOf, millis(s.TakenAt), s.TakenBy, len(s.Members), s.packed)
	})
	if err != nil {
		return err
	}
	type invited struct {
		sessionLink
		snapshot loa.SnapshotID
	}
	var all []invited
	for i := range b.Sessions {
		for _, g := range b.Sessions[i].Segments {
			l := sessionLink{b.Sessions[i].ID, string(g)}
			all = append(all, invited{l, at[l]})
		}
	}
	return insertAll(f, "session_segment", "session_id, segment_id, snapshot_id", "", all, func(to []any, l *invited) []any { return append(to, l.session, l.other, l.snapshot) })
}
