package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"loa"
	"loa/ics"
	"loa/store"
	"loa/vn"
)

// Public pages look three months ahead; a calendar on a telephone keeps the month that is over.
const (
	publicAhead = 92
	publicPast  = 31
)

// publicPlaces are the communes and villages of the office.
func (s *Server) publicPlaces(r *http.Request, g *guest) ([]store.PublicCommune, error) {
	today := s.today()
	return publicKept(s, r, g, "public places "+string(today), func(ctx context.Context) ([]store.PublicCommune, error) {
		return s.DB.PublicPlaces(ctx, g.Office.ID, today)
	})
}

// announced is what may be read of the office's sessions.
func (s *Server) announced(r *http.Request, g *guest) ([]store.Announced, error) {
	today := s.today()
	return publicKept(s, r, g, "announced "+string(today), func(ctx context.Context) ([]store.Announced, error) {
		return s.DB.AnnouncedSessions(ctx, g.Office.ID, today.Add(-publicPast), today.Add(2*publicAhead))
	})
}

// publicPlace is where somebody says they live; both empty: anywhere in the office.
type publicPlace struct {
	Commune *store.PublicCommune
	Village *loa.Area
}

func (p publicPlace) id() loa.AreaID {
	switch {
	case p.Village != nil:
		return p.Village.ID
	case p.Commune != nil:
		return p.Commune.ID
	}
	return ""
}

// far is how far away a session is held: 0 in the village or for all of its commune, 1 elsewhere in the commune, 2 outside it.
func (p publicPlace) far(d publicDate) int {
	switch {
	case d.commune != p.Commune.ID:
		return 2
	case p.Village != nil && d.area != p.Village.ID && d.area != p.Commune.ID:
		return 1
	}
	return 0
}

// placeAsked finds the commune and the village of a request among the office's; one that is not there is not found.
func placeAsked(places []store.PublicCommune, commune, village loa.AreaID) (p publicPlace, err error) {
	if commune == "" && village == "" {
		return p, nil
	}
	for i := range places {
		c := &places[i]
		if c.ID == commune {
			p.Commune = c
		}
		for j := range c.Villages {
			if v := &c.Villages[j]; v.ID == village && (commune == "" || commune == c.ID) {
				p.Commune, p.Village = c, v
			}
		}
	}
	if p.Commune == nil {
		return p, loa.ErrNotFound
	}
	return p, nil // a village of another commune is that commune's choice left over: the commune counts
}

// publicDate is one session as everybody reads it.
type publicDate struct {
	Day             int
	Month, Weekday  string
	Lunar           string
	Where, When, At string
	Form            string
	Tag             string
	Off             bool
	Contact, Phone  string
	Dial            string
	AddURL          string
	area, commune   loa.AreaID
	here            bool // held in the village asked for, or for all of its commune
}

type publicSessionsPage struct {
	Communes         []publicChoice
	Villages         []option
	Commune, Village string
	Name             string // of the place chosen
	Dates, Others    []publicDate
	FeedURL          string
	Slug             string
}

type publicChoice struct {
	Label, URL string
	On         bool
}

