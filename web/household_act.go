package web

import (
	"context"
	"net/http"
	"strings"

	"loa"
)

func (s *Server) householdActRoutes() []route {
	return []route{
		{"POST /households/{id}/move", loa.EditPeople, s.householdMove},
		{"POST /households/{id}/split", loa.EditPeople, s.householdSplit},
		{"POST /households/{id}/merge", loa.EditPeople, s.householdMerge},
		{"POST /people/{id}/move", loa.EditPeople, s.personMove},
		{"GET /pick/household", loa.ReadPeople, s.pickHousehold},
		{"GET /acts", loa.ReadPeople, s.actList},
		{"POST /acts/{id}/undo", loa.EditPeople, s.actUndo},
	}
}

// undoURL is the address that takes an act back.
func undoURL(id loa.ActID) string { return "/acts/" + string(id) + "/undo" }

// acted answers a form that changed who lives where: on with undo, or back with what was wrong.
func (s *Server) acted(w http.ResponseWriter, r *http.Request, f *form, err error, back, to, text string, id loa.ActID) error {
	if err := f.take(err); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, to, text, undoURL(id))
}

// chosenPeople are the ticked members.
func chosenPeople(f *form) []loa.PersonID {
	var out []loa.PersonID
	for _, id := range f.all("person") {
		out = append(out, loa.PersonID(id))
	}
	if len(out) == 0 {
		f.bad("person", "register.move.nobody")
	}
	return out
}

// householdMove moves ticked members into another household, or into a village without one.
func (s *Server) householdMove(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	return s.move(w, r, f, chosenPeople(f), "/households/"+string(h.ID))
}

// personMove is the same for somebody who lives in no household.
func (s *Server) personMove(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.move(w, r, readForm(r), []loa.PersonID{p.ID}, "/people/"+string(p.ID))
}

func (s *Server) move(w http.ResponseWriter, r *http.Request, f *form, people []loa.PersonID, back string) error {
	var to loa.HouseholdID
	var village loa.AreaID
	var err error
	if f.text("where") == "village" {
		village, err = s.villageMeant(r, f)
	} else {
		to, err = s.householdMeant(r, f, "to")
	}
	if err != nil {
		return err
	}
	var id loa.ActID
	if f.ok() {
		id, err = s.DB.MovePeople(r.Context(), scopeOf(r), s.by(r), people, to, village)
	}
	next := back
	if to != "" {
		next = "/households/" + string(to)
	} else if len(people) > 0 {
		next = "/people/" + string(people[0])
	}
	return s.acted(w, r, f, err, back, next, t(r, "register.move.done", len(people)), id)
}

// householdMeant is the household chosen from the type-ahead, or the only one that fits what was typed.
func (s *Server) householdMeant(r *http.Request, f *form, name string) (loa.HouseholdID, error) {
	if id := f.text(name); id != "" {
		return loa.HouseholdID(id), nil
	}
	text := f.text(name + "_text")
	if text == "" {
		f.bad(name, "register.move.no_household")
		return "", nil
	}
	found, err := s.DB.FindHouseholds(r.Context(), scopeOf(r), text, 2)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		f.bad(name, "register.move.which_household", len(found))
		return "", nil
	}
	return found[0].ID, nil
}

// villageMeant is the village chosen, or the only one of the name typed.
func (s *Server) villageMeant(r *http.Request, f *form) (loa.AreaID, error) {
	areas, err := s.areas(r)
	if err != nil {
		return "", err
	}
	kinds := map[loa.AreaID]loa.AreaKind{}
	for _, a := range areas {
		kinds[a.ID] = a.Kind
	}
	id := loa.AreaID(f.text("village"))
	if text := f.text("village_text"); id == "" && text != "" {
		found, err := s.DB.SearchAreas(r.Context(), scopeOf(r), text, 5)
		if err != nil {
			return "", err
		}
		for _, a := range found {
			if a.Kind == loa.Village && id != "" {
				f.bad("village", "register.move.which_village")
				return "", nil
			}
			if a.Kind == loa.Village {
				id = a.ID
			}
		}
	}
	if kinds[id] != loa.Village {
		f.bad("village", "register.move.no_village")
	}
	return id, nil
}

