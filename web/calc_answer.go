package web

import (
	"strconv"

	"loa"
	"loa/policy"
)

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
	SupportFor, SupportShort             string // how long the State pays along
	Range                                string // what the low and the high estimate take for granted
	OneOff                               int64
	Once                                 int64  // months that may be paid at once when the age is reached
	TooFew                               string // no pension: the sentence
	why                                  error  // nothing can be paid: there are no amounts, only that sentence and what is open instead
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

// likeView is an amount told in one thing that families buy.
type likeView struct {
	Picture     string
	Fills       []int64 // per cent of each picture drawn
	Thing, Much string
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
		years := WholeFigure(k.lang, most.Value, most.Unit)
		b.SupportFor, b.SupportShort = k.say("calc.support_ends", years, most.Value), k.say("calc.support_short", years)
	}
	b.Likes = likesOf(k.lang, b.Pay, k.basket)
	quotes := []policy.Quote{month}
	if a.Born != "" {
		ask := policy.Outlook{Day: a.Day, Sex: a.Sex, Born: a.Born, Income: income, Groups: groups, LocalBP: -1, Pause: a.Pause, Before: a.Before, BeforeAverage: a.Average, Supported: a.Supported}
		life, field, err := k.further(a, ask)
		switch {
		case field != "":
			b.Wrong, b.WrongText = field, k.sentence(err)
			b.TooFew = k.say("calc.ask."+field) + ": " + b.WrongText
		case err != nil:
			return k.closed(a, income, err), nil
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
		b.Instead, _ = k.instead(a, b.Income)
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
			b.Methods = append(b.Methods, methodRow{label, q.Get("pay"), q.Get("state_support") + q.Get("local_support"), k.saves(a, income, q), q.Says("confirm_with_office")})
		}
	}
}

// saves is how much less somebody pays themselves than by the month over the same months: a part of what the whole contribution is
// cheaper by is the State's.
func (k calcKit) saves(a calcAsked, income int64, q policy.Quote) int64 {
	by, err := k.law.Contribution(policy.Contribution{Day: a.Day, Income: income, Groups: []policy.Group{a.Who}, Method: loa.Monthly, Periods: q.Get("months"), SupportBP: -1, LocalBP: -1, Supported: a.Supported})
	if err != nil {
		return 0
	}
	return by.Get("pay") - q.Get("pay")
}
