package store

import (
	"fmt"
	"iter"
	"strings"
)

// insertAll writes a list with statements of many rows each; see insertEach.
func insertAll[T any](f *filler, table, columns, after string, list []T, row func(to []any, v *T) []any) error {
	if len(list) == 0 {
		return nil
	}
	return insertEach(f, table, columns, after, func(yield func(*T) bool) {
		for i := range list {
			if !yield(&list[i]) {
				return
			}
		}
	}, row)
}

// insertEach writes rows as they come, many to a statement, making the next ones ready while the last are written. The row
// function appends one row's values; after says what stands behind them, such as ON CONFLICT.
func insertEach[T any](f *filler, table, columns, after string, rows iter.Seq[*T], row func(to []any, v *T) []any) error {
	width := strings.Count(columns, ",") + 1
	batch := max(1, 600/width)
	statement := f.insertStatement(table, columns, after, batch, width)
	prepared, err := f.tx.PrepareContext(f.ctx, statement)
	if err != nil {
		return fmt.Errorf("prepare %s: %w", table, err)
	}
	defer prepared.Close()

	ready, free, stop := make(chan []any, 2), make(chan []any, 3), make(chan struct{})
	for range 3 {
		free <- make([]any, 0, batch*width)
	}
	go func() {
		defer close(ready)
		args := <-free
		send := func() bool {
			select {
			case ready <- args:
			case <-stop:
				return false
			}
			select {
			case args = <-free:
				args = args[:0]
			case <-stop:
				return false
			}
			return true
		}
		for v := range rows {
			if args = row(args, v); len(args) == batch*width && !send() {
				return
			}
		}
		if len(args) > 0 {
			send()
		}
	}()
	for args := range ready {
		if err != nil {
			continue // only until the rows have stopped coming
		}
		if n := len(args) / width; n == batch {
			_, err = prepared.ExecContext(f.ctx, args...)
		} else {
			_, err = f.tx.ExecContext(f.ctx, f.insertStatement(table, columns, after, n, width), args...)
		}
		if err != nil {
			err = fmt.Errorf("fill %s: %w", table, err)
			close(stop)
			continue
		}
		free <- args
	}
	if err == nil {
		err = f.err
	}
	return err
}

// insertStatement numbers its placeholders on PostgreSQL alone: SQLite looks a numbered one up by walking through all before it.
func (f *filler) insertStatement(table, columns, after string, n, width int) string {
	var s strings.Builder
	s.WriteString(`INSERT INTO ` + table + ` (` + columns + `) VALUES `)
	for i := range n {
		if i > 0 {
			s.WriteByte(',')
		}
		if f.postgres {
			s.WriteString(`(` + placeholders(1+i*width, width) + `)`)
		} else {
			s.WriteString(`(?` + strings.Repeat(`,?`, width-1) + `)`)
		}
	}
	s.WriteString(after)
	return s.String()
}