// householdSplit lets ticked members make a household of their own.
func (s *Server) householdSplit(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	people, head := chosenPeople(f), loa.PersonID(f.text("head"))
	if head != "" && f.ok() && !loa.OneOf(string(head), f.all("person")) {
		f.bad("head", "register.split.head_stays")
	}
	var id loa.ActID
	made := h.ID
	if f.ok() {
		made, id, err = s.DB.SplitHousehold(r.Context(), scopeOf(r), s.by(r), h.ID, people, head)
	}
	return s.acted(w, r, f, err, "/households/"+string(h.ID), "/households/"+string(made), t(r, "register.split.done", len(people)), id)
}

// householdMerge moves everybody of this household into another, and ends it.
func (s *Server) householdMerge(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	to, err := s.householdMeant(r, f, "other")
	if err != nil {
		return err
	}
	var id loa.ActID
	if f.ok() {
		id, err = s.DB.MergeHouseholds(r.Context(), scopeOf(r), s.by(r), h.ID, to)
	}
	return s.acted(w, r, f, err, "/households/"+string(h.ID), "/households/"+string(to), t(r, "register.merge.done"), id)
}

type actPage struct {
	Lines      []actLine
	Prev, Next string
	MayUndo    bool
}

type actLine struct {
	ID      loa.ActID
	At      string
	What    string
	Name    string
	Place   string
	URL     string
	Officer officerView
	Undone  bool
}

// actsRead is how many acts of the last days are looked through for those inside the scope.
const actsRead = 2000

// actList is what was moved, split and merged in the last thirty days, each with a way back.
func (s *Server) actList(w http.ResponseWriter, r *http.Request) error {
	all, err := s.DB.Acts(r.Context(), scopeOf(r), actsRead)
	if err != nil {
		return err
	}
	since := s.Now().AddDate(0, 0, -loa.UndoDays).UnixMilli()
	n := 0
	for n < len(all) && all[n].DoneAt >= since {
		n++
	}
	names, err := s.actNames(r, idsOfActs(all[:n]))
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body := actPage{MayUndo: whoOf(r).may(loa.EditPeople)}
	for _, a := range all[:n] {
		about, ok := names[a.NounID]
		if !ok {
			continue // about somebody this officer may not see
		}
		about.ID, about.At, about.What = a.ID, moment(timeOf(a.DoneAt)), t(r, "register.act."+a.Kind)
		about.Officer, about.Undone = officers.by[a.DoneBy], a.UndoneAt > 0
		body.Lines = append(body.Lines, about)
	}
	page1 := pageNumber(r)
	from := min((page1-1)*listPage, len(body.Lines))
	to := min(from+listPage, len(body.Lines))
	body.Prev, body.Next = pageLinks(r, page1, to < len(body.Lines))
	body.Lines = body.Lines[from:to]
	return s.render(w, r, "act_list", page{Title: t(r, "register.acts.title"), Context: t(r, "register.acts.context", loa.UndoDays), Active: "people", Body: body})
}

// actNames says whom acts are about: people and households inside the scope, by their ID.
func (s *Server) actNames(r *http.Request, ids []string) (map[string]actLine, error) {
	people := make([]loa.PersonID, len(ids))
	homes := make([]loa.HouseholdID, len(ids))
	for i, id := range ids {
		people[i], homes[i] = loa.PersonID(id), loa.HouseholdID(id)
	}
	villages, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	out := map[string]actLine{}
	found, err := s.DB.PeopleByID(r.Context(), scopeOf(r), people)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		out[string(p.ID)] = actLine{Name: p.Name, Place: villages[p.Area], URL: "/people/" + string(p.ID)}
	}
	lines, err := s.DB.HouseholdLines(r.Context(), scopeOf(r), homes)
	for _, h := range lines {
		out[string(h.ID)] = actLine{Name: t(r, "household.title", strings.TrimSpace(h.Head+" "+h.Code)), Place: villages[h.Area], URL: "/households/" + string(h.ID)}
	}
	return out, err
}

// actUndo takes an act back; when somebody has gone on from it, it says so and leaves everything as it is.
func (s *Server) actUndo(w http.ResponseWriter, r *http.Request) error {
	err := s.DB.UndoAct(context.WithoutCancel(r.Context()), scopeOf(r), s.by(r), loa.ActID(r.PathValue("id")))
	f := readForm(r)
	if err := f.take(err); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, "/acts", http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/acts", t(r, "register.acts.undone"), "")
}
