package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"loa"
	"loa/policy"
)

// leafletFigures are the numbers of one leaflet, all from the calculator, with the law they rest on.
type leafletFigures struct {
	Income      int64 // they were worked out for; 0 where the scheme knows none
	Pay, Other  int64 // what the reader pays and what the State, or the employer, adds
	Coins       share
	Women, Men  int64 // pensions a month
	Years       int64 // paid for them
	WomenBP     int64
	MenBP       int64
	SupportYear int64 // how many years the State adds at most
	Months      int64 // the card holds
	BenefitBP   int64 // of a visit the card pays
	Maternity   int64
	Funeral     int64
	Rows        []leafletRow

	Cites       string
	Since       loa.Day
	Until       loa.Day
	Unconfirmed []string // names of rows nobody has confirmed
	Confirm     bool     // a reading of the law is open
}

// leafletRow is one line of the table.
type leafletRow struct {
	Picture string
	Label   string // a key of the catalogues, or an amount where Wage is set
	Wage    int64
	Amount  int64
	Coins   share
	On      bool // the reader's own
}

// share is who pays how much of one contribution: in tenths as coins where that is exact, otherwise as a bar in thousandths.
type share struct {
	Own, State int   // coins
	Bar        int64 // the reader's part in thousandths; 0 when coins show it
	Whole      bool
}

func shareOf(own, full int64) share {
	if full <= 0 {
		return share{}
	}
	if own*10%full == 0 {
		return share{Own: int(own * 10 / full), State: 10 - int(own*10/full), Whole: true}
	}
	return share{Bar: (own*1000 + full/2) / full}
}

// figuring gathers the quotes of one leaflet: the first that cannot be ends it.
type figuring struct {
	law    policy.Parameters
	on     loa.Day
	more   bool
	out    leafletFigures
	quotes []policy.Quote
	err    error
}

func (f *figuring) quote(q policy.Quote, err error) policy.Quote {
	if f.err == nil {
		f.err = err
	}
	if err == nil {
		f.quotes = append(f.quotes, q)
	}
	return q
}

// row is one figure of the law that no quote gives by itself.
func (f *figuring) row(name string) int64 {
	r, ok := f.law.At(name, f.on)
	if !ok {
		if f.err == nil {
			f.err = f.unknown(name)
		}
		return 0
	}
	f.quotes = append(f.quotes, policy.Quote{Day: f.on, Used: []policy.Row{r}, Next: f.law.Next(f.on, name)})
	return r.Value
}

// unknown refuses the day with the days on which the figure is known.
func (f *figuring) unknown(name string) error {
	switch from, to := f.law.Known(name); {
	case from == "":
		return loa.Refuse(loa.Invalid, "on", "policy_unknown", loa.Phrase("policy.param."+name))
	case to == "":
		return loa.Refuse(loa.Invalid, "on", "policy_unknown_before", loa.Phrase("policy.param."+name), f.on, from)
	default:
		return loa.Refuse(loa.Invalid, "on", "policy_unknown_day", loa.Phrase("policy.param."+name), f.on, from, to)
	}
}

// figuresOf works out all numbers of a kind of leaflet for a day; an income of 0 takes the least one.
// more adds what only the folded leaflet has room for.
func figuresOf(law policy.Parameters, kind loa.LeafletKind, income int64, on loa.Day, more bool) (leafletFigures, error) {
	f := &figuring{law: law, on: on, more: more}
	switch kind.Scheme {
	case loa.VoluntarySI:
		f.voluntary(kind.Audience, income)
	case loa.HouseholdHI:
		f.household(kind.Audience)
	case loa.HI:
		f.pupils()
	default:
		f.compulsory(kind.Audience, income)
	}
	if f.err != nil {
		return leafletFigures{}, f.err
	}
	f.gather()
	return f.out, nil
}

var voluntaryRows = []struct {
	audience, picture string
	group             policy.Group
}{{"poor", "poor-house", policy.Poor}, {"near_poor", "near-poor-house", policy.NearPoor}, {"minority", "farmer", policy.EthnicMinority}, {"others", "stall", policy.Other}}

