package web

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"loa"
	"loa/i18n"
	"loa/store"
	"loa/vn"
)

func (s *Server) publicRoutes() []route {
	return []route{
		{"GET /public", "", s.publicOffices},
		{"GET /public/{office}", "", s.public(s.publicHome)},
		{"GET /public/{office}/{rest...}", "", s.public(func(http.ResponseWriter, *http.Request, *guest) error { return loa.ErrNotFound })},
		{"GET /public/{office}/ask", "", s.public(s.publicAskNew)},
		{"POST /public/{office}/ask", "", s.public(s.publicAsk)},
		{"GET /public/{office}/call", "", s.public(s.publicCallNew)},
		{"POST /public/{office}/call", "", s.public(s.publicCall)},
		{"GET /public/{office}/thanks", "", s.public(s.publicThanks)},
		{"GET /public/{office}/sessions", "", s.public(s.publicSessions)},
		{"GET /public/{office}/sessions.ics", "", s.public(s.publicCalendar)},
		{"GET /public/{office}/sessions/{file}", "", s.public(s.publicEvent)},
	}
}

// guest is somebody without a sign-in on an office's public pages: nothing is known of them but the link they came through.
type guest struct {
	Office   loa.Office
	Settings loa.Settings
	Link     loa.Link // its ID is empty when they came by themselves
}

// from is the code of the link that the pages pass on, so that no cookie is needed.
func (g *guest) from() string { return g.Link.Code }

// place is the commune or village that the guest's link was made for; empty when it was made for everywhere, or there is none.
func (g *guest) place(places []store.PublicCommune) publicPlace {
	if p, err := placeAsked(places, g.Link.Area, ""); err == nil {
		return p
	}
	p, _ := placeAsked(places, "", g.Link.Area) // not found: the office's own node, or an area it no longer answers for
	return p
}

// publicHandler is a public page or act of one office.
type publicHandler func(w http.ResponseWriter, r *http.Request, g *guest) error

type langKey struct{}

// public finds the office of the address and the link somebody came through, and answers refusals in the public frame.
func (s *Server) public(handle publicHandler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		r = chosenLanguage(w, r, s.Secure)
		g, err := s.guestOf(r)
		if err == nil {
			err = handle(w, r, g)
		}
		if loa.KindOf(err) == loa.NotFound {
			return s.publicRefused(w, r, g, http.StatusNotFound, "public.not_found")
		}
		return err
	}
}

// chosenLanguage takes the language from the address or the form, for this browser's next pages too.
func chosenLanguage(w http.ResponseWriter, r *http.Request, secure bool) *http.Request {
	lang := r.FormValue("lang")
	if !slices.Contains(i18n.Languages, lang) {
		return r
	}
	if c, err := r.Cookie(langCookie); err != nil || c.Value != lang {
		http.SetCookie(w, &http.Cookie{Name: langCookie, Value: lang, Path: "/", HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode, MaxAge: 365 * 24 * 3600})
	}
	return r.WithContext(context.WithValue(r.Context(), langKey{}, lang))
}

func (s *Server) guestOf(r *http.Request) (*guest, error) {
	o, err := s.DB.OfficeBySlug(r.Context(), r.PathValue("office"))
	if err != nil {
		return nil, err
	}
	g := &guest{Office: o}
	if g.Settings, err = publicKept(s, r, g, "public settings", func(ctx context.Context) (loa.Settings, error) { return s.DB.Settings(ctx, o.ID) }); err != nil {
		return nil, err
	}
	if g.Settings.PublicOff {
		return nil, loa.ErrNotFound
	}
	if code := loa.ReadCode(r.FormValue("from")); code != "" {
		l, err := s.DB.LinkByCode(r.Context(), code)
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return nil, err
		}
		if l.Office == o.ID {
			g.Link = l
		}
	}
	return g, nil
}

// publicKept keeps what a public page reads until something changes in the office.
func publicKept[T any](s *Server, r *http.Request, g *guest, what string, build func(ctx context.Context) (T, error)) (T, error) {
	return once(s.memo, memoKey{g.Office.ID, g.Office.ChangeNo, what}, func() (T, error) { return build(context.WithoutCancel(r.Context())) })
}

