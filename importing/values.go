package importing

import (
	"strconv"
	"strings"
	"unicode"

	"loa"
	"loa/sheet"
	"loa/vn"
)

// words turns what lists write into Loa's own words; keys have no accents and no blanks.
var words = map[Field]map[string]string{
	Sex: {"nam": "male", "trai": "male", "male": "male", "m": "male", "1": "male", "nu": "female", "gai": "female", "female": "female", "f": "female", "0": "female"},
	Ethnic: {"mong": "mong", "hmong": "mong", "hmoong": "mong", "meo": "mong", "thai": "thai", "kinh": "kinh", "viet": "kinh", "dao": "dao", "khomu": "kho_mu", "khmu": "kho_mu",
		"hoa": "hoa", "xaphang": "hoa", "phula": "phu_la", "khac": "other", "other": "other"},
	Language: {"tiengviet": "vietnamese", "viet": "vietnamese", "kinh": "vietnamese", "vietnamese": "vietnamese", "mong": "mong", "tiengmong": "mong", "hmong": "mong", "thai": "thai",
		"tiengthai": "thai", "dao": "dao", "tiengdao": "dao", "khomu": "kho_mu", "tiengkhomu": "kho_mu", "hoa": "hoa", "khac": "other", "other": "other"},
	Literacy: {"biet": "reads", "bietchu": "reads", "docduoc": "reads", "reads": "reads", "docit": "little", "it": "little", "little": "little", "khong": "none", "khongbiet": "none",
		"khongbietchu": "none", "muchu": "none", "none": "none"},
	Poverty: {"ngheo": "poor", "hongheo": "poor", "hn": "poor", "poor": "poor", "canngheo": "near_poor", "hocanngheo": "near_poor", "hcn": "near_poor", "cn": "near_poor", "nearpoor": "near_poor",
		"khong": "other", "trungbinh": "other", "kha": "other", "khac": "other", "other": "other", "thoatngheo": "other"},
	Occupation: {"nongdan": "farmer", "lamnong": "farmer", "lamruong": "farmer", "nongnghiep": "farmer", "trongtrot": "farmer", "farmer": "farmer", "tieuthuong": "small_trader", "buonban": "small_trader",
		"trader": "small_trader", "smalltrader": "small_trader", "tudo": "freelancer", "laodongtudo": "freelancer", "lamthue": "freelancer", "freelancer": "freelancer", "congnhan": "employee", "vienchuc": "employee", "congchuc": "employee",
		"giaovien": "employee", "canbo": "employee", "nhanvien": "employee", "employee": "employee", "chuhokinhdoanh": "business_owner", "hokinhdoanh": "business_owner", "businessowner": "business_owner",
		"hocsinh": "pupil", "sinhvien": "pupil", "pupil": "pupil", "student": "pupil", "khac": "other", "other": "other"},
	Relation: {"chuho": "head", "head": "head", "vo": "spouse", "chong": "spouse", "vochong": "spouse", "spouse": "spouse", "con": "child", "contrai": "child", "congai": "child", "conde": "child", "child": "child",
		"bo": "parent", "me": "parent", "cha": "parent", "bome": "parent", "parent": "parent", "anh": "sibling", "chi": "sibling", "em": "sibling", "anhchiem": "sibling", "sibling": "sibling",
		"chau": "grandchild", "chaunoi": "grandchild", "grandchild": "grandchild", "condau": "in_law", "conre": "in_law", "inlaw": "in_law", "khac": "other", "other": "other"},
	PhoneOwner: {"chinhchu": "self", "cuaminh": "self", "self": "self", "vo": "spouse", "chong": "spouse", "spouse": "spouse", "con": "child", "child": "child", "bo": "parent", "me": "parent", "parent": "parent",
		"hangxom": "neighbour", "neighbour": "neighbour", "truongthon": "village_head", "truongban": "village_head", "villagehead": "village_head", "nguoithan": "relative", "relative": "relative"},
}

// yes and no on a list.
var answers = map[string]bool{"co": true, "dongy": true, "x": true, "yes": true, "y": true, "1": true, "true": true, "khong": false, "khongdongy": false, "tuchoi": false, "no": false, "n": false, "0": false, "false": false}

// Value is one understood cell.
type Value struct {
	Text string // in Loa's own words
	Code string // why the cell cannot be understood; empty when it can
}

// Understand reads a cell as a field. An empty cell says nothing and is no error.
func Understand(f Field, c sheet.Cell, today loa.Day) Value {
	text := strings.TrimSpace(c.Text)
	if text == "" {
		return Value{}
	}
	if list, ok := words[f]; ok {
		key := vn.Key(text)
		if w, ok := list[key]; ok {
			return Value{Text: w}
		}
		if w := loosely(f, key); w != "" {
			return Value{Text: w}
		}
		return Value{Code: "bad_" + string(f)}
	}
	switch f {
	case Born:
		return born(c, today)
	case PovertyFrom, PovertyTo, HIUntil, VSIUntil:
		return day(c, f)
	case Phone:
		if p, ok := vn.Phone(text); ok {
			return Value{Text: p}
		}
		return Value{Code: "bad_phone"}
	case NationalID:
		return number(c, 12, "bad_national_id", loa.CheckNationalID)
	case SINumber:
		return number(c, 10, "bad_si_number", loa.CheckSINumber)
	case ConsentSMS, ConsentCall, ConsentZalo:
		if yes, ok := answers[vn.Key(text)]; ok {
			return Value{Text: strconv.FormatBool(yes)}
		}
		return Value{Code: "bad_consent"}
	}
	if len(text) > 2000 {
		return Value{Code: "cell_too_long"}
	}
	if f == Name || f == LastName || f == GivenName {
		return Value{Text: nameCase(vn.Tidy(text))}
	}
	return Value{Text: vn.Tidy(text)}
}

