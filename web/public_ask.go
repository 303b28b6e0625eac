package web

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/store"
	"loa/vn"
)

// fillAtLeast is how long somebody needs to fill a form in; programs are quicker.
const fillAtLeast = 3 * time.Second

// askPage is one of the two forms of the public pages: a question, or a number to be called.
type askPage struct {
	Page             string // ask, call
	Action, Key      string
	Text, Name       string
	Phone, When      string
	Area, Code, Trap string
	CallMe, Agree    bool
	Errors           map[string]string
	Wait             string // why it was not sent although nothing in it is wrong
	Count            int
	Places           []store.PublicCommune
	Times            []option
	Consent          string
}

func (s *Server) publicAskNew(w http.ResponseWriter, r *http.Request, g *guest) error {
	return s.askDraw(w, r, g, askPage{Page: "ask"}, 0)
}

func (s *Server) publicCallNew(w http.ResponseWriter, r *http.Request, g *guest) error {
	return s.askDraw(w, r, g, askPage{Page: "call"}, 0)
}

func (s *Server) askDraw(w http.ResponseWriter, r *http.Request, g *guest, b askPage, status int) error {
	var err error
	fresh := b.Key == "" && b.Errors == nil
	if b.Places, err = s.publicPlaces(r, g); err != nil {
		return err
	}
	if fresh { // who came by a village's leaflet most likely lives there
		b.Area = string(g.place(b.Places).id())
	}
	if b.Key == "" {
		b.Key = loa.MintID(s.Now(), rand.Reader)
	}
	b.Action, b.Count = publicPath(g.Office.Slug, b.Page), vn.Characters(vn.Tidy(b.Text))
	b.Times, b.Consent = options(r, "public.when.", loa.CallTimes), t(r, "public.consent."+b.Page, g.Office.Name)
	return s.renderPublic(w, r, g, "public_ask", publicPage{page: page{Title: t(r, "public."+b.Page+".title"), Body: b, Status: status}, Key: b.Page, Form: "ask", Unkept: true})
}

func (s *Server) publicAsk(w http.ResponseWriter, r *http.Request, g *guest) error {
	return s.askTake(w, r, g, "ask")
}

func (s *Server) publicCall(w http.ResponseWriter, r *http.Request, g *guest) error {
	return s.askTake(w, r, g, "call")
}

// typedAsk is what was typed, all of it, so that nothing is lost whatever the answer is.
func typedAsk(f *form, page string) askPage {
	b := askPage{Page: page, Key: f.text("key"), Text: clipped(f.text("text"), 4000), Name: clipped(f.text("name"), 400), Phone: clipped(f.text("phone"), 60), When: f.text("when"), Area: f.text("area"),
		Code: clipped(f.text("code"), 20), CallMe: f.on("call_me") || page == "call" || f.text("phone") != "", Agree: f.on("agree"), Errors: f.Errors}
	if !loa.ValidID(b.Key) {
		b.Key = ""
	}
	return b
}

// clipped keeps a form that somebody filled with rubbish from growing without end.
func clipped(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}

// askTake records what was sent, or shows the form again with all that was typed and one sentence about what is missing.
func (s *Server) askTake(w http.ResponseWriter, r *http.Request, g *guest, page string) error {
	f := readForm(r)
	b := typedAsk(f, page)
	if f.on("lang") || f.on("draft") { // another language, or a question begun on another page: nothing is sent yet
		f.Errors = nil
		b.Errors = nil
		return s.askDraw(w, r, g, b, 0)
	}
	q, a, err := s.readAsk(r, g, f, b)
	if err != nil {
		return err
	}
	b.Errors = f.Errors
	if !f.ok() {
		return s.askDraw(w, r, g, b, http.StatusUnprocessableEntity)
	}
	switch {
	case f.text("website") != "": // a field nobody sees
		b.Wait = t(r, "public.trap")
		return s.askDraw(w, r, g, b, http.StatusUnprocessableEntity)
	case b.Key == "" || s.Now().Sub(mintedAt(b.Key)) < fillAtLeast:
		b.Wait = t(r, "public.too_fast")
		return s.askDraw(w, r, g, b, http.StatusUnprocessableEntity)
	}
	if wait := max(s.askPlaces.Take(s.clientPlace(r), s.Now()), s.askOffices.Take(string(g.Office.ID), s.Now())); wait > 0 {
		minutes := int(wait.Minutes()) + 1
		b.Wait = t(r, "public.too_often", minutes)
		w.Header().Set("Retry-After", strconv.Itoa(minutes*60))
		return s.askDraw(w, r, g, b, http.StatusTooManyRequests)
	}
	if err := f.take(s.DB.AskPublicly(r.Context(), g.Office.ID, s.Now(), q, a, t(r, "public.consent."+page, g.Office.Name))); err != nil {
		return err
	}
	if !f.ok() {
		return s.askDraw(w, r, g, b, http.StatusUnprocessableEntity)
	}
	to := url.Values{"for": {page}}
	if g.from() != "" {
		to.Set("from", g.from())
	}
	if a.Phone != "" {
		to.Set("call", "1")
	}
	http.Redirect(w, r, publicPath(g.Office.Slug, "thanks")+"?"+to.Encode(), http.StatusSeeOther)
	return nil
}

