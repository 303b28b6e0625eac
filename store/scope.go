package store

import (
	"context"
	"strconv"
	"strings"

	"loa"
)

// inScope writes the condition that keeps a query inside a scope, over a path column (usually a.path of the joined area),
// with its first placeholder at $n, and its arguments. An empty scope sees nothing.
func inScope(s loa.Scope, column string, n int) (string, []any) {
	if s.Empty() {
		return "1 = 0", nil
	}
	var b strings.Builder
	args := make([]any, 0, 2*len(s.Ranges))
	b.WriteByte('(')
	for i, r := range s.Ranges {
		if i > 0 {
			b.WriteString(" OR ")
		}
		b.WriteString(column + " >= $" + strconv.Itoa(n+2*i) + " AND " + column + " < $" + strconv.Itoa(n+2*i+1))
		args = append(args, r.From, r.To)
	}
	b.WriteByte(')')
	return b.String(), args
}

// placeholders is "$from, $from+1, …" for n values.
func placeholders(from, n int) string {
	var b strings.Builder
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString("$" + strconv.Itoa(from+i))
	}
	return b.String()
}

// areaInScope refuses, as not found, an area outside the scope; every write names the area it touches.
func areaInScope(ctx context.Context, q querier, s loa.Scope, id loa.AreaID) error {
	var path string
	if err := q.QueryRowContext(ctx, `SELECT path FROM area WHERE id = $1`, id).Scan(&path); err != nil {
		return notFound(err)
	}
	if !s.Holds(path) {
		return loa.ErrNotFound
	}
	return nil
}

// pathOf is where an area stands in the present tree.
func pathOf(ctx context.Context, q querier, id loa.AreaID) (path string, err error) {
	err = q.QueryRowContext(ctx, `SELECT path FROM area WHERE id = $1`, id).Scan(&path)
	return path, notFound(err)
}
