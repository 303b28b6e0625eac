package store

import (
	"context"
	"database/sql"
	"fmt"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// recordField is one column of a plain record, as it is kept and as a form wants it.
type recordField struct {
	name    string
	was, is any
}

// plainText is a column's value as its history keeps it; nothing, zero and false are empty.
func plainText(v any) string {
	switch x := v.(type) {
	case []string:
		return strings.Join(x, " ")
	case int:
		if x == 0 {
			return ""
		}
	case int64:
		if x == 0 {
			return ""
		}
	}
	return fmt.Sprint(v)
}

// saveRecord writes the fields that differ into a row of a table that bears its noun's name, with one version each and one line
// in the log. A field somebody else changed since the form was read is not overwritten: it comes back when the form says something
// new, and stays as it is when the form still says what it was read with.
func saveRecord(ctx context.Context, tx *sql.Tx, in loa.Scope, by loa.By, noun, id string, now, read int64, fields []recordField) ([]loa.FieldChange, error) {
	var changed []loa.FieldChange
	var set, names []string
	var args []any
	add := func(column string, v any) {
		args = append(args, v)
		set = append(set, column+" = $"+strconv.Itoa(len(args)))
	}
	var since map[string]string
	if read > 0 && now > read {
		var err error
		if since, err = valuesAt(ctx, tx, id, read); err != nil {
			return nil, err
		}
	}
	for _, f := range fields {
		if plainText(f.was) == plainText(f.is) {
			continue
		}
		if old, newer := since[f.name]; newer && old == plainText(f.is) {
			continue // left alone in a form that shows it as it once was
		}
		changed = append(changed, loa.FieldChange{Field: f.name, Old: plainText(f.was), New: plainText(f.is)})
		names = append(names, f.name)
		if list, ok := f.is.([]string); ok {
			add(f.name, strings.Join(list, " "))
		} else {
			add(f.name, f.is)
		}
		if f.name == "name" {
			add("folded", vn.Fold(fmt.Sprint(f.is)))
		}
	}
	if len(changed) == 0 {
		return nil, nil
	}
	if read > 0 && now > read {
		clashes, err := sinceRead(ctx, tx, id, read, changed)
		if err != nil || len(clashes) > 0 {
			return clashes, err
		}
	}
	change, err := nextChange(ctx, tx, in.Office, 1)
	if err != nil {
		return nil, err
	}
	add("change_no", change)
	args = append(args, id)
	if _, err := tx.ExecContext(ctx, `UPDATE `+noun+` SET `+strings.Join(set, ", ")+` WHERE id = $`+strconv.Itoa(len(args)), args...); err != nil {
		return nil, fmt.Errorf("save the %s: %w", noun, err)
	}
	for _, c := range changed {
		if err := addVersion(ctx, tx, in.Office, by, change, noun, id, c.Field, c.Old, c.New); err != nil {
			return nil, err
		}
	}
	return nil, addAudit(ctx, tx, in.Office, by, "changed", noun, id, strings.Join(names, " "))
}

// retireRecord hides a record from lists and choices, or brings it back; what refers to it stays readable.
func (db *DB) retireRecord(ctx context.Context, in loa.Scope, by loa.By, noun, id string, retire bool) error {
	return db.tx(ctx, func(tx *sql.Tx) error {
		change, err := nextChange(ctx, tx, in.Office, 1)
		if err != nil {
			return err
		}
		at, act := int64(0), "restored"
		if retire {
			at, act = millis(by.At), "retired"
		}
		res, err := tx.ExecContext(ctx, `UPDATE `+noun+` SET retired_at = $1, change_no = $2 WHERE id = $3 AND office_id = $4`, at, change, id, in.Office)
		if err != nil {
			return fmt.Errorf("retire a %s: %w", noun, err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return notFoundUnless(err)
		}
		return addAudit(ctx, tx, in.Office, by, act, noun, id, "")
	})
}

// ListPage is one page of a list in the order of names: what stands after a key, so that page a hundred costs what page one does.
type ListPage struct {
	After   string // the key of the last line before; empty for the first page
	Words   string // in the name, accents or not
	Retired bool   // those no longer in use instead of those in use
	Take    int
}

// keyAfter splits the key of a line: its folded name and its ID.
func (p ListPage) keyAfter() (folded, id string) {
	folded, id, _ = strings.Cut(p.After, "~")
	return folded, id
}

// ListKey is the key of a line, for the page after it.
func ListKey(name, id string) string { return vn.Fold(name) + "~" + id }

// where is the condition of a page on an alias, with its first placeholder at $n.
func (p ListPage) where(alias string, n int) (string, []any) {
	var args []any
	add := func(v any) string {
		args = append(args, v)
		return "$" + strconv.Itoa(n+len(args)-1)
	}
	cond := alias + ".retired_at = 0"
	if p.Retired {
		cond = alias + ".retired_at > 0"
	}
	for _, w := range vn.Words(vn.Fold(p.Words)) {
		cond += ` AND (' ' || ` + alias + `.folded) LIKE ` + add("% "+w+"%")
	}
	return cond, args
}

// next is the condition that leaves out what came before the page.
func (p ListPage) next(alias string, n int) (string, []any) {
	if p.After == "" {
		return "1 = 1", nil
	}
	folded, id := p.keyAfter()
	a, b := "$"+strconv.Itoa(n), "$"+strconv.Itoa(n+1)
	return "(" + alias + ".folded > " + a + " OR " + alias + ".folded = " + a + " AND " + alias + ".id > " + b + ")", []any{folded, id}
}
