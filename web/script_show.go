package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/store"
	"loa/vn"
	"loa/wording"
)

type scriptShowPage struct {
	Row        scriptRow
	Script     loa.Script
	Newest     bool
	View       scriptView
	Tab        langTab
	MayEdit    bool
	MayApprove bool
	Own        bool
	Author     officerView
	Changed    officerView
	Approver   officerView
	ApprovedAt string
	Versions   []versionRow
	Voices     []voiceView
	Errors     map[string]string
	Why        string
	KitURL     string
}

type versionRow struct {
	Version        int
	State, URL, At string
	By, Approver   officerView
	On             bool
	Compare        string // with the one before
}

func (s *Server) scriptShow(w http.ResponseWriter, r *http.Request) error {
	return s.scriptPage(w, r, nil)
}

// scriptPage is the page of one script, again with what was wrong in a form on it.
func (s *Server) scriptPage(w http.ResponseWriter, r *http.Request, f *form) error {
	id := loa.ScriptID(r.PathValue("id"))
	versions, err := s.DB.ScriptVersions(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	x := versions[0]
	if v, err := strconv.Atoi(r.FormValue("v")); err == nil && v > 0 {
		if x, err = s.DB.Script(r.Context(), scopeOf(r), id, v); err != nil {
			return err
		}
	}
	rows, err := s.scriptRows(r, []store.ScriptLine{{Script: x}})
	if err != nil {
		return err
	}
	me := whoOf(r)
	day, _ := readDay(r.FormValue("day"))
	b := scriptShowPage{Row: rows[0], Script: x, Newest: x.Version == versions[0].Version, MayEdit: me.may(loa.EditOutreach) && loa.OneOf(string(x.Area), valuesOf(s.scriptAreas(r))), Errors: map[string]string{}}
	if b.View, err = s.scriptLook(r, x, day, r.FormValue("who"), false); err != nil {
		return err
	}
	if x.State == loa.ScriptApproved {
		b.KitURL = "/kits/" + string(x.ID)
	}
	b.Tab = b.chooseTab(r)
	b.Own = me.Officer.ID == x.Author || me.Officer.ID == x.ChangedBy
	b.MayApprove = b.MayEdit && b.Newest && x.State == loa.ScriptSubmitted && !b.Own
	if err := s.scriptFolk(r, &b, versions); err != nil {
		return err
	}
	if b.Voices, err = s.scriptVoices(r, x, f); err != nil {
		return err
	}
	status := 0
	if f != nil {
		b.Errors, b.Why, status = f.Errors, f.text("why"), http.StatusUnprocessableEntity
	}
	microphone(w)
	return s.render(w, r, "script_show", page{Title: x.Name, Context: t(r, "script.show.context", x.Version, b.Row.About), Active: "scripts", Body: b, Status: status})
}

func valuesOf(list []option) (out []string) {
	for _, o := range list {
		out = append(out, o.Value)
	}
	return out
}

// chooseTab makes the languages links that keep the rest of the address, and opens one.
func (b *scriptShowPage) chooseTab(r *http.Request) langTab {
	open := 0
	for i := range b.View.Langs {
		q := url.Values{"lang": {b.View.Langs[i].Lang}}
		for _, key := range []string{"day", "who", "v"} {
			if v := r.FormValue(key); v != "" {
				q.Set(key, v)
			}
		}
		b.View.Langs[i].URL = b.Row.URL + "?" + q.Encode()
		if b.View.Langs[i].Lang == r.FormValue("lang") {
			open = i
		}
	}
	if len(b.View.Langs) == 0 {
		return langTab{}
	}
	b.View.Langs[open].On = true
	return b.View.Langs[open]
}

func (s *Server) scriptFolk(r *http.Request, b *scriptShowPage, versions []loa.Script) error {
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	b.Author, b.Changed, b.Approver = officers.by[b.Script.Author], officers.by[b.Script.ChangedBy], officers.by[b.Script.ApprovedBy]
	if !b.Script.ApprovedAt.IsZero() {
		b.ApprovedAt = moment(b.Script.ApprovedAt)
	}
	for i, v := range versions {
		row := versionRow{Version: v.Version, State: string(v.State), URL: b.Row.URL + "?v=" + strconv.Itoa(v.Version), At: moment(v.CreatedAt), By: officers.by[v.ChangedBy], Approver: officers.by[v.ApprovedBy], On: v.Version == b.Script.Version}
		if i+1 < len(versions) {
			row.Compare = b.Row.URL + "/versions?" + url.Values{"a": {strconv.Itoa(versions[i+1].Version)}, "b": {strconv.Itoa(v.Version)}}.Encode()
		}
		b.Versions = append(b.Versions, row)
	}
	return nil
}

// scriptMoved takes a script to another state and says so, or shows the page again with what was wrong.
func (s *Server) scriptMoved(w http.ResponseWriter, r *http.Request, act, said string, fn func(*loa.Script) error) error {
	id, f := loa.ScriptID(r.PathValue("id")), readForm(r)
	_, err := s.DB.ChangeScript(r.Context(), scopeOf(r), s.by(r), id, act, fn)
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.scriptPage(w, r, f)
	}
	return s.done(w, r, "/scripts/"+string(id), t(r, said), "")
}

