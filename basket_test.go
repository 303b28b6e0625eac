package loa

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// TestCompareAtTheEdges: each line is an amount, a price and what must be said of them.
func TestCompareAtTheEdges(t *testing.T) {
	for _, c := range []struct {
		amount, price int64
		want          string // kind n tenths percent
	}{
		{1, 100000, "tiny 0 0 0"},
		{999, 100000, "tiny 0 0 1"},
		{1000, 100000, "little 0 0 1"},
		{7499, 100000, "little 0 1 7"},
		{7500, 100000, "near_part tenth 0 1 8"},
		{10000, 100000, "part tenth 0 1 10"},
		{22000, 100000, "over_part fifth 0 2 22"},
		{24000, 100000, "near_part quarter 0 2 24"},
		{30000, 100000, "near_part third 0 3 30"},
		{41666, 100000, "over_part third 0 4 42"},
		{41667, 100000, "near_part half 0 4 42"},
		{49999, 100000, "near_part half 0 5 50"},
		{50000, 100000, "part half 0 5 50"},
		{50001, 100000, "over_part half 0 5 50"},
		{58000, 100000, "over_part half 0 6 58"},
		{60000, 100000, "near_part two_thirds 0 6 60"},
		{87499, 100000, "over_part three_quarters 0 9 87"},
		{87501, 100000, "near_one 0 9 88"},
		{99999, 100000, "near_one 0 10 99"},
		{100000, 100000, "exact 1 10 100"},
		{109999, 100000, "over 1 11 110"},
		{110000, 100000, "over 1 11 110"},
		{144999, 100000, "over 1 14 145"},
		{145000, 100000, "about_half_more 1 15 145"},
		{150000, 100000, "and_half 1 15 150"},
		{154999, 100000, "about_half_more 1 15 155"},
		{155000, 100000, "nearly 2 16 155"},
		{460000, 100000, "nearly 5 46 460"},
		{210000, 100000, "over 2 21 210"},
		{190000, 100000, "nearly 2 19 190"},
		{499999, 100000, "nearly 5 50 500"},
		{550000, 100000, "over 5 55 550"},
		{550001, 100000, "nearly 6 55 550"},
		{300000, 20000, "exact 15 150 1500"},
		{310000, 20000, "over 15 155 1550"},
		{310001, 20000, "nearly 16 155 1550"},
		{100, 3, "over 33 333 3333"},
		{1000000000000, 100, "exact 10000000000 100000000000 1000000000000"},
	} {
		got := Compare(c.amount, []PriceItem{{Price: c.price}})
		if len(got) != 1 {
			t.Fatalf("%d of %d: %d comparisons", c.amount, c.price, len(got))
		}
		g := got[0]
		if said := fmt.Sprint(strings.TrimSpace(g.Kind+" "+g.Part), " ", g.N, " ", g.Tenths, " ", g.Percent); said != c.want {
			t.Errorf("%d of %d is %q, want %q", c.amount, c.price, said, c.want)
		}
	}
	for _, c := range [][2]int64{{0, 100}, {-5, 100}, {100, 0}, {100, -1}} {
		if got := Compare(c[0], []PriceItem{{Price: c[1]}}); len(got) != 0 {
			t.Errorf("%v is like %v", c, got)
		}
	}
}

// TestCompareNeverMisleads walks over many amounts: the sentence's number is never further from the truth than its words allow.
func TestCompareNeverMisleads(t *testing.T) {
	known := map[string]bool{}
	for _, k := range Likenesses {
		known[k] = true
	}
	for price := int64(100); price < 2_000_000; price = price*7/3 + 13 {
		for amount := int64(1); amount < 40*price; amount = amount*9/8 + 1 {
			g := Compare(amount, []PriceItem{{Price: price}})[0]
			r := g.N * price
			ok := known[g.Kind]
			switch g.Kind {
			case "over":
				ok = ok && amount > r && amount < r+price
			case "nearly":
				ok = ok && amount < r && amount > r-price
			case "exact":
				ok = ok && amount == r
			case "and_half":
				ok = ok && 2*amount == 2*r+price
			case "part", "near_part", "over_part":
				sixtieths := map[string]int64{"tenth": 6, "fifth": 12, "quarter": 15, "third": 20, "half": 30, "two_thirds": 40, "three_quarters": 45}[g.Part]
				off := 60*amount - sixtieths*price
				ok = ok && slices.Contains(PartsOfOne, g.Part) && amount < price && g.Percent < 100 && max(off, -off)*100 <= 60*price*13 && (off > 0) == (g.Kind == "over_part") && (off == 0) == (g.Kind == "part")
			case "tiny", "little", "near_one":
				ok = ok && amount < price && g.Percent < 100
			}
			if !ok {
				t.Fatalf("%d at %d is told as %+v", amount, price, g)
			}
		}
	}
}

func TestCompareShowsTheEasiestFirst(t *testing.T) {
	got := Compare(300000, []PriceItem{{NameVI: "trâu", Price: 30000000}, {NameVI: "gạo", Price: 600000}, {NameVI: "gà", Price: 200000}, {NameVI: "kẹo", Price: 500}})
	order := ""
	for _, c := range got {
		order += c.Item.NameVI + " "
	}
	if order != "gà gạo trâu kẹo " {
		t.Errorf("told in the order %s", order)
	}
}

func TestBasketOfACommune(t *testing.T) {
	rows := []PriceItem{
		{ID: "1", Area: "office", Key: "ga", Price: 100, From: "2025-01-01"},
		{ID: "2", Area: "office", Key: "ga", Price: 120, From: "2025-06-01"},
		{ID: "3", Area: "office", Key: "gao", Price: 500, From: "2025-01-01"},
		{ID: "4", Area: "a", Key: "ga", Price: 150, From: "2025-03-01"},
		{ID: "5", Area: "a", Key: "ga", Off: true, From: "2025-09-01"},
		{ID: "6", Area: "a", Key: "thuoc la", Price: 20, From: "2025-03-01"},
		{ID: "7", Area: "b", Key: "gao", Price: 900, From: "2025-03-01"},
	}
	office := rows[:3]
	for _, c := range []struct {
		rows    []PriceItem
		commune AreaID
		on      Day
		want    string
	}{
		{office, "office", "2024-12-31", ""},
		{office, "office", "2025-05-31", "ga100 gao500 "},
		{office, "office", "2025-06-01", "ga120 gao500 "},
		{rows[:6], "a", "2025-02-28", "ga100 gao500 "},
		{rows[:6], "a", "2025-03-01", "thuoc la20 ga150 gao500 "},
		{rows[:6], "a", "2025-09-01", "thuoc la20 ga120 gao500 "},
	} {
		said := ""
		for _, p := range BasketOf(c.rows, c.commune, c.on) {
			said += fmt.Sprint(p.Key, p.Price, " ")
		}
		if said != c.want {
			t.Errorf("%s on %s: %q, want %q", c.commune, c.on, said, c.want)
		}
	}
}
