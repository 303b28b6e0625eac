package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/i18n"
	"loa/policy"
	"loa/vn"
)

// calcAsked are the answers to the calculator's three questions, and to those that unfold below.
type calcAsked struct {
	Who         policy.Group
	Put         int64 // đồng a month somebody can put aside; 0: the least
	Sex         loa.Sex
	Born        loa.Month
	Day         loa.Day
	StartAge    int64
	Pause       int64 // months
	Before      int64 // months paid already
	Average     int64 // of them
	Supported   int64 // of them, months with support
	Example     bool  // nobody has answered yet: an example is shown
	Person      loa.PersonID
	Session     loa.SessionID
	PersonName  string
	SessionName string
}

// exampleAge is how old the example is that stands there before anybody has answered.
const exampleAge = 38

// readCalc reads the questions from an address. What cannot be read is told beside its field.
func (s *Server) readCalc(r *http.Request, f *form) calcAsked {
	today := s.today()
	if f.text("to") != "" { // − and +
		r.Form.Set("put", f.text("to"))
	}
	a := calcAsked{Who: policy.Group(f.text("who")), Put: f.number("put"), Sex: loa.Sex(f.text("sex")), Day: f.day("day"), StartAge: f.number("start_age"), Pause: f.number("pause"), Before: f.number("before"),
		Average: f.number("average"), Supported: f.number("supported"), Person: loa.PersonID(f.text("person")), Session: loa.SessionID(f.text("session"))}
	if f.ok() && f.Errors["day"] == "" && a.Day == "" {
		a.Day = today
	}
	if a.Who == "" && a.Sex == "" && f.text("y") == "" {
		a.Example, a.Who, a.Sex, a.Born = true, policy.EthnicMinority, loa.Female, loa.MakeMonth(today.Month().Year()-exampleAge, 3)
		return a
	}
	if a.Who == "" {
		a.Who = policy.Other
	}
	if !slices.Contains(policy.SupportGroups, a.Who) {
		f.bad("who", "error.not_in_list")
	}
	if a.Sex == "" {
		a.Sex = loa.Female
	}
	if a.Sex != loa.Female && a.Sex != loa.Male {
		f.bad("sex", "error.not_in_list")
	}
	year, month := f.number("y"), f.number("m")
	switch {
	case year == 0:
	case year < int64(today.Month().Year())-100 || year > int64(today.Month().Year()):
		f.bad("y", "calc.bad_year", today.Month().Year()-100, today.Month().Year())
	case month < 0 || month > 12:
		f.bad("m", "error.bad_month")
	default:
		a.Born = loa.MakeMonth(int(year), max(1, int(month)))
	}
	return a
}

// values are the questions as an address asks them again.
func (a calcAsked) values() url.Values {
	v := url.Values{"who": {string(a.Who)}, "sex": {string(a.Sex)}}
	set := func(name string, n int64) {
		if n > 0 {
			v.Set(name, strconv.FormatInt(n, 10))
		}
	}
	set("put", a.Put)
	if a.Born != "" {
		set("y", int64(a.Born.Year()))
		set("m", int64(a.Born.Number()))
	}
	set("start_age", a.StartAge)
	set("pause", a.Pause)
	set("before", a.Before)
	set("average", a.Average)
	set("supported", a.Supported)
	for name, text := range map[string]string{"person": string(a.Person), "session": string(a.Session)} {
		if text != "" {
			v.Set(name, text)
		}
	}
	return v
}

