package web

import (
	"strings"

	"loa"
	"loa/sheet"
)

// d05Heads are the twenty columns of D05-TS with their letters and figures.
func (m documentMaker) d05Heads() [][]sheet.Head {
	one := func(key string) sheet.Head { return sheet.Head{Text: m.say("d05." + key), Down: 2} }
	two := func(key string, n int) sheet.Head { return sheet.Head{Text: m.say("d05." + key), Span: n} }
	var letters []sheet.Head
	for _, l := range strings.Fields("A B C 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17") {
		letters = append(letters, sheet.Head{Text: l})
	}
	return [][]sheet.Head{
		{one("a"), one("b"), one("c"), one("1"), one("2"), one("3"), one("4"), one("5"), two("method", 2), two("amount", 2), two("state", 2), two("local", 2), two("other", 2), one("16"), one("17")},
		{{Text: m.say("d05.6")}, {Text: m.say("d05.7")}, {Text: m.say("d05.8")}, {Text: m.say("d05.9")}, {Text: m.say("d05.10")}, {Text: m.say("d05.11")}, {Text: m.say("d05.12")}, {Text: m.say("d05.13")}, {Text: m.say("d05.14")}, {Text: m.say("d05.15")}},
		letters,
	}
}

// formTitles are the lines above a list: whose it is, what it is, what it is made from.
func (m documentMaker) formTitles(list formList, name, form string) []string {
	out := []string{fullOffice(m.office.Superior), fullOffice(m.office.Name), form, name, m.say("form_list.period", list.Filter.From.Vietnamese(), list.Filter.To.Vietnamese())}
	if list.Commune != "" {
		out = append(out, m.say("form_list.commune", list.Commune))
	}
	if list.Collector != "" {
		out = append(out, m.say("form_list.collector", list.Collector))
	}
	out = append(out, m.say("form_list.from."+list.From))
	if !list.Numbers {
		out = append(out, m.say("form_list.no_numbers"))
	}
	if m.office.Synthetic {
		out = append(out, m.say("report.synthetic"))
	}
	return out
}

// d05 writes the list of those who take part in voluntary social insurance, in the columns of decision 490. Amounts are those that
// were recorded: what the payer gave and what the State added.
func (m documentMaker) d05(x *sheet.XLSX, list formList) error {
	err := x.Sheet(sheet.Layout{Name: "D05-TS", Titles: m.formTitles(list, m.say("d05.title"), m.say("d05.form")), Heads: m.d05Heads(), Foot: m.office.Name,
		Widths: []float64{5, 26, 13, 15, 30, 12, 14, 13, 8, 10, 15, 15, 8, 14, 8, 14, 8, 14, 12, 44}})
	if err != nil {
		return err
	}
	if err := x.Strong(texts("I", m.say("d05.more"))...); err != nil {
		return err
	}
	if err := x.Strong(texts("I.1", m.say("d05.people"))...); err != nil {
		return err
	}
	var due, paid, state int64
	for i, row := range list.Rows {
		if err := x.Row(m.d05Row(i+1, row)...); err != nil {
			return err
		}
		due, paid, state = due+row.Due, paid+row.Amount, state+row.StateAmount
	}
	sum := func(key string, due, paid, state int64) error {
		cells := texts("", m.say(key), "", "", "", "", "", "", "", "")
		cells = append(cells, sheet.Amount(due), sheet.Amount(paid), sheet.Text(""), sheet.Amount(state))
		return x.Strong(append(cells, texts("", "", "", "", "", "")...)...)
	}
	if err := sum("d05.sum_more", due, paid, state); err != nil {
		return err
	}
	if err := x.Strong(texts("II", m.say("d05.less"))...); err != nil {
		return err
	}
	if err := x.Strong(texts("II.1", m.say("d05.people"))...); err != nil {
		return err
	}
	for i, row := range list.Gone {
		cells := append([]sheet.Value{sheet.Int(int64(i + 1))}, texts(m.name(row), row.SINumber, row.NationalID, row.Address, "", "", "", "", monthYear(row.Leaving.HappenedOn), "", "", "", "", "", "", "", "", "",
			m.say("d05.left", m.say("leaving."+row.Leaving.Reason), row.Leaving.HappenedOn.Vietnamese()))...)
		if err := x.Row(cells...); err != nil {
			return err
		}
	}
	if err := sum("d05.sum_less", 0, 0, 0); err != nil {
		return err
	}
	if err := sum("d05.total", due, paid, state); err != nil {
		return err
	}
	return m.formEnd(x, 20, []string{m.say("d05.books"), m.say("d05.only_16"), m.say("d05.amounts." + list.From)}, m.say("form_list.drafter"), m.say("form_list.cashier"), m.say("form_list.collector_sign"))
}

func (m documentMaker) d05Row(no int, row formRow) []sheet.Value {
	day := sheet.Text("")
	if row.Receipt != "" {
		day = dayCell(row.HappenedOn)
	}
	cells := append([]sheet.Value{sheet.Int(int64(no))}, texts(m.name(row), row.SINumber, row.NationalID, row.Address)...)
	cells = append(cells, day, sheet.Text(row.Receipt), money(row.Income), count(row.Months), sheet.Text(monthYear(row.From)), money(row.Due), money(row.Amount), percent(row.RateBP), money(row.StateAmount))
	return append(cells, texts("", "", "", "", row.Code, m.d05Note(row))...)
}

