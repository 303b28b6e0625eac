package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"loa"
	"loa/importing"
	"loa/sheet"
	"loa/store"
	"loa/vn"
)

// How large an official list of employers may be: a few hundred lines is a large office.
const (
	employerFileBytes = 10 << 20
	employerFileRows  = 2000
)

type employerFilePage struct {
	On                               loa.Day
	Rows                             []employerFileRow
	Changed, Same, Later, New, Wrong int
}

// employerFileRow is one line of the file and what would become of it.
type employerFileRow struct {
	importing.EmployerRow
	Outcome string // changed, same, later, new, error
	Place   string
	Was     int
	WasOn   loa.Day
	Why     string
	Take    string // what the form sends back to have the line saved
}

// employerTake is a line to be saved, as the preview sends it back.
type employerTake struct {
	ID        loa.EmployerID `json:",omitempty"` // empty: a new one
	Area      loa.AreaID     `json:",omitempty"`
	Code      string         `json:",omitempty"`
	Name      string         `json:",omitempty"`
	Contact   string         `json:",omitempty"`
	Phone     string         `json:",omitempty"`
	Employees int
}

// employerFile reads an official list and shows what it would change before anything is saved.
func (s *Server) employerFile(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	body := &employerFilePage{On: f.day("on")}
	switch {
	case body.On == "":
		f.bad("on", "error.required")
	case body.On > s.today():
		f.bad("on", "error.future_day")
	}
	raw, name := readUpload(r, f, employerFileBytes)
	if f.ok() {
		rows, err := readEmployerFile(name, raw)
		switch {
		case err == nil:
			if err := s.employerOutcomes(r, body, rows); err != nil {
				return err
			}
		case !fileFault(f, err):
			return err
		}
	}
	if !f.ok() {
		grid, err := s.employerCountsBody(r)
		if err != nil {
			return err
		}
		if grid.Errors = f.Errors; body.On != "" {
			grid.On = body.On
		}
		return s.employerCountsRender(w, r, grid, http.StatusUnprocessableEntity)
	}
	return s.render(w, r, "employer_file", page{Title: t(r, "employer.file.title"), Context: t(r, "employer.file.context", name, body.On.Vietnamese()), Active: "partners", Body: body})
}

// readEmployerFile reads the first sheet that has headings of a list of employers.
func readEmployerFile(name string, raw []byte) ([]importing.EmployerRow, error) {
	book, err := sheet.Open(name, bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		return nil, err
	}
	for n, sh := range book.Sheets() {
		if sh.Hidden {
			continue
		}
		var columns importing.EmployerColumns
		var rows []importing.EmployerRow
		known, seen := false, 0
		for row, err := range book.Rows(n) {
			if err != nil {
				return nil, err
			}
			if !known {
				cells := make([]string, len(row.Cells))
				for k, c := range row.Cells {
					cells[k] = c.Text
				}
				if columns, known = importing.GuessEmployers(cells); !known {
					if seen++; seen == 30 {
						break
					}
				}
				continue
			}
			if e, ok := importing.ReadEmployer(columns, row); ok {
				if rows = append(rows, e); len(rows) > employerFileRows {
					return nil, loa.Refuse(loa.Invalid, "file", "employer_rows", employerFileRows)
				}
			}
		}
		if known {
			if len(rows) == 0 {
				return nil, loa.Refuse(loa.Invalid, "file", "employer_none")
			}
			return rows, nil
		}
	}
	return nil, loa.Refuse(loa.Invalid, "file", "employer_headings")
}

