package segmenting

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"loa"
)

// holds is the slow, plain reading of a rule over profiles: the meaning the columns must agree with.
func holds(r loa.Rule, p loa.Profile, all []loa.Profile, today loa.Day, under func(loa.AreaID) []loa.AreaID) bool {
	switch {
	case r.All != nil:
		for _, part := range r.All {
			if !holds(part, p, all, today, under) {
				return false
			}
		}
		return true
	case r.Any != nil:
		for _, part := range r.Any {
			if holds(part, p, all, today, under) {
				return true
			}
		}
		return false
	case r.Not != nil:
		return !holds(*r.Not, p, all, today, under)
	}
	person := loa.Person{BornYear: p.BornYear, BornOn: p.BornOn, Poverty: p.Poverty, PovertyFrom: p.PovertyFrom, PovertyTo: p.PovertyTo}
	in := func(w string) bool { return slices.Contains(r.Values, w) }
	between := func(n int) bool { return (r.Min == nil || n >= *r.Min) && (r.Max == nil || n <= *r.Max) }
	standing := loa.StandingOn(p.Spells, r.Scheme, today, 60)
	switch r.Field {
	case "area":
		for _, a := range r.Values {
			if slices.Contains(under(loa.AreaID(a)), p.Area) {
				return true
			}
		}
		return false
	case "age":
		return p.BornYear != 0 && between(person.Age(today))
	case "sex":
		return in(string(p.Sex))
	case "ethnic":
		return in(p.Ethnic)
	case "poverty":
		return in(person.PovertyOn(today))
	case "occupation":
		return in(p.Occupation)
	case "status":
		return in(string(standing.Status))
	case "payer":
		return (standing.Status == loa.Participates || standing.Status == loa.DueStatus) && in(string(standing.Payer))
	case "reached_days":
		last := loa.Day("")
		for _, d := range p.Reached {
			last = max(last, d)
		}
		if last == "" {
			return r.Max == nil
		}
		return between(today.Sub(last))
	case "phone":
		return p.HasPhone
	case "household_without_hi":
		for _, o := range all {
			if o.Household == p.Household {
				if s := loa.StandingOn(o.Spells, loa.HI, today, 60).Status; s == loa.Participates || s == loa.DueStatus {
					return false
				}
			}
		}
		return true
	}
	panic(r.Field)
}

const today = loa.Day("2025-11-30")

func drawProfile(t *rapid.T, i int) loa.Profile {
	day := func(label string, from, to int) loa.Day {
		return loa.DayNumber(rapid.IntRange(loa.MakeDay(from, 1, 1).Number(), loa.MakeDay(to, 12, 31).Number()).Draw(t, label))
	}
	p := loa.Profile{Person: loa.PersonID(fmt.Sprintf("p%04d", i)), Area: loa.AreaID(rapid.SampledFrom([]string{"v1", "v2", "v3"}).Draw(t, "area")),
		Household: loa.HouseholdID(fmt.Sprint("h", i/3)), SortKey: fmt.Sprint(i * 7919 % 1000),
		Sex:    rapid.SampledFrom([]loa.Sex{"", loa.Male, loa.Female}).Draw(t, "sex"),
		Ethnic: rapid.SampledFrom([]string{"", "mong", "thai", "kinh"}).Draw(t, "ethnic"), Poverty: rapid.SampledFrom([]string{"", "poor", "near_poor"}).Draw(t, "poverty"),
		Occupation: rapid.SampledFrom(loa.Occupations).Draw(t, "work"), HasPhone: rapid.Bool().Draw(t, "phone")}
	if rapid.Bool().Draw(t, "dated") {
		p.BornOn = day("born", 1940, 2025)
		p.BornYear = p.BornOn.Time().Year()
	} else if rapid.Bool().Draw(t, "year") {
		p.BornYear = rapid.IntRange(1940, 2025).Draw(t, "born year")
	}
	if p.Poverty != "" && rapid.Bool().Draw(t, "dates") {
		p.PovertyFrom = day("from", 2023, 2025)
		p.PovertyTo = p.PovertyFrom.Add(400)
	}
	for k := range rapid.IntRange(0, 2).Draw(t, "reached") {
		p.Reached = append(p.Reached, day(fmt.Sprint("reached", k), 2025, 2025))
		p.Reached[k] = min(p.Reached[k], today)
	}
	for _, s := range []loa.Scheme{loa.VoluntarySI, loa.HI} {
		start := day("start", 2023, 2025)
		for n := range rapid.IntRange(0, 2).Draw(t, "spells") {
			covered := start.Add(rapid.IntRange(10, 300).Draw(t, "covered"))
			sp := loa.Spell{Person: p.Person, Scheme: s, No: n + 1, Starts: start, CoveredUntil: covered, Ends: covered.Add(rapid.IntRange(1, 90).Draw(t, "grace")),
				Payer: rapid.SampledFrom([]loa.Payer{loa.PaysSelf, loa.PaysState}).Draw(t, "payer"), EndKind: rapid.SampledFrom([]loa.EndKind{loa.Lapsed, loa.Left}).Draw(t, "end")}
			p.Spells = append(p.Spells, sp)
			start = sp.Ends.Add(rapid.IntRange(1, 200).Draw(t, "gap"))
		}
	}
	return p
}