// sayable refuses a script that could not be said on the first day it is for: a figure is not known, or its time is over.
func (s *Server) sayable(r *http.Request, x *loa.Script) error {
	if x.Until != "" && x.Until < s.today() {
		return wording.InTime(*x, s.today())
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, max(s.today(), x.From))
	if err != nil {
		return err
	}
	for _, b := range wording.Blocks(*x, book) {
		return loa.Refuse(loa.Conflict, "", "figure_unknown", loa.Phrase("script.place."+b.Place), book.Day)
	}
	return nil
}

func (s *Server) scriptSubmit(w http.ResponseWriter, r *http.Request) error {
	return s.scriptMoved(w, r, "submitted", "script.submitted", func(x *loa.Script) error {
		if err := s.sayable(r, x); err != nil {
			return err
		}
		return x.Submit()
	})
}

func (s *Server) scriptApprove(w http.ResponseWriter, r *http.Request) error {
	return s.scriptMoved(w, r, "approved", "script.approved", func(x *loa.Script) error {
		if seen, err := strconv.Atoi(r.FormValue("version")); err == nil && seen != x.Version {
			return loa.Refuse(loa.Conflict, "", "changed_meanwhile")
		}
		if read, err := strconv.ParseInt(r.FormValue("read"), 10, 64); err == nil && read != x.ChangeNo { // approved is what was read
			return loa.Refuse(loa.Conflict, "", "changed_meanwhile")
		}
		if err := s.sayable(r, x); err != nil {
			return err
		}
		return x.Approve(s.by(r))
	})
}

func (s *Server) scriptReturn(w http.ResponseWriter, r *http.Request) error {
	why := vn.Tidy(r.FormValue("why"))
	return s.scriptMoved(w, r, "returned", "script.returned", func(x *loa.Script) error { return x.SendBack(why) })
}

func (s *Server) scriptWithdraw(w http.ResponseWriter, r *http.Request) error {
	id, f := loa.ScriptID(r.PathValue("id")), readForm(r)
	if len([]rune(f.text("why"))) > loa.ScriptWhy {
		f.bad("why", "error.too_long", loa.ScriptWhy)
	} else if err := f.take(s.DB.WithdrawScript(r.Context(), scopeOf(r), s.by(r), id, vn.Tidy(f.text("why")))); err != nil {
		return err
	}
	if !f.ok() {
		return s.scriptPage(w, r, f)
	}
	return s.done(w, r, "/scripts/"+string(id), t(r, "script.withdrawn"), "")
}

type scriptVersionsPage struct {
	URL      string
	A, B     int
	Versions []int
	Same     bool
	Facts    []changedFact
	Texts    []changedText
}

type changedFact struct{ Label, Old, New string }

type changedText struct {
	Tongue, Kind, HTMLLang string
	Pieces                 []diffPiece
	Added, Gone            bool
}

// scriptVersions shows what one version changed of another, word by word.
func (s *Server) scriptVersions(w http.ResponseWriter, r *http.Request) error {
	id := loa.ScriptID(r.PathValue("id"))
	versions, err := s.DB.ScriptVersions(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	b := scriptVersionsPage{URL: "/scripts/" + string(id), B: versions[0].Version, A: max(1, versions[0].Version-1)}
	for _, name := range []string{"a", "b"} {
		if n, err := strconv.Atoi(r.FormValue(name)); err == nil {
			if name == "a" {
				b.A = n
			} else {
				b.B = n
			}
		}
	}
	var old, now loa.Script
	for _, v := range versions {
		b.Versions = append(b.Versions, v.Version)
		if v.Version == b.A {
			old = v
		}
		if v.Version == b.B {
			now = v
		}
	}
	if old.ID == "" || now.ID == "" {
		return loa.ErrNotFound
	}
	b.Facts, b.Texts = s.changedFacts(r, old, now), changedTexts(r, old, now)
	b.Same = len(b.Facts)+len(b.Texts) == 0
	return s.render(w, r, "script_versions", page{Title: t(r, "script.versions.title", now.Name), Context: t(r, "script.versions.context", b.A, b.B), Active: "scripts", Body: b})
}

func (s *Server) changedFacts(r *http.Request, old, now loa.Script) (out []changedFact) {
	word := func(prefix, v string) string {
		if v == "" {
			return "–"
		}
		return t(r, prefix+v)
	}
	day := func(d loa.Day) string {
		if d == "" {
			return "–"
		}
		return d.Vietnamese()
	}
	for _, f := range []changedFact{
		{t(r, "script.name"), old.Name, now.Name}, {t(r, "script.scheme"), word("scheme.", string(old.Scheme)), word("scheme.", string(now.Scheme))}, {t(r, "script.purpose"), word("purpose.", old.Purpose), word("purpose.", now.Purpose)},
		{t(r, "script.group"), word("policy.group.", old.Group), word("policy.group.", now.Group)}, {t(r, "script.from"), day(old.From), day(now.From)}, {t(r, "script.until"), day(old.Until), day(now.Until)},
	} {
		if f.Old != f.New {
			out = append(out, f)
		}
	}
	return out
}

func changedTexts(r *http.Request, old, now loa.Script) (out []changedText) {
	for _, lang := range loa.Tongues {
		for _, kind := range loa.ScriptKinds {
			a, had := old.Words([]string{lang}, kind)
			b, has := now.Words([]string{lang}, kind)
			if a.Text == b.Text {
				continue
			}
			out = append(out, changedText{t(r, "tongue."+lang), t(r, "script.kind."+kind), htmlLang(lang), wordDiff(a.Text, b.Text), !had && has, had && !has})
		}
	}
	return out
}
