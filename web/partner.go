package web

import (
	"context"
	"net/http"

	"loa"
	"loa/store"
)

func (s *Server) partnerRoutes() []route {
	return append(append([]route{
		{"GET /partners", loa.ReadOutreach, s.partnerList},
		{"GET /partners/new", loa.EditPartners, s.partnerNew},
		{"POST /partners/new", loa.EditPartners, s.partnerCreate},
		{"GET /partners/{id}", loa.ReadOutreach, s.partnerShow},
		{"GET /partners/{id}/edit", loa.EditPartners, s.partnerEdit},
		{"POST /partners/{id}/edit", loa.EditPartners, s.partnerUpdate},
		{"POST /partners/{id}/retire", loa.EditPartners, s.partnerRetire},
		{"POST /partners/{id}/restore", loa.EditPartners, s.partnerRestore},
	}, s.collectorRoutes()...), s.employerRoutes()...)
}

type partnerListPage struct {
	Tab      string
	Rows     []partnerRow
	Kinds    []option
	Kind     string
	Query    string
	Retired  bool
	Filtered bool
	MayEdit  bool
	Total    int
	First    string // the address of the first page, where this is not it
	Next     string
}

type partnerRow struct {
	store.PartnerLine
	Place string
	Phone string
	URL   string
}

// listAsked reads which page of a list in the order of names is asked for.
func listAsked(r *http.Request) store.ListPage {
	return store.ListPage{After: r.FormValue("after"), Words: r.FormValue("q"), Retired: r.FormValue("retired") != "", Take: listPage}
}

// listLinks are the first page and the one after the last line of this one.
func listLinks(r *http.Request, name, id string, full bool) (first, next string) {
	q := r.URL.Query()
	if q.Get("after") != "" {
		p := r.URL.Query()
		p.Del("after")
		first = r.URL.Path + "?" + p.Encode()
	}
	if full {
		q.Set("after", store.ListKey(name, id))
		next = r.URL.Path + "?" + q.Encode()
	}
	return first, next
}

func (s *Server) partnerList(w http.ResponseWriter, r *http.Request) error {
	p, kind := listAsked(r), r.FormValue("kind")
	list, total, err := s.DB.Partners(r.Context(), scopeOf(r), p, kind)
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body := partnerListPage{Tab: "partners", Kinds: options(r, "partner_kind.", loa.PartnerKinds), Kind: kind, Query: p.Words, Retired: p.Retired, Filtered: p.Words != "" || kind != "" || p.Retired,
		MayEdit: whoOf(r).may(loa.EditPartners), Total: total}
	for _, l := range list {
		if l.NextOn < s.today() {
			l.NextOn = "" // planned for a day that has passed: the sessions' own list says so
		}
		body.Rows = append(body.Rows, partnerRow{l, partnerPlace(r, places, l.Area), displayPhone(l.Phone), "/partners/" + string(l.ID)})
	}
	if n := len(list); n > 0 {
		body.First, body.Next = listLinks(r, list[n-1].Name, string(list[n-1].ID), n == listPage)
	}
	return s.render(w, r, "partner_list", page{Title: t(r, "partner.title"), Context: t(r, "partner.context", total), Active: "partners", Body: body})
}

type partnerShowPage struct {
	Partner     loa.Partner
	Place       string
	Phone       string
	Next        []partnerSession
	Past        []partnerSession
	Total       int
	Confirmed   int
	Letters     int
	Influencers []influencerLine
	History     []historyLine
	MayEdit     bool
	Prev, More  string
	From, To    int
}

type partnerSession struct {
	store.PartnerSession
	Place string
	URL   string
	Late  bool // planned for a day that has passed
}

type influencerLine struct {
	loa.Influencer
	Place, Phone, URL string
}

// influencersOfKind are the roles in a village that belong to a kind of partner.
var influencersOfKind = map[string][]string{
	"commune_committee": {"village_head"}, "village": {"village_head", "elder", "respected"}, "party_committee": {"party_cell"}, "front": {"elder", "respected"},
	"women_union": {"women_union"}, "farmers_union": {"farmers_union"}, "health_station": {"health_worker"}, "post_office": {"collaborator"}, "employment_centre": {"collaborator"},
}

