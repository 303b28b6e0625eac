package importing

import (
	"fmt"
	"strings"
	"testing"

	"loa"
	"loa/sheet"
	"loa/vn"
)

// places are two villages of one commune; "Chung" is the name of one in each of two communes.
type places struct{}

func (places) Village(village, commune string) (loa.AreaID, string) {
	if commune != "" && vn.Fold(commune) != "sin" {
		return "", "commune_unknown"
	}
	switch vn.Fold(village) {
	case "hang la":
		return "v1", ""
	case "ta phin":
		return "v2", ""
	case "chung":
		return "", "village_twice"
	case "":
		return "", "no_village"
	}
	return "", "village_unknown"
}

func (places) Holds(id loa.AreaID) bool { return strings.HasPrefix(string(id), "v") }

// listReader reads a list given as lines of cells separated by bars, the headings first.
type listReader struct {
	rd  *Reader
	reg *Register
	at  int
}

func list(headings string, known ...*Known) *listReader {
	people, homes := 0, 0
	l := &listReader{reg: NewRegister(), at: 1}
	for _, k := range known {
		l.reg.Add(k)
	}
	l.rd = NewReader(Guess(strings.Split(headings, "|")), today, Tools{Areas: places{},
		Blind:  func(f Field, plain string) string { return "blind " + plain },
		NewID:  func() loa.PersonID { people++; return loa.PersonID(fmt.Sprint("new", people)) },
		HomeID: func() loa.HouseholdID { homes++; return loa.HouseholdID(fmt.Sprint("home", homes)) }})
	return l
}

func (l *listReader) row(cells string) Row {
	l.at++
	row := sheet.Row{Number: l.at}
	for _, c := range strings.Split(cells, "|") {
		row.Cells = append(row.Cells, text(c))
	}
	r := l.rd.Read(row)
	l.rd.Match(&r, l.reg)
	return r
}

func (r Row) says() string {
	out := r.Outcome
	if r.Reason != "" {
		out += " " + r.Reason
	}
	return out
}

func (r Row) change(f string) string {
	for _, c := range r.Changes {
		if c.Field == f {
			return c.Old + "→" + c.New
		}
	}
	return ""
}

func somebody(name string, fields map[Field]string) *Known {
	k := &Known{ID: loa.PersonID("known " + name), Name: name, Folded: vn.Fold(name), Area: "v1", Fields: map[Field]string{Name: name}}
	for f, v := range fields {
		k.Fields[f] = v
	}
	k.BornYear, k.BornOn = BirthOf(fields[Born])
	return k
}

func TestOutcomesOfRows(t *testing.T) {
	const headings = "Họ tên|Năm sinh|Giới tính|Bản|Số CCCD|Điện thoại"
	register := func() []*Known {
		twin := somebody("Lò Thị Hai", map[Field]string{Born: "1980"})
		twin.ID = "twin"
		far := somebody("Sùng A Xa", map[Field]string{NationalID: "blind 011090000009"})
		far.Area = "elsewhere"
		return []*Known{
			somebody("Vừ A Dế", map[Field]string{Born: "1990", Sex: "male", NationalID: "blind 011090000001", Phone: "+84912345678"}),
			somebody("Lò Thị Hai", map[Field]string{Born: "1980"}), twin, far,
			somebody("Giàng Thị Mỷ", map[Field]string{Born: "1985-06-05"}),
		}
	}
	for _, c := range []struct{ row, want string }{
		{"Mùa A Mới|1991|Nam|Háng Là||", "new"},
		{"Vừ A Dế|1990|Nam|Háng Là|011090000001|0912345678", "same"},
		{"Vừ A Dế||||011090000001|", "error no_village"},
		{"VỪ A DẾ|1990||Háng Là||", "same"},
		{"Vu A De|1990||Háng Là||", "same"}, // fewer accents are no news
		{"Vừ A Dề|1990||Háng Là||", "changed"},
		{"Vừ A Dế|||Háng Là||", "same"}, // empty cells change nothing
		{"Vừ A Dế|12/03/1990||Háng Là||", "changed"},
		{"Giàng Thị Mỷ|1985||Háng Là||", "same"}, // the register knows more
		{"Vừ A Dế|1990|Nam|Háng Là|011090000001|0987654321", "changed"},
		{"Vừ A Dế|1990|Nữ|Háng Là|011090000001|", "conflict other_sex"},
		{"Vừ A Dế|1989|Nam|Háng Là|011090000001|", "conflict other_born"},
		{"Lường Văn Khác|1990|Nam|Háng Là|011090000001|", "conflict other_name"},
		{"Vừ A Dế|1990|Nam|Tả Phìn|011090000001|", "conflict other_village"},
		{"Lò Thị Hai|1980||Háng Là||", "conflict fits_several"},
		{"Sùng A Xa|1990||Háng Là|011090000009|", "conflict elsewhere"},
		{"|1990||Háng Là||", "error no_name"},
		{"Vừ A Dế|1990||Chung||", "error village_twice"},
		{"Vừ A Dế|1990||Bản Lạ||", "error village_unknown"},
		{"Vừ A Dế|31/02/1990||Háng Là||", "error bad_born"},
		{"Vừ A Dế|1990||Háng Là|12|", "error bad_national_id"},
	} {
		r := list(headings, register()...).row(c.row)
		if r.says() != c.want {
			t.Errorf("%s: %s, want %s", c.row, r.says(), c.want)
		}
		if r.Wrong() && len(r.Changes) > 0 {
			t.Errorf("%s: it is %s and would change %v", c.row, r.says(), r.Changes)
		}
	}
	if r := list(headings, register()...).row("Sùng A Xa|1990||Háng Là|011090000009|"); r.Person != "" {
		t.Error("somebody outside the scope is named")
	}
}

