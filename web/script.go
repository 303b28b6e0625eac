package web

import (
	"context"
	"net/http"
	"net/url"

	"loa"
	"loa/store"
	"loa/wording"
)

func (s *Server) scriptRoutes() []route {
	return []route{
		{"GET /scripts", loa.ReadOutreach, s.scriptList},
		{"GET /scripts/new", loa.EditOutreach, s.scriptNew},
		{"POST /scripts/new", loa.EditOutreach, s.scriptCreate},
		{"POST /scripts/fill", loa.EditOutreach, s.scriptFill},
		{"GET /scripts/{id}", loa.ReadOutreach, s.scriptShow},
		{"GET /scripts/{id}/edit", loa.EditOutreach, s.scriptEdit},
		{"POST /scripts/{id}/edit", loa.EditOutreach, s.scriptUpdate},
		{"GET /scripts/{id}/versions", loa.ReadOutreach, s.scriptVersions},
		{"POST /scripts/{id}/submit", loa.EditOutreach, s.scriptSubmit},
		{"POST /scripts/{id}/approve", loa.EditOutreach, s.scriptApprove},
		{"POST /scripts/{id}/return", loa.EditOutreach, s.scriptReturn},
		{"POST /scripts/{id}/withdraw", loa.EditOutreach, s.scriptWithdraw},
		{"POST /scripts/{id}/clips", loa.EditOutreach, s.scriptClip},
		{"POST /scripts/{id}/voice", loa.EditOutreach, s.scriptVoice},
	}
}

// scriptTabs are the lists of scripts, in the order of the work. Blocked ones are approved and may not be used today.
var scriptTabs = []string{"all", "submitted", "draft", "approved", "blocked", "withdrawn"}

// scriptPage is how many scripts a page of the list shows.
const scriptPage = 40

type scriptListPage struct {
	Tabs    []scriptTab
	Tab     string
	Query   string
	Rows    []scriptRow
	Next    string
	First   string // back to the beginning; empty on the first page
	MayEdit bool
	Any     bool // there are scripts at all
}

type scriptTab struct {
	Label, URL string
	N          int
	On, Late   bool
}

type scriptRow struct {
	store.ScriptLine
	URL     string
	About   string // scheme and purpose
	Place   string
	Langs   []string
	Figures []scriptFigure
	Ends    loa.Day // the last day it can be said as it is
	Soon    int     // days until then, when few are left; -1: not soon
	Blocked string  // why it may not be used today, though approved
	By      officerView
}

// scriptFigure is one figure of a script with its amount on the day.
type scriptFigure struct {
	Label, Amount, Law string
	Until              loa.Day
	Unknown            bool
}

// figureBook are the figures of the office's law on a day, kept until something changes.
func (s *Server) figureBook(ctx context.Context, office loa.OfficeID, on loa.Day) (*wording.Book, error) {
	change, err := s.DB.ChangeNo(ctx, office)
	if err != nil {
		return nil, err
	}
	law, err := s.lawOf(ctx, office)
	if err != nil {
		return nil, err
	}
	return once(s.memo, memoKey{office, change, "figures " + string(on)}, func() (*wording.Book, error) { return wording.NewBook(law, on), nil })
}

