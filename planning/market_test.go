package planning_test

import (
	"encoding/csv"
	"os"
	"testing"

	"loa"
	"loa/lunar"
	"loa/planning"
)

// TestKnownMarketDays compares the rules of two mountain markets with their days of 2026 as they were computed elsewhere.
func TestKnownMarketDays(t *testing.T) {
	f, err := os.Open("testdata/market_days_2026.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for name, rule := range map[string]string{"Xá Nhè": "branch:3,9", "Tả Sìn Thàng": "branch:0,6"} {
		m, err := planning.ParseMarket(rule)
		if err != nil {
			t.Fatal(err)
		}
		var want []loa.Day
		for _, row := range rows[1:] {
			if row[4] != name {
				continue
			}
			want = append(want, loa.Day(row[0]))
			y, mo, d := loa.Day(row[0]).Parts()
			if got := lunar.DayName(y, mo, d); got != row[2] {
				t.Errorf("%s is %s, the list says %s", row[0], got, row[2])
			}
		}
		if len(want) < 40 {
			t.Fatalf("%s: the list has %d days", name, len(want))
		}
		got := m.Days("2026-01-01", want[len(want)-1])
		if len(got) != len(want) {
			t.Fatalf("%s: %d days, want %d", name, len(got), len(want))
		}
		for i := range want {
			if got[i] != want[i] {
				t.Fatalf("%s: day %d is %s, want %s", name, i, got[i], want[i])
			}
		}
	}
}

func TestMarketRules(t *testing.T) {
	for _, c := range []struct {
		rule string
		ok   bool
		next loa.Day // from 30/11/2025, a Sunday and a day of Mão
	}{
		{"branch:3,9", true, "2025-11-30"}, {"branch:9,3", true, "2025-11-30"}, {"branch:0,6", true, "2025-12-03"}, {"branch:4", true, "2025-12-01"},
		{"branch:0,3,6,9", true, "2025-11-30"},
		{"branch:3,8", false, ""}, {"branch:0,1", false, ""}, {"branch:0,3,6", false, ""}, {"branch:3,3", false, ""}, {"branch:12", false, ""}, {"branch:-1", false, ""}, {"branch:", false, ""},
		{"weekday:7", true, "2025-11-30"}, {"weekday:6,7", true, "2025-11-30"}, {"weekday:1", true, "2025-12-01"}, {"weekday:0", false, ""}, {"weekday:8", false, ""},
		{"monthday:3,13,23", true, "2025-12-03"}, {"monthday:31", true, "2025-12-31"}, {"monthday:32", false, ""}, {"monthday:0", false, ""}, {"monthday:a", false, ""},
		{"every:6:2025-01-02", true, "2025-12-04"}, {"every:1:2025-01-02", false, ""}, {"every:61:2025-01-02", false, ""}, {"every:6", false, ""}, {"every:6:2025-02-30", false, ""},
		{"", false, ""}, {":", false, ""}, {"moon:1", false, ""}, {"branch", false, ""},
	} {
		m, err := planning.ParseMarket(c.rule)
		if (err == nil) != c.ok {
			t.Errorf("%q: %v, want taken: %v", c.rule, err, c.ok)
			continue
		}
		if err != nil {
			if loa.KindOf(err) != loa.Invalid {
				t.Errorf("%q is refused as %v", c.rule, loa.KindOf(err))
			}
			continue
		}
		if got := m.Next("2025-11-30"); got != c.next {
			t.Errorf("%q: next on %s, want %s", c.rule, got, c.next)
		}
	}
}

func FuzzParseMarket(f *testing.F) {
	for _, s := range []string{"branch:3,9", "weekday:6,7", "monthday:3,13,23", "every:6:2025-01-02", "branch:,", "every::", "weekday:٣", "monthday:+3", "branch:3,9,"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, rule string) {
		m, err := planning.ParseMarket(rule)
		if err != nil {
			return
		}
		const from = loa.Day("2025-11-30")
		next := m.Next(from)
		if next == "" { // only a market that begins later may have no day yet
			if len(m.Days("2025-01-01", "2025-12-31")) > 0 {
				t.Fatalf("%q had days and has none within four months", rule)
			}
			return
		}
		if next < from || !m.On(next) {
			t.Fatalf("%q: %s is no market day", rule, next)
		}
		days := m.Days(from, from.Add(123))
		if len(days) == 0 || days[0] != next {
			t.Fatalf("%q: next is %s, the list begins with %v", rule, next, days)
		}
	})
}
