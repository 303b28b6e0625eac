package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/paper"
	"loa/store"
	"loa/vn"
)

// planShow is the plan of a month's sessions, as it goes to the body above and to the communes.
func (s *Server) planShow(w http.ResponseWriter, r *http.Request) error {
	month, err := s.planMonth(r)
	if err != nil {
		return err
	}
	area := loa.AreaID(r.FormValue("commune"))
	list, err := s.DB.Sessions(r.Context(), scopeOf(r), store.SessionFilter{From: month.First(), To: month.Last(), Area: area, Limit: 1000})
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(l store.SessionLine) bool { return l.State == loa.Cancelled })
	var keep []loa.PartnerID
	for _, l := range list {
		keep = append(keep, l.Partners...)
	}
	n, err := s.sessionNames(r, keep)
	if err != nil {
		return err
	}
	matrix, err := s.DB.MatrixInForce(r.Context(), scopeOf(r), month.Last())
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return err
	}
	at, name, err := s.reportArea(r)
	if err != nil {
		return err
	}
	if area != "" {
		at, name = area, " "+string(area)
	}
	number, err := s.DB.Document(r.Context(), scopeOf(r), "plan", string(month)+name)
	if err != nil {
		return err
	}
	body := &documentPage{File: "ke-hoach-" + string(month), Crumbs: []crumbLink{{"/documents?month=" + string(month), t(r, "rail.documents")}}, Number: &loa.Document{Kind: "plan", About: string(month) + name, Area: at}}
	body.numbered(number)
	body.Docs = []paper.Document{s.maker(r, langOf(r)).plan(month, n.area[area], list, n, matrix, number)}
	return s.documentOut(w, r, page{Title: t(r, "document.plan.title", month.Number(), month.Year()), Active: "documents"}, body)
}

// planMonth is the month a plan is for: the one asked for, else the one that comes.
func (s *Server) planMonth(r *http.Request) (loa.Month, error) {
	if r.FormValue("month") == "" {
		return s.today().Month().Add(1), nil
	}
	return s.figureMonth(r, "month")
}

func (m documentMaker) plan(month loa.Month, where string, list []store.SessionLine, n sessionNames, matrix loa.Matrix, number loa.Document) paper.Document {
	d := m.doc("KH", number.No, number.On)
	d.Landscape, d.Kind, d.Subject = true, m.say("document.plan.kind"), m.say("document.plan.subject", month.Number(), month.Year())
	if where != "" {
		d.Subject += ", " + where
	}
	if matrix.Version > 0 {
		d.Bases = append(d.Bases, m.say("document.plan.basis", matrix.Version, matrix.From.Vietnamese()))
	}
	d.Point("1. " + m.say("document.plan.sessions"))
	tab := paper.Table{Small: true, Columns: []paper.Column{{Share: 4, Align: paper.Middle}, {Share: 11}, {Share: 11}, {Share: 18}, {Share: 16}, {Share: 13}, {Share: 12}, {Share: 10}, {Share: 6, Align: paper.Right}},
		Heads: [][]paper.Cell{paper.Cells(m.say("matrix.print.no"), m.say("session.field.on"), m.say("matrix.form"), m.say("document.plan.what"), m.say("session.field.place"), m.say("matrix.segment"), m.say("session.field.officers"), m.say("document.partners"), m.say("document.plan.expected"))}}
	byForm, expected := map[loa.Form]int{}, 0
	for i, l := range list {
		day := l.On.Vietnamese()
		if l.StartMin > 0 {
			day += " " + clockText(l.StartMin)
		}
		what := paper.Cell{Text: l.Title, Sub: l.Theme}
		heads := ""
		if l.Expected > 0 {
			heads, expected = vn.NumberIn(m.lang, int64(l.Expected)), expected+l.Expected
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: append(append(paper.Cells(whole(i+1), day, m.say("form."+string(l.Form))), what), paper.Cells(placeOf(l.Session, n), n.groups(l.Session), n.leads(l.Session), n.bodiesOf(l.Session), heads)...)})
		byForm[l.Form]++
	}
	if len(list) == 0 {
		d.Fill(m.say("document.plan.none"), 2)
	} else {
		tab.Rows = append(tab.Rows, paper.Row{Bold: true, Cells: []paper.Cell{{Text: m.say("document.sum", len(list)), Span: 8}, {Text: vn.NumberIn(m.lang, int64(expected))}}})
		d.Table(tab)
		var forms []string
		for _, f := range loa.SessionForms {
			if byForm[f] > 0 {
				forms = append(forms, m.say("form."+string(f))+": "+whole(byForm[f]))
			}
		}
		d.Text(strings.Join(forms, "; ") + ".")
	}
	d.Point("2. " + m.say("document.plan.work"))
	d.Fill(m.say("document.plan.work_fill"), 1)
	d.Fill(m.say("document.plan.money_fill"), 0)
	d.Signs, d.Receivers = []paper.Sign{m.director()}, m.receivers(m.office.Superior, m.say("document.to_communes"))
	return d
}

