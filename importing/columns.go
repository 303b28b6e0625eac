// Package importing turns the rows of a spreadsheet into people to add and fields to change, and says why a row cannot be
// taken. It is pure: it is handed the rows, the areas and the people already known, and never writes anything.
package importing

import (
	"slices"
	"strings"

	"loa/vn"
)

// Field is what a column can mean.
type Field string

// The fields of a list of people. A column that means none of them is kept in the error file and otherwise ignored.
const (
	Name        Field = "name"
	LastName    Field = "last_name" // a list that splits the name: family and middle names here, the given name in GivenName
	GivenName   Field = "given_name"
	Born        Field = "born"
	Sex         Field = "sex"
	Ethnic      Field = "ethnic"
	Language    Field = "language"
	Literacy    Field = "literacy"
	Poverty     Field = "poverty"
	PovertyFrom Field = "poverty_from"
	PovertyTo   Field = "poverty_to"
	Occupation  Field = "occupation"
	Village     Field = "village"
	Commune     Field = "commune"
	Household   Field = "household" // its number in the list
	Relation    Field = "relation"
	Phone       Field = "phone"
	PhoneOwner  Field = "phone_owner"
	NationalID  Field = "national_id"
	SINumber    Field = "si_number"
	HIUntil     Field = "hi_until"
	HIGroup     Field = "hi_group"
	VSIUntil    Field = "vsi_until"
	Address     Field = "address"
	Note        Field = "note"
	ConsentSMS  Field = "consent_sms"
	ConsentCall Field = "consent_call"
	ConsentZalo Field = "consent_zalo"
)

// Fields in the order the mapping offers them.
var Fields = []Field{Name, LastName, GivenName, Born, Sex, Ethnic, Language, Literacy, Poverty, PovertyFrom, PovertyTo, Occupation, Village, Commune,
	Household, Relation, Phone, PhoneOwner, NationalID, SINumber, HIUntil, HIGroup, VSIUntil, Address, Note, ConsentSMS, ConsentCall, ConsentZalo}

// headings are the words lists use, accents and blanks left out. An exact match wins; otherwise the longest heading that the
// column's own begins with.
var headings = map[Field][]string{
	Name:        {"hovaten", "hoten", "hovatendem", "tennguoithamgia", "hotennguoithamgia", "fullname", "name", "personname"},
	LastName:    {"ho", "hodem", "hovadem", "hovachudem", "surname", "lastname", "familyname"},
	GivenName:   {"ten", "tengoi", "givenname", "firstname"},
	Born:        {"ngaysinh", "ngaythangnamsinh", "namsinh", "ngaynamsinh", "sinhngay", "dateofbirth", "birthdate", "birthyear", "yearofbirth", "dob", "born"},
	Sex:         {"gioitinh", "phai", "namnu", "sex", "gender"},
	Ethnic:      {"dantoc", "ethnic", "ethnicgroup", "ethnicity"},
	Language:    {"tiengnoi", "ngonngu", "tieng", "language"},
	Literacy:    {"biết chữ", "bietchu", "docchu", "trinhdochu", "literacy"},
	Poverty:     {"dienho", "hongheo", "doituongho", "dienhongheo", "loaiho", "ngheocanngheo", "poverty", "povertystatus"},
	PovertyFrom: {"hongheotungay", "dienhotungay", "povertyfrom"},
	PovertyTo:   {"hongheodenngay", "dienhodenngay", "povertyto", "povertyuntil"},
	Occupation:  {"nghenghiep", "nghe", "congviec", "occupation", "job"},
	Village:     {"thonban", "thon", "ban", "thontodanpho", "todanpho", "khudancu", "doi", "xom", "ap", "tenthon", "tenban", "tenthonban", "thuocthon", "bantodanpho", "village", "hamlet"},
	Commune:     {"xaphuong", "xa", "phuong", "xaphuongthitran", "thuocxa", "tenxa", "xacutru", "commune", "ward"},
	Household:   {"maho", "mahogiadinh", "soho", "sohokhau", "sosohokhau", "household", "householdcode", "householdid", "householdno"},
	Relation:    {"quanhevoichuho", "quanhechuho", "quanhe", "moiquanhevoichuho", "relation", "relationtohead"},
	Phone:       {"sodienthoai", "dienthoai", "sdt", "dtdd", "didong", "phone", "telephone", "mobile", "phonenumber", "sodtdd", "sodt", "dt", "lienhe"},
	PhoneOwner:  {"dienthoaicuaai", "chusodienthoai", "chumay", "phoneowner"},
	NationalID:  {"socccd", "cccd", "cccdcmnd", "socccdcmnd", "cmnd", "socmnd", "cancuoc", "cancuoccongdan", "socancuoc", "sodinhdanh", "sodinhdanhcanhan", "sddcn", "madinhdanh", "nationalid", "idnumber"},
	SINumber:    {"masobhxh", "mabhxh", "sosobhxh", "sobhxh", "maso bhxh", "sinumber", "socialinsurancenumber"},
	HIUntil:     {"hanthe", "hanthebhyt", "thebhytdenngay", "hansudung", "giatriden", "giatrithedenngay", "denngay", "hicarduntil", "hiuntil"},
	HIGroup:     {"madoituong", "doituongbhyt", "madoituongbhyt", "nhomdoituong", "higroup"},
	VSIUntil:    {"bhxhtndenthang", "bhxhtunguyendenngay", "bhxhtndenngay", "dadongden", "dongdenthang", "vsiuntil", "voluntarysiuntil"},
	Address:     {"diachi", "noio", "choo", "address"},
	Note:        {"ghichu", "note", "notes", "remark", "remarks"},
	ConsentSMS:  {"dongynhantin", "dongysms", "consentsms"},
	ConsentCall: {"dongygoidien", "dongygoi", "consentcall"},
	ConsentZalo: {"dongyzalo", "consentzalo"},
}

