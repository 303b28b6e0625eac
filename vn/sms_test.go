package vn_test

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"loa/vn"
)

// letters134 are all accented letters of Vietnamese, both cases.
const letters134 = "áàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵđ" + "ÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴĐ"

// TestSplitSMSLengths holds the checked figures: where one message becomes two and two become three.
func TestSplitSMSLengths(t *testing.T) {
	for _, c := range []struct {
		text  string
		wide  bool
		units int
		parts []int // in units
	}{
		{"", false, 0, []int{0}},
		{strings.Repeat("ạ", 70), true, 70, []int{70}},
		{strings.Repeat("ạ", 71), true, 71, []int{67, 4}},
		{strings.Repeat("ạ", 134), true, 134, []int{67, 67}},
		{strings.Repeat("ạ", 135), true, 135, []int{67, 67, 1}},
		{strings.Repeat("a", 160), false, 160, []int{160}},
		{strings.Repeat("a", 161), false, 161, []int{153, 8}},
		{strings.Repeat("a", 306), false, 306, []int{153, 153}},
		{strings.Repeat("a", 307), false, 307, []int{153, 153, 1}},
		{strings.Repeat("€", 80), false, 160, []int{160}},
		{strings.Repeat("€", 81), false, 162, []int{152, 10}},                                // 76 pairs: the 77th would be cut
		{strings.Repeat("a", 152) + "€" + strings.Repeat("a", 7), false, 161, []int{152, 9}}, // the pair moves on whole
		{strings.Repeat("a", 151) + "€" + strings.Repeat("a", 8), false, 161, []int{153, 8}},
		{strings.Repeat("ạ", 66) + "😀" + strings.Repeat("ạ", 3), true, 71, []int{66, 5}}, // so do surrogates
		{strings.Repeat("ạ", 65) + "😀" + strings.Repeat("ạ", 4), true, 71, []int{67, 4}},
		{strings.Repeat("a", 159) + "ạ", true, 160, []int{67, 67, 26}}, // one letter costs two messages more
		{norm.NFD.String(strings.Repeat("ệ", 70)), true, 70, []int{70}},
	} {
		m := vn.SplitSMS(c.text)
		var got []int
		for _, p := range m.Parts {
			if m.Wide {
				got = append(got, len(utf16.Encode([]rune(p))))
			} else {
				n, ok := vn.Septets(p)
				if !ok {
					t.Errorf("%.20q: a part does not fit", c.text)
				}
				got = append(got, n)
			}
		}
		if m.Wide != c.wide || m.Units != c.units || len(got) != len(c.parts) {
			t.Errorf("%.20q… is wide %v, %d units in %v, want %v, %d in %v", c.text, m.Wide, m.Units, got, c.wide, c.units, c.parts)
			continue
		}
		for i := range got {
			if got[i] != c.parts[i] {
				t.Errorf("%.20q… is cut into %v, want %v", c.text, got, c.parts)
				break
			}
		}
	}
}

// TestSMSSentence: the same sentence costs one message without accents and two with them, and a fifth more when its accents lie apart.
func TestSMSSentence(t *testing.T) {
	const sentence = "Kính mời bà con thôn Đồng Tâm đến nhà văn hóa nghe về bảo hiểm xã hội tự nguyện lúc 8 giờ sáng thứ Bảy."
	accented, plain := vn.SplitSMS(sentence), vn.SplitSMS(vn.Unaccent(sentence))
	if accented.Units != 103 || !accented.Wide || len(accented.Parts) != 2 {
		t.Errorf("with accents: %d units in %d", accented.Units, len(accented.Parts))
	}
	if plain.Units != 103 || plain.Wide || len(plain.Parts) != 1 {
		t.Errorf("without: %d septets in %d", plain.Units, len(plain.Parts))
	}
	apart := norm.NFD.String(sentence)
	if n := len(utf16.Encode([]rune(apart))); n <= 103 {
		t.Errorf("apart it would take %d units", n)
	}
	if m := vn.SplitSMS(apart); m.Units != 103 || m.Text != sentence {
		t.Errorf("apart it takes %d units", m.Units)
	}
}

func TestGSMAlphabet(t *testing.T) {
	for text, want := range map[string]int{"a": 1, "@": 1, "à": 1, "è": 1, "é": 1, "ì": 1, "ò": 1, "ù": 1, "É": 1, "\n": 1, "^": 2, "{": 2, "}": 2, `\`: 2, "[": 2, "~": 2, "]": 2, "|": 2, "€": 2, "": 0, "Δ": 1, "_": 1} {
		if n, ok := vn.Septets(text); !ok || n != want {
			t.Errorf("%q takes %d septets (%v), want %d", text, n, ok, want)
		}
	}
	for _, r := range letters134 {
		_, ok := vn.Septets(string(r))
		if want := strings.ContainsRune("àèéìòùÉ", r); ok != want {
			t.Errorf("%c fits: %v, want %v", r, ok, want)
		}
	}
	for _, text := range []string{"`", "\t", "đ", "“", "–", "₫", "😀", "\x1b", "\x00", "\ufffd", "ç"} {
		if _, ok := vn.Septets(text); ok {
			t.Errorf("%q is taken for a letter of the alphabet", text)
		}
	}
	for text, want := range map[string]string{"@£$": "\x00\x01\x02", "_[€]": "\x11\x1b\x3c\x1b\x65\x1b\x3e", "Ç\nØ": "\x09\x0a\x0b", "aà": "\x61\x7f", "ÄÖÑÜ§¿": "\x5b\x5c\x5d\x5e\x5f\x60", "¡": "\x40", "¤": "\x24", "ÆæßÉ": "\x1c\x1d\x1e\x1f"} {
		if got, ok := vn.EncodeGSM(text); !ok || string(got) != want {
			t.Errorf("%q is % x, want % x", text, got, want)
		}
		if got := vn.DecodeGSM([]byte(want)); got != text {
			t.Errorf("% x is %q, want %q", want, got, text)
		}
	}
	for coded, want := range map[string]string{"\x1b": " ", "\x1b\x1b": " ", "\x1bA": "A", "\x80": "\ufffd", "\x1b\xff": "\ufffd"} {
		if got := vn.DecodeGSM([]byte(coded)); got != want {
			t.Errorf("% x is %q, want %q", coded, got, want)
		}
	}
}

