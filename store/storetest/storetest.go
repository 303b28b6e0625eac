// Package storetest hands every store test a fresh database on each engine: SQLite always, PostgreSQL whenever one can be
// reached or started. What was left out is said on one line, never silently.
package storetest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"loa"
	"loa/store"
)

// Each runs a test body on a fresh database of each engine.
func Each(t *testing.T, body func(t *testing.T, db *store.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { body(t, SQLite(t)) })
	address := postgresAddress()
	if address == "" {
		leftOut()
		return
	}
	t.Run("postgres", func(t *testing.T) { body(t, postgresDB(t, address)) })
}

// SQLite is a fresh database in a temporary file.
func SQLite(t testing.TB) *store.DB {
	t.Helper()
	raw, err := migratedFile()
	if err != nil {
		t.Fatal(err)
	}
	file := t.TempDir() + "/loa.db"
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, file)
}

// migratedFile is an empty database as the migrations leave it, made once for all tests of a run: they would else spend most of
// their time on it. What migrating itself does is tested on databases without a schema.
var migratedFile = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "loa-storetest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(context.Background(), dir+"/loa.db", store.Options{Grace: Grace{}})
	if err != nil {
		return nil, err
	}
	if err := db.Close(); err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir + "/loa.db-wal"); err == nil {
		return nil, errors.New("the database left a log behind")
	}
	return os.ReadFile(dir + "/loa.db")
})

// Empty is a database without a schema, as a restore wants it.
func Empty(t testing.TB, postgres bool) *store.DB {
	t.Helper()
	if postgres {
		return openWith(t, newPostgres(t, postgresAddress(), byteOrder), store.Options{Grace: Grace{}, ReadOnly: true})
	}
	return openWith(t, t.TempDir()+"/loa.db", store.Options{Grace: Grace{}, ReadOnly: true})
}

// HasPostgres says whether there is a PostgreSQL to test on; when not, that is said once.
func HasPostgres() bool {
	if postgresAddress() != "" {
		return true
	}
	leftOut()
	return false
}

// addresses remembers where each test's database is.
var addresses sync.Map

// Again opens a test's database a second time, as another process on it would.
func Again(t testing.TB, db *store.DB) *store.DB {
	t.Helper()
	address, ok := addresses.Load(db)
	if !ok {
		t.Fatal("this database was not opened by storetest")
	}
	return open(t, address.(string))
}

// Address is where a test's database is, for tests that run the whole program on it.
func Address(t testing.TB, db *store.DB) string {
	t.Helper()
	address, ok := addresses.Load(db)
	if !ok {
		t.Fatal("this database was not opened by storetest")
	}
	return address.(string)
}

func open(t testing.TB, address string) *store.DB {
	t.Helper()
	return openWith(t, address, store.Options{Grace: Grace{}})
}

func openWith(t testing.TB, address string, o store.Options) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), address, o)
	if err != nil {
		t.Fatal(err)
	}
	addresses.Store(db, address)
	t.Cleanup(func() {
		addresses.Delete(db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Grace is the tests' own payment grace: none for cards, months by method otherwise.
type Grace struct{ own []loa.PolicyRow }

// LastDay adds the method's months to the end of the cover.
func (g Grace) LastDay(s loa.Scheme, m loa.Method, _ loa.Payer, until loa.Day) loa.Day {
	if s != loa.VoluntarySI || until == loa.OpenEnd {
		return until
	}
	n := map[loa.Method]int{loa.Monthly: 1, loa.Quarterly: 3, loa.HalfYear: 4, loa.Yearly: 7}[m]
	for _, r := range g.own {
		if r.Name == loa.GraceRow+string(m) && r.From <= until.Add(1) {
			n = int(r.Value)
		}
	}
	if n == 0 {
		return until
	}
	return until.Add(1).AddMonths(n).Add(-1)
}

// With adds an office's rows, of which the last in the list counts.
func (g Grace) With(rows []loa.PolicyRow) loa.Grace { return Grace{own: rows} }

func leftOut() {
	said.Do(func() {
		fmt.Fprintln(os.Stderr, "storetest: PostgreSQL left out (none reachable and none installed); make test brings it")
	})
}
