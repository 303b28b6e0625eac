package store

import (
	"context"
	"fmt"

	"loa"
)

// peopleIn finds people inside the scope, for an act on them.
func (x *acting) peopleIn(in loa.Scope, ids []loa.PersonID) ([]loa.Person, error) {
	var out []loa.Person
	for _, id := range ids {
		p, err := scanPerson(x.tx.QueryRowContext(x.ctx, `SELECT `+personColumns+` FROM person p WHERE p.id = $1 AND p.merged_into = ''`, id))
		if err != nil {
			return nil, notFound(err)
		}
		if err := areaInScope(x.ctx, x.tx, in, p.Area); err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// MovePeople moves people into another household, or into none in a village; they live where the household is.
func (db *DB) MovePeople(ctx context.Context, in loa.Scope, by loa.By, ids []loa.PersonID, to loa.HouseholdID, village loa.AreaID) (loa.ActID, error) {
	if len(ids) == 0 {
		return "", loa.Refuse(loa.Invalid, "person", "required")
	}
	return db.act(ctx, in, by, "move", "person", string(ids[0]), func(x *acting) error {
		area := village
		if to != "" {
			h, err := householdIn(ctx, x.tx, in, to)
			if err != nil {
				return err
			}
			if h.Ended != "" {
				return loa.Refuse(loa.Conflict, "household", "household_ended")
			}
			area = h.Area
		} else if err := areaInScope(ctx, x.tx, in, area); err != nil {
			return err
		}
		people, err := x.peopleIn(in, ids)
		if err != nil {
			return err
		}
		left := map[loa.HouseholdID]bool{}
		for _, p := range people {
			if p.Household != "" && p.Household != to {
				left[p.Household] = true
			}
			err := x.set("person", string(p.ID), func(s *rowState) {
				s.Area = area
				if s.Household != to {
					s.Household, s.Relation = to, ""
				}
			})
			if err != nil {
				return err
			}
		}
		return x.tidy(left)
	})
}

// SplitHousehold lets some members make a household of their own, with one of them as head.
func (db *DB) SplitHousehold(ctx context.Context, in loa.Scope, by loa.By, from loa.HouseholdID, ids []loa.PersonID, head loa.PersonID) (loa.HouseholdID, loa.ActID, error) {
	made := loa.HouseholdID(loa.NewID())
	act, err := db.act(ctx, in, by, "split", "household", string(from), func(x *acting) error {
		h, err := householdIn(ctx, x.tx, in, from)
		if err != nil {
			return err
		}
		people, err := x.peopleIn(in, ids)
		if err != nil {
			return err
		}
		if len(people) == 0 {
			return loa.Refuse(loa.Invalid, "person", "required")
		}
		found := false
		for _, p := range people {
			if p.Household != from {
				return loa.ErrNotFound
			}
			found = found || p.ID == head
		}
		if !found {
			head = people[0].ID
		}
		if err := x.set("household", string(made), func(s *rowState) { s.Area, s.Head, s.Missing = h.Area, head, false }); err != nil {
			return err
		}
		for _, p := range people {
			err := x.set("person", string(p.ID), func(s *rowState) {
				s.Household = made
				if p.ID == head {
					s.Relation = "head"
				} else if s.Relation == "head" {
					s.Relation = ""
				}
			})
			if err != nil {
				return err
			}
		}
		return x.tidy(map[loa.HouseholdID]bool{from: true})
	})
	return made, act, err
}

// MergeHouseholds moves everybody of one household into another; the empty one ends.
func (db *DB) MergeHouseholds(ctx context.Context, in loa.Scope, by loa.By, from, to loa.HouseholdID) (loa.ActID, error) {
	if from == to {
		return "", loa.Refuse(loa.Invalid, "household", "same_household")
	}
	return db.act(ctx, in, by, "merge_households", "household", string(to), func(x *acting) error {
		into, err := householdIn(ctx, x.tx, in, to)
		if err != nil {
			return err
		}
		if _, err := householdIn(ctx, x.tx, in, from); err != nil {
			return err
		}
		rows, err := x.tx.QueryContext(ctx, `SELECT id FROM person WHERE household_id = $1 AND merged_into = '' ORDER BY id`, from)
		ids, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read the members: %w", err)
		}
		for _, id := range ids {
			err := x.set("person", id, func(s *rowState) {
				s.Household, s.Area = to, into.Area
				if s.Relation == "head" {
					s.Relation = "other"
				}
			})
			if err != nil {
				return err
			}
		}
		return x.set("household", string(from), func(s *rowState) { s.Ended = "merged" })
	})
}

// MergePeople says that two records are one human. The facts of both count for the one kept, and the other's ID goes on
// answering with it. Nothing is copied or lost, so the merge can be taken back.
func (db *DB) MergePeople(ctx context.Context, in loa.Scope, by loa.By, keep, drop loa.PersonID) (loa.ActID, error) {
	if keep == drop {
		return "", loa.Refuse(loa.Invalid, "person", "same_person")
	}
	return db.act(ctx, in, by, "merge_people", "person", string(keep), func(x *acting) error {
		people, err := x.peopleIn(in, []loa.PersonID{keep, drop})
		if err != nil {
			return err
		}
		rows, err := x.tx.QueryContext(ctx, `SELECT id FROM person WHERE merged_into = $1 ORDER BY id`, drop)
		earlier, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read earlier merges: %w", err)
		}
		for _, id := range append(earlier, string(drop)) {
			if err := x.set("person", id, func(s *rowState) { s.Merged = keep }); err != nil {
				return err
			}
		}
		if home := people[1].Household; home != "" && home != people[0].Household {
			return x.tidy(map[loa.HouseholdID]bool{home: true})
		}
		return nil
	})
}

// tidy gives households that lost members a head among those left, and ends those that are empty.
func (x *acting) tidy(homes map[loa.HouseholdID]bool) error {
	for id := range homes {
		rows, err := x.tx.QueryContext(x.ctx, `SELECT id FROM person WHERE household_id = $1 AND merged_into = ''
			ORDER BY CASE WHEN relation = 'head' THEN 0 WHEN relation = 'spouse' THEN 1 ELSE 2 END, CASE WHEN born_year > 0 THEN born_year ELSE 9999 END, id`, id)
		left, err := collectIDs(rows, err)
		if err != nil {
			return fmt.Errorf("read who is left: %w", err)
		}
		err = x.set("household", string(id), func(s *rowState) {
			if s.Missing {
				return
			}
			if len(left) == 0 {
				s.Ended, s.Head = "empty", ""
			} else if s.Head == "" || !loa.OneOf(string(s.Head), left) {
				s.Head = loa.PersonID(left[0])
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}
