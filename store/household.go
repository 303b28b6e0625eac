package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
	"loa/vn"
)

const householdColumns = `h.id, h.office_id, h.area_id, h.code, h.head_id, h.address, h.walk_order, h.phone, h.note, h.ended, h.merged_into, h.change_no`

func scanHousehold(r interface{ Scan(...any) error }) (h loa.Household, err error) {
	err = r.Scan(&h.ID, &h.Office, &h.Area, &h.Code, &h.Head, &h.Address, &h.WalkOrder, &h.Phone, &h.Note, &h.Ended, &h.MergedInto, &h.ChangeNo)
	return h, err
}

// householdIn is a household inside the scope.
func householdIn(ctx context.Context, q querier, in loa.Scope, id loa.HouseholdID) (loa.Household, error) {
	h, err := scanHousehold(q.QueryRowContext(ctx, `SELECT `+householdColumns+` FROM household h WHERE h.id = $1`, id))
	if err != nil {
		return h, notFound(err)
	}
	return h, areaInScope(ctx, q, in, h.Area)
}

// openHousehold is a household inside the scope that people can still live in.
func openHousehold(ctx context.Context, q querier, in loa.Scope, id loa.HouseholdID) (loa.Household, error) {
	h, err := householdIn(ctx, q, in, id)
	if err == nil && h.Ended != "" {
		err = loa.Refuse(loa.Conflict, "household", "household_ended")
	}
	return h, err
}

// Household is one household inside the scope. The ID of one that was merged away answers with the household it was merged into.
// Its change number is not older than the import that showed or hid what it says.
func (db *DB) Household(ctx context.Context, in loa.Scope, id loa.HouseholdID) (loa.Household, error) {
	flipped, err := flippedNo(ctx, db.read, "household_row", string(id))
	if err != nil {
		return loa.Household{}, err
	}
	h, err := householdIn(ctx, db.read, in, id)
	h.ChangeNo = max(h.ChangeNo, flipped)
	if err == nil && h.MergedInto != "" {
		return db.Household(ctx, in, h.MergedInto)
	}
	return h, err
}

// AddHousehold writes a new household.
func (db *DB) AddHousehold(ctx context.Context, in loa.Scope, by loa.By, h loa.Household) (loa.Household, error) {
	if h.ID == "" {
		h.ID = loa.HouseholdID(loa.NewID())
	}
	if err := h.Check(); err != nil {
		return h, err
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, h.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		h.Office, h.ChangeNo = in.Office, change
		if err := insertHousehold(ctx, tx, h); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "created", "household", string(h.ID), "")
	})
	return h, err
}

func insertHousehold(ctx context.Context, tx *sql.Tx, h loa.Household) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO household_row (id, office_id, area_id, code, head_id, address, walk_order, phone, note, ended, merged_into, change_no) VALUES (`+placeholders(1, 12)+`)`,
		h.ID, h.Office, h.Area, h.Code, h.Head, h.Address, h.WalkOrder, h.Phone, h.Note, h.Ended, h.MergedInto, h.ChangeNo)
	if err != nil {
		return fmt.Errorf("save a household: %w", err)
	}
	return nil
}

// AddHome writes a new household with its people in one go: all of it or nothing. The first person is the head.
func (db *DB) AddHome(ctx context.Context, in loa.Scope, by loa.By, h loa.Household, people []loa.Person) (loa.Household, error) {
	h.ID = loa.HouseholdID(loa.NewID())
	if err := h.Check(); err != nil {
		return h, err
	}
	if len(people) == 0 {
		return h, loa.Refuse(loa.Invalid, "person", "required")
	}
	for i := range people {
		p := &people[i]
		if p.ID == "" {
			p.ID = loa.PersonID(loa.NewID())
		}
		p.Name, p.Area, p.Household = vn.Tidy(p.Name), h.Area, h.ID
		switch {
		case i == 0:
			p.Relation, h.Head = "head", p.ID
		case p.Relation == "head":
			return h, loa.Refuse(loa.Invalid, "relation", "one_head")
		}
		if err := p.Check(by.Day()); err != nil {
			return h, err
		}
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := areaInScope(ctx, tx, in, h.Area); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		h.Office, h.ChangeNo = in.Office, change
		if err := insertHousehold(ctx, tx, h); err != nil {
			return err
		}
		if err := addAudit(ctx, tx, in.Office, by, "created", "household", string(h.ID), ""); err != nil {
			return err
		}
		for _, p := range people {
			p.Office, p.CreatedAt, p.CreatedBy, p.ChangeNo = in.Office, by.At, by.Officer, change
			if err := insertPerson(ctx, tx, p); err != nil {
				return err
			}
			if err := addAudit(ctx, tx, in.Office, by, "created", "person", string(p.ID), ""); err != nil {
				return err
			}
		}
		return nil
	})
	return h, err
}
