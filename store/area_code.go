package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// RecodeArea gives a commune another official code from a day on; an empty code says that it has none from then. The old one
// stays readable for the days it held.
func (db *DB) RecodeArea(ctx context.Context, in loa.Scope, by loa.By, id loa.AreaID, code string, from loa.Day, source string) (loa.ActID, error) {
	if err := checkCode(code); err != nil {
		return "", err
	}
	if err := checkFrom(from, by); err != nil {
		return "", err
	}
	act := loa.ActID(loa.NewID())
	err := db.tx(ctx, func(tx *sql.Tx) error {
		if err := wholeOffice(ctx, tx, in); err != nil {
			return err
		}
		a, err := areaForWrite(ctx, tx, in, id)
		if err != nil {
			return err
		}
		if a.Kind != loa.Commune {
			return loa.Refuse(loa.Invalid, "code", "parent_not_commune")
		}
		before, err := areaStates(ctx, tx, []loa.AreaID{id})
		if err != nil {
			return err
		}
		if openCode(before[0]) == code {
			return loa.Refuse(loa.Conflict, "code", "code_same")
		}
		if err := recode(ctx, tx, a.ID, code, from, source); err != nil {
			return err
		}
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE area SET change_no = $1 WHERE id = $2`, change, id); err != nil {
			return fmt.Errorf("mark the area as changed: %w", err)
		}
		if err := addVersion(ctx, tx, in.Office, by, change, "area", string(id), "code", openCode(before[0]), code); err != nil {
			return err
		}
		after, err := areaStates(ctx, tx, []loa.AreaID{id})
		if err != nil {
			return err
		}
		if err := codesFree(ctx, tx, after[0]); err != nil {
			return err
		}
		if err := keepAreaAct(ctx, tx, in, by, act, id, before, after); err != nil {
			return err
		}
		return addAudit(ctx, tx, in.Office, by, "recoded", "area", string(id), code+" "+string(from))
	})
	return act, err
}

// checkCode takes five digits, as the statistics office writes communes, or nothing.
func checkCode(code string) error {
	if code == "" {
		return nil
	}
	for _, c := range code {
		if c < '0' || c > '9' || len(code) != 5 {
			return loa.Refuse(loa.Invalid, "code", "area_code")
		}
	}
	return nil
}

// recode ends the code an area has the day before and begins the new one.
func recode(ctx context.Context, tx *sql.Tx, id loa.AreaID, code string, from loa.Day, source string) error {
	var since loa.Day
	if err := tx.QueryRowContext(ctx, `SELECT coalesce(max(from_on), '') FROM area_code WHERE area_id = $1`, id).Scan(&since); err != nil {
		return fmt.Errorf("read the code of an area: %w", err)
	}
	if since >= from {
		return loa.Refuse(loa.Invalid, "from", "area_before_parent", since.Vietnamese())
	}
	if _, err := tx.ExecContext(ctx, `UPDATE area_code SET to_on = $1 WHERE area_id = $2 AND to_on = $3`, from.Add(-1), id, loa.OpenEnd); err != nil {
		return fmt.Errorf("end a code: %w", err)
	}
	if code == "" {
		return nil
	}
	var taken int
	err := tx.QueryRowContext(ctx, `SELECT count(*) FROM area_code WHERE code = $1 AND to_on >= $2`, code, from).Scan(&taken)
	if err != nil {
		return fmt.Errorf("look whose a code is: %w", err)
	}
	if taken > 0 {
		return loa.Refuse(loa.Conflict, "code", "code_taken", code)
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO area_code (area_id, code, from_on, to_on, source) VALUES ($1, $2, $3, $4, $5)`, id, code, from, loa.OpenEnd, source)
	if err != nil {
		return fmt.Errorf("give an area its code: %w", err)
	}
	return nil
}

// codesFree refuses when another unit has one of an area's codes on a day that is the area's too.
func codesFree(ctx context.Context, q querier, s areaState) error {
	for _, c := range s.Codes {
		var n int
		err := q.QueryRowContext(ctx, `SELECT count(*) FROM area_code WHERE code = $1 AND area_id <> $2 AND from_on <= $3 AND to_on >= $4`, c.Code, s.ID, c.To, c.From).Scan(&n)
		if err != nil {
			return fmt.Errorf("look whose a code is: %w", err)
		}
		if n > 0 {
			return loa.Refuse(loa.Conflict, "code", "code_taken", c.Code)
		}
	}
	return nil
}

// codesFreed takes the codes from areas that an undo takes back, because others may get them back first.
func codesFreed(ctx context.Context, tx *sql.Tx, before []areaState) error {
	for _, s := range before {
		if !s.Gone {
			continue
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM area_code WHERE area_id = $1`, s.ID); err != nil {
			return fmt.Errorf("take the code of an area back: %w", err)
		}
	}
	return nil
}

func openCode(s areaState) string {
	for _, c := range s.Codes {
		if c.To == loa.OpenEnd {
			return c.Code
		}
	}
	return ""
}

// keepAreaAdded keeps the act that made an area, so that it can be taken back.
func keepAreaAdded(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, act loa.ActID, id loa.AreaID) error {
	after, err := areaStates(ctx, tx, []loa.AreaID{id})
	if err != nil {
		return err
	}
	return keepAreaAct(ctx, tx, in, by, act, id, []areaState{{ID: id, Gone: true}}, after)
}

// placed are the tables that say something of an area: one that is named in any of them is not taken back.
var placed = []string{"household_row", "person_row", "contribution_fact", "leaving_fact", "consent_fact", "snapshot", "session", "attendance_fact", "visit_fact", "question_fact", "lead_fact",
	"enrolment_step_fact", "partner", "collector_area", "employer", "target", "participation", "grant_role", "boundary", "area_figure", "influencer", "market", "festival", "leaflet", "conversation"}

// unmakeArea takes an area back that nothing was recorded of yet.
func unmakeArea(ctx context.Context, tx *sql.Tx, id loa.AreaID) error {
	used := `SELECT (SELECT count(*) FROM area_parent WHERE parent_id = $1)`
	for _, table := range placed {
		used += ` + (SELECT count(*) FROM ` + table + ` WHERE area_id = $1)`
	}
	var n int
	if err := tx.QueryRowContext(ctx, used, id).Scan(&n); err != nil {
		return fmt.Errorf("look what was recorded of an area: %w", err)
	}
	if n > 0 {
		return loa.Refuse(loa.Conflict, "", "area_used")
	}
	for _, table := range []string{"area_parent", "area_code", "office_area", "area_alias"} {
		if _, err := tx.ExecContext(ctx, `DELETE FROM `+table+` WHERE area_id = $1`, id); err != nil {
			return fmt.Errorf("take an area out of %s: %w", table, err)
		}
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM area WHERE id = $1`, id); err != nil {
		return fmt.Errorf("take an area back: %w", err)
	}
	return nil
}