// mintedAt is when the key of a form was made; its first 48 bits are milliseconds.
func mintedAt(key string) time.Time {
	ms, err := strconv.ParseInt(key[:8]+key[9:13], 16, 64)
	if err != nil {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

// readAsk takes a question and its asker from the form; what is wrong is said beside its field.
func (s *Server) readAsk(r *http.Request, g *guest, f *form, b askPage) (q loa.Question, a loa.Asker, err error) {
	q = loa.Question{Fact: loa.Fact{ID: loa.FactID(b.Key), Area: loa.AreaID(b.Area)}, Text: vn.Tidy(b.Text)}
	a = loa.Asker{Page: b.Page, Lang: langOf(r), Name: vn.Tidy(b.Name)}
	if b.Page == "call" && q.Text == "" {
		q.Text = t(r, "public.call.text")
	}
	if n := vn.Characters(q.Text); n < 5 || n > 500 {
		f.bad("text", "public.length", n)
	}
	if vn.Characters(a.Name) > 100 {
		f.bad("name", "error.too_long", 100)
	}
	if b.CallMe {
		if a.When = b.When; !loa.OneOf(a.When, loa.CallTimes) {
			a.When = ""
		}
		phone, ok := vn.Phone(b.Phone)
		if !ok {
			f.bad("phone", "public.bad_phone")
		}
		a.Phone, q.Promised = phone, ok
	}
	if a.Name != "" || b.CallMe {
		if !b.Agree {
			f.bad("agree", "public.needs_consent")
		}
		a.Consent = consentVersion(b.Page, t(r, "public.consent."+b.Page, g.Office.Name))
	}
	if q.Area != "" {
		places, err := s.publicPlaces(r, g)
		if err != nil {
			return q, a, err
		}
		if _, known := locate(places).name[q.Area]; !known {
			f.bad("area", "error.not_in_list")
		}
	}
	link := g.Link
	if code := strings.TrimSpace(b.Code); code != "" {
		if link, err = s.linkSaid(r, g, code); err != nil {
			return q, a, err
		}
		if link.ID == "" {
			f.bad("code", "public.no_code")
		}
	}
	if link.ID != "" {
		a.Link, q.Form = link.ID, link.Form()
		if q.Area == "" && link.Area != g.Office.Anchor {
			q.Area = link.Area
		}
		if link.Officer != "" {
			q.Owner = link.Officer
		}
	}
	return q, a, nil
}

// linkSaid is the link behind a number as it is printed, "12" or "mã 12", or behind the code of its address; empty when there is none.
func (s *Server) linkSaid(r *http.Request, g *guest, code string) (loa.Link, error) {
	var l loa.Link
	var err error
	digits := strings.TrimSpace(strings.TrimPrefix(strings.TrimPrefix(vn.Fold(code), "ma"), "code"))
	if n, bad := strconv.Atoi(digits); bad == nil && n > 0 && n < 1_000_000 && len(digits) < 6 {
		l, err = s.DB.LinkBySpoken(r.Context(), g.Office.ID, n)
	} else {
		l, err = s.DB.LinkByCode(r.Context(), code)
	}
	if loa.KindOf(err) == loa.NotFound || l.Office != g.Office.ID {
		return loa.Link{}, nil
	}
	return l, err
}

// consentVersion names the words somebody agreed to by what they say, so that words that change cannot keep an old version.
func consentVersion(page, text string) string {
	sum := sha256.Sum256([]byte(text))
	return page + "-" + hex.EncodeToString(sum[:5])
}

// publicThanks says what happens next. It says the same whatever the office knows of the number.
func (s *Server) publicThanks(w http.ResponseWriter, r *http.Request, g *guest) error {
	page := r.FormValue("for")
	if !loa.OneOf(page, loa.AskPages) {
		page = "ask"
	}
	body := []string{t(r, "public.thanks."+page)}
	if r.FormValue("call") != "" {
		body = append(body, t(r, "public.thanks.refused"))
	}
	return s.renderPublic(w, r, g, "public_thanks", publicPage{page: pageOf(t(r, "public.thanks.title"), body), Key: page})
}

func pageOf(title string, body any) page { return page{Title: title, Body: body} }
