package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"loa"
)

// LeafletLines are the newest words of each kind of leaflet in each language, of the scope's office.
func (db *DB) LeafletLines(ctx context.Context, in loa.Scope) ([]loa.LeafletLines, error) {
	if in.Empty() {
		return nil, nil
	}
	rows, err := db.read.QueryContext(ctx, lineSelect+` WHERE w.office_id = $1 AND w.version = (SELECT max(v.version) FROM leaflet_lines v
		WHERE v.office_id = w.office_id AND v.scheme = w.scheme AND v.audience = w.audience AND v.language = w.language) ORDER BY w.scheme, w.audience, w.language`, in.Office)
	list, err := collect(rows, err, scanLines)
	if err != nil {
		return nil, fmt.Errorf("list the lines of leaflets: %w", err)
	}
	return list, nil
}

const lineSelect = `SELECT w.id, w.office_id, w.scheme, w.audience, w.language, w.version, w.lines, w.entered_at, w.entered_by, w.checked_by, w.signed_at, w.signed_by FROM leaflet_lines w`

func scanLines(r *sql.Rows) (x loa.LeafletLines, err error) {
	var text string
	var entered, signed int64
	if err := r.Scan(&x.ID, &x.Office, &x.Kind.Scheme, &x.Kind.Audience, &x.Language, &x.Version, &text, &entered, &x.EnteredBy, &x.CheckedBy, &signed, &x.SignedBy); err != nil {
		return x, err
	}
	x.EnteredAt, x.SignedAt = instant(entered), instant(signed)
	if err := json.Unmarshal([]byte(text), &x.Lines); err != nil {
		return x, fmt.Errorf("read the lines: %w", err)
	}
	return x, nil
}

// newestLines is the newest version of a kind's words in a language; version 0 when there is none.
func newestLines(ctx context.Context, tx *sql.Tx, in loa.Scope, kind loa.LeafletKind, language string) (x loa.LeafletLines, err error) {
	rows, err := tx.QueryContext(ctx, lineSelect+` WHERE w.office_id = $1 AND w.scheme = $2 AND w.audience = $3 AND w.language = $4 ORDER BY w.version DESC LIMIT 1`, in.Office, kind.Scheme, kind.Audience, language)
	list, err := collect(rows, err, scanLines)
	if err != nil {
		return x, fmt.Errorf("read the lines of a leaflet: %w", err)
	}
	if len(list) > 0 {
		return list[0], nil
	}
	return x, nil
}

// SaveLeafletLines keeps a new version of a kind's words, unsigned. seen is the version the page was made from: what somebody else
// entered meanwhile is not lost.
func (db *DB) SaveLeafletLines(ctx context.Context, in loa.Scope, by loa.By, l loa.LeafletLines, seen int) (loa.LeafletLines, error) {
	if err := l.Check(); err != nil {
		return l, err
	}
	if in.Empty() {
		return l, loa.ErrNotFound
	}
	err := db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		old, err := newestLines(ctx, tx, in, l.Kind, l.Language)
		if err != nil {
			return err
		}
		if old.Version != seen {
			return loa.Refuse(loa.Conflict, "", "leaflet_changed")
		}
		l.ID, l.Office, l.Version, l.EnteredAt, l.EnteredBy = loa.NewID(), in.Office, old.Version+1, by.At, by.Officer
		l.CheckedBy, l.SignedBy = "", ""
		text, err := json.Marshal(l.Lines)
		if err != nil {
			return fmt.Errorf("write the lines: %w", err)
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO leaflet_lines (id, office_id, scheme, audience, language, version, lines, entered_at, entered_by, change_no) VALUES (`+placeholders(1, 10)+`)`,
			l.ID, l.Office, l.Kind.Scheme, l.Kind.Audience, l.Language, l.Version, string(text), millis(l.EnteredAt), l.EnteredBy, change)
		if err != nil {
			return fmt.Errorf("save the lines: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "changed", "leaflet_lines", l.ID, l.Kind.Key()+" "+l.Language)
	})
	return l, err
}

// SignLeafletLines puts an officer's name to the newest version of a kind's words, as checked by a native speaker.
func (db *DB) SignLeafletLines(ctx context.Context, in loa.Scope, by loa.By, kind loa.LeafletKind, language, checkedBy string, seen int) error {
	if in.Empty() {
		return loa.ErrNotFound
	}
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		l, err := newestLines(ctx, tx, in, kind, language)
		if err != nil {
			return err
		}
		if l.Version == 0 {
			return loa.ErrNotFound
		}
		if l.Version != seen {
			return loa.Refuse(loa.Conflict, "", "leaflet_changed")
		}
		if err := l.Sign(by, checkedBy); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE leaflet_lines SET checked_by = $1, signed_at = $2, signed_by = $3, change_no = $4 WHERE id = $5`, l.CheckedBy, millis(l.SignedAt), l.SignedBy, change, l.ID)
		if err != nil {
			return fmt.Errorf("sign the lines: %w", err)
		}
		return addAudit(ctx, tx, in.Office, by, "signed", "leaflet_lines", l.ID, kind.Key()+" "+language)
	})
}
