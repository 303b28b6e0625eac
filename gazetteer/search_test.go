package gazetteer

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

func TestSearchFirst(t *testing.T) {
	for query, want := range map[string]string{
		"tua chua":                "03217",
		"Tủa Chùa":                "03217",
		norm.NFD.String("Tủa Ch"): "03217",
		"TUA CH":                  "03217",
		"chua tua":                "03217",
		"tuachua":                 "03217",
		"tua chua dien bien":      "03217",
		"dien bien tua chua":      "03217",
		"xa tua chua":             "03217",
		"xã Tủa Chùa, Điện Biên":  "03217",
		"tua thang":               "03220",
		"sin chai dien bien":      "03226",
		"sang nhe":                "03244",
		"sinh phinh":              "03241",
		"03241":                   "03241",
		"dien bien":               "11",
		"tinh dien bien":          "11",
		"dien bien phu":           "03127",
		"ha noi":                  "01",
		"tp ho chi minh":          "79",
		"thanh pho da nang":       "48",
		"11":                      "11",
		"tan phu dong nai":        "26116",
		"xa dung":                 "03208",
		"phu quoc":                "31078",
		"dac khu con dao":         "26732",
		"Sơn Hạ":                  "21292",
		"Sơn Hà quảng ngãi":       "21289",
		// other spellings
		"xin chai dien bien":  "03226",
		"Xín Chải, Điện Biên": "03226",
		"xa nhe":              "03244",
		// units that are no more
		"phinh sang":          "03244",
		"xa phinh sang":       "03244",
		"ta sin thang":        "03226",
		"na tong tuan giao":   "03217",
		"thi tran tua chua":   "03217",
		"huoi so":             "03220",
		"muong bang tua chua": "03217",
	} {
		got := Search(query, 5)
		if len(got) == 0 || got[0].Code != want {
			t.Errorf("Search(%q) = %v, want %s first", query, got, want)
		}
	}
}

func TestSearchRanking(t *testing.T) {
	// exact names before longer ones, whatever the province
	got := Search("tan phu", 40)
	exactDone := false
	for _, p := range got {
		if p.Name != "Tân Phú" && p.Name != "Tân Phụ" {
			exactDone = true
		} else if exactDone {
			t.Errorf("%s (%s) comes after a longer name", p.Name, p.Code)
		}
	}
	if !exactDone || len(got) < 5 {
		t.Errorf("Search(tan phu) = %v", got)
	}
	// the province comes first and its communes do not flood the list
	for i, p := range Search("dien bien", 10) {
		if (i == 0) != p.IsProvince() {
			t.Errorf("%d: %+v", i, p)
		}
	}
	// a kind typed in front prefers that kind
	if got := Search("phuong long thanh", 3); len(got) == 0 || got[0].Kind != KindWard {
		t.Errorf("Search(phuong long thanh) = %v", got)
	}
}

func TestSearchNothing(t *testing.T) {
	for _, query := range []string{"", "  ", "...", "qqq", "tua chua ha noi", "99999", "\xff"} {
		if got := Search(query, 10); len(got) != 0 {
			t.Errorf("Search(%q) = %v", query, got)
		}
	}
	if got := Search("ha noi", 0); len(got) != 0 {
		t.Errorf("Search with limit 0 = %v", got)
	}
}

func TestSearchLimit(t *testing.T) {
	if got := Search("a", 7); len(got) != 7 {
		t.Errorf("%d places, want 7", len(got))
	}
	seen := map[string]bool{}
	for _, p := range Search("an", 5000) {
		if seen[p.Code] {
			t.Errorf("%s twice", p.Code)
		}
		seen[p.Code] = true
	}
}

// TestSearchFindsAll types every commune's name with its province, without
// accents, and wants it among the first three.
func TestSearchFindsAll(t *testing.T) {
	for _, p := range Provinces() {
		for _, c := range Communes(p.Code) {
			found := false
			for _, got := range Search(c.Name+" "+p.Name, 3) {
				found = found || got.Code == c.Code
			}
			if !found {
				t.Errorf("%s, %s: not found", c.FullName(), p.Name)
			}
		}
	}
}

func BenchmarkSearch(b *testing.B) {
	table()
	for _, query := range []string{"t", "tan", "tan phu", "tua chua dien bien", "xa nhe", "tuachua", "Sơn Hà quảng ngãi", "qqqqq zzz", "thi tran tua chua huyen tua chua tinh dien bien"} {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				Search(query, 10)
			}
		})
	}
}

func BenchmarkFirstUse(b *testing.B) {
	for b.Loop() {
		if _, err := unpack(packed); err != nil {
			b.Fatal(err)
		}
	}
}