// publicView is what public templates are drawn with.
type publicView struct {
	*view
	Slug, From        string
	Name, Above       string // the office and the body above it
	Phone, PhoneShown string
	Demo              string
	Tabs              []publicTab
	Form              string // the form whose typing a change of language keeps
	OtherLang         string
	LangURL           string
	More              *publicMore
}

type publicTab struct {
	Key, Label, URL, Icon string
	On                    bool
}

// At is the address of another public page of the office, with the link somebody came through.
func (v *publicView) At(page string) string { return publicURL(v.Slug, page, v.From) }

func publicURL(slug, page, from string) string {
	at := publicPath(slug, page)
	if from != "" {
		at += "?" + url.Values{"from": {from}}.Encode()
	}
	return at
}

// publicTabs are the public pages in the order they are offered; one that has no route yet is left out.
var publicTabs = []struct{ key, icon string }{{"home", "calculator"}, {"sessions", "calendar-days"}, {"ask", "message-circle-question-mark"}, {"call", "phone"}, {"changes", "hourglass"}}

// publicPage is what a public handler fills in before drawing.
type publicPage struct {
	page
	Key    string // of the tab
	Form   string // the id of the page's form, when a change of language must keep what was typed in it
	Unkept bool   // the page holds a form's key or what somebody typed: no copy of it may be kept anywhere
	More   *publicMore
}

// renderPublic draws a public page in its frame, packed when the browser takes it so, with a mark by which an unchanged page is not
// sent twice. The guest is nil where no office is known.
func (s *Server) renderPublic(w http.ResponseWriter, r *http.Request, g *guest, name string, p publicPage) error {
	t, err := s.template(r, name)
	if err != nil {
		return err
	}
	buf := sheets.Get().(*bytes.Buffer)
	defer func() {
		buf.Reset()
		sheets.Put(buf)
	}()
	if err := t.ExecuteTemplate(buf, "public", s.publicView(r, g, p)); err != nil {
		return fmt.Errorf("draw %s: %w", name, err)
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "Accept-Encoding, Accept-Language, Cookie")
	if !p.Unkept && p.Status == 0 {
		sum := sha256.Sum256(buf.Bytes())
		tag := `"` + hex.EncodeToString(sum[:12]) + `"`
		h.Set("Cache-Control", "private, no-cache") // asked again each time, sent again only when it changed
		h.Set("ETag", tag)
		if r.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return nil
		}
	}
	return packed(w, r, p.Status, buf.Bytes())
}

var packers = sync.Pool{New: func() any { z, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed); return z }}

// packed answers with a body, packed when the browser takes it so.
func packed(w http.ResponseWriter, r *http.Request, status int, body []byte) error {
	if status == 0 {
		status = http.StatusOK
	}
	if !takesGzip(r) {
		w.WriteHeader(status)
		w.Write(body)
		return nil // a visitor who has gone loses nothing
	}
	w.Header().Set("Content-Encoding", "gzip")
	w.WriteHeader(status)
	z := packers.Get().(*gzip.Writer)
	defer packers.Put(z)
	z.Reset(w)
	z.Write(body)
	z.Close()
	return nil
}

func takesGzip(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept-Encoding"), "gzip")
}

func (s *Server) publicView(r *http.Request, g *guest, p publicPage) *publicView {
	lang := langOf(r)
	v := &publicView{view: &view{Lang: lang, Title: p.Title, Path: r.URL.RequestURI(), Body: p.Body, Today: s.today(), stands: s.stands}, Form: p.Form, More: p.More}
	for _, other := range i18n.Languages {
		if other != lang {
			v.OtherLang = other
		}
	}
	q := r.URL.Query()
	q.Set("lang", v.OtherLang)
	v.LangURL = r.URL.Path + "?" + q.Encode()
	if g == nil {
		v.Name = v.T("public.loa")
		return v
	}
	v.view.Office = g.Office
	v.Slug, v.From, v.Name, v.Above = g.Office.Slug, g.from(), g.Office.Name, g.Office.Superior
	v.Phone, v.PhoneShown = dialled(g.Settings.PublicPhone), vn.PhoneDisplay(g.Settings.PublicPhone)
	if g.Office.Synthetic {
		v.Demo = v.T("public.demo")
	}
	for _, tab := range publicTabs {
		pattern := "/public/{office}"
		if tab.key != "home" {
			pattern += "/" + tab.key
		}
		if s.rooms[pattern] {
			v.Tabs = append(v.Tabs, publicTab{tab.key, v.T("public.tab." + tab.key), v.At(tab.key), tab.icon, tab.key == p.Key})
		}
	}
	return v
}