// nameCase gives a name that a list writes in capitals, or in small letters throughout, the letters it has on an ID card.
func nameCase(s string) string {
	if s != strings.ToUpper(s) && s != strings.ToLower(s) {
		return s
	}
	first := true
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsMark(r) {
			first = true
			return r
		}
		if first {
			first = false
			return unicode.ToUpper(r)
		}
		return unicode.ToLower(r)
	}, s)
}

// born reads dd/mm/yyyy, an Excel date or a year alone; the answer is yyyy-mm-dd or yyyy.
func born(c sheet.Cell, today loa.Day) Value {
	y, m, d, ok := date(c)
	thisYear, _, _ := today.Parts()
	switch {
	case !ok || y < thisYear-130 || y > thisYear:
		return Value{Code: "bad_born"}
	case m == 0 || d == 0: // a month says no more than its year here
		return Value{Text: strconv.Itoa(y)}
	}
	on := loa.MakeDay(y, m, d)
	if on > today {
		return Value{Code: "bad_born"}
	}
	return Value{Text: string(on)}
}

// day reads a date; a month alone (mm/yyyy) means its last day, which is how covers are written.
func day(c sheet.Cell, f Field) Value {
	y, m, d, ok := date(c)
	switch {
	case !ok || y < 1990 || y > 2100:
		return Value{Code: "bad_" + string(f)}
	case m == 0:
		return Value{Text: string(loa.MakeDay(y, 12, 31))}
	case d == 0:
		return Value{Text: string(loa.MakeMonth(y, m).Last())}
	}
	return Value{Text: string(loa.MakeDay(y, m, d))}
}

// date finds a day, a month or a year in a cell: day or month are 0 when they are not said.
func date(c sheet.Cell) (y, m, d int, ok bool) {
	text := strings.TrimSpace(c.Text)
	if c.Kind == sheet.KindDate && len(text) >= 10 {
		return parts(text[:4], text[5:7], text[8:10])
	}
	if c.Kind == sheet.KindNumber && c.Serial >= 1900 && c.Serial <= 2100 && c.Serial == float64(int(c.Serial)) {
		return int(c.Serial), 0, 0, true
	}
	if c.Kind == sheet.KindNumber && c.Serial > 3000 && c.Serial < 100000 {
		return serial(int(c.Serial), c.Mac)
	}
	f := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '-' || r == '.' || r == ' ' })
	switch len(f) {
	case 1:
		if len(f[0]) == 4 {
			return parts(f[0], "0", "0")
		}
		if n, err := strconv.Atoi(f[0]); err == nil && n > 3000 && n < 100000 { // a serial in a CSV file that Excel wrote
			return serial(n, false)
		}
	case 2:
		if len(f[1]) == 4 {
			return parts(f[1], f[0], "0")
		}
		if len(f[0]) == 4 {
			return parts(f[0], f[1], "0")
		}
	case 3:
		if len(f[0]) == 4 {
			return parts(f[0], f[1], f[2])
		}
		if len(f[2]) == 4 {
			return parts(f[2], f[1], f[0])
		}
	}
	return 0, 0, 0, false
}

func parts(ys, ms, ds string) (y, m, d int, ok bool) {
	y, err1 := strconv.Atoi(ys)
	m, err2 := strconv.Atoi(ms)
	d, err3 := strconv.Atoi(ds)
	if err1 != nil || err2 != nil || err3 != nil || m < 0 || m > 12 || d < 0 || d > 31 || m == 0 && d != 0 {
		return 0, 0, 0, false
	}
	if d > 0 {
		if _, mm, dd := loa.MakeDay(y, m, d).Parts(); mm != m || dd != d {
			return 0, 0, 0, false
		}
	}
	return y, m, d, true
}

// serial is Excel's day number: 1 is 1900-01-01, and 60 is a 29 February that never was; a Mac book counts from 1904.
func serial(n int, mac bool) (y, m, d int, ok bool) {
	base := loa.Day("1899-12-30")
	if mac {
		base = "1904-01-01"
	}
	y, m, d = base.Add(n).Parts()
	return y, m, d, true
}

// number reads digits that Excel may have turned into a number and so robbed of their leading zeros.
func number(c sheet.Cell, digits int, code string, check func(string) error) Value {
	text := strings.Map(func(r rune) rune {
		if r == ' ' || r == '.' || r == '-' || r == '\'' {
			return -1
		}
		return r
	}, c.Text)
	if c.Kind == sheet.KindNumber {
		text = strconv.FormatInt(int64(c.Serial), 10)
	}
	if len(text) < digits && len(text) >= digits-3 && strings.Trim(text, "0123456789") == "" {
		text = strings.Repeat("0", digits-len(text)) + text
	}
	if check(text) != nil {
		return Value{Code: code}
	}
	return Value{Text: text}
}
