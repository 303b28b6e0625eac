package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/poster"
	"loa/qr"
	"loa/store"
	"loa/wording"
)

func (s *Server) kitRoutes() []route {
	return []route{
		{"GET /kits", loa.ReadOutreach, s.kitList},
		{"GET /kits/{id}", loa.ReadOutreach, s.kitShow},
		{"GET /kits/{id}/picture", loa.ReadOutreach, s.kitPicture},
		{"POST /kits/{id}/link", loa.EditOutreach, s.kitLink},
		{"POST /kits/{id}/posts", loa.EditOutreach, s.kitPosted},
		{"POST /kits/{id}/remove", loa.EditOutreach, s.kitRemoved},
	}
}

type kitListPage struct{ Rows []kitRow }

type kitRow struct {
	Name, URL, About string
	Posts            int
	Ends             loa.Day
}

type kitPage struct {
	ID      string
	Name    string
	Script  string // its address
	Blocked string
	Why     string // there are no words to post
	Texts   []kitText
	Link    *store.LinkLine
	Shown   string // the link as people read it
	URL     string
	QR      qr.Code
	Posts   []kitPostRow
	MayEdit bool
	Head    string // what the picture says
	Network string
	PostURL string
	Options []option
	Errors  map[string]string
	ShareTo string
}

type kitText struct{ Key, Label, Tongue, HTMLLang, Text string }

type kitPostRow struct {
	loa.KitPost
	By   officerView
	When string
	Own  bool
}

