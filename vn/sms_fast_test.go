package vn

import (
	"testing"

	"golang.org/x/text/unicode/norm"
)

// TestUnaccentedFastIsTheSame holds the quick way to the careful one, letter by letter and with accents that stand apart.
func TestUnaccentedFastIsTheSame(t *testing.T) {
	quick := 0
	for r := rune(1); r < 0x2100; r++ {
		for _, s := range []string{string(r), "a" + string(r) + "b", string(r) + "\u0301", "\r" + string(r)} {
			if got, ok := unaccentFast(s); ok {
				quick++
				if want := unaccent(s); got != want {
					t.Errorf("%q becomes %q quickly, %q carefully", s, got, want)
				}
			}
		}
	}
	for _, s := range []string{"Giàng A Páo, Sùng Thị Mỷ ở Tủa Chùa", norm.NFD.String("Đặng Hữu Nghĩa"), "“Bà con”…", "ꪼꪕ"} {
		if got, want := Unaccent(s), unaccent(s); got != want {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
	if _, ok := unaccentFast("Giàng A Páo, Sùng Thị Mỷ ở Tủa Chùa, Đặng Hữu Nghĩa"); !ok || quick < 1000 {
		t.Error("names take the careful way")
	}
}
