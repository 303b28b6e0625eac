package web

import (
	"strings"

	"loa"
	"loa/paper"
)

// sheet is a list to sign at the door or to walk by, with its code, row by row as it is keyed back.
func (m documentMaker) sheet(b *sheetPage) paper.Document {
	d := m.doc("", 0, "")
	d.Head.Dated = ""
	d.Landscape = b.Visiting
	d.Kind = m.say("session.sheet.head." + cmpOr(b.Sheet.Kind, "attendance"))
	where := b.Where
	if b.Session.Place != "" {
		where = joinWords(b.Session.Place, b.Where)
	}
	facts := paper.Table{Bare: true, Columns: []paper.Column{{Share: 18}, {Share: 82}}}
	for _, f := range [][2]string{{m.say("session.sheet.code"), b.Sheet.Code}, {m.say("session.sheet.session"), b.Session.Title}, {m.say("session.field.on"), b.When}, {m.say("session.field.place"), where}, {m.say("session.field.officers"), b.Officers}} {
		facts.Rows = append(facts.Rows, paper.Row{Cells: []paper.Cell{{Text: f[0] + ":"}, {Text: f[1], Bold: true}}})
	}
	d.Table(facts)
	if b.Visiting {
		d.Table(m.walkTable(b))
	} else {
		d.Table(m.signTable(b))
		d.Table(m.tallyTable(b))
	}
	d.Signs = []paper.Sign{{Title: []string{m.say("session.sheet.village_head")}}, {Title: []string{m.say("session.sheet.officer")}}}
	return d
}

func (m documentMaker) signTable(b *sheetPage) paper.Table {
	tab := paper.Table{Columns: []paper.Column{{Share: 7, Align: paper.Middle}, {Share: 27}, {Share: 9, Align: paper.Middle}, {Share: 18}, {Share: 20}, {Share: 19}},
		Heads: [][]paper.Cell{paper.Cells(m.say("session.sheet.no"), m.say("person.name"), m.say("person.born"), m.say("person.village"), m.say("session.sheet.house"), m.say("session.sheet.sign"))}}
	for _, row := range b.Rows {
		cells := paper.Cells(whole(row.N), row.Name, yearText(row.Born), row.Village, row.House, "")
		if row.Refused {
			cells = paper.Cells(whole(row.N), m.say("people.no_contact_short"), "", "", "", "")
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: cells, Tall: true})
	}
	for _, row := range b.Blanks {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(whole(row.N), "", "", "", "", ""), Tall: true})
	}
	return tab
}

// tallyTable counts who was there and signed nothing.
func (m documentMaker) tallyTable(b *sheetPage) paper.Table {
	tab := paper.Table{Caption: m.say("session.sheet.unsigned"), Columns: []paper.Column{{Share: 16}}}
	heads := paper.Cells("")
	for _, band := range b.Bands {
		tab.Columns = append(tab.Columns, paper.Column{Share: 84 / len(b.Bands)})
		heads = append(heads, paper.Cell{Text: band.Label})
	}
	tab.Heads = [][]paper.Cell{heads}
	for _, sex := range []loa.Sex{loa.Female, loa.Male} {
		tab.Rows = append(tab.Rows, paper.Row{Tall: true, Cells: append(paper.Cells(m.say("sex."+string(sex))), make([]paper.Cell, len(b.Bands))...)})
	}
	return tab
}

func (m documentMaker) walkTable(b *sheetPage) paper.Table {
	tab := paper.Table{Small: true, Columns: []paper.Column{{Share: 4, Align: paper.Middle}, {Share: 20}, {Share: 18}, {Share: 7, Align: paper.Middle}, {Share: 24}, {Share: 11}, {Share: 16}},
		Heads: [][]paper.Cell{paper.Cells(m.say("session.sheet.no"), m.say("session.sheet.house"), m.say("person.name"), m.say("person.born"), m.say("session.sheet.outcome"), m.say("household.next_on"), m.say("field.note"))}}
	var boxes []string
	for _, o := range b.Outcomes {
		boxes = append(boxes, "☐ "+o.Label)
	}
	box := strings.Join(boxes, "  ")
	for _, row := range b.Rows {
		house := paper.Cell{}
		if row.First {
			house = paper.Cell{Text: row.House, Sub: row.Village}
		}
		cells := append([]paper.Cell{{Text: whole(row.N)}, house}, paper.Cells(row.Name, yearText(row.Born), box, "", "")...)
		if row.Refused {
			cells = append([]paper.Cell{{Text: whole(row.N)}, house}, paper.Cells(m.say("people.no_contact_short"), "", "", "", "")...)
		}
		tab.Rows = append(tab.Rows, paper.Row{Cells: cells, Tall: true})
	}
	for _, row := range b.Blanks {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(whole(row.N), "", "", "", box, "", ""), Tall: true})
	}
	return tab
}

func yearText(y int) string {
	if y == 0 {
		return ""
	}
	return whole(y)
}
