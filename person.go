package loa

import (
	"time"

	"loa/vn"
)

// Sex is recorded as on the household book.
type Sex string

// The sexes; empty when not known.
const (
	Male   Sex = "male"
	Female Sex = "female"
)

// Closed lists of a person's attributes; the empty word always means "not known".
var (
	// EthnicGroups are the 54 of the nation, those of the north-west first; other stands for foreigners and what a list leaves open.
	EthnicGroups = []string{"mong", "thai", "kinh", "dao", "kho_mu", "hoa", "phu_la",
		"tay", "muong", "nung", "giay", "lao", "lu", "ha_nhi", "khang", "xinh_mun", "la_hu", "la_ha", "cong", "si_la", "mang", "lo_lo", "san_chay",
		"san_diu", "pa_then", "la_chi", "co_lao", "bo_y", "pu_peo", "ngai", "tho", "o_du", "chut", "bru_van_kieu", "ta_oi", "co_tu", "gie_trieng", "co", "hre",
		"xo_dang", "ba_na", "gia_rai", "e_de", "mnong", "brau", "ro_mam", "co_ho", "ma", "chu_ru", "ra_glai", "cham", "xtieng", "cho_ro", "khmer", "other"}
	Languages     = []string{"vietnamese", "mong", "thai", "dao", "kho_mu", "hoa", "other"}
	Literacies    = []string{"reads", "little", "none"}
	PovertyStates = []string{"poor", "near_poor", "other"}
	Occupations   = []string{"farmer", "small_trader", "freelancer", "employee", "business_owner", "pupil", "other"}
	Relations     = []string{"head", "spouse", "child", "parent", "sibling", "grandchild", "in_law", "other"}
	PhoneOwners   = []string{"self", "spouse", "child", "parent", "relative", "neighbour", "village_head"}
)

// Person is a member of the public we may address. A name and a village are enough.
type Person struct {
	ID          PersonID
	Office      OfficeID
	Area        AreaID
	Household   HouseholdID
	Name        string
	BornYear    int
	BornOn      Day // empty when only the year is known
	Sex         Sex
	Ethnic      string
	Language    string
	Literacy    string
	Poverty     string
	PovertyFrom Day
	PovertyTo   Day
	Occupation  string
	Relation    string // to the head of the household
	Phone       string // +84…
	PhoneOwner  string
	PhoneShared bool
	PhoneBad    bool // somebody tried it and it does not answer to this person
	NationalID  Sealed
	SINumber    Sealed
	Note        string
	MergedInto  PersonID
	CreatedAt   time.Time
	CreatedBy   OfficerID
	ChangeNo    int64
}

// Sealed is an ID number as it is kept: cipher text, a keyed index to find it by, and the last three digits to show.
type Sealed struct {
	Cipher []byte
	Index  string
	Tail   string
}

// Known says whether there is a number behind the seal.
func (s Sealed) Known() bool { return s.Index != "" }

// Masked shows the number without showing it, as long as the whole number is.
func (s Sealed) Masked(digits int) string {
	if !s.Known() {
		return ""
	}
	out := make([]rune, 0, digits)
	for i := 0; i < digits-len(s.Tail); i++ {
		out = append(out, '•')
	}
	return string(out) + s.Tail
}

// Age in whole years on a day; -1 when the year of birth is not known. With the year alone, the birthday counts as 1 January.
func (p Person) Age(on Day) int {
	if p.BornYear == 0 {
		return -1
	}
	y, m, d := on.Parts()
	age := y - p.BornYear
	if p.BornOn != "" {
		_, bm, bd := p.BornOn.Parts()
		if m < bm || m == bm && d < bd {
			age--
		}
	}
	return age
}

// PovertyOn is the poverty status that holds on a day: outside its dates it is not known.
func (p Person) PovertyOn(on Day) string {
	if p.Poverty == "" || p.PovertyFrom != "" && on < p.PovertyFrom || p.PovertyTo != "" && on > p.PovertyTo {
		return ""
	}
	return p.Poverty
}

// Reachable says whether a telephone can be tried.
func (p Person) Reachable() bool { return p.Phone != "" && !p.PhoneBad }

// Check refuses values outside the lists and dates that cannot be.
func (p Person) Check(today Day) error {
	lists := []struct {
		field, value string
		list         []string
	}{
		{"ethnic", p.Ethnic, EthnicGroups}, {"language", p.Language, Languages}, {"literacy", p.Literacy, Literacies},
		{"poverty", p.Poverty, PovertyStates}, {"occupation", p.Occupation, Occupations}, {"relation", p.Relation, Relations},
		{"phone_owner", p.PhoneOwner, PhoneOwners}, {"sex", string(p.Sex), []string{"male", "female"}},
	}
	for _, l := range lists {
		if l.value != "" && !OneOf(l.value, l.list) {
			return Refuse(Invalid, l.field, "not_in_list")
		}
	}
	y, _, _ := today.Parts()
	switch {
	case vn.Fold(p.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len(p.Name) > 200:
		return Refuse(Invalid, "name", "too_long", 200)
	case p.Area == "":
		return Refuse(Invalid, "area", "required")
	case p.BornYear != 0 && (p.BornYear < y-130 || p.BornYear > y):
		return Refuse(Invalid, "born", "out_of_range")
	case p.BornOn != "" && (!p.BornOn.Valid() || p.BornOn > today || p.BornOn.Time().Year() != p.BornYear):
		return Refuse(Invalid, "born", "bad_day")
	case p.PovertyFrom != "" && p.PovertyTo != "" && p.PovertyFrom > p.PovertyTo:
		return Refuse(Invalid, "poverty", "backwards")
	}
	return nil
}

// CheckNationalID accepts the 12 digits of a personal identification number.
func CheckNationalID(s string) error { return digits(s, 12, "national_id") }

// CheckSINumber accepts the 10 digits of a social-insurance number.
func CheckSINumber(s string) error { return digits(s, 10, "si_number") }

func digits(s string, n int, field string) error {
	if len(s) != n {
		return Refuse(Invalid, field, "digits", n)
	}
	for _, c := range s {
		if c < '0' || c > '9' {
			return Refuse(Invalid, field, "digits", n)
		}
	}
	return nil
}

// FieldVersion is one change of one field; the first value lives in the row.
type FieldVersion struct {
	ID         string
	Noun       string // person household session
	NounID     string
	Field      string
	Old, New   string
	HappenedAt time.Time
	RecordedAt time.Time
	RecordedBy OfficerID
}