// publicSessions are the next dates: first of the office, then of a commune, then of a village.
func (s *Server) publicSessions(w http.ResponseWriter, r *http.Request, g *guest) error {
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return err
	}
	p, err := placeAsked(places, loa.AreaID(r.FormValue("commune")), loa.AreaID(r.FormValue("village")))
	if err != nil {
		return err
	}
	linked := g.place(places)
	if p.id() == "" && r.FormValue("all") == "" { // who came by a village's leaflet sees that village first
		p = linked
	}
	at := func(commune loa.AreaID) string {
		q := url.Values{}
		if commune != "" {
			q.Set("commune", string(commune))
		} else if linked.id() != "" {
			q.Set("all", "1")
		}
		if g.from() != "" {
			q.Set("from", g.from())
		}
		return strings.TrimSuffix(publicPath(g.Office.Slug, "sessions")+"?"+q.Encode(), "?")
	}
	body := publicSessionsPage{Slug: g.Office.Slug}
	for _, c := range places {
		body.Communes = append(body.Communes, publicChoice{c.Label(), at(c.ID), p.Commune != nil && p.Commune.ID == c.ID})
	}
	feed := url.Values{"lang": {langOf(r)}}
	if p.Commune != nil {
		body.Communes = append(body.Communes, publicChoice{t(r, "public.sessions.all"), at(""), false})
		body.Commune, body.Name = string(p.Commune.ID), p.Commune.Label()
		feed.Set("commune", body.Commune)
		for _, v := range p.Commune.Villages {
			body.Villages = append(body.Villages, option{string(v.ID), v.Label()})
		}
	}
	if p.Village != nil {
		body.Village, body.Name = string(p.Village.ID), p.Village.Label()
		feed.Set("village", body.Village)
	}
	body.FeedURL = publicPath(g.Office.Slug, "sessions.ics") + "?" + feed.Encode()
	dates, err := s.publicDates(r, g, p.id(), 60)
	if err != nil {
		return err
	}
	for _, d := range dates {
		if d.here {
			body.Dates = append(body.Dates, d)
		} else {
			body.Others = append(body.Others, d)
		}
	}
	return s.renderPublic(w, r, g, "public_sessions", publicPage{page: page{Title: t(r, "public.sessions.title"), Body: body}, Key: "sessions"})
}

// located names where announced sessions are held.
type located struct {
	name, full map[loa.AreaID]string
	commune    map[loa.AreaID]loa.AreaID
}

func locate(places []store.PublicCommune) located {
	l := located{name: map[loa.AreaID]string{}, full: map[loa.AreaID]string{}, commune: map[loa.AreaID]loa.AreaID{}}
	for _, c := range places {
		l.name[c.ID], l.full[c.ID], l.commune[c.ID] = c.Label(), c.Label(), c.ID
		for _, v := range c.Villages {
			l.name[v.ID], l.full[v.ID], l.commune[v.ID] = v.Label(), v.Label()+", "+c.Label(), c.ID
		}
	}
	return l
}

// publicDates are the sessions still to come at or around a place, those of a village's commune included, at most so many.
func (s *Server) publicDates(r *http.Request, g *guest, at loa.AreaID, most int) ([]publicDate, error) {
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return nil, err
	}
	list, err := s.announced(r, g)
	if err != nil {
		return nil, err
	}
	where, today := locate(places), s.today()
	var out []publicDate
	for _, x := range list {
		if x.On < today || x.On > today.Add(publicAhead) || x.State == loa.Held || where.name[x.Area] == "" && at != "" || at != "" && where.commune[x.Area] != where.commune[at] {
			continue
		}
		if len(out) == most {
			break
		}
		_, month, day := x.On.Parts()
		d := publicDate{Day: day, Month: t(r, "public.sessions.month", month), Weekday: t(r, "weekday_short."+fmt.Sprint(int(x.On.Weekday()))), Lunar: shortLunar(r, x.On), Where: where.full[x.Area], At: x.Place,
			Form: t(r, "form."+string(x.Form)), Off: x.State == loa.Cancelled, area: x.Area, commune: where.commune[x.Area], here: at == "" || where.commune[at] == at || x.Area == at || x.Area == where.commune[at]}
		if at != "" { // whoever chose a commune knows which it is
			d.Where = where.name[x.Area]
		}
		if d.Where == "" {
			d.Where = g.Office.ShortName
		}
		d.When = publicClock(r, x)
		if g.Settings.Contacts && x.Contact != "" {
			d.Contact, d.Phone, d.Dial = x.Contact, vn.PhoneDisplay(x.Phone), dialled(x.Phone)
		}
		d.AddURL = publicPath(g.Office.Slug, "sessions") + "/" + string(x.ID) + ".ics?lang=" + langOf(r)
		switch {
		case d.Off:
			d.Tag = t(r, "public.sessions.off")
		case x.On == today && x.StartMin >= 17*60:
			d.Tag = t(r, "public.sessions.tonight")
		case x.On == today:
			d.Tag = t(r, "public.sessions.today")
		case x.On == today.Add(1):
			d.Tag = t(r, "public.sessions.tomorrow")
		}
		out = append(out, d)
	}
	return out, nil
}

