package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/policy"
	"loa/store"
	"loa/store/storetest"
)

// killedWith carries the arguments of a command into a process of its own, which tests kill.
const killedWith = "LOA_TEST_COMMAND"

// TestKilledCommand is the whole program in a process of its own when killProcess starts it so; by itself it tests nothing.
func TestKilledCommand(t *testing.T) {
	if os.Getenv(killedWith) == "" {
		return
	}
	var args []string
	if err := json.Unmarshal([]byte(os.Getenv(killedWith)), &args); err != nil {
		t.Fatal(err)
	}
	os.Exit(run(env{ctx: context.Background(), out: os.Stdout, err: os.Stderr, start: time.Now(), getenv: os.Getenv}, args))
}

// killProcess runs a command in a process of its own and kills it (kill -9) after a while; it answers whether it was killed
// before it ended.
func killProcess(t *testing.T, after time.Duration, args ...string) bool {
	t.Helper()
	packed, err := json.Marshal(args)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledCommand$")
	cmd.Env = append(os.Environ(), killedWith+"="+string(packed))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	timer := time.AfterFunc(after, func() { _ = cmd.Process.Kill() }) // it may have ended just before
	err = cmd.Wait()
	timer.Stop()
	if err == nil {
		return false
	}
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() >= 0 {
		t.Fatalf("loa %s: %v\n%s", strings.Join(args, " "), err, said.String())
	}
	return true
}

// TestKillDuringImportLeavesAllOrNothing kills an import, and the taking back of it, with kill -9 wherever it happens to be: all
// or nothing is seen, the next command goes on to the very same end, and every count agrees. LOA_SOAK kills 200 times.
func TestKillDuringImportLeavesAllOrNothing(t *testing.T) {
	kills, people := 5, 600
	if os.Getenv("LOA_SOAK") != "" {
		kills, people = 200, 3000
	}
	for engine, address := range storetest.Addresses(t) {
		t.Run(engine, func(t *testing.T) {
			k := newKilling(t, address, people)
			begun := time.Now()
			loaRun(t, 0, nil, k.command("import", "people", k.file, "--apply")...)
			whole := time.Since(begun)
			k.look(people)
			k.undoAll()
			k.look(0)
			r := rand.New(rand.NewPCG(7, uint64(people)))
			killed := 0
			for n := range kills {
				if killProcess(t, whole/8+time.Duration(r.Int64N(int64(whole*3/2))), k.command("import", "people", k.file, "--apply")...) {
					killed++
				}
				k.look(-1)
				loaRun(t, 0, nil, k.command("import", "people", k.file, "--apply")...)
				k.look(people)
				if n%2 == 0 {
					for _, id := range k.applied() {
						if killProcess(t, time.Duration(r.Int64N(int64(whole))), k.command("import", "people", "--undo", id)...) {
							killed++
						}
						k.look(-1)
					}
				}
				k.undoAll()
				k.look(0)
			}
			if killed == 0 {
				t.Error("every command ended before it was killed")
			}
			t.Logf("%d killed", killed)
		})
	}
}

// killing is one office in a database, and a list of people who are not in it.
type killing struct {
	t      *testing.T
	db     *store.DB
	f      *storetest.Fixture
	file   string
	people int
	flags  []string
	before [3]int // people, households, covers
}

func newKilling(t *testing.T, address string, people int) *killing {
	t.Helper()
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), address, store.Options{Grace: policy.Grace{Parameters: p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	k := &killing{t: t, db: db, f: storetest.Office(t, db), people: people, file: filepath.Join(t.TempDir(), "many.csv")}
	if err := db.RebuildStanding(context.Background(), k.f.Office.ID); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(k.file, many(t, k.f, db, people), 0o600); err != nil {
		t.Fatal(err)
	}
	key := filepath.Join(t.TempDir(), "key")
	if _, err := auth.NewKey(key); err != nil {
		t.Fatal(err)
	}
	k.flags = []string{"--key", key, "--today", string(k.f.By.Day()), "--format", "json"}
	if strings.HasPrefix(address, "postgres") {
		k.flags = append(k.flags, "--database", address, "--data", t.TempDir())
	} else {
		k.flags = append(k.flags, "--data", filepath.Dir(address))
	}
	k.before = k.counts()
	return k
}

func (k *killing) command(args ...string) []string { return append(args, k.flags...) }

// counts are what anybody can see: people, households, covers.
func (k *killing) counts() (out [3]int) {
	k.t.Helper()
	for i, q := range []string{`SELECT count(*) FROM person`, `SELECT count(*) FROM household`, `SELECT count(*) FROM contribution`} {
		if err := k.db.Writer().QueryRow(q).Scan(&out[i]); err != nil {
			k.t.Fatal(err)
		}
	}
	return out
}

// look fails unless the list is seen whole or not at all; want says which, -1 allows both. When no import is on its way, the
// standing must be what the facts say and every household must have its head.
func (k *killing) look(want int) {
	k.t.Helper()
	now := k.counts()
	got := [3]int{now[0] - k.before[0], now[1] - k.before[1], now[2] - k.before[2]}
	none, all := [3]int{}, [3]int{k.people, k.people / 4, k.people}
	if got != none && got != all || want == 0 && got != none || want > 0 && got != all {
		k.t.Fatalf("%v more people, households and covers are seen; all would be %v, and %d was expected", got, all, want)
	}
	if want < 0 {
		return
	}
	ctx := context.Background()
	if wrong, err := k.db.CheckStanding(ctx, k.f.Office.ID); err != nil || wrong != 0 {
		k.t.Fatalf("%d lines of standing are wrong: %v", wrong, err)
	}
	var headless int
	err := k.db.Writer().QueryRow(`SELECT count(*) FROM household h WHERE h.ended = '' AND NOT EXISTS (SELECT 1 FROM person p WHERE p.id = h.head_id AND p.household_id = h.id AND p.relation = 'head')`).Scan(&headless)
	if err != nil || headless != 0 {
		k.t.Fatalf("%d households without their head: %v", headless, err)
	}
}

// applied are the imports that brought people and were not taken back.
func (k *killing) applied() []string {
	k.t.Helper()
	list, err := k.db.Imports(context.Background(), k.f.Whole, 0, 100)
	if err != nil {
		k.t.Fatal(err)
	}
	var out []string
	for _, i := range list {
		if i.State == loa.ImportApplied && i.New > 0 {
			out = append(out, string(i.ID))
		}
	}
	return out
}

func (k *killing) undoAll() {
	k.t.Helper()
	var c importCounts
	loaRun(k.t, 0, &c, k.command("import", "people", k.file)...) // takes up what was stopped
	for _, id := range k.applied() {
		loaRun(k.t, 0, &c, k.command("import", "people", "--undo", id)...)
	}
}
