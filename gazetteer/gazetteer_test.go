package gazetteer

import (
	"encoding/csv"
	"os"
	"slices"
	"testing"

	"loa/vn"
)

func rows(t *testing.T, name string) [][]string {
	t.Helper()
	f, err := os.Open("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatalf("read %s: %v", name, err)
	}
	if len(all) < 2 {
		t.Fatalf("%s holds no row", name)
	}
	return all[1:]
}

func TestCounts(t *testing.T) {
	provinces := Provinces()
	if len(provinces) != 34 {
		t.Errorf("%d provinces, want 34", len(provinces))
	}
	kinds, before := map[Kind]int{}, map[Kind]int{}
	codes := map[string]bool{}
	communes := 0
	for _, p := range provinces {
		kinds[p.Kind]++
		before[p.KindOn(Since)]++
		if len(p.Code) != 2 || !p.IsProvince() {
			t.Errorf("province %+v", p)
		}
		for _, c := range Communes(p.Code) {
			communes++
			kinds[c.Kind]++
			before[c.KindOn(Since)]++
			if len(c.Code) != 5 || c.Name == "" || c.Name != vn.Tidy(c.Name) || codes[c.Code] || c.ProvinceCode != p.Code || c.ProvinceName != p.Name {
				t.Errorf("commune %+v", c)
			}
			codes[c.Code] = true
			if found, ok := Commune(c.Code); !ok || found != c {
				t.Errorf("Commune(%s) = %+v, %v", c.Code, found, ok)
			}
		}
	}
	if communes != 3321 {
		t.Errorf("%d communes, want 3321", communes)
	}
	if n := len(Communes("11")); n != 45 {
		t.Errorf("Điện Biên has %d communes, want 45", n)
	}
	want := map[Kind]int{KindProvince: 28, KindCity: 6, KindCommune: 2621, KindWard: 687, KindSpecial: 13}
	for kind, n := range want {
		if before[kind] != n {
			t.Errorf("on %s: %d of kind %s, want %d", Since, before[kind], kind, n)
		}
	}
	want = map[Kind]int{KindProvince: 25, KindCity: 9, KindCommune: 2599, KindWard: 709, KindSpecial: 13}
	for kind, n := range want {
		if kinds[kind] != n {
			t.Errorf("now: %d of kind %s, want %d", kinds[kind], kind, n)
		}
	}
}

func TestUnknown(t *testing.T) {
	for _, code := range []string{"", "3217", "03223", "99999", "11"} {
		if c, ok := Commune(code); ok {
			t.Errorf("Commune(%q) = %+v", code, c)
		}
	}
	if p, ok := Province("02"); ok {
		t.Errorf("Province(02) = %+v, which was merged away", p)
	}
	if p, ok := Province("11"); !ok || p.FullName() != "Tỉnh Điện Biên" {
		t.Errorf("Province(11) = %+v, %v", p, ok)
	}
	if list := Communes("02"); len(list) != 0 {
		t.Errorf("Communes(02) = %v", list)
	}
	if list := Formerly("03223"); len(list) != 0 {
		t.Errorf("Formerly(03223) = %v", list)
	}
	if list := Successors("00000"); len(list) != 0 {
		t.Errorf("Successors(00000) = %v", list)
	}
}

func TestDienBienCommunes(t *testing.T) {
	want := rows(t, "dien_bien_45_communes.csv")
	got := Communes("11")
	if len(want) != len(got) {
		t.Fatalf("%d communes, want %d", len(got), len(want))
	}
	for _, row := range want {
		if c, ok := Commune(row[0]); !ok || c.FullName() != row[1] || c.ProvinceCode != "11" {
			t.Errorf("Commune(%s) = %+v, %v; want %s", row[0], c, ok, row[1])
		}
	}
}

// TestDienBienMapping checks every former unit of the province both ways.
func TestDienBienMapping(t *testing.T) {
	type edge struct{ oldCode, oldName, district, newCode, newName string }
	want := map[edge]bool{}
	for _, r := range rows(t, "dien_bien_old_to_new_ward_mapping.csv") {
		// two rows of the list spell Nậm Nèn with its accents apart
		want[edge{r[0], vn.Tidy(r[1]), vn.Tidy(r[2]), r[3], vn.Tidy(r[4])}] = true
	}
	if len(want) != 129 {
		t.Fatalf("%d rows, want 129", len(want))
	}
	got := map[edge]bool{}
	for _, c := range Communes("11") {
		for _, o := range Formerly(c.Code) {
			if o.Province != "Tỉnh Điện Biên" {
				t.Errorf("%s was made of %+v", c.FullName(), o)
			}
			got[edge{o.Code, o.Name, o.District, c.Code, c.FullName()}] = true
			if into := Successors(o.Code); len(into) != 1 || into[0] != c {
				t.Errorf("Successors(%s) = %v, want %v", o.Code, into, c)
			}
		}
	}
	for e := range want {
		if !got[e] {
			t.Errorf("missing: %+v", e)
		}
	}
	for e := range got {
		if !want[e] {
			t.Errorf("not in the official mapping: %+v", e)
		}
	}
}

