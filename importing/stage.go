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
