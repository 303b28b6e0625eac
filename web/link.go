package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/qr"
	"loa/store"
)

func (s *Server) linkRoutes() []route {
	return []route{
		{"GET /s/{code}", "", s.linkOpen},
		{"GET /links", loa.ReadOutreach, s.linkList},
		{"POST /links", loa.EditOutreach, s.linkCreate},
		{"GET /links/{id}", loa.ReadOutreach, s.linkShow},
	}
}

// linkDays is how far back openings are shown by day.
const linkDays = 30

// linkOpen sends a short address on to the page it stands for. The code goes along in the address, so that what is asked there is
// known to come from it without a cookie.
func (s *Server) linkOpen(w http.ResponseWriter, r *http.Request) error {
	l, err := s.DB.LinkByCode(r.Context(), r.PathValue("code"))
	if loa.KindOf(err) == loa.NotFound {
		return s.publicRefused(w, r, nil, http.StatusNotFound, "public.no_link")
	}
	if err != nil {
		return err
	}
	o, err := s.DB.Office(r.Context(), l.Office)
	if err != nil {
		return err
	}
	if isPerson(r) && s.openings.Take(s.clientPlace(r), s.Now()) == 0 { // a program under a browser's name must not make a leaflet look popular
		if err := s.DB.CountVisit(r.Context(), l.ID, s.today(), s.clientPlace(r)+" "+r.UserAgent()); err != nil {
			s.Log.Error("visit not counted", "error", err) // whoever came must get on
		}
	}
	http.Redirect(w, r, publicPath(o.Slug, l.Page)+"?"+url.Values{"from": {l.Code}}.Encode(), http.StatusFound)
	return nil
}

// publicPath is the address of one of an office's public pages.
func publicPath(slug, page string) string {
	if page == "home" || page == "" {
		return "/public/" + slug
	}
	return "/public/" + slug + "/" + page
}

// siteURL is where this Loa is reached from outside, as the browser that asks reached it.
func (s *Server) siteURL(r *http.Request) string {
	if s.Secure {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// linkURL is a link's whole address, as a QR code holds it.
func (s *Server) linkURL(r *http.Request, code string) string { return s.siteURL(r) + "/s/" + code }

type linkPage struct {
	Own      *linkView // nil while it has not been made
	MayMake  bool
	Links    []linkRow
	Public   string // the office's public page
	Days     int
	Opened   int64
	Spoken   int
	Selected bool // one link's own page
}

// linkView is one link with its picture and its counts.
type linkView struct {
	store.LinkLine
	Place, Label string
	URL, Shown   string
	QR           qr.Code
	ByDay        []linkDay
	Week, Month  linkSum
}

// linkDay is one bar of the picture of openings: High in hundredths of the highest.
type linkDay struct {
	On     loa.Day
	N      int64
	People int64
	High   int64
}

// linkSum are the openings of some days, and from how many browsers each day, added up.
type linkSum struct{ N, People int64 }

func (s *linkSum) add(d store.LinkDay) { s.N, s.People = s.N+d.N, s.People+d.People }

type linkRow struct {
	store.LinkLine
	Place, Label string
}

// linkList is the officer's own link with its code and counts, and the links of leaflets.
func (s *Server) linkList(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	body := linkPage{MayMake: me.may(loa.EditOutreach), Days: linkDays, Public: s.siteURL(r) + publicPath(me.Office.Slug, "home")}
	l, err := s.DB.OwnLink(r.Context(), me.Whole, me.Officer.ID)
	if err == nil {
		n, err := s.DB.CountQuestions(r.Context(), me.Whole, store.QuestionFilter{Link: l.ID})
		if err != nil {
			return err
		}
		if body.Own, err = s.linkView(r, store.LinkLine{Link: l, Asked: n}); err != nil {
			return err
		}
	} else if loa.KindOf(err) != loa.NotFound {
		return err
	}
	list, err := s.DB.Links(r.Context(), scopeOf(r), store.LinkFilter{From: s.today().Add(1 - linkDays), To: s.today()})
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	for _, x := range list {
		label, err := s.linkLabel(r, x.Link)
		if err != nil {
			return err
		}
		place := places[x.Area]
		if x.Area == me.Office.Anchor {
			place = t(r, "link.everywhere")
		}
		body.Links = append(body.Links, linkRow{x, place, label})
		body.Opened += x.Visits
	}
	return s.render(w, r, "link_list", page{Title: t(r, "link.title"), Context: t(r, "link.context"), Active: "links", Body: body})
}

// linkLabel is what a link is called: an officer's own bears the officer's name.
func (s *Server) linkLabel(r *http.Request, l loa.Link) (string, error) {
	switch l.Kind {
	case loa.OfficerLink:
	case loa.BroadcastLink:
		return l.Label + " · " + t(r, "broadcast.form."+l.Network), nil
	default:
		return l.Label, nil
	}
	names, err := s.officerNames(r)
	if err != nil {
		return "", err
	}
	return t(r, "link.of", names.by[l.Officer].Name), nil
}

func (s *Server) linkView(r *http.Request, x store.LinkLine) (*linkView, error) {
	v := &linkView{LinkLine: x, URL: s.linkURL(r, x.Code), Shown: r.Host + "/s/" + x.Code}
	var err error
	if v.QR, err = qr.Draw(v.URL); err != nil {
		return nil, err
	}
	if v.Label, err = s.linkLabel(r, x.Link); err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	v.Place = places[x.Area]
	today := s.today()
	days, err := s.DB.LinkVisits(r.Context(), whoOf(r).Whole, x.ID, today.Add(1-linkDays), today)
	if err != nil {
		return nil, err
	}
	by, most := map[loa.Day]store.LinkDay{}, int64(1)
	for _, d := range days {
		by[d.On], most = d, max(most, d.N)
	}
	for i := range linkDays {
		on := today.Add(i + 1 - linkDays)
		d := by[on]
		v.ByDay = append(v.ByDay, linkDay{on, d.N, d.People, (d.N*100 + most - 1) / most})
		v.Month.add(d)
		if i >= linkDays-7 {
			v.Week.add(d)
		}
	}
	return v, nil
}

// linkShow is one link of a leaflet: its code to print and how often it was opened.
func (s *Server) linkShow(w http.ResponseWriter, r *http.Request) error {
	list, err := s.DB.Links(r.Context(), scopeOf(r), store.LinkFilter{ID: loa.LinkID(r.PathValue("id"))})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return loa.ErrNotFound
	}
	v, err := s.linkView(r, list[0])
	if err != nil {
		return err
	}
	return s.render(w, r, "link_list", page{Title: v.Label, Context: v.Place, Active: "links", Body: linkPage{Own: v, Selected: true, Days: linkDays}})
}

// linkCreate makes the officer's own link; asked for again, it is the same one.
func (s *Server) linkCreate(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	l := loa.Link{ID: loa.LinkID(loa.NewID()), Kind: loa.OfficerLink, Officer: me.Officer.ID, Page: "home"}
	if _, err := s.DB.SaveLink(r.Context(), me.Whole, s.by(r), l); err != nil {
		return err
	}
	return s.done(w, r, "/links", t(r, "link.made"), "")
}
