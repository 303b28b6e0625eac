package store

import (
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// ShowImport makes everything an import staged visible, by one short transaction.
func (db *DB) ShowImport(ctx context.Context, by loa.By, i loa.Import) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if _, err := nextChange(ctx, tx, i.Office, 1); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM hidden_batch WHERE id = $1`, i.ID); err != nil {
			return fmt.Errorf("show the import: %w", err)
		}
		_, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, applied_at = $2, rows_done = 0 WHERE id = $3`, loa.ImportRefreshing, millis(by.At), i.ID)
		if err != nil {
			return fmt.Errorf("show the import: %w", err)
		}
		return addAudit(ctx, tx, i.Office, by, "shown", "import", string(i.ID), fmt.Sprintf("new=%d changed=%d", i.New, i.Changed))
	})
}

// UndoImport takes a whole import back, by one short transaction. Imports that were built upon are undone newest first.
func (db *DB) UndoImport(ctx context.Context, in loa.Scope, by loa.By, id loa.ImportID) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		if err := importInState(ctx, tx, in, id, loa.ImportApplied); err != nil {
			return err
		}
		i, err := scanImport(tx.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import_run i WHERE i.id = $1`, id))
		if err != nil {
			return err
		}
		if !i.CanUndo(by.At) {
			return loa.Refuse(loa.Conflict, "", "import_too_old", loa.UndoDays)
		}
		var later int
		err = tx.QueryRowContext(ctx, `SELECT count(*) FROM person_row WHERE batch <> '' AND batch = $1 AND gone <> '' AND gone NOT IN (SELECT id FROM hidden_batch)`, id).Scan(&later)
		if err != nil {
			return fmt.Errorf("ask what was built on the import: %w", err)
		}
		if later > 0 {
			return loa.Refuse(loa.Conflict, "", "import_built_upon", later)
		}
		if _, err := nextChange(ctx, tx, i.Office, 1); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO hidden_batch (id, since) VALUES ($1, $2)`, id, millis(by.At)); err != nil {
			return fmt.Errorf("take the import back: %w", err)
		}
		if _, err := tx.ExecContext(ctx, `UPDATE import_run SET state = $1, undone_at = $2, rows_done = 0 WHERE id = $3`, loa.ImportUndoing, millis(by.At), id); err != nil {
			return fmt.Errorf("take the import back: %w", err)
		}
		if err := addAudit(ctx, tx, i.Office, by, "undone", "import", string(id), ""); err != nil {
			return err
		}
		return db.ask(ctx, tx, Job{Kind: "import_refresh", ID: string(id)})
	})
}

// RefreshPage brings the figures behind a page of an import's people up to date after it was shown or taken back, and returns
// the last person of the page; empty when all are done. Each page is one short transaction, so the office works on.
func (db *DB) RefreshPage(ctx context.Context, i loa.Import, after loa.PersonID, take int) (loa.PersonID, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT DISTINCT id FROM person_row WHERE batch <> '' AND batch = $1 AND id > $2 ORDER BY id LIMIT $3`, i.ID, after, take)
	ids, err := collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
	if err != nil || len(ids) == 0 {
		return "", err
	}
	err = db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, i.Office, 1)
		if err != nil {
			return err
		}
		if err := touchPeople(ctx, tx, change, ids...); err != nil {
			return err
		}
		paid, err := paidIn(ctx, tx, i.ID, ids)
		if err != nil {
			return err
		}
		if err := db.reproject(ctx, tx, paid...); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE import_run SET rows_done = rows_done + $1 WHERE id = $2`, len(ids), i.ID)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("bring the figures up to date: %w", err)
	}
	return ids[len(ids)-1], nil
}

