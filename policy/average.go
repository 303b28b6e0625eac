package policy

import (
	"slices"
	"strconv"
	"strings"

	"loa"
)

// Paid is a run of months with one income, as the SI book lists it.
type Paid struct {
	From, To loa.Month
	Income   int64 // đồng a month
	Missing  bool  // paid later in one go for a missing period: its coefficient is 1
}

// Average is what is asked about the average of all incomes, adjusted for prices (Law 41/2024, Article 104; Decree 159/2025,
// Articles 10 and 11).
type Average struct {
	Settled           int // the year in which the pension or lump sum is settled: its table holds
	History           []Paid
	CompulsoryAverage int64 // of somebody who also paid compulsory SI: its average, already adjusted
	CompulsoryMonths  int64
}

// Average is the average income: average, total, months.
func (p Parameters) Average(c Average) (Quote, error) {
	if c.Settled < 2008 || c.Settled > 2100 {
		return Quote{}, loa.Refuse(loa.Invalid, "settled", "policy_settled")
	}
	w := p.work("average", loa.MakeDay(c.Settled, 1, 1))
	if err := checkHistory(c.History, c.Settled); err != nil {
		return Quote{}, err
	}
	switch {
	case c.CompulsoryMonths < 0 || c.CompulsoryMonths > 840:
		w.refuse("compulsory_months", "policy_months", 0, 840)
	case c.CompulsoryAverage < 0 || c.CompulsoryAverage > 1e10:
		w.refuse("compulsory_average", "policy_amount", loa.Money(0), loa.Money(1e10))
	case (c.CompulsoryMonths == 0) != (c.CompulsoryAverage == 0):
		w.refuse("compulsory_months", "policy_compulsory")
	}
	if len(c.History) == 0 && c.CompulsoryMonths == 0 {
		w.refuse("history", "policy_history_empty")
	}
	least := w.of("price.least")
	var parts []Term
	var months int64
	for _, h := range c.History {
		for from := h.From; from <= h.To && w.err == nil; {
			to := min(h.To, loa.MakeMonth(from.Year(), 12))
			n := int64(to.Sub(from)) + 1
			coefficient := w.coefficient(from.Year(), h.Missing)
			if w.err == nil && coefficient.Value.Cmp(least.Value) < 0 {
				coefficient = w.step("coefficient", Hundredths, Greater, coefficient, least)
			}
			parts = append(parts, w.step("paid_part", Dong, Product, given("income", h.Income, Dong), given("months", n, Months), coefficient))
			months += n
			from = to.Add(1)
		}
	}
	if c.CompulsoryMonths > 0 {
		parts = append(parts, w.step("compulsory_part", Dong, Product, given("compulsory_average", c.CompulsoryAverage, Dong), given("compulsory_months", c.CompulsoryMonths, Months)))
		months += c.CompulsoryMonths
	}
	if w.err != nil {
		return w.done()
	}
	total := w.step("total", Dong, Sum, parts...)
	average := w.rounded("average", Dong, w.step("average_exact", Dong, Ratio, total, given("months_all", months, Months)))
	w.give("average", average)
	w.give("total", w.wholeOf(total))
	w.give("months", given("months", months, Months))
	return w.done()
}

// wholeOf rounds a term in a step of its own when it has a fraction.
func (w *working) wholeOf(t Term) Term {
	if w.err != nil || t.Value.IsInt() {
		return t
	}
	return w.rounded(t.Name+"_whole", t.Unit, t)
}

// coefficient is how much prices have risen since a year, by the table of the year of the quote.
func (w *working) coefficient(year int, missing bool) Term {
	switch {
	case missing:
		return w.of("price.missing_period")
	case year < 1995:
		return w.of("price.paid_before_1995")
	}
	return w.of("price.paid_" + strconv.Itoa(year))
}

func checkHistory(history []Paid, settled int) error {
	sorted := slices.Clone(history)
	slices.SortFunc(sorted, func(a, b Paid) int { return strings.Compare(string(a.From), string(b.From)) })
	for i, h := range sorted {
		switch {
		case !validMonth(h.From) || !validMonth(h.To):
			return loa.Refuse(loa.Invalid, "history", "bad_month")
		case h.To < h.From:
			return loa.Refuse(loa.Invalid, "history", "policy_history_backwards", string(h.From), string(h.To))
		case i > 0 && h.From <= sorted[i-1].To:
			return loa.Refuse(loa.Invalid, "history", "policy_history_overlap", string(h.From))
		case h.To.Year() > settled:
			return loa.Refuse(loa.Invalid, "history", "policy_history_after", string(h.To), settled)
		case h.From.Year() < 1960 || h.Income < 1 || h.Income > 1e10:
			return loa.Refuse(loa.Invalid, "history", "policy_history_income", string(h.From))
		}
	}
	return nil
}

func validMonth(m loa.Month) bool { _, err := loa.ParseMonth(string(m)); return err == nil }
