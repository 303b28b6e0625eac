package importing

import (
	"strconv"
	"strings"

	"loa"
	"loa/sheet"
	"loa/vn"
)

// Known is a person already in the register, with what an import compares.
type Known struct {
	ID        loa.PersonID
	Name      string
	Folded    string
	BornYear  int
	BornOn    loa.Day
	Area      loa.AreaID
	Household loa.HouseholdID
	Fields    map[Field]string // in the words of Value.Text; IDs as their blind index
	HIUntil   loa.Day
	VSIUntil  loa.Day
}

// Areas finds villages by what lists write.
type Areas interface {
	// Village is the village of that name, inside the commune when one is named. Code says why there is none: village_unknown,
	// village_twice or commune_unknown.
	Village(village, commune string) (id loa.AreaID, code string)
}

// Register is the people an import is compared with.
type Register struct {
	byNational map[string][]*Known
	bySI       map[string][]*Known
	byName     map[string][]*Known // folded name and village
}

// NewRegister indexes the people already known; the national and SI index values are blind.
func NewRegister(n int) *Register {
	return &Register{byNational: make(map[string][]*Known, n), bySI: make(map[string][]*Known, n), byName: make(map[string][]*Known, n)}
}

// Add takes one known person in.
func (r *Register) Add(k *Known) {
	if x := k.Fields[NationalID]; x != "" {
		r.byNational[x] = append(r.byNational[x], k)
	}
	if x := k.Fields[SINumber]; x != "" {
		r.bySI[x] = append(r.bySI[x], k)
	}
	key := k.Folded + "|" + string(k.Area)
	r.byName[key] = append(r.byName[key], k)
}

// Row is one understood row of the file.
type Row struct {
	Number  int
	Cells   []string
	Outcome string // new changed same conflict error
	Reason  string // a code, empty unless conflict or error
	Field   Field  // the column to blame, if one is
	Person  loa.PersonID
	Name    string
	Area    loa.AreaID
	Values  map[Field]string // IDs in plain here; seal them before they are kept
	Changes []loa.FieldChange
}

// Reader understands rows one after the other.
type Reader struct {
	Mapping  Mapping
	Today    loa.Day
	Areas    Areas
	Register *Register
	Blind    func(f Field, plain string) string // the blind index of an ID; nil when there is no sealing key
	NewID    func() loa.PersonID
	seen     map[loa.PersonID]int
	fresh    map[string]int
}

// Read understands one row and says what it would do.
func (rd *Reader) Read(row sheet.Row) Row {
	out := Row{Number: row.Number, Values: map[Field]string{}}
	for _, c := range row.Cells {
		out.Cells = append(out.Cells, c.Text)
	}
	for col, f := range rd.Mapping {
		v := Understand(f, row.Cell(col), rd.Today)
		if v.Code != "" && out.Reason == "" {
			out.Outcome, out.Reason, out.Field = "error", v.Code, f
		}
		if v.Text != "" {
			out.Values[f] = v.Text
		}
	}
	if out.Values[Name] == "" && out.Values[GivenName] != "" {
		out.Values[Name] = strings.TrimSpace(out.Values[LastName] + " " + out.Values[GivenName])
	}
	out.Name = out.Values[Name]
	if rd.Blind == nil {
		delete(out.Values, NationalID)
		delete(out.Values, SINumber)
	}
	if out.Outcome == "error" {
		return out
	}
	if vn.Fold(out.Name) == "" {
		return fail(out, "no_name", Name)
	}
	area, code := rd.Areas.Village(out.Values[Village], out.Values[Commune])
	if code != "" {
		return fail(out, code, Village)
	}
	out.Area = area
	rd.match(&out)
	return out
}

func fail(r Row, code string, f Field) Row {
	r.Outcome, r.Reason, r.Field = "error", code, f
	return r
}

func clash(r *Row, code string, f Field) {
	r.Outcome, r.Reason, r.Field = "conflict", code, f
}