const partnerSessionsShown = 20

func (s *Server) partnerShow(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Partner(r.Context(), scopeOf(r), loa.PartnerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	n := pageNumber(r)
	list, total, confirmed, err := s.DB.PartnerSessions(r.Context(), scopeOf(r), p.ID, (n-1)*partnerSessionsShown, partnerSessionsShown)
	if err != nil {
		return err
	}
	body := partnerShowPage{Partner: p, Place: partnerPlace(r, places, p.Area), Phone: displayPhone(p.Phone), Total: total, Confirmed: confirmed, MayEdit: whoOf(r).may(loa.EditPartners), From: (n-1)*partnerSessionsShown + 1}
	body.To = body.From + len(list) - 1
	body.Prev, body.More = pageLinks(r, n, body.To < total)
	for _, x := range list {
		line := partnerSession{PartnerSession: x, Place: places[x.Area], URL: "/sessions/" + string(x.Session), Late: x.State == loa.Planned && x.On < s.today()}
		if x.LetterNo > 0 {
			body.Letters++
		}
		if x.State == loa.Planned {
			body.Next = append([]partnerSession{line}, body.Next...) // the nearest first
		} else {
			body.Past = append(body.Past, line)
		}
	}
	if body.Influencers, err = s.partnerInfluencers(r, p, places); err != nil {
		return err
	}
	if body.History, err = s.recordHistory(r, string(p.ID), "partner"); err != nil {
		return err
	}
	return s.render(w, r, "partner_show", page{Title: t(r, "partner.show.title", p.Name), Context: t(r, "partner_kind."+p.Kind) + " · " + body.Place, Active: "partners", Body: body})
}

// partnerInfluencers are the people of the partner's place who hold a role that belongs to it.
func (s *Server) partnerInfluencers(r *http.Request, p loa.Partner, places map[loa.AreaID]string) ([]influencerLine, error) {
	roles := influencersOfKind[p.Kind]
	if len(roles) == 0 {
		return nil, nil
	}
	a, err := s.DB.Area(r.Context(), scopeOf(r), p.Area)
	if err != nil {
		return nil, err
	}
	list, err := s.DB.Influencers(r.Context(), scopeOf(r).Narrow(a.Path), s.today())
	if err != nil {
		return nil, err
	}
	var out []influencerLine
	for _, i := range list {
		if !whoOf(r).may(loa.ReadPeople) {
			i.Phone = ""
		}
		if loa.OneOf(i.Role, roles) && len(out) < 100 {
			out = append(out, influencerLine{i, places[i.Area], displayPhone(i.Phone), "/areas/" + string(i.Area)})
		}
	}
	return out, nil
}

// retired answers the taking out of use of a record, with a way back, or its bringing back.
func (s *Server) retired(w http.ResponseWriter, r *http.Request, room, name, id string, retire bool, err error) error {
	if err != nil {
		return err
	}
	at := "/" + room + "/" + id
	if retire {
		return s.done(w, r, at, t(r, "partner.retired", name), at+"/restore")
	}
	return s.done(w, r, at, t(r, "partner.restored", name), "")
}

func (s *Server) partnerRetire(w http.ResponseWriter, r *http.Request) error {
	return s.partnerSetRetired(w, r, true)
}

func (s *Server) partnerRestore(w http.ResponseWriter, r *http.Request) error {
	return s.partnerSetRetired(w, r, false)
}

func (s *Server) partnerSetRetired(w http.ResponseWriter, r *http.Request, retire bool) error {
	p, err := s.DB.Partner(r.Context(), scopeOf(r), loa.PartnerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	err = s.DB.RetirePartner(context.WithoutCancel(r.Context()), scopeOf(r), s.by(r), p.ID, retire)
	return s.retired(w, r, "partners", p.Name, string(p.ID), retire, err)
}

// partnerPlace is where a partner works: what hangs under the office's own node works in all of it.
func partnerPlace(r *http.Request, places map[loa.AreaID]string, area loa.AreaID) string {
	if area == whoOf(r).Office.Anchor {
		return t(r, "coverage.total")
	}
	return places[area]
}
