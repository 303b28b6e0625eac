package matching

import (
	"testing"

	"loa"
)

func codes(list []Reason) string {
	out := ""
	for _, r := range list {
		out += r.Code + " "
	}
	return out
}

func TestScore(t *testing.T) {
	base := Record{Name: "Giàng A Páo", BornYear: 1984, BornOn: "1984-03-05", Sex: loa.Male, Area: "v1", Commune: "c1", Household: "h1"}
	with := func(edit func(*Record)) Record { r := base; edit(&r); return r }
	for _, c := range []struct {
		name   string
		a, b   Record
		likely bool
		want   string
	}{
		{"same in everything", base, base, true, "same_name same_birthday same_village same_household "},
		{"accents and spelling", base, with(func(r *Record) { r.Name = "GIANG A PAO"; r.Household = "h2" }), true, "same_name same_birthday same_village "},
		{"heard otherwise", with(func(r *Record) { r.Name = "Chứ A Sình" }), with(func(r *Record) { r.Name = "Trứ A Xình"; r.Household = "" }), true, "same_sound same_birthday same_village "},
		{"a year off, other village", base, with(func(r *Record) { r.BornYear, r.BornOn, r.Area, r.Household = 1985, "", "v2", "" }), false, "same_name near_born_year same_commune "},
		{"only the year", base, with(func(r *Record) { r.BornOn, r.Household = "", "h9" }), true, "same_name same_born_year same_village "},
		{"two full dates that differ", base, with(func(r *Record) { r.BornOn, r.Household = "1984-09-09", "h9" }), false, "same_name same_born_year other_birthday same_village "},
		{"other sex", base, with(func(r *Record) { r.Sex = loa.Female }), false, "same_name same_birthday same_village same_household other_sex "},
		{"other national number", with(func(r *Record) { r.NationalIndex = "x" }), with(func(r *Record) { r.NationalIndex = "y" }), false, "other_national_id same_name same_birthday same_village same_household "},
		{"same SI number, other name", with(func(r *Record) { r.SIIndex = "x" }), Record{Name: "Lò Văn Hải", SIIndex: "x"}, true, "same_si_number "},
		{"same national number", Record{Name: "A", NationalIndex: "n"}, Record{Name: "B", NationalIndex: "n"}, true, "same_national_id "},
		{"telephone of the house", with(func(r *Record) { r.Phone, r.PhoneShared = "+84199", true }), Record{Name: "Mùa Thị Dợ", BornYear: 1990, Phone: "+84199"}, false, "other_born_year shared_phone "},
		{"own telephone", with(func(r *Record) { r.Phone = "+84199"; r.Area = "v3"; r.Household = "" }), with(func(r *Record) { r.Phone = "+84199"; r.BornOn = "" }), true, "same_name same_born_year same_commune same_phone "},
		{"nothing known", Record{}, Record{}, false, "same_name "},
		{"generations apart", base, with(func(r *Record) { r.BornYear, r.BornOn = 1950, "" }), false, "same_name other_born_year same_village same_household "},
	} {
		n, reasons := Score(c.a, c.b)
		if got := codes(reasons); got != c.want {
			t.Errorf("%s: reasons %q, want %q", c.name, got, c.want)
		}
		if (n >= Likely) != c.likely {
			t.Errorf("%s: score %d, likely must be %v", c.name, n, c.likely)
		}
		back, _ := Score(c.b, c.a)
		if back != n {
			t.Errorf("%s: %d one way and %d the other", c.name, n, back)
		}
		if n < 0 || n > 100 {
			t.Errorf("%s: score %d is outside 0 to 100", c.name, n)
		}
	}
}
