package policy

import "loa"

// Retirement is when somebody reaches the age of retirement: age_months, reached_on (the last day of that month) and
// pension_from (Labour Code, Article 169(2); Decree 135/2020, Articles 3 and 4). The first month counts in which the age is at
// least what that calendar year asks for.
func (p Parameters) Retirement(sex loa.Sex, born loa.Month, asOf loa.Day) (Quote, error) {
	w := p.work("retirement", asOf)
	age, reached := w.retirement(sex, born)
	w.giveRetirement(age, reached)
	return w.done()
}

func (w *working) giveRetirement(age Term, reached loa.Month) {
	if w.err != nil {
		return
	}
	w.give("age_months", age)
	w.giveDay("reached_on", reached.Last())
	w.giveDay("pension_from", reached.Add(1).First())
}

// longestLife is an age, in years, that nobody who asks has passed: an earlier birth is a slip of the pen.
const longestLife = 120

// checkBorn refuses a month in which nobody was born who asks on the day.
func (w *working) checkBorn(born loa.Month) {
	switch {
	case w.err != nil:
	case !validMonth(born):
		w.refuse("born", "bad_month")
	case born > w.on.Month() || born < w.on.Month().Add(-12*longestLife):
		w.refuse("born", "policy_born", w.on.Month().Add(-12*longestLife).First(), w.on)
	}
}

// checkSince refuses more months paid than there were from the age at which SI opens until the month upTo, which is left out.
func (w *working) checkSince(field string, months int64, born, upTo loa.Month) {
	if w.err != nil || months == 0 {
		return
	}
	young := w.n("voluntary_si.min_age")
	if w.err != nil {
		return
	}
	first := born.Add(int(young))
	if most := max(0, int64(upTo.Sub(first))); months > most {
		w.refuse(field, "policy_since", most, young/12, first.First(), Law(w.row("voluntary_si.min_age").Cites))
	}
}

// ofAge tells whether somebody has reached the age of retirement on the day: the age that year asks for, and the own. The age asked
// for rises more slowly than people age, so that whoever reached it stays so.
func (w *working) ofAge(sex loa.Sex, born loa.Month) (asked, own Term, reached bool) {
	if sex == loa.Female && born == "1969-05" { // as in retirement
		w.note("born_1969_05")
		if w.n("retirement.female_born_1969_05") != 1 {
			born = born.Add(-1)
		}
	}
	asked = w.of("retirement.age." + string(sex))
	if w.err != nil {
		return
	}
	own = given("age_now", int64(w.on.Month().Sub(born)), Months)
	return asked, own, own.Value.Cmp(asked.Value) >= 0
}

func (w *working) retirement(sex loa.Sex, born loa.Month) (Term, loa.Month) {
	if !knownSex(sex) {
		w.refuse("sex", "not_in_list")
	}
	w.checkBorn(born)
	if w.err != nil {
		return Term{}, ""
	}
	name := "retirement.age." + string(sex)
	cohort := born
	if sex == loa.Female && born == "1969-05" { // two readings of Annex I
		w.note("born_1969_05")
		if w.n("retirement.female_born_1969_05") != 1 {
			cohort = born.Add(-1)
		}
	}
	m, ok := w.scan(name, cohort)
	if !ok || w.err != nil {
		return Term{}, ""
	}
	age := w.ofOn(name, m.First())
	return age, born.Add(int(w.rowOn(name, m.First()).Value))
}

// youngest is an age, in years, that no law of retirement has gone below: the search begins there.
const youngest = 50

// scan finds the first month in which somebody born in cohort is as old as that month's row asks.
func (w *working) scan(name string, cohort loa.Month) (loa.Month, bool) {
	from, _ := w.law.Known(name)
	if from == "" {
		w.refuse("day", "policy_unknown", loa.Phrase("policy.param."+name))
		return "", false
	}
	m := cohort.Add(12 * youngest)
	if first := from.Month(); m < first { // what held before is not known, so neither is whether the age was reached then
		w.refuse("born", "policy_born_before", first.Add(-12*youngest).First())
		return "", false
	}
	rows := w.monthly(name)
	for k := monthNumber(m); k < monthNumber(m)+12*40; k++ {
		r, ok := rowIn(rows, k)
		if !ok {
			w.refuse("born", "policy_unknown_month", loa.Phrase("policy.param."+name), monthOf(k).First())
			return "", false
		}
		if int64(k-monthNumber(cohort)) >= r.value {
			return monthOf(k), true
		}
	}
	w.refuse("born", "bad_month")
	return "", false
}

// span is a row as months count: in force on the first day of the months from..to.
type span struct {
	from, to int
	value    int64
}

// monthly are the approved rows of a name as spans, in their order.
func (w *working) monthly(name string) []span {
	var out []span
	for _, r := range w.law[name] {
		if !r.Approved {
			continue
		}
		s := span{from: monthNumber(r.From), to: 1 << 30, value: r.Value}
		if r.From[8:] != "01" {
			s.from++
		}
		if r.To != "" {
			s.to = monthNumber(r.To)
		}
		out = append(out, s)
	}
	return out
}

func rowIn(rows []span, month int) (span, bool) {
	for i := len(rows) - 1; i >= 0; i-- {
		if rows[i].from <= month && month <= rows[i].to {
			return rows[i], true
		}
	}
	return span{}, false
}

// monthNumber counts a month that is known to be one, without taking it apart as a date: a search looks at dozens.
func monthNumber[T loa.Month | loa.Day](m T) int {
	n := 0
	for _, c := range []byte(m[:4]) {
		n = n*10 + int(c-'0')
	}
	return n*12 + int(m[5]-'0')*10 + int(m[6]-'0') - 1
}

func monthOf(n int) loa.Month { return loa.MakeMonth(n/12, n%12+1) }

// knownSex says whether the law of pensions knows it.
func knownSex(s loa.Sex) bool { return s == loa.Female || s == loa.Male }