// dialled is a number as it is dialled inside the country.
func dialled(phone string) string { return strings.ReplaceAll(vn.PhoneDisplay(phone), " ", "") }

func (s *Server) publicRefused(w http.ResponseWriter, r *http.Request, g *guest, status int, key string) error {
	return s.renderPublic(w, r, g, "public_error", publicPage{page: page{Title: t(r, "access.not_found_title"), Status: status, Body: t(r, key)}, Unkept: true})
}

// publicOffices leads to the only office, or lists them.
func (s *Server) publicOffices(w http.ResponseWriter, r *http.Request) error {
	r = chosenLanguage(w, r, s.Secure)
	all, err := s.DB.Offices(r.Context())
	if err != nil {
		return err
	}
	var open []loa.Office
	for _, o := range all {
		set, err := s.DB.Settings(r.Context(), o.ID)
		if err != nil {
			return err
		}
		if !set.PublicOff {
			open = append(open, o)
		}
	}
	switch len(open) {
	case 0:
		return s.publicRefused(w, r, nil, http.StatusNotFound, "public.no_office")
	case 1:
		http.Redirect(w, r, publicPath(open[0].Slug, "home"), http.StatusSeeOther)
		return nil
	}
	slices.SortFunc(open, func(a, b loa.Office) int { return strings.Compare(vn.SortKey(a.ShortName), vn.SortKey(b.ShortName)) })
	return s.renderPublic(w, r, nil, "public_offices", publicPage{page: page{Title: t(r, "public.which_office"), Body: open}})
}

// publicMore is what stands under the calculator: the next dates, the way to the stories that are told, and a place to begin a question.
type publicMore struct {
	Dates   []publicDate
	Stories bool // there are some to read
}

// nearMost is how many dates stand under the calculator.
const nearMost = 3

// publicMore puts the dates of the place that somebody's link was made for before those of the rest of the office.
func (s *Server) publicMore(r *http.Request, g *guest) (*publicMore, error) {
	dates, err := publicKept(s, r, g, fmt.Sprintln("public near", langOf(r), s.today(), g.Link.Area), func(ctx context.Context) ([]publicDate, error) { return s.nearDates(r.WithContext(ctx), g) })
	if err != nil {
		return nil, err
	}
	told, err := publicKept(s, r, g, fmt.Sprintln("public told", langOf(r), s.today()), func(ctx context.Context) (bool, error) { return s.tells(ctx, langOf(r), g.Office.ID) })
	return &publicMore{Dates: dates, Stories: told}, err
}

// tells says whether the office has any story for everybody; the stories themselves are asked for anew each time.
func (s *Server) tells(ctx context.Context, lang string, office loa.OfficeID) (bool, error) {
	list, err := s.DB.StoriesFor(ctx, office, loa.StoryFilter{On: s.today(), Take: 1, Words: lang})
	return len(list) > 0, err
}

// nearDates are the next dates, those near the guest's place first.
func (s *Server) nearDates(r *http.Request, g *guest) ([]publicDate, error) {
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return nil, err
	}
	here := g.place(places)
	most := nearMost
	if here.Commune != nil {
		most = math.MaxInt
	}
	dates, err := s.publicDates(r, g, "", most)
	if err != nil {
		return nil, err
	}
	if here.Commune != nil {
		slices.SortStableFunc(dates, func(a, b publicDate) int { return here.far(a) - here.far(b) })
	}
	return dates[:min(len(dates), nearMost)], nil
}
