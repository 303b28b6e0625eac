package store

import (
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
	type pair struct {
		session loa.SessionID
		other   string
	}
	put := func(table, column string, of func(s *loa.Session) []string) error {
		var all []pair
		for i := range b.Sessions {
			for _, id := range of(&b.Sessions[i]) {
				all = append(all, pair{b.Sessions[i].ID, id})
			}
		}
		return insertAll(f, table, "session_id, "+column, "", all, func(to []any, p *pair) []any { return append(to, string(p.session), p.other) })
	}
	if err := put("session_officer", "officer_id", func(s *loa.Session) []string { return texts(s.Officers) }); err != nil {
		return err
	}
	if err := put("session_partner", "partner_id", func(s *loa.Session) []string { return texts(s.Partners) }); err != nil {
		return err
	}
	return put("session_segment", "segment_id", func(s *loa.Session) []string { return texts(s.Segments) })
}
