package lunar

import "testing"

func TestDayName(t *testing.T) {
	for day, want := range map[[3]int]string{
		{1995, 3, 1}:   "Tân Mão",
		{1996, 2, 25}:  "Nhâm Thìn", // printed wrong as Quý Tỵ elsewhere
		{1996, 2, 27}:  "Giáp Ngọ",
		{1996, 3, 1}:   "Đinh Dậu",
		{1997, 3, 1}:   "Nhâm Dần",
		{1998, 1, 1}:   "Mậu Thân",
		{2000, 1, 1}:   "Mậu Ngọ",
		{2024, 2, 10}:  "Giáp Thìn", // printed wrong as Canh Tuất elsewhere
		{2025, 1, 29}:  "Mậu Tuất",
		{2025, 11, 18}: "Tân Mão",
		{2026, 2, 17}:  "Nhâm Tuất",
		{2025, 2, 29}:  "",
		{2025, 13, 1}:  "",
	} {
		if got := DayName(day[0], day[1], day[2]); got != want {
			t.Errorf("DayName(%v) = %q, want %q", day, got, want)
		}
	}
}

func TestDayBranch(t *testing.T) {
	if got := DayBranch(2025, 11, 18); got != Mao {
		t.Errorf("DayBranch(2025-11-18) = %d, want Mão", got)
	}
	if got := DayBranch(1996, 3, 1); got != Dau {
		t.Errorf("DayBranch(1996-03-01) = %d, want Dậu", got)
	}
	if got := DayBranch(2025, 2, 30); got != -1 {
		t.Errorf("DayBranch(2025-02-30) = %d, want -1", got)
	}
	for index, name := range map[int]string{Ty: "Tý", Suu: "Sửu", Dan: "Dần", Mao: "Mão", Thin: "Thìn", Ti: "Tỵ", Ngo: "Ngọ", Mui: "Mùi", Than: "Thân", Dau: "Dậu", Tuat: "Tuất", Hoi: "Hợi"} {
		if Branches[index] != name {
			t.Errorf("Branches[%d] = %q, want %q", index, Branches[index], name)
		}
	}
}

func TestYearAndMonthName(t *testing.T) {
	for year, want := range map[int]string{1984: "Giáp Tý", 1985: "Ất Sửu", 2023: "Quý Mão", 2025: "Ất Tỵ", 2026: "Bính Ngọ"} {
		if got := YearName(year); got != want {
			t.Errorf("YearName(%d) = %q, want %q", year, got, want)
		}
	}
	for _, c := range []struct {
		year, month int
		want        string
	}{
		{2024, 1, "Bính Dần"}, {2024, 11, "Bính Tý"}, {2024, 12, "Đinh Sửu"}, {2025, 1, "Mậu Dần"}, {2025, 6, "Quý Mùi"},
		{2025, 0, ""}, {2025, 13, ""},
	} {
		if got := MonthName(c.year, c.month); got != c.want {
			t.Errorf("MonthName(%d, %d) = %q, want %q", c.year, c.month, got, c.want)
		}
	}
}