func drawRule(t *rapid.T, depth int) loa.Rule {
	if depth < 3 {
		switch rapid.IntRange(0, 5).Draw(t, "shape") {
		case 0:
			return loa.Rule{All: []loa.Rule{drawRule(t, depth+1), drawRule(t, depth+1)}}
		case 1:
			return loa.Rule{Any: []loa.Rule{drawRule(t, depth+1), drawRule(t, depth+1)}}
		case 2:
			r := drawRule(t, depth+1)
			return loa.Rule{Not: &r}
		}
	}
	n := func(lo, hi int) *int { v := rapid.IntRange(lo, hi).Draw(t, "n"); return &v }
	scheme := rapid.SampledFrom([]loa.Scheme{loa.VoluntarySI, loa.HI}).Draw(t, "scheme")
	return rapid.SampledFrom([]loa.Rule{
		{Field: "area", Values: []string{"c1"}}, {Field: "area", Values: []string{"v3"}}, {Field: "age", Min: n(10, 40), Max: n(41, 80)}, {Field: "age", Max: n(0, 60)},
		{Field: "sex", Values: []string{"female"}}, {Field: "sex", Values: []string{""}}, {Field: "ethnic", Values: []string{"mong", "thai"}}, {Field: "poverty", Values: []string{"near_poor"}},
		{Field: "poverty", Values: []string{""}}, {Field: "occupation", Values: []string{"farmer", "pupil"}}, {Field: "status", Scheme: scheme, Values: []string{"lapsed", "due"}},
		{Field: "status", Scheme: scheme, Values: []string{"never", "left"}}, {Field: "status", Scheme: scheme, Values: []string{"participating"}},
		{Field: "payer", Scheme: scheme, Values: []string{"state"}}, {Field: "reached_days", Max: n(10, 200)}, {Field: "reached_days", Min: n(10, 200)}, {Field: "phone"},
		{Field: "household_without_hi"},
	}).Draw(t, "condition")
}

func under(a loa.AreaID) []loa.AreaID {
	if a == "c1" {
		return []loa.AreaID{"v1", "v2"}
	}
	return []loa.AreaID{a}
}

func TestPropertyColumnsAgreeWithThePlainReading(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 80).Draw(t, "people")
		people := make([]loa.Profile, n)
		for i := range people {
			people[i] = drawProfile(t, i)
		}
		x := New()
		x.Update(people, 1)
		// Change some, drop some: an index that was updated answers like one made anew.
		for k := range rapid.IntRange(0, 5).Draw(t, "changes") {
			i := rapid.IntRange(0, n-1).Draw(t, fmt.Sprint("which", k))
			people[i] = drawProfile(t, i)
			x.Update(people[i:i+1], int64(k+2))
		}
		fresh := New()
		fresh.Update(people, 1)
		rule := drawRule(t, 0)
		q := Query{Rule: rule, Today: today, DueDays: 60, Under: under}
		var want []loa.PersonID
		for _, p := range people {
			if holds(rule, p, people, today, under) {
				want = append(want, p.Person)
			}
		}
		if got := x.All(q); !slices.Equal(got, want) {
			t.Fatalf("%s: %v, want %v", rule.JSON(), got, want)
		}
		if a, b := x.Count(q), fresh.Count(q); a != b {
			t.Fatalf("updated %d, made anew %d", a, b)
		}
		for _, p := range people {
			if _, in := x.Why(q, p.Person); in != slices.Contains(want, p.Person) {
				t.Fatalf("why says %v of %s", in, p.Person)
			}
		}
	})
}

func TestPagesSamplesAndOverlap(t *testing.T) {
	x := New()
	var people []loa.Profile
	for i := range 200 {
		people = append(people, loa.Profile{Person: loa.PersonID(fmt.Sprintf("p%03d", i)), Area: "v1", SortKey: fmt.Sprintf("%03d", 199-i), Sex: []loa.Sex{loa.Male, loa.Female}[i%2], HasPhone: i%4 == 0})
	}
	rand.Shuffle(len(people), func(i, j int) { people[i], people[j] = people[j], people[i] })
	x.Update(people, 9)
	women := Query{Rule: loa.Rule{Field: "sex", Values: []string{"female"}}, Today: today}
	phones := Query{Rule: loa.Rule{Field: "phone"}, Today: today}
	page, total := x.Members(women, 10, 5)
	if total != 100 || len(page) != 5 || page[0] != "p179" {
		t.Errorf("page %v of %d", page, total)
	}
	if s := x.Sample(women, 20); len(s) != 20 {
		t.Errorf("sample of %d", len(s))
	}
	if a, b, both := x.Overlap(women, phones); a != 100 || b != 50 || both != 0 {
		t.Errorf("overlap %d %d %d", a, b, both)
	}
	x.Update([]loa.Profile{{Person: "p001", Gone: true}}, 10)
	if n := x.Count(women); n != 99 || x.Len() != 199 || x.Change() != 10 {
		t.Errorf("%d women of %d at change %d", n, x.Len(), x.Change())
	}
	women.Within = []loa.AreaID{"v2"}
	if n := x.Count(women); n != 0 {
		t.Errorf("%d women outside the scope", n)
	}
}
