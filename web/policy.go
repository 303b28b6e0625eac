package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/policy"
	"loa/vn"
)

func (s *Server) policyRoutes() []route {
	return []route{
		{"GET /policy", loa.ReadFigures, s.policyShow},
		{"GET /policy/history", loa.ReadFigures, s.policyHistory},
		{"GET /policy/new", loa.Administer, s.policyNew},
		{"POST /policy/new", loa.Administer, s.policyPropose},
		{"POST /policy/decide", loa.ApprovePolicy, s.policyDecide},
		{"GET /public/{office}/changes", "", s.public(s.publicChanges)},
	}
}

type policyPage struct {
	On         string
	Known      loa.Day // empty: as known now
	Shown      loa.Day
	Query      string
	Only       string // unconfirmed, changed
	Filters    []chipOption
	Groups     []policyGroup
	Count, All int
	Changes    []changeDay
	Later      []changeDay
	Waiting    []waitingRow
	MayAdd     bool
	Future     bool
}

// policyGroup is one subject of the law with its rows.
type policyGroup struct {
	Key, Label string
	Rows       []policyLine
}

// policyLine is one parameter as it stands on a day.
type policyLine struct {
	Name, Label, Value string
	Readings           []reading // of a choice: both, in words
	From, To           string
	Law, Source        string
	Confirmed          bool
	Own                bool // the office's own row
	Unknown            string
	Waits              bool
	HistoryURL, NewURL string
}

// reading is one of two ways to read the law.
type reading struct {
	Text string
	On   bool
}

// policyAsked is the day looked at and the moment of knowledge, as the address says them. A day that is none is told, never taken for
// another.
func (s *Server) policyAsked(r *http.Request) (on loa.Day, known time.Time, knownDay loa.Day, err error) {
	on = s.today()
	if text := strings.TrimSpace(r.FormValue("on")); text != "" {
		d, ok := readDay(text)
		if !ok {
			return on, known, knownDay, loa.Refuse(loa.Invalid, "on", "bad_day")
		}
		on = d
	}
	if text := strings.TrimSpace(r.FormValue("known")); text != "" {
		d, ok := readDay(text)
		if !ok {
			return on, known, knownDay, loa.Refuse(loa.Invalid, "known", "bad_day")
		}
		if d < s.today() {
			knownDay, known = d, d.Add(1).Time().Add(-time.Millisecond)
		}
	}
	return on, known, knownDay, nil
}

func (s *Server) policyShow(w http.ResponseWriter, r *http.Request) error {
	on, known, knownDay, err := s.policyAsked(r)
	if err != nil {
		return err
	}
	law, rows, err := s.lawAsked(r, known)
	if err != nil {
		return err
	}
	b := policyPage{On: string(on), Known: knownDay, Shown: on, Query: strings.TrimSpace(r.FormValue("q")), Only: r.FormValue("only"), MayAdd: whoOf(r).may(loa.Administer), Future: on > s.today()}
	address := func(only string) string {
		v := url.Values{"on": {b.On}}
		if b.Known != "" {
			v.Set("known", string(b.Known))
		}
		if b.Query != "" {
			v.Set("q", b.Query)
		}
		if only != "" {
			v.Set("only", only)
		}
		return "/policy?" + v.Encode()
	}
	for _, only := range []string{"unconfirmed", "changed"} {
		c := chipOption{Label: t(r, "law.only."+only), URL: address(only), On: b.Only == only}
		if c.On {
			c.URL = address("")
		}
		b.Filters = append(b.Filters, c)
	}
	b.Groups = s.policyGroups(r, law, rows, b)
	for _, g := range b.Groups {
		b.Count += len(g.Rows)
	}
	b.All = len(policy.Names())
	if b.Waiting, err = s.waitingRows(r, law, rows); err != nil {
		return err
	}
	if b.Changes, b.Later, err = s.changeDays(r, law, on); err != nil {
		return err
	}
	return s.render(w, r, "policy", page{Title: t(r, "law.title"), Context: t(r, "law.context", on), Active: "policy", Body: b})
}

