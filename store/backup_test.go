package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// engines opens an empty database of each engine that can be had, without a schema, as a restore wants it.
func engines(t *testing.T) map[string]func() *store.DB {
	t.Helper()
	out := map[string]func() *store.DB{"sqlite": func() *store.DB { return storetest.Empty(t, false) }}
	if storetest.HasPostgres() {
		out["postgres"] = func() *store.DB { return storetest.Empty(t, true) }
	}
	return out
}

func backUp(t *testing.T, db *store.DB) ([]byte, []store.TableProof) {
	t.Helper()
	var file bytes.Buffer
	proofs, err := db.Backup(context.Background(), &file, store.Manifest{Program: "test", MadeAt: time.Date(2025, 11, 30, 1, 0, 0, 0, time.UTC), KeyID: "0badcafe"})
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes(), proofs
}

// alike holds two backups to each other: the same tables, row counts and sums of rows.
func alike(t *testing.T, what string, a, b []store.TableProof) {
	t.Helper()
	if len(a) != len(b) || len(a) < 40 {
		t.Fatalf("%s: %d tables and %d", what, len(a), len(b))
	}
	for i := range a {
		if a[i].Table != b[i].Table || a[i].Rows != b[i].Rows || a[i].Sum != b[i].Sum {
			t.Errorf("%s: %s has %d rows with sum %.8s, and %s %d with %.8s", what, a[i].Table, a[i].Rows, a[i].Sum, b[i].Table, b[i].Rows, b[i].Sum)
		}
	}
}

func TestBackupGoesFromEngineToEngineAndBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Person: f.People[0].ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly,
			From: "2025-11-01", Until: "2025-11-30", Months: 1, Receipt: "ă\"<&>\n\u2028 '; --"}
		if err := db.AddContribution(ctx, f.Whole, f.By, c); err != nil {
			t.Fatal(err)
		}
		p, err := db.Person(ctx, f.Whole, f.People[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		p.NationalID = loa.Sealed{Cipher: []byte{0, 1, 255, 10, 34}, Index: "i", Tail: "123"}
		if _, _, err := db.SavePerson(ctx, f.Whole, f.By, p, p.ChangeNo); err != nil {
			t.Fatal(err)
		}
		first, proofs := backUp(t, db)
		entries, head, err := db.VerifyAudit(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		for name, open := range engines(t) {
			there := open()
			m, read, err := there.Restore(ctx, bytes.NewReader(first))
			if err != nil {
				t.Fatalf("into %s: %v", name, err)
			}
			if m.KeyID != "0badcafe" || m.Program != "test" {
				t.Errorf("into %s: manifest %+v", name, m)
			}
			alike(t, "read into "+name, proofs, read)
			second, again := backUp(t, there)
			alike(t, "backed up again from "+name, proofs, again)
			if n, h, err := there.VerifyAudit(ctx, f.Office.ID); err != nil || n != entries || h != head {
				t.Errorf("in %s the chain has %d entries ending in %.8s (%v), want %d ending in %.8s", name, n, h, err, entries, head)
			}
			if wrong, err := there.CheckStanding(ctx, f.Office.ID); err != nil || wrong != 0 {
				t.Errorf("in %s %d spells are wrong: %v", name, wrong, err)
			}
			for home, open := range engines(t) {
				back := open()
				if _, _, err := back.Restore(ctx, bytes.NewReader(second)); err != nil {
					t.Fatalf("from %s back into %s: %v", name, home, err)
				}
				_, third := backUp(t, back)
				alike(t, "from "+name+" back in "+home, proofs, third)
				if _, h, err := back.VerifyAudit(ctx, f.Office.ID); err != nil || h != head {
					t.Errorf("back in %s the chain ends in %.8s: %v", home, h, err)
				}
			}
		}
	})
}

func TestRestoreRefuses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		storetest.Office(t, db)
		file, _ := backUp(t, db)
		if _, _, err := db.Restore(ctx, bytes.NewReader(file)); !errors.Is(err, store.ErrNotEmpty) {
			t.Errorf("a place that is not empty: %v", err)
		}
		for what, broken := range map[string][]byte{
			"cut short": file[:len(file)*2/3], "nothing": nil, "something else": []byte("PK\x03\x04 not a backup"),
			"one byte changed": append(append(append([]byte{}, file[:len(file)/2]...), file[len(file)/2]^1), file[len(file)/2+1:]...),
		} {
			if _, _, err := store.ReadBackup(bytes.NewReader(broken)); err == nil {
				t.Errorf("%s: the doctor finds nothing", what)
			}
			for name, open := range engines(t) {
				there := open()
				if _, _, err := there.Restore(ctx, bytes.NewReader(broken)); err == nil {
					t.Errorf("%s: restored into %s", what, name)
				}
				if name == "postgres" && what == "cut short" { // a file is thrown away by whoever made it
					if _, _, err := there.Restore(ctx, bytes.NewReader(file)); err != nil {
						t.Errorf("half a backup is left in %s: %v", name, err)
					}
				}
				if name == "postgres" && what == "nothing" { // a restore that was killed
					killed := open()
					for _, q := range []string{`CREATE TABLE half_restored (since BIGINT)`, `CREATE TABLE office (id TEXT)`, `INSERT INTO office VALUES ('half')`} {
						if _, err := killed.Writer().ExecContext(ctx, q); err != nil {
							t.Fatal(err)
						}
					}
					var refusal *loa.Error
					if err := killed.Migrate(ctx); !errors.As(err, &refusal) || refusal.Code != "half_restored" {
						t.Errorf("half an office is opened: %v", err)
					}
					if _, _, err := killed.Restore(ctx, bytes.NewReader(file)); err != nil {
						t.Errorf("a restore that was killed is not begun anew: %v", err)
					}
					if err := killed.Migrate(ctx); err != nil {
						t.Errorf("after the restore: %v", err)
					}
				}
			}
		}
	})
}

// TestBackupIsConsistentWhileWritesGoOn adds people who each bring an audit entry with them: in whatever moment the backup is
// made, it must hold as many of the one as of the other.
func TestBackupIsConsistentWhileWritesGoOn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		_, before := backUp(t, db)
		stop := make(chan struct{})
		var wg sync.WaitGroup
		for w := range 3 {
			wg.Go(func() {
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					default:
					}
					p := loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[w], Name: fmt.Sprint("Người Mới ", strings.Repeat("i", i%7))}
					if _, err := db.AddPerson(ctx, f.Whole, f.By, p); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		rows := func(proofs []store.TableProof, table string) int64 {
			for _, p := range proofs {
				if p.Table == table {
					return p.Rows
				}
			}
			t.Fatalf("no table %s", table)
			return 0
		}
		grew := false
		for range 12 {
			time.Sleep(15 * time.Millisecond)
			file, proofs := backUp(t, db)
			people, entries := rows(proofs, "person_row")-rows(before, "person_row"), rows(proofs, "audit")-rows(before, "audit")
			if people != entries {
				t.Errorf("%d people came with %d entries", people, entries)
			}
			grew = grew || people > 0
			if _, _, err := store.ReadBackup(bytes.NewReader(file)); err != nil {
				t.Error(err)
			}
		}
		close(stop)
		wg.Wait()
		if !grew {
			t.Error("nothing was written meanwhile, so nothing was tested")
		}
	})
}
