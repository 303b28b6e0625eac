package store

import (
	"context"
	"database/sql"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"loa"
)

// field is one editable field of a row, as its history names it.
type field[T any] struct {
	name string
	get  func(*T) any
	copy func(to, from *T)
	text func(*T) string      // as history writes it
	kept func(*T) []keptValue // the columns it is kept in
}

type keptValue struct {
	name  string
	value any
}

// oneField is a field kept in one column of its own name.
func oneField[T any, V comparable](name string, at func(*T) *V) field[T] {
	return field[T]{
		name: name,
		get:  func(row *T) any { return *at(row) },
		copy: func(to, from *T) { *at(to) = *at(from) },
		text: func(row *T) string { return textOf(*at(row)) },
		kept: func(row *T) []keptValue { return []keptValue{{name, *at(row)}} },
	}
}

// sealedField is an ID number: cipher text, blind index and tail. History shows the tail alone.
func sealedField[T any](name string, at func(*T) *loa.Sealed) field[T] {
	return field[T]{
		name: name,
		get:  func(row *T) any { return at(row).Index + " " + string(at(row).Cipher) },
		copy: func(to, from *T) { *at(to) = *at(from) },
		text: func(row *T) string {
			if !at(row).Known() {
				return ""
			}
			return "•" + at(row).Tail
		},
		kept: func(row *T) []keptValue {
			s := at(row)
			return []keptValue{{name, s.Cipher}, {name + "_index", s.Index}, {name + "_tail", s.Tail}}
		},
	}
}

// textOf writes a value as history keeps it: what is not known is empty.
func textOf(v any) string {
	switch x := reflect.ValueOf(v); x.Kind() {
	case reflect.String:
		return x.String()
	case reflect.Int, reflect.Int64:
		if x.Int() != 0 {
			return strconv.FormatInt(x.Int(), 10)
		}
	case reflect.Bool:
		if x.Bool() {
			return "1"
		}
	}
	return ""
}

// differing are the fields in which two states of a row differ.
func differing[T any](columns []field[T], old, now *T) []loa.FieldChange {
	var out []loa.FieldChange
	for _, c := range columns {
		if c.get(old) != c.get(now) {
			out = append(out, loa.FieldChange{Field: c.name, Old: c.text(old), New: c.text(now)})
		}
	}
	return out
}

// mergeFields lets a form that was filled in at an older state meet what is kept now: what the form left alone keeps the newer
// value, what only the form changed stays changed, and what both changed comes back as a clash with both values.
func mergeFields[T any](ctx context.Context, q querier, columns []field[T], id string, read int64, kept, form *T) (changed, clashes []loa.FieldChange, err error) {
	changed = differing(columns, kept, form)
	was, err := valuesAt(ctx, q, id, read)
	if err != nil || len(was) == 0 {
		return changed, nil, err
	}
	var mine []loa.FieldChange
	for _, c := range changed {
		old, newer := was[c.Field]
		switch {
		case !newer:
			mine = append(mine, c)
		case old == c.New:
			for _, col := range columns {
				if col.name == c.Field {
					col.copy(form, kept)
				}
			}
		default:
			clashes = append(clashes, c)
		}
	}
	return mine, clashes, nil
}

// valuesAt is what the fields changed since a change number held at it. What an import writes is news from the moment it was shown,
// whenever it was written; when an import was taken back since, the fields held what it had brought.
func valuesAt(ctx context.Context, q querier, id string, read int64) (map[string]string, error) {
	rows, err := q.QueryContext(ctx, `SELECT v.field, CASE WHEN v.batch IN (SELECT id FROM hidden_batch) THEN v.new_value ELSE v.old_value END FROM field_version v
		LEFT JOIN import_run i ON v.batch <> '' AND i.id = v.batch
		WHERE v.noun_id = $1 AND (v.change_no > $2 AND v.batch NOT IN (SELECT id FROM hidden_batch) OR i.flipped_no > $2)
		ORDER BY CASE WHEN i.flipped_no > v.change_no THEN i.flipped_no ELSE v.change_no END DESC, v.id DESC`, id, read)
	out := map[string]string{}
	err = each(rows, err, func(r *sql.Rows) error {
		var field, old string
		if err := r.Scan(&field, &old); err != nil {
			return err
		}
		out[field] = old // the oldest change since then comes last
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("compare with what others changed: %w", err)
	}
	return out, nil
}

// ValuesAt are the fields of a record that changed after a form was read, as they stood then.
func (db *DB) ValuesAt(ctx context.Context, id string, read int64) (map[string]string, error) {
	return valuesAt(ctx, db.read, id, read)
}

// sinceRead are those of the changed fields that somebody else changed after a form was read.
func sinceRead(ctx context.Context, tx *sql.Tx, id string, read int64, changed []loa.FieldChange) ([]loa.FieldChange, error) {
	was, err := valuesAt(ctx, tx, id, read)
	if err != nil {
		return nil, err
	}
	var out []loa.FieldChange
	for _, c := range changed {
		if _, newer := was[c.Field]; newer {
			out = append(out, c)
		}
	}
	return out, nil
}

// saveFields writes fields of a row into every version of it, one an import is staging included.
func saveFields[T any](ctx context.Context, tx *sql.Tx, table, id string, columns []field[T], fields []string, row *T, change int64) error {
	var set []string
	var args []any
	for _, c := range columns {
		if !loa.OneOf(c.name, fields) {
			continue
		}
		for _, v := range c.kept(row) {
			args = append(args, v.value)
			set = append(set, v.name+" = $"+strconv.Itoa(len(args)))
		}
	}
	args = append(args, change, id)
	set = append(set, "change_no = $"+strconv.Itoa(len(args)-1))
	if _, err := tx.ExecContext(ctx, `UPDATE `+table+` SET `+strings.Join(set, ", ")+` WHERE id = $`+strconv.Itoa(len(args)), args...); err != nil {
		return fmt.Errorf("save a row of %s: %w", table, err)
	}
	return nil
}

// fieldsOf are the names of changed fields.
func fieldsOf(changed []loa.FieldChange) []string {
	out := make([]string, len(changed))
	for i, c := range changed {
		out[i] = c.Field
	}
	return out
}