// calcPage is the calculator as its template draws it, for officers and for everybody.
type calcPage struct {
	calcAsked
	At      string // the address the form asks
	Voice   string // who speaks: me, chi, anh
	From    string // the link somebody came through
	Whos    []calcChoice
	Months  []option
	Years   []option
	Month   string
	Year    string
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

// calcAnswer is the answer in one screen, and what unfolds below it.
type calcAnswer struct {
	Pay, State, Local, Base, Income, Day int64
	Coins                                []bool // true: paid by the person; empty where ten coins cannot tell it
	Share                                int64  // per cent paid by the person, for the bar that stands instead
	Way                                  string
	From                                 string // month the pension begins
	Monthly                              int64
	RateText                             string
	SI                                   string // the contribution's rate
	SupportFor                           string // how long the State pays along
	Range                                string // what the low and the high estimate take for granted
	OneOff                               int64
	Once                                 int64  // months that may be paid at once when the age is reached
	TooFew                               string // no pension: the sentence
	Wrong, WrongText                     string // the further question that cannot be, and why
	Instead                              []string
	Likes                                []likeView
	Doubts                               []string
	Coming                               []comingView
	Notes                                []string
	Law                                  string
	Since, Until                         loa.Day
	Methods                              []methodRow
	NoAhead                              string // why there are no years ahead
	Ages                                 []ageRow
	Chart                                calcChart
	Return                               string
	Average                              int64 // the income the pension's rate is taken of
	Before                               bool  // months were paid already: what was paid for them is not counted
	Paid, PaidState                      int64
	Works                                []workView
	Speech                               string
}

// comingView is a change to come; a doubtful one is drawn as such.
type comingView struct {
	Text  string
	Doubt bool
}

type likeView struct {
	Picture, Text string
	Fill          int64 // per cent of the picture
}

type methodRow struct {
	Label            string
	Pay, State, Save int64
	Doubt            bool
}

// ageRow is what is received up to an age; an estimate is told in millions, since its đồng mean nothing.
type ageRow struct {
	Age, Low, Even, High        int64
	LowText, EvenText, HighText string
}

// workView is the working of one quote, line by line.
type workView struct {
	Title string
	Lines []workLine
}

type workLine struct{ Name, Formula string }

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

// calc fills the page: the questions with what was answered, then the answer.
func (k calcKit) calc(a calcAsked, f *form, at, voice string) calcPage {
	p := calcPage{calcAsked: a, At: at, Voice: voice, Errors: f.Errors, Future: a.Day > k.today, Open: a.StartAge+a.Pause+a.Before > 0}
	for _, g := range policy.SupportGroups {
		if g != policy.IslandCommune || a.Who == g {
			p.Whos = append(p.Whos, calcChoice{string(g), k.say("calc.who." + string(g)), whoPictures[g], g == a.Who})
		}
	}
	for m := 1; m <= 12; m++ {
		p.Months = append(p.Months, option{strconv.Itoa(m), k.say("calc.month", m)})
	}
	for y := k.today.Month().Year() - 15; y >= k.today.Month().Year()-75; y-- {
		p.Years = append(p.Years, option{strconv.Itoa(y), strconv.Itoa(y)})
	}
	if a.Born != "" {
		if y := a.Born.Year(); y < k.today.Month().Year()-75 || y > k.today.Month().Year()-15 { // somebody of the register
			p.Years = append(p.Years, option{strconv.Itoa(y), strconv.Itoa(y)})
		}
		p.Month, p.Year = strconv.Itoa(a.Born.Number()), strconv.Itoa(a.Born.Year())
	}
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

// answer works everything out for one income.
func (k calcKit) answer(a calcAsked, income int64, voice string) (*calcAnswer, error) {
	groups := []policy.Group{a.Who}
	month, err := k.law.Contribution(policy.Contribution{Day: a.Day, Income: income, Groups: groups, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
	if err != nil {
		return nil, err
	}
	b := &calcAnswer{Pay: month.Get("pay"), State: month.Get("state_support"), Local: month.Get("local_support"), Base: month.Get("base"), Income: income}
	b.Day = (b.Pay + 15) / 30
	b.coins()
	if rate, ok := k.law.At("voluntary_si.rate", a.Day); ok {
		b.SI = WholeFigure(k.lang, rate.Value, rate.Unit)
	}
	if most, ok := k.law.At("voluntary_si.support_months", a.Day); ok {
		b.SupportFor = k.say("calc.support_ends", WholeFigure(k.lang, most.Value, most.Unit), most.Value)
	}
	for _, c := range loa.Compare(b.Pay, k.basket) {
		if len(b.Likes) < 3 {
			b.Likes = append(b.Likes, likeView{c.Item.Picture, comparison(k.lang, c), min(100, c.Percent)})
		}
	}
	quotes := []policy.Quote{month}
	if a.Born != "" {
		ask := policy.Outlook{Day: a.Day, Sex: a.Sex, Born: a.Born, Income: income, Groups: groups, LocalBP: -1, Pause: a.Pause, Before: a.Before, BeforeAverage: a.Average, Supported: a.Supported}
		life, field, err := k.further(a, ask)
		switch {
		case field != "":
			b.Wrong, b.WrongText = field, k.sentence(err)
			b.TooFew = k.say("calc.ask."+field) + ": " + b.WrongText
		case err != nil:
			b.TooFew = k.sentence(err)
			b.Instead = k.instead(a, income)
		default:
			quotes = append(quotes, life)
			k.life(b, a, life, voice)
		}
	}
	k.methods(b, a, income, &quotes)
	k.explain(b, a, quotes)
	b.Speech = k.speech(a, b)
	return b, nil
}

// coins tells the monthly contribution as ten coins where the State's part is a whole number of tenths.
func (b *calcAnswer) coins() {
	if b.Base == 0 {
		return
	}
	b.Share = (200*b.Pay + b.Base) / (2 * b.Base)
	if 10*b.Pay%b.Base == 0 {
		for i := range int64(10) {
			b.Coins = append(b.Coins, i < 10*b.Pay/b.Base)
		}
	}
}

// life fills in what comes of it in old age.
func (k calcKit) life(b *calcAnswer, a calcAsked, q policy.Quote, voice string) {
	yes, _ := q.Result("entitled")
	from, _ := q.Result("pension_from")
	age := k.ageWords(q)
	b.Paid, b.PaidState = q.Get("paid"), q.Get("paid_state")
	months := WholeFigure(k.lang, q.Get("months"), policy.Months)
	b.Way = k.say("calc.way", months, age)
	if !*yes.Yes {
		b.TooFew = k.say("calc.too_few", months, WholeFigure(k.lang, q.Get("months_short"), policy.Months))
		b.Instead = k.instead(a, b.Income)
		return
	}
	if q.Says("missing_at_once") {
		b.Once = q.Get("months_short")
		b.Way = k.say("calc.way_once", WholeFigure(k.lang, q.Get("months")-b.Once, policy.Months), age, b.Once)
	}
	b.From = strconv.Itoa(from.Day.Month().Number()) + "/" + strconv.Itoa(from.Day.Month().Year())
	b.Monthly, b.OneOff = q.Get("monthly"), q.Get("one_off")
	b.RateText = policy.Figure(q.Get("rate_bp"), policy.BasisPoint, k.lang)
	b.Return, b.Before, b.Average = WholeFigure(k.lang, q.Get("returned_after"), policy.Months), a.Before > 0, b.Income
	for _, step := range q.Steps {
		if step.Name == "average" {
			b.Average = step.Value.Round()
		}
	}
	ages, _ := q.Result("ages")
	low, _ := q.Result("received_low")
	even, _ := q.Result("received")
	high, _ := q.Result("received_high")
	for i, age := range ages.List {
		b.Ages = append(b.Ages, ageRow{age, low.List[i], even.List[i], high.List[i], k.million(low.List[i]), k.million(even.List[i]), k.million(high.List[i])})
	}
	below, _ := k.law.At("outlook.below_prices", a.Day)
	above, _ := k.law.At("outlook.above_prices", a.Day)
	b.Range = k.say("calc.ages_note", WholeFigure(k.lang, below.Value, below.Unit), WholeFigure(k.lang, above.Value, above.Unit))
	start := from.Day.Month().Sub(a.Born)
	b.Chart = k.chart(b, int64(k.today.Month().Sub(a.Born)), int64(start))
}

// ageWords is the retirement age in words.
func (k calcKit) ageWords(q policy.Quote) string {
	n := q.Get("age_months")
	if n%12 == 0 {
		return k.say("calc.age_years", n/12)
	}
	return k.say("calc.age_months", n/12, n%12)
}

// instead is what is left to somebody who cannot reach a pension.
func (k calcKit) instead(a calcAsked, income int64) []string {
	var out []string
	average := a.Average
	if average == 0 {
		average = income
	}
	if text := k.missingAtOnce(a, income, average); text != "" {
		out = append(out, text)
	}
	if q, err := k.law.Allowance(policy.Allowance{Day: a.Day, Months: a.Before, Average: average}); err == nil {
		out = append(out, k.say("calc.instead.allowance", policy.Figure(q.Get("lasts"), policy.Hundredths, k.lang), k.money(q.Get("monthly"))))
	}
	groups := []policy.Group{a.Who}
	if q, err := k.law.SocialPension(policy.SocialPensionAsked{Day: a.Day, Born: a.Born, Groups: groups}); err == nil {
		from, _ := q.Result("from")
		out = append(out, k.say("calc.instead.social", k.money(q.Get("amount")), from.Day))
	}
	return append(out, k.say("calc.instead.ask"))
}

// missingAtOnce is what the few months missing at the age cost at once, and the pension they bring; empty where too many are missing.
func (k calcKit) missingAtOnce(a calcAsked, income, average int64) string {
	least, ok := k.law.At("pension.least_months", a.Day)
	missing := least.Value - a.Before
	if !ok || a.Before == 0 || missing <= 0 {
		return ""
	}
	pay, err := k.law.Contribution(policy.Contribution{Day: a.Day, Income: income, Groups: []policy.Group{a.Who}, Method: loa.Missing, Periods: missing, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
	if err != nil {
		return ""
	}
	pension, err := k.law.Pension(policy.Pension{Day: a.Day, Sex: a.Sex, Months: least.Value, Average: (average*a.Before + income*missing) / least.Value})
	if err != nil {
		return ""
	}
	return k.say("calc.instead.missing", missing, k.money(pay.Get("pay")), k.money(pension.Get("monthly")))
}

// methods compares the ways of paying.
func (k calcKit) methods(b *calcAnswer, a calcAsked, income int64, quotes *[]policy.Quote) {
	for _, m := range []loa.Method{loa.Monthly, loa.Quarterly, loa.HalfYear, loa.Yearly, loa.YearsAhead} {
		periods := []int64{1}
		if m == loa.YearsAhead {
			periods = nil
			least, ok := k.law.At("voluntary_si.years_ahead_least", a.Day)
			most, ok2 := k.law.At("voluntary_si.years_ahead_most", a.Day)
			for n := least.Value; ok && ok2 && n <= most.Value; n++ {
				periods = append(periods, n)
			}
		}
		for _, n := range periods {
			q, err := k.law.Contribution(policy.Contribution{Day: a.Day, Income: income, Groups: []policy.Group{a.Who}, Method: m, Periods: n, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
			if err != nil {
				b.NoAhead = k.sentence(err)
				return
			}
			label := k.say("method." + string(m))
			if m == loa.YearsAhead {
				label = k.say("calc.years_ahead", n)
				if n == periods[len(periods)-1] {
					*quotes = append(*quotes, q)
				}
			}
			b.Methods = append(b.Methods, methodRow{label, q.Get("pay"), q.Get("state_support") + q.Get("local_support"), b.Base*q.Get("months") - q.Get("base"), q.Says("confirm_with_office")})
		}
	}
}

// explain gathers the law, what is not sure, what changes next, and the working.
func (k calcKit) explain(b *calcAnswer, a calcAsked, quotes []policy.Quote) {
	var laws []string
	seen := map[string]bool{}
	once := func(list *[]string, text string) {
		if !seen[text] {
			seen[text] = true
			*list = append(*list, text)
		}
	}
	for i, q := range quotes {
		w := workView{Title: k.say("calc.work." + q.Kind)}
		if q.Kind == "contribution" && i > 0 {
			w.Title = k.say("calc.work.ahead", q.Get("months")/12)
		}
		w.Lines = k.lines(q)
		b.Works = append(b.Works, w)
		if q.Kind == "contribution" && i > 0 {
			continue // its doubts stand beside its line of the table
		}
		for _, r := range q.Used {
			if !strings.HasPrefix(r.Name, "outlook.") { // assumptions of the range are no law
				once(&laws, r.Cites)
			}
		}
		for _, r := range q.Unconfirmed() {
			if strings.HasPrefix(r.Name, "outlook.") {
				continue // assumptions of the range, told beside it
			}
			once(&b.Doubts, k.say("policy.not_confirmed", loa.Phrase("policy.param."+r.Name), r.From))
		}
		for _, n := range q.Notes {
			if n.Code == "range_not_promise" {
				continue // the answer says so itself
			}
			once(&b.Notes, k.say("policy.note."+n.Code, n.Args...))
		}
	}
	b.Law = policy.Law(policy.Gather(laws)).In(k.lang)
	b.Since, b.Until = quotes[0].Since(), quotes[0].Until()
	b.Coming = k.coming(a, quotes[0], b)
}

// lines are the steps of a quote in words and figures.
func (k calcKit) lines(q policy.Quote) []workLine {
	var out []workLine
	for _, s := range q.Steps {
		out = append(out, workLine{k.say("policy.term." + s.Name), policy.Write(s, k.lang, func(v policy.Number, u policy.Unit) string { return Figure(k.lang, v, u) })})
	}
	return out
}

// coming says what the next change of the law would make of the least contribution: approved or not, with its day.
func (k calcKit) coming(a calcAsked, q policy.Quote, b *calcAnswer) []comingView {
	var out []comingView
	for _, r := range q.Next {
		if r.Name != "poverty_line.rural" || len(out) > 1 {
			continue
		}
		law := k.law
		if !r.Approved {
			law = law.Supposing(r)
		}
		income := max(b.Income, r.Value)
		next, err := law.Contribution(policy.Contribution{Day: r.From, Income: income, Groups: []policy.Group{a.Who}, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
		if err != nil {
			continue
		}
		key, doubt := "calc.coming", !r.Approved || !r.Confirmed
		if doubt {
			key = "calc.coming_maybe"
		}
		out = append(out, comingView{k.say(key, r.From, k.money(r.Value), k.money(next.Get("pay")), policy.Law(r.Cites)), doubt})
	}
	return out
}

// speech is the answer as it is read aloud, in Vietnamese: that is the voice of the devices here.
func (k calcKit) speech(a calcAsked, b *calcAnswer) string {
	say := func(key string, args ...any) string { return i18n.Text("vi", key, args...) }
	dong := func(n int64) string { return vn.Number(n) + " đồng" }
	out := say("calc.speech.pay", dong(b.Pay), dong(b.State+b.Local))
	switch {
	case b.TooFew != "":
		out += " " + say("calc.speech.short")
	case b.Monthly > 0:
		month, year, _ := strings.Cut(b.From, "/")
		out += " " + say("calc.speech.pension", month, year, dong(b.Monthly))
	}
	if b.Day > 0 {
		out += " " + say("calc.speech.day", dong(b.Day))
	}
	return out + " " + say("calc.speech.end")
}

// noAnswer says why there is nothing to print or save: the law's own refusal, or that the questions want mending.
func noAnswer(why error) error {
	if why != nil {
		return why
	}
	return loa.Refuse(loa.Invalid, "", "calc_no_answer")
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

// Added is what State and province add a month.
func (b calcAnswer) Added() int64 { return b.State + b.Local }
