package web

import (
	"html/template"
	"net/http"
	"strings"
	"unicode"

	"loa"
	"loa/i18n"
	"loa/pdf"
	"loa/policy"
	"loa/qr"
	"loa/vn"
)

// leafView is one leaflet as it is drawn: what it says, in which languages, with whose link.
type leafView struct {
	Lang, Second  string
	Kind          loa.LeafletKind
	Superior      string
	Issuer        string
	F             leafletFigures
	Panels        []leafPanel
	Place         string // of the village; empty on a sample
	No, Sheets    int
	On            loa.Day
	Code          string
	Spoken        int
	Link          string
	QR            qr.Code
	Ahead, Sample bool
	Demo          bool              // of a demo: it says so on the sheet
	Story         *paperStory       // nil for none
	lines         map[string]string // signed words in the second language
}

// leafPanel is one of the four pictures that tell the story.
type leafPanel struct {
	No      int
	Line    string // the step's name among the lines
	Pics    []leafPic
	Grid    string // one picture many times over
	GridN   []int
	Plus    bool
	Big     bool // its figure is short and may be large
	Coins   share
	Caption template.HTML
	Under   string // said beneath the amounts
}

// leafPic is a picture with what stands beneath it.
type leafPic struct{ Name, Amount, Label string }

// leafPage is what the paper of leaflets is drawn from: sheets of one size, each holding leaflets.
type leafPage struct {
	Size   string
	Leaves []*leafView
}

// Say is a sentence of the leaflet's own language.
func (l *leafView) Say(key string, args ...any) string { return i18n.Text(l.Lang, key, args...) }

// Of is a sentence of this kind of leaflet; *words* between stars are printed bold.
func (l *leafView) Of(line string, args ...any) template.HTML {
	return bold(i18n.Text(l.Lang, "leaflet.say."+l.Kind.Key()+"."+line, args...))
}

// Also is a line in the second language; empty without one.
func (l *leafView) Also(line string) template.HTML {
	if loa.Ours(l.Second) {
		return bold(i18n.Text(l.Second, "leaflet.say."+l.Kind.Key()+"."+line, l.F.args(line)...))
	}
	return template.HTML(template.HTMLEscapeString(l.lines[line]))
}

// SecondTag is the second language for screen readers and hyphens.
func (l *leafView) SecondTag() string { return l.Second }

// Money is an amount as it stands on the paper.
func (l *leafView) Money(n int64) string { return vn.NumberIn(l.Lang, n) + " đ" }

// Rate writes basis points as a percentage.
func (l *leafView) Rate(bp int64) string {
	s := vn.NumberIn(l.Lang, bp/100)
	if rest := bp % 100; rest != 0 {
		sep := ","
		if l.Lang == "en" {
			sep = "."
		}
		s += sep + strings.TrimRight(string([]byte{byte('0' + rest/10), byte('0' + rest%10)}), "0")
	}
	if l.Lang == "en" {
		return s + "%"
	}
	return s + " %"
}

// Label is what a row of the table is called.
func (l *leafView) Label(r leafletRow) string {
	if r.Wage > 0 {
		return l.Money(r.Wage)
	}
	return l.Say(r.Label)
}

// Headline is the large line with its size: long ones are set smaller so that they stay on their rows.
func (l *leafView) Headline() string { return l.Say("leaflet.say." + l.Kind.Key() + ".headline") }

// HeadSize is the size in points at which the headline fills one row of the sheet, 136 mm, with a little to spare, by the letters' usual widths.
func (l *leafView) HeadSize() int {
	var thousandths int // of the size of the letters
	for _, c := range l.Headline() {
		switch {
		case strings.ContainsRune(" ilíìịfjtr.,:'’", c):
			thousandths += 330
		case strings.ContainsRune("mwMW", c):
			thousandths += 880
		case unicode.IsUpper(c):
			thousandths += 720
		default:
			thousandths += 600
		}
	}
	const row = 130 * 72 * 10 * 1000 / 254
	return min(29, max(15, row/max(1, thousandths)))
}

