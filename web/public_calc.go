package web

import (
	"context"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strings"

	"loa"
)

// publicHomePage is the calculator for everybody: voluntary SI, or HI for the household.
type publicHomePage struct {
	publicCalc
	Tabs    []calcTab
	Listen  listenRow
	Stories []toldView
}

// publicCalc are the questions and the answer of the calculator as drawn, and what else of the page follows from them.
type publicCalc struct {
	Asked, Details   template.HTML
	speech, audience string
	closed           bool // nothing can be paid: no story of somebody who pays stands beside that
}

// publicHome is the first page: what it costs and brings, and the ways to ask.
func (s *Server) publicHome(w http.ResponseWriter, r *http.Request, g *guest) error {
	more, err := s.publicMore(r, g)
	if err != nil {
		return err
	}
	f, b := readForm(r), publicHomePage{}
	for _, name := range []string{"person", "session", "day"} {
		r.Form.Del(name) // nothing of the register, and no day but today
	}
	at := publicPath(g.Office.Slug, "home")
	tab := func(name string) string {
		v := url.Values{}
		if name != "" {
			v.Set("tab", name)
		}
		if g.from() != "" {
			v.Set("from", g.from())
		}
		if len(v) == 0 {
			return at
		}
		return at + "?" + v.Encode()
	}
	hi := f.text("tab") == "hi"
	b.Tabs = []calcTab{{t(r, "calc.tab.si"), tab(""), !hi}, {t(r, "calc.tab.hi"), tab("hi"), hi}}
	title, key, scheme := t(r, "calc.title_public"), "calculator.voluntary_si", loa.VoluntarySI
	if hi {
		title, key, scheme = t(r, "calc.title_hi_public"), "calculator.household_hi", loa.HouseholdHI
	}
	if b.publicCalc, err = s.publicAnswer(r, g, f, at, hi); err != nil {
		return err
	}
	voices, err := publicKept(s, r, g, "public voices "+key+string(s.today()), func(ctx context.Context) ([]loa.Clip, error) { return s.DB.ClipsFor(ctx, g.Office.ID, key, s.today()) })
	if err != nil {
		return err
	}
	b.Listen = listenTo(langOf(r), voices, b.speech, publicClips(g.Office))
	if !b.closed {
		if b.Stories, err = s.storyBeside(r.Context(), langOf(r), g.Office.ID, loa.StoryFilter{Scheme: scheme, Audience: b.audience, On: s.today()}, publicClips(g.Office)); err != nil {
			return err
		}
	}
	return s.renderPublic(w, r, g, "public_home", publicPage{page: page{Title: title, Body: b}, Key: "home", Form: "calc-form", More: more})
}

// askedAtMost is how long the questions to the calculator may be for their answer to be kept.
const askedAtMost = 200

// publicAnswer draws what somebody asks of the calculator. The same few questions are asked over and over, so the answers are kept
// until something changes in the office; apart from all else that is kept, so that nobody's guessing pushes that out.
func (s *Server) publicAnswer(r *http.Request, g *guest, f *form, at string, hi bool) (publicCalc, error) {
	r.Form.Del("lang") // the page's language is known
	asked := r.Form.Encode()
	draw := func() (publicCalc, error) {
		return s.drawAnswer(r.WithContext(context.WithoutCancel(r.Context())), g, f, at, hi)
	}
	if len(asked) > askedAtMost {
		return draw()
	}
	return once(s.answers, memoKey{g.Office.ID, g.Office.ChangeNo, fmt.Sprintln(langOf(r), s.today(), g.Link.Code, asked)}, draw)
}

func (s *Server) drawAnswer(r *http.Request, g *guest, f *form, at string, hi bool) (publicCalc, error) {
	var out publicCalc
	k := calcKit{lang: langOf(r), today: s.today()}
	var err error
	if k.law, err = s.lawOf(r.Context(), g.Office.ID); err != nil {
		return out, err
	}
	if k.basket, err = s.publicBasket(r, g); err != nil {
		return out, err
	}
	data := map[string]any{"P": &view{Lang: k.lang, Today: k.today}}
	if hi {
		c := k.household(s.readHI(f), f, at, "me")
		c.From, out.speech = g.from(), c.Speech
		data["HI"] = &c
	} else {
		a := s.readCalc(r, f)
		c := k.calc(a, f, at, "me")
		c.From, out.audience, out.speech = g.from(), storyAudience(string(a.Who)), c.speech()
		out.closed = c.Closed != nil
		data["Calc"] = &c
	}
	page, err := s.template(r, "public_home")
	if err != nil {
		return out, err
	}
	for block, to := range map[string]*template.HTML{"home_asked": &out.Asked, "home_details": &out.Details} {
		var buf strings.Builder
		if err := page.ExecuteTemplate(&buf, block, data); err != nil {
			return out, fmt.Errorf("draw %s: %w", block, err)
		}
		*to = template.HTML(buf.String()) // drawn by a template, so escaped already
	}
	return out, nil
}

// publicBasket is the basket of the commune that the guest's link was made for, or else the office's own, kept until something changes.
func (s *Server) publicBasket(r *http.Request, g *guest) ([]loa.PriceItem, error) {
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return nil, err
	}
	area := g.Office.Anchor
	if here := g.place(places); here.Commune != nil {
		area = here.Commune.ID
	}
	return publicKept(s, r, g, "public basket "+string(area)+string(s.today()), func(ctx context.Context) ([]loa.PriceItem, error) {
		whole, err := s.DB.OfficeAreas(ctx, g.Office.ID, s.today())
		if err != nil {
			return nil, err
		}
		return s.DB.Basket(ctx, ranges(g.Office.ID, whole), area, s.today())
	})
}