func (f *figuring) voluntary(audience string, income int64) {
	if income == 0 {
		income = f.quote(f.law.Income(f.on, 0)).Get("floor")
		if audience == "traders" {
			income *= 2
		}
	}
	f.out.Income = income
	for _, g := range voluntaryRows {
		q := f.quote(f.law.Contribution(policy.Contribution{Day: f.on, Income: income, Groups: []policy.Group{g.group}, Method: loa.Monthly, Periods: 1, SupportBP: -1}))
		pay, state := q.Get("pay"), q.Get("state_support")
		row := leafletRow{Picture: g.picture, Label: "leaflet.group." + g.audience, Amount: pay, Coins: shareOf(pay, pay+state), On: g.audience == audience || audience == "traders" && g.audience == "others"}
		if row.On {
			f.out.Pay, f.out.Other, f.out.Coins = pay, state, row.Coins
		}
		f.out.Rows = append(f.out.Rows, row)
	}
	f.out.SupportYear = f.row("voluntary_si.support_months") / 12
	f.pensions(income, 0)
	if f.more {
		fixed := f.quote(f.law.Fixed(f.on))
		f.out.Maternity, f.out.Funeral = fixed.Get("maternity"), fixed.Get("funeral")
	}
}

// pensions are those of a woman and a man who paid for just as long as the law asks.
func (f *figuring) pensions(average, compulsory int64) {
	months := f.row("pension.least_months")
	f.out.Years = months / 12
	of := func(sex loa.Sex) (int64, int64) {
		p := policy.Pension{Day: f.on, Sex: sex, Months: months, Average: average}
		if compulsory > 0 {
			p.Compulsory = months
		}
		q := f.quote(f.law.Pension(p))
		return q.Get("monthly"), q.Get("rate_bp")
	}
	f.out.Women, f.out.WomenBP = of(loa.Female)
	f.out.Men, f.out.MenBP = of(loa.Male)
}

// cardMonths is what a card of a year is worked out for.
const cardMonths = 12

func (f *figuring) household(audience string) {
	f.out.Months = cardMonths
	if audience == "others" {
		q := f.quote(f.law.Household(f.on, []int64{cardMonths, cardMonths, cardMonths, cardMonths, cardMonths}))
		tiers, _ := q.Result("tiers")
		for i, amount := range tiers.List {
			row := leafletRow{Picture: []string{"man", "woman", "schoolgirl", "old-man", "people"}[i], Label: fmt.Sprintf("leaflet.member.%d", i+1), Amount: amount, Coins: shareOf(amount, tiers.List[0])}
			row.Coins.State = 0 // nobody adds what the later members need not pay
			f.out.Rows = append(f.out.Rows, row)
		}
		if len(f.out.Rows) > 1 {
			f.out.Pay, f.out.Other = f.out.Rows[0].Amount, f.out.Rows[1].Amount
		}
		f.out.BenefitBP = f.row("hi.benefit.standard")
		return
	}
	for _, g := range []struct {
		audience, picture string
		group             policy.Group
	}{{"poor", "poor-house", policy.Poor}, {"minority", "village", policy.MinorityInDifficultArea}, {"near_poor", "near-poor-house", policy.NearPoor}, {"left_list", "farmer", policy.MinorityLeftList}, {"farmers", "rice", policy.AverageFarmHousehold}} {
		q := f.quote(f.law.Card(f.on, []policy.Group{g.group}, cardMonths))
		row := leafletRow{Picture: g.picture, Label: "leaflet.card." + g.audience, Amount: q.Get("pay"), Coins: shareOf(q.Get("pay"), q.Get("full")), On: g.audience == audience}
		if row.On {
			f.out.Pay, f.out.Other, f.out.Coins = row.Amount, q.Get("state_support"), row.Coins
		}
		f.out.Rows = append(f.out.Rows, row)
	}
	benefit := map[string]string{"near_poor": "hi.benefit.near_poor", "minority": "hi.benefit.minority_in_difficult_area"}[audience]
	if benefit == "" {
		benefit = "hi.benefit.standard"
	}
	f.out.BenefitBP = f.row(benefit)
}

