package web

import (
	"net/http"

	"loa"
)

type errorPageBody struct {
	Icon, Text string
	SignIn     bool // offer to sign in again
	SignOut    bool // offer to sign in as somebody else
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
	case http.StatusForbidden:
		b.Icon, title = "lock", "access.denied_title"
		b.SignOut = refusal.Code == "no_role_today"
	case http.StatusUnauthorized:
		b.Icon, title, b.SignIn = "log-in", "access.signed_out_title", true
	}
	p := page{Title: t(r, title), Status: status, Body: b}
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
