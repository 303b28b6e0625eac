package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"loa/i18n"
	"loa/web/webtest"
)

// walker walks the loop with the words of one language.
type walker struct {
	*webtest.Browser
	t    *testing.T
	lang string
}

// say is a sentence as the walker's language shows it.
func (w walker) say(key string, args ...any) string {
	w.t.Helper()
	if !i18n.Has(w.lang, key) {
		w.t.Fatalf("no sentence %s", key)
	}
	return i18n.Text(w.lang, key, args...)
}

// clean fails when the accessibility checker finds something on the page.
func (w walker) clean() {
	w.t.Helper()
	for _, line := range w.Axe() {
		w.t.Errorf("%s: %s", w.Title(), line)
	}
}

// newcomer is who the walk brings in: invented, and with a word in the name that nobody in the demo has.
const newcomer = "Vừ Thị Vòng Lặp"

// TestTheLoopInChromium walks the whole loop of the product in a browser, in both languages, with nothing but what the pages
// show: a file is imported, a group made of it, the matrix says how often, a session is held, a lead followed until the
// contribution is paid, and coverage and report have changed by exactly that.
func TestTheLoopInChromium(t *testing.T) {
	for _, lang := range []string{"vi", "en"} {
		t.Run(lang, func(t *testing.T) {
			b, ok := webtest.Browse(t, "")
			if !ok {
				return // said on standard error
			}
			w := walker{Browser: b, t: t, lang: lang}
			address, _ := serving(t, "--data", copyOf(t, demoFolder(t)))
			w.Open(address)
			w.clean()
			w.Click("Lò Thị Hương")
			w.Click(strings.ToUpper(lang))
			w.Sees(w.say("rail.matrix"))
			w.clean()
			joined, register := w.before()
			w.importFile()
			w.makeSegment()
			w.decide()
			w.holdSession()
			w.enrol()
			w.after(joined, register)
		})
	}
}

// before reads from the report how many have joined voluntary social insurance and how many the register holds.
func (w walker) before() (joined, register int) {
	w.Click(w.say("rail.reports"))
	w.clean()
	return w.number("scheme.voluntary_si", "flow.joined"), w.number("scheme.voluntary_si", "report.register")
}

// number is the first number in a table's cell.
func (w walker) number(row, column string) int {
	w.t.Helper()
	shown := w.Cell(w.say(row), strings.ReplaceAll(w.say(column), "|", " "))
	n, err := strconv.Atoi(strings.NewReplacer(".", "", ",", "").Replace(strings.Fields(shown)[0]))
	if err != nil {
		w.t.Fatalf("%q is not a number", shown)
	}
	return n
}

// importFile brings three people in from a file as an office keeps it.
func (w walker) importFile() {
	w.Click(w.say("rail.people"))
	w.clean()
	w.Click(w.say("people.import"))
	w.clean()
	file := w.t.TempDir() + "/danh-sach.csv"
	rows := "STT;Họ và tên;Năm sinh;Giới tính;Dân tộc;Thôn/bản;Xã;Mã hộ;Nghề nghiệp\n"
	for i, name := range []string{newcomer, "Giàng A Vòng Lặp", "Sùng Thị Vòng Lặp"} {
		rows += fmt.Sprintf("%d;%s;%d;%s;Mông;Séo Phình;Sính Phình;VL-01;tiểu thương\n", i+1, name, 1985+i, []string{"Nữ", "Nam", "Nữ"}[i])
	}
	if err := os.WriteFile(file, []byte("\ufeff"+rows), 0o600); err != nil {
		w.t.Fatal(err)
	}
	w.Upload(w.say("import.file"), file)
	w.Click(w.say("import.read"))
	w.Sees(newcomer)
	w.clean()
	w.Click(w.say("import.apply"))
	w.Sees(w.say("import.state_text.applied"))
	w.clean()
}

const segmentName = "Tiểu thương Séo Phình"

