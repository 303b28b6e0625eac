package web

import (
	"net/http"

	"loa"
	"loa/vn"
)

// targetSave writes the cells that were changed as a new revision of the plan; an emptied cell withdraws its line.
func (s *Server) targetSave(w http.ResponseWriter, r *http.Request) error {
	body, err := s.targetBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	day := f.day("in_force")
	body.Document, body.InForce = f.text("document"), f.text("in_force")
	if day == "" && f.Errors["in_force"] == "" {
		f.bad("in_force", "error.required")
	}
	if body.Document == "" {
		f.bad("document", "error.required")
	}
	rows := make([]*targetRow, 0, len(body.Rows)+1)
	for i := range body.Rows {
		rows = append(rows, &body.Rows[i])
	}
	if body.Office != nil {
		rows = append(rows, body.Office)
	}
	var list []loa.Target
	for _, row := range rows {
		list = append(list, row.typed(r, f, day, body.Document)...)
	}
	var added, changed int
	if f.ok() {
		added, changed, _, err = s.DB.SaveTargets(r.Context(), scopeOf(r), s.by(r), list)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		body.Errors = f.Errors
		return s.targetRender(w, r, body, http.StatusUnprocessableEntity)
	}
	if added+changed == 0 {
		return s.done(w, r, "/targets?"+body.Query, t(r, "target.nothing_changed"), "")
	}
	return s.done(w, r, "/targets?"+body.Query+"&on="+string(max(day, body.On)), t(r, "target.saved", added, changed), "")
}

// typed reads the cells of a row that no longer say what the page showed.
func (row *targetRow) typed(r *http.Request, f *form, day loa.Day, document string) []loa.Target {
	var list []loa.Target
	for m := range row.Cells {
		c := &row.Cells[m]
		if _, sent := r.Form[c.Name]; !sent {
			continue
		}
		c.Value = f.text(c.Name)
		line := row.lineOf(m)
		t := loa.Target{Area: line.Area, Employer: line.Employer, Officer: line.Officer, Scheme: line.Scheme, Measure: line.Measure, Year: line.Year, Month: m, InForce: day, Document: document}
		if c.Value == "" || c.Value == "–" || c.Value == "-" {
			if c.Plan != nil {
				t.Withdrawn = true
				list = append(list, t)
			}
			continue
		}
		n, err := vn.ParseNumber(c.Value)
		if err != nil || n < 0 {
			c.Bad = true
			f.bad(c.Name, "error.not_a_number")
			continue
		}
		if c.Plan != nil && *c.Plan == n {
			continue
		}
		t.Value = n
		list = append(list, t)
	}
	return list
}
