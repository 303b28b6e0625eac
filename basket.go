package loa

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"loa/vn"
)

// PriceItem is what one thing a family buys costs in a commune since a day, with where the price is from. Rows are only added:
// a new price is a new row, and a row that is off takes the thing out of the basket.
type PriceItem struct {
	ID         string
	Office     OfficeID
	Area       AreaID // a commune, or the office's own node for every commune without a price of its own
	Key        string // the folded Vietnamese name: one thing in every commune
	NameVI     string // "thuốc lá"
	UnitVI     string // "gói"
	OneEN      string // "packet of cigarettes"; empty when nobody wrote it
	ManyEN     string // "packets of cigarettes"
	Price      int64  // whole đồng
	Picture    string // of the pictures of leaflets; may be empty
	From       Day
	Source     string
	Off        bool
	Synthetic  bool // made by the demo
	RecordedAt time.Time
	RecordedBy OfficerID
}

// PriceKey is the key of a thing by its Vietnamese name.
func PriceKey(name string) string { return vn.Fold(name) }

// Check refuses a price nobody could trace, or of nothing.
func (p PriceItem) Check(today Day) error {
	switch {
	case PriceKey(p.NameVI) == "":
		return Refuse(Invalid, "name_vi", "required")
	case len([]rune(p.NameVI)) > 40 || len([]rune(p.UnitVI)) > 20:
		return Refuse(Invalid, "name_vi", "too_long", 40)
	case strings.TrimSpace(p.UnitVI) == "":
		return Refuse(Invalid, "unit_vi", "required")
	case len([]rune(p.OneEN)) > 60 || len([]rune(p.ManyEN)) > 60:
		return Refuse(Invalid, "one_en", "too_long", 60)
	case !p.Off && (p.Price < 100 || p.Price > 1000000000):
		return Refuse(Invalid, "price", "price_range")
	case !p.From.Valid():
		return Refuse(Invalid, "from", "bad_day")
	case p.From > today:
		return Refuse(Invalid, "from", "future_day")
	case vn.Fold(p.Source) == "":
		return Refuse(Invalid, "source", "required")
	case len([]rune(p.Source)) > 120:
		return Refuse(Invalid, "source", "too_long", 120)
	case len(p.Picture) > 40:
		return Refuse(Invalid, "picture", "too_long", 40)
	}
	return nil
}

// BasketOf is the basket of a commune on a day, made of all rows of the commune and of the office: the newest row of the commune
// holds for each thing, else the newest of the office.
func BasketOf(rows []PriceItem, commune AreaID, on Day) []PriceItem {
	best := map[string]PriceItem{}
	newer := func(a, b PriceItem) bool {
		if c := cmp.Compare(a.From, b.From); c != 0 {
			return c > 0
		}
		if c := a.RecordedAt.Compare(b.RecordedAt); c != 0 {
			return c > 0
		}
		return a.ID > b.ID
	}
	for _, own := range []bool{false, true} {
		part := map[string]PriceItem{}
		for _, r := range rows {
			if (r.Area == commune) != own || r.From > on {
				continue
			}
			if old, ok := part[r.Key]; !ok || newer(r, old) {
				part[r.Key] = r
			}
		}
		for key, r := range part {
			if !r.Off {
				best[key] = r // what a commune took out of its own basket costs what it costs in the office
			}
		}
	}
	out := make([]PriceItem, 0, len(best))
	for _, r := range best {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b PriceItem) int { return cmp.Or(cmp.Compare(a.Price, b.Price), cmp.Compare(a.Key, b.Key)) })
	return out
}

// Comparison is an amount of money told in one thing a family buys. Percent and Tenths are rounded half up from the exact ratio.
type Comparison struct {
	Item    PriceItem
	Kind    string // one of Likenesses: which sentence tells it
	Part    string // one of PartsOfOne, where the sentence names one
	Whole   int64  // how many whole ones the amount buys
	N       int64  // the number the sentence says
	Tenths  int64  // the amount in tenths of one
	Percent int64  // the amount in hundredths of one
}

// Likenesses are the sentences that tell an amount: less than one thing, one and a part, or many.
var Likenesses = []string{"tiny", "little", "part", "near_part", "over_part", "near_one", "exact", "over", "and_half", "about_half_more", "nearly"}

// PartsOfOne are the parts of one thing that a sentence may name.
var PartsOfOne = []string{"tenth", "fifth", "quarter", "third", "half", "two_thirds", "three_quarters"}

// Compare tells an amount in every thing of a basket, those that are easiest to picture first. An amount or a price that is not
// above zero is like nothing.
func Compare(amount int64, items []PriceItem) []Comparison {
	var out []Comparison
	for _, it := range items {
		if amount <= 0 || it.Price <= 0 || amount > 1e15 {
			continue
		}
		out = append(out, compareOne(amount, it))
	}
	ease := func(c Comparison) int {
		switch {
		case c.Tenths >= 10 && c.Whole <= 30:
			return 0
		case c.Percent >= 10 && c.Whole <= 100:
			return 1
		}
		return 2
	}
	slices.SortStableFunc(out, func(a, b Comparison) int { return ease(a) - ease(b) })
	return out
}

// partsOfOne are the parts that people say, in sixtieths of one thing.
var partsOfOne = []struct {
	name      string
	sixtieths int64
}{{"tenth", 6}, {"fifth", 12}, {"quarter", 15}, {"third", 20}, {"half", 30}, {"two_thirds", 40}, {"three_quarters", 45}, {"one", 60}}

func compareOne(amount int64, it PriceItem) Comparison {
	whole, rest := amount/it.Price, amount%it.Price
	c := Comparison{Item: it, Whole: whole, N: whole, Tenths: 10*whole + (20*rest+it.Price)/(2*it.Price), Percent: 100*whole + (200*rest+it.Price)/(2*it.Price)}
	atLeast := func(thousandth int64) bool { return 1000*rest >= thousandth*it.Price } // of the part beyond the whole ones, exactly
	switch {
	case whole == 0:
		c.Percent = min(c.Percent, 99) // less than one is never told as all of it
		c.part(rest)
	case rest == 0:
		c.Kind = "exact"
	case whole < 5 && 2*rest == it.Price:
		c.Kind = "and_half"
	case whole < 5 && atLeast(450) && !atLeast(550):
		c.Kind = "about_half_more"
	case 2*rest <= it.Price:
		c.Kind = "over"
	default:
		c.Kind, c.N = "nearly", whole+1
	}
	return c
}

// part tells what is less than one thing by the nearest part that people say.
func (c *Comparison) part(amount int64) {
	price := c.Item.Price
	switch {
	case 100*amount < price:
		c.Kind = "tiny"
		return
	case 1000*amount < 75*price:
		c.Kind = "little"
		return
	}
	off := func(sixtieths int64) int64 { return max(60*amount-sixtieths*price, sixtieths*price-60*amount) }
	best := partsOfOne[0]
	for _, p := range partsOfOne[1:] {
		if off(p.sixtieths) < off(best.sixtieths) {
			best = p
		}
	}
	c.Part = best.name
	switch {
	case best.name == "one":
		c.Kind, c.Part = "near_one", ""
	case 60*amount == best.sixtieths*price:
		c.Kind = "part"
	case 60*amount < best.sixtieths*price:
		c.Kind = "near_part"
	default:
		c.Kind = "over_part"
	}
}