// makeSegment saves a rule that means the people of the file.
func (w walker) makeSegment() {
	w.Click(w.say("rail.segments"))
	w.Click(w.say("segment.new"))
	w.Fill(w.say("segment.name"), segmentName)
	w.Fill(w.say("rule.field"), w.say("rule.field.occupation"))
	w.Click(w.say("occupation.small_trader"))
	w.clean()
	w.Click(w.say("do.save"))
	w.Sees(segmentName)
	w.clean()
}

// decide puts the group into the matrix, and the director signs it.
func (w walker) decide() {
	w.Click(w.say("rail.matrix"))
	w.Fill(w.say("matrix.segment"), segmentName)
	w.Fill(w.say("matrix.form"), w.say("form.small_group"))
	w.Click(w.say("matrix.add_cell"))
	w.Fill(w.say("matrix.officer"), "Giàng A Sình")
	w.Click(w.say("do.save"))
	w.Sees(w.say("matrix.line_saved"))
	w.clean()
	w.Click(w.say("matrix.sign"))
	w.Sees(w.say("matrix.signed"))
	w.clean()
}

// holdSession plans today's session for the group, holds it and notes who was interested.
func (w walker) holdSession() {
	w.Click(w.say("rail.sessions"))
	w.Click(w.say("session.plan"))
	w.Click(w.say("form.small_group"))
	w.Fill(w.say("session.field.area"), "seo phinh")
	w.Click("Séo Phình")
	w.Fill(w.say("session.field.on"), "2025-11-30")
	w.Click(segmentName)
	w.clean()
	w.Click(w.say("session.plan_save"))
	w.Sees(w.say("session.tab.hold"))
	w.clean()
	w.Click(w.say("session.tab.hold"))
	w.Click(w.say("session.tap", w.say("sex.female")))
	w.Fill(w.say("session.find_label"), "vong lap")
	w.ClickBy(w.say("session.born", 1985), w.say("session.is_here")) // all three live with the newcomer, one was born then
	w.Sees(w.say("session.names_note", "1"))
	w.Fill(w.say("session.who_wants"), newcomer)
	w.Click(w.say("session.lead_save"))
	w.clean()
	w.Click(w.say("session.hold"))
	w.Sees(w.say("session.state.held"))
	w.Click(w.say("session.tab.after"))
	w.clean()
}

// enrol follows the lead: handed to a collector, registered, paid.
func (w walker) enrol() {
	w.ClickBy(w.say("session.leads"), newcomer)
	w.Sees(w.say("enrolment.show.title", newcomer))
	w.clean()
	w.Fill(w.say("enrolment.collector"), "")
	w.Click(w.say("enrolment.do.handed"))
	w.Sees(w.say("enrolment.step_saved", w.say("step.handed")))
	w.Click(w.say("enrolment.do.registered"))
	w.Sees(w.say("enrolment.step_saved", w.say("step.registered")))
	w.Fill(w.say("renewal.method"), w.say("method.monthly"))
	w.Fill(w.say("enrolment.amount"), "264.000")
	w.Click(w.say("enrolment.do.paid"))
	w.Sees(w.say("enrolment.paid"))
	w.clean()
}

// after finds one more who joined, and one more in the register, on coverage and report alike.
func (w walker) after(joined, register int) {
	w.Click(w.say("rail.coverage"))
	w.clean()
	if got := w.number("coverage.total", "coverage.head.joined"); got != joined+1 {
		w.t.Errorf("coverage says %d joined, before it was %d", got, joined)
	}
	w.Click(w.say("rail.reports"))
	if got := w.number("scheme.voluntary_si", "flow.joined"); got != joined+1 {
		w.t.Errorf("the report says %d joined, before it was %d", got, joined)
	}
	if got := w.number("scheme.voluntary_si", "report.register"); got != register+1 {
		w.t.Errorf("the register holds %d, before it was %d", got, register)
	}
}
