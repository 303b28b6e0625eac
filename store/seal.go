package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"

	"loa"
)

// SealedPerson is one row of a person with its sealed numbers, for a key that changes.
type SealedPerson struct {
	ID                   loa.PersonID
	Batch                string
	Office               loa.OfficeID
	NationalID, SINumber loa.Sealed
}

// SealedWith is any one sealed number, so that the key in hand can be held to the data; nil when nothing is sealed yet.
func (db *DB) SealedWith(ctx context.Context) (cipher []byte, err error) {
	err = db.read.QueryRowContext(ctx, `SELECT cipher FROM (SELECT national_id AS cipher FROM person_row WHERE national_id_index <> ''
		UNION ALL SELECT si_number FROM person_row WHERE si_number_index <> '' UNION ALL SELECT bytes FROM import_file UNION ALL SELECT settings FROM channel UNION ALL SELECT private FROM push_key UNION ALL SELECT sealed FROM push_device) s WHERE cipher IS NOT NULL LIMIT 1`).Scan(&cipher)
	if err == sql.ErrNoRows {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for a sealed number: %w", err)
	}
	return cipher, nil
}

// SealedPeople pages over every row that holds a sealed number, those of imports that are not visible included.
func (db *DB) SealedPeople(ctx context.Context, after loa.PersonID, afterBatch string, take int) ([]SealedPerson, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT id, batch, office_id, national_id, national_id_index, national_id_tail, si_number, si_number_index, si_number_tail FROM person_row
		WHERE (id, batch) > ($1, $2) AND (national_id IS NOT NULL OR si_number IS NOT NULL) ORDER BY id, batch LIMIT $3`, after, afterBatch, take)
	list, err := collect(rows, err, func(r *sql.Rows) (p SealedPerson, err error) {
		return p, r.Scan(&p.ID, &p.Batch, &p.Office, &p.NationalID.Cipher, &p.NationalID.Index, &p.NationalID.Tail, &p.SINumber.Cipher, &p.SINumber.Index, &p.SINumber.Tail)
	})
	if err != nil {
		return nil, fmt.Errorf("read sealed numbers: %w", err)
	}
	return list, nil
}

// Reseal writes numbers sealed anew in one short transaction. A row whose numbers were changed since they were read is left
// alone: whoever changed it sealed it with the key of today.
func (db *DB) Reseal(ctx context.Context, old, now []SealedPerson) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		for i, p := range now {
			var national, si []byte
			err := tx.QueryRowContext(ctx, `SELECT national_id, si_number FROM person_row WHERE id = $1 AND batch = $2`, p.ID, p.Batch).Scan(&national, &si)
			if err == sql.ErrNoRows {
				continue
			}
			if err != nil {
				return fmt.Errorf("read a sealed number: %w", err)
			}
			if !bytes.Equal(national, old[i].NationalID.Cipher) || !bytes.Equal(si, old[i].SINumber.Cipher) {
				continue
			}
			_, err = tx.ExecContext(ctx, `UPDATE person_row SET national_id = $1, national_id_index = $2, si_number = $3, si_number_index = $4 WHERE id = $5 AND batch = $6`,
				p.NationalID.Cipher, p.NationalID.Index, p.SINumber.Cipher, p.SINumber.Index, p.ID, p.Batch)
			if err != nil {
				return fmt.Errorf("seal a number anew: %w", err)
			}
		}
		return nil
	})
}

// SealedFile is an import's own file, kept sealed.
type SealedFile struct {
	Import loa.ImportID
	Office loa.OfficeID
}

// SealedFiles are the files of imports that are kept.
func (db *DB) SealedFiles(ctx context.Context) ([]SealedFile, error) {
	rows, err := db.read.QueryContext(ctx, `SELECT f.import_id, i.office_id FROM import_file f JOIN import_run i ON i.id = f.import_id ORDER BY f.import_id`)
	list, err := collect(rows, err, func(r *sql.Rows) (f SealedFile, err error) { return f, r.Scan(&f.Import, &f.Office) })
	if err != nil {
		return nil, fmt.Errorf("list sealed files: %w", err)
	}
	return list, nil
}

// ResealFile keeps an import's file sealed anew.
func (db *DB) ResealFile(ctx context.Context, id loa.ImportID, cipher []byte) error {
	if _, err := db.write.ExecContext(ctx, `UPDATE import_file SET bytes = $1 WHERE import_id = $2`, cipher, id); err != nil {
		return fmt.Errorf("keep a file sealed anew: %w", err)
	}
	return nil
}
