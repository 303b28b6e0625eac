package web

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/policy"
	"loa/store"
)

type standingRow struct {
	Name     string
	URL      string
	Cells    []standingCell
	Step     string
	StepSub  string
	StepLate bool
	StepURL  string
}

type standingCell struct {
	Scheme, Kind, Tag, Text, Sub string
}

// nextAction is what the page says is to be done first, with how it follows from the facts and the law.
type nextAction struct {
	When, What, Text, How string
	URL, Button           string
	Calc                  string // the calculator, where money is spoken of
	Late, Lost            bool
	Person                loa.PersonID // whom a tap on "met" is about
	Day                   loa.Day      // the day proposed for another appointment
}

// standings says for every member where they stand and what their next step is, and picks what the household needs first.
func (s *Server) standings(r *http.Request, body *householdPage, members []loa.Person) error {
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	ids := make([]loa.PersonID, len(members))
	for i, m := range members {
		ids[i] = m.ID
	}
	spells, err := s.spellsOn(r, ids, body)
	if err != nil {
		return err
	}
	leads, err := s.DB.LeadsOf(r.Context(), scopeOf(r), ids)
	if err != nil {
		return err
	}
	refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", ids)
	if err != nil {
		return err
	}
	collectors, err := s.collectorNames(r)
	if err != nil {
		return err
	}
	n := nextPick{s: s, r: r, today: s.today(), collectors: collectors, ids: ids, home: body.Household.ID, refused: map[loa.PersonID]bool{}}
	for _, m := range members {
		n.refused[m.ID] = refused[m.ID]["all"]
		row := standingRow{Name: m.Name, URL: "/people/" + string(m.ID)}
		var due *loa.Standing
		for _, scheme := range []loa.Scheme{loa.VoluntarySI, loa.HI} {
			st := loa.StandingOn(spells[m.ID], scheme, body.AsOf, settings.DueDays)
			if scheme == loa.VoluntarySI {
				if c := loa.StandingOn(spells[m.ID], loa.CompulsorySI, body.AsOf, settings.DueDays); c.Status == loa.Participates {
					st = c
				}
			}
			row.Cells = append(row.Cells, standingText(r, st))
			if st.Status == loa.DueStatus && due == nil {
				due = &st
			}
			if !body.Past && !refused[m.ID]["all"] {
				n.standing(m, st)
			}
		}
		if !body.Past {
			n.row(&row, m, due, leads, refused[m.ID])
		}
		body.Standings = append(body.Standings, row)
	}
	body.Standings = alike(body.Standings)
	if body.Past {
		return nil
	}
	body.Next, err = n.pick()
	return err
}

// alike puts members who stand the same and need nothing into one line, so that who needs something is seen.
func alike(rows []standingRow) []standingRow {
	if len(rows) < 5 {
		return rows
	}
	given := func(name string) string {
		words := strings.Fields(name)
		return words[len(words)-1]
	}
	var out []standingRow
	for _, row := range rows {
		at := slices.IndexFunc(out, func(o standingRow) bool { return o.Step == "" && row.Step == "" && slices.Equal(o.Cells, row.Cells) })
		if at < 0 {
			out = append(out, row)
			continue
		}
		if out[at].URL != "" {
			out[at].Name, out[at].URL = given(out[at].Name), ""
		}
		out[at].Name += ", " + given(row.Name)
	}
	return out
}

// spellsOn are the members' spells as of the page's day: what was kept for today, or derived from the facts known by then.
func (s *Server) spellsOn(r *http.Request, ids []loa.PersonID, body *householdPage) (map[loa.PersonID][]loa.Spell, error) {
	if !body.Past {
		return s.DB.SpellsOf(r.Context(), scopeOf(r), ids)
	}
	out := map[loa.PersonID][]loa.Spell{}
	for _, id := range ids {
		spells, err := s.DB.SpellsAsOf(r.Context(), scopeOf(r), id, body.AsOf)
		if err != nil {
			return nil, err
		}
		out[id] = spells
	}
	return out, nil
}

// nextPick gathers what could be done for a household and picks the most pressing.
type nextPick struct {
	s          *Server
	r          *http.Request
	today      loa.Day
	collectors map[loa.CollectorID]string
	ids        []loa.PersonID
	home       loa.HouseholdID
	due        *loa.Standing
	dueWho     loa.Person
	lapsed     *loa.Standing
	lapsedWho  loa.Person
	lead       *store.EnrolmentRow
	leadWho    loa.Person
	refused    map[loa.PersonID]bool // every contact
}

// standing keeps the payment whose last day comes first, and the newest lapse that can still be won back.
func (n *nextPick) standing(m loa.Person, st loa.Standing) {
	if st.Status == loa.DueStatus && (n.due == nil || st.LastDay < n.due.LastDay) {
		n.due, n.dueWho = &st, m
	}
	if st.Status == loa.LapsedStatus && st.Payer == loa.PaysSelf && st.Since > n.today.AddMonths(-12) && (n.lapsed == nil || st.Since > n.lapsed.Since) {
		n.lapsed, n.lapsedWho = &st, m
	}
}

