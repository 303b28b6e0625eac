package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"math/bits"
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
	prepared, err := f.prepare(f.insertStatement(table, columns, after, batch, width))
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
			err = f.insertRest(table, columns, after, args, width)
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

// insertRest writes the rows that do not fill a statement. Where statements are kept, few sizes serve any number of rows.
func (f *filler) insertRest(table, columns, after string, args []any, width int) error {
	for len(args) > 0 {
		n := len(args) / width
		if f.kept != nil {
			n = 1 << (bits.Len(uint(n)) - 1)
		}
		statement, err := f.prepare(f.insertStatement(table, columns, after, n, width))
		if err != nil {
			return err
		}
		_, err = statement.ExecContext(f.ctx, args[:n*width]...)
		if err = errors.Join(err, statement.Close()); err != nil {
			return err
		}
		args = args[n*width:]
	}
	return nil
}

// keptStatements are prepared once for many transactions: reading a statement of some hundred values costs as much as the rows.
type keptStatements struct {
	ready  map[string]*sql.Stmt
	wanted []string
}

// prepare reads a statement, or takes the one that is kept.
func (f *filler) prepare(statement string) (*sql.Stmt, error) {
	if f.kept == nil {
		return f.tx.PrepareContext(f.ctx, statement)
	}
	if ready := f.kept.ready[statement]; ready != nil {
		return f.tx.StmtContext(f.ctx, ready), nil
	}
	f.kept.wanted = append(f.kept.wanted, statement)
	return f.tx.PrepareContext(f.ctx, statement)
}

// keep prepares what the last transaction asked for; the next ones find it.
func (k *keptStatements) keep(ctx context.Context, pool *sql.DB) error {
	for _, statement := range k.wanted {
		if k.ready[statement] != nil {
			continue
		}
		ready, err := pool.PrepareContext(ctx, statement)
		if err != nil {
			return fmt.Errorf("keep a statement: %w", err)
		}
		if k.ready == nil {
			k.ready = map[string]*sql.Stmt{}
		}
		k.ready[statement] = ready
	}
	k.wanted = nil
	return nil
}

// close gives the statements back.
func (k *keptStatements) close() error {
	var err error
	for _, s := range k.ready {
		err = errors.Join(err, s.Close())
	}
	k.ready = nil
	return err
}

// insertStatement numbers its placeholders on PostgreSQL alone: SQLite looks a numbered one up by walking through all before it.
func (f *filler) insertStatement(table, columns, after string, n, width int) string {
	var s strings.Builder
	s.WriteString(f.insertInto() + table + ` (` + columns + `) VALUES `)
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