// lawAsked is the office's law as known at a moment, with the office's own rows as they stood then.
func (s *Server) lawAsked(r *http.Request, known time.Time) (policy.Parameters, []loa.PolicyRow, error) {
	rows, err := s.DB.PolicyRows(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, nil, err
	}
	if !known.IsZero() {
		var then []loa.PolicyRow
		for _, row := range rows {
			if row, there := row.KnownAt(known); there {
				then = append(then, row)
			}
		}
		rows = then
	}
	law, err := embeddedLaw()
	if err != nil {
		return nil, nil, err
	}
	return law.With(policy.OfOffice(rows), time.Time{}), rows, nil
}

// policyGroups are the parameters as of the day of the page, by subject, those left in that the filters ask for.
func (s *Server) policyGroups(r *http.Request, law policy.Parameters, rows []loa.PolicyRow, b policyPage) []policyGroup {
	waits := map[string]bool{}
	for _, row := range rows {
		if row.State == loa.RowProposed {
			waits[row.Name] = true
		}
	}
	wanted := strings.Fields(vn.Fold(b.Query))
	yearAgo := b.Shown.AddMonths(-12)
	by := map[string][]policyLine{}
	for _, name := range policy.Names() {
		row, ok := law.At(name, b.Shown)
		switch {
		case b.Only == "unconfirmed" && (!ok || row.Confirmed), b.Only == "changed" && (!ok || row.From <= yearAgo):
			continue
		}
		line := s.policyLine(r, law, name, row, ok)
		line.Waits = waits[name]
		heap := vn.Fold(strings.Join([]string{line.Label, line.Value, row.Cites, line.Law, line.Source, name}, " "))
		if slices.ContainsFunc(wanted, func(word string) bool { return !strings.Contains(heap, word) }) {
			continue
		}
		by[policy.Subject(name)] = append(by[policy.Subject(name)], line)
	}
	var out []policyGroup
	for _, subject := range policy.Subjects {
		if len(by[subject]) > 0 {
			out = append(out, policyGroup{subject, t(r, "law.subject."+subject), by[subject]})
		}
	}
	return out
}

func (s *Server) policyLine(r *http.Request, law policy.Parameters, name string, row policy.Row, ok bool) policyLine {
	line := policyLine{Name: name, Label: t(r, "policy.param."+name), HistoryURL: "/policy/history?" + url.Values{"name": {name}}.Encode(), NewURL: "/policy/new?" + url.Values{"name": {name}}.Encode()}
	if !ok {
		line.Unknown = knownText(r, law, name)
		line.Confirmed = true
		return line
	}
	line.Value, line.Readings = rowValue(r, row)
	line.From, line.To = row.From.Vietnamese(), t(r, "law.open")
	if row.To != "" {
		line.To = row.To.Vietnamese()
	}
	line.Law, line.Source, line.Confirmed, line.Own = policy.Law(row.Cites).In(langOf(r)), sourceText(r, row.Source), row.Confirmed, row.ID != ""
	line.NewURL += "&from=" + string(row.From)
	return line
}

// knownText says when a figure is known that is not on the day of the page.
func knownText(r *http.Request, law policy.Parameters, name string) string {
	from, to := law.Known(name)
	switch {
	case from == "":
		return t(r, "law.never_known")
	case to == "":
		return t(r, "law.known_from", from)
	}
	return t(r, "law.known_between", from, to)
}

// rowValue is a row's figure in its unit; of a choice both readings in words, the one in use first marked.
func rowValue(r *http.Request, row policy.Row) (string, []reading) {
	if row.Unit != policy.Choice {
		return WholeFigure(langOf(r), row.Value, row.Unit), nil
	}
	var list []reading
	for n := int64(1); n >= 0; n-- {
		list = append(list, reading{choiceText(r, row.Name, n), n == row.Value})
	}
	return choiceText(r, row.Name, row.Value), list
}

func choiceText(r *http.Request, name string, n int64) string {
	return t(r, "policy.choice."+name+"."+strconv.FormatInt(n, 10))
}

