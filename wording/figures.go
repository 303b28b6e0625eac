package wording

import (
	"strconv"
	"strings"
	"sync"

	"loa"
	"loa/policy"
	"loa/vn"
)

// Who is all that a figure depends on: a million people are a few dozen of them.
type Who struct {
	Group policy.Group // by which the State adds to voluntary SI; empty: other
	Sex   loa.Sex      // for a pension; empty: the lower of both is told
}

// WhoOf is what the register knows of somebody's group on a day.
func WhoOf(p loa.Person, on loa.Day) Who {
	return Who{GroupOf(p.PovertyOn(on), p.Ethnic), p.Sex}
}

// GroupOf is the group by which the State adds to voluntary SI, by the poverty status that holds on the day and the ethnic group.
func GroupOf(poverty, ethnic string) policy.Group {
	switch {
	case poverty == "poor":
		return policy.Poor
	case poverty == "near_poor":
		return policy.NearPoor
	case ethnic != "" && ethnic != "kinh" && ethnic != "other":
		return policy.EthnicMinority
	}
	return policy.Other
}

// ForScript is whose figures a script tells: those of the group it names, whoever reads it; otherwise the reader's own.
func ForScript(s loa.Script, reader Who) Who {
	if s.Group != "" {
		reader.Group = policy.Group(s.Group)
	}
	return reader
}

// Figure is one number of the law as it is told to somebody on a day, with the law beside it.
type Figure struct {
	Place string // the placeholder it fills
	N     int64
	Unit  policy.Unit
	Quote policy.Quote // its working; of a figure that is not known, as far as it went
	Err   error        // why the law of the day does not give it
	forms [formCount]string
}

// Known are all figures for one group on one day.
type Known struct {
	Day  loa.Day
	Who  Who
	list []Figure
	at   map[string]int
}

// FigurePlaces are the placeholders the calculator fills, in the order they are offered.
var FigurePlaces = []string{"muc_dong", "nha_nuoc_ho_tro", "ty_le_ho_tro", "muc_dong_quy", "muc_dong_nam", "thu_nhap_thap_nhat", "luong_huu", "bhyt_nguoi_1", "bhyt_nguoi_2", "bhyt_nguoi_3", "bhyt_nguoi_4", "bhyt_nguoi_5", "luong_co_so"}

// IsFigure says whether a placeholder is filled by the calculator.
func IsFigure(place string) bool { return loa.OneOf(place, FigurePlaces) }

// cardMonths is what a card of a household is told for.
const cardMonths = 12

// reckoning asks the calculator each question once.
type reckoning struct {
	law   policy.Parameters
	on    loa.Day
	who   Who
	floor int64
	err   error // the least income is not known, and nothing that rests on it
	least policy.Quote
}

// Figures works out all figures for a group on a day. Those the law does not give say why, and refuse the texts that use them.
func Figures(law policy.Parameters, on loa.Day, who Who) *Known {
	if who.Group == "" {
		who.Group = policy.Other
	}
	r := &reckoning{law: law, on: on, who: who}
	r.least, r.err = law.Income(on, 0)
	r.floor = r.least.Get("floor")
	f := &Known{Day: on, Who: who, at: map[string]int{}}
	add := func(place string, unit policy.Unit, n int64, q policy.Quote, err error) {
		x := Figure{Place: place, N: n, Unit: unit, Quote: q, Err: err}
		if err == nil {
			for form := range x.forms {
				x.forms[form] = written(n, unit, form)
			}
		}
		f.at[place] = len(f.list)
		f.list = append(f.list, x)
	}
	month, err := r.paying(loa.Monthly)
	add("muc_dong", policy.Dong, month.Get("pay"), month, err)
	add("nha_nuoc_ho_tro", policy.Dong, month.Get("state_support")+month.Get("local_support"), month, err)
	share, err := r.row("voluntary_si.support." + string(who.Group))
	add("ty_le_ho_tro", policy.BasisPoint, share.Get("value"), share, err)
	quarter, err := r.paying(loa.Quarterly)
	add("muc_dong_quy", policy.Dong, quarter.Get("pay"), quarter, err)
	year, err := r.paying(loa.Yearly)
	add("muc_dong_nam", policy.Dong, year.Get("pay"), year, err)
	add("thu_nhap_thap_nhat", policy.Dong, r.floor, r.least, r.err)
	pension, err := r.pension()
	add("luong_huu", policy.Dong, pension.Get("monthly"), pension, err)
	home, err := law.Household(on, []int64{cardMonths, cardMonths, cardMonths, cardMonths, cardMonths})
	tiers, _ := home.Result("tiers")
	for i := range 5 {
		n := int64(0)
		if err == nil {
			n = tiers.List[i]
		}
		add("bhyt_nguoi_"+strconv.Itoa(i+1), policy.Dong, n, home, err)
	}
	salary, err := r.row("base_salary")
	add("luong_co_so", policy.Dong, salary.Get("value"), salary, err)
	return f
}

