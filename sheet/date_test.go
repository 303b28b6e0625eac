package sheet

import (
	"math"
	"testing"
)

func TestDay(t *testing.T) {
	no := Date{}
	for _, c := range []struct {
		cell Cell
		want Date
	}{
		{Cell{Kind: KindText, Text: "30/11/2025"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: " 3-2-1987 "}, Date{1987, 2, 3}},
		{Cell{Kind: KindText, Text: "03.02.1987"}, Date{1987, 2, 3}},
		{Cell{Kind: KindText, Text: "3 / 2 / 1987"}, Date{1987, 2, 3}},
		{Cell{Kind: KindText, Text: "2025-11-30"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "2025/11/30"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "30/11/2025 00:00:00"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "30/11/2025 12:00 SA"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "2025-11-30T08:00:00Z"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "30112025"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "20251130"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "11/2025"}, Date{2025, 11, 0}},
		{Cell{Kind: KindText, Text: "2025-11"}, Date{2025, 11, 0}},
		{Cell{Kind: KindText, Text: "1950"}, Date{1950, 0, 0}},
		{Cell{Kind: KindText, Text: "00/00/1950"}, Date{1950, 0, 0}},
		{Cell{Kind: KindText, Text: "00/05/1950"}, Date{1950, 5, 0}},
		{Cell{Kind: KindText, Text: "45991"}, Date{2025, 11, 30}},
		{Cell{Kind: KindText, Text: "29/02/2024"}, Date{2024, 2, 29}},
		{Cell{Kind: KindText, Text: "29/02/2023"}, no},
		{Cell{Kind: KindText, Text: "11/30/2025"}, no},
		{Cell{Kind: KindText, Text: "30/11/25"}, no},
		{Cell{Kind: KindText, Text: "30/11-2025"}, no},
		{Cell{Kind: KindText, Text: "30/11/2025/1"}, no},
		{Cell{Kind: KindText, Text: "30//2025"}, no},
		{Cell{Kind: KindText, Text: "/11/2025"}, no},
		{Cell{Kind: KindText, Text: "3 0/11/2025"}, no},
		{Cell{Kind: KindText, Text: "00/13/1950"}, no},
		{Cell{Kind: KindText, Text: "05/00/1950"}, no},
		{Cell{Kind: KindText, Text: "khoảng 1950"}, no},
		{Cell{Kind: KindText, Text: "123456789012345678901234567890"}, no},
		{Cell{Kind: KindText, Text: "1799"}, no},
		{Cell{Kind: KindText, Text: "2200"}, no},
		{Cell{Kind: KindText, Text: ""}, no},
		{Cell{Kind: KindNumber, Serial: 1987}, Date{1987, 0, 0}},
		{Cell{Kind: KindNumber, Serial: 45991}, Date{2025, 11, 30}},
		{Cell{Kind: KindNumber, Serial: 44529, Mac: true}, Date{2025, 11, 30}},
		{Cell{Kind: KindNumber, Serial: 1121990}, Date{1990, 12, 1}},
		{Cell{Kind: KindNumber, Serial: 19900131}, Date{1990, 1, 31}},
		{Cell{Kind: KindNumber, Serial: 1987.5}, no},
		{Cell{Kind: KindNumber, Serial: 12}, no},
		{Cell{Kind: KindNumber, Serial: 300_000}, no},
		{Cell{Kind: KindNumber, Serial: math.NaN()}, no},
		{Cell{Kind: KindDate, Serial: 1}, Date{1900, 1, 1}},
		{Cell{Kind: KindDate, Serial: 59}, Date{1900, 2, 28}},
		{Cell{Kind: KindDate, Serial: 60}, no},
		{Cell{Kind: KindDate, Serial: 61}, Date{1900, 3, 1}},
		{Cell{Kind: KindDate, Serial: 0}, no},
		{Cell{Kind: KindDate, Serial: 0, Mac: true}, Date{1904, 1, 1}},
		{Cell{Kind: KindDate, Serial: 45990.999999}, Date{2025, 11, 30}},
		{Cell{Kind: KindDate, Serial: 1e18}, no},
		{Cell{Kind: KindTruth, Serial: 1, Text: "TRUE"}, no},
		{Cell{}, no},
	} {
		got, ok := c.cell.Day()
		if got != c.want || ok != (c.want != no) {
			t.Errorf("%+v: %v %v, want %v", c.cell, got, ok, c.want)
		}
	}
}

// TestEightDigitsAreCertain walks every day of four centuries: neither order of the digits may ever
// read as another day.
func TestEightDigitsAreCertain(t *testing.T) {
	for day := (Date{firstYear, 1, 1}).time(); day.Year() <= lastYear; day = day.AddDate(0, 0, 1) {
		y, m, d := day.Year(), int(day.Month()), day.Day()
		want := Date{y, m, d}
		for _, n := range []int{y*10_000 + m*100 + d, d*1_000_000 + m*10_000 + y} {
			if got, ok := eightDigits(n); !ok || got != want {
				t.Fatalf("%08d: %v, want %v", n, got, want)
			}
		}
	}
}