// paidIn are those of some people whose standing an import can have touched: it brought a cover, or they have spells that
// would outlive a record taken back.
func paidIn(ctx context.Context, tx *sql.Tx, batch loa.ImportID, ids []loa.PersonID) ([]loa.PersonID, error) {
	args := make([]any, 0, len(ids)+1)
	args = append(args, batch)
	for _, id := range ids {
		args = append(args, id)
	}
	list := placeholders(2, len(ids))
	rows, err := tx.QueryContext(ctx, `SELECT person_id FROM contribution_fact WHERE batch <> '' AND batch = $1 AND person_id IN (`+list+`)
		UNION SELECT s.person_id FROM spell s WHERE s.person_id IN (`+list+`) AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = s.person_id)`, args...)
	return collect(rows, err, func(r *sql.Rows) (id loa.PersonID, err error) { return id, r.Scan(&id) })
}

// EachKnown hands over every visible person of a scope, in pages, for an import to compare with.
func (db *DB) EachKnown(ctx context.Context, in loa.Scope, page func([]KnownPerson) error) error {
	where, args := inScope(in, "a.path", 2)
	return db.snapshot(ctx, func(tx *sql.Tx) error {
		covers, err := newestCovers(ctx, tx, in.Office)
		if err != nil {
			return err
		}
		said, err := newestConsents(ctx, tx, in.Office)
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `SELECT p.id, p.name, p.folded, p.born_year, p.born_on, p.area_id, p.household_id, coalesce(h.code, ''), p.sex, p.ethnic, p.language, p.literacy, p.poverty,
			p.poverty_from, p.poverty_to, p.occupation, p.relation, p.phone, p.phone_owner, p.national_id_index, p.si_number_index, p.note
			FROM person p JOIN area a ON a.id = p.area_id LEFT JOIN household h ON h.id = p.household_id
			WHERE p.office_id = $1 AND p.merged_into = '' AND `+where, append([]any{in.Office}, args...)...)
		if err != nil {
			return fmt.Errorf("read the register: %w", err)
		}
		defer rows.Close()
		part := make([]KnownPerson, 0, 2000)
		for rows.Next() {
			var k KnownPerson
			if err := rows.Scan(&k.ID, &k.Name, &k.Folded, &k.BornYear, &k.BornOn, &k.Area, &k.Household, &k.HouseholdCode, &k.Sex, &k.Ethnic, &k.Language, &k.Literacy, &k.Poverty,
				&k.PovertyFrom, &k.PovertyTo, &k.Occupation, &k.Relation, &k.Phone, &k.PhoneOwner, &k.NationalIndex, &k.SIIndex, &k.Note); err != nil {
				return err
			}
			k.HIUntil, k.VSIUntil = covers[k.ID].hi, covers[k.ID].vsi
			k.Consents = said[k.ID]
			part = append(part, k)
			if len(part) == cap(part) {
				if err := page(part); err != nil {
					return err
				}
				part = part[:0]
			}
		}
		if err := rows.Err(); err != nil {
			return err
		}
		return page(part)
	})
}

// KnownPerson is a person as an import compares them.
type KnownPerson struct {
	ID                                       loa.PersonID
	Name, Folded                             string
	BornYear                                 int
	BornOn                                   loa.Day
	Area                                     loa.AreaID
	Household                                loa.HouseholdID
	HouseholdCode                            string
	Sex, Ethnic, Language, Literacy, Poverty string
	PovertyFrom, PovertyTo                   loa.Day
	Occupation, Relation, Phone, PhoneOwner  string
	NationalIndex, SIIndex, Note             string
	HIUntil, VSIUntil                        loa.Day
	Consents                                 []loa.Consent
}

type cover struct{ hi, vsi loa.Day }