// paying is one payment on the least income, with all that State and province add.
func (r *reckoning) paying(m loa.Method) (policy.Quote, error) {
	if r.err != nil {
		return r.least, r.err
	}
	return r.law.Contribution(policy.Contribution{Day: r.on, Income: r.floor, Groups: []policy.Group{r.who.Group}, Method: m, Periods: 1, LocalBP: -1, SupportBP: -1})
}

// row is a figure of the law that no quote gives by itself.
func (r *reckoning) row(name string) (policy.Quote, error) {
	row, ok := r.law.At(name, r.on)
	if !ok {
		return policy.Quote{Day: r.on}, loa.Refuse(loa.Invalid, "day", "policy_unknown", loa.Phrase("policy.param."+name))
	}
	return policy.Quote{Day: r.on, Used: []policy.Row{row}, Next: r.law.Next(r.on, name), Results: []policy.Result{{Name: "value", Unit: row.Unit, N: row.Value}}}, nil
}

// pension is what somebody draws who paid on the least income for just as long as the law asks; the lower one where the sex is not known.
func (r *reckoning) pension() (policy.Quote, error) {
	least, err := r.row("pension.least_months")
	if err != nil || r.err != nil {
		return least, firstOf(r.err, err)
	}
	of := func(sex loa.Sex) (policy.Quote, error) {
		return r.law.Pension(policy.Pension{Day: r.on, Sex: sex, Months: least.Get("value"), Average: r.floor})
	}
	if r.who.Sex != "" {
		return of(r.who.Sex)
	}
	women, err := of(loa.Female)
	men, err2 := of(loa.Male)
	if women.Get("monthly") < men.Get("monthly") {
		return women, firstOf(err, err2)
	}
	return men, firstOf(err, err2)
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// Get is the figure of a placeholder.
func (f *Known) Get(place string) (Figure, bool) {
	i, ok := f.at[place]
	if !ok {
		return Figure{}, false
	}
	return f.list[i], true
}

// Cites is the law the named figures rest on, in one line.
func (f *Known) Cites(places []string) policy.Law {
	var cites []string
	for _, p := range places {
		if x, ok := f.Get(p); ok {
			cites = append(cites, x.Quote.Cites()...)
		}
	}
	return policy.Law(policy.Gather(cites))
}

// Until is the last day on which all the named figures are what they are now; empty: no end is known.
func (f *Known) Until(places []string) loa.Day {
	var until loa.Day
	for _, p := range places {
		if x, ok := f.Get(p); ok && x.Err == nil {
			if u := x.Quote.Until(); u != "" && (until == "" || u < until) {
				until = u
			}
		}
	}
	return until
}

// Written is a figure as a text in a language tells it.
func (x Figure) Written(lang, kind string) string { return x.forms[formOf(lang, kind)] }

// The ways an amount is written.
const (
	formText = iota
	formSMS
	formEnglish
	formEnglishSMS
	formCount
)

func formOf(lang, kind string) int {
	form := formText
	if lang == "english" {
		form = formEnglish
	}
	if kind == "sms" {
		form++
	}
	return form
}

func written(n int64, unit policy.Unit, form int) string {
	lang := "vi"
	if form >= formEnglish {
		lang = "en"
	}
	if unit == policy.BasisPoint {
		s := policy.Figure(n, unit, lang)
		if form == formSMS || form == formEnglishSMS {
			return vn.Unaccent(s)
		}
		return strings.ReplaceAll(s, " ", "\u00a0") // the sign stays with its number
	}
	switch form {
	case formSMS:
		return vn.Number(n) + "d"
	case formEnglishSMS:
		return "VND" + vn.NumberIn("en", n)
	}
	return vn.NumberIn(lang, n) + " đồng"
}

// Book keeps the figures of one law on one day, each group worked out once. It is for many at once.
type Book struct {
	Law  policy.Parameters
	Day  loa.Day
	mu   sync.RWMutex
	page map[Who]*Known
}

// NewBook opens a book for a law and a day.
func NewBook(law policy.Parameters, on loa.Day) *Book {
	return &Book{Law: law, Day: on, page: map[Who]*Known{}}
}

// For are the figures for a group, worked out when first asked for.
func (b *Book) For(who Who) *Known {
	b.mu.RLock()
	f := b.page[who]
	b.mu.RUnlock()
	if f != nil {
		return f
	}
	f = Figures(b.Law, b.Day, who)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.page[who] = f
	return f
}
