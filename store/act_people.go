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
			h, err := openHousehold(ctx, x.tx, in, to)
			if err != nil {
				return err
			}
			area = h.Area
		} else if err := areaInScope(ctx, x.tx, in, area); err != nil {
			return err
		}
		people, err := x.peopleIn(in, ids)
		if err != nil {
			return err
		}
		homes := []loa.HouseholdID{to}
		for _, p := range people {
			if p.Household != to {
				homes = append(homes, p.Household)
			}
			err := x.person(p.ID, func(p *loa.Person) {
				p.Area = area
				if p.Household != to {
					p.Household, p.Relation = to, ""
				}
			})
			if err != nil {
				return err
			}
		}
		return x.tidy(homes...)
	})
}

// MoveHousehold moves a household with everybody in it to another village.
func (db *DB) MoveHousehold(ctx context.Context, in loa.Scope, by loa.By, id loa.HouseholdID, village loa.AreaID) (loa.ActID, error) {
	return db.act(ctx, in, by, "move_household", "household", string(id), func(x *acting) error {
		if _, err := openHousehold(ctx, x.tx, in, id); err != nil {
			return err
		}
		if err := areaInScope(ctx, x.tx, in, village); err != nil {
			return err
		}
		if err := x.household(id, func(h *loa.Household) { h.Area = village }); err != nil {
			return err
		}
		members, err := x.members(id)
		if err != nil {
			return err
		}
		for _, m := range members {
			if err := x.person(m, func(p *loa.Person) { p.Area = village }); err != nil {
				return err
			}
		}
		return nil
	})
}

// members are those who live in a household, the likeliest head first.
func (x *acting) members(id loa.HouseholdID) ([]loa.PersonID, error) {
	rows, err := x.tx.QueryContext(x.ctx, `SELECT id FROM person WHERE household_id = $1 AND merged_into = ''
		ORDER BY CASE WHEN relation = 'head' THEN 0 WHEN relation = 'spouse' THEN 1 ELSE 2 END, CASE WHEN born_year > 0 THEN born_year ELSE 9999 END, id`, id)
	ids, err := collectIDs(rows, err)
	if err != nil {
		return nil, fmt.Errorf("read the members: %w", err)
	}
	out := make([]loa.PersonID, len(ids))
	for i, m := range ids {
		out[i] = loa.PersonID(m)
	}
	return out, nil
}

// SplitHousehold lets some members make a household of their own, with one of them as head: the first when none is named.
func (db *DB) SplitHousehold(ctx context.Context, in loa.Scope, by loa.By, from loa.HouseholdID, ids []loa.PersonID, head loa.PersonID) (loa.HouseholdID, loa.ActID, error) {
	made := loa.HouseholdID(loa.NewID())
	act, err := db.act(ctx, in, by, "split", "household", string(from), func(x *acting) error {
		h, err := openHousehold(ctx, x.tx, in, from)
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
		if head == "" {
			head, found = people[0].ID, true
		}
		if !found {
			return loa.Refuse(loa.Invalid, "head", "head_not_chosen")
		}
		all, err := x.members(from)
		if err != nil {
			return err
		}
		if len(all) == len(people) {
			return loa.Refuse(loa.Invalid, "person", "split_everybody")
		}
		if err := x.makeHousehold(loa.Household{ID: made, Area: h.Area, Head: head}); err != nil {
			return err
		}
		for _, p := range people {
			err := x.person(p.ID, func(p *loa.Person) {
				p.Household = made
				switch {
				case p.ID == head:
					p.Relation = "head"
				case p.Relation == "head":
					p.Relation = ""
				}
			})
			if err != nil {
				return err
			}
		}
		return x.tidy(from)
	})
	return made, act, err
}

// SetHead makes a member the head of the household. How the others are related to the new head is not known, but to the old one
// it was: only the old head's own relation is cleared.
func (db *DB) SetHead(ctx context.Context, in loa.Scope, by loa.By, id loa.HouseholdID, head loa.PersonID) (loa.ActID, error) {
	return db.act(ctx, in, by, "head", "household", string(id), func(x *acting) error {
		if _, err := openHousehold(ctx, x.tx, in, id); err != nil {
			return err
		}
		people, err := x.peopleIn(in, []loa.PersonID{head})
		if err != nil {
			return err
		}
		if people[0].Household != id {
			return loa.ErrNotFound
		}
		if err := x.household(id, func(h *loa.Household) { h.Head = head }); err != nil {
			return err
		}
		return x.onlyHead(id, head)
	})
}

// onlyHead leaves one member of a household with the word head.
func (x *acting) onlyHead(id loa.HouseholdID, head loa.PersonID) error {
	members, err := x.members(id)
	if err != nil {
		return err
	}
	for _, m := range members {
		err := x.person(m, func(p *loa.Person) {
			switch {
			case p.ID == head:
				p.Relation = "head"
			case p.Relation == "head":
				p.Relation = ""
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tidy gives households that lost or won members a head among those who live there, and ends those that are empty.
func (x *acting) tidy(homes ...loa.HouseholdID) error {
	done := map[loa.HouseholdID]bool{"": true}
	for _, id := range homes {
		if done[id] {
			continue
		}
		done[id] = true
		h, err := scanHousehold(x.tx.QueryRowContext(x.ctx, `SELECT `+householdColumns+` FROM household h WHERE h.id = $1`, id))
		if err != nil {
			return notFound(err)
		}
		members, err := x.members(id)
		if err != nil {
			return err
		}
		if len(members) == 0 {
			if err := x.household(id, func(h *loa.Household) { h.Ended, h.Head = "empty", "" }); err != nil {
				return err
			}
			continue
		}
		head := members[0]
		for _, m := range members {
			if m == h.Head {
				head = m
			}
		}
		if err := x.household(id, func(h *loa.Household) { h.Head = head }); err != nil {
			return err
		}
		if err := x.onlyHead(id, head); err != nil {
			return err
		}
	}
	return nil
}
