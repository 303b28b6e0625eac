package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/vn"
)

func (s *Server) householdRoutes() []route {
	return []route{
		{"GET /households/new", loa.EditPeople, s.householdNew},
		{"POST /households/new", loa.EditPeople, s.householdCreate},
		{"GET /households/{id}", loa.ReadPeople, s.householdShow},
		{"GET /households/{id}/edit", loa.EditPeople, s.householdEdit},
		{"POST /households/{id}/edit", loa.EditPeople, s.householdUpdate},
		{"POST /households/{id}/head", loa.EditPeople, s.householdHead},
		{"POST /households/{id}/relocate", loa.EditPeople, s.householdRelocate},
	}
}

type householdForm struct {
	Action, Cancel string
	Household      loa.Household
	Phone          string
	AreaText       string
	WalkOrder      string
	Read           int64
	New            bool
	Rows           []homeRow
	Members        []option
	Errors         map[string]string
	Clashes        []clashLine
	Options        map[string][]option
}

// homeRow is one line of the members' grid of a new household.
type homeRow struct {
	No                              int
	Name, Sex, Born, Relation, Work string
	Error                           string
}

// homeRows is how many lines the grid of a new household has; more people are added on the household's page.
const homeRows = 8

func (s *Server) householdNew(w http.ResponseWriter, r *http.Request) error {
	f := householdForm{Household: loa.Household{Area: loa.AreaID(r.FormValue("area"))}, New: true, Rows: make([]homeRow, homeRows), Errors: map[string]string{}}
	return s.householdForm(w, r, f, t(r, "household.new.title"), 0)
}

func (s *Server) householdForm(w http.ResponseWriter, r *http.Request, f householdForm, title string, status int) error {
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	if f.AreaText == "" {
		f.AreaText = names[f.Household.Area]
	}
	for i := range f.Rows {
		f.Rows[i].No = i
	}
	f.Action, f.Cancel = "/households/new", "/people"
	if !f.New {
		f.Action, f.Cancel = "/households/"+string(f.Household.ID)+"/edit", "/households/"+string(f.Household.ID)
		members, err := s.DB.Members(r.Context(), scopeOf(r), f.Household.ID)
		if err != nil {
			return err
		}
		for _, m := range members {
			f.Members = append(f.Members, option{string(m.ID), m.Name})
		}
	}
	f.Options = map[string][]option{"sex": options(r, "sex.", []string{"male", "female"}), "relation": options(r, "relation.", loa.Relations[1:]), "occupation": options(r, "occupation.", loa.Occupations)}
	return s.render(w, r, "household_form", page{Title: title, Active: "people", Body: f, Status: status})
}

// readHousehold fills what an officer edits of a household.
func readHousehold(f *form, h *loa.Household) {
	h.Code, h.Address, h.Note, h.WalkOrder = vn.Tidy(f.text("code")), vn.Tidy(f.text("address")), f.text("note"), int(f.number("walk_order"))
	kept := h.Phone
	h.Phone = ""
	if v := f.text("phone"); v != "" && v == displayPhone(kept) {
		h.Phone = kept // as it was
	} else if v != "" {
		phone, ok := phoneOf(v)
		if !ok {
			f.bad("phone", "error.bad_phone")
		}
		h.Phone = phone
	}
}

// householdCreate adds a household with everybody named in the grid, the first of them as its head.
func (s *Server) householdCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	var h loa.Household
	readHousehold(f, &h)
	if err := s.placeMeant(r, f, &h.Area); err != nil {
		return err
	}
	rows, people := s.readHome(f)
	if len(people) == 0 && f.Errors["person.0"] == "" {
		f.bad("person.0", "household.new.nobody")
		rows[0].Error = f.Errors["person.0"]
	}
	if f.ok() {
		made, err := s.DB.AddHome(r.Context(), scopeOf(r), s.by(r), h, people)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			return s.done(w, r, "/households/"+string(made.ID), t(r, "household.new.saved", people[0].Name, len(people)), "")
		}
	}
	body := householdForm{Household: h, New: true, Phone: f.text("phone"), AreaText: f.text("area_text"), WalkOrder: f.text("walk_order"), Rows: rows, Errors: f.Errors}
	return s.householdForm(w, r, body, t(r, "household.new.title"), http.StatusUnprocessableEntity)
}

