package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
)

// openBody is how much somebody who has not signed in may send.
const openBody = 64 << 10

// admit finds out who asks and refuses what today's roles do not allow. Pages send to sign-in and come back; anything else
// is answered 401 or 403.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, act loa.Act) (*http.Request, bool) {
	r, me, err := s.recognise(r)
	if err != nil {
		s.answer(w, r, err)
		return r, false
	}
	if me == nil {
		if !strings.HasSuffix(r.Pattern, " /hook/{account}") { // a letter that came back is longer than any form
			r.Body = http.MaxBytesReader(w, r.Body, openBody)
		}
		if act == "" {
			return r, true
		}
		s.askToSignIn(w, r)
		return r, false
	}
	if act != "" && len(me.Grants) == 0 {
		s.errorPage(w, r, http.StatusForbidden, &loa.Error{Kind: loa.Denied, Code: "no_role_today"})
		return r, false
	}
	me.setScope(act)
	switch {
	case act == "":
		return r, true
	case me.Officer.MustChange && !beforeChange(r.Pattern):
		http.Redirect(w, r, "/account/password", http.StatusSeeOther)
		return r, false
	case !me.may(act):
		s.errorPage(w, r, http.StatusForbidden, &loa.Error{Kind: loa.Denied, Code: "denied"})
		return r, false
	}
	return r, true
}

// beforeChange are the pages open to an officer who still has the one-time password.
func beforeChange(pattern string) bool {
	return pattern == "GET /account/password" || pattern == "POST /account/password"
}

// askToSignIn sends a page to sign-in and back; a form is told plainly, since its text would be lost by a redirect.
func (s *Server) askToSignIn(w http.ResponseWriter, r *http.Request) {
	to := "/login"
	if r.Method == http.MethodGet && r.URL.Path != "/" {
		to += "?next=" + url.QueryEscape(r.URL.RequestURI())
	}
	if r.Header.Get("HX-Request") != "" {
		w.Header().Set("HX-Redirect", "/login")
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		http.Redirect(w, r, to, http.StatusSeeOther)
		return
	}
	s.errorPage(w, r, http.StatusUnauthorized, &loa.Error{Kind: loa.Denied, Code: "signed_out"})
}

// recognise reads the login and what its officer's roles of today open; nobody is not an error.
func (s *Server) recognise(r *http.Request) (*http.Request, *who, error) {
	r, err := s.logins.load(r)
	if err != nil {
		return r, nil, err
	}
	ctx := r.Context()
	id := loa.OfficerID(s.logins.GetString(ctx, loginOfficer))
	if id == "" {
		return r, nil, nil
	}
	officer, err := s.DB.OfficerByID(ctx, id)
	if errors.Is(err, loa.ErrNotFound) || err == nil && !officer.DisabledAt.IsZero() {
		return r, nil, nil
	}
	if err != nil {
		return r, nil, err
	}
	me := &who{Officer: officer, Lang: officer.Language}
	grants, err := s.DB.GrantsOf(ctx, id)
	if err != nil {
		return r, nil, err
	}
	grants = slices.DeleteFunc(grants, func(g loa.Grant) bool { return !g.Holds(s.today()) })
	if err := s.chooseOffice(r, me, grants); err != nil {
		return r, nil, err
	}
	if me.whole, err = s.DB.OfficeAreas(ctx, me.Office.ID, s.today()); err != nil {
		return r, nil, err
	}
	if err := s.findPlaces(r, me); err != nil {
		return r, nil, err
	}
	for _, role := range []loa.Role{loa.Director, loa.OfficerRole, loa.Administrator, loa.CollectorRole, loa.ProvinceViewer} {
		if me.Role == "" && slices.ContainsFunc(me.Grants, func(g loa.Grant) bool { return g.Role == role }) {
			me.Role = role
		}
	}
	me.Place = s.place(r, me)
	return withWho(r, me), me, nil
}

