package vn

import (
	"slices"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"":                          "",
		"   ":                       "",
		"--":                        "",
		"ha noi":                    "ha noi",
		"Giàng A Chứ":               "giang a chu",
		"ĐIỆN BIÊN":                 "dien bien",
		"Điện Biên":                 "dien bien",
		"  Lò  Thị—Hương. ":         "lo thi huong",
		"hoà":                       "hoa",
		"hòa":                       "hoa",
		"thuỷ tuý":                  "thuy tuy",
		"H'Hen Niê":                 "h hen nie",
		"TP. Hồ Chí Minh":           "tp ho chi minh",
		"Xã Sáng Nhè (Xá Nhè)":      "xa sang nhe xa nhe",
		"BHYT-2025/01":              "bhyt 2025 01",
		"ưƯơƠăĂâÂêÊôÔđĐ":            "uuooaaaaeeoodd",
		"\u200bTủa\u00a0Chùa\ufeff": "tua chua",
		"Ｔủａ　Chùa":                  "tua chua",
		"Ðặng":/* eth for Đ */ "dang",
		"bad\xffbyte":        "bad byte",
		"José Müller":        "jose muller",
		"İstanbul":           "istanbul",
		"ẞ":                  "ß",
		"漢字 Vietnam":         "漢字 vietnam",
		"ĐỒNG\tBẰNG\r\nSÔNG": "dong bang song",
		"₫ 5":                "5",
	} {
		if got := Fold(in); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
		if got := Fold(norm.NFD.String(in)); got != want {
			t.Errorf("Fold(NFD %q) = %q, want %q", in, got, want)
		}
	}
}

// TestFoldEveryLetter spells out the whole alphabet with all tones, so that no
// table can lose a letter.
func TestFoldEveryLetter(t *testing.T) {
	for want, spellings := range map[string]string{
		"a": "aàảãáạăằẳẵắặâầẩẫấậAÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ",
		"e": "eèẻẽéẹêềểễếệEÈẺẼÉẸÊỀỂỄẾỆ",
		"i": "iìỉĩíịIÌỈĨÍỊ",
		"o": "oòỏõóọôồổỗốộơờởỡớợOÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ",
		"u": "uùủũúụưừửữứựUÙỦŨÚỤƯỪỬỮỨỰ",
		"y": "yỳỷỹýỵYỲỶỸÝỴ",
		"d": "dđDĐ",
	} {
		for _, r := range spellings {
			for _, form := range []string{string(r), norm.NFD.String(string(r))} {
				if got := Fold(form); got != want {
					t.Errorf("Fold(%q) = %q, want %q", form, got, want)
				}
			}
		}
	}
}

func TestKey(t *testing.T) {
	for in, want := range map[string]string{
		"Họ và tên":       "hovaten",
		"HỌ  VÀ TÊN (*)":  "hovaten",
		"ho_va_ten":       "hovaten",
		"Ngày sinh\n(DD)": "ngaysinhdd",
		"Số ĐT":           "sodt",
		"漢 字":             "漢字",
		"":                "",
	} {
		if got := Key(in); got != want {
			t.Errorf("Key(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestWords(t *testing.T) {
	if got := Words(Fold("Giàng A Chứ")); !slices.Equal(got, []string{"giang", "a", "chu"}) {
		t.Errorf("Words = %q", got)
	}
	if got := Words(""); len(got) != 0 {
		t.Errorf("Words of nothing = %q", got)
	}
}

func TestTidy(t *testing.T) {
	for in, want := range map[string]string{
		"  Lò\tThị  Hương\n":              "Lò Thị Hương",
		norm.NFD.String("Điện Biên"):      "Điện Biên",
		"Vừ\u200b A\u00a0Dính\ufeff\x00x": "Vừ A Dính x",
		"\xff":                            "",
	} {
		if got := Tidy(in); got != want {
			t.Errorf("Tidy(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestFoldEveryRune asks of each rune there is what the fuzz test asks of texts.
func TestFoldEveryRune(t *testing.T) {
	for r := rune(0); r <= utf8.MaxRune; r++ {
		s := "a" + string(r) + "a"
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("%U: Fold = %q, again %q", r, once, twice)
		}
		if nfd := Fold(norm.NFD.String(s)); nfd != Fold(norm.NFC.String(s)) {
			t.Errorf("%U: decomposed %q, composed %q", r, nfd, Fold(norm.NFC.String(s)))
		}
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Giàng A Chứ", "đ\u0323", "ﬁ ½ Ⅷ", "\xff\xfe", "ǅ ϓ ẛ̣", "K'Brôi", "𝔄𝓑", "ൻ์"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, again %q", s, once, twice)
		}
		if !utf8.ValidString(once) {
			t.Errorf("Fold(%q) = %q is not UTF-8", s, once)
		}
		if nfd := Fold(norm.NFD.String(s)); utf8.ValidString(s) && nfd != Fold(norm.NFC.String(s)) {
			t.Errorf("Fold(%q): decomposed %q, composed %q", s, nfd, Fold(norm.NFC.String(s)))
		}
		for _, w := range Words(once) {
			if w == "" {
				t.Errorf("Words(%q) holds an empty word", once)
			}
		}
		key := SortKey(s)
		for i := range len(key) {
			if key[i] >= utf8.RuneSelf {
				t.Fatalf("SortKey(%q) = %q is not ASCII", s, key)
			}
		}
		Initials(s)
		SoundKey(s)
		Tidy(s)
	})
}

var sink string

func BenchmarkFold(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sink = Fold("Nguyễn Thị Phượng")
	}
}

func BenchmarkFoldFolded(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sink = Fold("nguyen thi phuong")
	}
}
