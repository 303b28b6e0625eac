package store_test

import (
	"context"
	"fmt"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestKeptReadsSeeEveryChange asks a database that has answered before, and one just opened, after every kind of change that
// moves a figure: both must say the same.
func TestKeptReadsSeeEveryChange(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		ctx := context.Background()
		f := storetest.Office(t, db)
		answers := func(db *store.DB) string {
			var out []any
			add := func(v any, err error) {
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, v)
			}
			in, err := db.ReportInput(ctx, f.Whole, loa.Period{From: "2025-01", To: "2025-12"}, loa.Settings{CutOffDay: 31, DueDays: 60}, "2025-12-31")
			out = append(out, in.Flows, in.Sessions, in.Questions, in.People)
			add(nil, err)
			for _, s := range []loa.Scheme{loa.VoluntarySI, loa.HI} {
				c, err := db.Cohorts(ctx, f.Whole, s, "2023-01-01", "2025-12-31")
				add(c, err)
				n, err := db.RenewalCounts(ctx, f.Whole, s, "2025-11-30")
				by := map[loa.AreaID]store.RenewalTally{}
				for _, x := range n {
					by[x.Area] = x
				}
				add(by, err)
			}
			h, err := db.HeadsByForm(ctx, f.Whole, "2025-01-01", "2025-12-31")
			add(h, err)
			held, planned, err := db.CellSessions(ctx, f.Whole, "2025-11-30")
			add([]any{len(held), len(planned)}, err)
			return fmt.Sprintf("%+v", out)
		}
		same, moved := true, 0
		last := answers(db)
		check := func(what string, err error) {
			t.Helper()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			got := answers(db)
			fresh := storetest.Again(t, db)
			if want := answers(fresh); got != want {
				t.Errorf("%s: kept\n%s\nanew\n%s", what, got, want)
				same = false
			}
			if got != last {
				moved++
			}
			last = got
		}
		fact := func(on loa.Day) loa.Fact {
			return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: f.By.At}
		}
		pay := loa.Contribution{Fact: fact("2025-11-03"), Person: f.People[1].ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly, From: "2025-11-01", Until: "2025-11-30", Months: 1}
		check("a payment", db.AddContribution(ctx, f.Whole, f.By, pay))
		longer := pay
		longer.Fact, longer.Until, longer.Months = fact("2025-11-03"), "2025-12-31", 2
		longer.Corrects = pay.ID
		check("its correction", db.AddContribution(ctx, f.Whole, f.By, longer))
		check("a leaving", db.AddLeaving(ctx, f.Whole, f.By, loa.Leaving{Fact: fact("2025-11-28"), Person: f.People[1].ID, Scheme: loa.VoluntarySI, Reason: "pension"}))
		act, err := db.MovePeople(ctx, f.Whole, f.By, []loa.PersonID{f.People[1].ID}, f.Households[3], "")
		check("a move to another village", err)
		check("the move taken back", db.UndoAct(ctx, f.Whole, f.By, act))
		s, err := db.AddSession(ctx, f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: f.Villages[0], Form: loa.SmallGroup, On: "2025-11-20", State: loa.Planned, Title: "Nhóm nhỏ"})
		check("a session", err)
		_, err = db.EditSession(ctx, f.Whole, f.By, s.ID, s.ChangeNo, func(s *loa.Session) error { s.State, s.HeldAt = loa.Held, f.By.At; return nil })
		check("the session held", err)
		check("a head", db.CountHead(ctx, f.Whole, f.By, s.ID, loa.Attendance{Fact: fact("2025-11-20"), Session: s.ID, N: 1, Sex: loa.Female, AgeBand: "adult"}))
		_, err = db.NamePerson(ctx, f.Whole, f.By, s.ID, f.People[0].ID, false)
		check("a name", err)
		_, err = db.NamePerson(ctx, f.Whole, f.By, s.ID, f.People[3].ID, false)
		check("another name", err)
		act, err = db.MergePeople(ctx, f.Whole, f.By, f.People[0].ID, f.People[3].ID)
		check("the two are one human", err)
		check("they are two after all", db.UndoAct(ctx, f.Whole, f.By, act))
		act, err = db.MoveArea(ctx, f.Whole, f.By, f.Unstated, f.CommuneB, "2025-10-01", "Biên bản")
		check("a village finds its commune", err)
		check("that taken back", db.UndoMoveArea(ctx, f.Whole, f.By, act))
		check("everything derived anew", db.RebuildStanding(ctx, f.Office.ID))
		if same && moved < 9 {
			t.Errorf("only %d of the changes moved a figure", moved)
		}
	})
}
