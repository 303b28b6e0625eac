package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"loa"
	"loa/store"
)

type coveragePeoplePage struct {
	Kind, KindText, SchemeName, Place string
	From, To                          loa.Day
	People                            []flowPerson
	Folk                              []metPerson    // of those met at sessions
	Villages                          []villageCount // instead of names, for those who may only see counts
	MayPeople                         bool
	Total                             int64
	First, Last                       int
	Prev, Next, PrintURL, BackURL     string
	Printed                           bool
	Cut                               bool // the printed list holds only its first part
}

type flowPerson struct {
	store.FlowPerson
	Village string
	URL     string
}

type metPerson struct {
	store.MetPerson
	Village string
	URL     string
}

type villageCount struct {
	Name, Commune string
	N             int64
}

const coveragePeopleShown, coveragePeoplePrinted = 50, 5000

// coveragePeople lists who stands behind a figure; those who may not see people see how many there are in each village.
func (s *Server) coveragePeople(w http.ResponseWriter, r *http.Request) error {
	if r.FormValue("kind") == "met" {
		return s.coverageMet(w, r)
	}
	scheme, err := schemeAsked(r)
	if err != nil {
		return err
	}
	f := store.FlowQuery{Scheme: scheme, Kind: r.FormValue("kind")}
	if f.Kind == "" {
		f.Kind = "in"
	}
	if !loa.OneOf(f.Kind, store.FlowKind) {
		return loa.ErrNotFound
	}
	if f.From, f.To, err = s.daysAsked(r, f.Kind); err != nil {
		return err
	}
	if text := r.FormValue("after"); text != "" {
		if f.After, err = strconv.Atoi(text); err != nil {
			return loa.Refuse(loa.Invalid, "after", "not_a_number")
		}
	}
	may := whoOf(r).may(loa.ReadPeople)
	if may {
		r = asFor(r, loa.ReadPeople)
	}
	body := coveragePeoplePage{Kind: f.Kind, KindText: t(r, "coverage.kind."+f.Kind), SchemeName: t(r, "scheme."+string(scheme)), From: f.From, To: f.To, MayPeople: may}
	if f.Kind == "kept" || f.Kind == "lost" {
		body.KindText = t(r, "coverage.kind."+f.Kind, f.After)
	}
	if body.Place, f.Areas, err = s.areasAsked(r); err != nil {
		return err
	}
	if body.Place == "" {
		tree, err := s.officeTree(r)
		if err != nil {
			return err
		}
		body.Place = totalName(r, loa.WholeOffice(scopeOf(r), tree))
	}
	body.BackURL = "/coverage?" + url.Values{"scheme": {string(scheme)}, "month": {string(f.To.Month())}, "by": {r.FormValue("by")}}.Encode()
	body.PrintURL = samePage(r, "print", "1")
	if may {
		err = s.coverageNames(r, &body, f)
	} else {
		err = s.coverageVillages(r, &body, f)
	}
	if err != nil {
		return err
	}
	context := "coverage.people.context.days"
	if f.Kind == "in" {
		context = "coverage.people.context.day"
	}
	return s.render(w, r, "coverage_people", page{Title: t(r, "coverage.people.title", body.SchemeName, body.KindText), Active: "coverage",
		Context: t(r, context, body.Place, body.From.Vietnamese(), body.To.Vietnamese()), Body: body})
}

// samePage is the address of this list with some of its question changed.
func samePage(r *http.Request, more ...string) string {
	q := r.URL.Query()
	q.Del("page")
	q.Del("print")
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return r.URL.Path + "?" + q.Encode()
}

// daysAsked reads the days of a list; without them it is the year so far.
func (s *Server) daysAsked(r *http.Request, kind string) (from, to loa.Day, err error) {
	to = s.today()
	if text := r.FormValue("to"); text != "" {
		if to, err = loa.ParseDay(text); err != nil {
			return "", "", err
		}
	}
	to = min(to, s.today())
	from = loa.MakeDay(to.Time().Year(), 1, 1)
	if text := r.FormValue("from"); text != "" {
		if from, err = loa.ParseDay(text); err != nil {
			return "", "", err
		}
	}
	if from > to && kind != "in" {
		return "", "", loa.Refuse(loa.Invalid, "period", "bad_period")
	}
	return from, to, nil
}

// areasAsked is the line asked for by name and by its villages: a commune of today or of the day the page is told by.
func (s *Server) areasAsked(r *http.Request) (string, []loa.AreaID, error) {
	id := loa.AreaID(r.FormValue("area"))
	if id == "" {
		return "", nil, nil
	}
	by, err := s.unitsAsked(r)
	if err != nil {
		return "", nil, err
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return "", nil, err
	}
	units := reportingUnits(r, tree, by, s.today())
	for _, u := range units.List {
		if u.ID == id {
			return unitName(r, u), units.Villages(id), nil
		}
	}
	if a, ok := tree.Areas[id]; ok && a.Kind == loa.Village && scopeOf(r).Holds(a.Path) {
		return a.Label(), []loa.AreaID{id}, nil
	}
	return "", nil, loa.ErrNotFound
}

func (s *Server) coverageNames(r *http.Request, body *coveragePeoplePage, f store.FlowQuery) error {
	no, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || no < 1 {
		no = 1
	}
	take := coveragePeopleShown
	body.Printed = r.FormValue("print") != ""
	if body.Printed {
		no, take = 1, coveragePeoplePrinted
	}
	list, total, err := s.DB.FlowPeople(r.Context(), scopeOf(r), f, (no-1)*take, take)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for _, p := range list {
		body.People = append(body.People, flowPerson{FlowPerson: p, Village: names[p.Area], URL: "/people/" + string(p.Person)})
	}
	body.Total, body.First, body.Last = int64(total), (no-1)*take+1, (no-1)*take+len(list)
	if body.Printed {
		body.Cut = total > len(list)
		return s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", string(f.Scheme), f.Kind+" "+string(f.From)+".."+string(f.To)+" n="+strconv.Itoa(len(list)))
	}
	if no > 1 {
		body.Prev = samePage(r, "page", strconv.Itoa(no-1))
	}
	if body.Last < total {
		body.Next = samePage(r, "page", strconv.Itoa(no+1))
	}
	return nil
}

func (s *Server) coverageVillages(r *http.Request, body *coveragePeoplePage, f store.FlowQuery) error {
	by, err := s.DB.FlowPeopleByArea(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	return s.villageCounts(r, body, by)
}

// villageCounts lays counts by village out, the most first.
func (s *Server) villageCounts(r *http.Request, body *coveragePeoplePage, by map[loa.AreaID]int64) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	up := communeOf(areas)
	for id, n := range by {
		body.Villages = append(body.Villages, villageCount{Name: names[id], Commune: names[up[id]], N: n})
		body.Total += n
	}
	slices.SortFunc(body.Villages, func(a, b villageCount) int {
		if a.N != b.N {
			return int(b.N - a.N)
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return nil
}
