package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"
)

// Reasons a backup is refused.
var (
	ErrNotEmpty  = errors.New("the place to restore into is not empty")
	ErrBackup    = errors.New("this is not a whole Loa backup")
	ErrNewBackup = errors.New("this backup was made by a newer Loa; upgrade first")
)

// ReadBackup walks a backup without a database: it proves that the file is whole and every table's hash is right.
func ReadBackup(r io.Reader) (Manifest, []TableProof, error) {
	return readBackup(r, func(Manifest) error { return nil }, func(tableHead, []any) error { return nil })
}

// Restore fills an empty database from a backup, then proves row counts and hashes against it. The database must have been
// opened with ReadOnly, so that nothing is in it yet; it is brought to the backup's schema, filled, and then migrated on.
func (db *DB) Restore(ctx context.Context, r io.Reader) (Manifest, []TableProof, error) {
	half, err := db.halfRestored(ctx)
	if err == nil && half { // of a process that was killed
		err = db.clear(ctx)
	}
	if err == nil {
		err = db.mustBeEmpty(ctx)
	}
	if err != nil {
		return Manifest{}, nil, err
	}
	m, proofs, err := db.fillFrom(ctx, r)
	if err != nil {
		return m, nil, errors.Join(err, db.clear(context.WithoutCancel(ctx)))
	}
	return m, proofs, nil
}

// halfRestored says whether a restore has begun here and not ended. Until it has, nobody may work with what is there. A file of
// SQLite bears its name only once it is whole.
func (db *DB) halfRestored(ctx context.Context) (half bool, err error) {
	if !db.postgres {
		return false, nil
	}
	err = db.write.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'half_restored')`).Scan(&half)
	if err != nil {
		return false, fmt.Errorf("look for a restore that was cut off: %w", err)
	}
	return half, nil
}

func (db *DB) fillFrom(ctx context.Context, r io.Reader) (Manifest, []TableProof, error) {
	if _, err := db.write.ExecContext(ctx, `CREATE TABLE half_restored (since BIGINT)`); err != nil {
		return Manifest{}, nil, fmt.Errorf("begin the restore: %w", err)
	}
	var into *loader
	heads := map[string]tableHead{}
	m, proofs, err := readBackup(r, func(m Manifest) error { return db.schemaAt(ctx, m.Schema) }, func(t tableHead, row []any) error {
		if into == nil || into.table.Table != t.Table {
			if err := into.flush(); err != nil {
				return err
			}
			into = &loader{ctx: ctx, db: db, table: t}
			heads[t.Table] = t
		}
		return into.add(row)
	})
	if err != nil {
		return m, nil, err
	}
	if err := into.flush(); err != nil {
		return m, nil, err
	}
	if err := db.prove(ctx, heads, proofs); err != nil {
		return m, nil, err
	}
	if err := db.migrate(ctx); err != nil {
		return m, nil, err
	}
	if _, err := db.write.ExecContext(ctx, `DROP TABLE half_restored`); err != nil {
		return m, nil, fmt.Errorf("end the restore: %w", err)
	}
	return m, proofs, nil
}

// clear takes away what a backup that turned out not to be whole left in a place that was empty. A file of SQLite is thrown away by
// whoever made it.
func (db *DB) clear(ctx context.Context) error {
	if !db.postgres {
		return nil
	}
	rows, err := db.write.QueryContext(ctx, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`)
	list, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return fmt.Errorf("list what was restored: %w", err)
	}
	for _, name := range list {
		if strings.HasPrefix(name, "river_") {
			continue
		}
		if _, err := db.write.ExecContext(ctx, `DROP TABLE IF EXISTS "`+name+`" CASCADE`); err != nil {
			return fmt.Errorf("take away what was restored: %w", err)
		}
	}
	return nil
}

// prove reads every restored table back and holds its rows to what the backup says of them.
func (db *DB) prove(ctx context.Context, heads map[string]tableHead, proofs []TableProof) error {
	for _, p := range proofs {
		var got TableProof
		var err error
		if head, ok := heads[p.Table]; !ok { // a table without rows
			err = db.write.QueryRowContext(ctx, `SELECT count(*) FROM `+p.Table).Scan(&got.Rows)
		} else {
			got, err = writeTable(ctx, db.write, json.NewEncoder(io.Discard), io.Discard, head)
		}
		if err != nil {
			return fmt.Errorf("read %s back: %w", p.Table, err)
		}
		if got.Rows != p.Rows || p.Sum != "" && got.Sum != "" && got.Sum != p.Sum {
			return fmt.Errorf("%w: %s was restored with %d rows, the backup has %d", ErrBackup, p.Table, got.Rows, p.Rows)
		}
	}
	return nil
}

func (db *DB) mustBeEmpty(ctx context.Context) error {
	tables, err := db.tables(ctx, db.write)
	if err != nil {
		return err
	}
	if len(tables) > 0 {
		return ErrNotEmpty
	}
	return nil
}

func (db *DB) schemaAt(ctx context.Context, version int64) error {
	p, err := db.migrator()
	if err != nil {
		return err
	}
	_, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read the schema's version: %w", err)
	}
	if version > want {
		return ErrNewBackup
	}
	if _, err := p.UpTo(ctx, version); err != nil {
		return fmt.Errorf("make the backup's schema: %w", err)
	}
	return nil
}

