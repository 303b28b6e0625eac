package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/paper"
	"loa/store"
	"loa/vn"
)

// sheetPage is a printed list of a session, and the form that keys it back.
type sheetPage struct {
	Session  loa.Session
	Where    string
	When     string
	Officers string
	Sheet    store.Sheet
	Rows     []sheetRow
	Blanks   []blankRow
	Outcomes []option
	Bands    []option
	Villages []option
	Village  string
	Errors   map[string]string
	Form     map[string]string
	CountIDs []string
	Visiting bool
}

type sheetRow struct {
	N       int
	Person  loa.PersonID
	Name    string
	Born    int
	Village string
	House   string // said on the first row of each house
	First   bool
	Here    bool
	Refused bool // refused since the list was made: keeps the row, not the name
	Fact    string
}

type blankRow struct {
	N  int
	ID string
}

// sheetMake keeps the rows of a list, so that what comes back on paper can be keyed row by row, then shows it to print.
func (s *Server) sheetMake(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	kind, blank := f.text("kind"), int(f.number("blank"))
	if kind == "" {
		kind = "attendance"
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "prepare", f)
	}
	if err := s.freezeMissing(r, x); err != nil {
		return err
	}
	people, more, refused, err := s.sheetPeople(r, x, kind, loa.AreaID(f.text("village")), f.text("who"))
	if err != nil {
		return err
	}
	sh, err := s.DB.MakeSheet(r.Context(), scopeOf(r), s.by(r), store.Sheet{Session: x.ID, Kind: kind, People: people, Blank: blank})
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "prepare", f)
	}
	to := "/sessions/" + string(x.ID) + "/sheet?code=" + sh.Code
	var said []string
	if refused > 0 {
		said = append(said, t(r, "session.sheet.refused", refused))
	}
	if more > 0 {
		said = append(said, t(r, "session.sheet.more", more))
	}
	if len(said) > 0 {
		return s.done(w, r, to, strings.Join(said, " "), "")
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// sheetPeople are the people of the frozen segments, in walking order, in one village or wherever the session invites; those of
// a household when the session is a visit to it. Who refused is left out and counted; more is how many did not fit.
func (s *Server) sheetPeople(r *http.Request, x loa.Session, kind string, village loa.AreaID, who string) (ids []loa.PersonID, more, no int, err error) {
	if who == "nobody" {
		return nil, 0, 0, nil
	}
	in := scopeToo(r, loa.ReadPeople)
	var list []store.Candidate
	if x.Household != "" {
		list, err = s.DB.HouseholdCandidates(r.Context(), in, x.Household)
	} else {
		var invited []loa.PersonID
		if invited, err = s.DB.InvitedPeople(r.Context(), scopeOf(r), x.ID); err == nil {
			list, err = s.DB.Candidates(r.Context(), in, invited)
		}
	}
	if err != nil {
		return nil, 0, 0, err
	}
	refused, err := s.sheetRefused(r, kind, list)
	if err != nil {
		return nil, 0, 0, err
	}
	areas, err := s.areas(r)
	if err != nil {
		return nil, 0, 0, err
	}
	path := ""
	for _, a := range areas {
		if a.ID == village {
			path = a.Path
		}
	}
	within := map[loa.AreaID]bool{}
	for _, a := range areas {
		within[a.ID] = path == "" || strings.HasPrefix(a.Path, path)
	}
	for _, c := range list {
		switch {
		case !within[c.Area] && village != "":
		case refused[c.Person]:
			no++
		case len(ids) == store.MaxSheetRows:
			more++
		default:
			ids = append(ids, c.Person)
		}
	}
	return ids, more, no, nil
}

// sheetRefused says who does not stand on a list: on one to walk by nobody who refused to be visited, on one to sign nobody who
// refused every contact.
func (s *Server) sheetRefused(r *http.Request, kind string, list []store.Candidate) (map[loa.PersonID]bool, error) {
	ids := make([]loa.PersonID, len(list))
	for i, c := range list {
		ids[i] = c.Person
	}
	channel := "all"
	if kind == "walk" {
		channel = "visit"
	}
	return s.notWelcome(r, ids, channel)
}

func (s *Server) sheetBody(r *http.Request) (*sheetPage, error) {
	x, err := s.sessionOf(r)
	if err != nil {
		return nil, err
	}
	code := strings.ToUpper(strings.TrimSpace(r.FormValue("code")))
	body := &sheetPage{Session: x, Errors: map[string]string{}, Form: map[string]string{}, Village: string(x.Area)}
	all, err := s.DB.Sheets(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return nil, err
	}
	found := false
	for _, sh := range all {
		if sh.Code == code || code == "" && !found {
			body.Sheet, found = sh, true
		}
	}
	if !found && code != "" {
		return nil, loa.ErrNotFound
	}
	body.Visiting = body.Sheet.Kind == "walk"
	names, err := s.sessionNames(r, x.Partners)
	if err != nil {
		return nil, err
	}
	body.Where, body.When = names.where(x.Area), s.dayLine(r, x.On)
	if x.StartMin > 0 {
		body.When = clockText(x.StartMin) + " · " + body.When
	}
	var officers []string
	for _, o := range x.Officers {
		officers = append(officers, names.officers.by[o].Name)
	}
	body.Officers = strings.Join(officers, ", ")
	if err := s.sheetRows(r, body, names); err != nil {
		return nil, err
	}
	for i := range body.Sheet.Blank {
		body.Blanks = append(body.Blanks, blankRow{len(body.Rows) + i + 1, loa.NewID()})
	}
	body.Outcomes, body.Bands = options(r, "outcome.", loa.VisitOutcomes), options(r, "age_band.", loa.AgeBands)
	for range len(loa.AgeBands) * len(doorSexes) {
		body.CountIDs = append(body.CountIDs, loa.NewID())
	}
	body.Villages, err = s.villagesAround(r, x.Area)
	return body, err
}

func (s *Server) sheetRows(r *http.Request, body *sheetPage, n sessionNames) error {
	list, err := s.DB.Candidates(r.Context(), scopeToo(r, loa.ReadPeople), body.Sheet.People)
	if err != nil {
		return err
	}
	by := make(map[loa.PersonID]store.Candidate, len(list))
	for _, c := range list {
		by[c.Person] = c
	}
	refused, err := s.sheetRefused(r, body.Sheet.Kind, list)
	if err != nil {
		return err
	}
	var heads []store.Candidate
	for _, c := range list {
		if c.HeadID != "" && by[c.HeadID].Person == "" { // the others are looked up anyway
			heads = append(heads, store.Candidate{Person: c.HeadID})
		}
	}
	silent, err := s.sheetRefused(r, body.Sheet.Kind, heads)
	if err != nil {
		return err
	}
	all, err := s.DB.Attendances(r.Context(), scopeOf(r), body.Session.ID)
	if err != nil {
		return err
	}
	here := map[loa.PersonID]bool{}
	for _, a := range all {
		here[a.Person] = true
	}
	const none = loa.HouseholdID("-")
	house := none
	for i, id := range body.Sheet.People {
		c, ok := by[id]
		row := sheetRow{N: i + 1, Person: id, Name: c.Name, Born: c.Born, Village: n.area[c.Area], Here: here[id], Refused: refused[id], Fact: loa.NewID()}
		if !ok {
			row.Name, row.Person = t(r, "session.sheet.gone"), "" // moved away or merged since: the row keeps its number
		}
		if row.Refused {
			body.Rows = append(body.Rows, row) // the house is said on the row of the next who lives there
			continue
		}
		if row.First = house == none || c.Household == "" || c.Household != house; row.First {
			row.House = c.Head
			if silent[c.HeadID] || refused[c.HeadID] { // the house goes by somebody else's name, or by where it stands
				row.House = t(r, "session.sheet.house_of", c.Name)
			}
			row.House = joinDots(row.House, c.Address)
		}
		house = c.Household
		body.Rows = append(body.Rows, row)
	}
	return nil
}

// sheetShow is the list as it is printed. Who made it and how many names it holds was recorded when it was made; what leaves as a
// file is recorded once more.
func (s *Server) sheetShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.sheetBody(r)
	if err != nil {
		return err
	}
	back := sessionURL(body.Session.ID, "prepare")
	out := &documentPage{File: "danh-sach-" + body.Sheet.Code, Crumbs: []crumbLink{{"/sessions", t(r, "rail.sessions")}, {back, body.Session.Title}}, People: len(body.Rows), About: string(body.Session.ID),
		Empty: &emptyPage{"clipboard-list", t(r, "session.sheet.none"), t(r, "session.sheet.none_text"), back + "#sheets", t(r, "session.sheet.make")}}
	if body.Sheet.Code != "" {
		out.Docs = []paper.Document{s.maker(r, langOf(r)).sheet(body)}
		if whoOf(r).may(loa.EditOutreach) {
			out.Key, out.KeyURL = t(r, "session.sheet.key"), "/sessions/"+string(body.Session.ID)+"/key?code="+body.Sheet.Code
		}
	}
	return s.documentOut(w, r, page{Title: t(r, "session.sheet.title."+cmpOr(body.Sheet.Kind, "attendance")), Context: body.Session.Title, Active: "sessions"}, out)
}

