package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// queue starts the job queue on a database; what the jobs with an ID do is told by done.
func queue(t *testing.T, db *store.DB, done func(id string) error) {
	t.Helper()
	quiet := slog.New(slog.DiscardHandler)
	w := work{"import_preview": func(_ context.Context, id string) error { return done(id) }}
	stop, err := startJobs(context.Background(), db, w, quiet, func(context.Context) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(stop)
}

// ran collects which jobs were done, and how often.
type ran struct {
	mu  sync.Mutex
	ids map[string]int
}

func (r *ran) done(id string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.ids == nil {
		r.ids = map[string]int{}
	}
	r.ids[id]++
	return nil
}

func (r *ran) count(id string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ids[id]
}

// within waits until something holds.
func within(t *testing.T, most time.Duration, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	t.Fatalf("%s: not within %v", what, most)
}

// begin enqueues a job the way the program does: with the import that asks for it.
func begin(db *store.DB, f *storetest.Fixture, id loa.ImportID) error {
	i := loa.Import{ID: id, Office: f.Office.ID, Area: f.Anchor, Kind: "people", FileName: "a.csv", SHA256: "x"}
	return db.StartImport(context.Background(), f.Whole, f.By, i, []byte("sealed"))
}

func TestJobsComeWithTheirChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		var r ran
		queue(t, db, r.done)
		id := loa.ImportID(loa.NewID())
		if err := begin(db, f, id); err != nil {
			t.Fatal(err)
		}
		if err := begin(db, f, id); err == nil { // the same import again is refused, and its job goes with it
			t.Fatal("an import is begun twice")
		}
		within(t, 30*time.Second, "the job", func() bool { return r.count(string(id)) > 0 })
		time.Sleep(1500 * time.Millisecond)
		if n := r.count(string(id)); n != 1 {
			t.Errorf("the job was done %d times, and the refused change must bring none", n)
		}
	})
}

func TestAFailedJobIsTriedAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		var r ran
		queue(t, db, func(id string) error {
			r.done(id)
			if r.count(id) == 1 {
				return errors.New("the first try fails")
			}
			return nil
		})
		id := loa.ImportID(loa.NewID())
		if err := begin(db, f, id); err != nil {
			t.Fatal(err)
		}
		within(t, 60*time.Second, "the second try", func() bool { return r.count(string(id)) == 2 })
	})
}

// TestProcessesShareTheQueue runs two queues on one PostgreSQL, as two processes of one office do: each job is done once.
func TestProcessesShareTheQueue(t *testing.T) {
	if !storetest.HasPostgres() {
		t.Skip("no PostgreSQL; make test brings it")
	}
	db := storetest.Postgres(t)
	f := storetest.Office(t, db)
	var r, r2 ran
	queue(t, db, r.done)
	queue(t, storetest.Again(t, db), r2.done)
	var ids []string
	for range 30 {
		id := loa.NewID()
		ids = append(ids, id)
		if err := begin(db, f, loa.ImportID(id)); err != nil {
			t.Fatal(err)
		}
	}
	within(t, 60*time.Second, "all the jobs", func() bool {
		for _, id := range ids {
			if r.count(id)+r2.count(id) == 0 {
				return false
			}
		}
		return true
	})
	for _, id := range ids {
		if n := r.count(id) + r2.count(id); n != 1 {
			t.Errorf("job %s was done %d times", id, n)
		}
	}
}

// TestAKilledProcessLeavesItsJobToTheNext kills a process in the middle of a job with SIGKILL; the next one on the file does it.
func TestAKilledProcessLeavesItsJobToTheNext(t *testing.T) {
	if address := os.Getenv("LOA_TEST_JOB_CHILD"); address != "" {
		jobChild(t, address)
		return
	}
	db := storetest.SQLite(t)
	f := storetest.Office(t, db)
	address := storetest.Address(t, db)
	mark := filepath.Join(t.TempDir(), "started")
	child := exec.Command(os.Args[0], "-test.run", "^TestAKilledProcessLeavesItsJobToTheNext$")
	child.Env = append(os.Environ(), "LOA_TEST_JOB_CHILD="+address, "LOA_TEST_JOB_MARK="+mark, "LOA_TEST_JOB_OFFICE="+string(f.Office.ID))
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	within(t, 60*time.Second, "the other process begins its job", func() bool { _, err := os.Stat(mark); return err == nil })
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	child.Wait()
	id, err := os.ReadFile(mark)
	if err != nil {
		t.Fatal(err)
	}
	var r ran
	queue(t, db, r.done)
	within(t, 60*time.Second, "the job of the killed process", func() bool { return r.count(string(id)) == 1 })
}

// jobChild begins a job and never ends it.
func jobChild(t *testing.T, address string) {
	db, err := store.Open(context.Background(), address, store.Options{Grace: storetest.Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	queue(t, db, func(id string) error {
		if err := os.WriteFile(os.Getenv("LOA_TEST_JOB_MARK")+".new", []byte(id), 0o600); err != nil {
			return err
		}
		if err := os.Rename(os.Getenv("LOA_TEST_JOB_MARK")+".new", os.Getenv("LOA_TEST_JOB_MARK")); err != nil {
			return err
		}
		select {}
	})
	office := loa.OfficeID(os.Getenv("LOA_TEST_JOB_OFFICE"))
	all := loa.Scope{Office: office, Ranges: []loa.Range{{From: "", To: "\x7f"}}}
	o, err := db.Office(context.Background(), office)
	if err != nil {
		t.Fatal(err)
	}
	i := loa.Import{ID: loa.ImportID(loa.NewID()), Office: office, Area: o.Anchor, Kind: "people", FileName: "a.csv", SHA256: "x"}
	if err := db.StartImport(context.Background(), all, loa.By{Officer: "x", At: o.CreatedAt}, i, []byte("sealed")); err != nil {
		t.Fatal(fmt.Errorf("begin: %w", err))
	}
	time.Sleep(time.Minute)
}
