package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/vn"
)

type scriptFormPage struct {
	Action, Cancel string
	New            bool
	Version        int
	Script         loa.Script
	Schemes        []option
	Purposes       []option
	Groups         []option
	Areas          []option
	View           scriptView
	Lang           string // the tab that lies open
	Errors         map[string]string
	Shown          bool // asked to be shown, not saved
	Why            string
}

func (s *Server) scriptNew(w http.ResponseWriter, r *http.Request) error {
	x := loa.Script{Purpose: loa.Care, From: s.today()}
	return s.scriptForm(w, r, scriptFormPage{Action: "/scripts/new", Cancel: "/scripts", New: true, Script: x}, nil, 0)
}

// scriptForm draws the form with all languages and lengths, filled for the day and group that are looked at.
func (s *Server) scriptForm(w http.ResponseWriter, r *http.Request, b scriptFormPage, f *form, status int) error {
	b.Errors = map[string]string{}
	day, group := s.today(), ""
	if f != nil {
		b.Errors, b.Lang, group = f.Errors, f.text("tab"), f.text("who")
		if d, ok := readDay(f.text("day")); ok {
			day = d
		}
	}
	view, err := s.scriptLook(r, b.Script, day, group, true)
	if err != nil {
		return err
	}
	b.View = view
	b.Schemes, b.Purposes, b.Groups = optionsOf(r, "scheme.", loa.Schemes), options(r, "purpose.", loa.Purposes), options(r, "policy.group.", loa.ScriptGroups)
	b.Areas = s.scriptAreas(r)
	b.openTab()
	title := t(r, "script.new.title")
	if !b.New {
		title = t(r, "script.edit.title", b.Script.Name)
	}
	return s.render(w, r, "script_form", page{Title: title, Context: t(r, "script.form.context"), Active: "scripts", Body: b, Status: status})
}

// openTab chooses the language that lies open: the one with a mistake, the one that was, or the first; and puts mistakes beside their words.
func (b *scriptFormPage) openTab() {
	wrong := ""
	for i := range b.View.Langs {
		tab := &b.View.Langs[i]
		for k := range tab.Words {
			if tab.Words[k].Error = b.Errors[tab.Words[k].Name]; tab.Words[k].Error != "" && wrong == "" {
				wrong = tab.Lang
			}
		}
	}
	if wrong != "" {
		b.Lang = wrong
	}
	if !loa.OneOf(b.Lang, loa.Tongues) {
		b.Lang = loa.Tongues[0]
	}
	for i := range b.View.Langs {
		b.View.Langs[i].On = b.View.Langs[i].Lang == b.Lang
	}
}

// scriptAreas are where a script may be for: the whole office, where the officer's places hold it, and the communes.
func (s *Server) scriptAreas(r *http.Request) []option {
	me := whoOf(r)
	var out []option
	for _, a := range me.Areas {
		if a.Kind == loa.OfficeNode {
			out = append([]option{{string(a.ID), t(r, "script.everywhere")}}, out...)
		} else {
			out = append(out, option{string(a.ID), a.Label()})
		}
	}
	return out
}

// readScript fills a script from the form.
func (s *Server) readScript(r *http.Request, f *form, x *loa.Script) {
	x.Name, x.Scheme, x.Purpose, x.Group = vn.Tidy(f.text("name")), loa.Scheme(f.text("scheme")), f.text("purpose"), f.text("group")
	x.From, x.Until, x.Texts = f.day("from"), f.day("until"), nil
	areas := s.scriptAreas(r)
	if a := f.text("area"); a != "" {
		x.Area = ""
		for _, o := range areas {
			if o.Value == a {
				x.Area = loa.AreaID(a)
			}
		}
		if x.Area == "" {
			f.bad("area", "error.not_in_list")
		}
	} else if x.Area == "" && len(areas) > 0 {
		x.Area = loa.AreaID(areas[0].Value)
	}
	for _, lang := range loa.Tongues {
		for _, kind := range loa.ScriptKinds {
			if words := strings.ReplaceAll(f.text(lang+"_"+kind), "\r\n", "\n"); words != "" {
				x.Texts = append(x.Texts, loa.ScriptText{Lang: lang, Kind: kind, Text: words})
			}
		}
	}
}

func (s *Server) scriptCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	x := loa.Script{ID: loa.ScriptID(loa.NewID())}
	if id := f.text("id"); loa.ValidID(id) {
		x.ID = loa.ScriptID(id)
	}
	return s.scriptKeep(w, r, f, x, scriptFormPage{Action: "/scripts/new", Cancel: "/scripts", New: true})
}

// scriptKeep saves a form, or shows it as it will be heard when that was asked for.
func (s *Server) scriptKeep(w http.ResponseWriter, r *http.Request, f *form, x loa.Script, b scriptFormPage) error {
	s.readScript(r, f, &x)
	if f.on("show") {
		b.Script, b.Shown = x, true
		return s.scriptForm(w, r, b, f, 0)
	}
	if f.ok() {
		saved, err := s.DB.SaveScript(r.Context(), scopeOf(r), s.by(r), x)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			return s.done(w, r, "/scripts/"+string(saved.ID), t(r, "script.saved", saved.Version), "")
		}
	}
	b.Script = x
	return s.scriptForm(w, r, b, f, http.StatusUnprocessableEntity)
}

func (s *Server) scriptEdit(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Script(r.Context(), scopeOf(r), loa.ScriptID(r.PathValue("id")), 0)
	if err != nil {
		return err
	}
	return s.scriptForm(w, r, s.editPage(x), nil, 0)
}

func (s *Server) editPage(x loa.Script) scriptFormPage {
	at := "/scripts/" + string(x.ID)
	b := scriptFormPage{Action: at + "/edit", Cancel: at, Script: x, Version: x.Version, Why: x.Why}
	if x.State == loa.ScriptApproved || x.State == loa.ScriptWithdrawn {
		b.Version++
	}
	return b
}

// scriptUpdate keeps changed words: of an approved script they are its next version.
func (s *Server) scriptUpdate(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Script(r.Context(), scopeOf(r), loa.ScriptID(r.PathValue("id")), 0)
	if err != nil {
		return err
	}
	f, b := readForm(r), s.editPage(x)
	if read := f.count("read"); read > 0 { // as the form read it
		x.ChangeNo = read
	}
	return s.scriptKeep(w, r, f, x, b)
}

// scriptFill answers, while somebody writes, with what the words become.
func (s *Server) scriptFill(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	var x loa.Script
	s.readScript(r, f, &x)
	day, _ := readDay(f.text("day"))
	view, err := s.scriptLook(r, x, day, f.text("who"), true)
	if err != nil {
		return err
	}
	b := scriptFormPage{Script: x, View: view, Lang: f.text("tab"), Errors: map[string]string{}, Groups: options(r, "policy.group.", loa.ScriptGroups)}
	if !loa.OneOf(b.Lang, loa.Tongues) {
		b.Lang = loa.Tongues[0]
	}
	for i := range b.View.Langs {
		b.View.Langs[i].On = b.View.Langs[i].Lang == b.Lang
	}
	return s.part(w, r, "script_form", "script_filled", b)
}
