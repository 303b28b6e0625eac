package store_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"loa"
	"loa/segmenting"
	"loa/store"
	"loa/store/storetest"
)

// TestAnIndexKeptUpIsTheIndexMadeAnew does many acts in a random order and after each brings one index up to date by what
// changed, and makes another from the facts: both must pick the same people for every kind of condition.
func TestAnIndexKeptUpIsTheIndexMadeAnew(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		dice := rand.New(rand.NewPCG(7, 2025))
		kept := segmenting.New()
		load := func(x *segmenting.Index) {
			t.Helper()
			since := x.Change()
			upTo, err := db.Profiles(ctx, f.Office.ID, since, func(part []loa.Profile) error { x.Update(part, since); return nil })
			if err != nil {
				t.Fatal(err)
			}
			x.Update(nil, upTo)
		}
		load(kept)
		var acts []loa.ActID
		for step := range 40 {
			said := oneAct(t, f, db, dice, step, &acts)
			load(kept)
			fresh := segmenting.New()
			load(fresh)
			for _, rule := range everyCondition(f) {
				q := segmenting.Query{Rule: rule, Today: storetest.Today, DueDays: 60, Under: func(a loa.AreaID) []loa.AreaID { return []loa.AreaID{a} }}
				if a, b := kept.All(q), fresh.All(q); !slices.Equal(a, b) {
					t.Fatalf("after %s, %s picks %v when kept up and %v when made anew", said, rule.JSON(), a, b)
				}
			}
		}
	})
}

func oneAct(t *testing.T, f *storetest.Fixture, db *store.DB, dice *rand.Rand, step int, acts *[]loa.ActID) string {
	t.Helper()
	ctx, by := context.Background(), f.By
	p := f.People[dice.IntN(len(f.People))]
	fact := loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: storetest.Today.Add(-dice.IntN(300))}
	var err error
	var act loa.ActID
	kind := dice.IntN(8)
	switch kind {
	case 0:
		from := loa.MakeDay(2025, 1+dice.IntN(9), 1)
		err = db.AddContribution(ctx, f.Whole, by, loa.Contribution{Fact: fact, Person: p.ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly, From: from, Until: from.AddMonths(3).Add(-1), Months: 3,
			Income: 1500000, Amount: 693000, StateAmount: 297000})
	case 1:
		err = db.AddConsent(ctx, f.Whole, by, loa.Consent{Fact: fact, Person: p.ID, Purpose: "care", Channel: loa.Channels[1+dice.IntN(3)], Agreed: dice.IntN(2) == 0, Proof: "phiếu giấy"})
	case 2:
		now, e := db.Person(ctx, f.Whole, p.ID)
		if e != nil {
			return "nothing: the record is merged away"
		}
		now.Occupation, now.Phone = loa.Occupations[dice.IntN(len(loa.Occupations))], []string{"", "+84912345678"}[dice.IntN(2)]
		if now.Phone != "" {
			now.PhoneOwner = "self"
		}
		_, _, err = db.SavePerson(ctx, f.Whole, by, now, now.ChangeNo)
	case 3:
		act, err = db.MoveHousehold(ctx, f.Whole, by, f.Households[dice.IntN(4)], f.Villages[dice.IntN(4)])
	case 4:
		act, err = db.MergePeople(ctx, f.Whole, by, f.People[dice.IntN(6)].ID, f.People[6+dice.IntN(6)].ID)
	case 5:
		if n := len(*acts); n > 0 {
			err = db.UndoAct(ctx, f.Whole, by, (*acts)[n-1])
			*acts = (*acts)[:n-1]
		}
	case 6:
		err = db.AddVisit(ctx, f.Whole, by, loa.Visit{Fact: fact, Household: p.Household, Person: p.ID, Form: loa.VisitForm, Outcome: "met"})
	case 7:
		_, err = db.AddPerson(ctx, f.Whole, by, loa.Person{Area: f.Villages[dice.IntN(4)], Name: fmt.Sprintf("Người Mới %d", step), BornYear: 1960 + dice.IntN(60), Sex: loa.Female})
	}
	if act != "" {
		*acts = append(*acts, act)
	}
	if err != nil && loa.KindOf(err) != loa.Invalid && loa.KindOf(err) != loa.Conflict && loa.KindOf(err) != loa.NotFound {
		t.Fatalf("act %d: %v", kind, err)
	}
	return fmt.Sprintf("step %d, act %d (%v)", step, kind, err)
}

// everyCondition is one rule per field a rule may ask about.
func everyCondition(f *storetest.Fixture) []loa.Rule {
	n := func(i int) *int { return &i }
	var out []loa.Rule
	for _, field := range loa.RuleFields {
		r := loa.Rule{Field: field.Field}
		switch field.Kind {
		case "words":
			r.Values = loa.RuleWords(field.Field)[:1]
			if field.Field == "occupation" {
				r.Values = []string{"farmer", "freelancer"}
			}
		case "status":
			r.Scheme, r.Values = loa.VoluntarySI, loa.RuleWords(field.Field)[1:]
			if len(r.Values) == 0 {
				r.Values = loa.RuleWords(field.Field)
			}
		case "months":
			r.Scheme, r.Min, r.Max = loa.VoluntarySI, n(0), n(24)
		case "range":
			r.Min, r.Max = n(10), n(90)
		case "consent":
			r.Values = []string{"care:sms:agreed", "care:call:refused"}
		case "area":
			r.Values = []string{string(f.Villages[0]), string(f.Villages[2])}
		}
		out = append(out, r)
	}
	return out
}