func TestTwiceInOneList(t *testing.T) {
	l := list("Họ tên|Năm sinh|Bản|Số CCCD", somebody("Vừ A Dế", map[Field]string{Born: "1990"}))
	for _, c := range []struct{ row, want string }{
		{"Vừ A Dế|1990|Háng Là|", "same"},
		{"Vừ A Dế|1990|Háng Là|", "conflict twice_in_file"},
		{"Mùa A Mới|1991|Háng Là|", "new"},
		{"Mùa A Mới|1991|Háng Là|", "conflict twice_in_file"},
		{"Mùa A Mới|1992|Háng Là|", "new"},
		{"Cà Văn Một|1970|Háng Là|011090000003", "new"},
		{"Cà Văn Hai|1971|Tả Phìn|011090000003", "conflict id_twice_in_file"},
	} {
		if r := l.row(c.row); r.says() != c.want {
			t.Errorf("%s: %s, want %s", c.row, r.says(), c.want)
		}
	}
}

func TestHouseholdsOfAList(t *testing.T) {
	l := list("Họ tên|Năm sinh|Bản|Mã hộ|Quan hệ")
	l.reg.AddHome("H1", "v1", Home{ID: "kept", Head: "somebody"})
	for _, c := range []struct{ row, says, home string }{
		{"Vừ A Một|1960|Háng Là|H1|Con", "new", "join→kept"},
		{"Vừ A Hai|1961|Háng Là|H1|Chủ hộ", "conflict other_head", ""},
		{"Vừ A Ba|1962|Háng Là|H2|Vợ", "new", "make→home1"},
		{"Vừ A Bốn|1963|Háng Là|H2|Chủ hộ", "new", "join→home1"},
		{"Vừ A Năm|1964|Háng Là|H2|Chủ hộ", "conflict two_heads", ""},
		{"Vừ A Sáu|1965|Tả Phìn|H2|Con", "new", "make→home2"}, // a number counts inside its village
		{"Vừ A Bảy|1966|Háng Là||", "new", ""},
	} {
		if r := l.row(c.row); r.says() != c.says || r.change(HomeChange) != c.home {
			t.Errorf("%s: %s %q, want %s %q", c.row, r.says(), r.change(HomeChange), c.says, c.home)
		}
	}
}

