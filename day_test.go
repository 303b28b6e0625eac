package loa_test

import (
	"testing"
	"time"

	"loa"
)

// TestDaysAreReadAsTheStandardLibraryReadsThem walks four centuries and what is no day.
func TestDaysAreReadAsTheStandardLibraryReadsThem(t *testing.T) {
	check := func(text string) {
		t.Helper()
		want, err := time.Parse(time.DateOnly, text)
		d := loa.Day(text)
		y, m, day := d.Parts()
		if d.Valid() != (err == nil) || !d.Time().Equal(want) || y != want.Year() || m != int(want.Month()) || day != want.Day() {
			t.Fatalf("%q: valid %v (%v), time %v, parts %d %d %d", text, d.Valid(), err, d.Time(), y, m, day)
		}
		if n := int(want.Unix() / 86400); want.Year() >= 1970 && d.Number() != n {
			t.Fatalf("%q has number %d, want %d", text, d.Number(), n)
		}
	}
	for at := time.Date(1890, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() < 2290; at = at.AddDate(0, 0, 1) {
		check(at.Format(time.DateOnly))
	}
	for _, text := range []string{"", "9999-12-31", "0001-01-01", "2025-02-29", "2024-02-29", "1900-02-29", "2000-02-29", "2025-04-31", "2025-13-01", "2025-00-10", "2025-01-00", "2025-1-01", "2025-01-1", "2025/01/01",
		"20250101", "2025-01-01T", "x025-01-01", "2025-01-0x", "２025-01-01"} {
		check(text)
	}
	for _, n := range []int{-20000, -1, 0, 1, 11016, 20422} {
		if got := loa.DayNumber(n).Number(); got != n {
			t.Errorf("day %d comes back as %d", n, got)
		}
	}
}