// row says what one member's next step is.
func (n *nextPick) row(row *standingRow, m loa.Person, due *loa.Standing, leads []store.EnrolmentRow, refused map[string]bool) {
	for i := range leads {
		e := leads[i]
		if e.Person != m.ID || e.Step != loa.Interested && e.Step != loa.Handed && e.Step != loa.Registered {
			continue
		}
		age := max(n.today.Sub(e.Since), 0)
		row.Step, row.StepSub, row.StepURL = t(n.r, "next.step."+string(e.Step)), t(n.r, "next.waiting", age), "/enrolment/"+string(e.Lead)
		row.StepLate = age > openAfter
		if !refused["all"] && (n.lead == nil || e.Since < n.lead.Since) {
			n.lead, n.leadWho = &e, m
		}
	}
	switch {
	case refused["all"]:
		row.Step, row.StepSub, row.StepURL, row.StepLate = t(n.r, "next.refused"), "", "", false
	case due != nil:
		left := due.CoveredUntil.Sub(n.today)
		row.StepLate, row.Step = true, t(n.r, "next.renew_left", left)
		if left < 0 {
			row.Step = t(n.r, "next.renew_grace", due.LastDay.Vietnamese())
		}
	case row.Step == "":
		row.StepSub = t(n.r, "next.nothing")
	}
}

// pick is the most pressing: an appointment that was made, a payment that runs out, a lead that waits, a lapse to win back.
func (n *nextPick) pick() (*nextAction, error) {
	visits, err := n.s.DB.VisitsOf(n.r.Context(), scopeOf(n.r), n.home, n.ids, 20)
	if err != nil {
		return nil, err
	}
	appointed := loa.Day("")
	for _, v := range visits {
		if n.refused[v.Person] {
			break // who refused is not called on, whatever was said before
		}
		if v.Outcome == "not_home" {
			continue
		}
		if v.NextOn > n.today.Add(-60) {
			appointed = v.NextOn
		}
		break // only the newest word counts
	}
	switch {
	case n.due != nil:
		return n.dueAction(appointed)
	case n.lead != nil:
		e := n.lead
		return &nextAction{When: n.when(appointed), What: t(n.r, "next.lead."+string(e.Step), n.leadWho.Name, t(n.r, "scheme."+string(e.Scheme))),
			Text: joinDots(t(n.r, "next.lead_since", e.Since.Vietnamese(), max(n.today.Sub(e.Since), 0)), n.collectors[e.Collector]), URL: "/enrolment/" + string(e.Lead), Button: t(n.r, "next.open_lead"),
			Late: n.today.Sub(e.Since) > openAfter, Person: n.leadWho.ID, Day: n.today.Add(7), Calc: calcFor(n.leadWho.ID, e.Scheme)}, nil
	case appointed != "":
		return &nextAction{When: n.when(appointed), What: t(n.r, "next.appointment"), Text: n.visitText(visits), Late: appointed < n.today, Person: n.ids[0], Day: max(appointed, n.today).Add(7)}, nil
	case n.lapsed != nil:
		return &nextAction{When: n.when(""), What: t(n.r, "next.return", n.lapsedWho.Name, t(n.r, "scheme."+string(n.lapsed.Scheme))), Text: t(n.r, "next.return_text", n.lapsed.CoveredUntil.Vietnamese(), n.lapsed.Since.Vietnamese()),
			Person: n.lapsedWho.ID, Day: n.today.Add(7), Calc: calcFor(n.lapsedWho.ID, n.lapsed.Scheme)}, nil
	}
	return nil, nil
}

func (n *nextPick) visitText(visits []loa.Visit) string {
	for _, v := range visits {
		if v.NextOn != "" {
			return joinDots(t(n.r, "next.promised_on", v.HappenedOn.Vietnamese()), v.Note)
		}
	}
	return ""
}

func (n *nextPick) when(appointed loa.Day) string {
	if appointed == "" {
		return t(n.r, "next.label")
	}
	return joinDots(t(n.r, "next.label"), t(n.r, "next.appointed", t(n.r, "weekday."+strconv.Itoa(int(appointed.Weekday()))), appointed.Vietnamese()))
}