// chooseOffice finds the offices the grants open, the one worked in, and the grants that hold there. A province viewer may
// read every office of the province.
func (s *Server) chooseOffice(r *http.Request, me *who, grants []loa.Grant) error {
	offices, err := s.DB.Offices(r.Context())
	if err != nil {
		return err
	}
	byID := map[loa.OfficeID]loa.Office{}
	for _, o := range offices {
		byID[o.ID] = o
	}
	opens := func(g loa.Grant, o loa.Office) bool {
		return g.Office == o.ID || g.Role == loa.ProvinceViewer && byID[g.Office].Province == o.Province
	}
	for _, o := range offices {
		if slices.ContainsFunc(grants, func(g loa.Grant) bool { return opens(g, o) }) {
			me.Offices = append(me.Offices, o)
		}
	}
	me.Office = byID[me.Officer.Office]
	if len(me.Offices) > 0 && !slices.ContainsFunc(me.Offices, func(o loa.Office) bool { return o.ID == me.Office.ID }) {
		me.Office = me.Offices[0]
	}
	chosen := loa.OfficeID(s.logins.GetString(r.Context(), loginOffice))
	for _, o := range me.Offices {
		if o.ID == chosen {
			me.Office = o
		}
	}
	for _, g := range grants {
		if opens(g, me.Office) {
			me.Grants = append(me.Grants, g)
		}
	}
	return nil
}

// findPlaces finds the area of every grant and the communes the switch of the top bar offers.
func (s *Server) findPlaces(r *http.Request, me *who) error {
	me.placeOf = map[loa.AreaID]loa.Area{}
	whole := ranges(me.Office.ID, me.whole)
	for _, g := range me.Grants {
		if g.Area == "" {
			continue
		}
		a, err := s.DB.Area(r.Context(), whole, g.Area)
		if errors.Is(err, loa.ErrNotFound) {
			continue // the place is no longer the office's: the role opens nothing until it is given anew
		}
		if err != nil {
			return err
		}
		me.placeOf[a.ID] = a
	}
	me.Whole = me.scopeFor(loa.SignedIn)
	for _, a := range me.whole {
		if me.Whole.Holds(a.Path) {
			me.Areas = append(me.Areas, a)
		}
	}
	for _, a := range me.placeOf {
		if a.Kind == loa.Village {
			me.Areas = append(me.Areas, a)
		}
	}
	return nil
}

// setScope is where today's roles allow the act, narrowed to the commune chosen in the top bar.
func (w *who) setScope(act loa.Act) {
	if act == "" {
		act = loa.SignedIn
	}
	w.Whole = w.scopeFor(act)
	w.Scope = w.Whole
	for _, a := range w.Areas {
		if a.ID == w.Place {
			w.Scope = w.Whole.Narrow(a.Path)
		}
	}
}

// scopeFor joins the places of every grant that includes the act: a role in one commune opens nothing in another.
func (w *who) scopeFor(act loa.Act) loa.Scope {
	out := loa.Scope{Office: w.Office.ID}
	for _, g := range w.Grants {
		if act != loa.SignedIn && !g.Role.May(act) {
			continue
		}
		if g.Area == "" {
			out.Ranges = append(out.Ranges, ranges(w.Office.ID, w.whole).Ranges...)
		} else if a, ok := w.placeOf[g.Area]; ok {
			out.Ranges = append(out.Ranges, loa.Under(a.Path))
		}
	}
	out.Ranges = joined(out.Ranges)
	return out
}

func ranges(office loa.OfficeID, areas []loa.Area) loa.Scope {
	out := loa.Scope{Office: office}
	for _, a := range areas {
		out.Ranges = append(out.Ranges, loa.Under(a.Path))
	}
	return out
}

// joined sorts ranges and melts those that meet, so that nothing is counted twice.
func joined(all []loa.Range) []loa.Range {
	slices.SortFunc(all, func(a, b loa.Range) int {
		if a.From < b.From {
			return -1
		}
		if a.From > b.From {
			return 1
		}
		return 0
	})
	var out []loa.Range
	for _, r := range all {
		if n := len(out); n > 0 && r.From <= out[n-1].To {
			out[n-1].To = max(out[n-1].To, r.To)
			continue
		}
		out = append(out, r)
	}
	return out
}

// place is the commune chosen in the top bar, as long as the officer may see it.
func (s *Server) place(r *http.Request, me *who) loa.AreaID {
	id := loa.AreaID(s.logins.GetString(r.Context(), loginPlace))
	for _, a := range me.Areas {
		if a.ID == id {
			return id
		}
	}
	return ""
}