// sourceText is where a row was read; the two words that are no address have sentences.
func sourceText(r *http.Request, source string) string {
	if source == "community" || source == "none" {
		return t(r, "policy.source."+source)
	}
	return source
}

// waitingRow is an office's row that a second officer must decide on.
type waitingRow struct {
	ID, Label, Value, Replaces string
	From, To, Law, Source, Why string
	Confirmed, Own             bool
	By, At                     string
	Effects                    []effectLine
}

func (s *Server) waitingRows(r *http.Request, law policy.Parameters, rows []loa.PolicyRow) ([]waitingRow, error) {
	names, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	var out []waitingRow
	for _, row := range rows {
		if row.State != loa.RowProposed {
			continue
		}
		p := policy.OwnRow(row)
		line := s.policyLine(r, law, row.Name, p, true)
		x := waitingRow{ID: row.ID, Label: line.Label, Value: line.Value, Replaces: replacesText(r, law, p), From: line.From, To: line.To, Law: line.Law, Source: line.Source, Why: row.Why, Confirmed: row.Confirmed,
			Own: row.ProposedBy == whoOf(r).Officer.ID, By: names.by[row.ProposedBy].Name, At: moment(row.ProposedAt)}
		x.Effects = effectLines(r, law.Effects(p))
		out = append(out, x)
	}
	return out, nil
}

// replacesText says which row in force another would take the place of.
func replacesText(r *http.Request, law policy.Parameters, p policy.Row) string {
	old, ok := law.At(p.Name, p.From)
	if !ok {
		return ""
	}
	value, _ := rowValue(r, old)
	return t(r, "law.replaces", p.From, value, old.From, policy.Law(old.Cites))
}

// policyHistory is everything that was ever said about one parameter: the rows of the program and the office's, who proposed and
// who decided.
func (s *Server) policyHistory(w http.ResponseWriter, r *http.Request) error {
	name := r.FormValue("name")
	if name == "" {
		http.Redirect(w, r, "/policy", http.StatusSeeOther)
		return nil
	}
	if !slices.Contains(policy.Names(), name) {
		return loa.ErrNotFound
	}
	embedded, err := embeddedLaw()
	if err != nil {
		return err
	}
	rows, err := s.DB.PolicyRows(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	names, err := s.officerNames(r)
	if err != nil {
		return err
	}
	type line struct {
		policyLine
		State, By, At, DecidedBy, DecidedAt, Reason, Why string
	}
	type historyPage struct {
		Name, NewURL string
		Lines        []line
		MayAdd       bool
	}
	b := historyPage{Name: name, NewURL: "/policy/new?" + url.Values{"name": {name}}.Encode(), MayAdd: whoOf(r).may(loa.Administer)}
	for _, row := range embedded[name] {
		x := line{policyLine: s.policyLine(r, embedded, name, row, true), State: t(r, "law.state.embedded")}
		if !row.Approved {
			x.State = t(r, "law.state.unapproved")
		}
		b.Lines = append(b.Lines, x)
	}
	for _, row := range rows {
		if row.Name != name {
			continue
		}
		p := policy.Row{ID: row.ID, Name: name, From: row.From, To: row.To, Value: row.Value, Unit: policy.Unit(row.Unit), Cites: row.Cites, Source: row.Source, Confirmed: row.Confirmed}
		x := line{policyLine: s.policyLine(r, embedded, name, p, true), State: t(r, "law.state."+string(row.State)), By: names.by[row.ProposedBy].Name, At: moment(row.ProposedAt), Reason: row.Reason, Why: row.Why}
		if row.State != loa.RowProposed {
			x.DecidedBy, x.DecidedAt = names.by[row.DecidedBy].Name, moment(row.DecidedAt)
		}
		b.Lines = append(b.Lines, x)
	}
	return s.render(w, r, "policy_history", page{Title: t(r, "policy.param."+name), Context: t(r, "law.history"), Active: "policy", Body: b})
}
