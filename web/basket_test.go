package web

import (
	"testing"

	"loa"
)

// TestComparisonsInBothLanguages reads the sentences as a farmer hears them.
func TestComparisonsInBothLanguages(t *testing.T) {
	hen := loa.PriceItem{NameVI: "gà", UnitVI: "con", OneEN: "chicken", ManyEN: "chickens", Price: 200000}
	smoke := loa.PriceItem{NameVI: "thuốc lá", UnitVI: "gói", OneEN: "packet of cigarettes", ManyEN: "packets of cigarettes", Price: 20000}
	rice := loa.PriceItem{NameVI: "gạo", UnitVI: "bao", OneEN: "sack of rice", ManyEN: "sacks of rice", Price: 500000}
	bare := loa.PriceItem{NameVI: "gà", UnitVI: "con", Price: 200000}
	for _, c := range []struct {
		amount int64
		item   loa.PriceItem
		vi, en string
	}{
		{300000, smoke, "15 gói thuốc lá", "15 packets of cigarettes"},
		{305000, smoke, "hơn 15 gói thuốc lá", "more than 15 packets of cigarettes"},
		{318000, smoke, "gần 16 gói thuốc lá", "nearly 16 packets of cigarettes"},
		{200000, hen, "1 con gà", "1 chicken"},
		{203000, hen, "hơn 1 con gà", "more than 1 chicken"},
		{300000, hen, "1 con gà rưỡi", "1 and a half chickens"},
		{295000, hen, "khoảng 1 con gà rưỡi", "about 1 and a half chickens"},
		{260000, hen, "hơn 1 con gà", "more than 1 chicken"},
		{290000, rice, "hơn nửa bao gạo", "more than half of one sack of rice"},
		{250000, rice, "đúng nửa bao gạo", "just half of one sack of rice"},
		{235000, rice, "gần nửa bao gạo", "nearly half of one sack of rice"},
		{110000, rice, "hơn một phần năm bao gạo", "more than a fifth of one sack of rice"},
		{920000, hen, "gần 5 con gà", "nearly 5 chickens"},
		{420000, hen, "hơn 2 con gà", "more than 2 chickens"},
		{480000, rice, "gần một bao gạo", "nearly one sack of rice"},
		{1000, rice, "chưa tới một phần trăm bao gạo", "less than a hundredth of one sack of rice"},
		{200000, bare, "1 con gà", "1 con gà"},
		{24000000, smoke, "1.200 gói thuốc lá", "1,200 packets of cigarettes"},
	} {
		for lang, want := range map[string]string{"vi": c.vi, "en": c.en} {
			got := saidIn(lang, c.amount, []loa.PriceItem{c.item})
			if len(got) != 1 || got[0].Text != want {
				t.Errorf("%d in %s is said as %v, want %q", c.amount, lang, got, want)
			}
		}
	}
}
