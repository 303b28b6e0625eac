package speech

import (
	"slices"
	"strings"
	"testing"
)

// TestPace holds the estimate to what espeak-ng took for 76 words.
func TestPace(t *testing.T) {
	for rate, tenths := range map[int]int{120: 395, 140: 329, 160: 285, 175: 255} {
		measured := 76 * 600 / tenths
		if got := Pace(rate); got < measured-3 || got > measured+3 {
			t.Errorf("the pace at %d is %d, measured %d", rate, got, measured)
		}
	}
	if Pace(0) != 115 || Pace(10) != Pace(80) || Pace(9999) != Pace(250) {
		t.Error("a rate out of hand is not kept in bounds")
	}
}

func TestSeconds(t *testing.T) {
	r := northern(t)
	for _, c := range []struct {
		text          string
		rate, seconds int
	}{
		{"", 0, 0}, {"Xin", 0, 1}, {strings.Repeat("xin ", 115), 0, 60}, {strings.Repeat("xin ", 116), 120, 61}, {strings.Repeat("xin ", 76), 120, 40}, {strings.Repeat("xin ", 161), 160, 60},
		{"BHXH 12.500.000 đ", 0, 6}, // eleven words: bảo hiểm xã hội, mười hai triệu năm trăm nghìn đồng
	} {
		if got := r.Seconds(c.text, c.rate); got != c.seconds {
			t.Errorf("%.20q at %d takes %d s, want %d", c.text, c.rate, got, c.seconds)
		}
	}
}

func TestLevel(t *testing.T) {
	long := strings.Repeat("bà con đi ra nhà ", 8)
	for _, c := range []struct {
		name, text string
		grade      int
		hard       []Hard
	}{
		{"nothing", " ... ", 1, nil},
		{"plain", "Bà con ra nhà văn hóa lúc bảy giờ. Nhớ mang theo thẻ. Cán bộ sẽ chỉ cách đóng.", 1, nil},
		{"long sentence", long + ".", 5, []Hard{LongSentences, OneSentence}},
		{"one long among short", long[:len(long)/5*4] + ". Nhớ nhé. Đi đi. Ra nhà. Về nhé.", 2, []Hard{OneSentence}},
		{"short forms", "UBND xã và BHXH mời NLĐ ra nhà.", 4, []Hard{ShortForms}},
		{"a point that ends nothing", "Bà con ta nhớ rủ nhau vào ngay trong TP. Lạng Sơn rồi ra nhà văn hóa mà nghe cán bộ chỉ cách đóng.", 4, []Hard{LongSentences, ShortForms}},
		{"figures", "Đóng 100 hay 200 đồng.", 4, []Hard{Figures}},
		{"law", "Theo 159/2025/NĐ-CP bà con được nhà nước lo.", 2, []Hard{Documents}},
		{"long words", "Chương trình khuyến nghị nghiêng về facebook marketing.", 4, []Hard{LongWords}},
		{"headline", "KÍNH MỜI BÀ CON RA NHÀ", 1, nil},
	} {
		got := Level(c.text)
		if got.Grade != c.grade || !slices.Equal(got.Hard, c.hard) {
			t.Errorf("%s: grade %d for %v (%+v), want %d for %v", c.name, got.Grade, got.Hard, got, c.grade, c.hard)
		}
	}
	if got := Level("Một hai. Ba!\nBốn năm sáu"); got.Sentences != 3 || got.Words != 6 || got.Longest != 3 {
		t.Errorf("counted %+v", got)
	}
}
