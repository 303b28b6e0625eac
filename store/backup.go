package store

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/zstd"
)

// A backup is one engine-neutral file: zstd over lines of JSON. The first line is the manifest; then for each table a head
// with its columns, one array per row, and a foot with the number of rows and their hash; the last line says it is whole.

const backupFormat = 1

// Manifest is the first line of a backup.
type Manifest struct {
	Format  int       `json:"format"`
	Program string    `json:"program"`
	Schema  int64     `json:"schema"`
	MadeAt  time.Time `json:"made_at"`
	KeyID   string    `json:"key_id"` // of the sealing key, which is kept apart; the number alone opens nothing
}

// TableProof is what a backup holds of one table.
type TableProof struct {
	Table  string `json:"table"`
	Rows   int64  `json:"rows"`
	SHA256 string `json:"sha256"`        // of the rows in the order of the file
	Sum    string `json:"sum,omitempty"` // of the rows in whatever order: what both engines must agree on
}

// rowSum adds rows up so that their order does not matter: engines hand rows over in their own.
type rowSum [sha256.Size]byte

func (s *rowSum) add(row []byte) {
	for i, b := range sha256.Sum256(row) {
		s[i] ^= b
	}
}

func (s *rowSum) String() string { return hex.EncodeToString(s[:]) }

type tableHead struct {
	Table   string   `json:"table"`
	Columns []column `json:"columns"`
}

type column struct {
	Name string `json:"name"`
	Type string `json:"type"` // text bigint boolean bytea
}

type lastLine struct {
	Whole  bool `json:"whole"`
	Tables int  `json:"tables"`
}

// Backup writes a consistent copy of everything while Loa runs.
func (db *DB) Backup(ctx context.Context, w io.Writer, m Manifest) ([]TableProof, error) {
	have, _, err := db.SchemaVersion(ctx)
	if err != nil {
		return nil, err
	}
	m.Format, m.Schema = backupFormat, have
	z, err := zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.SpeedDefault))
	if err != nil {
		return nil, fmt.Errorf("start compressing: %w", err)
	}
	out := bufio.NewWriterSize(z, 1<<20)
	lines := json.NewEncoder(out)
	lines.SetEscapeHTML(false)
	if err := lines.Encode(m); err != nil {
		return nil, fmt.Errorf("write the manifest: %w", err)
	}
	var proofs []TableProof
	err = db.snapshot(ctx, func(tx *sql.Tx) error {
		tables, err := db.tables(ctx, tx)
		if err != nil {
			return err
		}
		for _, t := range tables {
			p, err := writeTable(ctx, tx, lines, out, t)
			if err != nil {
				return fmt.Errorf("back up %s: %w", t.Table, err)
			}
			proofs = append(proofs, p)
		}
		return lines.Encode(lastLine{Whole: true, Tables: len(tables)})
	})
	if err != nil {
		return nil, err
	}
	if err := out.Flush(); err != nil {
		return nil, fmt.Errorf("finish the backup: %w", err)
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("finish the backup: %w", err)
	}
	return proofs, nil
}

func writeTable(ctx context.Context, tx querier, lines *json.Encoder, out io.Writer, t tableHead) (TableProof, error) {
	p := TableProof{Table: t.Table}
	if err := lines.Encode(t); err != nil {
		return p, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT `+t.list()+` FROM `+t.Table)
	if err != nil {
		return p, err
	}
	defer rows.Close()
	hash := sha256.New()
	var sum rowSum
	var line bytes.Buffer
	row := json.NewEncoder(&line)
	row.SetEscapeHTML(false)
	values, into := t.holders()
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return p, err
		}
		line.Reset()
		if err := row.Encode(plain(t, values)); err != nil {
			return p, err
		}
		if _, err := out.Write(line.Bytes()); err != nil {
			return p, err
		}
		hash.Write(line.Bytes())
		sum.add(line.Bytes())
		p.Rows++
	}
	if err := rows.Err(); err != nil {
		return p, err
	}
	p.SHA256, p.Sum = hex.EncodeToString(hash.Sum(nil)), sum.String()
	return p, lines.Encode(p)
}

// plain makes both engines' values look alike in JSON.
func plain(t tableHead, values []any) []any {
	out := make([]any, len(values))
	for i, v := range values {
		switch x := v.(type) {
		case []byte:
			if x == nil {
				out[i] = nil
			} else if t.Columns[i].Type == "bytea" {
				out[i] = x // base64
			} else {
				out[i] = string(x)
			}
		case int64:
			if t.Columns[i].Type == "boolean" {
				out[i] = x != 0
			} else {
				out[i] = x
			}
		default:
			out[i] = v
		}
	}
	return out
}

func (t tableHead) list() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = c.Name
	}
	return strings.Join(names, ", ")
}

func (t tableHead) holders() (values, into []any) {
	values = make([]any, len(t.Columns))
	into = make([]any, len(t.Columns))
	for i := range values {
		into[i] = &values[i]
	}
	return values, into
}

// tables are Loa's own tables and their columns; the job queue, the migration log and what is known of this day or this database alone are not data.
func (db *DB) tables(ctx context.Context, q querier) ([]tableHead, error) {
	names := `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`
	columns := `SELECT name, lower(type) FROM pragma_table_info($1) ORDER BY cid`
	if db.postgres {
		names = `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`
		columns = `SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position`
	}
	rows, err := q.QueryContext(ctx, names)
	list, err := collect(rows, err, func(r *sql.Rows) (s string, err error) { return s, r.Scan(&s) })
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	var out []tableHead
	for _, name := range list {
		if strings.HasPrefix(name, "river_") || strings.HasPrefix(name, "goose_") || slices.Contains([]string{"learned", "link_salt", "link_seen", "touch_count"}, name) {
			continue
		}
		rows, err := q.QueryContext(ctx, columns, name)
		cols, err := collect(rows, err, func(r *sql.Rows) (c column, err error) { return c, r.Scan(&c.Name, &c.Type) })
		if err != nil {
			return nil, fmt.Errorf("list columns of %s: %w", name, err)
		}
		slices.SortFunc(cols, func(a, b column) int { return strings.Compare(a.Name, b.Name) })
		out = append(out, tableHead{name, cols})
	}
	slices.SortFunc(out, func(a, b tableHead) int { return strings.Compare(a.Table, b.Table) })
	return out, nil
}
