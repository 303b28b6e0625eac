package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/planning"
	"loa/store"
	"loa/vn"
)

type sessionListPage struct {
	Rows             []sessionRow
	Whens            []tabLink
	Forms            []formPill
	States           []option
	Communes         []option
	Villages         []option
	Officers         []option
	When, State      string
	Form             string     // when one form is asked for
	Asked            []loa.Form // every form asked for
	Commune, Village string
	Officer, Words   string
	Month            string
	Months           []option
	Days             string // from when to when, when it is the sessions behind a figure
	FromDay, ToDay   string
	Filtered         bool
	Late             int64
	LateURL          string
	From, To         int
	Total            int64
	Prev, Next       string
	MayPlan          bool
	NewURL           string
}

type formPill struct {
	Form, Label, URL string
	N                int64
	On               bool
}

// sessionRow is one line of the list.
type sessionRow struct {
	store.SessionLine
	Day      string
	Sub      string // lunar day, market, festival
	Where    string
	Officers []officerView
	Late     bool
}

// sessionList is what is to come and what was done, each filter in the address.
func (s *Server) sessionList(w http.ResponseWriter, r *http.Request) error {
	today := s.today()
	body := sessionListPage{When: r.FormValue("when"), Asked: formsAsked(r), State: r.FormValue("state"), Commune: r.FormValue("commune"), Village: r.FormValue("village"),
		Officer: r.FormValue("officer"), Words: strings.TrimSpace(r.FormValue("q")), Month: r.FormValue("month"), MayPlan: whoOf(r).may(loa.EditOutreach)}
	if len(body.Asked) == 1 {
		body.Form = string(body.Asked[0])
	}
	f, err := s.sessionFilter(r, &body, today)
	if err != nil {
		return err
	}
	counts, err := s.DB.CountSessions(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	s.sessionPills(r, &body, counts)
	n := pageNumber(r)
	f.Limit, f.Offset = listPage, (n-1)*listPage
	list, err := s.DB.Sessions(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	if body.Rows, err = s.sessionRows(r, list); err != nil {
		return err
	}
	if len(list) > 0 {
		body.From, body.To = f.Offset+1, f.Offset+len(list)
	}
	body.Prev, body.Next = pageLinks(r, n, int64(body.To) < body.Total && len(list) > 0)
	if err := s.sessionChoices(r, &body); err != nil {
		return err
	}
	late, err := s.DB.CountSessions(r.Context(), scopeOf(r), store.SessionFilter{Late: today})
	if err != nil {
		return err
	}
	for _, c := range late {
		body.Late += c
	}
	body.LateURL = "/sessions?when=late"
	context := t(r, "session.list.context."+body.When, body.Total)
	if body.When == "days" { // what stands behind a figure says its heads too
		heads, err := s.DB.SessionHeads(r.Context(), scopeOf(r), f)
		if err != nil {
			return err
		}
		context = t(r, "session.list.context.days", body.Total, vn.NumberIn(langOf(r), heads))
	}
	body.NewURL = "/sessions/new"
	if area := body.Commune + body.Village; area != "" {
		body.NewURL += "?area=" + url.QueryEscape(cmpOr(body.Village, body.Commune))
	}
	return s.render(w, r, "session_list", page{Title: t(r, "session.list.title"), Context: context, Active: "sessions", Body: body})
}

func cmpOr(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// formsAsked are the forms a list is narrowed to: one, or the several of a figure that adds them up.
func formsAsked(r *http.Request) (out []loa.Form) {
	for _, text := range r.URL.Query()["form"] {
		if form := loa.Form(text); form != "" && len(out) < len(loa.SessionForms) {
			out = append(out, form)
		}
	}
	return out
}

// sessionFilter turns what the address says into a filter; a month wins over "to come" and "done".
func (s *Server) sessionFilter(r *http.Request, body *sessionListPage, today loa.Day) (store.SessionFilter, error) {
	f := store.SessionFilter{Forms: body.Asked, State: loa.SessionState(body.State), Area: loa.AreaID(cmpOr(body.Village, body.Commune)), Officer: loa.OfficerID(body.Officer), Words: body.Words}
	if m, err := loa.ParseMonth(body.Month); body.Month != "" && err == nil {
		f.From, f.To = m.First(), m.Last()
		body.When = "month"
	} else {
		body.Month = ""
	}
	switch body.When {
	case "days": // the sessions behind a figure, from its first day to its last
		f.From, f.To = loa.Day(r.FormValue("from")), loa.Day(r.FormValue("to"))
		if !f.From.Valid() || !f.To.Valid() || f.From > f.To {
			return f, loa.Refuse(loa.Invalid, "period", "bad_period")
		}
		body.FromDay, body.ToDay, f.Newest = string(f.From), string(f.To), true
		body.Days = t(r, "session.when.days", f.From.Vietnamese(), f.To.Vietnamese())
	case "month":
		if body.Month == "" {
			body.When = "next"
			f.From = today
		}
	case "past":
		f.To, f.Newest = today.Add(-1), true
	case "all":
		f.Newest = true
	case "late":
		f.Late = today
	default:
		body.When, f.From = "next", today
	}
	body.Filtered = len(body.Asked) > 0 || body.State+body.Commune+body.Village+body.Officer+body.Words+body.Month != ""
	return f, nil
}

func (s *Server) sessionPills(r *http.Request, body *sessionListPage, counts map[loa.Form]int64) {
	with := func(drop []string, set ...string) string {
		q := url.Values{}
		for k, v := range r.URL.Query() {
			q[k] = v
		}
		for _, k := range append(drop, "page") {
			q.Del(k)
		}
		for i := 0; i+1 < len(set); i += 2 {
			q.Set(set[i], set[i+1])
		}
		return "/sessions?" + q.Encode()
	}
	for _, when := range []string{"next", "past", "all"} {
		body.Whens = append(body.Whens, tabLink{t(r, "session.when."+when), with([]string{"month", "from", "to"}, "when", when), body.When == when})
	}
	if body.Days != "" {
		body.Whens = append(body.Whens, tabLink{body.Days, with(nil), true})
	}
	var all int64
	for _, n := range counts {
		all += n
	}
	body.Forms = append(body.Forms, formPill{Label: t(r, "session.all_forms"), URL: with([]string{"form"}), N: all, On: len(body.Asked) == 0})
	for _, form := range loa.SessionForms {
		on := slices.Contains(body.Asked, form)
		if counts[form] == 0 && !on {
			continue
		}
		body.Forms = append(body.Forms, formPill{string(form), t(r, "form."+string(form)), with(nil, "form", string(form)), counts[form], on})
	}
	body.Total = all
	if len(body.Asked) > 0 {
		body.Total = 0
		for _, form := range body.Asked {
			body.Total += counts[form]
		}
	}
}

func (s *Server) sessionChoices(r *http.Request, body *sessionListPage) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	up := communeOf(areas)
	for _, a := range areas {
		switch {
		case a.Kind == loa.Commune || a.Kind == loa.OfficeNode:
			body.Communes = append(body.Communes, option{string(a.ID), s.areaName(r, a)})
		case body.Commune != "" && string(up[a.ID]) == body.Commune:
			body.Villages = append(body.Villages, option{string(a.ID), a.Label()})
		}
	}
	if body.Commune != "" && !slices.ContainsFunc(body.Communes, func(o option) bool { return o.Value == body.Commune }) { // a commune of former days
		tree, err := s.officeTree(r)
		if err != nil {
			return err
		}
		if a, ok := tree.Areas[loa.AreaID(body.Commune)]; ok {
			body.Communes = append(body.Communes, option{string(a.ID), t(r, "session.filter.former", a.Label())})
		}
	}
	body.Months = s.monthOptions(r, max(loa.Month(body.Month), s.today().Month().Add(3)))
	body.States = optionsOf(r, "session_state.", []loa.SessionState{loa.Planned, loa.Held, loa.Cancelled})
	body.Officers, err = s.officerOptions(r)
	return err
}

func (s *Server) sessionRows(r *http.Request, list []store.SessionLine) ([]sessionRow, error) {
	if len(list) == 0 {
		return nil, nil
	}
	names, err := s.sessionNames(r, nil)
	if err != nil {
		return nil, err
	}
	marks, err := s.dayMarks(r)
	if err != nil {
		return nil, err
	}
	out := make([]sessionRow, len(list))
	for i, x := range list {
		row := sessionRow{SessionLine: x, Day: s.shortDay(r, x.On), Where: names.where(x.Area), Late: x.State == loa.Planned && x.On < s.today()}
		if x.On.Month().Year() != s.today().Month().Year() {
			row.Day += "/" + strconv.Itoa(x.On.Month().Year())
		}
		row.Sub = strings.Join(append([]string{shortLunar(r, x.On)}, marks(x.On, x.Area)...), " · ")
		for _, o := range x.Officers {
			row.Officers = append(row.Officers, names.officers.by[o])
		}
		out[i] = row
	}
	return out, nil
}

// dayMarks answers which markets and festivals fall on a day in the commune of an area.
func (s *Server) dayMarks(r *http.Request) (func(on loa.Day, area loa.AreaID) []string, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	markets, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	type market struct {
		name string
		at   loa.AreaID
		rule planning.MarketRule
	}
	var rules []market
	for _, m := range markets {
		if rule, err := planning.ParseMarket(m.Rule); err == nil {
			rules = append(rules, market{m.Name, up[m.Area], rule})
		}
	}
	days, err := s.DB.FestivalDays(r.Context(), scopeOf(r), s.today().AddMonths(-36), s.today().AddMonths(24))
	if err != nil {
		return nil, err
	}
	return func(on loa.Day, area loa.AreaID) []string {
		var out []string
		for _, m := range rules {
			if m.at == up[area] && m.rule.On(on) {
				out = append(out, m.name)
			}
		}
		for _, f := range days {
			if f.From <= on && on <= f.To && (f.Area == area || f.Area == up[area]) {
				out = append(out, f.Name)
			}
		}
		return out
	}, nil
}
