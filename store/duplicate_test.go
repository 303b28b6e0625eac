package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// doubleOf adds a record that may be the same human as another.
func doubleOf(t *testing.T, db *store.DB, f *storetest.Fixture, p loa.Person, edit func(*loa.Person)) loa.Person {
	t.Helper()
	p.ID, p.Household, p.Relation, p.Phone, p.PhoneOwner = "", "", "", "", ""
	edit(&p)
	saved, err := db.AddPerson(context.Background(), f.Whole, f.By, p)
	if err != nil {
		t.Fatal(err)
	}
	return saved
}

func pairsOf(t *testing.T, db *store.DB, in loa.Scope) map[[2]loa.PersonID]bool {
	t.Helper()
	list, err := db.Duplicates(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	out := map[[2]loa.PersonID]bool{}
	for _, p := range list {
		key := [2]loa.PersonID{p.A.ID, p.B.ID}
		if out[key] || out[[2]loa.PersonID{p.B.ID, p.A.ID}] {
			t.Errorf("a pair comes twice: %v", key)
		}
		out[key] = true
	}
	return out
}

func TestDuplicates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		if n := len(pairsOf(t, db, f.Whole)); n != 0 {
			t.Fatalf("%d pairs among people who have nothing in common", n)
		}
		first := f.People[0] // Giàng A Chứ, born 1980, first village of commune A
		sound := doubleOf(t, db, f, first, func(p *loa.Person) { p.Name, p.BornYear, p.BornOn, p.Area = "Dàng A Trứ", 1981, "", f.Villages[1] })
		doubleOf(t, db, f, first, func(p *loa.Person) { p.BornYear, p.BornOn = 1990, "" })      // ten years younger
		doubleOf(t, db, f, first, func(p *loa.Person) { p.Area, p.BornOn = f.Villages[2], "" }) // in another commune
		doubleOf(t, db, f, first, func(p *loa.Person) { p.Sex, p.BornOn = loa.Female, "" })     // a namesake of other sex
		number := func(p *loa.Person) { p.NationalID = loa.Sealed{Cipher: []byte{1}, Index: "n1", Tail: "001"} }
		one := doubleOf(t, db, f, f.People[4], func(p *loa.Person) { p.Name = "Mùa Thị Một"; number(p) })
		two := doubleOf(t, db, f, f.People[7], func(p *loa.Person) { p.Name = "Lò Thị Hai"; number(p) })
		si := func(p *loa.Person) { p.SINumber = loa.Sealed{Cipher: []byte{1}, Index: "s1", Tail: "001"} }
		three := doubleOf(t, db, f, f.People[5], func(p *loa.Person) { p.Name = "Thào A Ba"; si(p) })
		four := doubleOf(t, db, f, f.People[8], func(p *loa.Person) { p.Name = "Lò Thị Tư"; si(p) })

		got := pairsOf(t, db, f.Whole)
		has := func(a, b loa.PersonID) bool { return got[[2]loa.PersonID{a, b}] || got[[2]loa.PersonID{b, a}] }
		if !has(first.ID, sound.ID) || !has(one.ID, two.ID) || !has(three.ID, four.ID) || len(got) != 3 {
			t.Errorf("pairs are %v", got)
		}
		if got := pairsOf(t, db, f.Commune1); len(got) != 1 {
			t.Errorf("inside one commune there are %d pairs, want only the one by sound", len(got))
		}
		if got := pairsOf(t, db, f.OtherScope); len(got) != 0 {
			t.Errorf("another office sees %v", got)
		}

		if err := db.SayNotDuplicate(ctx, f.Whole, f.By, sound.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if got = pairsOf(t, db, f.Whole); has(first.ID, sound.ID) || len(got) != 2 {
			t.Errorf("a pair that is two people is asked about again: %v", got)
		}
		if err := db.SayMaybeDuplicate(ctx, f.Commune2, f.By, first.ID, sound.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("somebody else's pair answers %v", err)
		}
		if err := db.SayMaybeDuplicate(ctx, f.Whole, f.By, first.ID, sound.ID); err != nil {
			t.Fatal(err)
		}
		if got = pairsOf(t, db, f.Whole); !has(first.ID, sound.ID) {
			t.Error("taken back, but not asked about again")
		}
		act, err := db.MergePeople(ctx, f.Whole, f.By, one.ID, two.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got = pairsOf(t, db, f.Whole); has(one.ID, two.ID) {
			t.Error("a merged pair is asked about")
		}
		if err := db.UndoAct(ctx, f.Whole, f.By, act); err != nil {
			t.Fatal(err)
		}
		if got = pairsOf(t, db, f.Whole); !has(one.ID, two.ID) {
			t.Error("a merge taken back does not come back as a pair")
		}
	})
}

func TestFindHouseholds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		for _, c := range []struct {
			query string
			in    loa.Scope
			want  []loa.HouseholdID
		}{
			{"giang a chu", f.Whole, []loa.HouseholdID{f.Households[0]}},
			{"M02", f.Whole, []loa.HouseholdID{f.Households[1]}},
			{"lo", f.Whole, []loa.HouseholdID{f.Households[2]}},
			{"giang a chu", f.Commune2, nil},
			{"M02", f.OtherScope, nil},
			{"", f.Whole, nil},
		} {
			got, err := db.FindHouseholds(context.Background(), c.in, c.query, 10)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != len(c.want) {
				t.Errorf("%q finds %v, want %v", c.query, got, c.want)
				continue
			}
			for i := range got {
				if got[i].ID != c.want[i] || got[i].Members != 3 || got[i].Head == "" {
					t.Errorf("%q finds %+v, want %s with its head and three people", c.query, got[i], c.want[i])
				}
			}
		}
	})
}

func TestQualityListWalksHouseByHouse(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		if _, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[1].ID, f.People[5].ID}, "", f.Villages[0]); err != nil {
			t.Fatal(err)
		}
		counts, err := db.QualityCounts(ctx, f.Whole, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		for _, kind := range store.QualityKinds {
			var ids []loa.PersonID
			for skip := 0; ; skip += 1 {
				page, err := db.QualityList(ctx, f.Whole, kind, storetest.Today, skip, 1)
				if err != nil {
					t.Fatalf("%s: %v", kind, err)
				}
				if len(page) == 0 {
					break
				}
				ids = append(ids, page[0].ID)
			}
			if len(ids) != counts[kind] {
				t.Errorf("%s lists %d people and counts %d", kind, len(ids), counts[kind])
			}
		}
		if counts["no_household"] != 2 {
			t.Errorf("%d people are in no household, want the two who moved out", counts["no_household"])
		}
		if narrow, err := db.QualityCounts(ctx, f.Commune2, storetest.Today); err != nil || narrow["no_household"] != 0 {
			t.Errorf("the other commune counts %v: %v", narrow, err)
		}
	})
}
