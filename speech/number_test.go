package speech

import (
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// slowly reads a number another way: figure by figure from the left, each by its place and its neighbours.
func slowly(n int64) string {
	s := strconv.FormatInt(n, 10)
	for len(s)%3 != 0 {
		s = "_" + s
	}
	var b strings.Builder
	heard := false
	for i := 0; i < len(s); i++ {
		group, place := s[i/3*3:i/3*3+3], i%3
		c := s[i]
		switch silent := group == "000" && len(strings.Trim(s, "_")) > 1; {
		case c == '_' || silent:
		case place == 0:
			b.WriteString(figureName(c) + " trăm ")
		case place == 1 && c == '0':
			if group[2] != '0' {
				b.WriteString("linh ")
			}
		case place == 1 && c == '1':
			b.WriteString("mười ")
		case place == 1:
			b.WriteString(figureName(c) + " mươi ")
		case c == '0':
			if strings.Trim(s, "_") == "0" {
				b.WriteString("không ")
			}
		case c == '1' && group[1] >= '2' && group[1] <= '9':
			b.WriteString("mốt ")
		case c == '4' && group[1] >= '2' && group[1] <= '9':
			b.WriteString("tư ")
		case c == '5' && group[1] >= '1' && group[1] <= '9':
			b.WriteString("lăm ")
		default:
			b.WriteString(figureName(c) + " ")
		}
		if place != 2 {
			continue
		}
		heard = heard || group != "000"
		after := (len(s) - i - 1) / 3
		switch {
		case after == 3 && heard:
			b.WriteString("tỷ ")
		case group == "000":
		case after == 1 || after == 4:
			b.WriteString("nghìn ")
		case after == 2 || after == 5:
			b.WriteString("triệu ")
		}
	}
	return strings.TrimSpace(b.String())
}

func figureName(c byte) string {
	for i, w := range strings.Fields("không một hai ba bốn năm sáu bảy tám chín") {
		if byte('0'+i) == c {
			return w
		}
	}
	return "?"
}

func TestNumber(t *testing.T) {
	for n, want := range map[int64]string{
		0: "không", 1: "một", 4: "bốn", 5: "năm", 10: "mười", 11: "mười một", 14: "mười bốn", 15: "mười lăm", 20: "hai mươi", 21: "hai mươi mốt", 24: "hai mươi tư", 25: "hai mươi lăm", 100: "một trăm",
		101: "một trăm linh một", 104: "một trăm linh bốn", 105: "một trăm linh năm", 110: "một trăm mười", 115: "một trăm mười lăm", 1000: "một nghìn", 1001: "một nghìn không trăm linh một",
		1_000_000: "một triệu", 1_000_005: "một triệu không trăm linh năm", 2_026: "hai nghìn không trăm hai mươi sáu", 1_000_000_000_000: "một nghìn tỷ", 1_005_000_000_000: "một nghìn không trăm linh năm tỷ", -5: "âm năm",
	} {
		if got := (Style{}).Number(n); got != want {
			t.Errorf("%d is said %q, want %q", n, got, want)
		}
	}
	for n := int64(0); n < 20_000; n++ {
		if got, want := (Style{}).Number(n), slowly(n); got != want {
			t.Fatalf("%d is said %q, read slowly %q", n, got, want)
		}
	}
	if got := (Style{}).Number(-1 << 63); !strings.HasPrefix(got, "âm chín tỷ hai trăm hai mươi ba triệu") {
		t.Errorf("the least number is said %q", got)
	}
}

func TestNumberProperty(t *testing.T) {
	st := Style{}
	r := northern(t)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 1_000_000_000_000).Draw(t, "n")
		if rapid.Bool().Draw(t, "round") { // noughts are where readers go wrong
			for _, size := range []int64{1_000, 1_000_000, 1_000_000_000} {
				if rapid.Bool().Draw(t, "cut") {
					n = n/size*size + n%(size/1000)
				}
			}
		}
		want := slowly(n)
		if got := st.Number(n); got != want {
			t.Fatalf("%d is said %q, read slowly %q", n, got, want)
		}
		if got := r.Aloud(want); got != want {
			t.Fatalf("%q is read again as %q", want, got)
		}
	})
}

func TestRoman(t *testing.T) {
	for n := 1; n < 400; n++ {
		if got, ok := roman(inRoman(n)); !ok || got != n {
			t.Errorf("%s is read %d", inRoman(n), got)
		}
	}
	for _, s := range []string{"", "IIII", "VX", "IC", "IVI", "ABC", "XXL ", "iv", "CCCC"} {
		if n, ok := roman(s); ok {
			t.Errorf("%q is read %d", s, n)
		}
	}
}

func TestSyllable(t *testing.T) {
	for _, w := range strings.Fields("BÀ CON KÍNH THƯA NGHIÊNG QUYẾT GÌ GIẾNG UỶ Ý KHUYA XỬ ĐƯỜNG YÊU OAI QUỐC THUẾ HUYỆN TOÀN") {
		if !isSyllable(w) {
			t.Errorf("%s is no syllable", w)
		}
	}
	for _, w := range strings.Fields("BHXH ABC UBND ILO QK SMS STEM NGH") {
		if isSyllable(w) {
			t.Errorf("%s is a syllable", w)
		}
	}
}
