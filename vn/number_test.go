package vn

import (
	"errors"
	"math"
	"testing"
)

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		n      int64
		vi, en string
	}{
		{0, "0", "0"},
		{7, "7", "7"},
		{999, "999", "999"},
		{1000, "1.000", "1,000"},
		{73700, "73.700", "73,700"},
		{1234567, "1.234.567", "1,234,567"},
		{-1234, "-1.234", "-1,234"},
		{-123, "-123", "-123"},
		{math.MaxInt64, "9.223.372.036.854.775.807", "9,223,372,036,854,775,807"},
		{math.MinInt64, "-9.223.372.036.854.775.808", "-9,223,372,036,854,775,808"},
	} {
		if got := Number(c.n); got != c.vi {
			t.Errorf("Number(%d) = %q, want %q", c.n, got, c.vi)
		}
		if got := NumberIn("en", c.n); got != c.en {
			t.Errorf("NumberIn(en, %d) = %q, want %q", c.n, got, c.en)
		}
		if got := Dong(c.n); got != c.vi+" đ" {
			t.Errorf("Dong(%d) = %q", c.n, got)
		}
		if got := DongIn("en", c.n); got != c.en+" đ" {
			t.Errorf("DongIn(en, %d) = %q", c.n, got)
		}
		for _, s := range []string{c.vi, c.en, Dong(c.n), DongIn("en", c.n)} {
			if got, err := ParseNumber(s); err != nil || got != c.n {
				t.Errorf("ParseNumber(%q) = %d, %v", s, got, err)
			}
		}
	}
}

func TestPercent1(t *testing.T) {
	for _, c := range []struct {
		num, den int64
		vi, en   string
	}{
		{951, 1000, "95,1 %", "95.1%"},
		{1255, 1320, "95,1 %", "95.1%"},
		{0, 5, "0,0 %", "0.0%"},
		{1, 3, "33,3 %", "33.3%"},
		{2, 3, "66,7 %", "66.7%"},
		{1, 2000, "0,1 %", "0.1%"}, // halves away from zero
		{-1, 2000, "-0,1 %", "-0.1%"},
		{-1, 100000, "0,0 %", "0.0%"},
		{50, -100, "-50,0 %", "-50.0%"},
		{123456, 100, "123.456,0 %", "123,456.0%"},
		{math.MaxInt64, math.MaxInt64, "100,0 %", "100.0%"},
		{math.MinInt64, math.MaxInt64, "-100,0 %", "-100.0%"},
		{5, 0, "–", "–"},
		{math.MaxInt64, 1, "–", "–"},
	} {
		if got := Percent1(c.num, c.den); got != c.vi {
			t.Errorf("Percent1(%d, %d) = %q, want %q", c.num, c.den, got, c.vi)
		}
		if got := Percent1In("en", c.num, c.den); got != c.en {
			t.Errorf("Percent1In(en, %d, %d) = %q, want %q", c.num, c.den, got, c.en)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for in, want := range map[string]int64{
		"12":                  12,
		" 1.234.567 ":         1234567,
		"1,234,567":           1234567,
		"1 234":               1234,
		"1\u00a0234\u202f567": 1234567,
		"1234567":             1234567,
		"12.0":                12,
		"12345.00":            12345,
		"1.234,00":            1234,
		"1,234.0":             1234,
		"0.000":               0,
		"007":                 7,
		"-5":                  -5,
		"\u22121.000":         -1000,
		"+5":                  5,
		"330.000 đồng":        330000,
		"330.000Đ":            330000,
		"330,000 VND":         330000,
	} {
		if got, err := ParseNumber(in); err != nil || got != want {
			t.Errorf("ParseNumber(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for _, in := range []string{
		"", " ", "-", "đ", "a", "1a", "1.5", "1,25", "0.500", "1.23.456", "1234.567", "12 34",
		"1..234", ".5", "5.", "1.234.5", "1.234,567", "1 234.5", "--5", "1-2", "1e3", "9223372036854775808", "١٢",
	} {
		if got, err := ParseNumber(in); !errors.Is(err, ErrNumber) {
			t.Errorf("ParseNumber(%q) = %d, %v; want it refused", in, got, err)
		}
	}
}

func FuzzParseNumber(f *testing.F) {
	f.Add("1.234.567 đ")
	f.Add("12,00")
	f.Fuzz(func(t *testing.T, s string) {
		n, err := ParseNumber(s)
		if err != nil {
			return
		}
		if again, err := ParseNumber(Number(n)); err != nil || again != n {
			t.Errorf("ParseNumber(%q) = %d, printed and read again %d, %v", s, n, again, err)
		}
	})
}