// kitList are the scripts that may be shared today.
func (s *Server) kitList(w http.ResponseWriter, r *http.Request) error {
	list, err := s.DB.ScriptsInUse(r.Context(), scopeOf(r), store.ScriptMark{}, 200)
	if err != nil {
		return err
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return err
	}
	stopped, err := s.DB.StoppedWords(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	var b kitListPage
	for _, x := range list {
		if wording.Ready(x, book) != nil || !postable(x) || stopped[x.ID] {
			continue
		}
		posts, err := s.DB.KitPosts(r.Context(), scopeOf(r), string(x.ID))
		if err != nil {
			return err
		}
		b.Rows = append(b.Rows, kitRow{x.Name, "/kits/" + string(x.ID), t(r, "purpose."+x.Purpose), len(posts), wording.Until(x, book)})
	}
	return s.render(w, r, "kit_list", page{Title: t(r, "kit.title"), Context: t(r, "kit.context"), Active: "scripts", Body: b})
}

// postKinds are the lengths that are posted on a page, the best first.
var postKinds = []string{"post", "zalo", "sms"}

// postable says whether a script has words that can stand on anybody's page: written for one, and telling nothing of one person.
func postable(x loa.Script) bool {
	return slices.ContainsFunc(x.Texts, func(t loa.ScriptText) bool { return slices.Contains(postKinds, t.Kind) && !loa.Personal(t.Text) })
}

// kitScript is the script behind a kit, in the version that may be shared: of a script the newest that was approved, of a broadcast its own.
func (s *Server) kitScript(r *http.Request, id string) (loa.Script, error) {
	versions, err := s.DB.ScriptVersions(r.Context(), scopeOf(r), loa.ScriptID(id))
	if loa.KindOf(err) == loa.NotFound {
		b, err := s.DB.Broadcast(r.Context(), scopeOf(r), loa.BroadcastID(id))
		if err != nil {
			return loa.Script{}, err
		}
		return s.DB.Script(r.Context(), scopeOf(r), b.Script, b.ScriptVersion)
	}
	if err != nil {
		return loa.Script{}, err
	}
	for _, v := range versions {
		if v.State == loa.ScriptApproved {
			return v, nil
		}
	}
	return versions[0], nil
}

func (s *Server) kitShow(w http.ResponseWriter, r *http.Request) error { return s.kitPage(w, r, nil) }

func (s *Server) kitPage(w http.ResponseWriter, r *http.Request, f *form) error {
	b, err := s.shareKit(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	status := 0
	if f != nil {
		b.Errors, b.Network, b.PostURL, status = f.Errors, f.text("network"), f.text("url"), http.StatusUnprocessableEntity
	}
	return s.render(w, r, "kit_show", page{Title: t(r, "kit.show.title", b.Name), Context: t(r, "kit.context"), Active: "scripts", Body: b, Status: status})
}

// shareKit is all that goes along when an officer shares a thing: nothing of it when it may not be used today.
func (s *Server) shareKit(r *http.Request, id string) (*kitPage, error) {
	x, err := s.kitScript(r, id)
	if err != nil {
		return nil, err
	}
	me := whoOf(r)
	b := &kitPage{ID: id, Name: x.Name, Script: "/scripts/" + string(x.ID), MayEdit: me.may(loa.EditOutreach), Options: options(r, "kit.network.", loa.KitNetworks), Errors: map[string]string{}}
	if err := s.kitPosts(r, b); err != nil {
		return nil, err
	}
	book, err := s.figureBook(r.Context(), me.Office.ID, s.today())
	if err != nil {
		return nil, err
	}
	if b.Blocked = s.refusal(r, wording.Ready(x, book)); b.Blocked != "" {
		return b, nil
	}
	stopped, err := s.DB.StoppedWords(r.Context(), me.Office.ID)
	if err != nil {
		return nil, err
	}
	if stopped[x.ID] {
		b.Blocked = t(r, "kit.stopped")
		return b, nil
	}
	office, err := s.officeFacts(r)
	if err != nil {
		return nil, err
	}
	office.Officer = me.Officer.Name
	link, err := s.DB.KitLink(r.Context(), me.Whole, me.Officer.ID, id)
	switch {
	case err == nil:
		if err := s.kitLinked(r, b, link); err != nil {
			return nil, err
		}
		office.Link = b.URL
	case loa.KindOf(err) != loa.NotFound:
		return nil, err
	default: // until the officer has one of their own, the office's public page
		office.Link = s.siteURL(r) + publicPath(me.Office.Slug, "home")
	}
	b.Why = t(r, "kit.no_texts")
	if !slices.ContainsFunc(x.Texts, func(t loa.ScriptText) bool { return slices.Contains(postKinds, t.Kind) }) {
		b.Why = t(r, "kit.no_posts") // read aloud, or printed
	}
	s.kitTexts(r, b, x, wording.Facts{Figures: book.For(wording.ForScript(x, wording.Who{})), Office: office})
	return b, nil
}

func (s *Server) kitLinked(r *http.Request, b *kitPage, link loa.Link) error {
	visits, err := s.DB.LinkVisits(r.Context(), whoOf(r).Whole, link.ID, "", loa.OpenEnd)
	if err != nil {
		return err
	}
	asked, err := s.DB.CountQuestions(r.Context(), whoOf(r).Whole, store.QuestionFilter{Link: link.ID})
	if err != nil {
		return err
	}
	line := store.LinkLine{Link: link, Asked: asked}
	for _, d := range visits {
		line.Visits, line.Visitors = line.Visits+d.N, line.Visitors+d.People
	}
	b.Link, b.URL, b.Shown = &line, s.linkURL(r, link.Code), r.Host+"/s/"+link.Code
	b.ShareTo = "https://www.facebook.com/sharer/sharer.php?" + url.Values{"u": {b.URL}}.Encode()
	b.QR, err = qr.Draw(b.URL)
	return err
}

// kitTexts are the words that tell nothing of one person, in every language, with the link behind them.
func (s *Server) kitTexts(r *http.Request, b *kitPage, x loa.Script, facts wording.Facts) {
	for _, lang := range wording.Tongues(x) {
		for _, kind := range postKinds {
			text, ok := x.Words([]string{lang}, kind)
			if !ok || loa.Personal(text.Text) {
				continue
			}
			filled, err := wording.Fill(text, facts)
			if err != nil {
				continue // it speaks of a session nobody named here
			}
			if !strings.Contains(filled, facts.Office.Link) {
				filled += "\n" + facts.Office.Link
			}
			b.Texts = append(b.Texts, kitText{lang + "_" + kind, t(r, "script.kind."+kind), t(r, "tongue."+lang), htmlLang(lang), filled})
		}
	}
	b.Head = x.Name
	for _, kind := range []string{"leaflet", "post", "zalo"} {
		if text, ok := x.Words([]string{loa.Tongue(langOf(r)), loa.Tongues[0]}, kind); ok && !loa.Personal(text.Text) {
			if filled, err := wording.Fill(text, facts); err == nil {
				b.Head = filled
				return
			}
		}
	}
}

func (s *Server) kitPosts(r *http.Request, b *kitPage) error {
	list, err := s.DB.KitPosts(r.Context(), scopeOf(r), b.ID)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	for _, p := range list {
		b.Posts = append(b.Posts, kitPostRow{p, officers.by[p.Officer], moment(p.At), p.Officer == whoOf(r).Officer.ID})
	}
	return nil
}

// kitPicture draws the picture of a kit.
func (s *Server) kitPicture(w http.ResponseWriter, r *http.Request) error {
	b, err := s.shareKit(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	office, err := s.officeFacts(r)
	if err != nil {
		return err
	}
	x, err := s.kitScript(r, b.ID)
	if err != nil {
		return err
	}
	book, err := s.figureBook(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return err
	}
	if err := wording.Ready(x, book); err != nil { // no picture of what may not be used, and why
		return err
	}
	p := poster.Poster{Office: whoOf(r).Office.Name, Headline: b.Head, Note: book.For(wording.ForScript(x, wording.Who{})).Cites(wording.ScriptFigures(x)).In(langOf(r)), Call: t(r, "kit.call"), Link: b.Shown}
	if office.Phone != "" {
		p.Call = t(r, "kit.call_phone", office.Phone)
	}
	if b.URL != "" {
		if p.Code, err = qr.Modules(b.URL); err != nil {
			return err
		}
	}
	raw, err := poster.Draw(p)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "image/png")
	h.Set("Cache-Control", "private, no-store")
	h.Set("Content-Disposition", "inline; filename=loa.png")
	_, _ = w.Write(raw) // the visitor may have gone
	return nil
}

// kitLink makes the officer's own link for the thing; asked for again, it is the same one.
func (s *Server) kitLink(w http.ResponseWriter, r *http.Request) error {
	b, err := s.shareKit(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	me := whoOf(r)
	l := loa.Link{ID: loa.LinkID(loa.NewID()), Kind: loa.KitLink, Officer: me.Officer.ID, Page: "home", Noun: "kit", NounID: b.ID, Label: clipped(b.Name, 100)}
	if _, err := s.DB.SaveLink(r.Context(), me.Whole, s.by(r), l); err != nil {
		return err
	}
	return s.done(w, r, "/kits/"+b.ID, t(r, "kit.link_made"), "")
}

// kitPosted keeps the officer's word that they posted it.
func (s *Server) kitPosted(w http.ResponseWriter, r *http.Request) error {
	f, id := readForm(r), r.PathValue("id")
	b, err := s.shareKit(r, id)
	if err != nil {
		return err
	}
	if b.Blocked != "" || len(b.Texts) == 0 {
		return loa.Refuse(loa.Conflict, "", "nothing_to_post")
	}
	_, err = s.DB.AddKitPost(r.Context(), scopeOf(r), s.by(r), loa.KitPost{NounID: id, Network: f.text("network"), URL: f.text("url")})
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.kitPage(w, r, f)
	}
	return s.done(w, r, "/kits/"+id, t(r, "kit.saved"), "")
}

func (s *Server) kitRemoved(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if _, err := s.kitScript(r, id); err != nil {
		return err
	}
	if err := s.DB.RemoveKitPost(r.Context(), scopeOf(r), s.by(r), r.FormValue("post")); err != nil {
		return err
	}
	return s.done(w, r, "/kits/"+id, t(r, "kit.removed"), "")
}
