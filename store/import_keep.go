package store

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"

	"loa"
)

// personFacts are the tables that say somebody was worked with. An import writes two of them itself, under its own batch.
var personFacts = []struct{ table, but string }{
	{"attendance_fact", ""}, {"visit_fact", ""}, {"question_fact", ""}, {"lead_fact", ""}, {"leaving_fact", ""},
	{"contribution_fact", ` AND x.batch <> $1`}, {"consent_fact", ` AND x.batch <> $1`},
}

// brought are the people an import brought who were not known before.
const brought = `p.batch = $1 AND p.batch <> '' AND NOT EXISTS (SELECT 1 FROM person_row o WHERE o.id = p.id AND o.batch <> p.batch)`

// keepTouched takes the people an import brought and that were worked with since out of its batch, together with the households
// it made for them, so that taking the import back leaves them. It answers with the change number up to which it looked.
func (db *DB) keepTouched(ctx context.Context, office loa.OfficeID, batch loa.ImportID) (since int64, err error) {
	if err := db.read.QueryRowContext(ctx, `SELECT change_no FROM office WHERE id = $1`, office).Scan(&since); err != nil {
		return 0, notFound(err)
	}
	var q strings.Builder
	q.WriteString(`SELECT p.id FROM person_row p WHERE ` + brought + ` AND (p.merged_into <> '' OR EXISTS (SELECT 1 FROM field_version x WHERE x.noun_id = p.id AND x.batch <> $1)
		OR EXISTS (SELECT 1 FROM person_row x WHERE x.merged_into <> '' AND x.merged_into = p.id)`)
	for _, f := range personFacts {
		q.WriteString(` OR EXISTS (SELECT 1 FROM ` + f.table + ` x WHERE x.person_id <> '' AND x.person_id = p.id` + f.but + `)`)
	}
	rows, err := db.read.QueryContext(ctx, q.String()+`)`, batch)
	people, err := collectIDs(rows, err)
	if err != nil {
		return 0, fmt.Errorf("find who was worked with since the import: %w", err)
	}
	rows, err = db.read.QueryContext(ctx, `SELECT h.id FROM household_row h WHERE h.batch = $1 AND h.batch <> '' AND NOT EXISTS (SELECT 1 FROM household_row o WHERE o.id = h.id AND o.batch <> h.batch) AND (
		EXISTS (SELECT 1 FROM field_version x WHERE x.noun_id = h.id AND x.batch <> $1) OR EXISTS (SELECT 1 FROM visit_fact x WHERE x.household_id <> '' AND x.household_id = h.id)
		OR EXISTS (SELECT 1 FROM person_row x WHERE x.household_id = h.id AND x.batch <> $1))`, batch)
	homes, err := collectIDs(rows, err)
	if err != nil {
		return 0, fmt.Errorf("find which households were worked with since the import: %w", err)
	}
	for part := range slices.Chunk(people, 200) {
		if err := db.tx(ctx, func(tx *sql.Tx) error { return db.keepPeople(ctx, tx, batch, part) }); err != nil {
			return 0, err
		}
	}
	for part := range slices.Chunk(homes, 100) {
		if err := db.tx(ctx, func(tx *sql.Tx) error { return db.keepHomes(ctx, tx, batch, part) }); err != nil {
			return 0, err
		}
	}
	return since, nil
}

// keepNewer does the same for what came in while it was looked for; there is little of it.
func (db *DB) keepNewer(ctx context.Context, tx *sql.Tx, batch loa.ImportID, since int64) error {
	var q strings.Builder
	q.WriteString(`SELECT p.id FROM person_row p WHERE ` + brought + ` AND p.change_no > $2 AND p.office_id = (SELECT office_id FROM import_run WHERE id = $1)`)
	for _, f := range personFacts {
		q.WriteString(` UNION SELECT p.id FROM ` + f.table + ` x JOIN person_row p ON p.id = x.person_id WHERE x.change_no > $2 AND x.office_id = (SELECT office_id FROM import_run WHERE id = $1) AND x.person_id <> ''` +
			f.but + ` AND ` + brought)
	}
	rows, err := tx.QueryContext(ctx, q.String(), batch, since)
	people, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find who was worked with meanwhile: %w", err)
	}
	return db.keepPeople(ctx, tx, batch, people)
}

// keepPeople takes some people out of the batch, and the whole of each household that the import made for one of them.
func (db *DB) keepPeople(ctx context.Context, tx *sql.Tx, batch loa.ImportID, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	rows, err := tx.QueryContext(ctx, `SELECT id FROM household_row WHERE batch = `+db.marks(1, 1)+` AND batch <> '' AND id IN (SELECT household_id FROM person_row WHERE id IN (`+db.marks(2, len(ids))+`))`,
		append([]any{string(batch)}, anys(ids)...)...)
	homes, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find the households of people who stay: %w", err)
	}
	if err := db.keepHomes(ctx, tx, batch, homes); err != nil {
		return err
	}
	return db.keepRows(ctx, tx, batch, ids)
}

func (db *DB) keepHomes(ctx context.Context, tx *sql.Tx, batch loa.ImportID, homes []string) error {
	if len(homes) == 0 {
		return nil
	}
	list, args := db.marks(2, len(homes)), append([]any{string(batch)}, anys(homes)...)
	rows, err := tx.QueryContext(ctx, `SELECT id FROM person_row WHERE batch = `+db.marks(1, 1)+` AND batch <> '' AND household_id IN (`+list+`)`, args...)
	members, err := collectIDs(rows, err)
	if err != nil {
		return fmt.Errorf("find the members of households that stay: %w", err)
	}
	if _, err := tx.ExecContext(ctx, `UPDATE household_row SET batch = '' WHERE batch = `+db.marks(1, 1)+` AND id IN (`+list+`)`, args...); err != nil {
		return fmt.Errorf("keep households: %w", err)
	}
	return db.keepRows(ctx, tx, batch, members)
}

// keepRows makes the batch's version of some people the one that stays. Somebody known before keeps the household the list moved
// them into, because it stays too.
func (db *DB) keepRows(ctx context.Context, tx *sql.Tx, batch loa.ImportID, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	list, args := db.marks(2, len(ids)), append([]any{string(batch)}, anys(ids)...)
	const known = ` AND NOT EXISTS (SELECT 1 FROM person_row o WHERE o.id = person_row.id AND o.batch <> person_row.batch)`
	for _, q := range []string{
		`UPDATE contribution_fact SET batch = '' WHERE batch = ` + db.marks(1, 1) + ` AND person_id IN (` + list + `)`,
		`UPDATE consent_fact SET batch = '' WHERE batch = ` + db.marks(1, 1) + ` AND person_id IN (` + list + `)`,
		`UPDATE person_row SET household_id = c.household_id, relation = c.relation FROM person_row c WHERE c.id = person_row.id AND c.batch = ` + db.marks(1, 1) + ` AND person_row.batch <> c.batch AND c.id IN (` + list + `)`,
	} {
		if _, err := tx.ExecContext(ctx, q, args...); err != nil {
			return fmt.Errorf("keep people: %w", err)
		}
	}
	res, err := tx.ExecContext(ctx, `UPDATE person_row SET batch = '' WHERE batch = `+db.marks(1, 1)+` AND id IN (`+list+`)`+known, args...)
	if err != nil {
		return fmt.Errorf("keep people: %w", err)
	}
	n, err := res.RowsAffected()
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE import_run SET n_kept = n_kept + $1 WHERE id = $2`, n, batch)
	return err
}