// match finds who the row is about: by an ID first, then by name, village and year of birth. Doubt is a conflict for a person
// to settle, never a guess.
func (rd *Reader) match(r *Row) {
	if rd.seen == nil {
		rd.seen, rd.fresh = map[loa.PersonID]int{}, map[string]int{}
	}
	k, code := rd.find(r)
	if code != "" {
		clash(r, code, Name)
		return
	}
	if k == nil {
		key := vn.Fold(r.Name) + "|" + string(r.Area) + "|" + r.Values[Born] + "|" + r.Values[NationalID] + "|" + r.Values[Household]
		if _, twice := rd.fresh[key]; twice {
			clash(r, "twice_in_file", Name)
			return
		}
		rd.fresh[key] = r.Number
		r.Outcome, r.Person = "new", rd.NewID()
		r.Changes = rd.differences(r, &Known{Fields: map[Field]string{}})
		return
	}
	if _, twice := rd.seen[k.ID]; twice {
		clash(r, "twice_in_file", Name)
		return
	}
	rd.seen[k.ID] = r.Number
	r.Person = k.ID
	if k.Area != r.Area {
		clash(r, "other_village", Village)
		return
	}
	r.Changes = rd.differences(r, k)
	for _, c := range r.Changes {
		if c.Old == "" {
			continue
		}
		switch Field(c.Field) {
		case Name:
			if vn.SoundKey(c.Old) != vn.SoundKey(c.New) {
				clash(r, "other_name", Name)
				return
			}
		case Born:
			if !strings.HasPrefix(c.New, c.Old) { // a year that becomes a full date is no clash
				clash(r, "other_born", Born)
				return
			}
		case Sex:
			clash(r, "other_sex", Sex)
			return
		case NationalID:
			clash(r, "other_national_id", NationalID)
			return
		case SINumber:
			clash(r, "other_si_number", SINumber)
			return
		}
	}
	r.Outcome = "same"
	if len(r.Changes) > 0 {
		r.Outcome = "changed"
	}
}

func (rd *Reader) find(r *Row) (*Known, string) {
	for _, by := range []struct {
		f     Field
		index map[string][]*Known
	}{{NationalID, rd.Register.byNational}, {SINumber, rd.Register.bySI}} {
		plain := r.Values[by.f]
		if plain == "" {
			continue
		}
		found := by.index[rd.Blind(by.f, plain)]
		if len(found) == 1 {
			return found[0], ""
		}
		if len(found) > 1 {
			return nil, "id_of_two_people"
		}
	}
	var fits []*Known
	for _, k := range rd.Register.byName[vn.Fold(r.Name)+"|"+string(r.Area)] {
		if sameBirth(k, r.Values[Born]) && (r.Values[Household] == "" || k.Fields[Household] == "" || r.Values[Household] == k.Fields[Household]) &&
			(r.Values[NationalID] == "" || k.Fields[NationalID] == "") {
			fits = append(fits, k)
		}
	}
	switch {
	case len(fits) == 1:
		return fits[0], ""
	case len(fits) > 1:
		return nil, "fits_several"
	}
	return nil, ""
}

// sameBirth says whether a birth on the list can be the one in the register: unknown fits anything.
func sameBirth(k *Known, born string) bool {
	if born == "" || k.BornYear == 0 {
		return true
	}
	if len(born) == 4 || k.BornOn == "" {
		return strconv.Itoa(k.BornYear) == born[:4]
	}
	return string(k.BornOn) == born
}

// compared are the fields an import may change, in the order they are shown.
var compared = []Field{Name, Born, Sex, Ethnic, Language, Literacy, Poverty, PovertyFrom, PovertyTo, Occupation, Household, Relation, Phone, PhoneOwner, NationalID, SINumber, Note,
	HIUntil, HIGroup, VSIUntil, ConsentSMS, ConsentCall, ConsentZalo}

// differences lists what the row would change. An empty cell changes nothing; a value already there is no change.
func (rd *Reader) differences(r *Row, k *Known) []loa.FieldChange {
	var out []loa.FieldChange
	for _, f := range compared {
		now := r.Values[f]
		if now == "" {
			continue
		}
		old := k.Fields[f]
		switch f {
		case NationalID, SINumber:
			if old == rd.Blind(f, now) {
				continue
			}
		case Born:
			if len(now) == 4 && strings.HasPrefix(old, now) {
				continue
			}
		case HIUntil:
			if now <= string(k.HIUntil) {
				continue
			}
			old = string(k.HIUntil)
		case VSIUntil:
			if now <= string(k.VSIUntil) {
				continue
			}
			old = string(k.VSIUntil)
		case HIGroup:
			continue // only says who pays for the card beside it
		}
		if old != now {
			out = append(out, loa.FieldChange{Field: string(f), Old: old, New: now})
		}
	}
	return out
}

// Wrong says whether the row will be in the error file.
func (r Row) Wrong() bool { return r.Outcome == "error" || r.Outcome == "conflict" }
