package store_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestChangeNumbersFollowCommits writes from several connections at once while a reader, as a phone would, asks again and again
// for what came after the highest number it has seen. Nothing may ever appear at or below a number it has already passed.
func TestChangeNumbersFollowCommits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		other := storetest.Again(t, db) // another process on the same database
		start, err := db.ChangeNo(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		const each = 40
		var wg sync.WaitGroup
		for w := range 4 {
			on := []*store.DB{db, other}[w%2]
			wg.Go(func() {
				for i := range each {
					var err error
					if i%2 == 0 {
						_, err = on.AddPerson(ctx, f.Whole, f.By, loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[w], Name: fmt.Sprint("Người ", w, " ", i)})
					} else {
						c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-30", HappenedAt: f.By.At}, Person: f.People[w].ID, Purpose: loa.Purposes[0], Channel: loa.Channels[0], Agreed: i%4 == 1, Proof: "voice"}
						err = on.AddConsent(ctx, f.Whole, f.By, c)
					}
					if err != nil {
						t.Error(err)
					}
				}
			})
		}
		done := make(chan struct{})
		go func() { wg.Wait(); close(done) }()
		seen := map[string]int64{}
		upTo := start
		look := func() {
			tx, err := db.Writer().BeginTx(ctx, nil)
			if err != nil {
				t.Fatal(err)
			}
			defer tx.Rollback()
			var now int64
			if err := tx.QueryRow(`SELECT change_no FROM office WHERE id = $1`, f.Office.ID).Scan(&now); err != nil {
				t.Fatal(err)
			}
			rows, err := tx.Query(`SELECT id, change_no FROM person_row WHERE office_id = $1 AND change_no > $2 UNION ALL SELECT id, change_no FROM consent_fact WHERE office_id = $1 AND change_no > $2`, f.Office.ID, start)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var id string
				var n int64
				if err := rows.Scan(&id, &n); err != nil {
					t.Fatal(err)
				}
				if before, known := seen[id]; n <= upTo && (!known || before != n) {
					t.Errorf("%s came late with number %d, after %d had been passed", id, n, upTo)
				}
				seen[id] = n
			}
			if err := rows.Err(); err != nil {
				t.Fatal(err)
			}
			upTo = now
		}
		for going := true; going; {
			select {
			case <-done:
				going = false
			case <-time.After(2 * time.Millisecond):
			}
			look()
		}
		if people := 4 * each / 2; len(seen) < people*2 {
			t.Errorf("the reader has %d of %d rows", len(seen), people*2)
		}
	})
}

// TestFactsCarryWhoWhenAndNothingOfADevice reads what the web writes: a correction stands beside what it corrects.
func TestFactsCarryWhoWhenAndNothingOfADevice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		fact := func() loa.Fact {
			return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-29", HappenedAt: f.By.At}
		}
		p := f.People[0].ID
		s, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: f.Villages[0], Form: loa.SmallGroup, On: "2025-11-29", State: loa.Planned, Title: "Nhóm nhỏ"})
		if err != nil {
			t.Fatal(err)
		}
		pay := loa.Contribution{Fact: fact(), Person: p, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly, From: "2025-11-01", Until: "2025-11-30", Months: 1}
		again := pay
		again.Fact = fact()
		again.Corrects = pay.ID
		for _, err := range []error{
			db.AddContribution(ctx, f.Whole, f.By, pay), db.AddContribution(ctx, f.Whole, f.By, again),
			db.AddLeaving(ctx, f.Whole, f.By, loa.Leaving{Fact: fact(), Person: p, Scheme: loa.VoluntarySI, Reason: "refused"}),
			db.AddConsent(ctx, f.Whole, f.By, loa.Consent{Fact: fact(), Person: p, Purpose: loa.Purposes[0], Channel: loa.Channels[0], Agreed: true, Proof: "voice"}),
			db.AddVisit(ctx, f.Whole, f.By, loa.Visit{Fact: fact(), Person: p, Household: f.Households[0], Form: loa.VisitForm, Outcome: "met"}),
			db.AddLead(ctx, f.Whole, f.By, loa.Lead{Fact: fact(), Person: p, Household: f.Households[0], Scheme: loa.HouseholdHI, Form: loa.VisitForm}),
			db.CountHead(ctx, f.Whole, f.By, s.ID, loa.Attendance{Fact: fact(), Session: s.ID, N: 1, Sex: loa.Female, AgeBand: "adult"}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		before := map[string]int64{}
		for _, table := range []string{"contribution_fact", "leaving_fact", "consent_fact", "visit_fact", "lead_fact", "attendance_fact", "question_fact", "enrolment_step_fact"} {
			rows, err := db.Writer().Query(`SELECT id, happened_on, recorded_at, recorded_by, device, device_seq, change_no FROM `+table+` WHERE recorded_at = $1`, f.By.At.UnixMilli())
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for rows.Next() {
				var id, on, by, device string
				var at, seq, change int64
				if err := rows.Scan(&id, &on, &at, &by, &device, &seq, &change); err != nil {
					t.Fatal(err)
				}
				if !loa.ValidID(id) || id[14] != '7' || on == "" || by == "" || device != "" || seq != 0 || change == 0 {
					t.Errorf("%s %s: happened on %q, recorded by %q, device %q %d, change %d", table, id, on, by, device, seq, change)
				}
				n++
			}
			rows.Close()
			before[table] = int64(n)
		}
		if before["contribution_fact"] < 2 {
			t.Error("a correction replaced the payment it corrects instead of standing beside it")
		}
		var holds int
		if err := db.Writer().QueryRow(`SELECT count(*) FROM contribution WHERE id = $1`, pay.ID).Scan(&holds); err != nil || holds != 0 {
			t.Errorf("the corrected payment still holds: %d %v", holds, err)
		}
	})
}

// TestAFieldsFirstValueMakesNoVersion: only changes write versions.
func TestAFieldsFirstValueMakesNoVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		p, err := db.AddPerson(ctx, f.Whole, f.By, loa.Person{ID: loa.PersonID(loa.NewID()), Area: f.Villages[0], Name: "Vừ A Mới", Sex: loa.Male, BornYear: 1990})
		if err != nil {
			t.Fatal(err)
		}
		versions := func() []loa.FieldVersion {
			v, err := db.Versions(ctx, string(p.ID))
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		if v := versions(); len(v) != 0 {
			t.Fatalf("a new person has versions: %+v", v)
		}
		for range 2 { // saved twice, changed once
			now, err := db.Person(ctx, f.Whole, p.ID)
			if err != nil {
				t.Fatal(err)
			}
			now.BornYear = 1991
			if _, _, err := db.SavePerson(ctx, f.Whole, f.By, now, now.ChangeNo); err != nil {
				t.Fatal(err)
			}
		}
		if v := versions(); len(v) != 1 || v[0].Old != "1990" || v[0].New != "1991" || v[0].RecordedBy != f.Director {
			t.Errorf("versions: %+v", v)
		}
	})
}
