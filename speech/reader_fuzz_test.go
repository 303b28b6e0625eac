package speech

import (
	"strings"
	"testing"
	"unicode"
)

// readable fails when a text holds anything a voice cannot read.
func readable(t *testing.T, in, out string) {
	t.Helper()
	for _, r := range out {
		if !isLetter(r) && !strings.ContainsRune(" "+marks, r) {
			t.Fatalf("%q is read %q: %q cannot be said", in, out, r)
		}
	}
	for _, w := range strings.FieldsFunc(out, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if capitals(w) > 1 || len([]rune(w)) > 1 && !hasVowel(w) {
			t.Fatalf("%q is read %q: %s is left short", in, out, w)
		}
	}
	if strings.Contains(out, "  ") || strings.TrimSpace(out) != out {
		t.Fatalf("%q is read %q: spaces", in, out)
	}
}

func FuzzAloud(f *testing.F) {
	for _, c := range cases(f) {
		f.Add(c.in)
	}
	f.Add("quý ~ I\nthứ\u0301 I %% TP. \xff Ǆ ㎞ ½ Ⅳ ﬁ ١٢ Đ.Đ.Đ đ/đ 1/đ -1-1-1- 0.0.0,0 +84 ( 024) U.")
	r, err := NewReader(Style{}, nil)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		if len(in) > 4000 {
			return
		}
		out := r.Aloud(in)
		readable(t, in, out)
		if again := r.Aloud(out); again != out {
			t.Fatalf("%q is read\n%q, and that is read\n%q", in, out, again)
		}
	})
}
