package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/klauspost/compress/gzip"

	"loa"
)

type navGroup struct {
	Step  int
	Label string
	Items []navItem
}

type navItem struct {
	Key, Label, URL, Icon string
	Count                 int
	Late                  bool
}

// rail is the loop in its order; an item is shown to those who may use it.
var rail = []struct {
	step  int
	items []struct {
		key, url, icon string
		may            loa.Act
	}
}{
	{0, []struct {
		key, url, icon string
		may            loa.Act
	}{{"today", "/", "sun", loa.SignedIn}}},
	{1, []struct {
		key, url, icon string
		may            loa.Act
	}{{"people", "/people", "users", loa.ReadPeople}, {"segments", "/segments", "layers", loa.ReadOutreach}, {"areas", "/areas", "map", loa.ReadFigures},
		{"partners", "/partners", "handshake", loa.ReadOutreach}}},
	{2, []struct {
		key, url, icon string
		may            loa.Act
	}{{"matrix", "/matrix", "table", loa.ReadOutreach}}},
	{3, []struct {
		key, url, icon string
		may            loa.Act
	}{{"targets", "/targets", "target", loa.ReadFigures}}},
	{4, []struct {
		key, url, icon string
		may            loa.Act
	}{{"sessions", "/sessions", "presentation", loa.ReadOutreach}, {"broadcasts", "/broadcasts", "send", loa.ReadOutreach}, {"calculator", "/calculator", "calculator", loa.SignedIn}, {"scripts", "/scripts", "scroll", loa.ReadOutreach}, {"leaflets", "/leaflets", "newspaper", loa.ReadOutreach}, {"stations", "/stations", "megaphone", loa.ReadOutreach}, {"stories", "/stories", "quote", loa.ReadOutreach}, {"links", "/links", "qr-code", loa.ReadOutreach}}},
	{5, []struct {
		key, url, icon string
		may            loa.Act
	}{{"inbox", "/inbox", "inbox", loa.EditOutreach}, {"questions", "/questions", "message-circle-question-mark", loa.ReadOutreach}, {"answers", "/answers", "book-open", loa.ReadOutreach}}},
	{6, []struct {
		key, url, icon string
		may            loa.Act
	}{{"enrolment", "/enrolment", "hand-coins", loa.ReadEnrolment}, {"register", "/register", "list-checks", loa.ReadPeople}}},
	{7, []struct {
		key, url, icon string
		may            loa.Act
	}{{"coverage", "/coverage", "map-pinned", loa.ReadFigures}, {"reports", "/reports", "chart-column", loa.ReadFigures},
		{"documents", "/documents", "file-text", loa.ReadFigures}, {"policy", "/policy", "scale", loa.ReadFigures}}},
	{0, []struct {
		key, url, icon string
		may            loa.Act
	}{{"admin", "/admin", "settings", loa.Administer}, {"audit", "/admin/audit", "scroll-text", loa.ReadAudit}}},
}

func (s *Server) nav(r *http.Request, v *view) []navGroup {
	me := whoOf(r)
	counts := s.railCounts(r)
	var out []navGroup
	for _, g := range rail {
		group := navGroup{Step: g.step}
		if g.step > 0 {
			group.Label = v.T("rail.step" + string(rune('0'+g.step)))
		}
		for _, it := range g.items {
			if !me.may(it.may) || !s.stands(it.url) || it.key == "today" && me.agent() {
				continue
			}
			n := counts[it.key]
			group.Items = append(group.Items, navItem{Key: it.key, Label: v.T("rail." + it.key), URL: it.url, Icon: it.icon, Count: n.n, Late: n.late && n.n > 0})
		}
		if len(group.Items) > 0 {
			out = append(out, group)
		}
	}
	return out
}

// stands says whether a room has a page of its own: the rail never leads nowhere.
func (s *Server) stands(url string) bool { return url == "/" || s.rooms[url] }

type railCount struct {
	n    int
	late bool
}

