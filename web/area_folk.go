package web

import (
	"net/http"
	"net/url"

	"loa"
)

// renamed moves what a noun says of its own fields to the names they have on the form.
func renamed(f *form, prefix string, fields ...string) {
	for _, name := range fields {
		if e := f.Errors[name]; e != "" {
			f.Errors[prefix+name] = e
			delete(f.Errors, name)
		}
	}
}

// onArea finds the area of a form and answers the form: on with a sentence, or the page again with what was typed.
func (s *Server) onArea(w http.ResponseWriter, r *http.Request, open string, act func(a loa.Area, f *form) (text, undo string, err error), prefix string, fields ...string) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	text, undo, err := act(a, f)
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		renamed(f, prefix, fields...)
		return s.areaDraw(w, r, a, f, open)
	}
	return s.done(w, r, "/areas/"+string(a.ID)+"#"+open, text, undo)
}

// figureCreate records a count with its source and date.
func (s *Server) figureCreate(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "figures", func(a loa.Area, f *form) (string, string, error) {
		if f.text("figure_value") == "" {
			f.bad("value", "error.required")
		}
		x := loa.AreaFigure{Area: a.ID, Kind: f.text("figure_kind"), Value: f.number("figure_value"), AsOf: f.day("figure_as_of"), Source: f.text("figure_source")}
		if !f.ok() {
			return "", "", nil
		}
		return t(r, "area.figure_saved", t(r, "figure."+x.Kind)), "", s.DB.AddFigure(r.Context(), scopeOf(r), s.by(r), x)
	}, "figure_", "kind", "value", "as_of", "source")
}

func (s *Server) readInfluencer(r *http.Request, f *form, a loa.Area) loa.Influencer {
	i := loa.Influencer{Area: a.ID, Role: f.text("who_role"), Name: f.text("who_name"), Person: loa.PersonID(f.text("who_person")), IntroducedBy: f.text("who_introduced_by"), From: f.day("who_from"), To: loa.OpenEnd, Note: f.text("who_note")}
	if v := f.text("who_phone"); v != "" {
		phone, ok := phoneOf(v)
		if !ok {
			f.bad("phone", "error.bad_phone")
		}
		i.Phone = phone
	}
	if i.From > s.today() {
		f.bad("from", "error.future_day")
	}
	return i
}

// influencerCreate notes somebody a place listens to.
func (s *Server) influencerCreate(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "folk", func(a loa.Area, f *form) (string, string, error) {
		i := s.readInfluencer(r, f, a)
		if !f.ok() {
			return "", "", nil
		}
		_, err := s.DB.AddInfluencer(r.Context(), scopeOf(r), s.by(r), i)
		return t(r, "area.folk_saved", i.Name), "", err
	}, "who_", "role", "name", "phone", "from")
}

// influencerUpdate puts right what is noted of somebody.
func (s *Server) influencerUpdate(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("who")
	return s.onArea(w, r, "folk-"+id, func(a loa.Area, f *form) (string, string, error) {
		i := s.readInfluencer(r, f, a)
		i.ID = loa.InfluencerID(id)
		if !f.ok() {
			return "", "", nil
		}
		return t(r, "area.folk_saved", i.Name), "", s.DB.SaveInfluencer(r.Context(), scopeOf(r), s.by(r), i)
	}, "who_", "role", "name", "phone", "from")
}

// influencerEnd says which day was the last in the role; undo takes that back.
func (s *Server) influencerEnd(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("who")
	return s.onArea(w, r, "folk-"+id, func(a loa.Area, f *form) (string, string, error) {
		last := loa.Day(f.text("who_to"))
		if last != loa.OpenEnd {
			if last = f.day("who_to"); last == "" || last > s.today() {
				f.bad("to", "error.future_day")
			}
		}
		if !f.ok() {
			return "", "", nil
		}
		err := s.DB.EndInfluencer(r.Context(), scopeOf(r), s.by(r), a.ID, loa.InfluencerID(id), last)
		if last == loa.OpenEnd {
			return t(r, "area.folk_back"), "", err
		}
		undo := "/areas/" + string(a.ID) + "/influencers/" + id + "/end?" + url.Values{"who_to": {string(loa.OpenEnd)}}.Encode()
		return t(r, "area.folk_ended", last.Vietnamese()), undo, err
	}, "who_", "to", "from")
}
