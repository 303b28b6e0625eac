package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/paper"
	"loa/reporting"
	"loa/store"
	"loa/vn"
)

// reportKinds are the periods a report of communication work is asked for.
var reportKinds = []string{"month", "half_year", "year"}

// outreachPage is what the report of communication work is made from.
type outreachPage struct {
	Kind             string
	Period           loa.Period
	FromDay, AsOf    loa.Day
	Running          bool
	StockTo          loa.Month // where the period still runs: the month at whose end the participants stand
	Commune          string    // the name, when it is about one
	Lines            reporting.Lines
	Communes         []reporting.CommuneLine
	Partners         []store.PartnerTally
	Sum              store.SessionSum
	Media            []reporting.FormReach
	Next             int64 // sessions planned in as many months after
	NextFrom, NextTo loa.Day
	Number           loa.Document
}

// reportPeriod is the month, the half of a year or the year that a month lies in.
func reportPeriod(kind string, m loa.Month) loa.Period {
	switch kind {
	case "half_year":
		first := loa.MakeMonth(m.Year(), 1)
		if m.Number() > 6 {
			first = loa.MakeMonth(m.Year(), 7)
		}
		return loa.Period{From: first, To: first.Add(5)}
	case "year":
		return loa.Period{From: loa.MakeMonth(m.Year(), 1), To: loa.MakeMonth(m.Year(), 12)}
	}
	return loa.Period{From: m, To: m}
}

// outreachReport is the monthly, half-yearly or yearly report of communication work: Loa's own counting in the frame the province
// asks for, with dotted lines where only people know.
func (s *Server) outreachReport(w http.ResponseWriter, r *http.Request) error {
	kind := cmpOr(r.FormValue("kind"), "month")
	if !loa.OneOf(kind, reportKinds) {
		return loa.Refuse(loa.Invalid, "kind", "not_in_list")
	}
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return err
	}
	p := reportPeriod(kind, month)
	commune := loa.AreaID(r.FormValue("commune"))
	body, err := s.outreachFigures(r, kind, p, commune)
	if err != nil {
		return err
	}
	area, name, err := s.reportArea(r)
	if err != nil {
		return err
	}
	if commune != "" {
		area, name = commune, " "+string(commune)
	}
	about := string(p.From) + ".." + string(p.To) + name
	if body.Number, err = s.DB.Document(r.Context(), scopeOf(r), "outreach_report", about); err != nil {
		return err
	}
	out := &documentPage{File: "bao-cao-truyen-thong-" + string(p.From) + "-" + string(p.To), Crumbs: []crumbLink{{"/documents?month=" + string(month), t(r, "rail.documents")}}, Note: t(r, "document.report.note"),
		Number: &loa.Document{Kind: "outreach_report", About: about, Area: area}}
	out.numbered(body.Number)
	out.Docs = []paper.Document{s.maker(r, langOf(r)).outreach(r, body)}
	return s.documentOut(w, r, page{Title: t(r, "document.report.title", lowerFirst(reportPeriodText(r, kind, p))), Active: "documents"}, out)
}

// reportPeriodText names the period as the head of the report does: the second half of a year has no name of its own elsewhere.
func reportPeriodText(r *http.Request, kind string, p loa.Period) string {
	if kind == "half_year" && p.From.Number() == 7 {
		return t(r, "document.report.second_half", p.To.Year())
	}
	return periodText(r, p)
}

func (s *Server) outreachFigures(r *http.Request, kind string, p loa.Period, commune loa.AreaID) (outreachPage, error) {
	b, err := s.book(r, p, "")
	if err != nil {
		return outreachPage{}, err
	}
	rep := b.Report(p)
	body := outreachPage{Kind: kind, Period: p, FromDay: rep.FromDay, AsOf: rep.AsOf, Running: rep.ToDay > s.today(), Lines: rep.Lines}
	if last := s.today().Month(); body.Running && last >= p.From { // participants are known to the end of a month that is over
		if last.CutOff(b.In.CutOffDay) > s.today() && last > p.From {
			last = last.Add(-1)
		}
		body.Lines.Participation = b.Lines(loa.Period{From: p.From, To: last}).Participation
		for i := range rep.Communes {
			if c := &rep.Communes[i]; !c.NotInTheRegister {
				c.Participation = map[loa.Scheme]reporting.Figure{}
				for _, scheme := range loa.Schemes {
					c.Participation[scheme] = b.Stock(c.Area, scheme, last)
				}
			}
		}
		body.StockTo = last
	}
	if commune != "" {
		at := slices.IndexFunc(rep.Communes, func(c reporting.CommuneLine) bool { return c.Area == commune })
		if at < 0 {
			return body, loa.ErrNotFound
		}
		body.Lines, body.Commune = rep.Communes[at].Lines, cmpOr(rep.Communes[at].Name, t(r, "area.no_commune"))
	} else {
		body.Communes = slices.DeleteFunc(slices.Clone(rep.Communes), func(c reporting.CommuneLine) bool { return c.NotInTheRegister })
	}
	if body.Partners, err = s.DB.PartnerTallies(r.Context(), scopeOf(r), commune, rep.FromDay, rep.AsOf); err != nil {
		return body, err
	}
	if body.Sum, err = s.DB.SessionSums(r.Context(), scopeOf(r), commune, rep.FromDay, rep.AsOf); err != nil {
		return body, err
	}
	media, err := s.DB.Touches(r.Context(), scopeOf(r), commune, rep.FromDay, rep.AsOf, s.Now)
	if err != nil {
		return body, err
	}
	body.Media = FormReaches(media.List)
	months := p.To.Sub(p.From) + 1
	body.NextFrom, body.NextTo = loa.Period{From: p.To.Add(1), To: p.To.Add(months)}.Days(b.In.CutOffDay)
	next, err := s.DB.SessionSums(r.Context(), scopeOf(r), commune, body.NextFrom, body.NextTo)
	body.Next = next.Planned
	return body, err
}

