package web

import (
	"fmt"
	"net/http"
	"strings"

	"loa"
	"loa/auth"
	"loa/i18n"
)

type officerLine struct {
	loa.Officer
	Roles                  []grantLine // in force today, or later
	Disabled               bool
	HoldsNothing, EndsSoon bool
}

type officerListPage struct {
	Tabs  []tabLine
	Lines []officerLine
	Show  string
	Count map[string]int
	Pager *pagerLine
}

type pagerLine struct {
	From, To, Total int
	Prev, Next      string
}

const officersPerPage = 50

// officerList shows who may do what, where and until when.
func (s *Server) officerList(w http.ResponseWriter, r *http.Request) error {
	all, err := s.officerLines(r)
	if err != nil {
		return err
	}
	b := officerListPage{Tabs: adminTabs(r, "officers"), Show: r.FormValue("show"), Count: map[string]int{"all": len(all)}}
	holding, ending := 0, 0
	for _, o := range all {
		kinds := map[string]bool{"none": o.HoldsNothing, "soon": o.EndsSoon, "disabled": o.Disabled, "": true}
		for k, is := range kinds {
			if is {
				b.Count[k]++
			}
		}
		if !o.HoldsNothing && !o.Disabled {
			holding++
		}
		for _, g := range o.Roles {
			if g.Soon && !o.Disabled {
				ending++
			}
		}
		if kinds[b.Show] {
			b.Lines = append(b.Lines, o)
		}
	}
	b.Lines, b.Pager = paged(r, b.Lines, officersPerPage)
	return s.render(w, r, "admin_officers", page{Title: t(r, "admin.officers_title"), Context: t(r, "admin.officers_context", len(all), holding, ending), Active: "admin", Body: b})
}

// paged cuts a list that is short enough to be held into pages.
func paged[T any](r *http.Request, all []T, size int) ([]T, *pagerLine) {
	if len(all) <= size {
		return all, nil
	}
	n := 1
	if _, err := fmt.Sscan(r.FormValue("page"), &n); err != nil || n < 1 || (n-1)*size >= len(all) {
		n = 1
	}
	from, to := (n-1)*size, min(n*size, len(all))
	at := func(n int) string {
		q := r.URL.Query()
		q.Set("page", itoa(n))
		return r.URL.Path + "?" + q.Encode()
	}
	p := &pagerLine{From: from + 1, To: to, Total: len(all)}
	if n > 1 {
		p.Prev = at(n - 1)
	}
	if to < len(all) {
		p.Next = at(n + 1)
	}
	return all[from:to], p
}

func (s *Server) officerLines(r *http.Request) ([]officerLine, error) {
	in := whoOf(r).Whole
	officers, err := s.DB.Officers(r.Context(), in)
	if err != nil {
		return nil, err
	}
	grants, err := s.DB.Grants(r.Context(), in)
	if err != nil {
		return nil, err
	}
	of := map[loa.OfficerID][]grantLine{}
	for _, g := range grants {
		if line := s.grantLine(r, g); line.Now || line.Later && !g.Revoked {
			of[g.Officer] = append(of[g.Officer], line)
		}
	}
	out := make([]officerLine, len(officers))
	for i, o := range officers {
		line := officerLine{Officer: o, Roles: of[o.ID], Disabled: !o.DisabledAt.IsZero(), HoldsNothing: true}
		for _, g := range line.Roles {
			line.HoldsNothing = line.HoldsNothing && !g.Now
			line.EndsSoon = line.EndsSoon || g.Soon
		}
		out[i] = line
	}
	return out, nil
}

type officerForm struct {
	Officer    loa.Officer
	Errors     map[string]string
	Langs      []option
	Languages  []tickLine
	Collectors []option
	New        bool
	Own        bool
	Grants     []grantLine
	Roles      []option
	Places     []option
	Give       loa.Grant
	Crumbs     []crumb
}

type tickLine struct {
	Value, Label string
	On           bool
}

type crumb struct{ Label, URL string }

func (s *Server) officerForm(r *http.Request, o loa.Officer, errs map[string]string) (officerForm, error) {
	b := officerForm{Officer: o, Errors: errs, New: o.CreatedAt.IsZero(), Own: o.ID == whoOf(r).Officer.ID,
		Crumbs: []crumb{{t(r, "rail.admin"), "/admin"}}}
	for _, l := range i18n.Languages {
		b.Langs = append(b.Langs, option{l, t(r, "pages."+l)})
	}
	for _, l := range loa.Languages {
		b.Languages = append(b.Languages, tickLine{l, t(r, "language."+l), loa.OneOf(l, o.Languages)})
	}
	collectors, err := s.DB.CollectorNames(r.Context(), whoOf(r).Whole)
	if err != nil {
		return b, err
	}
	for _, c := range collectors {
		b.Collectors = append(b.Collectors, option{string(c.ID), c.Name})
	}
	return b, nil
}

// officerNew asks for a new officer.
func (s *Server) officerNew(w http.ResponseWriter, r *http.Request) error {
	return s.officerDraw(w, r, loa.Officer{Language: "vi"}, nil, loa.Grant{}, 0)
}