var exact = func() map[string]Field {
	out := map[string]Field{}
	for f, words := range headings {
		for _, w := range words {
			out[vn.Key(w)] = f
		}
	}
	return out
}()

// Mapping says what each column means, by column counted from 0.
type Mapping map[int]Field

// Guess reads a row of headings. A field is given to the first column that claims it.
func Guess(row []string) Mapping {
	m := Mapping{}
	taken := map[Field]bool{}
	give := func(col int, f Field) {
		if f != "" && !taken[f] && m[col] == "" {
			m[col], taken[f] = f, true
		}
	}
	for col, text := range row {
		give(col, exact[vn.Key(text)])
	}
	for col, text := range row {
		if m[col] == "" {
			give(col, byBeginning(text))
		}
	}
	if !taken[Name] && taken[GivenName] && !taken[LastName] { // "Tên" alone is the whole name
		m[m.column(GivenName)] = Name
	}
	return m
}

// shortStarts are short words that say what a column is when a heading begins with them and goes on: "SĐT liên hệ", "Nghề hiện nay".
var shortStarts = []string{"sdt", "dtdd", "cccd", "cmnd", "sddcn", "nghe", "thon", "dob"}

// byBeginning knows "Họ và tên (chữ in hoa)" by its first words. Short headings would fit too much, so all but a few of them have to
// be the whole heading.
func byBeginning(heading string) Field {
	key := vn.Key(heading)
	if strings.Contains(key, "chuho") && !strings.Contains(key, "quanhe") {
		return "" // the head's own name or number, repeated on the row of each member
	}
	best, found := 0, Field("")
	for word, f := range exact {
		if len(word) >= 5 && len(word) > best && len(key) > len(word) && key[:len(word)] == word {
			best, found = len(word), f
		}
	}
	if first := vn.Words(vn.Fold(heading)); found == "" && len(first) > 1 && slices.Contains(shortStarts, first[0]) {
		return exact[first[0]]
	}
	return found
}

// Names says whether the mapping can name people at all.
func (m Mapping) Names() bool {
	return m.column(Name) >= 0 || m.column(GivenName) >= 0 && m.column(LastName) >= 0
}

func (m Mapping) column(f Field) int {
	for col, g := range m {
		if g == f {
			return col
		}
	}
	return -1
}

// FindHeadings looks for the row of headings among the first rows: the one in which most columns are known.
func FindHeadings(rows [][]string) (row int, m Mapping, ok bool) {
	best := 0
	for i, cells := range rows {
		g := Guess(cells)
		if g.Names() && len(g) > best {
			best, row, m, ok = len(g), i, g, true
		}
	}
	return row, m, ok
}
