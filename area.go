package loa

import (
	"slices"
	"time"

	"loa/vn"
)

// AreaKind is a level of the administrative tree.
type AreaKind string

// The levels. An office node is the place for what has no commune yet. A former unit was merged into another of its level and
// hangs under it, so that what was recorded there stays in its totals.
const (
	Province   AreaKind = "province"
	Commune    AreaKind = "commune"
	Village    AreaKind = "village"
	OfficeNode AreaKind = "office"
	Former     AreaKind = "former"
)

// Area is one node of the administrative tree. The ID is ours; official codes and parents have dates,
// because codes were re-used with another meaning on 2025-07-01.
type Area struct {
	ID           AreaID
	Kind         AreaKind
	Name         string
	Prefix       string // Xã, Phường, Thôn, Bản
	Path         string // the present tree; empty for a unit that no longer exists
	Office       OfficeID
	Synthetic    bool
	LatE5, LonE5 int64 // degrees times 100,000; both 0 when not known
	TravelDryMin int
	TravelWetMin int
	Signal       string
	Loudspeaker  string
	EthnicGroups []string
	Languages    []string
	FocalOfficer OfficerID
	WalkOrder    int
	Note         string
	ChangeNo     int64
}

// Folded is the name without accents, as search sees it.
func (a Area) Folded() string { return vn.Fold(a.Name) }

// Label is prefix and name as they are written together.
func (a Area) Label() string {
	if a.Prefix == "" {
		return a.Name
	}
	return a.Prefix + " " + a.Name
}

// Check refuses an area without a name or with values outside the lists.
func (a Area) Check() error {
	switch {
	case vn.Fold(a.Name) == "":
		return Refuse(Invalid, "name", "required")
	case len([]rune(a.Name)) > 100 || len([]rune(a.Prefix)) > 40:
		return Refuse(Invalid, "name", "too_long", 100)
	case len([]rune(a.Note)) > 2000:
		return Refuse(Invalid, "note", "too_long", 2000)
	case !allOf(a.EthnicGroups, EthnicGroups) || !allOf(a.Languages, Languages):
		return Refuse(Invalid, "ethnic_groups", "not_in_list")
	case a.WalkOrder < 0 || a.WalkOrder > 100000:
		return Refuse(Invalid, "walk_order", "out_of_range")
	case !OneOf(a.Signal, Signals) && a.Signal != "":
		return Refuse(Invalid, "signal", "not_in_list")
	case !OneOf(a.Loudspeaker, Loudspeakers) && a.Loudspeaker != "":
		return Refuse(Invalid, "loudspeaker", "not_in_list")
	case a.TravelDryMin < 0 || a.TravelDryMin > 1440 || a.TravelWetMin < 0 || a.TravelWetMin > 1440:
		return Refuse(Invalid, "travel", "out_of_range")
	case a.LatE5 < -9000000 || a.LatE5 > 9000000 || a.LonE5 < -18000000 || a.LonE5 > 18000000:
		return Refuse(Invalid, "centroid", "out_of_range")
	}
	return nil
}

// Closed lists of the attributes an officer edits.
var (
	Signals         = []string{"none", "weak", "good"}
	Loudspeakers    = []string{"none", "wired", "wireless", "smart"}
	InfluencerRoles = []string{"village_head", "elder", "respected", "women_union", "farmers_union", "party_cell", "health_worker", "collaborator", "other"}
)

// OneOf says whether s is in the list.
func OneOf(s string, list []string) bool {
	for _, x := range list {
		if s == x {
			return true
		}
	}
	return false
}

func allOf(words, list []string) bool {
	for _, w := range words {
		if !OneOf(w, list) {
			return false
		}
	}
	return true
}

// AreaCode is an official code with the days it held.
type AreaCode struct {
	Area     AreaID
	Code     string
	From, To Day // To is exclusive of nothing: the last day it held, OpenEnd while it holds
	Source   string
}

// AreaParent is a dated line of the tree.
type AreaParent struct {
	Area, Parent AreaID
	From, To     Day
	Source       string
}

// AreaFigure is a population, household or eligible count with its source and date.
type AreaFigure struct {
	Area   AreaID
	Kind   string // population households eligible_<scheme>
	Value  int64
	AsOf   Day
	Source string

	RecordedAt time.Time
	RecordedBy OfficerID
}

// FigureKinds are the counts an area may have a source and a date for: its people, its households, and those who may join a
// scheme. People are those eligible for HI.
var FigureKinds = []string{"population", "households", "eligible_voluntary_si", "eligible_compulsory_si", "eligible_household_hi", "eligible_unemployment"}

