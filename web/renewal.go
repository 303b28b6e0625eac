package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

type renewalPage struct {
	Kind        string
	Within      int
	Scheme      string
	Officer     string
	Collector   string
	Schemes     []option
	Officers    []option
	Collectors  []option
	Groups      []renewalGroup
	ByOfficer   []renewalOfficer
	Sum         renewalOfficer
	From, To    int
	Total       int
	Prev, Next  string
	Tab         string
	MayPerson   bool
	Windows     []renewalWindow
	Printed     bool
	PrintURL    string
	ExportURL   string
	MayExport   bool
	ByCollector []renewalCollector
	Refused     int // people of the page who refused to be visited or reminded
}

type renewalWindow struct {
	Label, URL string
	On         bool
}

// renewalGroup is the people of one village, in walking order.
type renewalGroup struct {
	Village string
	Rows    []renewalLine
}

type renewalLine struct {
	store.RenewalRow
	Days      int // left until the cover ends, or since the lapse
	Tel       string
	Refused   bool // to be visited, or every contact: never on a list to walk by
	NoCall    bool
	Collector string
	MethodTxt string
}

// renewalCollector counts the renewals a collector collects.
type renewalCollector struct {
	Name string
	ID   loa.CollectorID
	store.RenewalTally
}

// renewalCollectors are the counts by collector, who has most to renew first.
func (s *Server) renewalCollectors(r *http.Request, scheme loa.Scheme) ([]renewalCollector, error) {
	me, own := whoOf(r), s.ownCollector(r, "")
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	key := memoKey{me.Office.ID, change, "renewals by collector " + string(scheme) + " " + string(own) + " " + string(s.today()) + rangesOf(me.Scope)}
	counts, err := once(s.memo, key, func() (map[loa.CollectorID]store.RenewalTally, error) {
		return s.DB.RenewalsByCollector(r.Context(), me.Scope, scheme, own, s.today())
	})
	if err != nil {
		return nil, err
	}
	names, err := s.collectorNames(r)
	if err != nil {
		return nil, err
	}
	var out []renewalCollector
	for id, n := range counts {
		c := renewalCollector{Name: names[id], ID: id, RenewalTally: n}
		if id == "" {
			c.Name, c.ID = t(r, "renewal.no_collector"), uncollected
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b renewalCollector) int {
		if a.D60 != b.D60 {
			return b.D60 - a.D60
		}
		return strings.Compare(a.Name, b.Name)
	})
	return out, nil
}

// renewalOfficer counts the renewals of the communes an officer answers for.
type renewalOfficer struct {
	officerView
	ID                 loa.OfficerID
	D7, D30, D60, Late int
}

// renewalsAsked reads which renewals an address asks for: kind, scheme, days, officer and collector.
func (s *Server) renewalsAsked(r *http.Request) (body renewalPage, f store.RenewalFilter, err error) {
	body = renewalPage{Kind: r.FormValue("kind"), Scheme: r.FormValue("scheme"), Officer: r.FormValue("officer"), Tab: "renewals", MayPerson: whoOf(r).may(loa.ReadPeople), MayExport: whoOf(r).may(loa.ExportPeople),
		Collector: string(s.ownCollector(r, loa.CollectorID(r.FormValue("collector"))))}
	if body.Kind != "lapsed" {
		body.Kind = "due"
	}
	if !loa.Scheme(body.Scheme).Valid() {
		body.Scheme = string(loa.VoluntarySI)
	}
	body.Within = int(readForm(r).number("within"))
	if body.Within <= 0 || body.Within > 400 {
		body.Within = map[string]int{"due": 60, "lapsed": 12}[body.Kind]
	}
	f = store.RenewalFilter{Kind: body.Kind, Scheme: loa.Scheme(body.Scheme), Within: body.Within, Collector: loa.CollectorID(body.Collector)}
	if f.Collector == uncollected { // never what an agent without an organisation is given, which is noCollector
		f.Collector, f.Uncollected = "", true
	}
	st, err := s.renewals(r, f.Scheme)
	if err != nil {
		return body, f, err
	}
	body.ByOfficer, body.Sum = st.Officers, st.Sum
	if body.Officer != "" {
		f.Villages = st.villages[loa.OfficerID(body.Officer)]
		if f.Villages == nil {
			f.Villages = []loa.AreaID{}
		}
	}
	return body, f, nil
}

// uncollected stands where a collector's ID would in an address: the renewals nobody was named to collect.
const uncollected = "nobody"