func (f *figuring) pupils() {
	f.out.Months = cardMonths
	for _, months := range []int64{3, 6, cardMonths} {
		q := f.quote(f.law.Pupil(f.on, months, -1))
		pay := q.Get("pay")
		row := leafletRow{Picture: "calendar", Label: fmt.Sprintf("leaflet.months.%d", months), Amount: pay, Coins: shareOf(pay, q.Get("full")), On: months == cardMonths}
		f.out.Pay, f.out.Other, f.out.Coins = pay, q.Get("state_support"), row.Coins
		f.out.Rows = append(f.out.Rows, row)
	}
	f.out.BenefitBP = f.row("hi.benefit.standard")
}

// lowestRegion is the fourth, where the communes of the mountains are.
const lowestRegion = 4

func (f *figuring) compulsory(audience string, income int64) {
	least := func() int64 {
		if audience == "workers" {
			return f.row(fmt.Sprintf("regional_wage.%d", lowestRegion))
		}
		return f.quote(f.law.Fixed(f.on)).Get("reference_level")
	}
	if income == 0 {
		income = least()
	}
	f.out.Income = income
	for i, half := range []int64{2, 3, 4, 6} { // the income itself, then half as much again, twice, three times
		wage := income * half / 2
		row := leafletRow{Picture: "bills", Wage: wage, On: i == 0}
		var own, other int64
		if audience == "workers" {
			q := f.quote(f.law.Worker(f.on, wage, lowestRegion))
			own, other = q.Get("worker"), q.Get("employer")
			row.Coins = share{Bar: (own*1000 + (own+other)/2) / max(1, own+other)}
			row.Amount = own
		} else {
			q := f.quote(f.law.Owner(f.on, wage, 1))
			own, other = q.Get("si"), q.Get("hi")
			row.Amount = q.Get("total")
		}
		if row.On {
			f.out.Pay, f.out.Other, f.out.Coins = own, other, row.Coins
		}
		f.out.Rows = append(f.out.Rows, row)
	}
	f.pensions(income, 1)
	if f.more {
		f.out.Funeral = f.quote(f.law.Fixed(f.on)).Get("funeral")
	}
}

// gather puts together which law all the numbers rest on, how long they hold together and what of it is not confirmed.
func (f *figuring) gather() {
	var cites []string
	for _, q := range f.quotes {
		f.out.Since = max(f.out.Since, q.Since())
		if u := q.Until(); u != "" && (f.out.Until == "" || u < f.out.Until) {
			f.out.Until = u
		}
		for _, c := range q.Cites() {
			if !slices.Contains(cites, c) {
				cites = append(cites, c)
			}
		}
		for _, r := range q.Unconfirmed() {
			if !slices.Contains(f.out.Unconfirmed, r.Name) {
				f.out.Unconfirmed = append(f.out.Unconfirmed, r.Name)
			}
		}
		f.out.Confirm = f.out.Confirm || q.Says("confirm_with_office")
	}
	f.out.Cites = shortCites(cites)
}

// shortLaw leaves out what small print can do without: the number and year tell the text.
var shortLaw = strings.NewReplacer("Nghị định ", "NĐ ", "/NĐ-CP", "", "/QH13", "", "/QH15", "", "/QĐ-TTg", "")

// shortCites gathers the articles behind their law, as small print has room for: "Luật 41/2024/QH15 Điều 31, 36; Nghị định …".
func shortCites(cites []string) string {
	var laws []string
	articles := map[string][]string{}
	for _, c := range cites {
		law, rest, _ := strings.Cut(c, " Điều ")
		if !slices.Contains(laws, law) {
			laws = append(laws, law)
		}
		for _, a := range strings.Split(rest, ", Điều ") {
			a, _, _ = strings.Cut(a, " khoản ")
			if a != "" && !slices.Contains(articles[law], a) {
				articles[law] = append(articles[law], a)
			}
		}
	}
	out := make([]string, len(laws))
	for i, law := range laws {
		out[i] = shortLaw.Replace(law)
		slices.SortFunc(articles[law], func(a, b string) int { return cmp.Or(len(a)-len(b), cmp.Compare(a, b)) }) // as numbers
		if len(articles[law]) > 0 {
			out[i] += " Điều " + strings.Join(articles[law], ", ")
		}
	}
	return strings.Join(out, "; ")
}
