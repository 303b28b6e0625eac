package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"modernc.org/sqlite"
)

// openFile opens a SQLite database whose connections keep the statements they have prepared: a page asks the same few dozen
// questions every time, and reading the SQL costs SQLite more than most of the answers. PostgreSQL's driver does it by itself.
func openFile(address string) (*sql.DB, error) {
	c, err := sqlite.NewConnector(address)
	if err != nil {
		return nil, err
	}
	return sql.OpenDB(keeper{c}), nil
}

// keeper makes connections that keep their statements.
type keeper struct{ driver.Connector }

// Connect opens one connection.
func (k keeper) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := k.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	conn, ok := c.(sqliteConn)
	if !ok {
		return nil, errors.Join(errors.New("store: the SQLite driver lacks what its connections promise"), c.Close())
	}
	return &keptConn{sqliteConn: conn, idle: map[string]keptStatement{}}, nil
}

// sqliteConn is what every connection of the driver can do.
type sqliteConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// statementsAtMost is how many statements a connection keeps.
const statementsAtMost = 150

// keptConn is a connection with the statements nobody is using just now, by their text. database/sql uses a connection from one
// goroutine at a time, so nothing is locked.
type keptConn struct {
	sqliteConn
	idle  map[string]keptStatement
	clock int // counts the statements given back
}

type keptStatement struct {
	driver.Stmt
	used int // on the connection's clock
}

// Unwrap is the driver's own connection, where the driver looks for it.
func (c *keptConn) Unwrap() driver.Conn { return c.sqliteConn }

// Close ends the statements and the connection.
func (c *keptConn) Close() error {
	var errs []error
	for _, st := range c.idle {
		errs = append(errs, st.Close())
	}
	c.idle = nil
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// onStatement is told of every statement that is sent; the guard over plans listens there.
var onStatement func(text string)

func tell(text string) {
	if onStatement != nil {
		onStatement(text)
	}
}

// PrepareContext prepares a statement for somebody who keeps it himself.
func (c *keptConn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	tell(text)
	return c.sqliteConn.PrepareContext(ctx, text)
}

// worthKeeping says whether a statement may come again: what defines tables, or sets the connection up, does not.
func worthKeeping(text string) bool {
	text = strings.TrimLeft(text, " \t\n")
	for _, verb := range []string{"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"} {
		if strings.HasPrefix(text, verb) {
			return true
		}
	}
	return false
}

// take hands out a statement nobody uses, preparing it if there is none: a question asked again while its own answer is still
// being read gets a second one.
func (c *keptConn) take(ctx context.Context, text string) (driver.Stmt, error) {
	if st, ok := c.idle[text]; ok {
		delete(c.idle, text)
		return st.Stmt, nil
	}
	return c.sqliteConn.PrepareContext(ctx, text)
}

// giveBack keeps a statement for the next time, in the place of the one unused for longest when there are too many.
func (c *keptConn) giveBack(text string, st driver.Stmt) error {
	if _, twice := c.idle[text]; twice || c.idle == nil {
		return st.Close()
	}
	c.clock++
	c.idle[text] = keptStatement{st, c.clock}
	if len(c.idle) <= statementsAtMost {
		return nil
	}
	oldest := text
	for other, kept := range c.idle {
		if kept.used < c.idle[oldest].used {
			oldest = other
		}
	}
	gone := c.idle[oldest]
	delete(c.idle, oldest)
	return gone.Close()
}

// ExecContext runs a statement that answers nothing.
func (c *keptConn) ExecContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Result, error) {
	if !worthKeeping(text) {
		return c.sqliteConn.ExecContext(ctx, text, args)
	}
	tell(text)
	st, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	res, err := st.(driver.StmtExecContext).ExecContext(ctx, args)
	if err != nil {
		st.Close() // the statement's own error says more
		return nil, err
	}
	return res, c.giveBack(text, st)
}

// QueryContext asks a question; its statement is free again when the answer has been read.
func (c *keptConn) QueryContext(ctx context.Context, text string, args []driver.NamedValue) (driver.Rows, error) {
	if !worthKeeping(text) {
		return c.sqliteConn.QueryContext(ctx, text, args)
	}
	tell(text)
	st, err := c.take(ctx, text)
	if err != nil {
		return nil, err
	}
	rows, err := st.(driver.StmtQueryContext).QueryContext(ctx, args)
	if err != nil {
		st.Close() // the question's own error says more
		return nil, err
	}
	return &keptRows{Rows: rows, conn: c, text: text, st: st}, nil
}

// keptRows gives its statement back when it is closed.
type keptRows struct {
	driver.Rows
	conn *keptConn
	text string
	st   driver.Stmt
}

// Close ends the reading.
func (r *keptRows) Close() error {
	if r.st == nil {
		return nil
	}
	st := r.st
	r.st = nil
	if err := r.Rows.Close(); err != nil {
		st.Close()
		return err
	}
	return r.conn.giveBack(r.text, st)
}