// Check refuses a figure that nobody could trace back, or that is dated in the future.
func (f AreaFigure) Check(today Day) error {
	switch {
	case !OneOf(f.Kind, FigureKinds):
		return Refuse(Invalid, "kind", "not_in_list")
	case f.Value < 0 || f.Value > 1000000000:
		return Refuse(Invalid, "value", "out_of_range")
	case !f.AsOf.Valid():
		return Refuse(Invalid, "as_of", "bad_day")
	case f.AsOf > today:
		return Refuse(Invalid, "as_of", "future_day")
	case vn.Fold(f.Source) == "":
		return Refuse(Invalid, "source", "required")
	case len([]rune(f.Source)) > 200:
		return Refuse(Invalid, "source", "too_long", 200)
	}
	return nil
}

// Influencer is somebody a village listens to.
type Influencer struct {
	ID           InfluencerID
	Office       OfficeID
	Area         AreaID
	Role         string
	Name         string
	Phone        string
	Person       PersonID
	IntroducedBy string
	From, To     Day
	Note         string
}

// Check refuses an influencer without a name or a role.
func (i Influencer) Check() error {
	if vn.Fold(i.Name) == "" {
		return Refuse(Invalid, "name", "required")
	}
	if !OneOf(i.Role, InfluencerRoles) {
		return Refuse(Invalid, "role", "not_in_list")
	}
	if len([]rune(i.Name)) > 100 || len([]rune(i.IntroducedBy)) > 100 || len([]rune(i.Note)) > 500 {
		return Refuse(Invalid, "name", "too_long", 100)
	}
	if i.From != "" && !i.From.Valid() || i.To != OpenEnd && !i.To.Valid() {
		return Refuse(Invalid, "from", "bad_day")
	}
	if i.From > i.To {
		return Refuse(Invalid, "from", "backwards")
	}
	return nil
}

// Tree answers which commune a village lay in on a day, so that any total can be told by the old or the new units.
type Tree struct {
	Areas   map[AreaID]Area
	parents map[AreaID][]AreaParent
}

// NewTree indexes areas and their dated parents.
func NewTree(areas []Area, parents []AreaParent) *Tree {
	t := &Tree{Areas: make(map[AreaID]Area, len(areas)), parents: make(map[AreaID][]AreaParent, len(parents))}
	for _, a := range areas {
		t.Areas[a.ID] = a
	}
	for _, p := range parents {
		t.parents[p.Area] = append(t.parents[p.Area], p)
	}
	return t
}

// Parent is the area's parent on a day, empty when it had none.
func (t *Tree) Parent(id AreaID, on Day) AreaID {
	for _, p := range t.parents[id] {
		if p.From <= on && on <= p.To {
			return p.Parent
		}
	}
	return ""
}

// Up climbs from id to the nearest area of that kind on a day; the office's own node is the answer for what has no commune.
func (t *Tree) Up(id AreaID, kind AreaKind, on Day) AreaID {
	for i := 0; i < 8 && id != ""; i++ {
		a, ok := t.Areas[id]
		if !ok {
			return ""
		}
		if t.kindOn(a, on) == kind || a.Kind == OfficeNode {
			return id
		}
		id = t.Parent(id, on)
	}
	return ""
}

// kindOn is the level a unit stood on: one that was merged later was a commune as long as it lay under a province, and a
// village as long as it lay in a commune.
func (t *Tree) kindOn(a Area, on Day) AreaKind {
	if a.Kind != Former {
		return a.Kind
	}
	switch t.Areas[t.Parent(a.ID, on)].Kind {
	case Province:
		return Commune
	case OfficeNode:
		return Village
	case Commune:
		if t.everCommune(a.ID) {
			return Former
		}
		return Village
	}
	return Former
}

func (t *Tree) everCommune(id AreaID) bool {
	for _, p := range t.parents[id] {
		if t.Areas[p.Parent].Kind == Province {
			return true
		}
	}
	return false
}

// Parents are the dated parents of an area, in the order they were given.
func (t *Tree) Parents(id AreaID) []AreaParent { return t.parents[id] }

// EverUnder lists the areas whose parent an area has been on some day.
func (t *Tree) EverUnder(id AreaID) []AreaID {
	var out []AreaID
	for child, lines := range t.parents {
		for _, p := range lines {
			if p.Parent == id {
				out = append(out, child)
				break
			}
		}
	}
	slices.Sort(out)
	return out
}

// Recuts are the days on which some area came under another parent, newest first: the days from which totals may be told anew.
func (t *Tree) Recuts() []Day {
	seen := map[Day]bool{}
	for _, lines := range t.parents {
		first := OpenEnd
		for _, p := range lines {
			first = min(first, p.From)
		}
		for _, p := range lines {
			if p.From != first {
				seen[p.From] = true
			}
		}
	}
	out := make([]Day, 0, len(seen))
	for d := range seen {
		out = append(out, d)
	}
	slices.Sort(out)
	slices.Reverse(out)
	return out
}
