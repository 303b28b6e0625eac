package importing

import (
	"testing"

	"loa"
	"loa/sheet"
)

const today loa.Day = "2025-11-30"

func text(s string) sheet.Cell { return sheet.Cell{Kind: sheet.KindText, Text: s} }
func num(n float64, s string) sheet.Cell {
	return sheet.Cell{Kind: sheet.KindNumber, Serial: n, Text: s}
}

func TestBirthsAreReadAsListsWriteThem(t *testing.T) {
	for _, c := range []struct {
		name string
		cell sheet.Cell
		want string
	}{
		{"day first", text("12/03/1990"), "1990-03-12"},
		{"never month first", text("03/12/1990"), "1990-12-03"},
		{"one digit", text("1/2/1990"), "1990-02-01"},
		{"dots", text("12.03.1990"), "1990-03-12"},
		{"dashes", text("12-03-1990"), "1990-03-12"},
		{"year first", text("1990-03-12"), "1990-03-12"},
		{"year alone", text("1990"), "1990"},
		{"year as a number", num(1990, "1990"), "1990"},
		{"a month is only a year", text("03/1990"), "1990"},
		{"an Excel day", sheet.Cell{Kind: sheet.KindDate, Serial: 32944, Text: "1990-03-12"}, "1990-03-12"},
		{"a serial shown as a number", num(32944, "32944"), "1990-03-12"},
		{"the same in a book that counts from 1904", sheet.Cell{Kind: sheet.KindNumber, Serial: 32944 - 1462, Text: "31482", Mac: true}, "1990-03-12"},
		{"a serial in a CSV", text("32944"), "1990-03-12"},
		{"a leap day", text("29/02/1992"), "1992-02-29"},
		{"a day that never was", text("31/02/1990"), "!"},
		{"no leap day", text("29/02/1990"), "!"},
		{"month thirteen", text("12/13/1990"), "!"},
		{"tomorrow", text("01/12/2025"), "!"},
		{"next year", text("2026"), "!"},
		{"too long ago", text("1850"), "!"},
		{"two digits of a year say too little", text("12/03/90"), "!"},
		{"words", text("không rõ"), "!"},
		{"nothing", text("  "), ""},
	} {
		got := Understand(Born, c.cell, today)
		if c.want == "!" {
			if got.Code != "bad_born" || got.Text != "" {
				t.Errorf("%s: %+v, want bad_born", c.name, got)
			}
		} else if got.Text != c.want || got.Code != "" {
			t.Errorf("%s: %+v, want %q", c.name, got, c.want)
		}
	}
}

func TestCoversUntilAMonthLastToItsEnd(t *testing.T) {
	for in, want := range map[string]string{"11/2025": "2025-11-30", "02/2024": "2024-02-29", "2025": "2025-12-31", "15/06/2026": "2026-06-15"} {
		if got := Understand(HIUntil, text(in), today); got.Text != want {
			t.Errorf("%q is %+v, want %s", in, got, want)
		}
	}
}

func TestWordsOfLists(t *testing.T) {
	for _, c := range []struct {
		f        Field
		in, want string
	}{
		{Name, "VỪ A DẾ", "Vừ A Dế"}, {Name, "lò  thị h'mai", "Lò Thị H'Mai"}, {Name, "Mùa A Sử", "Mùa A Sử"},
		{Sex, "Nữ", "female"}, {Sex, "NAM", "male"}, {Sex, "nu", "female"}, {Sex, "?", "!bad_sex"},
		{Ethnic, "Mông", "mong"}, {Ethnic, "H'Mông", "mong"}, {Ethnic, "Xạ Phang", "hoa"}, {Ethnic, "Thái", "thai"},
		{Poverty, "Hộ nghèo", "poor"}, {Poverty, "Cận nghèo", "near_poor"}, {Poverty, "Không", "other"},
		{Occupation, "Làm nông", "farmer"}, {Occupation, "Lao động tự do", "freelancer"},
		{Relation, "Chủ hộ", "head"}, {Relation, "Vợ", "spouse"}, {Relation, "Con dâu", "in_law"}, {Relation, "Cháu nội", "grandchild"},
		{Ethnic, "Tày", "tay"}, {Ethnic, "Ê Đê", "e_de"}, {Ethnic, "Mông hoa", "mong"}, {Ethnic, "Bru - Vân Kiều", "bru_van_kieu"}, {Ethnic, "Lào", "lao"}, {Ethnic, "xyz", "!bad_ethnic"},
		{Poverty, "Hộ nghèo không có khả năng lao động", "poor"}, {Poverty, "Hộ không nghèo", "other"}, {Poverty, "Mới thoát nghèo", "other"}, {Poverty, "Hộ cận nghèo năm 2025", "near_poor"},
		{Occupation, "Nội trợ", "other"}, {Occupation, "Buôn bán nhỏ", "small_trader"}, {Occupation, "Thợ xây", "freelancer"}, {Occupation, "Hưu trí", "other"}, {Occupation, "Giáo viên mầm non", "employee"},
		{Occupation, "Chủ hộ kinh doanh ăn uống", "business_owner"}, {Occupation, "Làm nương rẫy", "farmer"}, {Occupation, "???", "!bad_occupation"},
		{Relation, "Con ruột", "child"}, {Relation, "Chủ hộ (nam)", "head"}, {Relation, "Mẹ vợ", "in_law"}, {Relation, "Vợ chủ hộ", "spouse"}, {Relation, "Cháu ngoại", "grandchild"},
		{Phone, "0912 345 678", "+84912345678"}, {Phone, "12", "!bad_phone"},
		{ConsentSMS, "có", "true"}, {ConsentSMS, "Từ chối", "false"}, {ConsentSMS, "chưa hỏi", "!bad_consent"},
		{NationalID, "011090000001", "011090000001"}, {NationalID, "011 090 000 001", "011090000001"}, {NationalID, "12", "!bad_national_id"},
	} {
		got := Understand(c.f, text(c.in), today)
		if code := "!" + got.Code; got.Code != "" && code != c.want || got.Code == "" && got.Text != c.want {
			t.Errorf("%s %q: %+v, want %s", c.f, c.in, got, c.want)
		}
	}
}

// TestNumbersGetTheirZerosBack: a column of ID numbers that Excel took for numbers has lost its leading zeros.
func TestNumbersGetTheirZerosBack(t *testing.T) {
	if got := Understand(NationalID, num(11090000001, "11090000001"), today); got.Text != "011090000001" {
		t.Errorf("%+v", got)
	}
	if got := Understand(SINumber, num(110000001, "110000001"), today); got.Text != "0110000001" {
		t.Errorf("%+v", got)
	}
}
