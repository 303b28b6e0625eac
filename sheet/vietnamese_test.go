package sheet

import (
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// as1258 writes vowels with their tone behind them, as Windows does.
func as1258(t testing.TB, s string) []byte {
	t.Helper()
	var out []byte
	for _, r := range s {
		if c, ok := charmap.Windows1258.EncodeRune(r); ok {
			out = append(out, c)
			continue
		}
		var tone rune
		base := strings.Map(func(r rune) rune {
			if strings.ContainsRune("\u0300\u0301\u0303\u0309\u0323", r) {
				tone = r
				return -1
			}
			return r
		}, norm.NFD.String(string(r)))
		vowel, _ := utf8.DecodeRuneInString(norm.NFC.String(base))
		for _, r := range []rune{vowel, tone} {
			c, ok := charmap.Windows1258.EncodeRune(r)
			if !ok {
				t.Fatalf("%q is not in Windows-1258", r)
			}
			out = append(out, c)
		}
	}
	return out
}

// asTCVN3 writes toned capitals as the small letters that a capital font shows large.
func asTCVN3(t testing.TB, s string) []byte {
	t.Helper()
	codes := map[rune]byte{}
	for c, r := range tcvn3Table {
		if r != 0 {
			codes[r] = byte(c)
		}
	}
	var out []byte
	for _, r := range s {
		c, ok := codes[r]
		if !ok {
			c, ok = codes[[]rune(strings.ToLower(string(r)))[0]]
		}
		if r < 0x80 {
			c, ok = byte(r), true
		}
		if !ok {
			t.Fatalf("%q is not in TCVN3", r)
		}
		out = append(out, c)
	}
	return out
}

func asVNI(t testing.TB, s string) []byte {
	t.Helper()
	codes := map[rune]string{}
	for pair, r := range vniPairs {
		codes[r] = string(pair[:])
	}
	for code, r := range vniAlone {
		codes[r] = string(code)
	}
	var out []byte
	for _, r := range s {
		text, ok := codes[r]
		if !ok {
			text = string(r)
		}
		b, err := charmap.Windows1252.NewEncoder().String(text)
		if err != nil {
			t.Fatalf("%q is not in VNI: %v", r, err)
		}
		out = append(out, b...)
	}
	return out
}

// asLatin is what a file holds when old bytes became Unicode letters one by one.
func asLatin(b []byte) string {
	text, _ := charmap.Windows1252.NewDecoder().Bytes(b)
	return string(text)
}

// TestOldTables pins the tables to texts whose bytes are known from files of their time.
func TestOldTables(t *testing.T) {
	for _, c := range []struct {
		decode   func([]byte) ([]byte, error)
		in, want string
	}{
		{decodeTCVN3, "C\xE9ng h\xDFa x\xB7 h\xE9i ch\xF1 ngh\xDCa Vi\xD6t Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{decodeTCVN3, "\xA7\xE9c l\xCBp - T\xF9 do - H\xB9nh ph\xF3c", "Độc lập - Tự do - Hạnh phúc"},
		{decodeTCVN3, "L\xDF TH\xDE \xD8", "LÒ THỊ Ỉ"},
		{decodeVNI, "Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"},
		{decodeVNI, "Ñoäc laäp - Töï do - Haïnh phuùc", "Độc lập - Tự do - Hạnh phúc"},
		{decodeVNI, "ÑÖÔØNG PHAN ÑÌNH PHUØNG, QUAÄN 3, kyõ sö, Myõ", "ĐƯỜNG PHAN ĐÌNH PHÙNG, QUẬN 3, kỹ sư, Mỹ"},
	} {
		in := []byte(c.in)
		if utf8.ValidString(c.in) {
			b, err := charmap.Windows1252.NewEncoder().Bytes(in)
			if err != nil {
				t.Fatal(err)
			}
			in = b
		}
		if got, err := c.decode(in); err != nil || string(got) != c.want {
			t.Errorf("%q: %q %v, want %q", c.in, got, err, c.want)
		}
	}
}

func TestSyllables(t *testing.T) {
	for _, yes := range []string{"Nguyễn", "GIÀNG", "Mỷ", "quốc", "khuỷu", "nghiêng", "gì", "yêu", "ưu", "Đoàn", "xoăn", "Huổi", "Trẳng", "ạ", "quýt", "giếng"} {
		if !isSyllable(yes) {
			t.Errorf("%q is one", yes)
		}
	}
	for _, no := range []string{"NguyÔn", "V¨n", "Müller", "Zoë", "xx", "trh", "Hoøa", "", "ngữhh", "mặn\u0301"} {
		if isSyllable(no) {
			t.Errorf("%q is none", no)
		}
	}
}
