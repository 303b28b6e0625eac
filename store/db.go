package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"loa"
)

// DB is the one store, on either engine.
type DB struct {
	write *sql.DB // SQLite: the single writer; PostgreSQL: the same pool as read
	read  *sql.DB
	dialect
	grace       loa.Grace
	enqueue     func(ctx context.Context, tx *sql.Tx, job Job) error
	settler     *settler // SQLite only
	fast        bool     // not durable while a new database is filled
	onStage     func()
	flows       flowTotals
	kept        keptReads
	parts       partTallies
	opened      openings
	counting    counting
	manyTouches int64 // instead of touchesMany, for tests
	onWrite     func(took time.Duration)
	reseal      func(office loa.OfficeID, column string, from, to loa.PersonID, cipher []byte) ([]byte, error)
}

// Options are what a store borrows from outside.
type Options struct {
	Grace    loa.Grace // the payment grace of each method, from the policy parameters
	ReadOnly bool      // open an existing database without migrating it
	Long     bool      // much will be read and written: take the memory for it at once
	Fast     bool      // give up durability while a new database is filled (demo, restore); see Settle
}

// Job is background work to be enqueued in the same transaction as the change that asks for it.
type Job struct {
	Kind string // import_preview import_apply import_undo …
	ID   string // of the record the work is about
}

// Open opens a database by its address: postgres://… or the path of a SQLite file, made if it does not exist.
func Open(ctx context.Context, address string, o Options) (*DB, error) {
	db := &DB{grace: o.Grace}
	var err error
	if strings.HasPrefix(address, "postgres://") || strings.HasPrefix(address, "postgresql://") {
		err = db.openPostgres(ctx, address)
	} else {
		err = db.openSQLite(ctx, strings.TrimPrefix(address, "sqlite:"), o)
	}
	if err != nil {
		return nil, err
	}
	if !o.ReadOnly {
		if err := db.Migrate(ctx); err != nil {
			db.Close()
			return nil, err
		}
	}
	return db, nil
}

func (db *DB) openPostgres(ctx context.Context, address string) error {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		return fmt.Errorf("read the address of PostgreSQL: %w", err)
	}
	if onStatement != nil {
		config.Tracer = listener{}
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(16)
	pool.SetMaxIdleConns(16)
	db.read, db.write, db.dialect = pool, pool, dialect{postgres: true}
	if err := checkOrder(ctx, pool); err != nil {
		pool.Close()
		return err
	}
	return nil
}

// listener tells onStatement what is sent to PostgreSQL.
type listener struct{}

// TraceQueryStart is told of a statement before it is sent.
func (listener) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	onStatement(data.SQL)
	return ctx
}

// TraceQueryEnd has nothing to tell.
func (listener) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// checkOrder tests the order itself, not the locale's name: lists and scopes rely on byte order.
func checkOrder(ctx context.Context, pool *sql.DB) error {
	var ok bool
	err := pool.QueryRowContext(ctx, `SELECT 'B' < 'a' AND 'a/' < 'a0' AND 'z' < 'đ'`).Scan(&ok)
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	if !ok {
		return ErrOrder
	}
	return nil
}

// ErrOrder refuses a PostgreSQL database that does not sort text by bytes.
var ErrOrder = errors.New("this database does not sort text in byte order; make one that does: " +
	"CREATE DATABASE loa TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C.UTF-8'")

// readers is how many connections read SQLite at once.
func readers() int { return max(4, 2*runtime.NumCPU()) }

func (db *DB) openSQLite(ctx context.Context, path string, o Options) error {
	if o.Long {
		poolPages()
	}
	if !o.ReadOnly {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("make the data folder: %w", err)
		}
	}
	if f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600); err == nil { // nobody else on the machine reads people's data; SQLite says what else is wrong
		f.Close()
	}
	address := func(extra ...string) string {
		q := url.Values{"_pragma": append([]string{"busy_timeout(10000)", "foreign_keys(0)", "temp_store(2)"}, extra...)}
		return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	}
	durable := "synchronous(2)" // FULL: nothing saved is lost when the power goes
	journal := "journal_mode(WAL)"
	if db.fast = o.Fast; o.Fast {
		durable = "synchronous(0)"
	}
	w, err := openFile(address(journal, durable, "cache_size(-65536)", "wal_autocheckpoint("+strconv.Itoa(ownPages)+")") + "&_txlock=immediate")
	if err != nil {
		return fmt.Errorf("open SQLite: %w", err)
	}
	w.SetMaxOpenConns(1)
	if err := w.PingContext(ctx); err != nil {
		w.Close()
		return fmt.Errorf("open %s: %w", filepath.Base(path), err)
	}
	r, err := openFile(address("query_only(1)", "cache_size(-16384)", "mmap_size(268435456)"))
	if err != nil {
		w.Close()
		return fmt.Errorf("open SQLite for reading: %w", err)
	}
	r.SetMaxOpenConns(readers())
	r.SetMaxIdleConns(readers())
	db.write, db.read = w, r
	if o.ReadOnly {
		return nil
	}
	c, err := openFile(address("synchronous(2)"))
	if err != nil {
		return errors.Join(fmt.Errorf("open SQLite beside the writer: %w", err), db.Close())
	}
	db.settler = newSettler(c)
	return nil
}

