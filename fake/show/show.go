// Package show is the page on which a person sees what came in at the providers, answers as the people who got it, moves their clock and lets
// things go wrong. It must never know a driver, or the office it shows the messages of.
package show

import (
	"embed"
	"html/template"
	"io/fs"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa/fake"
	"loa/i18n"
)

//go:embed show.css show.js page.html
var files embed.FS

// Options are what the page is made with.
type Options struct {
	World    *fake.World
	Now      func() time.Time // the time outside the world, for the button "now"
	Files    fs.FS            // static/app.css with the fonts it names
	Lang     string           // until a reader chooses another
	Office   string           // the address of the office the messages come from; empty where there is none to lead to
	Accounts func() []Account // what an office types in to send here
}

// Account is one account at a provider, as the settings of an office call it.
type Account struct {
	Kind   string
	Fields []Field
}

// Field is one of the answers of an account.
type Field struct{ Key, Value string }

type server struct {
	Options
	page *template.Template
}

// Handler answers with the pages, and with the providers themselves for every other address.
func Handler(o Options) http.Handler {
	s := &server{Options: o}
	s.page = template.Must(template.New("page.html").Funcs(template.FuncMap{
		"act": func(v view, c any, way, do string) act { return act{v, whoOf(c), way, do} },
		"at":  func(t time.Time) string { return t.In(zone).Format("15:04:05 02/01/2006") }, "hour": func(t time.Time) string { return t.In(zone).Format("15:04:05") }, "field": func(t time.Time) string { return t.In(zone).Format("2006-01-02T15:04") },
	}).ParseFS(files, "page.html"))
	m := http.NewServeMux()
	m.HandleFunc("GET /{$}", s.people)
	m.HandleFunc("GET /posts", s.view("posts"))
	m.HandleFunc("GET /ledger", s.view("ledger"))
	m.HandleFunc("GET /accounts", s.view("accounts"))
	m.HandleFunc("GET /seen", func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Cache-Control", "no-store")
		_, _ = rw.Write([]byte(strconv.Itoa(s.World.Ledger.Len())))
	})
	m.HandleFunc("POST /say", s.form(s.say))
	m.HandleFunc("POST /person", s.form(s.person))
	m.HandleFunc("POST /people", s.form(s.add))
	m.HandleFunc("POST /clock", s.form(s.clock))
	m.HandleFunc("POST /scripts", s.form(s.script))
	m.HandleFunc("POST /language", s.form(s.language))
	m.HandleFunc("GET /show.css", s.file("text/css; charset=utf-8"))
	m.HandleFunc("GET /show.js", s.file("text/javascript; charset=utf-8"))
	if o.Files != nil {
		m.Handle("GET /static/", http.FileServerFS(o.Files))
	}
	m.Handle("/", o.World.Handler())
	return http.NewCrossOriginProtection().Handler(m)
}

// act is one button beside a chat.
type act struct {
	View         view
	Who, Way, Do string
}

func whoOf(c any) string {
	switch c := c.(type) {
	case fake.Chat:
		return c.Who
	case *fake.Chat:
		return c.Who
	}
	return ""
}

// zone is that of the providers.
var zone = time.FixedZone("+07", 7*60*60)

func (s *server) file(kind string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		raw, err := files.ReadFile(strings.TrimPrefix(r.URL.Path, "/"))
		if err != nil {
			http.NotFound(rw, r)
			return
		}
		rw.Header().Set("Content-Type", kind)
		_, _ = rw.Write(raw)
	}
}

// view is all a page shows.
type view struct {
	Lang, Tab, Office string
	Path              string // where a form comes back to
	Now               time.Time
	Rate              int
	Scripts           []fake.Script
	Error             string
	Find              string
	Chats             []fake.Chat
	All               int
	Chat              *fake.Chat
	Lines             []fake.Entry
	Ways              []string // by which the person can answer
	Lettered          bool     // they had a letter, which can be refused or bounce
	Post              string   // the newest post of the Page, for comments
	Posts             []fake.Post
	Entries           []fake.Entry
	More              bool
	Accounts          []Account
	Seen              int
}

// T is a sentence of the catalogues.
func (v view) T(key string, args ...any) string { return i18n.Text(v.Lang, "fake."+key, args...) }

// Name is how a person is called on the page.
func (v view) Name(c fake.Chat) string {
	for _, s := range []string{c.Villager.Name, c.Villager.Phone, c.Villager.Mail} {
		if s != "" {
			return s
		}
	}
	return c.Who
}