// readHome reads the grid; a line without a name is left out, unless something else stands in it.
func (s *Server) readHome(f *form) (rows []homeRow, people []loa.Person) {
	ethnic, language := f.text("ethnic"), f.text("language")
	for i := range homeRows {
		n := strconv.Itoa(i)
		row := homeRow{Name: vn.Tidy(f.text("name." + n)), Sex: f.text("sex." + n), Born: f.text("born." + n), Relation: f.text("relation." + n), Work: f.text("occupation." + n)}
		p := loa.Person{Name: row.Name, Sex: loa.Sex(row.Sex), Relation: row.Relation, Occupation: row.Work, Ethnic: ethnic, Language: language}
		if row.Born != "" {
			if !readBorn(row.Born, &p) {
				f.bad("person."+n, "error.bad_born")
			}
		}
		if row.Name == "" && (row.Born != "" || row.Sex != "") {
			f.bad("person."+n, "household.new.no_name")
		}
		row.Error = f.Errors["person."+n]
		rows = append(rows, row)
		if row.Name != "" {
			people = append(people, p)
		}
	}
	return rows, people
}

// readBorn reads a day of birth or a year alone.
func readBorn(text string, p *loa.Person) bool {
	if len(text) == 4 {
		y, err := strconv.Atoi(text)
		p.BornYear = y
		return err == nil && y >= 1000
	}
	d, ok := readDay(text)
	if ok {
		p.BornOn, p.BornYear = d, d.Time().Year()
	}
	return ok
}

func (s *Server) householdEdit(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := householdForm{Household: h, Phone: displayPhone(h.Phone), Read: h.ChangeNo, Errors: map[string]string{}}
	if h.WalkOrder > 0 {
		f.WalkOrder = strconv.Itoa(h.WalkOrder)
	}
	return s.householdForm(w, r, f, t(r, "household.edit.title"), 0)
}

// householdUpdate saves field by field: what somebody else changed meanwhile is kept, what both changed is asked about.
func (s *Server) householdUpdate(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	now, f := h, readForm(r)
	readHousehold(f, &h)
	body := householdForm{Household: h, Phone: f.text("phone"), WalkOrder: f.text("walk_order"), Read: f.number("read"), Errors: f.Errors}
	if f.ok() {
		merged, clashes, err := s.DB.SaveHousehold(r.Context(), scopeOf(r), s.by(r), h, body.Read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, "/households/"+string(h.ID), t(r, "household.edit.saved"), "")
		}
		if len(clashes) > 0 {
			body.Household, body.Phone, body.Clashes = merged, displayPhone(merged.Phone), clashLines(r, clashes, nil)
			body.WalkOrder = ""
			if merged.WalkOrder > 0 {
				body.WalkOrder = strconv.Itoa(merged.WalkOrder)
			}
			body.Read = now.ChangeNo // having seen the other's values, saving again is a choice
		}
	}
	return s.householdForm(w, r, body, t(r, "household.edit.title"), http.StatusUnprocessableEntity)
}

// householdHead makes a member the head; relations to the old head are asked for again, one by one.
func (s *Server) householdHead(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id := loa.HouseholdID(r.PathValue("id"))
	act, err := s.DB.SetHead(r.Context(), scopeOf(r), s.by(r), id, loa.PersonID(f.text("head")))
	at := "/households/" + url.PathEscape(string(id))
	return s.acted(w, r, f, err, at+"/edit", at, t(r, "household.head.done"), act)
}

// householdRelocate moves a household with everybody in it to another village.
func (s *Server) householdRelocate(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	village, err := s.villageMeant(r, f)
	if err != nil {
		return err
	}
	var act loa.ActID
	if f.ok() {
		act, err = s.DB.MoveHousehold(r.Context(), scopeOf(r), s.by(r), h.ID, village)
	}
	at := "/households/" + string(h.ID)
	return s.acted(w, r, f, err, at+"/edit", at, t(r, "household.relocate.done"), act)
}
