package importing

import (
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

func clash(r *Row, code string, f Field) {
	r.Outcome, r.Reason, r.Field, r.Changes = "conflict", code, f, nil
}

// Match finds who the row is about: by an ID first, then by name, village and birth. Doubt is a conflict for a person to settle,
// never a guess.
func (rd *Reader) Match(r *Row, reg *Register) {
	if r.Outcome == "error" {
		if r.Values[Relation] == "head" {
			clear(rd.last) // nobody knows whose family the next rows are
		}
		return
	}
	k, code := rd.find(r, reg)
	switch {
	case code != "":
		clash(r, code, Name)
	case k == nil:
		rd.add(r, reg)
	default:
		rd.compare(r, k, reg)
	}
	if r.Values[Household] == "" && r.Values[Relation] == "head" {
		delete(rd.last, r.Area)
		switch {
		case r.Outcome == "new":
			rd.last[r.Area] = rd.made["row "+strconv.Itoa(r.Number)]
		case k != nil && !r.Wrong():
			rd.last[r.Area] = k.Household
		}
	}
}

// add makes a row a new person, in the household the list names.
func (rd *Reader) add(r *Row, reg *Register) {
	for _, id := range []string{r.National, r.SI} {
		if _, twice := rd.fresh[id]; twice && id != "" {
			clash(r, "id_twice_in_file", Name)
			return
		}
	}
	key := r.Folded + "|" + string(r.Area) + "|" + r.Values[Born] + "|" + r.Values[NationalID] + "|" + r.Values[Household]
	if _, twice := rd.fresh[key]; twice {
		clash(r, "twice_in_file", Name)
		return
	}
	home, how, code := rd.home(r, reg)
	if code != "" {
		clash(r, code, Household)
		return
	}
	rd.fresh[key], rd.fresh[r.National], rd.fresh[r.SI] = r.Number, r.Number, r.Number
	r.Outcome, r.Person = "new", rd.newID()
	r.Changes = rd.differences(r, &Known{Fields: map[Field]string{}})
	if home == "" {
		return
	}
	for _, f := range []Field{Household, Address} {
		if v := r.Values[f]; v != "" {
			r.Changes = append(r.Changes, loa.FieldChange{Field: string(f), New: v})
		}
	}
	r.Changes = append(r.Changes, loa.FieldChange{Field: HomeChange, Old: how, New: string(home)})
}

// HomeChange and AreaChange are changes that no column states by itself: the household a row joins or makes, and its village.
const (
	HomeChange = "home" // Old: join, make, or number when the household is only given its number
	AreaChange = "area"
)

// home is the household of a row that has none yet.
func (rd *Reader) home(r *Row, reg *Register) (id loa.HouseholdID, how, code string) {
	number, head := r.Values[Household], r.Values[Relation] == "head"
	key := number + "|" + string(r.Area)
	switch {
	case number != "":
		if h, ok := reg.homes[key]; ok {
			if head && h.Head != "" {
				return "", "", "other_head"
			}
			return h.ID, "join", ""
		}
		if id, ok := rd.made[key]; ok {
			if head && rd.heads[id] {
				return "", "", "two_heads"
			}
			rd.heads[id] = rd.heads[id] || head
			return id, "join", ""
		}
	case head:
		key = "row " + strconv.Itoa(r.Number)
	case r.Values[Relation] != "" && rd.last[r.Area] != "":
		return rd.last[r.Area], "join", ""
	default:
		return "", "", ""
	}
	id = rd.homeID()
	rd.made[key], rd.heads[id] = id, head
	return id, "make", ""
}

// compare says what a row changes about somebody who is known.
func (rd *Reader) compare(r *Row, k *Known, reg *Register) {
	if !rd.areas.Holds(k.Area) {
		clash(r, "elsewhere", NationalID) // and nothing else is told about them
		return
	}
	r.Person = k.ID
	if _, twice := rd.seen[k.ID]; twice {
		clash(r, "twice_in_file", Name)
		return
	}
	rd.seen[k.ID] = r.Number
	if k.Area != r.Area {
		clash(r, "other_village", Village)
		return
	}
	r.Changes = rd.differences(r, k)
	for _, c := range r.Changes {
		if code := contradiction(c); code != "" {
			clash(r, code, Field(c.Field))
			return
		}
	}
	if code := rd.moveIn(r, k, reg); code != "" {
		clash(r, code, Household)
		return
	}
	r.Outcome = "same"
	if len(r.Changes) > 0 {
		r.Outcome = "changed"
	}
}

// contradiction is the code of a change that says the row is about somebody else, or that one of the two lists is wrong.
func contradiction(c loa.FieldChange) string {
	if c.Old == "" {
		return ""
	}
	switch Field(c.Field) {
	case Name:
		if vn.SoundKey(c.Old) != vn.SoundKey(c.New) {
			return "other_name"
		}
	case Born:
		if !strings.HasPrefix(c.New, c.Old) { // a year that becomes a full date is no clash
			return "other_born"
		}
	case Sex:
		return "other_sex"
	case NationalID:
		return "other_national_id"
	case SINumber:
		return "other_si_number"
	case Relation:
		if c.New == "head" {
			return "other_head" // a household changes its head on its own page
		}
	}
	return ""
}

// moveIn gives a known person the household of the list where there is none, and a household its number. Moving from one
// household to another is left to an officer.
func (rd *Reader) moveIn(r *Row, k *Known, reg *Register) (code string) {
	number := r.Values[Household]
	if number == "" || k.Fields[Household] == number {
		return ""
	}
	if k.Household != "" {
		if h, ok := reg.homes[number+"|"+string(r.Area)]; ok && h.ID != k.Household {
			return "other_household"
		}
		if k.Fields[Household] == "" && rd.made[number+"|"+string(r.Area)] == "" {
			r.Changes = append(r.Changes, loa.FieldChange{Field: string(Household), New: number}, loa.FieldChange{Field: HomeChange, Old: "number", New: string(k.Household)})
		}
		return "" // another numbering of the same household is no news
	}
	id, how, code := rd.home(r, reg)
	if code == "" && id != "" {
		r.Changes = append(r.Changes, loa.FieldChange{Field: string(Household), New: number}, loa.FieldChange{Field: HomeChange, Old: how, New: string(id)})
	}
	return code
}

func (rd *Reader) find(r *Row, reg *Register) (*Known, string) {
	var byID *Known
	for _, found := range [][]*Known{reg.byNational[r.National], reg.bySI[r.SI]} {
		if len(found) > 1 || len(found) == 1 && byID != nil && byID != found[0] {
			return nil, "id_of_two_people"
		}
		if len(found) == 1 {
			byID = found[0]
		}
	}
	if byID != nil {
		return byID, ""
	}
	var sure, open, other []*Known
	for _, k := range reg.byName[r.Folded+"|"+string(r.Area)] {
		listed, kept := r.Values[Household], k.Fields[Household]
		oneYear := listed != "" && listed == kept && strings.HasPrefix(r.Values[Born], strconv.Itoa(k.BornYear)) // another day of the year, in one household: to be settled
		if !oneYear && !sameBirth(k, r.Values[Born]) || r.National != "" && k.Fields[NationalID] != "" || r.SI != "" && k.Fields[SINumber] != "" {
			continue
		}
		switch {
		case listed != "" && listed == kept:
			sure = append(sure, k)
		case listed == "" || kept == "" || k.BornOn != "" && string(k.BornOn) == r.Values[Born]:
			open = append(open, k)
		case k.BornYear != 0 && r.Values[Born] != "":
			other = append(other, k)
		}
	}
	for _, fits := range [][]*Known{sure, open} {
		if len(fits) == 1 {
			return fits[0], ""
		}
		if len(fits) > 1 {
			return nil, "fits_several"
		}
	}
	if len(other) > 0 && r.National == "" && r.SI == "" {
		return nil, "other_household" // the same name, village and year in another household: one human or two?
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

// compared are the fields an import may change, in the order they are shown. Village, commune and household are places: see home.
var compared = []Field{Name, Born, Sex, Ethnic, Language, Literacy, Poverty, PovertyFrom, PovertyTo, Occupation, Relation, Phone, PhoneOwner, NationalID, SINumber, Note,
	HIUntil, HIGroup, VSIUntil, ConsentSMS, ConsentCall, ConsentZalo}

// differences lists what the row would change. An empty cell changes nothing; a value already there is no change.
func (rd *Reader) differences(r *Row, k *Known) []loa.FieldChange {
	var out []loa.FieldChange
	covered := false
	for _, f := range compared {
		now := r.Values[f]
		if now == "" {
			continue
		}
		old := k.Fields[f]
		switch f {
		case Name:
			if strings.ToLower(now) == r.Folded && vn.Fold(old) == r.Folded {
				continue // the same name without its accents
			}
		case NationalID:
			if old == r.National {
				continue
			}
		case SINumber:
			if old == r.SI {
				continue
			}
		case Born:
			if len(now) == 4 && strings.HasPrefix(old, now) {
				continue
			}
		case Relation:
			if old == "head" {
				continue // who is head changes on the household's own page
			}
		case HIUntil:
			if now <= string(k.HIUntil) {
				continue
			}
			old, covered = string(k.HIUntil), true
		case VSIUntil:
			if now <= string(k.VSIUntil) {
				continue
			}
			old = string(k.VSIUntil)
		case HIGroup:
			if !covered {
				continue // only says who pays for the card beside it
			}
		}
		if old != now {
			out = append(out, loa.FieldChange{Field: string(f), Old: old, New: now})
		}
	}
	return out
}
