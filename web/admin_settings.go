package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/store"
)

type settingsPage struct {
	Tabs     []tabLine
	Settings loa.Settings
	Head     loa.Office
	Errors   map[string]string
	Communes []pastArea // the office's, with their days
	Series   []store.Series
	Grace    []graceLine
}

// graceLine is one payment grace of the law, for reading only: it changes by decree, not here.
type graceLine struct {
	Method, Cites string
	Months        int64
	From          loa.Day
	Confirmed     bool
}

// settingsShow is how the office counts and how its documents are headed.
func (s *Server) settingsShow(w http.ResponseWriter, r *http.Request) error {
	set, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	return s.settingsDraw(w, r, settingsPage{Settings: set, Head: whoOf(r).Office}, 0)
}

func (s *Server) settingsDraw(w http.ResponseWriter, r *http.Request, b settingsPage, status int) error {
	b.Tabs = adminTabs(r, "settings")
	law, err := s.law(r)
	if err != nil {
		return err
	}
	for _, m := range loa.Methods {
		if row, ok := law.At("voluntary_si.grace_months."+string(m), s.today()); ok {
			b.Grace = append(b.Grace, graceLine{t(r, "method."+string(m)), row.Cites, row.Value, row.From, row.Confirmed})
		}
	}
	if b.Communes, err = s.ownedCommunes(r); err != nil {
		return err
	}
	if b.Series, err = s.DB.Series(r.Context(), whoOf(r).Whole); err != nil {
		return err
	}
	return s.render(w, r, "admin_settings", page{Title: t(r, "admin.settings_title"), Context: whoOf(r).Office.Name, Active: "admin", Status: status, Body: b})
}

// settingsSave keeps one part of the page; each names its own fields.
func (s *Server) settingsSave(w http.ResponseWriter, r *http.Request) error {
	f, me := readForm(r), whoOf(r)
	set, err := s.DB.Settings(r.Context(), me.Office.ID)
	if err != nil {
		return err
	}
	b := settingsPage{Settings: set, Head: me.Office}
	if f.text("part") == "head" {
		b.Head.Name, b.Head.ShortName, b.Head.Superior = f.text("name"), f.text("short_name"), f.text("superior")
		b.Head.Place, b.Head.Symbol = f.text("place"), f.text("symbol")
		err = s.DB.SaveOfficeHead(r.Context(), me.Whole, s.by(r), b.Head)
	} else if f.text("part") == "public" {
		b.Settings.PublicOff, b.Settings.Contacts, b.Settings.PublicPhone = !f.on("public"), f.on("contacts"), f.text("public_phone")
		err = s.DB.SaveSettings(r.Context(), me.Office.ID, s.by(r), b.Settings)
	} else {
		b.Settings.DueDays, b.Settings.CutOffDay, b.Settings.OneTime = int(f.number("due_days")), int(f.number("cut_off_day")), int(f.number("one_time_hours"))
		if f.ok() {
			err = s.DB.SaveSettings(r.Context(), me.Office.ID, s.by(r), b.Settings)
		}
	}
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		b.Errors = f.Errors
		return s.settingsDraw(w, r, b, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/admin/settings", t(r, "admin.settings_saved"), "")
}

// ownedCommunes are the communes the office has and had, by date, as its documents and totals need them.
func (s *Server) ownedCommunes(r *http.Request) ([]pastArea, error) {
	tree, err := s.officeTree(r)
	if err != nil {
		return nil, err
	}
	owned, err := s.DB.Owned(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	codes, err := s.DB.AreaCodes(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	var out []pastArea
	for _, o := range owned {
		last := min(o.To, s.today())
		out = append(out, pastArea{ID: o.Area, Name: tree.Areas[o.Area].Label(), Code: codesHeld(codes, last)[o.Area], From: o.From, To: o.To, MayReturn: o.To >= s.today()})
	}
	slices.SortStableFunc(out, func(a, b pastArea) int { return strings.Compare(string(b.To), string(a.To)) }) // those it has first
	return out, nil
}