func publicClock(r *http.Request, x store.Announced) string {
	from := clockText(x.StartMin)
	switch {
	case from == "":
		return t(r, "public.sessions.no_time")
	case x.EndMin > 0:
		return from + "–" + clockText(x.EndMin)
	}
	return from
}

// publicCalendar is what a telephone subscribes to: the sessions of the office, a commune or a village.
func (s *Server) publicCalendar(w http.ResponseWriter, r *http.Request, g *guest) error {
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return err
	}
	p, err := placeAsked(places, loa.AreaID(r.FormValue("commune")), loa.AreaID(r.FormValue("village")))
	if err != nil {
		return err
	}
	list, err := s.announced(r, g)
	if err != nil {
		return err
	}
	where, at, name := locate(places), p.id(), g.Office.ShortName
	if at != "" {
		name = where.name[at]
	}
	var events []ics.Event
	for _, x := range list {
		if at == "" || x.Area == at || where.commune[x.Area] == at || p.Village != nil && x.Area == where.commune[at] {
			events = append(events, s.publicICS(r, g, where, x))
		}
	}
	return s.sendCalendar(w, r, t(r, "public.sessions.cal", name), events)
}

// publicEvent is one session for the calendar of a telephone.
func (s *Server) publicEvent(w http.ResponseWriter, r *http.Request, g *guest) error {
	id, ok := strings.CutSuffix(r.PathValue("file"), ".ics")
	list, err := s.announced(r, g)
	if err != nil {
		return err
	}
	places, err := s.publicPlaces(r, g)
	if err != nil {
		return err
	}
	for _, x := range list {
		if ok && string(x.ID) == id {
			w.Header().Set("Content-Disposition", `attachment; filename="loa.ics"`)
			return s.sendCalendar(w, r, t(r, "public.sessions.cal", g.Office.ShortName), []ics.Event{s.publicICS(r, g, locate(places), x)})
		}
	}
	return loa.ErrNotFound
}

func (s *Server) publicICS(r *http.Request, g *guest, where located, x store.Announced) ics.Event {
	full, name := where.full[x.Area], where.name[x.Area]
	if full == "" {
		full, name = g.Office.ShortName, g.Office.ShortName
	}
	e := ics.Event{UID: string(x.ID) + "@loa", Sequence: x.ChangeNo, Stamp: time.UnixMilli(x.Made), Start: x.On.Time(), AllDay: x.StartMin == 0, Cancelled: x.State == loa.Cancelled,
		Summary: t(r, "public.sessions.summary", name), Location: full, URL: s.siteURL(r) + publicPath(g.Office.Slug, "sessions")}
	if x.Place != "" {
		e.Location = x.Place + ", " + full
	}
	midnight := x.On.Time().Add(-7 * time.Hour) // days are kept as midnight UTC; clocks are Việt Nam's
	if x.StartMin > 0 {
		e.Start = midnight.Add(time.Duration(x.StartMin) * time.Minute)
	}
	if x.EndMin > 0 {
		e.End = midnight.Add(time.Duration(x.EndMin) * time.Minute)
	}
	e.Description = t(r, "form."+string(x.Form)) + "\n" + shortLunar(r, x.On)
	if g.Settings.Contacts && x.Contact != "" {
		e.Description += "\n" + t(r, "public.sessions.contact", strings.TrimSpace(x.Contact+" "+vn.PhoneDisplay(x.Phone)))
	}
	return e
}

func (s *Server) sendCalendar(w http.ResponseWriter, r *http.Request, name string, events []ics.Event) error {
	w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=900")
	w.Header().Add("Vary", "Accept-Encoding")
	return packed(w, r, 0, ics.Write(name, events))
}
