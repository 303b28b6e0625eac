package web

import (
	"errors"
	"net/http"
	"strings"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
)

func (s *Server) loginRoutes() []route {
	return []route{
		{"GET /login", "", s.loginShow},
		{"POST /login", "", s.loginCreate},
		{"POST /login/demo", "", s.loginDemo},
		{"POST /logout", "", s.loginEnd},
		{"GET /setup", "", s.setupShow},
		{"POST /setup", "", s.setupCreate},
		{"GET /setup/find", "", s.setupFind},
		{"POST /language", "", s.languageSet},
		{"GET /place", loa.SignedIn, s.placeSet},
		{"GET /account", loa.SignedIn, s.accountShow},
		{"POST /account", loa.SignedIn, s.accountSave},
		{"GET /account/password", loa.SignedIn, s.passwordShow},
		{"POST /account/password", loa.SignedIn, s.passwordSave},
		{"POST /account/logins/end", loa.SignedIn, s.loginsEnd},
	}
}

type loginPage struct {
	Office     string // its short name, when there is but one
	Next, Name string
	Error      string
	Groups     []demoGroup
}

type demoGroup struct {
	Title string
	Folk  []demoPerson
}

type demoPerson struct{ Token, Name, Initials, What, Can string }

// loginShow is the sign-in page.
func (s *Server) loginShow(w http.ResponseWriter, r *http.Request) error {
	if me := whoOf(r); me != nil {
		http.Redirect(w, r, localPath(r.FormValue("next")), http.StatusSeeOther)
		return nil
	}
	any, err := s.DB.AnyOfficer(r.Context())
	if err != nil {
		return err
	}
	if !any && s.SetupCode != "" {
		http.Redirect(w, r, "/setup", http.StatusSeeOther)
		return nil
	}
	return s.loginDraw(w, r, loginPage{Next: r.FormValue("next")}, 0)
}

func (s *Server) loginDraw(w http.ResponseWriter, r *http.Request, b loginPage, status int) error {
	offices, err := s.DB.Offices(r.Context())
	if err != nil {
		return err
	}
	if len(offices) == 1 {
		b.Office = offices[0].ShortName
	}
	people, err := s.DB.DemoOfficers(r.Context())
	if err != nil {
		return err
	}
	b.Groups = demoGroups(r, people)
	return s.render(w, r, "login", page{Title: t(r, "login.title"), Status: status, Body: b})
}

// demoGroups puts the invented officers under the heads of what they do.
func demoGroups(r *http.Request, people []store.DemoOfficer) []demoGroup {
	var out []demoGroup
	for _, d := range people {
		title := t(r, "login.group."+string(d.Role))
		if len(out) == 0 || out[len(out)-1].Title != title {
			out = append(out, demoGroup{Title: title})
		}
		what := d.Position
		if what == "" {
			what = t(r, "role."+string(d.Role))
		}
		if d.Place != "" {
			what = t(r, "login.of_place", what, d.Place)
		}
		g := &out[len(out)-1]
		g.Folk = append(g.Folk, demoPerson{Token: d.Token, Name: d.Name, Initials: d.Initials(), What: what, Can: t(r, "role_can."+string(d.Role))})
	}
	return out
}

// loginCreate checks a name and a password. An unknown name, a disabled officer and a wrong password look and last the same.
func (s *Server) loginCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	b := loginPage{Name: f.text("login_name"), Next: f.text("next")}
	account, password := strings.ToLower(b.Name), r.FormValue("password")
	now := s.Now()
	if wait := s.limiter.Wait(account, s.clientPlace(r), now); wait > 0 {
		seconds := int(wait/time.Second) + 1
		w.Header().Set("Retry-After", itoa(seconds))
		b.Error = t(r, "login.wait", seconds)
		return s.loginDraw(w, r, b, http.StatusTooManyRequests)
	}
	officer, hash, err := s.DB.Credentials(r.Context(), account)
	if err != nil && !errors.Is(err, loa.ErrNotFound) {
		return err
	}
	if !s.passwordFits(r, password, hash) || !officer.DisabledAt.IsZero() {
		s.limiter.Failed(account, now)
		s.Log.Warn("sign-in refused", "place", s.clientPlace(r))
		if officer.ID != "" {
			if err := s.DB.Audit(r.Context(), officer.Office, loa.By{At: now}, "sign_in_refused", "officer", string(officer.ID), ""); err != nil {
				return err
			}
		}
		b.Error = t(r, "login.wrong")
		return s.loginDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	s.limiter.Passed(account)
	if officer.MustChange && !officer.OneTime.IsZero() && now.After(officer.OneTime) { // said only to who knows the password
		if err := s.DB.Audit(r.Context(), officer.Office, loa.By{At: now}, "sign_in_refused", "officer", string(officer.ID), "one-time password expired"); err != nil {
			return err
		}
		b.Error = t(r, "login.one_time_over")
		return s.loginDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	return s.enter(w, r, officer, b.Next, "")
}

// passwordFits takes the same time whether or not there is anything to compare with.
func (s *Server) passwordFits(r *http.Request, password, hash string) bool {
	select {
	case s.logins.busy <- struct{}{}:
	case <-r.Context().Done():
		return false
	}
	defer func() { <-s.logins.busy }()
	if len(password) > 1024 {
		password = password[:1024] // nobody has one as long; hashing a megabyte is only a way to keep us busy
	}
	if hash == "" {
		auth.CheckNobody(password)
		return false
	}
	return auth.Check(password, hash)
}

// loginDemo signs in as one of the demo's invented officers; the token opens nothing in a real office.
func (s *Server) loginDemo(w http.ResponseWriter, r *http.Request) error {
	officer, err := s.DB.DemoOfficer(r.Context(), r.FormValue("who"))
	if err != nil {
		return err
	}
	return s.enter(w, r, officer, r.FormValue("next"), "demo")
}

// enter begins a login and records it.
func (s *Server) enter(w http.ResponseWriter, r *http.Request, o loa.Officer, next, detail string) error {
	if err := s.DB.SweepLogins(r.Context(), s.Now()); err != nil {
		return err
	}
	if err := s.logins.begin(w, r, o.ID); err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), o.Office, loa.By{Officer: o.ID, At: s.Now()}, "signed_in", "officer", string(o.ID), detail); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(next), http.StatusSeeOther)
	return nil
}

// loginEnd signs this browser out.
func (s *Server) loginEnd(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	if err := s.logins.end(w, r); err != nil {
		return err
	}
	if me != nil {
		if err := s.DB.Audit(r.Context(), me.Officer.Office, s.by(r), "signed_out", "officer", string(me.Officer.ID), ""); err != nil {
			return err
		}
	}
	w.Header().Set("Clear-Site-Data", `"storage"`) // drafts may hold names; the next one at this machine need not read them
	http.Redirect(w, r, "/login", http.StatusSeeOther)
	return nil
}
