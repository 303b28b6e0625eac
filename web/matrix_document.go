package web

import (
	"net/http"

	"loa"
	"loa/paper"
	"loa/vn"
)

// matrix is the decision table as it is signed: who is told what in which form, how often, by whom.
func (m documentMaker) matrix(r *http.Request, body matrixPage, number loa.Document, today loa.Day) paper.Document {
	d := m.doc("", 0, number.On)
	if number.No > 0 {
		d.Head.Number = m.say("document.number", paper.Number(number.No), "QĐ-"+m.office.Symbol)
	}
	d.Landscape, d.Kind = true, m.say("matrix.print.head")
	d.Subject = m.say("matrix.print.sub", body.Matrix.Version, body.Matrix.From.Vietnamese())
	if body.Draft {
		d.Notices = append(d.Notices, m.say("matrix.print.draft"))
	}
	tab := paper.Table{Columns: []paper.Column{{Share: 4, Align: paper.Middle}, {Share: 22}, {Share: 15}, {Share: 15}, {Share: 18}, {Share: 26}},
		Heads: [][]paper.Cell{paper.Cells(m.say("matrix.print.no"), m.say("matrix.segment"), m.say("matrix.form"), m.say("matrix.cadence"), m.say("matrix.officer"), m.say("matrix.theme_label"))}}
	for i, row := range body.Rows {
		first := true
		for _, c := range row.Cells {
			if c.Line == nil {
				continue
			}
			var cells []paper.Cell
			if first {
				cells = append(cells, paper.Cell{Text: whole(i + 1), Down: row.Lines}, paper.Cell{Text: row.Name, Sub: m.say("people.n", vn.NumberIn(m.lang, int64(row.People))), Down: row.Lines, Bold: true})
				first = false
			}
			cadence := c.Cadence
			if c.Line.PerVillage {
				cadence += ", " + m.say("matrix.per_village_word")
			}
			tab.Rows = append(tab.Rows, paper.Row{Cells: append(cells, paper.Cells(t(r, "form."+string(c.Form)), cadence, c.Officer.Name, c.Line.Theme)...)})
		}
	}
	d.Table(tab)
	note := m.say("matrix.print.people_as_of", today.Vietnamese())
	if body.SignedByName != "" {
		note += " " + m.say("matrix.print.signed", body.SignedByName, body.Matrix.From.Vietnamese())
	}
	d.Note(note)
	d.Signs = []paper.Sign{{Title: []string{m.say("doc.drafter")}}, m.director()}
	return d
}
