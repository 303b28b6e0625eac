package web

import (
	"net/http"
	"net/url"

	"loa"
)

type errorPageBody struct {
	Icon, Text string
	SignIn     bool   // offer to sign in again
	SignOut    bool   // offer to sign in as somebody else
	Place      string // the place chosen in the top bar, when that may be why nothing was found
	WidenURL   string // the same page over everything the officer may see
}

// errorPage answers a refusal with what happened, what was kept and what to do. Part updates get the words alone.
func (s *Server) errorPage(w http.ResponseWriter, r *http.Request, status int, refusal *loa.Error) {
	if status == 0 {
		status = http.StatusInternalServerError
	}
	b := errorPageBody{Icon: "triangle-alert", Text: t(r, "error."+refusal.Code, refusal.Args...)}
	title := "access.error_title"
	switch status {
	case http.StatusNotFound:
		b.Icon, title = "search", "access.not_found_title"
		if me := whoOf(r); me != nil && me.Place != "" && refusal.Code == "not_found" {
			title = "access.elsewhere_title"
			b.elsewhere(r)
		}
	case http.StatusForbidden:
		b.Icon, title = "lock", "access.denied_title"
		b.SignOut = refusal.Code == "no_role_today"
	case http.StatusUnauthorized:
		b.Icon, title, b.SignIn = "log-in", "access.signed_out_title", true
	}
	p := page{Title: t(r, title, b.titleArgs()...), Status: status, Body: b}
	var err error
	if r.Header.Get("HX-Request") != "" {
		w.WriteHeader(status)
		err = s.part(w, r, "error", "error_box", b)
	} else {
		err = s.render(w, r, "error", p)
	}
	if err != nil {
		s.Log.Error("error page failed", "path", r.URL.Path, "error", err)
		http.Error(w, p.Title, status)
	}
}

// elsewhere says that the top bar is narrowed to one place, and whose page was asked for when the address tells; the way back is
// the same page over everything the officer may see.
func (b *errorPageBody) elsewhere(r *http.Request) {
	me := whoOf(r)
	name := func(a loa.Area) string {
		if a.Kind == loa.OfficeNode {
			return t(r, "area.no_commune")
		}
		return a.Label()
	}
	asked := loa.AreaID(r.PathValue("id"))
	for _, key := range []string{"area", "commune"} {
		if text := r.FormValue(key); text != "" {
			asked = loa.AreaID(text)
		}
	}
	whose := ""
	for _, a := range me.Areas {
		if a.ID == me.Place {
			b.Place = name(a)
		}
		if a.ID == asked && a.ID != me.Place {
			whose = name(a)
		}
	}
	b.Icon, b.Text = "map-pinned", t(r, "access.elsewhere", b.Place)
	if whose != "" {
		b.Text = t(r, "access.elsewhere_of", whose, b.Place)
	}
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet {
		next = "/"
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host { // the form that was sent, to be sent again
			next = from.RequestURI()
		}
	}
	b.WidenURL = "/place?area=&next=" + url.QueryEscape(next)
}

// titleArgs are what the title names: the place chosen, if that is the matter.
func (b *errorPageBody) titleArgs() []any {
	if b.Place == "" {
		return nil
	}
	return []any{b.Place}
}
