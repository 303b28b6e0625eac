package web

import (
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/auth"
	"loa/i18n"
)

type accountPage struct {
	Errors  map[string]string
	Officer loa.Officer
	Langs   []option
	Grants  []grantLine
	Logins  []loginLine
	Others  int // signed-in browsers besides this one
	Devices *devicesPart
}

type loginLine struct {
	Hash, Agent string
	Made, Seen  string
	This        bool
}

// accountShow is the officer's own page: roles, language, password and signed-in browsers.
func (s *Server) accountShow(w http.ResponseWriter, r *http.Request) error {
	return s.accountDraw(w, r, whoOf(r).Officer, nil, 0)
}

func (s *Server) accountDraw(w http.ResponseWriter, r *http.Request, o loa.Officer, errs map[string]string, status int) error {
	me := whoOf(r)
	b := accountPage{Errors: errs, Officer: o}
	for _, l := range i18n.Languages {
		b.Langs = append(b.Langs, option{l, t(r, "pages."+l)})
	}
	grants, err := s.DB.GrantsOf(r.Context(), me.Officer.ID)
	if err != nil {
		return err
	}
	for _, g := range grants {
		b.Grants = append(b.Grants, s.grantLine(r, g))
	}
	logins, err := s.DB.Logins(r.Context(), me.Officer.ID, s.Now())
	if err != nil {
		return err
	}
	here := s.logins.hash(r)
	for _, l := range logins {
		line := loginLine{Hash: l.Hash, Agent: browserName(l.Agent), Made: moment(l.MadeAt), Seen: moment(l.SeenAt), This: l.Hash == here}
		if line.Agent == "" {
			line.Agent = t(r, "account.unknown_browser")
		}
		if !line.This {
			b.Others++
		}
		b.Logins = append(b.Logins, line)
	}
	if b.Devices, err = s.devices(r); err != nil {
		return err
	}
	return s.render(w, r, "account", page{Title: t(r, "account.title"), Context: me.Officer.LoginName, Active: "account", Status: status, Body: b})
}

// accountSave keeps the officer's own telephone, e-mail and language.
func (s *Server) accountSave(w http.ResponseWriter, r *http.Request) error {
	f, o := readForm(r), whoOf(r).Officer
	o.Phone, o.Email, o.Zalo, o.Language = f.text("phone"), f.text("email"), f.text("zalo"), f.text("language")
	if err := f.take(s.DB.SaveOwnOfficer(r.Context(), s.by(r), o)); err != nil {
		return err
	}
	if !f.ok() {
		return s.accountDraw(w, r, o, f.Errors, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/account", i18n.Text(o.Language, "account.saved"), "")
}

type passwordPage struct {
	Errors map[string]string
	Must   bool
}

// passwordShow asks for a new password.
func (s *Server) passwordShow(w http.ResponseWriter, r *http.Request) error {
	return s.passwordDraw(w, r, nil, 0)
}

func (s *Server) passwordDraw(w http.ResponseWriter, r *http.Request, errs map[string]string, status int) error {
	b := passwordPage{Errors: errs, Must: whoOf(r).Officer.MustChange}
	return s.render(w, r, "password", page{Title: t(r, "account.password_title"), Active: "account", Status: status, Body: b})
}

// passwordSave changes the officer's own password; other browsers are signed out and this one gets a fresh token.
func (s *Server) passwordSave(w http.ResponseWriter, r *http.Request) error {
	f, me := readForm(r), whoOf(r)
	fresh := r.FormValue("fresh")
	_, hash, err := s.DB.Credentials(r.Context(), me.Officer.LoginName)
	if err != nil {
		return err
	}
	account := me.Officer.LoginName
	switch wait := s.limiter.Wait(account, s.clientPlace(r), s.Now()); {
	case wait > 0:
		f.bad("password", "login.wait", int(wait.Seconds())+1)
	case !s.passwordFits(r, r.FormValue("password"), hash):
		s.limiter.Failed(account, s.Now())
		f.bad("password", "error.password_wrong")
	default:
		s.limiter.Passed(account)
		s.checkFresh(f, me.Officer, fresh)
	}
	if !f.ok() {
		return s.passwordDraw(w, r, f.Errors, http.StatusUnprocessableEntity)
	}
	if hash, err = auth.Hash(fresh); err != nil {
		return err
	}
	if err := s.DB.ChangeOwnPassword(r.Context(), me.Officer.Office, s.by(r), hash, s.logins.hash(r)); err != nil {
		return err
	}
	if err := s.logins.renew(w, r); err != nil {
		return err
	}
	next := "/account"
	if me.Officer.MustChange { // the first sign-in: on to the work
		next = "/"
	}
	return s.done(w, r, next, t(r, "account.password_changed"), "")
}

func (s *Server) checkFresh(f *form, o loa.Officer, fresh string) {
	own := append(strings.Fields(o.Name), o.LoginName, "baohiem", "bhxh")
	switch code := auth.Rule(fresh, own...); {
	case code != "":
		f.bad("fresh", "error."+code)
	case fresh != f.r.FormValue("again"):
		f.bad("again", "error.password_differs")
	case fresh == f.r.FormValue("password"):
		f.bad("fresh", "error.password_same")
	}
}

// loginsEnd signs one other browser out, or all of them.
func (s *Server) loginsEnd(w http.ResponseWriter, r *http.Request) error {
	ctx, me := r.Context(), whoOf(r)
	if hash := r.FormValue("login"); hash != "" {
		if err := s.DB.EndOwnLogin(ctx, s.by(r), hash); err != nil {
			return err
		}
		return s.done(w, r, "/account", t(r, "account.one_ended"), "")
	}
	if err := s.DB.EndOwnLogins(ctx, me.Officer.Office, s.by(r), s.logins.hash(r)); err != nil {
		return err
	}
	return s.done(w, r, "/account", t(r, "account.all_ended"), "")
}

// browserName shortens what a browser says about itself to what a person recognises.
func browserName(agent string) string {
	name, system := "", ""
	for _, b := range []string{"Edg/", "CocCoc", "coc_coc_browser", "OPR/", "Firefox/", "Chrome/", "Safari/"} {
		if strings.Contains(agent, b) {
			name = map[string]string{"Edg/": "Edge", "CocCoc": "Cốc Cốc", "coc_coc_browser": "Cốc Cốc", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}[b]
			break
		}
	}
	for _, o := range []string{"Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux"} {
		if strings.Contains(agent, o) {
			system = o
			break
		}
	}
	switch {
	case name == "" && system == "":
		return cut(agent, 40)
	case name == "" || system == "":
		return name + system
	}
	return name + ", " + system
}

func itoa(n int) string { return strconv.Itoa(n) }
