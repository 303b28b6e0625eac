package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/paper"
	"loa/reporting"
)

// figures is the report of participants, movements and outreach as it goes to the body above.
func (m documentMaker) figures(r *http.Request, body *reportPage, number loa.Document) paper.Document {
	v := &view{Lang: m.lang}
	d := m.doc("BC", number.No, number.On)
	d.Notices = nil
	if body.Synthetic {
		d.Notices = append(d.Notices, m.say("report.synthetic"))
	}
	d.Kind, d.Subject, d.To = m.say("report.doc.head"), m.say("report.doc.subject", body.Period), m.say("report.doc.dear", m.office.Superior)
	d.Text(m.say("report.doc.intro", fullOffice(m.office.Name), body.FromDay.Vietnamese(), body.AsOf.Vietnamese()))
	if c := body.Close; c != nil {
		d.Text(m.say("report.doc.signed", v.Moment(c.SignedAt), c.SignedBy))
	}
	d.Point("1. " + m.say("report.group.participation"))
	d.Table(m.stockTable(v, body.Stock))
	d.Point("2. " + m.say("report.doc.moves"))
	d.Table(m.moveTable(v, body.Moves))
	d.Point("3. " + m.say("report.doc.reach"))
	d.Table(m.reachTable(v, body.Reach))
	var sums []string
	for _, row := range body.Sums {
		text := row.Label + ": " + v.Maybe(row.Count)
		if row.Change != nil {
			text += " (" + v.MaybeSigned(row.Change) + ")"
		}
		sums = append(sums, text)
	}
	d.Text(strings.Join(sums, "; ") + ".")
	if reach := body.ByForm; len(reach) > 0 {
		d.Text(m.say("document.report.media"))
		d.Table(m.mediaTable(v, reach))
		d.Note(m.say("document.report.media_note"))
		if body.Close != nil {
			d.Note(m.say("report.media_now"))
		}
	}
	d.Point("4. " + m.say("report.communes"))
	d.Table(m.communeTable(v, body))
	for _, rest := range body.Rest {
		d.Text(m.say("report.rest_line", rest.Label, v.Signed(rest.N)))
	}
	if c := body.Close; c != nil {
		d.Point("5. " + m.say("close.diff_head"))
		if len(c.Changed) == 0 {
			d.Text(m.say("close.same"))
		} else {
			d.Table(m.changedTable(v, c))
		}
	}
	d.Note(m.say("report.doc.note"))
	d.Signs, d.Receivers = []paper.Sign{m.director()}, m.receivers(m.say("report.doc.copy_above"))
	return d
}

// columns are a broad first column and so many of figures.
func columns(first, others int) []paper.Column {
	out := []paper.Column{{Share: first}}
	for range others {
		out = append(out, paper.Column{Share: 10, Align: paper.Right})
	}
	return out
}

func (m documentMaker) partOf(label string, part bool) string {
	if part {
		return label + " (" + m.say("report.part_of") + ")"
	}
	return label
}

func (m documentMaker) stockTable(v *view, rows []reportRow) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(26, 6), Heads: [][]paper.Cell{paper.Cells(m.say("report.col.line"), m.say("report.col.count"), m.say("report.col.target"), m.say("report.col.percent"), m.say("report.col.change"), m.say("report.register"), m.say("report.col.difference"))}}
	for _, row := range rows {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.partOf(row.Label, row.Part), v.Maybe(row.Count), v.Maybe(row.Target), percentText(v, row.Figure), v.MaybeSigned(row.Change), v.Maybe(row.Register), v.MaybeSigned(row.Difference))})
	}
	return tab
}

func percentText(v *view, f reporting.Figure) string {
	if f.Percent == nil {
		return "–"
	}
	return v.Pct(int64(*f.Percent))
}

func (m documentMaker) moveTable(v *view, rows []reportMove) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(26, 5), Heads: [][]paper.Cell{paper.Cells(m.say("report.col.line"), m.say("flow.joined"), m.say("report.col.change"), m.say("flow.returned"), m.say("flow.lapsed"), m.say("flow.left"))}}
	for _, row := range rows {
		cells := paper.Cells(m.partOf(row.Label, row.Part))
		for i, c := range row.Cells {
			cells = append(cells, paper.Cell{Text: v.Maybe(c.Count)})
			if i == 0 {
				cells = append(cells, paper.Cell{Text: v.MaybeSigned(c.Change)})
			}
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: cells})
	}
	return tab
}