func (s *Server) officerDraw(w http.ResponseWriter, r *http.Request, o loa.Officer, errs map[string]string, give loa.Grant, status int) error {
	b, err := s.officerForm(r, o, errs)
	if err != nil {
		return err
	}
	p := page{Title: t(r, "admin.new_officer_title"), Active: "admin", Status: status}
	if !b.New {
		if err := s.addRoles(r, &b, give); err != nil {
			return err
		}
		p.Title, p.Context = t(r, "admin.officer_title", o.Name), o.Position
	}
	p.Body = b
	return s.render(w, r, "admin_officer", p)
}

// addRoles fills in the roles an officer has and what may be given.
func (s *Server) addRoles(r *http.Request, b *officerForm, give loa.Grant) error {
	grants, err := s.DB.Grants(r.Context(), whoOf(r).Whole)
	if err != nil {
		return err
	}
	for i := len(grants) - 1; i >= 0; i-- {
		if grants[i].Officer == b.Officer.ID {
			b.Grants = append(b.Grants, s.grantLine(r, grants[i]))
		}
	}
	b.Roles = optionsOf(r, "role.", loa.Roles)
	for _, a := range whoOf(r).whole {
		label := a.Label()
		if a.Kind == loa.OfficeNode {
			label = t(r, "area.no_commune")
		}
		b.Places = append(b.Places, option{string(a.ID), label})
	}
	if give.From == "" {
		give.From = s.today()
	}
	if give.To == "" {
		y, _, _ := s.today().AddMonths(6).Parts()
		give.To = loa.MakeDay(y, 12, 31)
	}
	b.Give = give
	return nil
}

func readOfficer(f *form, o loa.Officer) loa.Officer {
	o.Name, o.LoginName, o.Position = f.text("name"), strings.ToLower(f.text("login_name")), f.text("position")
	o.Phone, o.Email, o.Language = f.text("phone"), f.text("email"), f.text("language")
	o.Collector, o.Languages = loa.CollectorID(f.text("collector")), nil
	for _, l := range f.all("languages") {
		if loa.OneOf(l, loa.Languages) {
			o.Languages = append(o.Languages, l)
		}
	}
	return o
}

// officerCreate makes an officer with a one-time password, shown once.
func (s *Server) officerCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	o := readOfficer(f, loa.Officer{ID: loa.OfficerID(loa.NewID())})
	if err := f.take(s.DB.SaveOfficer(r.Context(), whoOf(r).Whole, s.by(r), o)); err != nil {
		return err
	}
	if !f.ok() {
		return s.officerDraw(w, r, o, f.Errors, loa.Grant{}, http.StatusUnprocessableEntity)
	}
	return s.oneTime(w, r, o)
}

// officerShow is one officer: details, roles, sign-in.
func (s *Server) officerShow(w http.ResponseWriter, r *http.Request) error {
	o, err := s.DB.Officer(r.Context(), whoOf(r).Whole, loa.OfficerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.officerDraw(w, r, o, nil, loa.Grant{}, 0)
}

// officerSave changes an officer's details.
func (s *Server) officerSave(w http.ResponseWriter, r *http.Request) error {
	in := whoOf(r).Whole
	o, err := s.DB.Officer(r.Context(), in, loa.OfficerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	o = readOfficer(f, o)
	if err := f.take(s.DB.SaveOfficer(r.Context(), in, s.by(r), o)); err != nil {
		return err
	}
	if !f.ok() {
		return s.officerDraw(w, r, o, f.Errors, loa.Grant{}, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, officerURL(o.ID), t(r, "admin.saved", o.Name), "")
}

func officerURL(id loa.OfficerID) string { return "/admin/officers/" + string(id) }

// officerReset gives an officer a one-time password.
func (s *Server) officerReset(w http.ResponseWriter, r *http.Request) error {
	o, err := s.DB.Officer(r.Context(), whoOf(r).Whole, loa.OfficerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.oneTime(w, r, o)
}

type oneTimePage struct {
	Officer  loa.Officer
	Password string
	Crumbs   []crumb
}

// oneTime makes a one-time password and shows it on this one answer: it is kept nowhere.
func (s *Server) oneTime(w http.ResponseWriter, r *http.Request, o loa.Officer) error {
	password, err := auth.OneTimePassword()
	if err != nil {
		return err
	}
	hash, err := auth.Hash(password)
	if err != nil {
		return err
	}
	if err := s.DB.ResetPassword(r.Context(), whoOf(r).Whole, s.by(r), o.ID, hash); err != nil {
		return err
	}
	b := oneTimePage{Officer: o, Password: password, Crumbs: []crumb{{t(r, "rail.admin"), "/admin"}, {o.Name, officerURL(o.ID)}}}
	return s.render(w, r, "admin_one_time", page{Title: t(r, "admin.one_time_title", o.Name), Active: "admin", Body: b})
}

// officerDisable ends an officer's access at once.
func (s *Server) officerDisable(w http.ResponseWriter, r *http.Request) error {
	return s.officerSwitch(w, r, s.DB.DisableOfficer, "admin.was_disabled", "/enable")
}

// officerEnable lets an officer sign in again.
func (s *Server) officerEnable(w http.ResponseWriter, r *http.Request) error {
	return s.officerSwitch(w, r, s.DB.EnableOfficer, "admin.was_enabled", "")
}
