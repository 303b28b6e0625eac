package store

import (
	"context"
	"database/sql"
	"strings"

	"loa"
)

// householdFields are the fields of a household that change, by an officer's hand or by an act.
var householdFields = []field[loa.Household]{
	oneField("area_id", func(h *loa.Household) *loa.AreaID { return &h.Area }),
	oneField("code", func(h *loa.Household) *string { return &h.Code }),
	oneField("head_id", func(h *loa.Household) *loa.PersonID { return &h.Head }),
	oneField("address", func(h *loa.Household) *string { return &h.Address }),
	oneField("walk_order", func(h *loa.Household) *int { return &h.WalkOrder }),
	oneField("phone", func(h *loa.Household) *string { return &h.Phone }),
	oneField("note", func(h *loa.Household) *string { return &h.Note }),
	oneField("ended", func(h *loa.Household) *string { return &h.Ended }),
	oneField("merged_into", func(h *loa.Household) *loa.HouseholdID { return &h.MergedInto }),
}

// SaveHousehold changes what an officer edits of a household, with one version each; read and what comes back are as in SavePerson.
// Who lives in it, where, and its head change by acts only.
func (db *DB) SaveHousehold(ctx context.Context, in loa.Scope, by loa.By, h loa.Household, read int64) (merged loa.Household, clashes []loa.FieldChange, err error) {
	if err := h.Check(); err != nil {
		return h, nil, err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, in.Office, 0); err != nil { // an import is shown before it or after it
			return err
		}
		old, err := openHousehold(ctx, tx, in, h.ID)
		if err != nil {
			return err
		}
		h.Area, h.Head, h.Ended, h.MergedInto = old.Area, old.Head, old.Ended, old.MergedInto
		changed, both, err := mergeFields(ctx, tx, householdFields, string(h.ID), read, &old, &h)
		if err != nil {
			return err
		}
		if clashes = both; len(clashes) > 0 || len(changed) == 0 {
			return nil
		}
		change, err := nextChange(ctx, tx, old.Office, 1)
		if err != nil {
			return err
		}
		for _, c := range changed {
			if err := addVersion(ctx, tx, old.Office, by, change, "household", string(h.ID), c.Field, c.Old, c.New); err != nil {
				return err
			}
		}
		fields := fieldsOf(changed)
		if err := saveFields(ctx, tx, "household_row", string(h.ID), householdFields, fields, &h, change); err != nil {
			return err
		}
		return addAudit(ctx, tx, old.Office, by, "changed", "household", string(h.ID), strings.Join(fields, " "))
	})
	return h, clashes, err
}
