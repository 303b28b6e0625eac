package store

import (
	"database/sql"
	"encoding/json"
	"strconv"
	"strings"
)

// dialect is everything in which the two engines differ.
type dialect struct{ postgres bool }

func (d dialect) readIsolation() sql.IsolationLevel {
	if d.postgres {
		return sql.LevelRepeatableRead
	}
	return sql.LevelDefault
}

// gooseName is the engine's name for the migration tool.
func (d dialect) gooseName() string {
	if d.postgres {
		return "postgres"
	}
	return "sqlite3"
}

// marks are the placeholders of a row in a statement of many rows, from the nth on. SQLite's driver looks every $n up by its
// name, which for thousands of them costs more than the insert itself; "?" has no name.
func (d dialect) marks(from, n int) string {
	if d.postgres {
		return placeholders(from, n)
	}
	return strings.Repeat(", ?", n)[2:]
}

// insertInto begins a statement of many rows. Whoever uses it gives the whole transaction up when it fails; SQLite then need not
// keep every page as it was before the statement.
func (d dialect) insertInto() string {
	if d.postgres {
		return `INSERT INTO `
	}
	return `INSERT OR FAIL INTO `
}

// among says that a column is one of the texts of a list, which is one value however long it is: the statement stays the same. See asList.
func (d dialect) among(column string, n int) string {
	if d.postgres {
		return column + ` = ANY (CAST($` + strconv.Itoa(n) + ` AS TEXT[]))`
	}
	return column + ` IN (SELECT value FROM json_each($` + strconv.Itoa(n) + `))`
}

// asList is the value of among.
func asList[T ~string](d dialect, values []T) (string, error) {
	if !d.postgres {
		raw, err := json.Marshal(values)
		return string(raw), err
	}
	out := make([]byte, 0, 2+len(values)*40)
	out = append(out, '{')
	for i, v := range values {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendElement(out, string(v))
	}
	return string(append(out, '}')), nil
}

// limit ends a query after so many rows. The number stands in the text: both engines choose another plan for few rows than for
// many, and SQLite reads a statement anew whenever a bound limit is bound again.
func limit(n int) string { return " LIMIT " + strconv.Itoa(n) }

// forUpdate holds a row until the transaction ends; SQLite's single writer holds everything anyway.
func (d dialect) forUpdate() string {
	if d.postgres {
		return " FOR UPDATE"
	}
	return ""
}

// skipLocked lets each process claim rows that no other is claiming, instead of waiting for it.
func (d dialect) skipLocked(alias string) string {
	if d.postgres {
		return " FOR UPDATE OF " + alias + " SKIP LOCKED"
	}
	return ""
}

// table is a list of rows as a statement reads them, its columns named column1 and so on, and its values from $1 on. PostgreSQL takes each
// column as one array: it reads the statement once, however many rows come. SQLite takes every value by itself.
func (d dialect) table(types []string, rows [][]any) (text string, args []any) {
	if !d.postgres {
		row := "(" + strings.Repeat(", ?", len(types))[2:] + ")"
		args = make([]any, 0, len(rows)*len(types))
		for _, r := range rows {
			args = append(args, r...)
		}
		return "(VALUES " + strings.Repeat(", "+row, len(rows))[2:] + ") AS v", args
	}
	arrays, names := make([]string, len(types)), make([]string, len(types))
	for i, t := range types {
		arrays[i], names[i] = "CAST($"+strconv.Itoa(i+1)+" AS "+t+"[])", "column"+strconv.Itoa(i+1)
		list := append(make([]byte, 0, len(rows)*40), '{')
		for j, r := range rows {
			if j > 0 {
				list = append(list, ',')
			}
			list = appendElement(list, r[i])
		}
		args = append(args, string(append(list, '}')))
	}
	return "unnest(" + strings.Join(arrays, ", ") + ") AS v(" + strings.Join(names, ", ") + ")", args
}

// appendElement writes a text or a number as an element of PostgreSQL's arrays.
func appendElement(to []byte, v any) []byte {
	switch v := v.(type) {
	case int64:
		return strconv.AppendInt(to, v, 10)
	case int:
		return strconv.AppendInt(to, int64(v), 10)
	case string:
		to = append(to, '"')
		for i := range len(v) {
			if v[i] == '"' || v[i] == '\\' {
				to = append(to, '\\')
			}
			to = append(to, v[i])
		}
		return append(to, '"')
	}
	panic("store: only texts and whole numbers stand in a table of values")
}