func (s *Server) renewalList(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	body, f, err := s.renewalsAsked(r)
	if err != nil {
		return err
	}
	n, take := pageNumber(r), renewalsPage
	if body.Printed = r.FormValue("print") != ""; body.Printed {
		n, take = 1, peoplePrinted
	}
	rows, total, err := s.DB.Renewals(r.Context(), scopeOf(r), f, today, (n-1)*take, take)
	if err != nil {
		return err
	}
	body.Total, body.From, body.To = total, (n-1)*take+1, (n-1)*take+len(rows)
	body.Prev, body.Next = pageLinks(r, n, body.To < total)
	body.PrintURL, body.ExportURL = samePage(r, "print", "1"), "/enrolment/renewals/export?"+r.URL.RawQuery
	if err := s.renewalGroups(r, &body, rows); err != nil {
		return err
	}
	if s.ownCollector(r, "") != "" {
		body.ByOfficer = nil // an agent sees the renewals it collects, not how the office stands
	}
	if body.Printed {
		if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", body.Scheme, "renewals "+body.Kind+" n="+strconv.Itoa(len(rows)-body.Refused)); err != nil {
			return err
		}
	}
	if body.Officers, body.Collectors, err = s.owners(r); err != nil {
		return err
	}
	if s.ownCollector(r, "") == "" {
		body.Collectors = append(body.Collectors, option{uncollected, t(r, "renewal.no_collector")})
	}
	if body.ByCollector, err = s.renewalCollectors(r, f.Scheme); err != nil {
		return err
	}
	body.Schemes = optionsOf(r, "scheme.", []loa.Scheme{loa.VoluntarySI, loa.HouseholdHI})
	body.Windows = renewalWindows(r, body)
	return s.render(w, r, "renewal_list", page{Title: t(r, "renewal.title."+body.Kind), Context: t(r, "renewal.context."+body.Kind, total, body.Within), Active: "enrolment", Body: body})
}

func renewalWindows(r *http.Request, body renewalPage) []renewalWindow {
	var out []renewalWindow
	add := func(kind string, within int, key string) {
		q := r.URL.Query()
		q.Set("kind", kind)
		q.Set("within", strconv.Itoa(within))
		q.Del("page")
		out = append(out, renewalWindow{t(r, key, within), "/enrolment/renewals?" + q.Encode(), body.Kind == kind && body.Within == within})
	}
	for _, d := range []int{7, 30, 60} {
		add("due", d, "renewal.within_days")
	}
	add("lapsed", 12, "renewal.lapsed_months")
	return out
}

// renewalsPage is how many people stand on one page of the list.
const renewalsPage = 200

// renewalGroups puts people in walking order under their villages. Who refused to be visited or reminded is said, and not printed.
func (s *Server) renewalGroups(r *http.Request, body *renewalPage, rows []store.RenewalRow) error {
	names, collectors, refused, err := s.aroundRenewals(r, rows)
	if err != nil {
		return err
	}
	last := loa.AreaID("")
	for _, row := range rows {
		no := refused[row.Person]
		line := renewalLine{RenewalRow: row, Days: row.CoveredUntil.Sub(s.today()), Collector: collectors[row.Collector], MethodTxt: t(r, "method."+string(row.Method)), Tel: displayPhone(row.Phone),
			Refused: no["visit"] || no["all"], NoCall: no["call"]}
		if line.Refused {
			body.Refused++
			if body.Printed {
				continue
			}
		}
		if len(body.Groups) == 0 || row.Area != last {
			body.Groups = append(body.Groups, renewalGroup{Village: names[row.Area]})
			last = row.Area
		}
		g := &body.Groups[len(body.Groups)-1]
		g.Rows = append(g.Rows, line)
	}
	return nil
}

// renewalState is the counts of renewals by focal officer, and which villages each officer answers for.
type renewalState struct {
	Officers []renewalOfficer
	Sum      renewalOfficer
	villages map[loa.OfficerID][]loa.AreaID
}

// communeUnknown and officerUnknown stand where an officer's ID would: villages without a commune are a line of their own in every
// breakdown, and so are those nobody was named for.
const communeUnknown, officerUnknown loa.OfficerID = "no-commune", "nobody"

// renewals counts by the focal officer of each commune, with a line of their own for villages that have none.
func (s *Server) renewals(r *http.Request, scheme loa.Scheme) (*renewalState, error) {
	me := whoOf(r)
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	key := memoKey{me.Office.ID, change, "renewals " + string(scheme) + " " + string(s.today()) + " " + langOf(r) + rangesOf(me.Scope)}
	return once(s.memo, key, func() (*renewalState, error) {
		counts, err := s.DB.RenewalCounts(r.Context(), me.Scope, scheme, s.today())
		if err != nil {
			return nil, err
		}
		areas, err := s.areas(r)
		if err != nil {
			return nil, err
		}
		officers, err := s.officerNames(r)
		if err != nil {
			return nil, err
		}
		return tallyRenewals(r, counts, areas, officers), nil
	})
}