// groups are the segments a session is for, bodiesOf the partners that help with it.
func (n sessionNames) groups(x loa.Session) string {
	var out []string
	for _, id := range x.Segments {
		if name := n.segments[id]; name != "" {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

func (n sessionNames) bodiesOf(x loa.Session) string {
	var out []string
	for _, id := range x.Partners {
		if name := n.partners[id].Name; name != "" {
			out = append(out, name)
		}
	}
	return strings.Join(out, ", ")
}

// minutesShow is the record of a session, ready to be completed and signed.
func (s *Server) minutesShow(w http.ResponseWriter, r *http.Request) error {
	x, err := s.sessionOf(r)
	if err != nil {
		return err
	}
	n, err := s.sessionNames(r, x.Partners)
	if err != nil {
		return err
	}
	all, err := s.DB.Attendances(r.Context(), scopeOf(r), x.ID)
	if err != nil {
		return err
	}
	asked, err := s.DB.Questions(r.Context(), scopeOf(r), store.QuestionFilter{Session: x.ID, Limit: 200})
	if err != nil {
		return err
	}
	number, err := s.DB.Document(r.Context(), scopeOf(r), "minutes", string(x.ID))
	if err != nil {
		return err
	}
	body := &documentPage{File: "bien-ban-" + string(x.On), Crumbs: []crumbLink{{"/sessions", t(r, "rail.sessions")}, {sessionURL(x.ID, ""), x.Title}}, Number: &loa.Document{Kind: "minutes", About: string(x.ID), Area: x.Area}}
	body.numbered(number)
	body.Docs = []paper.Document{s.maker(r, langOf(r)).minutes(x, n, all, asked, number)}
	return s.documentOut(w, r, page{Title: t(r, "document.minutes.title"), Context: x.Title, Active: "sessions"}, body)
}

func (m documentMaker) minutes(x loa.Session, n sessionNames, all []loa.Attendance, asked []store.QuestionLine, number loa.Document) paper.Document {
	d := m.doc("BB", number.No, number.On)
	d.Kind, d.Subject = m.say("document.minutes.kind"), x.Title
	if x.State != loa.Held {
		d.Notices = append(d.Notices, m.say("document.minutes.not_held"))
	}
	d.Text(m.say("letter.time", m.when(x)))
	d.Text(m.say("letter.place", placeOf(x, n)))
	d.Point("I. " + m.say("document.minutes.who"))
	if leads := n.leads(x); leads != "" {
		d.Item(m.say("letter.leads", leads))
	}
	if who := n.bodiesOf(x); who != "" {
		d.Item(m.say("document.partners") + ": " + who + ".")
	}
	if x.State == loa.Held {
		heads, named := loa.Heads(all)
		d.Item(m.say("document.minutes.heads", vn.NumberIn(m.lang, int64(heads)), vn.NumberIn(m.lang, int64(named))))
	} else {
		d.Fill(m.say("document.minutes.heads_fill"), 0)
	}
	d.Fill(m.say("document.minutes.chair"), 0)
	d.Fill(m.say("document.minutes.clerk"), 0)
	d.Point("II. " + m.say("document.minutes.what"))
	if x.Theme != "" {
		d.Item(m.say("letter.content", x.Theme))
	}
	for _, f := range loa.FormFields[x.Form] {
		if text := x.Details[f]; text != "" && f != "decisions" {
			d.Item(m.say("session.detail."+f) + ": " + text + ".")
		}
	}
	if x.Leaflets > 0 {
		d.Item(m.say("document.minutes.leaflets", vn.NumberIn(m.lang, int64(x.Leaflets))))
	}
	if x.Minutes != "" {
		d.Text(x.Minutes)
	} else {
		d.Fill("", 3)
	}
	d.Point("III. " + m.say("document.minutes.asked"))
	for i, q := range asked {
		d.Item(whole(i+1) + ". " + q.Text)
		if q.Answer.Text != "" {
			text := q.Answer.Text
			if q.Answer.Cites != "" {
				text += " (" + q.Answer.Cites + ")"
			}
			d.Text(m.say("document.minutes.answer", text))
		} else {
			d.Fill(m.say("document.minutes.answer_fill"), 0)
		}
	}
	if len(asked) == 0 {
		d.Fill("", 1)
	}
	d.Point("IV. " + m.say("document.minutes.decided"))
	if text := x.Details["decisions"]; text != "" {
		d.Text(text)
	}
	d.Fill("", 1)
	d.Fill(m.say("document.minutes.end"), 0)
	d.Signs = []paper.Sign{{Title: []string{m.say("document.minutes.clerk_sign")}, Hint: m.say("document.sign_hint")}, {Title: []string{m.say("document.minutes.chair_sign")}, Hint: m.say("document.sign_hint")}}
	return d
}
