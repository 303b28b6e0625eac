package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/fake"
	"loa/policy"
	"loa/store"
	"loa/store/storetest"
)

// hasty is how much faster time goes for the processes of TestKilledLoopsLeaveTheirWorkToTheNext: a lease of minutes ends in seconds.
const hasty = 60

// TestKilledLoopsLeaveTheirWorkToTheNext lets whole sending loops in processes of their own send one broadcast, from fanning out to its end,
// and kills one of them in the middle: beside another on PostgreSQL, followed by another on a file. The gateway's own ledger has everybody
// once, and Loa's says the same.
func TestKilledLoopsLeaveTheirWorkToTheNext(t *testing.T) {
	if os.Getenv("LOA_TEST_LOOP") != "" {
		loopChild(t)
		return
	}
	const people = 1200
	for engine, address := range storetest.Addresses(t) {
		t.Run(engine, func(t *testing.T) {
			db, err := store.Open(t.Context(), address, store.Options{Grace: storetest.Grace{}})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			s := newSender(t, db)
			s.gather(t, people)
			id := s.broadcast(t, nil)
			if _, err := db.ChangeBroadcast(t.Context(), s.Whole, loa.By{Officer: s.OfficerOne, At: s.now()}, id, "approved", func(b *loa.Broadcast) error {
				return b.Approve(loa.By{Officer: s.OfficerOne, At: s.now()}, people, 200)
			}); err != nil {
				t.Fatal(err)
			}
			begun := strconv.FormatInt(time.Now().UnixNano(), 10)
			start := func() *exec.Cmd {
				t.Helper()
				child := exec.Command(os.Args[0], "-test.run", "^TestKilledLoopsLeaveTheirWorkToTheNext$", "-test.timeout", "5m")
				child.Env = append(os.Environ(), "LOA_TEST_LOOP="+address, "LOA_TEST_LOOP_BEGUN="+begun)
				child.Stderr = os.Stderr
				if err := child.Start(); err != nil {
					t.Fatal(err)
				}
				t.Cleanup(func() { child.Process.Kill(); child.Wait() })
				return child
			}
			came := func() int { return len(s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken})) }
			one := start()
			if engine == "postgres" {
				start()
			}
			within(t, 90*time.Second, "a part of the messages", func() bool { return came() > people/6 })
			one.Process.Kill()
			one.Wait()
			if n := came(); n >= people {
				t.Logf("the loop was killed late: %d had come", n)
			}
			if engine != "postgres" {
				start()
			}
			within(t, 120*time.Second, "the end of the broadcast", func() bool {
				b, err := db.Broadcast(t.Context(), s.Whole, id)
				if err != nil {
					t.Fatal(err)
				}
				return b.State == loa.BroadcastDone
			})
			told := map[string]bool{}
			for _, x := range s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken}) {
				if told[x.To] {
					t.Errorf("%s was told twice", x.To)
				}
				told[x.To] = true
			}
			counts, err := db.DeliveryCounts(t.Context(), s.Whole, id)
			if err != nil {
				t.Fatal(err)
			}
			if sent := int(counts[loa.DeliverySent] + counts[loa.DeliveryDelivered]); sent != len(told) || len(told) < people || counts[loa.DeliveryUnsure] > 0 || sent+int(counts[loa.DeliveryByHand]+counts[loa.DeliveryHeld]) != len(s.People)+len(s.crowd) {
				t.Errorf("%v of %d people, and the gateway has %d", counts, len(s.People)+len(s.crowd), len(told))
			}
		})
	}
}

// gather gives the office so many more people with telephones.
func (s *sender) gather(t testing.TB, n int) {
	t.Helper()
	like := s.People[0]
	more := make([]loa.Person, n)
	for i := range more {
		p := like
		p.ID, p.Household, p.Name, p.Phone, p.PhoneOwner = loa.PersonID(loa.NewID()), "", fmt.Sprintf("Giàng A %d", i), fmt.Sprintf("+84912%06d", i), "self"
		more[i] = p
	}
	if err := s.DB.Fill(t.Context(), loa.Bulk{By: s.By, People: more}); err != nil {
		t.Fatal(err)
	}
	s.crowd = more
}

// loopChild is one process of an office: it sends until it is killed.
func loopChild(t *testing.T) {
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	begun, err := strconv.ParseInt(os.Getenv("LOA_TEST_LOOP_BEGUN"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(context.Background(), os.Getenv("LOA_TEST_LOOP"), store.Options{Grace: policy.Grace{Parameters: law}})
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2025, 11, 30, 12, 0, 0, 0, loa.Zone)
	now := func() time.Time { return noon.Add(hasty * time.Since(time.Unix(0, begun))) }
	e := newEngine(db, newAccounts(db, auth.NewSealer(make([]byte, 32)), now, slog.New(slog.DiscardHandler), ""), now, slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})))
	e.pause = 20 * time.Millisecond
	e.run(context.Background())
}
