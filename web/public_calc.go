package web

import (
	"context"
	"net/http"
	"net/url"

	"loa"
)

// publicHomePage is the calculator for everybody: voluntary SI, or HI for the household.
type publicHomePage struct {
	Tabs    []calcTab
	Calc    *calcPage
	HI      *hiPage
	Listen  listenRow
	Stories []toldView
}

// publicHome is the first page: what it costs and brings, and the ways to ask.
func (s *Server) publicHome(w http.ResponseWriter, r *http.Request, g *guest) error {
	more, err := s.publicMore(r, g)
	if err != nil {
		return err
	}
	k := calcKit{lang: langOf(r), today: s.today()}
	if k.law, err = s.lawOf(r.Context(), g.Office.ID); err != nil {
		return err
	}
	if k.basket, err = s.publicBasket(r, g); err != nil {
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
	title, key, speech, scheme := t(r, "calc.title_public"), "calculator.voluntary_si", "", loa.VoluntarySI
	audience := ""
	if hi {
		c := k.household(s.readHI(f), f, at, "me")
		c.From, title, key, speech, scheme = g.from(), t(r, "calc.title_hi_public"), "calculator.household_hi", c.Speech, loa.HouseholdHI
		b.HI = &c
	} else {
		a := s.readCalc(r, f)
		c := k.calc(a, f, at, "me")
		c.From, audience = g.from(), storyAudience(string(a.Who))
		if c.Answer != nil {
			speech = c.Answer.Speech
		}
		b.Calc = &c
	}
	if b.Listen, err = s.listen(r.Context(), langOf(r), g.Office.ID, key, speech, publicClips(g.Office)); err != nil {
		return err
	}
	if b.Stories, err = s.toldStories(r.Context(), langOf(r), g.Office.ID, loa.StoryFilter{Scheme: scheme, Audience: audience, On: s.today(), Take: 1}, publicClips(g.Office)); err != nil {
		return err
	}
	return s.renderPublic(w, r, g, "public_home", publicPage{page: page{Title: title, Body: b}, Key: "home", Form: "calc-form", More: more})
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
