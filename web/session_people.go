package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/vn"
)

const namedShown = 400

// namedPeople are those recorded by name, in walking order.
func (s *Server) namedPeople(r *http.Request, all []loa.Attendance, n sessionNames, leads []leadRow) ([]foundLine, error) {
	var ids []loa.PersonID
	seen := map[loa.PersonID]bool{}
	for _, a := range all {
		if a.Person != "" && !seen[a.Person] && len(ids) < namedShown {
			seen[a.Person] = true
			ids = append(ids, a.Person)
		}
	}
	list, err := s.DB.Candidates(r.Context(), scopeToo(r, loa.ReadPeople), ids)
	if err != nil {
		return nil, err
	}
	out := make([]foundLine, len(list))
	for i, c := range list {
		c.Present = true
		out[i] = foundLine{Candidate: c, Village: n.area[c.Area], Marked: []markPart{{c.Name, false}}}
	}
	return out, nil
}

func (s *Server) foundPeople(r *http.Request, x loa.Session, typed string, n sessionNames) ([]foundLine, error) {
	list, err := s.DB.FindCandidates(r.Context(), scopeToo(r, loa.ReadPeople), x.ID, typed, 12)
	if err != nil {
		return nil, err
	}
	out := make([]foundLine, len(list))
	for i, c := range list {
		out[i] = foundLine{Candidate: c, Village: n.area[c.Area], Marked: markName(c.Name, typed)}
	}
	return out, nil
}

// markName marks the beginnings of words that were typed.
func markName(name, typed string) []markPart {
	words := vn.Words(vn.Fold(typed))
	var out []markPart
	for i, w := range strings.Fields(name) {
		if i > 0 {
			out = append(out, markPart{Text: " "})
		}
		n := 0
		for _, t := range words {
			if strings.HasPrefix(vn.Fold(w), t) && len(t) > n {
				n = len(t)
			}
		}
		runes := []rune(w)
		n = min(n, len(runes))
		if n > 0 {
			out = append(out, markPart{string(runes[:n]), true})
		}
		if n < len(runes) {
			out = append(out, markPart{Text: string(runes[n:])})
		}
	}
	return out
}

// headFind is the list of names under the search box.
func (s *Server) headFind(w http.ResponseWriter, r *http.Request) error {
	body, err := s.sessionBody(r, "hold")
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "" {
		return s.sessionPage(w, r, body, 0)
	}
	return s.part(w, r, "session_show", "found", body)
}

// headName records somebody by name; one who already stands in the count takes a head off it.
func (s *Server) headName(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	_, err = s.DB.NamePerson(r.Context(), scopeOf(r), s.by(r), x.ID, loa.PersonID(f.text("person")), f.text("counted") == "1")
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#names")
}

// headUnname takes a name off the list; the flash or the same search brings it back.
func (s *Server) headUnname(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	person := loa.PersonID(r.FormValue("person"))
	if err := s.DB.UnnamePerson(r.Context(), scopeOf(r), s.by(r), x.ID, person); err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "" {
		return s.done(w, r, sessionURL(x.ID, "hold")+"#names", t(r, "session.unnamed"), "/sessions/"+string(x.ID)+"/name?person="+string(person))
	}
	return s.held(w, r, x.ID, "#names")
}

// headNewcomer writes somebody who is in no list: a name and a village are enough.
func (s *Server) headNewcomer(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	p := loa.Person{ID: loa.PersonID(f.text("new_id")), Name: vn.NameCase(vn.Tidy(f.text("name"))), Area: loa.AreaID(f.text("village")), Sex: loa.Sex(f.text("sex")), BornYear: int(f.number("born"))}
	if !loa.ValidID(string(p.ID)) {
		p.ID = loa.PersonID(loa.NewID())
	}
	if p.Area == "" {
		p.Area = x.Area
	}
	if p.Name == "" {
		f.bad("name", "error.required")
	}
	if f.ok() && f.text("sure") != vn.Fold(p.Name) {
		if err := s.newcomerKnown(r, f, x, p); err != nil {
			return err
		}
	}
	if f.ok() {
		_, err := s.DB.NameNewcomer(r.Context(), scopeOf(r), s.by(r), x.ID, p, f.text("counted") == "1")
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.sessionAgain(w, r, "hold", f)
	}
	return s.held(w, r, x.ID, "#names")
}

// newcomerKnown stops once before somebody is written down whom the village's list may hold already; those of the name then stand under
// the search box, and sending the form again says that it is somebody else.
func (s *Server) newcomerKnown(r *http.Request, f *form, x loa.Session, p loa.Person) error {
	list, err := s.DB.FindCandidates(r.Context(), scopeToo(r, loa.ReadPeople), x.ID, p.Name, 60)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Area != p.Area || c.Person == p.ID || vn.Fold(c.Name) != vn.Fold(p.Name) || c.Born > 0 && p.BornYear > 0 && c.Born != p.BornYear {
			continue
		}
		f.bad("name", "error.newcomer_known", c.Name)
		f.Errors["sure"] = vn.Fold(p.Name)
		r.Form.Set("q", p.Name)
		return nil
	}
	return nil
}
