package web

import (
	"slices"
	"strings"
	"testing"

	"loa"
	"loa/i18n"
	"loa/policy"
)

func lawForTest(t *testing.T) policy.Parameters {
	t.Helper()
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return law
}

// TestLeafletFiguresAreTheCalculators compares a leaflet's numbers with those of the worked examples of facts/policy.md (1.2 and 2.2):
// 22 % of 1,500,000 with support of 50, 40, 30 and 20 %, and a pension of 45 or 40 % after fifteen years.
func TestLeafletFiguresAreTheCalculators(t *testing.T) {
	law := lawForTest(t)
	f, err := figuresOf(law, loa.LeafletKind{Scheme: loa.VoluntarySI, Audience: "minority"}, 1500000, "2026-11-23", true)
	if err != nil {
		t.Fatal(err)
	}
	var rows []int64
	for _, r := range f.Rows {
		rows = append(rows, r.Amount)
	}
	if !slices.Equal(rows, []int64{165000, 198000, 231000, 264000}) || f.Pay != 231000 || f.Other != 99000 || f.Women != 675000 || f.Men != 600000 || f.Years != 15 || f.SupportYear != 10 {
		t.Errorf("%+v", f)
	}
	if f.Coins != (share{Own: 7, State: 3, Whole: true}) {
		t.Errorf("coins %+v", f.Coins)
	}
	if f.Since != "2026-07-01" || !strings.Contains(f.Cites, "Luật 41/2024 Điều") || !strings.Contains(f.Cites, "NĐ 159/2025 Điều 5") {
		t.Errorf("since %s until %s by %s", f.Since, f.Until, f.Cites)
	}
}

// TestLeafletsFollowTheLaw asks every kind on days before and after a change: the numbers differ, and a day nobody knows is refused.
func TestLeafletsFollowTheLaw(t *testing.T) {
	law := lawForTest(t)
	for _, k := range loa.LeafletKinds {
		if _, err := figuresOf(law, k, 0, "2026-11-23", true); err != nil {
			t.Errorf("%s: %v", k.Key(), err)
		}
		if _, err := figuresOf(law, k, 0, "1999-01-01", false); loa.KindOf(err) != loa.Invalid {
			t.Errorf("%s in 1999: %v", k.Key(), err)
		}
	}
	family := loa.LeafletKind{Scheme: loa.HouseholdHI, Audience: "others"}
	before, err := figuresOf(law, family, 0, "2026-06-30", false)
	if err != nil {
		t.Fatal(err)
	}
	after, err := figuresOf(law, family, 0, "2026-07-01", false)
	if err != nil {
		t.Fatal(err)
	}
	if before.Pay != 1263600 || after.Pay != 1366200 || before.Until != "2026-06-30" || after.Since != "2026-07-01" { // 4.5 % × 2,340,000 and × 2,530,000, twelve times
		t.Errorf("%d until %s, then %d since %s", before.Pay, before.Until, after.Pay, after.Since)
	}
}

// TestALeafletSaysWhatIsNotConfirmed supposes a row that nobody confirmed: the leaflet must name it.
func TestALeafletSaysWhatIsNotConfirmed(t *testing.T) {
	law := lawForTest(t)
	kind := loa.LeafletKind{Scheme: loa.VoluntarySI, Audience: "poor"}
	row, ok := law.At("poverty_line.rural", "2026-11-23")
	if !ok {
		t.Fatal("no poverty line")
	}
	row.Confirmed, row.Value, row.From = false, 2200000, "2026-11-01"
	f, err := figuresOf(law.Supposing(row), kind, 0, "2026-11-23", false)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(f.Unconfirmed, "poverty_line.rural") || f.Income != 2200000 {
		t.Errorf("unconfirmed %v, income %d", f.Unconfirmed, f.Income)
	}
	for r, ok := law.At("poverty_line.rural", "2026-11-23"); ok; r, ok = law.At("poverty_line.rural", "2026-11-23") {
		law = law.Without(r)
	}
	if _, err := figuresOf(law, kind, 1500000, "2026-11-23", false); loa.KindOf(err) != loa.Invalid {
		t.Errorf("without the poverty line: %v", err)
	}
}

func TestShares(t *testing.T) {
	for _, c := range []struct {
		own, full int64
		want      share
	}{{5, 10, share{5, 5, 0, true}}, {0, 10, share{0, 10, 0, true}}, {884520, 1263600, share{7, 3, 0, true}}, {495, 660, share{Bar: 750}}, {1, 0, share{}}} {
		if got := shareOf(c.own, c.full); got != c.want {
			t.Errorf("%d of %d: %+v, want %+v", c.own, c.full, got, c.want)
		}
	}
}

// TestEveryLeafletHasItsWords looks up each line of each kind in both languages; one that is missing would print its key.
func TestEveryLeafletHasItsWords(t *testing.T) {
	law := lawForTest(t)
	for _, lang := range i18n.Languages {
		for _, k := range loa.LeafletKinds {
			for _, line := range loa.LeafletLineNames {
				key := "leaflet.say." + k.Key() + "." + line
				if i18n.Text(lang, key) == key {
					t.Errorf("%s: no %s", lang, key)
				}
			}
			for _, key := range []string{"leaflet.audience." + k.Key(), "leaflet.scheme." + string(k.Scheme)} {
				if i18n.Text(lang, key) == key {
					t.Errorf("%s: no %s", lang, key)
				}
			}
			f, err := figuresOf(law, k, 0, "2026-11-23", true)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range f.Rows {
				if r.Wage == 0 && i18n.Text(lang, r.Label) == r.Label {
					t.Errorf("%s: no %s", lang, r.Label)
				}
				if _, err := inlined(r.Picture); err != nil {
					t.Error(err)
				}
			}
			l := &leafView{Lang: lang, Kind: k, F: f}
			for _, p := range l.panels() {
				for _, pic := range p.Pics {
					if _, err := inlined(pic.Name); err != nil {
						t.Error(err)
					}
				}
				if strings.Contains(string(p.Caption), "%!") || strings.Contains(string(p.Caption), "leaflet.") || strings.Contains(p.Under, "leaflet.") {
					t.Errorf("%s %s: %s %s", lang, k.Key(), p.Caption, p.Under)
				}
			}
		}
	}
}

func TestBold(t *testing.T) {
	for in, want := range map[string]string{"Mang *căn cước* đi": "Mang <b>căn cước</b> đi", "<b>*x*": "&lt;b&gt;<b>x</b>", "5 * 3": "5 * 3", "": ""} {
		if got := string(bold(in)); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

func TestShortCites(t *testing.T) {
	got := shortCites([]string{"Luật 41/2024/QH15 Điều 99 khoản 1", "Nghị định 159/2025/NĐ-CP Điều 6, Điều 7", "Luật 41/2024/QH15 Điều 36", "Luật 41/2024/QH15 Điều 100", "Công văn 340/BHXH-CSXH"})
	if got != "Luật 41/2024 Điều 36, 99, 100; NĐ 159/2025 Điều 6, 7; Công văn 340/BHXH-CSXH" {
		t.Error(got)
	}
}