func readBackup(r io.Reader, start func(Manifest) error, row func(tableHead, []any) error) (m Manifest, proofs []TableProof, err error) {
	z, err := zstd.NewReader(r, zstd.WithDecoderMaxMemory(1<<30))
	if err != nil {
		return m, nil, fmt.Errorf("%w: %v", ErrBackup, err)
	}
	defer z.Close()
	in := &backupLines{r: bufio.NewReaderSize(z, 1<<20)}
	if err := in.object(&m); err != nil || m.Format == 0 {
		return m, nil, fmt.Errorf("%w: no manifest", ErrBackup)
	}
	if m.Format > backupFormat {
		return m, nil, ErrNewBackup
	}
	if err := start(m); err != nil {
		return m, nil, err
	}
	for {
		line, err := in.next()
		if err != nil {
			return m, nil, fmt.Errorf("%w: it ends too early", ErrBackup)
		}
		var last lastLine
		if json.Unmarshal(line, &last) == nil && last.Whole {
			if last.Tables != len(proofs) {
				return m, nil, fmt.Errorf("%w: a table is missing", ErrBackup)
			}
			if _, err := in.r.ReadByte(); !errors.Is(err, io.EOF) { // the sum of the whole file is checked at its very end
				return m, nil, fmt.Errorf("%w: its sum does not match", ErrBackup)
			}
			return m, proofs, nil
		}
		var t tableHead
		if err := json.Unmarshal(line, &t); err != nil || t.check() != nil {
			return m, nil, fmt.Errorf("%w: a table head cannot be read", ErrBackup)
		}
		p, err := readTable(in, t, row)
		if err != nil {
			return m, nil, err
		}
		proofs = append(proofs, p)
	}
}

// check refuses names that could be anything but a plain SQL word, since they go into a statement.
func (t tableHead) check() error {
	names := []string{t.Table}
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	for _, n := range names {
		if n == "" || strings.Trim(n, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			return ErrBackup
		}
	}
	if len(t.Columns) == 0 {
		return ErrBackup
	}
	return nil
}

func readTable(in *backupLines, t tableHead, row func(tableHead, []any) error) (TableProof, error) {
	hash := sha256.New()
	var n int64
	for {
		line, err := in.next()
		if err != nil {
			return TableProof{}, fmt.Errorf("%w: %s ends too early", ErrBackup, t.Table)
		}
		if line[0] == '{' {
			var p TableProof
			if err := json.Unmarshal(line, &p); err != nil || p.Table != t.Table || p.Rows != n || p.SHA256 != hex.EncodeToString(hash.Sum(nil)) {
				return p, fmt.Errorf("%w: %s does not match its proof", ErrBackup, t.Table)
			}
			return p, nil
		}
		hash.Write(line)
		hash.Write([]byte{'\n'})
		values, err := t.values(line)
		if err != nil {
			return TableProof{}, fmt.Errorf("%w: row %d of %s: %v", ErrBackup, n+1, t.Table, err)
		}
		if err := row(t, values); err != nil {
			return TableProof{}, err
		}
		n++
	}
}

func (t tableHead) values(line []byte) ([]any, error) {
	d := json.NewDecoder(bytes.NewReader(line))
	d.UseNumber()
	var raw []any
	if err := d.Decode(&raw); err != nil {
		return nil, err
	}
	if len(raw) != len(t.Columns) {
		return nil, fmt.Errorf("%d values for %d columns", len(raw), len(t.Columns))
	}
	for i, v := range raw {
		switch x := v.(type) {
		case json.Number:
			n, err := x.Int64()
			if err != nil {
				return nil, err
			}
			raw[i] = n
		case string:
			if t.Columns[i].Type == "bytea" {
				b, err := base64.StdEncoding.DecodeString(x)
				if err != nil {
					return nil, err
				}
				raw[i] = b
			}
		case []any, map[string]any:
			return nil, errors.New("a value that is no value")
		}
	}
	return raw, nil
}

type backupLines struct{ r *bufio.Reader }

func (l *backupLines) next() ([]byte, error) {
	line, err := l.r.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	line = bytes.TrimSuffix(line, []byte{'\n'})
	if len(line) == 0 {
		return nil, ErrBackup
	}
	return line, nil
}

func (l *backupLines) object(into any) error {
	line, err := l.next()
	if err != nil {
		return err
	}
	return json.Unmarshal(line, into)
}

// loader inserts rows of one table in batches, one short transaction each.
type loader struct {
	ctx   context.Context
	db    *DB
	table tableHead
	rows  [][]any
}

func (l *loader) add(row []any) error {
	l.rows = append(l.rows, row)
	if len(l.rows) >= 2000 {
		return l.flush()
	}
	return nil
}

func (l *loader) flush() error {
	if l == nil || len(l.rows) == 0 {
		return nil
	}
	perStatement := max(1, min(200, 30000/len(l.table.Columns)))
	err := l.db.tx(l.ctx, func(tx *sql.Tx) error {
		for start := 0; start < len(l.rows); start += perStatement {
			part := l.rows[start:min(start+perStatement, len(l.rows))]
			var q strings.Builder
			q.WriteString(`INSERT INTO ` + l.table.Table + ` (` + l.table.list() + `) VALUES `)
			args := make([]any, 0, len(part)*len(l.table.Columns))
			for i, r := range part {
				if i > 0 {
					q.WriteString(", ")
				}
				q.WriteString("(" + l.db.marks(1+len(args), len(r)) + ")")
				args = append(args, r...)
			}
			if _, err := tx.ExecContext(l.ctx, q.String(), args...); err != nil {
				return fmt.Errorf("restore %s: %w", l.table.Table, err)
			}
		}
		return nil
	})
	l.rows = l.rows[:0]
	return err
}