func (s *Server) sheetKeyForm(w http.ResponseWriter, r *http.Request) error {
	body, err := s.sheetBody(r)
	if err != nil {
		return err
	}
	return s.sheetKeyPage(w, r, body, 0)
}

func (s *Server) sheetKeyPage(w http.ResponseWriter, r *http.Request, body *sheetPage, status int) error {
	return s.render(w, r, "session_key", page{Title: t(r, "session.key.title"), Context: body.Session.Title, Active: "sessions", Body: body, Status: status})
}

// sheetKey keys a whole list back in one go: who signed, who was written into the empty rows, heads that signed nothing, and on a
// walk list what came of each knock. Sending it twice records nothing twice.
func (s *Server) sheetKey(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	sh, err := s.DB.Sheet(r.Context(), scopeOf(r), x.ID, f.text("code"))
	if err != nil {
		return err
	}
	k := store.Keyed{Code: sh.Code}
	for i, id := range sh.People {
		n := strconv.Itoa(i + 1)
		if sh.Kind != "walk" {
			if f.on("here_" + n) {
				k.Present = append(k.Present, id)
			}
			continue
		}
		outcome := f.text("outcome_" + n)
		if outcome == "" {
			continue
		}
		v := loa.Visit{Fact: s.newFact(x.On), Person: id, Outcome: outcome, Note: limited(f.text("note_"+n), 500), NextOn: f.day("next_" + n)}
		if fact := f.text("fact_" + n); loa.ValidID(fact) {
			v.ID = loa.FactID(fact)
		}
		k.Visits = append(k.Visits, v)
		if metAt(outcome) {
			k.Present = append(k.Present, id)
		}
	}
	for i := range min(sh.Blank, 200) {
		n := strconv.Itoa(len(sh.People) + i + 1)
		name := vn.NameCase(vn.Tidy(f.text("name_" + n)))
		if name == "" {
			continue
		}
		p := loa.Person{ID: loa.PersonID(f.text("id_" + n)), Name: name, Area: loa.AreaID(f.text("village_" + n)), Sex: loa.Sex(f.text("sex_" + n)), BornYear: int(f.number("born_" + n))}
		if !loa.ValidID(string(p.ID)) {
			p.ID = loa.PersonID(loa.NewID())
		}
		if p.Area == "" {
			p.Area = x.Area
		}
		k.New = append(k.New, p)
	}
	s.readCounts(f, &k)
	if f.ok() {
		named, err := s.DB.KeySheet(r.Context(), scopeOf(r), s.by(r), x.ID, k)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			undo := "/sessions/" + string(x.ID) + "/back"
			if named+len(k.Visits)+len(k.Counts) == 0 {
				undo = "" // what was recorded last is then something else
			}
			return s.done(w, r, sessionURL(x.ID, "hold")+"#names", t(r, "session.keyed", named, len(k.Visits)), undo)
		}
	}
	body, err := s.sheetBody(r)
	if err != nil {
		return err
	}
	body.Errors = f.Errors
	for name := range r.Form {
		body.Form[name] = f.text(name)
	}
	return s.sheetKeyPage(w, r, body, http.StatusUnprocessableEntity)
}

// readCounts are the heads on the sheet that signed no row.
func (s *Server) readCounts(f *form, k *store.Keyed) {
	for _, band := range loa.AgeBands {
		for _, sex := range doorSexes {
			key := string(sex) + "-" + band
			n := int(f.number("count_" + key))
			if n == 0 {
				continue
			}
			if n < 0 || n > 10000 {
				f.bad("counts", "error.out_of_range")
				continue
			}
			a := loa.Attendance{N: n, Sex: sex, AgeBand: band}
			if id := f.text("count_id_" + key); loa.ValidID(id) {
				a.ID = loa.FactID(id)
			}
			k.Counts = append(k.Counts, a)
		}
	}
}
