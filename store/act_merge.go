package store

import (
	"context"
	"fmt"

	"loa"
)

// MergeHouseholds moves everybody of one household into another. The empty one ends, and its ID goes on answering with the other.
func (db *DB) MergeHouseholds(ctx context.Context, in loa.Scope, by loa.By, from, to loa.HouseholdID) (loa.ActID, error) {
	if from == to {
		return "", loa.Refuse(loa.Invalid, "household", "same_household")
	}
	return db.act(ctx, in, by, "merge_households", "household", string(to), func(x *acting) error {
		into, err := openHousehold(ctx, x.tx, in, to)
		if err != nil {
			return err
		}
		if _, err := openHousehold(ctx, x.tx, in, from); err != nil {
			return err
		}
		members, err := x.members(from)
		if err != nil {
			return err
		}
		for _, m := range members {
			err := x.person(m, func(p *loa.Person) {
				p.Household, p.Area = to, into.Area
				p.Relation = "" // it was to the other head
			})
			if err != nil {
				return err
			}
		}
		rows, err := x.tx.QueryContext(ctx, `SELECT id FROM household WHERE merged_into <> '' AND merged_into = $1 ORDER BY id`, from)
		earlier, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read earlier merges: %w", err)
		}
		for _, id := range append(earlier, string(from)) {
			if err := x.household(loa.HouseholdID(id), func(h *loa.Household) { h.Ended, h.MergedInto, h.Head = "merged", to, "" }); err != nil {
				return err
			}
		}
		return x.tidy(to)
	})
}

// OnReseal hands in how a sealed number is made fit for another record; without it the numbers of a record that is merged away stay
// sealed with it.
func (db *DB) OnReseal(fn func(office loa.OfficeID, column string, from, to loa.PersonID, cipher []byte) ([]byte, error)) {
	db.reseal = fn
}

// MergePeople says that two records are one human. The facts of both count for the one kept, which also learns what only the other
// knew, and the other's ID goes on answering with it. Nothing is lost, so the merge can be taken back.
func (db *DB) MergePeople(ctx context.Context, in loa.Scope, by loa.By, keep, drop loa.PersonID) (loa.ActID, error) {
	if keep == drop {
		return "", loa.Refuse(loa.Invalid, "person", "same_person")
	}
	return db.act(ctx, in, by, "merge_people", "person", string(keep), func(x *acting) error {
		people, err := x.peopleIn(in, []loa.PersonID{keep, drop})
		if err != nil {
			return err
		}
		merged, err := x.absorb(people[0], people[1])
		if err != nil {
			return err
		}
		rows, err := x.tx.QueryContext(ctx, `SELECT id FROM person WHERE merged_into <> '' AND merged_into = $1 ORDER BY id`, drop)
		earlier, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read earlier merges: %w", err)
		}
		for _, id := range append(earlier, string(drop)) {
			if err := x.person(loa.PersonID(id), func(p *loa.Person) { p.MergedInto = keep }); err != nil {
				return err
			}
		}
		if err := x.person(keep, func(p *loa.Person) { *p = merged }); err != nil {
			return err
		}
		return x.tidy(people[1].Household, people[0].Household)
	})
}

// absorb is the record kept with what only the other one knew, its sealed numbers included.
func (x *acting) absorb(keep, drop loa.Person) (loa.Person, error) {
	merged := keep.Absorb(drop)
	if x.db.reseal == nil {
		return merged, nil
	}
	for _, n := range []struct {
		column string
		into   *loa.Sealed
		from   loa.Sealed
	}{{"person.national_id", &merged.NationalID, drop.NationalID}, {"person.si_number", &merged.SINumber, drop.SINumber}} {
		if n.into.Known() || !n.from.Known() {
			continue
		}
		cipher, err := x.db.reseal(keep.Office, n.column, drop.ID, keep.ID, n.from.Cipher)
		if err != nil {
			return merged, fmt.Errorf("seal a number for the record kept: %w", err)
		}
		*n.into = loa.Sealed{Cipher: cipher, Index: n.from.Index, Tail: n.from.Tail}
	}
	return merged, nil
}
