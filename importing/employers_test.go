package importing

import (
	"testing"

	"loa/sheet"
)

func TestEmployerColumnsAreGuessed(t *testing.T) {
	for what, row := range map[string]struct {
		head []string
		want EmployerColumns
	}{
		"Vietnamese":     {[]string{"STT", "Mã đơn vị", "Tên đơn vị", "Xã/phường", "Số lao động"}, EmployerColumns{1, 2, 3, 4, -1, -1}},
		"other order":    {[]string{"Số lao động tham gia BHXH bắt buộc", "Đơn vị sử dụng lao động", "Mã ĐV", "Người liên hệ", "SĐT"}, EmployerColumns{2, 1, -1, 0, 3, 4}},
		"no accents":     {[]string{"ma don vi", "ten don vi", "so ld"}, EmployerColumns{0, 1, -1, 2, -1, -1}},
		"English":        {[]string{"Employer", "Code", "Commune", "Employees"}, EmployerColumns{1, 0, 2, 3, -1, -1}},
		"name is enough": {[]string{"Tên đơn vị", "Số người"}, EmployerColumns{-1, 0, -1, 1, -1, -1}},
	} {
		if got, ok := GuessEmployers(row.head); !ok || got != row.want {
			t.Errorf("%s: %+v %v, want %+v", what, got, ok, row.want)
		}
	}
	for _, head := range [][]string{{"Mã đơn vị", "Tên đơn vị"}, {"Họ và tên", "Số lao động"}, {}} {
		if c, ok := GuessEmployers(head); ok {
			t.Errorf("%v is taken for a list of employers: %+v", head, c)
		}
	}
}

func TestEmployerRowsThatAreNone(t *testing.T) {
	c := EmployerColumns{1, 2, -1, 3, -1, -1}
	read := func(texts ...string) (EmployerRow, bool) {
		row := sheet.Row{Number: 7}
		for _, s := range texts {
			row.Cells = append(row.Cells, sheet.Cell{Text: s, Kind: sheet.KindText})
		}
		return ReadEmployer(c, row)
	}
	for _, row := range [][]string{{"", "", "", ""}, {"", "", "Tổng cộng", "120"}, {"Cộng", "", "", "120"}, {"", "", "Người lập biểu", ""}, {"Tổng số", "", "", "9"}} {
		if e, ok := read(row...); ok {
			t.Errorf("%v is taken for an employer: %+v", row, e)
		}
	}
	for want, row := range map[string][]string{"": {"1", "TC01", "Trường A", "1.015"}, "no_number": {"1", "TC01", "Trường A", ""}, "bad_number": {"1", "TC01", "Trường A", "12,5"}} {
		if e, ok := read(row...); !ok || e.Fault != want || want == "" && e.Employees != 1015 {
			t.Errorf("%v reads %+v %v, want fault %q", row, e, ok, want)
		}
	}
	for _, name := range []string{"Cộng Hưởng", "Tổng công ty Điện lực"} {
		if e, ok := read("3", "", name, "5"); !ok || e.Employees != 5 {
			t.Errorf("an employer whose name begins like a total: %+v %v", e, ok)
		}
	}
}
