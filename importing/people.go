package importing

import (
	"slices"
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

// Home is a household already in the register, by its number in the office's list.
type Home struct {
	ID   loa.HouseholdID
	Head loa.PersonID
}

// Areas finds villages by what lists write.
type Areas interface {
	// Village is the village of that name, inside the commune when one is named. Code says why there is none: village_unknown,
	// village_twice or commune_unknown.
	Village(village, commune string) (id loa.AreaID, code string)
	// Holds says whether a village is inside the import's scope.
	Holds(id loa.AreaID) bool
}

// Register is what is known of the people and households that a part of a list may mean.
type Register struct {
	byNational map[string][]*Known
	bySI       map[string][]*Known
	byName     map[string][]*Known // folded name and village
	homes      map[string]Home     // number and village
}

// NewRegister is an empty register.
func NewRegister() *Register {
	return &Register{byNational: map[string][]*Known{}, bySI: map[string][]*Known{}, byName: map[string][]*Known{}, homes: map[string]Home{}}
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

// AddHome takes one known household in.
func (r *Register) AddHome(code string, area loa.AreaID, h Home) { r.homes[code+"|"+string(area)] = h }

// Row is one understood row of the file.
type Row struct {
	Number   int
	Cells    []string
	Outcome  string // new changed same conflict error
	Reason   string // a code, empty unless conflict or error
	Field    Field  // the column to blame, if one is
	Person   loa.PersonID
	Name     string
	Folded   string
	Area     loa.AreaID
	Values   map[Field]string // IDs in plain here; seal them before they are kept
	National string           // the blind index of an ID number, empty without one
	SI       string
	Changes  []loa.FieldChange
}

// Wrong says whether the row will be in the error file.
func (r Row) Wrong() bool { return r.Outcome == "error" || r.Outcome == "conflict" }

// Reader understands the rows of one list: Read says what a row states, Match what it would do. Rows are matched in the order
// of the list, each with a Register that holds whoever it may mean.
type Reader struct {
	mapping []column
	today   loa.Day
	areas   Areas
	blind   func(f Field, plain string) string
	newID   func() loa.PersonID
	homeID  func() loa.HouseholdID

	seen  map[loa.PersonID]int
	fresh map[string]int
	made  map[string]loa.HouseholdID
	heads map[loa.HouseholdID]bool
	last  map[loa.AreaID]loa.HouseholdID // the household of the last head in a village, for lists without numbers
}

type column struct {
	at int
	f  Field
}

// Tools are what a Reader borrows: the blind index of an ID (nil when there is no sealing key), and the IDs of what a list makes.
type Tools struct {
	Areas  Areas
	Blind  func(f Field, plain string) string
	NewID  func() loa.PersonID
	HomeID func() loa.HouseholdID // asked once for each household a list makes
}

// NewReader begins to read a list whose columns mean what the mapping says.
func NewReader(m Mapping, today loa.Day, t Tools) *Reader {
	rd := &Reader{today: today, areas: t.Areas, blind: t.Blind, newID: t.NewID, homeID: t.HomeID, seen: map[loa.PersonID]int{}, fresh: map[string]int{},
		made: map[string]loa.HouseholdID{}, heads: map[loa.HouseholdID]bool{}, last: map[loa.AreaID]loa.HouseholdID{}}
	for at, f := range m {
		rd.mapping = append(rd.mapping, column{at, f})
	}
	slices.SortFunc(rd.mapping, func(a, b column) int { return a.at - b.at })
	return rd
}

// Blank says that a row states nothing in any column that means something: a line for signatures, a total, a number put there for
// somebody still to come.
func (rd *Reader) Blank(row sheet.Row) bool {
	for _, c := range rd.mapping {
		if strings.TrimSpace(row.Cell(c.at).Text) != "" {
			return false
		}
	}
	return true
}

// Read understands one row; what is wrong with it is an error already, everything else waits for Match.
func (rd *Reader) Read(row sheet.Row) Row {
	out := Row{Number: row.Number, Values: make(map[Field]string, len(rd.mapping)), Cells: make([]string, len(row.Cells))}
	for n, c := range row.Cells {
		out.Cells[n] = c.Text
	}
	for _, c := range rd.mapping {
		v := Understand(c.f, row.Cell(c.at), rd.today)
		if v.Code != "" && out.Reason == "" {
			out = fail(out, v.Code, c.f)
		}
		if v.Text != "" {
			out.Values[c.f] = v.Text
		}
	}
	if out.Values[Name] == "" && out.Values[GivenName] != "" {
		out.Values[Name] = strings.TrimSpace(out.Values[LastName] + " " + out.Values[GivenName])
	}
	out.Name = out.Values[Name]
	if rd.blind == nil {
		delete(out.Values, NationalID)
		delete(out.Values, SINumber)
	}
	if out.Outcome == "error" {
		return out
	}
	if out.Folded = vn.Fold(out.Name); out.Folded == "" {
		return fail(out, "no_name", Name)
	}
	area, code := rd.areas.Village(out.Values[Village], out.Values[Commune])
	if code == "commune_unknown" {
		return fail(out, code, Commune)
	}
	if code != "" {
		return fail(out, code, Village)
	}
	out.Area = area
	if x := out.Values[NationalID]; x != "" {
		out.National = rd.blind(NationalID, x)
	}
	if x := out.Values[SINumber]; x != "" {
		out.SI = rd.blind(SINumber, x)
	}
	return out
}

func fail(r Row, code string, f Field) Row {
	r.Outcome, r.Reason, r.Field = "error", code, f
	return r
}
