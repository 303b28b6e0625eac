package importing

import (
	"strconv"

	"loa"
)

// Person builds the record a new row makes, all but its sealed IDs.
func Person(id loa.PersonID, area loa.AreaID, values map[Field]string) loa.Person {
	p := loa.Person{ID: id, Area: area, Name: values[Name], Sex: loa.Sex(values[Sex]), Ethnic: values[Ethnic], Language: values[Language], Literacy: values[Literacy], Poverty: values[Poverty],
		PovertyFrom: loa.Day(values[PovertyFrom]), PovertyTo: loa.Day(values[PovertyTo]), Occupation: values[Occupation], Relation: values[Relation], Phone: values[Phone],
		PhoneOwner: values[PhoneOwner], Note: values[Note]}
	p.BornYear, p.BornOn = BirthOf(values[Born])
	return p
}

// Edit carries out what a list changes about somebody who is known. What an officer changed after the list was compared stays
// as the officer left it.
func Edit(p *loa.Person, changes []loa.FieldChange, sealed map[Field]loa.Sealed) {
	for _, c := range changes {
		f := Field(c.Field)
		if at := textOf(p, f); at != nil {
			if *at == c.Old {
				*at = c.New
			}
			continue
		}
		switch f {
		case Sex:
			if string(p.Sex) == c.Old {
				p.Sex = loa.Sex(c.New)
			}
		case PovertyFrom:
			if string(p.PovertyFrom) == c.Old {
				p.PovertyFrom = loa.Day(c.New)
			}
		case PovertyTo:
			if string(p.PovertyTo) == c.Old {
				p.PovertyTo = loa.Day(c.New)
			}
		case Born:
			if BirthText(p.BornYear, p.BornOn) == c.Old {
				p.BornYear, p.BornOn = BirthOf(c.New)
			}
		case NationalID:
			if p.NationalID.Index == c.Old {
				p.NationalID = sealed[f]
			}
		case SINumber:
			if p.SINumber.Index == c.Old {
				p.SINumber = sealed[f]
			}
		case HomeChange:
			if p.Household == "" && c.Old != "number" {
				p.Household = loa.HouseholdID(c.New)
			}
		}
	}
}

// Overruled is the first field of a row in which an officer's hand, and not the list, had the last word: left is what officers made of
// each kept field after the list was compared. It is empty when the list has its way in everything it changes.
func Overruled(changes []loa.FieldChange, left map[string]string, tail func(packed string) string) Field {
	for _, c := range changes {
		for _, k := range keptAs(c, tail) {
			if v, edited := left[k.Field]; edited && v != k.Old && v != k.New {
				return Field(c.Field)
			}
		}
	}
	return ""
}

// keptAs is a change of a list in the fields and words of a person's history.
func keptAs(c loa.FieldChange, tail func(packed string) string) []loa.FieldChange {
	switch f := Field(c.Field); f {
	case Born:
		was, wasOn := BirthOf(c.Old)
		is, isOn := BirthOf(c.New)
		return []loa.FieldChange{{Field: "born_year", Old: yearText(was), New: yearText(is)}, {Field: "born_on", Old: string(wasOn), New: string(isOn)}}
	case NationalID, SINumber:
		return []loa.FieldChange{{Field: c.Field, New: tail(c.New)}} // a list never changes a number that is known
	case HomeChange:
		if c.Old == "number" {
			return nil
		}
		return []loa.FieldChange{{Field: "household_id", New: c.New}}
	}
	return []loa.FieldChange{c}
}

func yearText(y int) string {
	if y == 0 {
		return ""
	}
	return strconv.Itoa(y)
}

// textOf is where a field that is plain text is kept.
func textOf(p *loa.Person, f Field) *string {
	switch f {
	case Name:
		return &p.Name
	case Ethnic:
		return &p.Ethnic
	case Language:
		return &p.Language
	case Literacy:
		return &p.Literacy
	case Poverty:
		return &p.Poverty
	case Occupation:
		return &p.Occupation
	case Relation:
		return &p.Relation
	case Phone:
		return &p.Phone
	case PhoneOwner:
		return &p.PhoneOwner
	case Note:
		return &p.Note
	}
	return nil
}

// BirthText is a birth as rows keep it.
func BirthText(year int, on loa.Day) string {
	if on == "" && year != 0 {
		return strconv.Itoa(year)
	}
	return string(on)
}

// BirthOf splits a birth as rows keep it: a whole date, or a year alone.
func BirthOf(s string) (year int, on loa.Day) {
	if len(s) < 4 {
		return 0, ""
	}
	year, err := strconv.Atoi(s[:4])
	if err != nil {
		return 0, ""
	}
	if len(s) == 10 {
		on = loa.Day(s)
	}
	return year, on
}

// stateGroups are the HI groups whose card the State pays for, by the letters on the card; others are paid by the household or
// come from work and are left to the official list.
var stateGroups = map[string]bool{"hn": true, "dt": true, "dk": true, "bt": true, "te": true, "ct": true, "xd": true, "ts": true, "cn": true}

// Covers are the cards and covers a row states, as facts; sure is the day the list was made.
func Covers(person loa.PersonID, values map[Field]string, source string, sure loa.Day) []loa.Contribution {
	var out []loa.Contribution
	add := func(scheme loa.Scheme, payer loa.Payer, method loa.Method, from, until loa.Day) {
		on := min(from, sure)
		out = append(out, loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: person, Scheme: scheme, Payer: payer, Method: method, From: from, Until: until,
			Months: until.Month().Sub(from.Month()) + 1, Source: source})
	}
	if until := loa.Day(values[HIUntil]); until != "" {
		y, _, _ := until.Parts()
		group := values[HIGroup]
		if len(group) >= 2 {
			group = lower(group[:2])
		}
		if stateGroups[group] {
			add(loa.HI, loa.PaysState, loa.Card, loa.MakeDay(y, 1, 1), until)
		} else if group == "gd" {
			add(loa.HouseholdHI, loa.PaysSelf, loa.Card, until.AddMonths(-12).Add(1), until)
		} else {
			add(loa.HI, loa.PaysState, loa.Card, loa.MakeDay(y, 1, 1), until)
		}
	}
	if until := loa.Day(values[VSIUntil]); until != "" {
		add(loa.VoluntarySI, loa.PaysSelf, loa.Monthly, until.Month().First(), until)
	}
	return out
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

// Consents are the answers of columns that were mapped as consent; a list without such a column says nothing about it.
func Consents(person loa.PersonID, values map[Field]string, source string, on loa.Day) []loa.Consent {
	var out []loa.Consent
	for f, channel := range map[Field]string{ConsentSMS: "sms", ConsentCall: "call", ConsentZalo: "zalo"} {
		if v := values[f]; v != "" {
			out = append(out, loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on}, Person: person, Purpose: "care", Channel: channel, Agreed: v == "true", Proof: source})
		}
	}
	return out
}