// d05Note is column 17 as the electronic form reads it.
func (m documentMaker) d05Note(row formRow) string {
	if !row.Known {
		return ""
	}
	group := map[string]string{"poor": "Hộ_nghèo", "near_poor": "Hộ_cận_nghèo"}[row.Person.PovertyOn(row.HappenedOn)]
	parts := []string{"Đối tượng " + cmpOr(group, "Khác")}
	switch row.Person.Ethnic {
	case "":
	case "kinh":
		parts = append(parts, "Dân tộc Kinh")
	default:
		parts = append(parts, "Dân tộc Thiểu_số")
	}
	method := "Đóng_tiếp"
	if row.First {
		method = "Tăng_mới"
	}
	parts = append(parts, "P.Thức "+method)
	if row.Phone != "" {
		parts = append(parts, "SĐT "+row.Phone)
	}
	if born := bornText(row.Person); born != "" {
		parts = append(parts, "Ngày sinh "+born)
	}
	return strings.Join(parts, ", ")
}

// percent writes basis points as a share, empty where there is none.
func percent(bp int64) sheet.Value {
	switch {
	case bp == 0:
		return sheet.Text("")
	case bp%100 == 0:
		return sheet.Int(bp / 100)
	}
	return sheet.Decimal(bp, 2)
}

// formEnd writes what stands under a form: its notes, then the signatures side by side.
func (m documentMaker) formEnd(x *sheet.XLSX, columns int, notes []string, signs ...string) error {
	if err := x.Row(); err != nil {
		return err
	}
	for _, n := range notes {
		if err := x.Row(sheet.Text(""), sheet.Text(n)); err != nil {
			return err
		}
	}
	if err := x.Row(); err != nil {
		return err
	}
	heads, hints := make([]sheet.Head, len(signs)), make([]sheet.Head, len(signs))
	for i, s := range signs {
		heads[i], hints[i] = sheet.Head{Text: s, Span: columns / len(signs)}, sheet.Head{Text: m.say("document.sign_hint"), Span: columns / len(signs)}
	}
	if err := x.Across(heads...); err != nil {
		return err
	}
	return x.Across(hints...)
}

// d03 writes the list of those who take part in health insurance by household. The official columns are not confirmed, and the
// sheet says so.
func (m documentMaker) d03(x *sheet.XLSX, list formList) error {
	var heads []string
	for _, key := range d03Columns {
		heads = append(heads, m.say("d03."+key))
	}
	titles := append(m.formTitles(list, m.say("d03.title"), m.say("d03.form")), m.say("d03.unconfirmed"))
	err := x.Sheet(sheet.Layout{Name: "D03-TS", Titles: titles, Heading: heads, Foot: m.office.Name, Widths: []float64{5, 26, 13, 15, 12, 8, 30, 22, 9, 14, 8, 14, 8, 12, 12, 12, 14, 8, 14, 36}})
	if err != nil {
		return err
	}
	var sum int64
	for i, row := range list.Rows {
		if err := x.Row(m.d03Row(i+1, row)...); err != nil {
			return err
		}
		sum += row.Amount
	}
	if err := x.Strong(append(append(texts("", m.say("document.total"), "", "", "", "", "", "", "", "", ""), sheet.Amount(sum)), texts("", "", "", "", "", "", "", "")...)...); err != nil {
		return err
	}
	notes := []string{m.say("d03.blank")}
	for _, row := range list.Gone {
		notes = append(notes, m.say("d03.left", m.name(row), m.say("leaving."+row.Leaving.Reason), row.Leaving.HappenedOn.Vietnamese()))
	}
	return m.formEnd(x, 20, notes, m.say("form_list.drafter"), m.say("form_list.cashier"), m.say("form_list.collector_sign"))
}

// d03Columns are those of the one layout that was found, an agent's own.
var d03Columns = []string{"no", "name", "si_number", "national_id", "born", "sex", "address", "clinic", "order", "standard", "rate", "amount", "months", "from", "to", "receipt_day", "receipt", "round", "agent", "note"}

func (m documentMaker) d03Row(no int, row formRow) []sheet.Value {
	day, until := sheet.Text(""), dayCell(row.Until)
	if row.Receipt != "" {
		day = dayCell(row.HappenedOn)
	}
	sex, born := "", ""
	if row.Known {
		born = bornText(row.Person)
		if row.Person.Sex != "" {
			sex = m.say("sex." + string(row.Person.Sex))
		}
	}
	from := sheet.Text("")
	if row.From.Valid() {
		from = dayCell(row.From)
	}
	note := m.say("d03.again")
	if row.First {
		note = m.say("d03.new")
	}
	if row.Person.PovertyOn(row.HappenedOn) != "" && loa.OneOf(row.Person.Poverty, []string{"poor", "near_poor"}) {
		note += ", " + m.say("poverty."+row.Person.Poverty)
	}
	cells := append([]sheet.Value{sheet.Int(int64(no))}, texts(m.name(row), row.SINumber, row.NationalID, born, sex, row.Address, "", "", "", "")...)
	return append(cells, money(row.Amount), count(row.Months), from, until, day, sheet.Text(row.Receipt), sheet.Text(""), sheet.Text(row.Code), sheet.Text(note))
}
