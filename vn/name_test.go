package vn

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestSortKeyOrder shuffles a list that a clerk has put in order by hand.
func TestSortKeyOrder(t *testing.T) {
	want := []string{
		"",
		"Giàng A",
		"Lò Văn An",
		"Nguyễn Văn An",
		"Lường Văn Ản",
		"Vừ Thị Anh",
		"Lò Thị Ánh",
		"Cà Văn Ăn",
		"Lò Văn Ân",
		"Quàng Thị Bích",
		"Thào A Chứ",
		"Đặng Văn Cường",
		"Hạng A Dơ",
		"Lò Thị Dung",
		"Lò Văn Đạt",
		"Nguyễn Thị Hà",
		"Trần Thị Hà",
		"Bùi Thị Hạ",
		"Lò Thị Hương",
		"Giàng Thị Mo",
		"Giàng Thị Mô",
		"Giàng Thị Mơ",
		"Sùng Thị Sông",
		"Lê Văn Tú",
		"Lê Văn Tư",
		"Lê Văn Vũ",
		"Lê Văn Vụ",
		"Lê Văn Vừ",
		"Lê Thị Ý",
	}
	for seed := range uint64(20) {
		got := slices.Clone(want)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, func(a, b string) int { return strings.Compare(SortKey(a), SortKey(b)) })
		if !slices.Equal(got, want) {
			t.Fatalf("sorted:\n%s\nwant:\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

func TestSortKeyAlphabet(t *testing.T) {
	last := ""
	for _, r := range "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz" {
		key := SortKey(string(r))
		if key <= last {
			t.Errorf("%c does not sort after the letter before it", r)
		}
		if up := SortKey(strings.ToUpper(string(r))); up != key {
			t.Errorf("%c: capital sorts apart", r)
		}
		last = key
	}
	for _, vowel := range []string{"aàảãáạ", "ăằẳẵắặ", "âầẩẫấậ", "eèẻẽéẹ", "êềểễếệ", "iìỉĩíị", "oòỏõóọ", "ôồổỗốộ", "ơờởỡớợ", "uùủũúụ", "ưừửữứự", "yỳỷỹýỵ"} {
		last := ""
		for _, r := range vowel {
			key := SortKey(string(r) + "n")
			if key <= last {
				t.Errorf("tone of %c out of order", r)
			}
			last = key
		}
	}
}

func TestSortKeyEqual(t *testing.T) {
	for _, pair := range [][2]string{
		{"Lò Thị Hoà", "lò thị HÒA"},
		{"Lò Thị Hoà", norm.NFD.String("Lò Thị Hoà")},
		{"Lò  Thị\tHoà", "Lò Thị Hoà "},
		{"K'Brôi", "K Brôi"},
	} {
		if a, b := SortKey(pair[0]), SortKey(pair[1]); a != b {
			t.Errorf("SortKey(%q) = %q, SortKey(%q) = %q", pair[0], a, pair[1], b)
		}
	}
}

func TestInitials(t *testing.T) {
	for in, want := range map[string]string{
		"Lò Thị Hương":              "LH",
		"giàng a chứ":               "GC",
		"Đặng Văn Đức":              "ĐĐ",
		norm.NFD.String("Đặng Ánh"): "ĐA",
		"Ông Ấn":                    "ÔÂ",
		"Ứng Ớt":                    "ƯƠ",
		"Tâm":                       "T",
		"(Lý) Ăn":                   "LĂ",
		"":                          "",
		" . ":                       "",
	} {
		if got := Initials(in); got != want {
			t.Errorf("Initials(%q) = %q, want %q", in, got, want)
		}
	}
}

func BenchmarkSortKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sink = SortKey("Nguyễn Thị Phượng")
	}
}

func TestNamesTypedSmallAreWrittenLarge(t *testing.T) {
	for typed, want := range map[string]string{"lò thị mới": "Lò Thị Mới", "đỗ ánh": "Đỗ Ánh", "Giàng A Páo": "Giàng A Páo", "GIÀNG A PÁO": "GIÀNG A PÁO", "lò Văn": "lò Văn", "a-b c": "A-B C", "": "", "a\u0301nh": "Ánh"} {
		if got := NameCase(typed); got != want {
			t.Errorf("%q becomes %q, want %q", typed, got, want)
		}
	}
}
