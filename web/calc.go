package web

import (
	"html/template"
	"strconv"
	"strings"

	"loa"
	"loa/i18n"
	"loa/policy"
	"loa/vn"
)

// calcPage is the calculator as its template draws it, for officers and for everybody.
type calcPage struct {
	calcAsked
	At      string // the address the form asks
	Voice   string // who speaks: me, chi, anh
	From    string // the link somebody came through
	Whos    []calcChoice
	Months  template.HTML // the options
	Years   template.HTML
	PutText string
	PutNote string // why it is not what was typed
	Less    int64  // what − and + ask for; 0: no further
	More    int64
	Step    int64
	AtFloor bool
	Errors  map[string]string
	Refused string // the law has no answer: the sentence
	why     error  // the same as a refusal, for who prints or saves
	Answer  *calcAnswer
	Closed  *calcAnswer // in place of an answer: why nothing can be paid, and what is open instead
	Future  bool
	Listen  listenRow
	Stories []toldView
	Open    bool // the further questions have been answered
	Tabs    []calcTab
}

type calcTab struct {
	Label, URL string
	On         bool
}

type calcChoice struct {
	Value, Label, Picture string
	On                    bool
}

// calcKit is what answers are made with: the law, the reader's language and day.
type calcKit struct {
	law    policy.Parameters
	lang   string
	today  loa.Day
	basket []loa.PriceItem
}

func (k calcKit) say(key string, args ...any) string { return i18n.Text(k.lang, key, args...) }
func (k calcKit) money(n int64) string               { return vn.NumberIn(k.lang, n) + " đ" }

// sentence is a refusal of the law in the reader's language.
func (k calcKit) sentence(err error) string {
	e, ok := err.(*loa.Error)
	if !ok {
		return k.say("error.internal")
	}
	return k.say("error."+e.Code, e.Args...)
}

var whoPictures = map[policy.Group]string{policy.Poor: "poor-house", policy.NearPoor: "near-poor-house", policy.EthnicMinority: "farmer", policy.IslandCommune: "village", policy.Other: "stall"}

// bornOptions are the months and years a birth may be in. A template would take longer over these hundred lines than over all the
// rest of the page; they hold numbers and words of the catalogue only.
func (k calcKit) bornOptions(born loa.Month) (months, years template.HTML) {
	month, year, this := 0, 0, k.today.Month().Year()
	if born != "" {
		month, year = born.Number(), born.Year()
	}
	write := func(to *strings.Builder, n, chosen int, label string) {
		to.WriteString(`<option value="` + strconv.Itoa(n) + `"`)
		if n == chosen {
			to.WriteString(" selected")
		}
		to.WriteString(">" + template.HTMLEscapeString(label) + "</option>")
	}
	var m, y strings.Builder
	for n := 1; n <= 12; n++ {
		write(&m, n, month, k.say("calc.month."+itoa(n)))
	}
	for n := this - 15; n >= this-75; n-- {
		write(&y, n, year, strconv.Itoa(n))
	}
	if born != "" && (year < this-75 || year > this-15) { // somebody of the register
		write(&y, year, year, strconv.Itoa(year))
	}
	return template.HTML(m.String()), template.HTML(y.String())
}

// calc fills the page: the questions with what was answered, then the answer.
func (k calcKit) calc(a calcAsked, f *form, at, voice string) calcPage {
	p := calcPage{calcAsked: a, At: at, Voice: voice, Errors: f.Errors, Future: a.Day > k.today, Open: a.StartAge+a.Pause+a.Before > 0}
	for _, g := range policy.SupportGroups {
		if g != policy.IslandCommune || a.Who == g {
			p.Whos = append(p.Whos, calcChoice{string(g), k.say("calc.who." + string(g)), whoPictures[g], g == a.Who})
		}
	}
	p.Months, p.Years = k.bornOptions(a.Born)
	if p.Voice == "chi" && a.Sex == loa.Male {
		p.Voice = "anh"
	}
	if !f.ok() {
		p.PutText = f.text("put")
		return p
	}
	income, err := k.incomeFor(&p)
	if err != nil {
		p.Refused, p.why = k.sentence(err), err
		return p
	}
	p.Answer, err = k.answer(a, income, p.Voice)
	if err != nil {
		p.Refused, p.why = k.sentence(err), err
	} else if p.Answer.why != nil {
		p.Answer, p.Closed, p.why = nil, p.Answer, p.Answer.why
	} else if p.Answer.Wrong != "" {
		p.Errors[p.Answer.Wrong], p.Open = p.Answer.WrongText, true
	}
	return p
}

// incomeFor finds the chosen income behind what somebody can put aside a month, in the steps of the law.
func (k calcKit) incomeFor(p *calcPage) (int64, error) {
	limits, err := k.law.Income(p.Day, 0)
	if err != nil {
		return 0, err
	}
	floor, ceiling := limits.Get("floor"), limits.Get("ceiling")
	ask := func(income int64) (policy.Quote, error) {
		return k.law.Contribution(policy.Contribution{Day: p.Day, Income: income, Groups: []policy.Group{p.Who}, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1, Supported: p.Supported})
	}
	least, err := ask(floor)
	if err != nil {
		return 0, err
	}
	row, _ := k.law.At("voluntary_si.income_step", p.Day)
	step := max(row.Value, 1000)
	next, err := ask(min(ceiling, floor+step))
	if err != nil {
		return 0, err
	}
	p.Step = next.Get("pay") - least.Get("pay")
	income, pay := floor, least.Get("pay")
	if p.Put > pay && p.Step > 0 {
		n := min((p.Put-pay)/p.Step, (ceiling-floor)/step)
		income, pay = floor+n*step, pay+n*p.Step
	}
	p.AtFloor = income == floor
	p.PutNote = k.putNote(p, p.Put, pay, floor, ceiling, income+step > ceiling)
	p.PutText = vn.NumberIn(k.lang, pay)
	if !p.AtFloor {
		p.Less = pay - p.Step
	}
	if income+step <= ceiling {
		p.More = pay + p.Step
	}
	p.Put = pay
	return income, nil
}

// noAnswer says why there is nothing to print or save: the law's own refusal, or that the questions want mending.
func noAnswer(why error) error {
	if why != nil {
		return why
	}
	return loa.Refuse(loa.Invalid, "", "calc_no_answer")
}

// speech is what is read aloud.
func (p calcPage) speech() string {
	switch {
	case p.Answer != nil:
		return p.Answer.Speech
	case p.Closed != nil:
		return p.Closed.Speech
	}
	return ""
}

// Picture is who stands beside the amounts.
func (p calcPage) Picture(old bool) string {
	switch {
	case old && p.Sex == loa.Male:
		return "old-man"
	case old:
		return "old-woman"
	case p.Sex == loa.Male:
		return "man"
	}
	return "woman"
}

// ClosedPicture is who stands beside a refusal: a child, or somebody old.
func (p calcPage) ClosedPicture() string {
	switch {
	case !young(p.why):
		return p.Picture(true)
	case p.Sex == loa.Male:
		return "schoolboy"
	}
	return "schoolgirl"
}

// Added is what State and province add a month.
func (b calcAnswer) Added() int64 { return b.State + b.Local }