func (m documentMaker) outreach(r *http.Request, b outreachPage) paper.Document {
	v := &view{Lang: m.lang}
	d := m.doc("BC", b.Number.No, b.Number.On)
	d.Kind, d.Subject = m.say("report.doc.head"), m.say("document.report.subject", lowerFirst(reportPeriodText(r, b.Kind, b.Period)))
	if b.Commune != "" {
		d.Subject += ", " + b.Commune
	}
	if b.Running {
		d.Notices = append(d.Notices, m.say("report.running", b.AsOf.Vietnamese()))
	}
	d.To = m.say("report.doc.dear", m.office.Superior)
	d.Text(m.say("report.doc.intro", fullOffice(m.office.Name), b.FromDay.Vietnamese(), b.AsOf.Vietnamese()))
	d.Section("I. " + m.say("document.report.results"))
	d.Point("1. " + m.say("document.report.advice"))
	d.Fill("- "+m.say("document.report.advice_texts"), 1)
	d.Fill("- "+m.say("document.report.advice_target"), 0)
	d.Fill("- "+m.say("document.report.own_texts"), 0)
	m.withPartners(&d, b)
	d.Point("2. " + m.say("document.report.goals"))
	d.Text("2.1. " + m.say("document.report.staff"))
	d.Fill("- "+m.say("document.report.staff_trained"), 0)
	d.Fill("- "+m.say("document.report.agents_trained"), 0)
	d.Text("2.2. " + m.say("document.report.against"))
	d.Table(m.goalTable(v, b.Lines))
	if b.StockTo != "" {
		d.Note(m.say("document.report.stock_to", b.StockTo.Number(), b.StockTo.Year()))
	}
	d.Point("3. " + m.say("document.report.forms"))
	d.Table(m.formTable(v, b.Lines))
	if len(b.Media) > 0 {
		d.Text(m.say("document.report.media"))
		d.Table(m.mediaTable(v, b.Media))
		d.Note(m.say("document.report.media_note"))
	}
	d.Item(m.say("document.report.asked", v.N(b.Lines.Questions.N()), v.N(b.Sum.Answered)))
	d.Item(m.say("document.report.visits", v.N(b.Sum.Visits)))
	d.Item(m.say("document.report.leaflets", v.N(b.Sum.Leaflets)))
	d.Item(m.say("document.report.hours", hoursText(m.lang, int(b.Sum.Minutes)), v.Money(b.Sum.Cost)))
	d.Fill("- "+m.say("document.report.press"), 0)
	if len(b.Communes) > 0 {
		d.Point("4. " + m.say("report.communes"))
		d.Table(m.outreachCommunes(v, b))
	}
	d.Section("II. " + m.say("document.report.hard"))
	d.Fill("", 2)
	d.Section("III. " + m.say("document.report.next"))
	d.Item(m.say("document.report.next_sessions", b.NextFrom.Vietnamese(), b.NextTo.Vietnamese(), v.N(b.Next)))
	d.Fill("", 2)
	d.Section("IV. " + m.say("document.report.ask"))
	d.Fill("", 1)
	d.Note(m.say("report.doc.note"))
	d.Signs, d.Receivers = []paper.Sign{m.director()}, m.receivers(m.say("report.doc.copy_above"), m.say("document.to_committee"))
	return d
}

// withPartners tells what was done together with whom.
func (m documentMaker) withPartners(d *paper.Document, b outreachPage) {
	if len(b.Partners) == 0 {
		d.Fill("- "+m.say("document.report.partners_fill"), 0)
		return
	}
	d.Item(m.say("document.report.partners"))
	tab := paper.Table{Small: true, Columns: columns(30, 4), Heads: [][]paper.Cell{paper.Cells(m.say("document.report.partner_kind"), m.say("document.partners"), m.say("document.report.joint"), m.say("document.report.letters"), m.say("document.report.said_yes"))}}
	n := func(i int64) string { return vn.NumberIn(m.lang, i) }
	for _, p := range b.Partners {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.say("partner_kind."+p.Kind), n(p.Partners), n(p.Sessions), n(p.Letters), n(p.SaidYes))})
	}
	d.Table(tab)
}