// Tight says what makes the sheet fuller: a second language, many rows, long amounts.
func (l *leafView) Tight() string {
	var b strings.Builder
	if l.Second != "" {
		b.WriteString(" two")
	}
	if l.Story != nil {
		b.WriteString(" told")
	}
	if len(l.F.Rows) > 4 {
		b.WriteString(" many")
	}
	if max(l.F.Pay, l.F.Other, l.F.Women, l.F.Men) >= 1e6 {
		b.WriteString(" long")
	}
	if min(l.F.Pay, l.F.Other) >= 1e5 {
		b.WriteString(" even")
	}
	return b.String()
}

// Times is the numbers from 0 below n, for pictures that stand n times.
func (l *leafView) Times(n int) []int { return make([]int, max(0, n)) }

// Fine is the small print: for whom the figures are, how long they hold, and the law.
func (l *leafView) Fine() string {
	var parts []string
	f := l.F
	if f.Income > 0 {
		key := "leaflet.fine_income"
		if l.Kind.Audience == "workers" {
			key = "leaflet.fine_wage"
		}
		parts = append(parts, l.Say(key, l.Money(f.Income)))
	}
	if f.Until != "" {
		parts = append(parts, l.Say("leaflet.fine_until", f.Since.Vietnamese(), f.Until.Vietnamese()))
	} else {
		parts = append(parts, l.Say("leaflet.fine_since", f.Since.Vietnamese(), l.On.Vietnamese()))
	}
	if f.Years > 0 {
		parts = append(parts, l.Say("leaflet.fine_pension", f.Years, l.Rate(f.WomenBP), l.Rate(f.MenBP)))
	}
	if l.Kind == (loa.LeafletKind{Scheme: loa.HouseholdHI, Audience: "others"}) {
		parts = append(parts, l.Say("leaflet.fine_members"))
	}
	return strings.Join(parts, " ")
}

// Law is the law in small print.
func (l *leafView) Law() string { return policy.Law(l.F.Cites).In(l.Lang) }

// Origin says where the sheet belongs.
func (l *leafView) Origin() string {
	origin := l.Say("leaflet.sample", l.On.Vietnamese())
	if !l.Sample {
		origin = l.Say("leaflet.origin", l.No, l.Place, vn.NumberIn(l.Lang, int64(l.Sheets)))
	}
	if l.Demo {
		origin += " " + l.Say("leaflet.demo")
	}
	return origin
}

// bold turns *words* between stars into bold ones, after everything is escaped.
func bold(s string) template.HTML {
	parts := strings.Split(template.HTMLEscapeString(s), "*")
	var b strings.Builder
	for i, p := range parts {
		switch {
		case i%2 == 1 && i < len(parts)-1:
			b.WriteString("<b>" + p + "</b>")
		case i%2 == 1:
			b.WriteString("*" + p)
		default:
			b.WriteString(p)
		}
	}
	return template.HTML(b.String())
}

// args are the numbers a line of the leaflet takes.
func (f leafletFigures) args(line string) []any {
	if line == "step3" {
		if f.Months > 0 {
			return []any{f.Months}
		}
		return []any{f.Years}
	}
	return nil
}