// dueAction asks for the next payment: until when it is in time, what was paid last, and the law behind the last day.
func (n *nextPick) dueAction(appointed loa.Day) (*nextAction, error) {
	st := n.due
	left := st.CoveredUntil.Sub(n.today)
	a := &nextAction{When: n.when(appointed), What: t(n.r, "next.due", n.dueWho.Name, t(n.r, "scheme."+string(st.Scheme))), Text: t(n.r, "next.due_text", st.CoveredUntil.Vietnamese(), left, st.LastDay.Vietnamese()),
		Late: st.LastDay.Sub(n.today) < 8 || left < 0, Person: n.dueWho.ID, Day: n.today.Add(7), Calc: calcFor(n.dueWho.ID, st.Scheme)}
	if left < 0 {
		a.Text = t(n.r, "next.grace_text", st.CoveredUntil.Vietnamese(), st.LastDay.Vietnamese())
	}
	last, err := n.s.DB.LastPayments(n.r.Context(), scopeOf(n.r), st.Scheme, []loa.PersonID{n.dueWho.ID})
	if err != nil {
		return nil, err
	}
	if c, ok := last[n.dueWho.ID]; ok && c.Amount > 0 {
		a.How = t(n.r, "next.last_paid", moneyIn(langOf(n.r), c.Amount), c.Months, c.HappenedOn.Vietnamese())
		if c.StateAmount > 0 {
			a.How += ", " + t(n.r, "next.state_paid", moneyIn(langOf(n.r), c.StateAmount))
		}
	}
	next, err := n.nextPay(*st)
	if err != nil {
		return nil, err
	}
	a.How = joinDots(next, a.How)
	law, err := n.graceLaw(*st)
	if err != nil {
		return nil, err
	}
	if law.Cites != "" {
		a.How = joinDots(a.How, t(n.r, "next.law", law.Value, policy.Law(law.Cites), law.From.Vietnamese()))
		if law.Confirmed {
			a.How = joinDots(a.How, t(n.r, "next.confirmed"))
		}
	}
	return a, nil
}

// calcFor is the calculator for somebody; empty for what it does not answer beside a person.
func calcFor(id loa.PersonID, scheme loa.Scheme) string {
	switch scheme {
	case loa.VoluntarySI:
		return "/calculator?person=" + string(id)
	case loa.HouseholdHI, loa.HI:
		return "/calculator?tab=hi&person=" + string(id)
	}
	return ""
}

// nextPay says what paying on the same way costs today, by the calculator; empty where it cannot tell.
func (n *nextPick) nextPay(st loa.Standing) (string, error) {
	if st.Scheme != loa.VoluntarySI {
		return "", nil
	}
	paid, err := n.s.paidOf(n.r, n.dueWho.ID)
	if err != nil || paid.last.Method.Months() == 0 {
		return "", err
	}
	law, err := n.s.law(n.r)
	if err != nil {
		return "", err
	}
	q, err := law.Contribution(paid.next(n.dueWho, paid.last.Method, n.today))
	if err != nil {
		return "", nil // the law of today is unknown, or the income is below today's least: the calculator says so
	}
	return t(n.r, "next.pay_on", moneyIn(langOf(n.r), q.Get("pay")), q.Get("months"), moneyIn(langOf(n.r), q.Get("state_support")+q.Get("local_support"))), nil
}

// graceLaw is the row of the law that gives the last day; empty where the cover's end is the last day.
func (n *nextPick) graceLaw(st loa.Standing) (policy.Row, error) {
	if st.Scheme != loa.VoluntarySI || st.CoveredUntil == loa.OpenEnd {
		return policy.Row{}, nil
	}
	p, err := n.s.law(n.r)
	if err != nil {
		return policy.Row{}, err
	}
	row, _ := p.At("voluntary_si.grace_months."+string(st.Method), st.CoveredUntil.Add(1))
	return row, nil
}

// standingText is a standing in the words of the table.
func standingText(r *http.Request, st loa.Standing) standingCell {
	c := standingCell{Scheme: t(r, "scheme."+string(st.Scheme)), Tag: t(r, "status."+string(st.Status))}
	switch st.Status {
	case loa.Never:
		c.Kind = "none"
	case loa.DueStatus:
		c.Kind, c.Text, c.Sub = "late", t(r, "standing.until", st.CoveredUntil.Vietnamese()), t(r, "standing.last_day", st.LastDay.Vietnamese())
	case loa.Participates:
		c.Kind = "in"
		if st.CoveredUntil != loa.OpenEnd {
			c.Text = t(r, "standing.until", st.CoveredUntil.Vietnamese())
		}
		c.Sub = joinDots(t(r, "payer."+string(st.Payer)), t(r, "standing.in_since", st.Since.Vietnamese()))
		if st.Scheme == loa.CompulsorySI {
			c.Tag = t(r, "people.compulsory")
		}
	case loa.LapsedStatus:
		c.Kind, c.Text = "lost", t(r, "standing.since", st.Since.Vietnamese())
		c.Sub = t(r, "standing.was_until", st.CoveredUntil.Vietnamese())
	case loa.LeftStatus:
		c.Kind, c.Text, c.Sub = "lost", t(r, "standing.since", st.Since.Vietnamese()), t(r, "leaving."+st.Reason)
	}
	return c
}