// goalTable sets participants and newcomers beside what was assigned.
func (m documentMaker) goalTable(v *view, l reporting.Lines) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(24, 7), Heads: [][]paper.Cell{
		{{Text: m.say("report.col.line"), Down: 2}, {Text: m.say("report.group.participation"), Span: 4}, {Text: m.say("flow.joined"), Span: 3}},
		paper.Cells(m.say("report.col.count"), m.say("report.col.target"), m.say("report.col.percent"), m.say("report.col.change"), m.say("report.col.count"), m.say("report.col.target"), m.say("report.col.percent"))}}
	for _, s := range loa.Schemes {
		stock, joined := l.Participation[s], l.Joined[s]
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.partOf(m.say("scheme."+string(s)), s == loa.HouseholdHI), v.Maybe(stock.Count), v.Maybe(stock.Target), percentText(v, stock), v.MaybeSigned(stock.Change), v.Maybe(joined.Count), v.Maybe(joined.Target), percentText(v, joined))})
	}
	return tab
}

// formTable counts sessions and heads form by form.
func (m documentMaker) formTable(v *view, l reporting.Lines) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(26, 4), Heads: [][]paper.Cell{paper.Cells(m.say("coverage.reach.form"), m.say("coverage.reach.sessions"), m.say("report.col.change"), m.say("coverage.reach.heads"), m.say("report.col.change"))}}
	var heads, before int64
	known := true
	for _, f := range loa.SessionForms {
		s, a := l.Sessions[f], l.AttendancesByForm[f]
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.say("form."+string(f)), v.Maybe(s.Count), v.MaybeSigned(s.Change), v.Maybe(a.Count), v.MaybeSigned(a.Change))})
		heads += a.N()
		if known = known && a.Change != nil; known {
			before += *a.Change
		}
	}
	change := "–"
	if known {
		change = v.MaybeSigned(&before)
	}
	tab.Rows = append(tab.Rows, paper.Row{Bold: true, Cells: paper.Cells(m.say("document.total"), v.Maybe(l.SessionsTotal.Count), v.MaybeSigned(l.SessionsTotal.Change), v.N(heads), change)})
	return tab
}

// FormReaches are the touches of a period as a report tells them.
func FormReaches(list []store.TouchTally) []reporting.FormReach {
	var out []reporting.FormReach
	for _, t := range list {
		people := t.People + t.Listeners
		out = append(out, reporting.FormReach{Form: t.Form, Sent: t.Messages + t.Posts + t.Plays, People: people, ByName: people > 0, Arrived: t.Arrived, Refused: t.Refused, Clicks: t.Clicks, Replies: t.Replies})
	}
	return out
}

// mediaTable counts what went out by each form and whom it reached.
func (m documentMaker) mediaTable(v *view, list []reporting.FormReach) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(22, 6), Heads: [][]paper.Cell{paper.Cells(m.say("coverage.reach.form"), m.say("document.report.media_sent"), m.say("coverage.reach.people"), m.say("document.report.media_arrived"), m.say("document.report.media_refused"), m.say("document.report.media_clicks"), m.say("document.report.media_replies"))}}
	for _, t := range list {
		reached := v.N(t.People)
		if !t.ByName {
			reached = "–" // a post tells nobody by name
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.say("form."+string(t.Form)), v.N(t.Sent), reached, v.N(t.Arrived), v.N(t.Refused), v.N(t.Clicks), v.N(t.Replies))})
	}
	return tab
}

func (m documentMaker) outreachCommunes(v *view, b outreachPage) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(26, 5), Heads: [][]paper.Cell{paper.Cells(m.say("coverage.commune"), m.say("report.short.sessions"), m.say("report.short.attendances"), m.say("report.group.questions"), m.say("document.report.new_si"), m.say("document.report.new_hi"))}}
	line := func(name string, l reporting.Lines) paper.Row {
		return paper.Row{Cells: paper.Cells(name, v.N(l.SessionsTotal.N()), v.N(l.Attendances.N()), v.N(l.Questions.N()), v.Maybe(l.Joined[loa.VoluntarySI].Count), v.Maybe(l.Joined[loa.HouseholdHI].Count))}
	}
	for _, c := range b.Communes {
		tab.Rows = append(tab.Rows, line(cmpOr(c.Name, m.say("area.no_commune")), c.Lines))
	}
	total := line(m.say("document.total"), b.Lines)
	total.Bold = true
	tab.Rows = append(tab.Rows, total)
	return tab
}