// panels are the four pictures of a leaflet.
func (l *leafView) panels() []leafPanel {
	f := l.F
	who := map[string]string{"traders": "stall", "owners": "stall", "workers": "worker", "pupils": "people"}[l.Kind.Audience]
	if who == "" {
		who = "farmer"
	}
	state := func(word string) leafPic { return leafPic{"government", l.Money(f.Other), l.Say(word)} }
	you := leafPic{who, l.Money(f.Pay), l.Say("leaflet.you")}
	old := leafPanel{Line: "step4", Pics: []leafPic{{"old-woman", l.Money(f.Women), ""}, {"old-man", l.Money(f.Men), ""}}, Under: l.Say("leaflet.for_life")}
	care := leafPanel{Line: "step4", Big: true, Pics: []leafPic{{"health-card", "", ""}, {"hospital", l.Rate(f.BenefitBP), ""}}, Under: l.Say("leaflet.of_visit")}
	year := leafPanel{Line: "step3", Grid: "calendar", GridN: make([]int, f.Months)}
	var all [4]leafPanel
	switch l.Kind.Scheme {
	case loa.VoluntarySI:
		grid := leafPanel{Line: "step3", Grid: "rice", GridN: make([]int, f.Years)}
		if who == "stall" {
			grid.Grid = "calendar"
		}
		all = [4]leafPanel{{Line: "step1", Pics: []leafPic{{Name: who}, {Name: "id-card"}}, Plus: true},
			{Line: "step2", Pics: []leafPic{you, state("leaflet.state")}, Coins: f.Coins, Under: l.Say("leaflet.support_years", f.SupportYear)}, grid, old}
	case loa.HouseholdHI:
		if l.Kind.Audience == "others" {
			all = [4]leafPanel{{Line: "step1", Pics: []leafPic{{Name: "house"}, {Name: "people"}}, Plus: true},
				{Line: "step2", Pics: []leafPic{{"man", l.Money(f.Pay), l.Say("leaflet.first")}, {"woman", l.Money(f.Other), l.Say("leaflet.second")}}}, year, care}
			break
		}
		all = [4]leafPanel{{Line: "step1", Pics: []leafPic{{Name: who}, {Name: "id-card"}}, Plus: true}, {Line: "step2", Pics: []leafPic{you, state("leaflet.state")}, Coins: f.Coins}, year, care}
	case loa.HI:
		you.Label = l.Say("leaflet.parents")
		all = [4]leafPanel{{Line: "step1", Pics: []leafPic{{Name: "schoolgirl"}, {Name: "schoolboy"}}}, {Line: "step2", Pics: []leafPic{you, state("leaflet.state")}, Coins: f.Coins}, year, care}
	default:
		second := leafPic{"health-card", l.Money(f.Other), l.Say("leaflet.hi_word")}
		you.Label = l.Say("leaflet.si_word")
		if l.Kind.Audience == "workers" {
			second, you.Label = leafPic{"house", l.Money(f.Other), l.Say("leaflet.employer")}, l.Say("leaflet.worker")
			second.Name = "stall"
		}
		all = [4]leafPanel{{Line: "step1", Pics: []leafPic{{Name: who}, {Name: "id-card"}}, Plus: true}, {Line: "step2", Pics: []leafPic{you, second}, Coins: f.Coins},
			{Line: "step3", Pics: []leafPic{{Name: "doctor"}, {Name: "mother"}, {Name: "umbrella"}}}, old}
	}
	for i := range all {
		all[i].No, all[i].Caption = i+1, l.Of(all[i].Line, f.args(all[i].Line)...)
	}
	return all[:]
}

// leafPaper is the sheet a size is printed on when a page does not say so itself.
func leafPaper(size string) pdf.Paper {
	if size == "a5" {
		return pdf.A5
	}
	return pdf.A4.Landscape()
}

// leafOf fills a leaflet of a printing with the figures; its village, link and code come after.
func (s *Server) leafOf(r *http.Request, run loa.LeafletRun, f leafletFigures, lines []loa.LeafletLines) *leafView {
	office := whoOf(r).Office
	l := &leafView{Lang: run.Language, Second: run.Second, Kind: run.Kind, Superior: fullOffice(office.Superior), Issuer: fullOffice(office.Name), F: f, On: run.On, No: run.No, Ahead: run.On > s.today(), Sample: true, Demo: office.Synthetic}
	if run.Second != "" && !loa.Ours(run.Second) {
		for _, w := range lines {
			if w.Kind == run.Kind && w.Language == run.Second && w.Signed() {
				l.lines = w.Lines
			}
		}
		if l.lines == nil {
			l.Second = ""
		}
	}
	l.Panels = l.panels()
	return l
}

// plainLine is a line of a leaflet in Vietnamese without its marks, for whoever puts it into another language.
func plainLine(key string, args ...any) string {
	return strings.ReplaceAll(i18n.Text("vi", key, args...), "*", "")
}