// employerOutcomes says of every line what it would change: an employer is known by its code, or by a name that only it has.
func (s *Server) employerOutcomes(r *http.Request, body *employerFilePage, rows []importing.EmployerRow) error {
	have, _, err := s.DB.TargetOwners(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	areas, err := s.DB.Areas(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	aliases, err := s.DB.Aliases(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	communes := communesByName(areas, aliases)
	byCode, byName := map[string]*loa.Employer{}, map[string]*loa.Employer{}
	for i := range have {
		e := &have[i]
		if e.Code != "" {
			byCode[codeKey(e.Code)] = e
		}
		if _, twice := byName[vn.Fold(e.Name)]; twice {
			byName[vn.Fold(e.Name)] = nil
		} else {
			byName[vn.Fold(e.Name)] = e
		}
	}
	seen := map[string]int{}
	for _, row := range rows {
		line := employerFileRow{EmployerRow: row, Place: row.Commune}
		known := byCode[codeKey(row.Code)]
		if e := byName[vn.Fold(row.Name)]; known == nil && e != nil && (row.Code == "" || e.Code == "") {
			known = e
		}
		key := codeKey(row.Code) + "\t" + vn.Fold(row.Name)
		if known != nil {
			key = string(known.ID)
			line.Place, line.Was, line.WasOn = places[known.Area], known.Employees, known.EmployeesOn
			if line.Name == "" {
				line.Name = known.Name
			}
		}
		if first := seen[key]; first > 0 && line.Fault == "" {
			line.Fault, line.Why = "twice", t(r, "employer.file.fault.twice", first)
		}
		seen[key] = max(seen[key], row.No)
		take := employerTake{Employees: row.Employees}
		switch {
		case line.Fault != "":
			line.Outcome = "error"
			if line.Why == "" {
				line.Why = t(r, "employer.file.fault."+line.Fault)
			}
		case known == nil:
			take.Area, take.Code, take.Name, take.Contact = communes["commune "+plainPlace(row.Commune)], row.Code, row.Name, row.Contact
			take.Phone, _ = phoneOf(row.Phone)
			switch {
			case row.Name == "":
				line.Outcome, line.Why = "error", t(r, "employer.file.fault.no_name")
			case take.Area == "":
				line.Outcome, line.Why = "error", t(r, "employer.file.fault.no_commune")
			default:
				line.Outcome, line.Place = "new", places[take.Area]
			}
		case known.EmployeesOn > body.On:
			line.Outcome = "later"
		case known.Employees == row.Employees && known.EmployeesOn == body.On:
			line.Outcome = "same"
		default:
			line.Outcome, take.ID = "changed", known.ID
		}
		body.count(line.Outcome)
		if line.Outcome == "new" || line.Outcome == "changed" {
			text, err := json.Marshal(take)
			if err != nil {
				return err
			}
			line.Take = string(text)
		}
		body.Rows = append(body.Rows, line)
	}
	return nil
}

func (p *employerFilePage) count(outcome string) {
	switch outcome {
	case "changed":
		p.Changed++
	case "same":
		p.Same++
	case "later":
		p.Later++
	case "new":
		p.New++
	default:
		p.Wrong++
	}
}

func codeKey(code string) string { return strings.ToUpper(strings.Join(strings.Fields(code), "")) }

// employerFileSave keeps the lines that were ticked: new numbers of employers that are known, and employers nobody had noted.
func (s *Server) employerFileSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	on := f.day("on")
	var counts []store.EmployerCount
	var fresh []loa.Employer
	for _, text := range r.Form["take"] {
		var x employerTake
		if err := json.Unmarshal([]byte(text), &x); err != nil || len(counts)+len(fresh) > employerFileRows {
			return loa.Refuse(loa.Invalid, "take", "not_in_list")
		}
		if x.ID != "" {
			counts = append(counts, store.EmployerCount{Employer: x.ID, Employees: x.Employees})
			continue
		}
		fresh = append(fresh, loa.Employer{Area: x.Area, Code: x.Code, Name: x.Name, Contact: x.Contact, Phone: x.Phone, Employees: x.Employees, EmployeesOn: on})
	}
	if len(counts)+len(fresh) == 0 {
		return s.done(w, r, "/employers/counts", t(r, "employer.file.nothing"), "")
	}
	changed, later, err := s.DB.SaveEmployerCounts(r.Context(), scopeOf(r), s.by(r), on, counts)
	if err != nil {
		return err
	}
	added, left := 0, []string(nil)
	for _, e := range fresh {
		_, err := s.DB.AddEmployer(r.Context(), scopeOf(r), s.by(r), e)
		var refusal *loa.Error
		switch {
		case err == nil:
			added++
		case errors.As(err, &refusal) && (refusal.Kind == loa.Invalid || refusal.Kind == loa.Conflict):
			left = append(left, e.Name+" ("+strings.TrimSuffix(t(r, "error."+refusal.Code, refusal.Args...), ".")+")")
		default:
			return err
		}
	}
	say := t(r, "employer.file.saved", changed, added)
	if later > 0 {
		say += " " + t(r, "employer.counts.later", later)
	}
	if len(left) > 0 {
		say += " " + t(r, "employer.file.left", strings.Join(left[:min(len(left), 5)], ", "))
	}
	return s.done(w, r, "/employers", say, "")
}
