// Package storetest hands every store test a fresh database on each engine: SQLite always, PostgreSQL whenever one can be
// reached or started. What was left out is said on one line, never silently.
package storetest

import (
	"context"
	"fmt"
	"os"
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
	return open(t, t.TempDir()+"/loa.db")
}

func open(t testing.TB, address string) *store.DB {
	t.Helper()
	db, err := store.Open(context.Background(), address, store.Options{Grace: Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Grace is the tests' own payment grace: none for cards, months by method otherwise.
type Grace struct{}

// LastDay adds the method's months to the end of the cover.
func (Grace) LastDay(s loa.Scheme, m loa.Method, _ loa.Payer, until loa.Day) loa.Day {
	if s != loa.VoluntarySI || until == loa.OpenEnd {
		return until
	}
	n := map[loa.Method]int{loa.Monthly: 1, loa.Quarterly: 3, loa.HalfYear: 4, loa.Yearly: 7}[m]
	if n == 0 {
		return until
	}
	return until.Add(1).AddMonths(n).Add(-1)
}

func leftOut() {
	said.Do(func() {
		fmt.Fprintln(os.Stderr, "storetest: PostgreSQL left out (none reachable and none installed); make test brings it")
	})
}
