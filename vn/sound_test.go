package vn

import "testing"

func TestSoundKeySame(t *testing.T) {
	for _, group := range [][]string{
		{"Giàng A Chứ", "Dàng A Trứ", "GIANG A CHU", "Ràng A Chư", "Jàng A Chứ"},
		{"Sùng Thị Dua", "Xùng Thị Rua", "Sung Thi Giua"},
		{"Vừ A Dế", "Vù A Dê", "Wừ A Zế"},
		{"Lý Mẩy Muội", "Lí Mảy Muôi", "Ly Mấy Muội"},
		{"Lò Văn Nam", "Nò Văn Lam"},
		{"Hạng Thị Mỷ", "Hạng Thị Mỉ"},
		{"Quàng Văn Ón", "Cuàng Văn Óng"},
		{"Bạc Cầm Khánh", "Bạt Cầm Khán"},
		{"Thào A Kỷ", "Thào A Cỷ"},
		{"Nghềnh", "Ngền"},
		{"Lường Thị Ích", "Lươn Thị Ít"},
		{"Tráng A Phử", "Cháng A Fử"},
		{"Gì", "Dì", "Rỳ"},
	} {
		for _, other := range group[1:] {
			if a, b := SoundKey(group[0]), SoundKey(other); a != b {
				t.Errorf("SoundKey(%q) = %q, SoundKey(%q) = %q", group[0], a, other, b)
			}
		}
	}
}

func TestSoundKeyDifferent(t *testing.T) {
	for _, pair := range [][2]string{
		{"Vàng A Chù", "Giàng A Chù"}, // two clans
		{"Lò Thị Hoa", "Lò Thị Hà"},
		{"Thào A Páo", "Thào A Bảo"},
		{"Mùa A Tú", "Mùa A Thú"},
		{"Khứ", "Cứ"},
		{"Nga", "Na"},
		{"Nhà", "Na"},
		{"Tòng", "Tồm"},
		{"Lò Văn An", "Lò An"},
	} {
		if a, b := SoundKey(pair[0]), SoundKey(pair[1]); a == b {
			t.Errorf("%q and %q share the key %q", pair[0], pair[1], a)
		}
	}
	if got := SoundKey(" "); got != "" {
		t.Errorf("SoundKey of nothing = %q", got)
	}
}

func BenchmarkSoundKey(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		sink = SoundKey("Giàng A Chứ")
	}
}
