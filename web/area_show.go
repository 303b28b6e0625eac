package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/store"
)

// areaPage is one commune or village with everything an office knows of it.
type areaPage struct {
	Area        loa.Area
	Kind        loa.AreaKind
	Label       string
	Up          []option // from the top down, without the area itself
	Facts       []factLine
	Aliases     []string
	Codes       []datedLine
	Parents     []datedLine
	Figures     []figureGroup
	Sums        []sumLine
	Heads       []folkLine
	Past        []folkLine
	Markets     []marketLine
	Festivals   []festivalYear
	Collectors  []areaCollector
	Held        []areaSession
	Planned     []areaSession
	HeldURL     string
	PlannedURL  string
	People      int
	PeopleURL   string
	Villages    villagesPart
	History     []areaChange
	Boundary    *store.Boundary
	Today       loa.Day
	MayEdit     bool
	MayCommune  bool // give codes, merge and end communes: who works for the whole office
	MayMeet     bool
	MaySee      bool // people
	Errors      map[string]string
	Vals        map[string]string // what was typed into a form that was refused
	Open        string            // the form that was refused
	Opt         map[string][]option
	Market      marketForm
	MarketNo    string
	Anchor      bool
	Formerly    []areaHit
	RegisterTip string
}

// areaChange is one change of the record: who, when, from what to what.
type areaChange struct{ At, Field, Old, New, Officer string }

type factLine struct{ Label, Text, Icon string }

// datedLine is something that held from a day to another.
type datedLine struct {
	Text, Sub, Source string
	From, To          loa.Day
}

type figureGroup struct {
	Label string
	Now   loa.AreaFigure
	Older []loa.AreaFigure
}

type sumLine struct {
	Label string
	Sum   figureSum
}

type folkLine struct {
	loa.Influencer
	RoleText string
	Person   string
	ReturnTo string
}

type areaCollector struct {
	Name, Place, URL string
	From, To         loa.Day
}

type areaSession struct {
	store.SessionLine
	URL string
}

func (s *Server) areaShow(w http.ResponseWriter, r *http.Request) error {
	a, err := s.DB.Area(r.Context(), scopeOf(r), loa.AreaID(r.PathValue("id")))
	if err != nil {
		return err
	}
	return s.areaDraw(w, r, a, nil, "")
}

// areaDraw draws the page; a form that was refused comes back open, with what was typed and what was wrong.
func (s *Server) areaDraw(w http.ResponseWriter, r *http.Request, a loa.Area, refused *form, open string) error {
	me := whoOf(r)
	b := &areaPage{Area: a, Kind: a.Kind, Label: s.areaName(r, a), Today: s.today(), Anchor: a.Kind == loa.OfficeNode, PeopleURL: "/people?area=" + string(a.ID),
		MaySee: me.may(loa.ReadPeople), MayMeet: me.may(loa.ReadOutreach), Errors: map[string]string{}, Vals: map[string]string{}, Open: open}
	b.MayEdit = me.may(loa.EditAreas) && !b.Anchor && a.Kind != loa.Former && a.Office == me.Office.ID
	b.MayCommune = b.MayEdit && a.Kind == loa.Commune && s.seesAnchor(r)
	status := 0
	if refused != nil {
		status, b.Errors = http.StatusUnprocessableEntity, refused.Errors
		for name := range r.PostForm {
			b.Vals[name] = r.PostForm.Get(name)
		}
	}
	for _, fill := range []func(*http.Request, *areaPage) error{s.areaPlaceIn, s.areaFigures, s.areaFolk, s.areaDays, s.areaWork, s.areaPast} {
		if err := fill(r, b); err != nil {
			return err
		}
	}
	kinds := append([]string{"population", "households"}, loa.FigureKinds[2:]...)
	b.Opt = map[string][]option{"figure": options(r, "figure.", kinds), "role": options(r, "influencer.", loa.InfluencerRoles), "festival": options(r, "festival_kind.", loa.FestivalKinds)}
	b.Market = s.marketForm(r, refused, open)
	var above []string
	for i := len(b.Up) - 1; i >= 0; i-- {
		above = append(above, b.Up[i].Label)
	}
	title := t(r, "area.show_title", b.Label)
	if b.Anchor {
		title = t(r, "area.loose_title")
	}
	return s.render(w, r, "area_show", page{Title: title, Context: strings.Join(above, ", "), Active: "areas", Status: status, Body: b})
}