func (s *Server) scriptList(w http.ResponseWriter, r *http.Request) error {
	b := scriptListPage{Tab: r.FormValue("state"), Query: r.FormValue("q"), MayEdit: whoOf(r).may(loa.EditOutreach)}
	if !loa.OneOf(b.Tab, scriptTabs) {
		b.Tab = "all"
	}
	counts, err := s.DB.ScriptCounts(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	blocked, err := s.blockedScripts(r)
	if err != nil {
		return err
	}
	for _, tab := range scriptTabs {
		n := counts[loa.ScriptState(tab)]
		switch tab {
		case "all":
			n = counts[loa.ScriptDraft] + counts[loa.ScriptSubmitted] + counts[loa.ScriptApproved]
			b.Any = n+counts[loa.ScriptWithdrawn] > 0
		case "blocked":
			n = len(blocked)
		}
		b.Tabs = append(b.Tabs, scriptTab{t(r, "script.tab."+tab), "/scripts?" + url.Values{"state": {tab}}.Encode(), n, tab == b.Tab, tab == "blocked" && n > 0})
	}
	list := blocked
	if b.Tab != "blocked" {
		f := store.ScriptSearch{Words: b.Query, After: store.ScriptMark{Folded: r.FormValue("after"), ID: loa.ScriptID(r.FormValue("id"))}, Take: scriptPage + 1}
		if b.Tab != "all" {
			f.State = loa.ScriptState(b.Tab)
		}
		if list, err = s.DB.ScriptPage(r.Context(), scopeOf(r), f); err != nil {
			return err
		}
		if f.After.ID != "" {
			b.First = "/scripts?" + url.Values{"state": {b.Tab}, "q": {b.Query}}.Encode()
		}
		if len(list) > scriptPage {
			list = list[:scriptPage]
			last := list[scriptPage-1]
			b.Next = "/scripts?" + url.Values{"state": {b.Tab}, "q": {b.Query}, "after": {last.Folded}, "id": {string(last.ID)}}.Encode()
		}
	}
	if b.Rows, err = s.scriptRows(r, list); err != nil {
		return err
	}
	context := t(r, "script.context", counts[loa.ScriptApproved], counts[loa.ScriptSubmitted], len(blocked))
	return s.render(w, r, "script_list", page{Title: t(r, "script.title"), Context: context, Active: "scripts", Body: b})
}

// blockedScripts are the approved scripts that may not be used today: their time or their figures ran out. They are looked for once for
// each day and change.
func (s *Server) blockedScripts(r *http.Request) ([]store.ScriptLine, error) {
	r = steady(r)
	return keep(s, r, "blocked scripts "+string(s.today())+rangesOf(scopeOf(r)), func() ([]store.ScriptLine, error) {
		book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
		if err != nil {
			return nil, err
		}
		var out []store.ScriptLine
		f := store.ScriptSearch{State: loa.ScriptApproved, Take: 200}
		for {
			list, err := s.DB.ScriptPage(r.Context(), scopeOf(r), f)
			if err != nil {
				return nil, err
			}
			for _, l := range list {
				if wording.Ready(l.Script, book) != nil {
					out = append(out, l)
				}
			}
			if len(list) < f.Take {
				return out, nil
			}
			last := list[len(list)-1]
			f.After = store.ScriptMark{Folded: last.Folded, ID: last.ID}
		}
	})
}

// scriptSoon is how many days before its end a script says so.
const scriptSoon = 30

func (s *Server) scriptRows(r *http.Request, list []store.ScriptLine) ([]scriptRow, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]scriptRow, len(list))
	for i, l := range list {
		row := scriptRow{ScriptLine: l, URL: "/scripts/" + string(l.ID), About: t(r, "purpose."+l.Purpose), By: officers.by[l.ChangedBy], Figures: s.scriptFigures(r, l.Script, book, wording.Who{}), Ends: wording.Until(l.Script, book), Soon: -1}
		if l.Scheme != "" {
			row.About = t(r, "scheme."+string(l.Scheme)) + " · " + row.About
		}
		if l.Area != whoOf(r).Office.Anchor {
			row.Place = places[l.Area]
		}
		for _, lang := range wording.Tongues(l.Script) {
			row.Langs = append(row.Langs, t(r, "tongue."+lang))
		}
		if days := row.Ends.Sub(s.today()); row.Ends != "" && days >= 0 && days < scriptSoon {
			row.Soon = days
		}
		if l.State == loa.ScriptApproved {
			row.Blocked = s.refusal(r, wording.Ready(l.Script, book))
		}
		out[i] = row
	}
	return out, nil
}

// refusal is a refusal as a sentence; empty for none.
func (s *Server) refusal(r *http.Request, err error) string {
	if err == nil {
		return ""
	}
	f := readForm(r)
	if f.take(err) == nil {
		for _, sentence := range f.Errors {
			return sentence
		}
	}
	return err.Error()
}

// scriptFigures are the figures a script tells, as somebody of a group, or the script's own, hears them.
func (s *Server) scriptFigures(r *http.Request, x loa.Script, book *wording.Book, reader wording.Who) []scriptFigure {
	known := book.For(wording.ForScript(x, reader))
	var out []scriptFigure
	for _, place := range wording.ScriptFigures(x) {
		out = append(out, figureView(r, known, place))
	}
	return out
}

func figureView(r *http.Request, known *wording.Known, place string) scriptFigure {
	x, _ := known.Get(place)
	return scriptFigure{Label: t(r, "script.place."+place), Amount: x.Written(loa.Tongue(langOf(r)), ""), Law: known.Cites([]string{place}).In(langOf(r)), Until: x.Quote.Until(), Unknown: x.Err != nil}
}