func (m documentMaker) reachTable(v *view, rows []reportReach) paper.Table {
	tab := paper.Table{Small: true, Columns: columns(26, 4), Heads: [][]paper.Cell{paper.Cells(m.say("coverage.reach.form"), m.say("coverage.reach.sessions"), m.say("report.col.change"), m.say("coverage.reach.heads"), m.say("report.col.change"))}}
	for _, row := range rows {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(row.Label, v.Maybe(row.Sessions.Count), v.MaybeSigned(row.Sessions.Change), v.Maybe(row.Heads.Count), v.MaybeSigned(row.Heads.Change))})
	}
	return tab
}

func (m documentMaker) communeTable(v *view, body *reportPage) paper.Table {
	heads := paper.Cells(m.say("coverage.commune"), m.say("report.short.sessions"), m.say("report.short.attendances"))
	for _, s := range body.Schemes {
		heads = append(heads, paper.Cell{Text: s.Label})
	}
	tab := paper.Table{Small: true, Columns: columns(20, len(heads)-1), Heads: [][]paper.Cell{heads}}
	for _, side := range append(body.Units[:len(body.Units):len(body.Units)], body.Total) {
		cells := paper.Cells(side.Name, v.N(side.Lines.SessionsTotal.N()), v.N(side.Lines.Attendances.N()))
		for _, s := range body.Schemes {
			cells = append(cells, paper.Cell{Text: v.Maybe(side.Lines.Participation[s.Scheme].Count)})
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: cells})
	}
	tab.Rows[len(tab.Rows)-1].Bold = true
	return tab
}

func (m documentMaker) changedTable(v *view, c *closePage) paper.Table {
	tab := paper.Table{Small: true, Columns: []paper.Column{{Share: 24}, {Share: 34}, {Share: 14, Align: paper.Right}, {Share: 14, Align: paper.Right}, {Share: 14, Align: paper.Right}},
		Heads: [][]paper.Cell{paper.Cells(m.say("coverage.commune"), m.say("report.col.line"), m.say("close.then"), m.say("close.now"), m.say("report.col.difference"))}}
	for _, row := range c.Changed {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(row.Place, row.Label, v.Maybe(row.Then), v.Maybe(row.Now), v.Signed(row.By()))})
	}
	return tab
}

// figuresOut shows the report of a period as the document it becomes.
func (s *Server) figuresOut(w http.ResponseWriter, r *http.Request, body *reportPage) error {
	about := string(body.From) + ".." + string(body.To)
	if body.By != "" {
		about += " by " + body.By
	}
	area, name, err := s.reportArea(r)
	if err != nil {
		return err
	}
	number, err := s.DB.Document(r.Context(), scopeOf(r), "report", about+name)
	if err != nil {
		return err
	}
	out := &documentPage{File: "bao-cao-" + string(body.From) + "-" + string(body.To), Crumbs: []crumbLink{{"/reports?" + body.Query, t(r, "rail.reports")}}, Number: &loa.Document{Kind: "report", About: about + name, Area: area}}
	out.numbered(number)
	out.Docs = []paper.Document{s.maker(r, langOf(r)).figures(r, body, number)}
	return s.documentOut(w, r, page{Title: t(r, "report.print.title", lowerFirst(body.Period)), Active: "reports"}, out)
}

// reportArea is the place a report is about, for its number: the office's own node where the whole of it is seen, else the first
// place of the officer. What narrows it is part of its name.
func (s *Server) reportArea(r *http.Request) (loa.AreaID, string, error) {
	me := whoOf(r)
	if me.Place != "" {
		return me.Place, " " + string(me.Place), nil
	}
	if len(me.Areas) > 0 {
		for _, a := range me.Areas {
			if a.Kind == loa.OfficeNode {
				return a.ID, "", nil
			}
		}
		return me.Areas[0].ID, " " + string(me.Areas[0].ID), nil
	}
	return me.Office.Anchor, "", nil
}
