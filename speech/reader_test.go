package speech

import (
	_ "embed"
	"errors"
	"strings"
	"testing"
)

//go:embed testdata/aloud.txt
var aloud string

type aloudCase struct{ in, out string }

// cases are the lines of testdata/aloud.txt: what is written, and below it, behind a tab, what is said.
func cases(t testing.TB) (out []aloudCase) {
	t.Helper()
	for line := range strings.Lines(aloud) {
		line = strings.TrimSuffix(line, "\n")
		switch said, is := strings.CutPrefix(line, "\t"); {
		case is:
			out[len(out)-1].out = said
		case line != "" && !strings.HasPrefix(line, "##"):
			out = append(out, aloudCase{in: line})
		}
	}
	if len(out) < 150 {
		t.Fatalf("only %d lines to read", len(out))
	}
	return out
}

func TestAloud(t *testing.T) {
	r := northern(t)
	for _, c := range cases(t) {
		got := r.Aloud(c.in)
		if got != c.out {
			t.Errorf("%s\n is read %q,\n    want %q", c.in, got, c.out)
		}
		readable(t, c.in, got)
		if again := r.Aloud(got); again != got {
			t.Errorf("%q is read again as %q", got, again)
		}
	}
}

func northern(t testing.TB) *Reader {
	t.Helper()
	r, err := NewReader(Style{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAloudLines(t *testing.T) {
	got := northern(t).Aloud("\n  KÍNH THƯA BÀ CON\r\n\r\n- Đóng trước 30/11;\n- Hỏi 1900 9068\n")
	if want := "kính thưa bà con. Đóng trước ngày ba mươi tháng mười một; Hỏi một chín không không, chín không sáu tám"; got != want {
		t.Errorf("it is read %q, want %q", got, want)
	}
	if got := northern(t).Aloud("Bảo hiểm"); got != "Bảo hiểm" { // decomposed letters
		t.Errorf("it is read %q", got)
	}
}

// TestEveryShortForm holds that what a short form stands for is said in words, whichever list it is from.
func TestEveryShortForm(t *testing.T) {
	r := northern(t)
	check := func(short, long string) {
		if again := r.Aloud(long); again != long {
			t.Errorf("%s is said %q, which is read %q", short, long, again)
		}
		readable(t, short, long)
	}
	for k, v := range abbreviations {
		check(k, v)
		if got := r.Aloud(k); got != v {
			t.Errorf("%s is read %q, want %q", k, got, v)
		}
	}
	for k, v := range dotted {
		check(k, v)
	}
	for k, v := range kinds {
		check(k, v)
	}
	for k, v := range signs {
		check(string(k), v)
	}
	for k, v := range labels {
		check(k, v)
	}
	for _, u := range units {
		check(u.sign, u.said)
		if got := r.Aloud("2 " + u.sign); got != "hai "+u.said {
			t.Errorf("2 %s is read %q", u.sign, got)
		}
	}
	for _, p := range phrases {
		check(p.short, p.long)
	}
}

func TestOwnAbbreviations(t *testing.T) {
	r, err := NewReader(Style{Thousand: "ngàn", Odd: "lẻ"}, map[string]string{"NVH": "nhà văn hóa", "VNeID": "vi nét ai đi", "QĐ": "QĐ 12"})
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]string{
		"Tại NVH, nvh":    "Tại nhà văn hóa, nhà văn hóa",
		"VNeID":           "vi nét ai đi",
		"QĐ":              "quyết định mười hai",
		"1.002.005 đ":     "một triệu không trăm lẻ hai ngàn không trăm lẻ năm đồng",
		"BHYT như cũ 50k": "bảo hiểm y tế như cũ năm mươi ngàn",
	} {
		got := r.Aloud(in)
		if got != want {
			t.Errorf("%s is read %q, want %q", in, got, want)
		}
		if again := r.Aloud(got); again != got {
			t.Errorf("%q is read again as %q", got, again)
		}
	}
	for k, v := range map[string]string{"con": "cháu", "": "gì", "A": "a", "N1": "nờ", "BHXH": " ★ ", "TP.": "thành phố"} {
		if _, err := NewReader(Style{}, map[string]string{k: v}); !errors.Is(err, ErrAbbreviation) {
			t.Errorf("%q = %q is taken for an abbreviation: %v", k, v, err)
		}
	}
	if _, err := NewReader(Style{Thousand: "1000"}, nil); !errors.Is(err, ErrAbbreviation) {
		t.Errorf("a thousand said in figures is taken: %v", err)
	}
}

// TestAloudLong holds that a text made to be slow is read in time that grows with its length.
func TestAloudLong(t *testing.T) {
	r := northern(t)
	for _, piece := range []string{"a.", "A.", "1.", "1-", "1/", "0 12 ", "(BHYT) ", "https://a.b/", "a'", "12:30-", "1,000"} {
		text := strings.Repeat(piece, 40_000/len(piece))
		if out := r.Aloud(text); out == "" {
			t.Errorf("%q many times is read as nothing", piece)
		}
	}
}
