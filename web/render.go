package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strings"
	"sync"

	"loa"
	"loa/i18n"
	"loa/vn"
)

// view is what every template is drawn with. It speaks the officer's language.
type view struct {
	Lang, Title, Context, Active, Path, Query, Banner, Simulated, ScopeLabel string
	Nav                                                                      []navGroup
	Rail, Content                                                            template.HTML
	Scopes                                                                   []scopeLink
	Officer                                                                  officerView
	Office                                                                   loa.Office
	Flash                                                                    flash
	Today                                                                    loa.Day
	Body                                                                     any
	Tour                                                                     *tourView
	who                                                                      *who
	stands                                                                   func(url string) bool
}

type officerView struct{ Name, RoleLabel, Initials string }

type scopeLink struct {
	Label, URL string
	On         bool
}

// flash is what just happened, shown once on the next page.
type flash struct{ Kind, Text, UndoURL string }

// T is the sentence behind a key in the page's language.
func (v *view) T(key string, args ...any) string { return i18n.Text(v.Lang, key, args...) }

// Issuer is the office's name as it stands at the head of a document, written out.
func (v *view) Issuer() string { return fullOffice(v.Office.Name) }

// May says whether the officer may do something, so that a page offers no button that would refuse.
func (v *view) May(a string) bool { return v.who.may(loa.Act(a)) }

// Stands says whether a page exists, so that no link leads nowhere.
func (v *view) Stands(url string) bool { return v.stands != nil && v.stands(url) }

// Leads says whether an address of this site has a page: "/sessions/…" leads nowhere while sessions have no pages.
func (v *view) Leads(url string) bool {
	room, _, _ := strings.Cut(strings.TrimPrefix(url, "/"), "/")
	room, _, _ = strings.Cut(room, "?")
	return v.Stands("/" + room)
}

// N writes a whole number as the language does: 1.234 or 1,234.
func (v *view) N(n any) string { return vn.NumberIn(v.Lang, toInt(n)) }

// Signed writes a change with its sign.
func (v *view) Signed(n any) string {
	i := toInt(n)
	if i > 0 {
		return "+" + vn.NumberIn(v.Lang, i)
	}
	if i < 0 {
		return "−" + vn.NumberIn(v.Lang, -i)
	}
	return "0"
}

// Money writes whole đồng.
func (v *view) Money(n int64) string { return vn.NumberIn(v.Lang, n) + " đ" }

// Tenths writes a number kept in tenths with one decimal: 951 is "95,1".
func (v *view) Tenths(n int64) string {
	sep, sign := ",", ""
	if v.Lang == "en" {
		sep = "."
	}
	if n < 0 {
		sign, n = "−", -n
	}
	return sign + vn.NumberIn(v.Lang, n/10) + sep + fmt.Sprint(n%10)
}

// Pct writes tenths of a percent: 951 is "95,1 %".
func (v *view) Pct(tenths int64) string {
	if v.Lang == "en" {
		return v.Tenths(tenths) + "%"
	}
	return v.Tenths(tenths) + " %"
}

// Dot writes tenths with a point, for a style sheet: 951 is "95.1".
func (v *view) Dot(tenths int64) string { return fmt.Sprintf("%d.%d", tenths/10, tenths%10) }

// Day writes dd/mm/yyyy; DayMonth leaves the year out.
func (v *view) Day(d loa.Day) string {
	if d == "" {
		return ""
	}
	if d == loa.OpenEnd {
		return v.T("day.open")
	}
	return string(d[8:10]) + "/" + string(d[5:7]) + "/" + string(d[:4])
}

// DayMonth writes dd/mm.
func (v *view) DayMonth(d loa.Day) string {
	if len(d) < 10 {
		return ""
	}
	return string(d[8:10]) + "/" + string(d[5:7])
}

// Month writes mm/yyyy.
func (v *view) Month(m loa.Month) string {
	if len(m) < 7 {
		return ""
	}
	return string(m[5:7]) + "/" + string(m[:4])
}