func newestCovers(ctx context.Context, tx *sql.Tx, office loa.OfficeID) (map[loa.PersonID]cover, error) {
	out := map[loa.PersonID]cover{}
	rows, err := tx.QueryContext(ctx, `SELECT person_id, scheme, max(covered_until) FROM spell WHERE office_id = $1 AND scheme IN ('hi', 'voluntary_si') GROUP BY person_id, scheme`, office)
	err = each(rows, err, func(r *sql.Rows) error {
		var id loa.PersonID
		var scheme loa.Scheme
		var until loa.Day
		if err := r.Scan(&id, &scheme, &until); err != nil {
			return err
		}
		c := out[id]
		if scheme == loa.HI {
			c.hi = until
		} else {
			c.vsi = until
		}
		out[id] = c
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the covers: %w", err)
	}
	return out, nil
}

func newestConsents(ctx context.Context, tx *sql.Tx, office loa.OfficeID) (map[loa.PersonID][]loa.Consent, error) {
	out := map[loa.PersonID][]loa.Consent{}
	rows, err := tx.QueryContext(ctx, `SELECT person_id, purpose, channel, agreed, happened_on, happened_at, recorded_at FROM consent WHERE office_id = $1`, office)
	err = each(rows, err, func(r *sql.Rows) error {
		var c loa.Consent
		var happened, recorded int64
		if err := r.Scan(&c.Person, &c.Purpose, &c.Channel, &c.Agreed, &c.HappenedOn, &happened, &recorded); err != nil {
			return err
		}
		c.HappenedAt, c.RecordedAt = instant(happened), instant(recorded)
		out[c.Person] = append(out[c.Person], c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the consents: %w", err)
	}
	return out, nil
}

// ForgetUndone deletes for good what imports undone, discarded or never shown left behind once nothing can bring it back.
func (db *DB) ForgetUndone(ctx context.Context, before loa.By) error {
	rows, err := db.read.QueryContext(ctx, `SELECT h.id FROM hidden_batch h JOIN import_run i ON i.id = h.id WHERE i.state IN ($1, $2) AND h.since < $3`,
		loa.ImportUndone, loa.ImportDiscarded, before.At.AddDate(0, 0, -loa.UndoDays).UnixMilli())
	batches, err := collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
	if err != nil {
		return fmt.Errorf("find undone imports: %w", err)
	}
	for _, b := range batches {
		for _, q := range []string{
			`UPDATE person_row SET gone = '' WHERE gone = $1 AND id IN (SELECT id FROM person_row WHERE gone <> '' AND gone = $1 LIMIT 2000)`,
			`DELETE FROM person_row WHERE batch = $1 AND id IN (SELECT id FROM person_row WHERE batch <> '' AND batch = $1 LIMIT 2000)`,
			`DELETE FROM household_row WHERE batch = $1 AND id IN (SELECT id FROM household_row WHERE batch <> '' AND batch = $1 LIMIT 2000)`,
			`DELETE FROM contribution_fact WHERE batch = $1 AND id IN (SELECT id FROM contribution_fact WHERE batch <> '' AND batch = $1 LIMIT 2000)`,
			`DELETE FROM consent_fact WHERE batch = $1 AND id IN (SELECT id FROM consent_fact WHERE batch <> '' AND batch = $1 LIMIT 2000)`,
			`DELETE FROM field_version WHERE batch = $1 AND id IN (SELECT id FROM field_version WHERE batch <> '' AND batch = $1 LIMIT 2000)`,
		} {
			if err := db.untilDone(ctx, q, b); err != nil {
				return err
			}
		}
		if err := db.tx(ctx, func(tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, `DELETE FROM hidden_batch WHERE id = $1`, b)
			return err
		}); err != nil {
			return fmt.Errorf("forget an undone import: %w", err)
		}
	}
	return nil
}

// untilDone repeats a bounded statement, one short transaction each, until it finds nothing more.
func (db *DB) untilDone(ctx context.Context, q string, arg any) error {
	for {
		var n int64
		err := db.tx(ctx, func(tx *sql.Tx) error {
			res, err := tx.ExecContext(ctx, q, arg)
			if err != nil {
				return fmt.Errorf("clear away: %w", err)
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil || n == 0 {
			return err
		}
	}
}