// Link leads to a person's chat.
func (v view) Link(who string) string {
	q := url.Values{"who": {who}}
	if v.Find != "" {
		q.Set("find", v.Find)
	}
	return "/?" + q.Encode()
}

// Said is what was written, or what was done, where that has no words.
func (v view) Said(e fake.Entry) string {
	switch {
	case e.Outcome == fake.Said && e.Kind != "say":
		return strings.TrimSpace(v.T("did."+e.Kind) + " " + e.Text)
	case e.Text == "":
		return v.T("wordless")
	}
	return e.Text
}

func (s *server) begin(rw http.ResponseWriter, r *http.Request, tab string) view {
	v := view{Lang: s.Lang, Tab: tab, Office: s.Office, Path: r.URL.RequestURI(), Now: s.World.Clock.Now(), Rate: s.World.Clock.Rate(), Scripts: s.World.Scripts(), Seen: s.World.Ledger.Len()}
	for _, from := range []string{cookie(r, "loa_fake_lang"), r.URL.Query().Get("lang")} {
		if from == "vi" || from == "en" {
			v.Lang = from
		}
	}
	if v.Lang != "en" {
		v.Lang = "vi"
	}
	if code := cookie(r, "loa_fake_error"); code != "" {
		v.Error = code
		http.SetCookie(rw, &http.Cookie{Name: "loa_fake_error", Path: "/", MaxAge: -1})
	}
	return v
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *server) draw(rw http.ResponseWriter, v view) {
	h := rw.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	h.Set("Cache-Control", "no-store")
	if err := s.page.Execute(rw, v); err != nil {
		return // the reader went away
	}
}

// shown is how many people and entries one page shows.
const shown = 200

func (s *server) people(rw http.ResponseWriter, r *http.Request) {
	v := s.begin(rw, r, "people")
	v.Find = r.URL.Query().Get("find")
	v.Chats, v.All = s.World.Chats(v.Find, shown)
	who := r.URL.Query().Get("who")
	if who == "" && len(v.Chats) > 0 && v.Find == "" {
		who = v.Chats[0].Who
	}
	if who != "" {
		c, lines := s.World.Chat(who)
		v.Chat, v.Lines = &c, lines[max(0, len(lines)-shown):]
		v.Lettered = slices.ContainsFunc(lines, func(e fake.Entry) bool { return e.Kind == "letter" && e.Outcome == fake.Taken })
		v.Ways, v.Post = s.ways(c), s.newestPost()
	}
	s.draw(rw, v)
}

// ways are how somebody can answer just now.
func (s *server) ways(c fake.Chat) (list []string) {
	v := c.Villager
	if v.ID != "" {
		list = append(list, "zalo")
	}
	if v.PSID != "" {
		list = append(list, "facebook")
	}
	if v.Phone != "" && s.World.SMPP.Bound() > 0 {
		list = append(list, "smpp")
	}
	if v.Mail != "" {
		list = append(list, "mail")
	}
	return list
}

func (s *server) newestPost() string {
	for _, p := range s.World.Posts() {
		if p.Provider == "facebook" && p.Entry.Kind == "post" {
			return p.ID
		}
	}
	return ""
}

func (s *server) view(tab string) http.HandlerFunc {
	return func(rw http.ResponseWriter, r *http.Request) {
		v := s.begin(rw, r, tab)
		switch tab {
		case "posts":
			v.Posts = s.World.Posts()
			v.Posts = v.Posts[:min(shown, len(v.Posts))]
		case "accounts":
			if s.Accounts != nil {
				v.Accounts = s.Accounts()
			}
		default:
			before, err := strconv.Atoi(r.URL.Query().Get("before"))
			if err != nil {
				before = v.Seen + 1
			}
			v.Entries, v.More = s.last(before)
		}
		s.draw(rw, v)
	}
}

// last reads the entries before one, the newest first.
func (s *server) last(before int) (list []fake.Entry, more bool) {
	s.World.Ledger.Entries(func(e *fake.Entry) {
		if int(e.Seq) < before && int(e.Seq) >= before-shown {
			list = append(list, *e)
		}
	})
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list, len(list) > 0 && list[len(list)-1].Seq > 1
}

// Oldest is where the next page of entries begins.
func (v view) Oldest() int64 { return v.Entries[len(v.Entries)-1].Seq }