// TestReusedCodes: 03226 was Tả Sìn Thàng and is Sín Chải.
func TestReusedCodes(t *testing.T) {
	now, ok := Commune("03226")
	if !ok || now.Name != "Sín Chải" {
		t.Errorf("Commune(03226) = %+v, %v", now, ok)
	}
	var codes []string
	for _, o := range Formerly("03226") {
		codes = append(codes, o.Code)
		if o.Code == "03226" && o.Name != "Xã Tả Sìn Thàng" {
			t.Errorf("03226 was %s", o.Name)
		}
	}
	if !slices.Equal(codes, []string{"03223", "03226", "03229"}) {
		t.Errorf("Sín Chải is made of %v", codes)
	}
}

func TestDividedUnit(t *testing.T) {
	var names []string
	for _, p := range Successors("00166") { // Dịch Vọng, Hà Nội
		names = append(names, p.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, []string{"Cầu Giấy", "Nghĩa Đô"}) {
		t.Errorf("Successors(00166) = %v", names)
	}
}

func TestEveryFormerUnitLeadsSomewhere(t *testing.T) {
	codes, uncoded, edges := map[string]bool{}, 0, 0
	for _, p := range Provinces() {
		for _, c := range Communes(p.Code) {
			for _, o := range Formerly(c.Code) {
				edges++
				if o.Name == "" || o.District == "" || o.Province == "" {
					t.Errorf("%s: former unit %+v", c.Code, o)
				}
				if o.Code == "" {
					uncoded++
					continue
				}
				codes[o.Code] = true
			}
		}
	}
	if len(codes) != 10034 || edges != 10832 || uncoded != 790 {
		t.Errorf("%d codes, %d edges, %d without a code; want 10034, 10832, 790", len(codes), edges, uncoded)
	}
}

func TestChanges(t *testing.T) {
	last := Since
	for _, c := range Changes() {
		if c.From < last || c.Act == "" || c.Name == "" || c.Before == c.After {
			t.Errorf("change %+v after %s", c, last)
		}
		last = c.From
	}
	if n := len(Changes()); n != 25 {
		t.Errorf("%d changes, want 25", n)
	}
	dongNai, _ := Province("75")
	if got := dongNai.FullNameOn("2026-04-29"); got != "Tỉnh Đồng Nai" {
		t.Errorf("on the day before: %s", got)
	}
	if got := dongNai.FullNameOn("2026-04-30"); got != "Thành phố Đồng Nai" {
		t.Errorf("on the day: %s", got)
	}
	if got := dongNai.FullName(); got != "Thành phố Đồng Nai" {
		t.Errorf("now: %s", got)
	}
	kep, _ := Commune("07399")
	if got := kep.FullNameOn("2026-09-19"); got != "Xã Kép" || kep.FullName() != "Phường Kép" {
		t.Errorf("Kép: %s, then %s", got, kep.FullName())
	}
	longThanh, _ := Commune("26368")
	if got := longThanh.FullNameOn("2025-12-31"); got != "Xã Long Thành" || longThanh.FullNameOn("2026-04-30") != "Phường Long Thành" {
		t.Errorf("Long Thành: %s, then %s", got, longThanh.FullNameOn("2026-04-30"))
	}
	if c, _ := Commune("03217"); c.KindOn("2020-01-01") != KindCommune {
		t.Errorf("Tủa Chùa was %s", c.KindOn("2020-01-01"))
	}
}

func TestResultsAreCopies(t *testing.T) {
	Provinces()[0].Name = "x"
	Communes("11")[0].Name = "x"
	Formerly("03217")[0].Name = "x"
	if Provinces()[0].Name == "x" || Communes("11")[0].Name == "x" || Formerly("03217")[0].Name == "x" {
		t.Error("a caller can change the table")
	}
}