// TestHouseholdsWithoutNumbers: a list that only says who is head and who belongs to whom goes from head to head.
func TestHouseholdsWithoutNumbers(t *testing.T) {
	head := somebody("Lò Văn Chủ", map[Field]string{Born: "1950", Relation: "head"})
	head.Household = "kept"
	l := list("Họ tên|Năm sinh|Bản|Quan hệ", head)
	for _, c := range []struct{ row, home string }{
		{"Vừ A Một|1960|Háng Là|Chủ hộ", "make→home1"},
		{"Vừ Thị Hai|1961|Háng Là|Vợ", "join→home1"},
		{"Cà A Ba|1962|Tả Phìn|Con", ""}, // no head before it in its village
		{"Lò Văn Chủ|1950|Háng Là|Chủ hộ", ""},
		{"Lò Thị Con|1980|Háng Là|Con", "join→kept"},
		{"Sai Ngày|31/02/1960|Háng Là|Chủ hộ", ""},
		{"Con Của Sai|1985|Háng Là|Con", ""}, // whose child it is nobody knows
	} {
		if r := l.row(c.row); r.change(HomeChange) != c.home {
			t.Errorf("%s: %s %q, want %q", c.row, r.says(), r.change(HomeChange), c.home)
		}
	}
}

func TestHouseholdsOfKnownPeople(t *testing.T) {
	const headings = "Họ tên|Năm sinh|Bản|Mã hộ|Quan hệ"
	homeless := somebody("Vừ A Một", map[Field]string{Born: "1960"})
	unnumbered := somebody("Vừ A Hai", map[Field]string{Born: "1961"})
	unnumbered.Household = "kept"
	numbered := somebody("Vừ A Ba", map[Field]string{Born: "1962-05-04", Household: "H9", Relation: "child"})
	numbered.Household = "nine"
	l := list(headings, homeless, unnumbered, numbered)
	l.reg.AddHome("H7", "v1", Home{ID: "seven", Head: "x"})
	for _, c := range []struct{ row, says, home string }{
		{"Vừ A Một|1960|Háng Là|H7|", "changed", "join→seven"},
		{"Vừ A Hai|1961|Háng Là|H5|", "changed", "number→kept"},
		{"Vừ A Ba|04/05/1962|Háng Là|H7|", "conflict other_household", ""},
	} {
		if r := l.row(c.row); r.says() != c.says || r.change(HomeChange) != c.home {
			t.Errorf("%s: %s %q, want %s %q", c.row, r.says(), r.change(HomeChange), c.says, c.home)
		}
	}
	for row, want := range map[string]string{
		"Vừ A Ba|1962|Háng Là|H9|Con":           "same",
		"Vừ A Ba|05/06/1962|Háng Là|H9|Con":     "conflict other_born",
		"Vừ A Ba|04/05/1962|Háng Là|H1|":        "same", // another numbering
		"Vừ A Ba|1962|Háng Là|H1|":              "conflict other_household",
		"Vừ A Ba|04/05/1962|Háng Là|H9|Chủ hộ":  "conflict other_head",
		"Vừ A Một|1960|Háng Là||Con":            "changed",
		"Vừ A Hai|1961|Háng Là||":               "same",
		"Vừ Thị Khác|1962|Háng Là|H1|Chủ hộ":    "new",
		"Vừ A Ba|05/06/1962|Háng Là|H1|Chủ hộ":  "new",
		"Vừ A Ba|1999|Háng Là|H1|Chủ hộ|sai gì": "new",
	} {
		if r := list(headings, homeless, unnumbered, numbered).row(row); r.says() != want {
			t.Errorf("%s: %s, want %s", row, r.says(), want)
		}
	}
}

// TestConsentNeverChangesUnlessAColumnSaysSo reads the same people with and without such a column.
func TestConsentNeverChangesUnlessAColumnSaysSo(t *testing.T) {
	agreed := func() *Known {
		return somebody("Vừ A Dế", map[Field]string{Born: "1990", ConsentSMS: "true", ConsentZalo: "false"})
	}
	r := list("Họ tên|Năm sinh|Bản|Điện thoại|Ghi chú", agreed()).row("Vừ A Dế|1990|Háng Là|0987654321|đồng ý nhắn tin: không")
	if r.Outcome != "changed" || r.change("consent_sms")+r.change("consent_zalo")+r.change("consent_call") != "" {
		t.Errorf("without a column: %v", r.Changes)
	}
	r = list("Họ tên|Năm sinh|Bản|Đồng ý nhắn tin|Đồng ý Zalo", agreed()).row("Vừ A Dế|1990|Háng Là||không")
	if r.Outcome != "same" {
		t.Errorf("an empty cell and what was said already: %s %v", r.says(), r.Changes)
	}
	r = list("Họ tên|Năm sinh|Bản|Đồng ý nhắn tin", agreed()).row("Vừ A Dế|1990|Háng Là|không")
	if r.Outcome != "changed" || r.change("consent_sms") != "true→false" {
		t.Errorf("a refusal: %s %v", r.says(), r.Changes)
	}
	if got := Consents("p", map[Field]string{Name: "x", Phone: "y"}, "file", today); len(got) != 0 {
		t.Errorf("consents out of nothing: %v", got)
	}
}

