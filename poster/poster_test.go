package poster

import (
	"bytes"
	"image/png"
	"strings"
	"testing"
)

func TestAPosterIsWhatNetworksTake(t *testing.T) {
	code := make([][]bool, 29)
	for i := range code {
		code[i] = make([]bool, 29)
		code[i][i] = true
	}
	plain, err := Draw(Poster{})
	if err != nil {
		t.Fatal(err)
	}
	for name, p := range map[string]Poster{
		"short":         {Office: "BHXH cơ sở Tủa Chùa", Headline: "Mỗi tháng 231.000 đồng, về già có lương hưu.", Note: "Luật 41/2024/QH15", Link: "loa.vn/s/abc234", Call: "Hỏi cán bộ: 0215 3845 123", Code: code},
		"long":          {Office: strings.Repeat("Bảo hiểm xã hội ", 20), Headline: strings.Repeat("Bà con nhớ nhé, ", 60), Note: strings.Repeat("Luật ", 80), Link: strings.Repeat("a", 300), Call: strings.Repeat("b ", 200)},
		"other letters": {Headline: "ꪼꪕ 傣 🙂"},
	} {
		raw, err := Draw(p)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(raw))
		if err != nil || img.Bounds().Dx() != Width || img.Bounds().Dy() != Height || len(raw) > 300<<10 {
			t.Errorf("%s: %d bytes, %v, %v", name, len(raw), img.Bounds(), err)
		}
		again, _ := Draw(p)
		if !bytes.Equal(raw, again) {
			t.Errorf("%s: drawn twice it is another picture", name)
		}
		if name != "other letters" && bytes.Equal(raw, plain) {
			t.Errorf("%s: nothing is written", name)
		}
	}
}

// TestEveryVietnameseLetterIsThere: a letter without a shape would be left out of a name.
func TestEveryVietnameseLetterIsThere(t *testing.T) {
	all, err := weights()
	if err != nil {
		t.Fatal(err)
	}
	for w, fonts := range all {
		p, err := fonts.pen(40)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵAÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐÊỀỂỄẾỆÔỒỔỖỐỘƠỜỞỠỚỢƯỪỬỮỨỰỲỶỸÝỴ0123456789.,:;!?%/()–“”…jwzfJWZF" {
			if p.face(r) == nil {
				t.Errorf("thickness %d has no %q", w, r)
			}
		}
	}
	if _, err := unpack([]byte("wOF2")); err == nil {
		t.Error("something else is unpacked")
	}
}