// scopeLinks are the communes the officer may switch between; the login remembers the choice.
func scopeLinks(r *http.Request, v *view) (label string, links []scopeLink) {
	me := whoOf(r)
	q := r.URL.Query()
	for _, key := range []string{"page", "area", "commune", "village"} {
		q.Del(key) // of the place that is left; all other filters stay
	}
	to := r.URL.Path
	if len(q) > 0 {
		to += "?" + q.Encode()
	}
	next := "&next=" + url.QueryEscape(to)
	if r.Method != http.MethodGet {
		next = ""
	}
	communes, key := 0, "scope.mine"
	for _, a := range me.Areas {
		if a.Kind == loa.OfficeNode {
			key = "scope.whole" // only who may see all of it sees the office's own node
		} else {
			communes++
		}
	}
	label = v.T(key, communes)
	if len(me.Areas) == 1 {
		label = me.Areas[0].Label()
	}
	if len(me.Areas) > 1 {
		links = append(links, scopeLink{Label: label, URL: "/place?area=" + next, On: me.Place == ""})
		for _, a := range me.Areas {
			name := a.Label()
			if a.Kind == loa.OfficeNode {
				name = v.T("area.no_commune")
			}
			if a.ID == me.Place {
				label = name
			}
			links = append(links, scopeLink{Label: name, URL: "/place?area=" + string(a.ID) + next, On: a.ID == me.Place})
		}
	}
	if len(me.Offices) > 1 {
		label = me.Office.ShortName + " · " + label
		for _, o := range me.Offices {
			links = append(links, scopeLink{Label: o.ShortName, URL: "/place?office=" + string(o.ID) + next, On: o.ID == me.Office.ID})
		}
	}
	return label, links
}

// packedFiles are the texts among the static files, packed once: they are the same for as long as the program runs.
var packedFiles sync.Map

// shrunk is a static file packed as small as it gets; false for files that are packed already.
func shrunk(from fs.FS, name string) ([]byte, bool) {
	switch path.Ext(name) {
	case ".css", ".js", ".svg":
	default:
		return nil, false
	}
	if kept, ok := packedFiles.Load(name); ok {
		return kept.([]byte), true
	}
	raw, err := fs.ReadFile(from, name)
	if err != nil {
		return nil, false
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, false
	}
	if _, err := z.Write(raw); err != nil || z.Close() != nil {
		return nil, false
	}
	packedFiles.Store(name, b.Bytes())
	return b.Bytes(), true
}

// setFlash says on the next page what just happened; undo is the address that takes it back, empty when there is none.
func (s *Server) setFlash(w http.ResponseWriter, r *http.Request, f flash) {
	raw, err := json.Marshal(f)
	if err != nil {
		return // three strings always can
	}
	http.SetCookie(w, &http.Cookie{Name: "loa-flash", Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", HttpOnly: true, Secure: s.Secure,
		SameSite: http.SameSiteLaxMode, MaxAge: 60})
}

func (s *Server) takeFlash(w http.ResponseWriter, r *http.Request) (f flash) {
	c, err := r.Cookie("loa-flash")
	if err != nil || r.Header.Get("HX-Request") != "" {
		return f
	}
	http.SetCookie(w, &http.Cookie{Name: "loa-flash", Path: "/", HttpOnly: true, Secure: s.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1})
	raw, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil || json.Unmarshal(raw, &f) != nil {
		return flash{}
	}
	if !strings.HasPrefix(f.UndoURL, "/") || strings.HasPrefix(f.UndoURL, "//") {
		f.UndoURL = ""
	}
	return f
}

// done answers a form that worked: a message for the next page, and where it is.
func (s *Server) done(w http.ResponseWriter, r *http.Request, to, text, undo string) error {
	s.setFlash(w, r, flash{Text: text, UndoURL: undo})
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// localPath keeps a "next" address inside this site.
func localPath(next string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n") {
		return "/"
	}
	return next
}

// static serves embedded files with a strong tag, so that a browser asks again cheaply after an upgrade.
func (s *Server) static() http.Handler {
	sub, err := fs.Sub(files, "static")
	if err != nil {
		panic("web: " + err.Error()) // embedded at build time
	}
	inner := http.StripPrefix("/static/", http.FileServerFS(sub))
	var tags sync.Map
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/static/")
		tag, ok := tags.Load(name)
		if !ok {
			raw, err := fs.ReadFile(sub, name)
			if err != nil {
				http.NotFound(w, r)
				return
			}
			sum := sha256.Sum256(raw)
			tag = `"` + hex.EncodeToString(sum[:12]) + `"`
			tags.Store(name, tag)
		}
		w.Header().Set("Cache-Control", "public, max-age=300")
		if small, ok := shrunk(sub, name); ok {
			w.Header().Set("Vary", "Accept-Encoding")
			if takesGzip(r) {
				w.Header().Set("Content-Encoding", "gzip")
				w.Header().Set("ETag", strings.TrimSuffix(tag.(string), `"`)+`-gz"`)
				w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
				http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(small))
				return
			}
		}
		w.Header().Set("ETag", tag.(string))
		inner.ServeHTTP(w, r)
	})
}
