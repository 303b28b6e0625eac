package web

import (
	"net/http"
	"net/url"
	"sort"

	"loa"
	"loa/store"
)

// viewChip is a set of filters under a name: one that came with Loa, or one the officer kept.
type viewChip struct {
	ID, Label, URL string
	On             bool
}

// readyViews are the lists most asked for, by the key of their name.
var readyViews = []struct{ key, query string }{
	{"due", "scheme=voluntary_si&status=due"}, {"lapsed", "scheme=voluntary_si&status=lapsed"}, {"without_hi", "home=without_hi"},
	{"near_poor", "poverty=near_poor"}, {"traders", "occupation=small_trader&scheme=voluntary_si&status=never"},
}

// viewChips are the views of the page, and whether what is asked now is not among them and could be kept.
func (s *Server) viewChips(r *http.Request, f peopleFilter) (out []viewChip, save bool, err error) {
	now := f.values().Encode()
	add := func(id, label, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return // one kept by an older program; it only asks for nothing
		}
		q := readPeopleFilter(values).values().Encode()
		out = append(out, viewChip{id, label, "/people?" + q, q == now})
	}
	add("", t(r, "people.view.all"), "")
	for _, v := range readyViews {
		add("", t(r, "people.view."+v.key), v.query)
	}
	kept, err := s.DB.PeopleViews(r.Context(), scopeOf(r), whoOf(r).Officer.ID)
	if err != nil {
		return nil, false, err
	}
	for _, v := range kept {
		add(v.ID, v.Name, v.Query)
	}
	save = now != ""
	for _, v := range out {
		save = save && !v.On
	}
	return out, save, nil
}

func sortedKeys(v url.Values) []string {
	out := make([]string, 0, len(v))
	for k := range v {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// postedFilter is the filter that a form of the page carries with it.
func postedFilter(r *http.Request) (peopleFilter, error) {
	if err := r.ParseForm(); err != nil {
		return peopleFilter{}, loa.Refuse(loa.Invalid, "", "bad_form")
	}
	return readPeopleFilter(r.PostForm), nil
}

// viewCreate keeps the filters of the page under a name.
func (s *Server) viewCreate(w http.ResponseWriter, r *http.Request) error {
	filter, err := postedFilter(r)
	if err != nil {
		return err
	}
	f, query := readForm(r), filter.values().Encode()
	err = f.take(s.DB.SavePeopleView(r.Context(), scopeOf(r), s.by(r), store.PeopleView{ID: loa.NewID(), Name: f.text("name"), Query: query}))
	if err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, "/people?"+query, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, "/people?"+query, t(r, "people.view.saved", f.text("name")), "")
}

// viewDrop forgets a kept view; viewRestore brings it back.
func (s *Server) viewDrop(w http.ResponseWriter, r *http.Request) error {
	id := readForm(r).text("id")
	if err := s.DB.DropPeopleView(r.Context(), scopeOf(r), s.by(r), id, true); err != nil {
		return err
	}
	return s.done(w, r, "/people", t(r, "people.view.dropped"), "/people/views/restore?id="+url.QueryEscape(id))
}

func (s *Server) viewRestore(w http.ResponseWriter, r *http.Request) error {
	if err := s.DB.DropPeopleView(r.Context(), scopeOf(r), s.by(r), readForm(r).text("id"), false); err != nil {
		return err
	}
	return s.done(w, r, "/people", t(r, "people.view.restored"), "")
}