func TestUnaccent(t *testing.T) {
	if n := utf8.RuneCountInString(letters134); n != 134 {
		t.Fatalf("%d letters", n)
	}
	for _, form := range []string{letters134, norm.NFD.String(letters134)} {
		got := vn.Unaccent(form)
		want := strings.Repeat("a", 17) + strings.Repeat("e", 11) + strings.Repeat("i", 5) + strings.Repeat("o", 17) + strings.Repeat("u", 11) + strings.Repeat("y", 5) + "d"
		if want += strings.ToUpper(want); got != want {
			t.Errorf("the letters become %q, want %q", got, want)
		}
	}
	for text, want := range map[string]string{
		"":                    "",
		"Đóng 200.000₫/tháng": "Dong 200.000d/thang",
		"“Lương hưu” – ‘sổ’ — hỏi…":        "\"Luong huu\" - 'so' - hoi...",
		"8\u00a0giờ\u2009sáng\tthứ Bảy":    "8 gio sang thu Bay",
		"một\u200b hai\ufeff ba\u00ad bốn": "mot hai ba bon",
		"a\r\nb\nc":                        "a\nb\nc",
		"≥ 15 năm, ½ lương, 30 °C":         ">= 15 nam, 1/2 luong, 30 oC",
		"Ðồng thuận":                       "Dong thuan", // eth, a common slip
		"😀 vui":                            "😀 vui",
		"ꪼꪕ":                               "ꪼꪕ", // Thái, whose vowels are marks
		"й":                                "й",  // an accent of another script is a letter of it
		"a\xffb":                           "ab",
	} {
		if got := vn.Unaccent(text); got != want {
			t.Errorf("%q becomes %q, want %q", text, got, want)
		}
	}
}

// TestSMSPropertySplit: the parts are the text, none is too long, and every one is valid.
func TestSMSPropertySplit(t *testing.T) {
	letters := []rune("aB1 @€{}[]~|^\\\n" + letters134 + "😀🏠“”…中́̉")
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.RuneFrom(letters), 0, 400, -1).Draw(t, "text")
		if rapid.Bool().Draw(t, "plain") {
			s = strings.Map(func(r rune) rune {
				if n, ok := vn.Septets(string(r)); !ok || n == 0 {
					return 'x'
				}
				return r
			}, s)
		}
		for _, m := range []vn.SMS{vn.SplitSMS(s), vn.SplitWideSMS(s)} {
			if strings.Join(m.Parts, "") != m.Text || m.Text != norm.NFC.String(s) {
				t.Fatalf("the parts are not the text")
			}
			alone, part := 160, 153
			if m.Wide {
				alone, part = 70, 67
			}
			sum := 0
			for i, p := range m.Parts {
				n := len(utf16.Encode([]rune(p)))
				if !m.Wide {
					coded, ok := vn.EncodeGSM(p)
					if !ok || vn.DecodeGSM(coded) != p {
						t.Fatalf("%q is not what it becomes", p)
					}
					n = len(coded)
				}
				if limit := part; len(m.Parts) == 1 && n > alone || len(m.Parts) > 1 && n > limit || len(m.Parts) > 1 && n == 0 || !utf8.ValidString(p) {
					t.Fatalf("part %d of %d has %d", i, len(m.Parts), n)
				}
				if i < len(m.Parts)-1 && n < part-1 {
					t.Fatalf("part %d of %d has only %d", i, len(m.Parts), n)
				}
				sum += n
			}
			if sum != m.Units || (len(m.Parts) > 1) != (sum > alone) {
				t.Fatalf("%d units in %d parts, %d counted", m.Units, len(m.Parts), sum)
			}
		}
	})
}

// TestSMSPropertyUnaccent: it changes nothing twice, leaves no Vietnamese accent, and does not mind how accents are written.
func TestSMSPropertyUnaccent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.StringOf(rapid.RuneFrom([]rune(letters134+" abc.,“”…–₫")))).Draw(t, "text")
		got := vn.Unaccent(s)
		if again := vn.Unaccent(got); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
		if strings.ContainsAny(got, letters134) {
			t.Fatalf("%q keeps accents", got)
		}
		if apart := vn.Unaccent(norm.NFD.String(s)); apart != got {
			t.Fatalf("%q, apart %q", got, apart)
		}
		if strings.Trim(s, letters134+" abc.,“”…–₫") == "" {
			if _, ok := vn.Septets(got); !ok {
				t.Fatalf("%q does not fit", got)
			}
		}
	})
}
