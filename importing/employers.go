package importing

import (
	"strings"

	"loa/sheet"
	"loa/vn"
)

// EmployerColumns says what the columns of an official list of employers mean, counted from 0; -1 where there is no such column.
type EmployerColumns struct {
	Code, Name, Commune, Employees, Contact, Phone int
}

// GuessEmployers reads a row of headings; ok is false when it names no employer or counts nobody.
func GuessEmployers(row []string) (c EmployerColumns, ok bool) {
	c = EmployerColumns{-1, -1, -1, -1, -1, -1}
	known := []struct {
		at    *int
		words []string
	}{
		{&c.Code, []string{"madonvi", "madv", "masodonvi", "madonvibhxh", "madonvisudunglaodong", "madinhdanhdonvi", "ma", "code", "employercode", "unitcode"}},
		{&c.Name, []string{"tendonvi", "tendv", "tendonvisudunglaodong", "donvisudunglaodong", "donvi", "tendoanhnghiep", "doanhnghiep", "tencoquan", "coquan", "ten", "employer", "employername", "company", "name"}},
		{&c.Employees, []string{"solaodong", "sold", "laodong", "tongsolaodong", "solaodongthamgia", "solaodongdongbhxh", "songuoi", "songuoithamgia", "sothamgia", "soluonglaodong", "soluong", "employees", "numberofemployees",
			"headcount", "workers", "count"}},
		{&c.Commune, []string{"xaphuong", "xa", "phuong", "diaban", "xaphuongthitran", "tenxa", "commune", "ward", "area"}},
		{&c.Contact, []string{"nguoilienhe", "lienhe", "nguoiphutrach", "daumoi", "contact", "contactperson"}},
		{&c.Phone, []string{"sodienthoai", "dienthoai", "sdt", "phone", "telephone"}},
	}
	claim := func(fits func(key, word string) bool) {
		for col, text := range row {
			key := vn.Key(text)
			if key == "" || c.has(col) {
				continue
			}
			best, at := 0, (*int)(nil)
			for _, k := range known {
				for _, w := range k.words {
					if *k.at < 0 && len(w) > best && fits(key, w) {
						best, at = len(w), k.at
					}
				}
			}
			if at != nil {
				*at = col
			}
		}
	}
	claim(func(key, word string) bool { return key == word })
	claim(func(key, word string) bool { return len(word) >= 5 && strings.HasPrefix(key, word) }) // "Số lao động tham gia BHXH bắt buộc"
	return c, c.Employees >= 0 && (c.Code >= 0 || c.Name >= 0)
}

func (c EmployerColumns) has(col int) bool {
	return col == c.Code || col == c.Name || col == c.Commune || col == c.Employees || col == c.Contact || col == c.Phone
}

// EmployerRow is one employer as an official list writes it.
type EmployerRow struct {
	No                                  int // its row in the file
	Code, Name, Commune, Contact, Phone string
	Employees                           int
	Fault                               string // why the row cannot be taken; empty when it can
}

// totals are the words before a sum at the end of a list.
var totals = map[string]bool{"cong": true, "tong": true, "tong cong": true, "tong so": true, "total": true, "sum": true}

// ReadEmployer reads one row; false when it is no employer but a total, a signature or blank.
func ReadEmployer(c EmployerColumns, row sheet.Row) (EmployerRow, bool) {
	text := func(col int) string { return vn.Tidy(row.Text(col)) }
	e := EmployerRow{No: row.Number, Code: text(c.Code), Name: text(c.Name), Commune: text(c.Commune), Contact: text(c.Contact), Phone: text(c.Phone)}
	number := text(c.Employees)
	for _, said := range []string{e.Code, e.Name, text(0)} {
		if f := vn.Fold(said); totals[f] || strings.HasPrefix(f, "tong so ") || strings.HasPrefix(f, "tong cong ") && !strings.HasPrefix(f, "tong cong ty") {
			return e, false
		}
	}
	if e.Code == "" && (e.Name == "" || number == "") { // without code and number it is a heading or a signature
		return e, false
	}
	n, err := vn.ParseNumber(number)
	switch {
	case number == "":
		e.Fault = "no_number"
	case err != nil || n < 0 || n > 10000000:
		e.Fault = "bad_number"
	default:
		e.Employees = int(n)
	}
	return e, true
}