// Close ends every connection.
func (db *DB) Close() error {
	db.counting.end()
	err := errors.Join(db.settler.close(), db.write.Close())
	if db.read != db.write {
		err = errors.Join(db.read.Close(), err)
	}
	return err
}

// Postgres says which engine this is; jobs and backups need to know, nothing else should ask.
func (db *DB) Postgres() bool { return db.postgres }

// Writer is the pool that jobs share with the store; on SQLite it has one connection.
func (db *DB) Writer() *sql.DB { return db.write }

// OnEnqueue hands in how a job is enqueued inside a transaction.
func (db *DB) OnEnqueue(fn func(ctx context.Context, tx *sql.Tx, job Job) error) { db.enqueue = fn }

// Ping says whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	var one int
	return db.read.QueryRowContext(ctx, `SELECT 1`).Scan(&one)
}

// tx is the only way to a transaction; only exported methods call it, helpers take *sql.Tx.
// A function that fails leaves nothing behind.
func (db *DB) tx(ctx context.Context, fn func(tx *sql.Tx) error) error {
	return db.txOn(ctx, db.write, fn)
}

// txAgain is a transaction that is begun anew when PostgreSQL ended it because two waited for one another. What its function captures must
// stand the second time as it did the first.
func (db *DB) txAgain(ctx context.Context, fn func(tx *sql.Tx) error) (err error) {
	for range 5 {
		err = db.tx(ctx, fn)
		var stopped *pgconn.PgError
		if !errors.As(err, &stopped) || stopped.Code != "40P01" && stopped.Code != "40001" {
			return err
		}
	}
	return err
}

// txOn is a transaction on the writer, or on its connection where it is held for more than one.
func (db *DB) txOn(ctx context.Context, on interface {
	BeginTx(context.Context, *sql.TxOptions) (*sql.Tx, error)
}, fn func(tx *sql.Tx) error) error {
	tx, err := on.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if db.onWrite != nil {
		begun := time.Now()
		defer func() { db.onWrite(time.Since(begun)) }()
	}
	if err := fn(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	db.settler.wrote()
	return nil
}

// OnWrite is told how long each write transaction held the database; measurements listen there.
func (db *DB) OnWrite(fn func(took time.Duration)) { db.onWrite = fn }

// Waits counts how often somebody had to wait for a connection to write over.
func (db *DB) Waits() int64 { return db.write.Stats().WaitCount }

// snapshot runs reads that must agree with each other.
func (db *DB) snapshot(ctx context.Context, fn func(tx *sql.Tx) error) error {
	tx, err := db.read.BeginTx(ctx, &sql.TxOptions{Isolation: db.readIsolation(), ReadOnly: db.postgres})
	if err != nil {
		return fmt.Errorf("begin reading: %w", err)
	}
	defer tx.Rollback()
	return fn(tx)
}

// querier is what helpers need of a pool or a transaction.
type querier interface {
	QueryContext(ctx context.Context, q string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, q string, args ...any) *sql.Row
	ExecContext(ctx context.Context, q string, args ...any) (sql.Result, error)
}

// collect reads every row of a query with a scan function.
func collect[T any](rows *sql.Rows, err error, scan func(*sql.Rows) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := scan(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// notFound turns "no rows" into the plain refusal.
func notFound(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return loa.ErrNotFound
	}
	return err
}

// collectIDs reads one text column.
func collectIDs(rows *sql.Rows, err error) ([]string, error) {
	return collect(rows, err, func(r *sql.Rows) (id string, err error) { return id, r.Scan(&id) })
}