// Clock writes minutes after midnight as 19:30.
func (v *view) Clock(minutes int) string {
	if minutes <= 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// Initials are the two letters of an officer's chip.
func (v *view) Initials(name string) string { return vn.Initials(name) }

func toInt(n any) int64 {
	switch x := n.(type) {
	case int:
		return int64(x)
	case int64:
		return x
	case int32:
		return int64(x)
	case uint32:
		return int64(x)
	case *int64:
		if x == nil {
			return 0
		}
		return *x
	}
	panic(fmt.Sprintf("web: %T is not a whole number", n)) // a template was given the wrong thing; the test that draws every page finds it
}

// page is what a handler fills in before drawing: the title is the question the screen answers.
type page struct {
	Title, Context, Active, Query string
	Body                          any
	Status                        int
	Look                          string       // names the content, when it is the same for all of a language, place and roles until something changes
	Fill                          func() error // what the body still lacks; called when the content is really drawn
}

// render draws a page inside the frame, or only its "content" when htmx asks for a part of it.
func (s *Server) render(w http.ResponseWriter, r *http.Request, name string, p page) error {
	t, err := s.template(r, name)
	if err != nil {
		return err
	}
	frame := "layout"
	if whoOf(r) == nil {
		frame = "bare"
	}
	v := s.view(w, r, p)
	if frame == "layout" {
		if v.Rail, err = s.drawn(t, memoKey{what: "rail " + railLook(v)}, "rail", func() (any, error) { return v, nil }); err != nil {
			return err
		}
	}
	if p.Look != "" {
		if v.Content, err = s.content(r, t, name, p, v); err != nil {
			return err
		}
	}
	buf := sheets.Get().(*bytes.Buffer)
	defer func() {
		if buf.Cap() <= sheetAtMost {
			buf.Reset()
			sheets.Put(buf)
		}
	}()
	if err := t.ExecuteTemplate(buf, frame, v); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	return write(w, p.Status, buf)
}

// sheets are what pages are drawn on, used again: growing a new one for every page is a fifth of all the memory asked for. Those
// that grew beyond sheetAtMost bytes are let go.
var sheets = sync.Pool{New: func() any { return new(bytes.Buffer) }}

const sheetAtMost = 256 << 10

// content draws the middle of a page once for everybody who would see the same; whatever changes in the office makes it be drawn
// anew. Roles and places are part of the question, as the content may offer less to one officer than to another.
func (s *Server) content(r *http.Request, t *template.Template, name string, p page, v *view) (template.HTML, error) {
	change, err := s.changeNo(r)
	if err != nil {
		return "", err
	}
	me := whoOf(r)
	what := fmt.Sprintln(name, v.Lang, v.Today, rangesOf(me.Scope), rangesOf(me.Whole), me.roles(), p.Look)
	return s.drawn(t, memoKey{me.Office.ID, change, what}, "content", func() (any, error) {
		if p.Fill == nil {
			return v, nil
		}
		return v, p.Fill()
	})
}

// drawn draws a block of which everything that can differ is in its key: it is drawn once for each.
func (s *Server) drawn(t *template.Template, key memoKey, block string, data func() (any, error)) (template.HTML, error) {
	return once(s.drawings, key, func() (template.HTML, error) {
		v, err := data()
		if err != nil {
			return "", err
		}
		var buf strings.Builder
		if err := t.ExecuteTemplate(&buf, block, v); err != nil {
			return "", fmt.Errorf("draw %s: %w", block, err)
		}
		return template.HTML(buf.String()), nil // drawn by a template, so escaped already
	})
}

// part draws one block of a page's template, for a partial update.
func (s *Server) part(w http.ResponseWriter, r *http.Request, name, block string, body any) error {
	t, err := s.template(r, name)
	if err != nil {
		return err
	}
	v := s.view(w, r, page{Body: body})
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, block, v); err != nil {
		return fmt.Errorf("draw %s of %s: %w", block, name, err)
	}
	return write(w, 0, &buf)
}

func write(w http.ResponseWriter, status int, buf *bytes.Buffer) error {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	if status != 0 {
		w.WriteHeader(status)
	}
	if _, err := buf.WriteTo(w); err != nil {
		return nil // the visitor has gone; nothing is lost
	}
	return nil
}

// view fills the frame around a page.
func (s *Server) view(w http.ResponseWriter, r *http.Request, p page) *view {
	me := whoOf(r)
	v := &view{Lang: langOf(r), Title: p.Title, Context: p.Context, Active: p.Active, Query: p.Query, Path: r.URL.RequestURI(), Body: p.Body, Today: s.today(), who: me, stands: s.stands}
	v.Banner, v.Simulated = s.banner(r), s.Simulated
	if me == nil {
		return v
	}
	v.Office = me.Office
	v.Officer = officerView{Name: me.Officer.Name, RoleLabel: v.T("role." + string(me.Role)), Initials: me.Officer.Initials()}
	v.Nav = s.nav(r, v)
	v.ScopeLabel, v.Scopes = scopeLinks(r, v)
	v.Flash = s.takeFlash(w, r)
	v.Tour = s.tourBox(r, v)
	return v
}

// t is a sentence in the language of the request.
func t(r *http.Request, key string, args ...any) string { return i18n.Text(langOf(r), key, args...) }