// seesAnchor says whether the officer works for the whole office.
func (s *Server) seesAnchor(r *http.Request) bool {
	return slices.ContainsFunc(whoOf(r).Areas, func(a loa.Area) bool { return a.Kind == loa.OfficeNode })
}

// areaPlaceIn says where the area lies, what it is called and what an officer wrote down of it.
func (s *Server) areaPlaceIn(r *http.Request, b *areaPage) error {
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	for id := tree.Parent(b.Area.ID, b.Today); id != "" && len(b.Up) < 8; id = tree.Parent(id, b.Today) {
		b.Up = append([]option{{string(id), s.areaName(r, tree.Areas[id])}}, b.Up...)
	}
	for _, p := range tree.Parents(b.Area.ID) {
		b.Parents = append(b.Parents, datedLine{Text: s.areaName(r, tree.Areas[p.Parent]), Source: p.Source, From: p.From, To: p.To})
	}
	slices.Reverse(b.Parents)
	codes, err := s.DB.AreaCodes(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, c := range codes {
		if c.Area == b.Area.ID {
			b.Codes = append(b.Codes, datedLine{Text: c.Code, Source: c.Source, From: c.From, To: c.To})
		}
	}
	slices.Reverse(b.Codes)
	aliases, err := s.DB.Aliases(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, x := range aliases {
		if x.Area == b.Area.ID {
			b.Aliases = append(b.Aliases, x.Name)
		}
	}
	s.formerly(r, tree, b, codes)
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	shown := b.Area
	if b.Kind == loa.Commune { // what nobody wrote down of the commune is what its villages say
		areas, err := s.areas(r)
		if err != nil {
			return err
		}
		shown.EthnicGroups = orVillages(areas, b.Area, loa.EthnicGroups, shown.EthnicGroups, func(a loa.Area) []string { return a.EthnicGroups })
		shown.Languages = orVillages(areas, b.Area, loa.Languages, shown.Languages, func(a loa.Area) []string { return a.Languages })
	}
	b.Facts = areaFacts(r, shown, officers.by[b.Area.FocalOfficer].Name)
	return nil
}

// areaFigures are its own figures with their history, and what its villages add up to.
func (s *Server) areaFigures(r *http.Request, b *areaPage) error {
	list, err := s.DB.Figures(r.Context(), scopeOf(r), b.Area.ID)
	if err != nil {
		return err
	}
	for _, kind := range loa.FigureKinds {
		g := figureGroup{Label: t(r, "figure."+kind)}
		for _, f := range list {
			if f.Kind != kind {
				continue
			}
			if g.Now.Kind == "" {
				g.Now = f
			} else {
				g.Older = append(g.Older, f)
			}
		}
		if g.Now.Kind != "" {
			b.Figures = append(b.Figures, g)
		}
	}
	notes, err := s.areaNotes(r)
	if err != nil {
		return err
	}
	for _, a := range notes.areas {
		if strings.HasPrefix(a.Path, b.Area.Path) {
			b.People += notes.people[a.ID]
		}
	}
	if b.Kind == loa.Village {
		return nil
	}
	for _, kind := range []string{"population", "households"} {
		line := sumLine{Label: t(r, "figure."+kind)}
		for _, a := range notes.areas {
			if a.Kind == loa.Village && strings.HasPrefix(a.Path, b.Area.Path) {
				f, ok := notes.figures[a.ID][kind]
				line.Sum.add(f, ok)
			}
		}
		if line.Sum.Known {
			b.Sums = append(b.Sums, line)
		}
	}
	b.Villages, err = s.villagesOf(r, b.Area)
	return err
}

// areaFolk are the people a place listens to and the collectors that work in it.
func (s *Server) areaFolk(r *http.Request, b *areaPage) error {
	list, err := s.DB.InfluencersOf(r.Context(), scopeOf(r), b.Area.ID)
	if err != nil {
		return err
	}
	for _, i := range list {
		line := folkLine{Influencer: i, RoleText: t(r, "influencer."+i.Role)}
		if i.Person != "" {
			if p, err := s.DB.Person(r.Context(), scopeOf(r), i.Person); err == nil {
				line.Person = p.Name
			} else if loa.KindOf(err) != loa.NotFound {
				return err
			}
		}
		if i.To >= b.Today && (i.From == "" || i.From <= b.Today) {
			b.Heads = append(b.Heads, line)
		} else {
			b.Past = append(b.Past, line)
		}
	}
	where, err := s.DB.Territories(r.Context(), scopeOf(r), b.Today)
	if err != nil {
		return err
	}
	names, err := s.DB.CollectorNames(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	areas, err := s.villageNames(r)
	if err != nil {
		return err
	}
	mine := map[loa.AreaID]bool{b.Area.ID: true}
	for _, up := range b.Up {
		mine[loa.AreaID(up.Value)] = true
	}
	for _, c := range names {
		for _, t := range where[c.ID] {
			if mine[t.Area] {
				line := areaCollector{Name: c.Name, Place: areas[t.Area], From: t.From, To: t.To}
				if s.stands("/collectors") {
					line.URL = "/collectors/" + string(c.ID)
				}
				b.Collectors = append(b.Collectors, line)
				break
			}
		}
	}
	return nil
}

// areaWork are the sessions held and planned here.
func (s *Server) areaWork(r *http.Request, b *areaPage) error {
	if !b.MayMeet {
		return nil
	}
	const few = 6
	held, err := s.DB.Sessions(r.Context(), scopeOf(r), store.SessionFilter{Area: b.Area.ID, State: loa.Held, To: b.Today, Newest: true, Limit: few})
	if err != nil {
		return err
	}
	planned, err := s.DB.Sessions(r.Context(), scopeOf(r), store.SessionFilter{Area: b.Area.ID, State: loa.Planned, From: b.Today, Limit: few})
	if err != nil {
		return err
	}
	link := func(list []store.SessionLine) (out []areaSession) {
		for _, x := range list {
			one := areaSession{SessionLine: x}
			if s.stands("/sessions") {
				one.URL = "/sessions/" + string(x.ID)
			}
			out = append(out, one)
		}
		return out
	}
	b.Held, b.Planned = link(held), link(planned)
	if s.stands("/sessions") {
		b.HeldURL = "/sessions?state=held&area=" + string(b.Area.ID)
		b.PlannedURL = "/sessions?state=planned&area=" + string(b.Area.ID)
	}
	return nil
}

// areaPast is what was changed on the record, and whether its boundary is known.
func (s *Server) areaPast(r *http.Request, b *areaPage) error {
	list, err := s.DB.Boundaries(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for i := range list {
		if list[i].Area == b.Area.ID {
			b.Boundary = &list[i]
		}
	}
	versions, err := s.DB.Versions(r.Context(), string(b.Area.ID))
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	words, err := s.areaWords(r)
	if err != nil {
		return err
	}
	for i, v := range versions {
		if i == 20 {
			break
		}
		b.History = append(b.History, areaChange{At: v.RecordedAt.In(loa.Zone).Format("02/01/2006 15:04"), Field: t(r, "area.field."+v.Field), Old: words.text(r, v.Field, v.Old), New: words.text(r, v.Field, v.New),
			Officer: officers.by[v.RecordedBy].Name})
	}
	return nil
}

// Phone writes a number as people read it out.
func (v *view) Phone(s string) string { return displayPhone(s) }
