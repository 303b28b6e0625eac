package loa

import (
	"strings"
	"time"
	"unicode"

	"loa/vn"
)

// LeafletKind is what a leaflet is about and whom it speaks to.
type LeafletKind struct {
	Scheme   Scheme
	Audience string
}

// LeafletKinds are the leaflets there are, in the order they are offered; each has its words in the catalogues.
var LeafletKinds = []LeafletKind{
	{VoluntarySI, "minority"}, {VoluntarySI, "poor"}, {VoluntarySI, "near_poor"}, {VoluntarySI, "traders"}, {VoluntarySI, "others"},
	{HouseholdHI, "others"}, {HouseholdHI, "near_poor"}, {HouseholdHI, "minority"}, {HouseholdHI, "farmers"},
	{HI, "pupils"}, {CompulsorySI, "owners"}, {CompulsorySI, "workers"},
}

// Key is the kind as addresses and catalogues spell it: voluntary_si.poor.
func (k LeafletKind) Key() string { return string(k.Scheme) + "." + k.Audience }

// LeafletKindOf reads a kind from its key.
func LeafletKindOf(key string) (LeafletKind, bool) {
	for _, k := range LeafletKinds {
		if k.Key() == key {
			return k, true
		}
	}
	return LeafletKind{}, false
}

// LeafletSizes are the sheets a leaflet is made for: A5, A5 twice on a sheet of A4 to be cut, and A4 folded once.
var LeafletSizes = []string{"a5", "a5x2", "fold"}

// LeafletLanguages are the languages a leaflet may speak: Vietnamese, English, Mông in Latin letters, Thái in Tai Viet letters.
var LeafletLanguages = []string{"vi", "en", "hmn", "blt"}

// Ours says whether the program itself has words in a language; the office enters those of the others.
func Ours(language string) bool { return language == "vi" || language == "en" }

// LeafletRun is one printing: leaflets of one kind for several villages, made together.
type LeafletRun struct {
	ID        LeafletRunID
	Office    OfficeID
	No        int // "đợt 3" in the office
	Kind      LeafletKind
	Size      string
	Language  string  // the large one: vi or en
	Second    string  // the smaller one; empty for none
	Income    int64   // the chosen income its figures are for, đồng a month; 0 where the scheme knows none
	On        Day     // whose figures it shows
	Story     StoryID // told on it while it may be told; empty for none
	CreatedAt time.Time
	CreatedBy OfficerID
}

// Check refuses a printing that cannot be.
func (r LeafletRun) Check() error {
	_, known := LeafletKindOf(r.Kind.Key())
	switch {
	case !ValidID(string(r.ID)):
		return Refuse(Invalid, "id", "bad_id")
	case !known:
		return Refuse(Invalid, "kind", "not_in_list")
	case !OneOf(r.Size, LeafletSizes):
		return Refuse(Invalid, "size", "not_in_list")
	case !Ours(r.Language):
		return Refuse(Invalid, "language", "not_in_list")
	case r.Second != "" && (!OneOf(r.Second, LeafletLanguages) || r.Second == r.Language):
		return Refuse(Invalid, "second", "not_in_list")
	case r.Income < 0 || r.Income > 1e12:
		return Refuse(Invalid, "income", "out_of_range")
	case !r.On.Valid():
		return Refuse(Invalid, "on", "bad_day")
	}
	return nil
}

// MostLeaflets is how many sheets one village may be given in one printing.
const MostLeaflets = 100000

// Leaflet is the sheets of one printing for one village; its link tells which they were.
type Leaflet struct {
	ID      LeafletID
	Run     LeafletRunID
	Office  OfficeID
	Area    AreaID
	Link    LinkID
	Printed int // sheets
}

// LeafletLineNames are the lines of a leaflet that a second language may say, in their order on the paper.
var LeafletLineNames = []string{"headline", "step1", "step2", "step3", "step4", "table", "meet"}

// LeafletLines are the words of one kind of leaflet in a language the program has none of. They are printed once an officer has signed
// that a native speaker checked them; an edit is a new version, which must be signed anew.
type LeafletLines struct {
	ID        string
	Office    OfficeID
	Kind      LeafletKind
	Language  string
	Version   int
	Lines     map[string]string // by line name
	EnteredAt time.Time
	EnteredBy OfficerID
	CheckedBy string // the native speaker's name and office
	SignedAt  time.Time
	SignedBy  OfficerID
}

// Signed says whether the lines may be printed.
func (l LeafletLines) Signed() bool { return l.SignedBy != "" }

// mostLine keeps a line on the paper: about two rows beneath the Vietnamese.
const mostLine = 90

// Check refuses lines that cannot be printed: without a headline, in letters of another script, or with figures of their own, which
// would stay behind when the law changes.
func (l LeafletLines) Check() error {
	if _, known := LeafletKindOf(l.Kind.Key()); !known {
		return Refuse(Invalid, "kind", "not_in_list")
	}
	if !OneOf(l.Language, LeafletLanguages) || Ours(l.Language) {
		return Refuse(Invalid, "language", "not_in_list")
	}
	if strings.TrimSpace(l.Lines["headline"]) == "" {
		return Refuse(Invalid, "headline", "required")
	}
	for name, text := range l.Lines {
		if !OneOf(name, LeafletLineNames) {
			return Refuse(Invalid, name, "not_in_list")
		}
		if err := checkLine(name, l.Language, text); err != nil {
			return err
		}
	}
	return nil
}

func checkLine(name, language, text string) error {
	if len([]rune(text)) > mostLine {
		return Refuse(Invalid, name, "too_long", mostLine)
	}
	thai, other := false, false
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			return Refuse(Invalid, name, "leaflet_digits")
		case unicode.IsControl(r):
			return Refuse(Invalid, name, "leaflet_script")
		case r >= 0xAA80 && r <= 0xAADF:
			thai = true
		case unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r):
			other = true
		}
	}
	if text != "" && (other || thai != (language == "blt")) {
		return Refuse(Invalid, name, "leaflet_script")
	}
	return nil
}

// Sign puts an officer's name to lines that a native speaker has checked.
func (l *LeafletLines) Sign(by By, checkedBy string) error {
	if l.Signed() {
		return Refuse(Conflict, "", "leaflet_signed")
	}
	if n := len([]rune(checkedBy)); vn.Fold(checkedBy) == "" || n > 100 {
		return Refuse(Invalid, "checked_by", "length", 1, 100)
	}
	l.CheckedBy, l.SignedAt, l.SignedBy = checkedBy, by.At, by.Officer
	return nil
}