func tallyRenewals(r *http.Request, counts []store.RenewalTally, areas []loa.Area, officers officerNames) *renewalState {
	up := communeOf(areas)
	focal, node := map[loa.AreaID]loa.OfficerID{}, map[loa.AreaID]bool{}
	for _, a := range areas {
		focal[a.ID], node[a.ID] = a.FocalOfficer, a.Kind == loa.OfficeNode
	}
	st := &renewalState{villages: map[loa.OfficerID][]loa.AreaID{}}
	by := map[loa.OfficerID]*renewalOfficer{}
	var order []loa.OfficerID
	ownerOf := func(village loa.AreaID) loa.OfficerID {
		if o := focal[village]; o != "" {
			return o
		}
		if node[up[village]] {
			return communeUnknown
		}
		return cmp.Or(focal[up[village]], officerUnknown)
	}
	for _, a := range areas {
		if a.Kind != loa.Village {
			continue
		}
		o := ownerOf(a.ID)
		st.villages[o] = append(st.villages[o], a.ID)
		if by[o] == nil {
			view := officers.by[o]
			switch o {
			case communeUnknown:
				view = officerView{Name: t(r, "area.no_commune"), Initials: "–"}
			case officerUnknown:
				view = officerView{Name: t(r, "renewal.no_officer"), Initials: "–"}
			}
			by[o] = &renewalOfficer{officerView: view, ID: o}
			order = append(order, o)
		}
	}
	for _, c := range counts {
		line := by[ownerOf(c.Area)]
		if line == nil {
			continue
		}
		for _, x := range []*renewalOfficer{line, &st.Sum} {
			x.D7 += c.D7
			x.D30 += c.D30
			x.D60 += c.D60
			x.Late += c.Late
		}
	}
	for _, o := range order {
		if o != communeUnknown && o != officerUnknown {
			st.Officers = append(st.Officers, *by[o])
		}
	}
	for _, o := range []loa.OfficerID{officerUnknown, communeUnknown} { // last, and never left out
		if by[o] != nil {
			st.Officers = append(st.Officers, *by[o])
		}
	}
	return st
}

type reasonPage struct {
	Refused, Left []reasonLine
	Since         loa.Day
	Tab           string
}

type reasonLine struct {
	Icon  string
	Label string
	N     int
	Share int
}

// reasonList counts why people refused or left in the last twelve months.
func (s *Server) reasonList(w http.ResponseWriter, r *http.Request) error {
	since := s.today().AddMonths(-12)
	refused, left, err := s.reasons(r, since)
	if err != nil {
		return err
	}
	body := reasonPage{Since: since, Tab: "reasons", Refused: reasonLines(r, "refusal.", loa.RefusalReasons, refused), Left: reasonLines(r, "leaving.", loa.LeavingReasons, left)}
	return s.render(w, r, "enrolment_reasons", page{Title: t(r, "enrolment.reasons.title"), Context: t(r, "enrolment.context", since.Vietnamese()), Active: "enrolment", Body: body})
}

// reasons counts why people refused or left; for an agent only why those refused whom it was handed.
func (s *Server) reasons(r *http.Request, since loa.Day) (refused, left map[string]int, err error) {
	own := s.ownCollector(r, "")
	if own == "" {
		return s.DB.Reasons(r.Context(), scopeOf(r), since)
	}
	rows, _, err := s.DB.Enrolments(r.Context(), scopeOf(r), store.EnrolmentFilter{Step: loa.Refused, Collector: own, Since: since}, 0, 2000)
	refused = map[string]int{}
	for _, e := range rows {
		refused[e.Reason]++
	}
	return refused, nil, err
}

// reasonIcons are the pictures of the reasons for refusing and leaving, for people who would rather look than read.
var reasonIcons = map[string]string{"no_money": "wallet", "income_unsteady": "activity", "children_first": "school", "far_benefit": "hourglass", "not_understood": "circle-question-mark", "no_trust": "thumbs-down",
	"paperwork": "file-text", "has_other": "shield-check", "family_decides": "users-round", "other": "ellipsis", "pension": "piggy-bank", "death": "scroll", "moved": "signpost", "compulsory": "briefcase",
	"refused": "user-x"}

func reasonLines(r *http.Request, prefix string, words []string, n map[string]int) []reasonLine {
	most := 1
	for _, w := range words {
		most = max(most, n[w])
	}
	var out []reasonLine
	for _, w := range words {
		if n[w] > 0 {
			out = append(out, reasonLine{reasonIcons[w], t(r, prefix+w), n[w], 160 * n[w] / most})
		}
	}
	for i := range out { // the most frequent first; the lists are short
		for k := i + 1; k < len(out); k++ {
			if out[k].N > out[i].N {
				out[i], out[k] = out[k], out[i]
			}
		}
	}
	return out
}