// TestCardsSayWhoPays: the letters of the group on a card tell whose card it is, for new people too.
func TestCardsSayWhoPays(t *testing.T) {
	for group, want := range map[string]loa.Scheme{"GD": loa.HouseholdHI, "HN": loa.HI, "DT": loa.HI} {
		r := list("Họ tên|Bản|Thẻ BHYT đến ngày|Mã đối tượng").row("Vừ A Dế|Háng Là|31/12/2026|" + group)
		values := map[Field]string{}
		for _, c := range r.Changes {
			values[Field(c.Field)] = c.New
		}
		got := Covers("p", values, "file", today)
		if len(got) != 1 || got[0].Scheme != want || got[0].Until != "2026-12-31" {
			t.Errorf("%s: %+v", group, got)
		}
		if (group == "GD") != (got[0].Payer == loa.PaysSelf) {
			t.Errorf("%s is paid by %s", group, got[0].Payer)
		}
	}
}

// TestEditLeavesWhatAnOfficerChangedSince carries a comparison out on a record that is not the same any more.
func TestEditLeavesWhatAnOfficerChangedSince(t *testing.T) {
	p := loa.Person{Name: "Vừ A Dế", Phone: "+84999999999", BornYear: 1990, Sex: loa.Male}
	Edit(&p, []loa.FieldChange{{Field: "phone", Old: "+84912345678", New: "+84987654321"}, {Field: "born", Old: "1990", New: "1990-03-12"}, {Field: "ethnic", New: "mong"},
		{Field: HomeChange, Old: "join", New: "h"}, {Field: "national_id", New: "sealed"}}, map[Field]loa.Sealed{NationalID: {Index: "i", Tail: "001"}})
	if p.Phone != "+84999999999" || p.BornOn != "1990-03-12" || p.Ethnic != "mong" || p.Household != "h" || p.NationalID.Tail != "001" {
		t.Errorf("%+v", p)
	}
}

// FuzzList reads any text as a list: every row must come out with one outcome, a reason when it is wrong, and nothing to change then.
func FuzzList(f *testing.F) {
	f.Add("Họ tên|Năm sinh|Bản|Mã hộ|Quan hệ", "Vừ A Dế|1990|Háng Là|H1|Chủ hộ\nVừ Thị Mỷ|31/02/1990|Tả Phìn||Vợ")
	f.Add("Tên|Họ đệm|Số CCCD|Đồng ý Zalo|Bản|Thẻ BHYT đến ngày", "Dế|Vừ A|011090000001|x|Chung|2026")
	f.Fuzz(func(t *testing.T, headings, rows string) {
		l := list(headings, somebody("Vừ A Dế", map[Field]string{Born: "1990", NationalID: "blind 011090000001"}))
		for _, cells := range strings.SplitN(rows, "\n", 50) {
			r := l.row(cells)
			switch r.Outcome {
			case "new", "changed":
				if r.Person == "" || r.Area == "" || r.Name == "" || len(r.Changes) == 0 && r.Outcome == "changed" {
					t.Fatalf("%q: %+v", cells, r)
				}
			case "same":
				if r.Person == "" || len(r.Changes) > 0 {
					t.Fatalf("%q: %+v", cells, r)
				}
			case "conflict", "error":
				if r.Reason == "" || len(r.Changes) > 0 {
					t.Fatalf("%q: %+v", cells, r)
				}
			default:
				t.Fatalf("%q: outcome %q", cells, r.Outcome)
			}
			for _, c := range r.Changes {
				if strings.HasPrefix(c.Field, "consent") && !strings.Contains(vn.Key(headings), "dongy") && !strings.Contains(vn.Key(headings), "consent") {
					t.Fatalf("%q changes consent: %+v", cells, r.Changes)
				}
			}
		}
	})
}
