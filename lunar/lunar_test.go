package lunar

import (
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"
)

func table(t testing.TB, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	if len(rows) < 2 {
		t.Fatalf("%s holds no row", name)
	}
	return rows[1:]
}

func num(t testing.TB, s string) int {
	t.Helper()
	n, err := strconv.Atoi(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func ymd(t testing.TB, s string) (y, m, d int) {
	t.Helper()
	if _, err := fmt.Sscanf(s, "%d-%d-%d", &y, &m, &d); err != nil {
		t.Fatalf("day %q: %v", s, err)
	}
	return y, m, d
}

// lunarDate reads 1/6N/2025, where N marks a leap month.
func lunarDate(t testing.TB, s string) Date {
	t.Helper()
	parts := strings.Split(s, "/")
	if len(parts) != 3 {
		t.Fatalf("lunar date %q", s)
	}
	month, leap := strings.CutSuffix(parts[1], "N")
	return Date{Day: num(t, parts[0]), Month: num(t, month), Year: num(t, parts[2]), Leap: leap}
}

func checkBoth(t *testing.T, solar string, want Date) {
	t.Helper()
	y, m, d := ymd(t, solar)
	if got, err := FromSolar(y, m, d); err != nil || got != want {
		t.Errorf("FromSolar(%s) = %+v, %v; want %+v", solar, got, err, want)
	}
	if yy, mm, dd, err := ToSolar(want); err != nil || yy != y || mm != m || dd != d {
		t.Errorf("ToSolar(%+v) = %d-%d-%d, %v; want %s", want, yy, mm, dd, err, solar)
	}
}

func TestMonths2015To2030(t *testing.T) {
	for _, row := range table(t, "vn_lunar_months_2015_2030.csv") {
		first := Date{Day: 1, Month: num(t, row[1]), Year: num(t, row[0]), Leap: row[2] == "1"}
		checkBoth(t, row[3], first)
		y, m, d := ymd(t, row[3])
		if got := dayNumber(y, m, d); got != num(t, row[4]) {
			t.Errorf("day number of %s = %d, want %s", row[3], got, row[4])
		}
		last := first
		last.Day = num(t, row[5])
		if _, _, _, err := ToSolar(last); err != nil {
			t.Errorf("%+v: %v", last, err)
		}
		last.Day++
		if _, _, _, err := ToSolar(last); !errors.Is(err, ErrRange) {
			t.Errorf("%+v does not exist, yet: %v", last, err)
		}
	}
}

func TestVectors(t *testing.T) {
	for _, row := range table(t, "solar_lunar_canchi_vectors.csv") {
		y, m, d := ymd(t, row[0])
		if got := dayNumber(y, m, d); got != num(t, row[2]) {
			t.Errorf("day number of %s = %d, want %s", row[0], got, row[2])
		}
		if got := DayName(y, m, d); got != row[4] {
			t.Errorf("DayName(%s) = %q, want %q", row[0], got, row[4])
		}
		if y < 1976 || y > 2053 {
			if got, err := FromSolar(y, m, d); !errors.Is(err, ErrRange) {
				t.Errorf("FromSolar(%s) = %+v, %v; want it refused", row[0], got, err)
			}
			continue
		}
		want := lunarDate(t, row[3])
		checkBoth(t, row[0], want)
		if got := YearName(want.Year); got != row[5] {
			t.Errorf("YearName(%d) = %q, want %q", want.Year, got, row[5])
		}
	}
}

// TestKnownDates holds dates printed in Việt Nam, and the days on which the
// Vietnamese and the Chinese calendar part.
func TestKnownDates(t *testing.T) {
	for solar, lunar := range map[string]string{
		"2018-04-09": "24/2/2018", "2018-04-07": "22/2/2018", "2025-12-20": "1/11/2025",
		"2026-02-17": "1/1/2026", "2013-05-04": "25/3/2013",
		"1985-01-21": "1/1/1985", "1985-03-21": "1/2N/1985", "2007-02-17": "1/1/2007",
		"2030-02-02": "1/1/2030", "2053-02-18": "1/1/2053", "1987-08-24": "1/7N/1987",
		"1976-01-01": "1/12/1975", "1976-01-31": "1/1/1976",
	} {
		checkBoth(t, solar, lunarDate(t, lunar))
	}
}

func TestLeapMonths(t *testing.T) {
	want := map[int]int{
		1985: 2, 1987: 7, // China: 10/1984, 6/1987
		2020: 4, 2023: 2, 2025: 6, 2028: 5, 2031: 3, 2033: 11, 2036: 6,
		2039: 5, 2042: 2, 2044: 7, 2047: 5, 2050: 3, 2052: 8,
	}
	got := map[int]int{}
	for _, m := range months() {
		if m.leap && m.year <= lastYear {
			got[m.year] = m.number
		}
	}
	for year := firstYear; year <= lastYear; year++ {
		listed := year == 1985 || year == 1987 || year >= 2020
		if listed && got[year] != want[year] {
			t.Errorf("leap month of %d = %d, want %d", year, got[year], want[year])
		}
	}
}

// TestSky compares every new moon and principal term of the years served with
// those of another program, to the minute and to the day.
func TestSky(t *testing.T) {
	const second = 1 / 86400.0
	k := 0
	for newMoon(k) > float64(dayNumber(1975, 12, 1)) {
		k--
	}
	k++
	for _, row := range table(t, "sky_1975_2053.csv") {
		at, err := time.Parse("2006-01-02T15:04:05", row[2])
		if err != nil {
			t.Fatal(err)
		}
		day := dayNumber(at.Year(), int(at.Month()), at.Day())
		instant := float64(day) - 0.5 + float64(at.Hour()*3600+at.Minute()*60+at.Second())*second
		if row[0] == "moon" {
			if off := (newMoon(k) - instant) / second; off < -60 || off > 60 {
				t.Errorf("new moon of %s is %.0f seconds off", row[2], off)
			}
			if got := moonDay(k); got != day {
				t.Errorf("new moon of %s falls on day %d, want %d", row[2], got, day)
			}
			k++
			continue
		}
		// the sun takes 24 hours for a degree, give or take a little
		behind := float64(num(t, row[1])) - sunLongitude(instant)
		if behind > 180 {
			behind -= 360
		}
		if behind < -180 {
			behind += 360
		}
		if off := behind / 0.9856 / second; off < -90 || off > 90 {
			t.Errorf("the sun reaches %s° %.0f seconds from %s", row[1], off, row[2])
		}
	}
}

// TestEveryDay walks all days served: each follows the one before, goes back to
// where it came from, and every month has 29 or 30 days.
func TestEveryDay(t *testing.T) {
	var last Date
	for n := dayNumber(firstYear, 1, 1); n <= dayNumber(lastYear, 12, 31); n++ {
		y, m, d := solarDay(n)
		if std := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC); std.Year() != y || int(std.Month()) != m || std.Day() != d {
			t.Fatalf("%d-%d-%d is no solar day", y, m, d)
		}
		got, err := FromSolar(y, m, d)
		if err != nil {
			t.Fatalf("FromSolar(%d-%d-%d): %v", y, m, d, err)
		}
		if yy, mm, dd, err := ToSolar(got); err != nil || yy != y || mm != m || dd != d {
			t.Fatalf("ToSolar(%+v) = %d-%d-%d, %v; want %d-%d-%d", got, yy, mm, dd, err, y, m, d)
		}
		follows := got.Day == last.Day+1 && got.Month == last.Month && got.Year == last.Year && got.Leap == last.Leap ||
			got.Day == 1 && (last.Day == 29 || last.Day == 30)
		if last != (Date{}) && !follows {
			t.Fatalf("%+v follows %+v", got, last)
		}
		if want := Branches[DayBranch(y, m, d)]; !strings.HasSuffix(DayName(y, m, d), want) {
			t.Fatalf("DayName(%d-%d-%d) = %q without %q", y, m, d, DayName(y, m, d), want)
		}
		last = got
	}
}

func TestRefused(t *testing.T) {
	for _, day := range [][3]int{
		{1975, 12, 31}, {2054, 1, 1}, {1900, 1, 1}, {2054, 5, 7}, {2025, 2, 29}, {2025, 0, 1}, {2025, 13, 1}, {2025, 4, 31}, {2025, 1, 0}, {2025, 1, -5},
	} {
		if got, err := FromSolar(day[0], day[1], day[2]); !errors.Is(err, ErrRange) {
			t.Errorf("FromSolar(%v) = %+v, %v; want it refused", day, got, err)
		}
	}
	for _, date := range []Date{
		{1, 1, 1975, false}, {1, 1, 2054, false}, {29, 12, 2053, false}, {1, 5, 2025, true}, {1, 13, 2025, false},
		{0, 1, 2025, false}, {31, 1, 2025, false}, {1, 0, 2025, false}, {-1, 1, 2025, false}, {},
	} {
		if y, m, d, err := ToSolar(date); !errors.Is(err, ErrRange) {
			t.Errorf("ToSolar(%+v) = %d-%d-%d, %v; want it refused", date, y, m, d, err)
		}
	}
}

func BenchmarkFromSolar(b *testing.B) {
	months()
	for b.Loop() {
		if _, err := FromSolar(2025, 11, 30); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		for y := firstYear - 1; y <= lastYear; y++ {
			span(y)
		}
	}
}
