package loa

import (
	"bytes"
	"strings"
	"testing"
)

func TestCodesAreReadAsTheyAreTyped(t *testing.T) {
	for range 200 {
		code := NewCode()
		if ReadCode(strings.ToUpper(code[:3])+" "+code[3:]+" ") != code {
			t.Fatalf("%q is not read back", code)
		}
	}
	for _, bad := range []string{"", "abc", "abcdefg", "abc/..", "ab0def", "ąbcdef", strings.Repeat(" ", 100) + "abcdef"} {
		if ReadCode(bad) != "" {
			t.Errorf("%q is read as %q", bad, ReadCode(bad))
		}
	}
	if MintCode(bytes.NewReader([]byte{0, 255, 1, 2, 3, 30, 31})) != "2345z2" {
		t.Errorf("got %q", MintCode(bytes.NewReader([]byte{0, 255, 1, 2, 3, 30, 31})))
	}
}

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{"Tủa Chùa": "tua-chua", "BHXH cơ sở Tủa Chùa": "tua-chua", "Điện Biên Phủ / 2": "dien-bien-phu-2", "…": "office", "Cơ": "co"} {
		if got := Slug(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}
