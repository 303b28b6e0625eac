package store_test

import (
	"context"
	"testing"
	"time"

	"loa"
	"loa/reporting"
	"loa/store"
	"loa/store/storetest"
)

// pay records a payment of voluntary SI that covers a quarter from a day on.
func pay(t *testing.T, f *storetest.Fixture, person int, from loa.Day) {
	t.Helper()
	c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: from}, Person: f.People[person].ID, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Quarterly,
		From: from, Until: from.AddMonths(3).Add(-1), Months: 3}
	if err := f.DB.AddContribution(context.Background(), f.Whole, f.By, c); err != nil {
		t.Fatal(err)
	}
}

// measured is an office where seven people joined, one came back, two lapsed and one left.
func measured(t *testing.T, db *store.DB) *storetest.Fixture {
	t.Helper()
	f := storetest.Office(t, db)
	pay(t, f, 0, "2024-11-10") // lapses on 10/05/2025
	pay(t, f, 0, "2025-08-01") // comes back
	pay(t, f, 1, "2024-12-20") // lapses on 20/06/2025
	pay(t, f, 3, "2025-09-01")
	pay(t, f, 4, "2025-09-30")
	pay(t, f, 6, "2025-10-05")
	pay(t, f, 7, "2025-11-30")
	pay(t, f, 9, "2025-11-15") // in the village without a commune
	leave := loa.Leaving{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2025-11-20"}, Person: f.People[3].ID, Scheme: loa.VoluntarySI, Reason: "moved"}
	if err := db.AddLeaving(context.Background(), f.Whole, f.By, leave); err != nil {
		t.Fatal(err)
	}
	return f
}

func reportInput(t *testing.T, f *storetest.Fixture, in loa.Scope, from, to loa.Month) loa.ReportInput {
	t.Helper()
	out, err := f.DB.ReportInput(context.Background(), in, loa.Period{From: from, To: to}, loa.DefaultSettings, storetest.Today)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheReportCountsTheFacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := measured(t, db)
		for _, c := range []struct {
			name                                   string
			in                                     loa.Scope
			from, to                               loa.Month
			joined, returned, lapsed, left, people int64
		}{
			{"the year", f.Whole, "2025-01", "2025-11", 5, 1, 2, 1, 5},
			{"the month", f.Whole, "2025-11", "2025-11", 2, 0, 0, 1, 5},
			{"the year before", f.Whole, "2024-01", "2024-12", 2, 0, 0, 0, 2},
			{"one commune", f.Commune1, "2025-01", "2025-11", 2, 1, 2, 1, 2},
			{"one village", f.Village1, "2025-01", "2025-11", 0, 1, 2, 0, 1},
			{"nothing", f.Nothing, "2025-01", "2025-11", 0, 0, 0, 0, 0},
			{"the other office", f.OtherScope, "2025-01", "2025-11", 0, 0, 0, 0, 0},
		} {
			input := reportInput(t, f, c.in, c.from, c.to)
			r := reporting.Make(input)
			got := []int64{r.Joined[loa.VoluntarySI].N(), r.Returned[loa.VoluntarySI].N(), r.Lapsed[loa.VoluntarySI].N(), r.Left[loa.VoluntarySI].N(), *r.Participation[loa.VoluntarySI].Register}
			for i, want := range []int64{c.joined, c.returned, c.lapsed, c.left, c.people} {
				if got[i] != want {
					t.Errorf("%s: joined, returned, lapsed, left, in: %v, want %v", c.name, got, []int64{c.joined, c.returned, c.lapsed, c.left, c.people})
					break
				}
			}
			b := reporting.NewBook(input)
			if st := b.Flow("", loa.VoluntarySI, input.Period); st.Gap() != 0 {
				t.Errorf("%s: the books are off by %d", c.name, st.Gap())
			}
		}
	})
}

// TestOldAndNewUnitsAgree is the replay of the re-cut: every scheme and month has one total, by former communes and by those of today.
func TestOldAndNewUnitsAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := measured(t, db)
		input := reportInput(t, f, f.Whole, "2024-11", "2025-11")
		now := reporting.NewBook(input)
		input.UnitsOn = "2025-06-30"
		then := reporting.NewBook(input)
		if len(now.Units.List) != 3 || len(then.Units.List) != 4 {
			t.Fatalf("%d lines by the communes of today, %d by former ones", len(now.Units.List), len(then.Units.List))
		}
		for _, m := range input.Period.Months() {
			for _, s := range loa.Schemes {
				sum := func(b *reporting.Book) (n int64) {
					for _, u := range b.Units.List {
						v, _ := b.Register(u.ID, s, m)
						n += v
					}
					return n
				}
				if a, b := sum(now), sum(then); a != b {
					t.Errorf("%s at the end of %s: %d by the communes of today, %d by former ones", s, m, a, b)
				}
			}
		}
	})
}

func TestThePeopleBehindAFigure(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := measured(t, db), context.Background()
		year := store.FlowQuery{Scheme: loa.VoluntarySI, From: "2025-01-01", To: "2025-11-30"}
		for _, c := range []struct {
			kind  string
			areas []loa.AreaID
			in    loa.Scope
			want  int
		}{
			{"in", nil, f.Whole, 5}, {"joined", nil, f.Whole, 5}, {"returned", nil, f.Whole, 1}, {"lapsed", nil, f.Whole, 2}, {"left", nil, f.Whole, 1},
			{"in", []loa.AreaID{f.Unstated}, f.Whole, 1}, {"in", nil, f.Commune1, 2}, {"in", []loa.AreaID{f.Unstated}, f.Commune1, 0}, {"joined", nil, f.OtherScope, 0}, {"joined", nil, f.Nothing, 0},
		} {
			q := year
			q.Kind, q.Areas = c.kind, c.areas
			list, total, err := db.FlowPeople(ctx, c.in, q, 0, 50)
			if err != nil {
				t.Fatal(err)
			}
			if total != c.want || len(list) != c.want {
				t.Errorf("%s: %d people, %d listed, want %d", c.kind, total, len(list), c.want)
			}
			by, err := db.FlowPeopleByArea(ctx, c.in, q)
			if err != nil {
				t.Fatal(err)
			}
			sum := int64(0)
			for _, n := range by {
				sum += n
			}
			if sum != int64(c.want) {
				t.Errorf("%s by village: %d, want %d", c.kind, sum, c.want)
			}
		}
		winter := store.FlowQuery{Scheme: loa.VoluntarySI, From: "2024-11-01", To: "2024-12-31", Kind: "kept", After: 3}
		for _, c := range []struct {
			kind  string
			after int
			want  int
		}{{"kept", 3, 2}, {"kept", 7, 0}, {"lost", 7, 2}, {"kept", 10, 1}} { // ten months later the one who came back is in again
			winter.Kind, winter.After = c.kind, c.after
			_, total, err := db.FlowPeople(ctx, f.Whole, winter, 0, 50)
			if err != nil {
				t.Fatal(err)
			}
			if total != c.want {
				t.Errorf("%s after %d months: %d, want %d", c.kind, c.after, total, c.want)
			}
		}
		rows, err := db.Cohorts(ctx, f.Whole, loa.VoluntarySI, "2024-11-01", "2024-12-31")
		if err != nil {
			t.Fatal(err)
		}
		if r := reporting.RateAfter(rows, 10, storetest.Today); r.N != 2 || r.K != 1 {
			t.Errorf("after ten months %d of %d, want 1 of 2", r.K, r.N)
		}
		if _, _, err := db.FlowPeople(ctx, f.Whole, store.FlowQuery{Scheme: loa.VoluntarySI, Kind: "all"}, 0, 1); loa.KindOf(err) != loa.Invalid {
			t.Errorf("an unknown kind: %v", err)
		}
	})
}

func TestMonthsCloseOnTheCutOffDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := measured(t, db)
		settings := loa.DefaultSettings
		settings.CutOffDay = 25
		p := loa.Period{From: "2025-10", To: "2025-10"} // 26/09 to 25/10
		input, err := db.ReportInput(context.Background(), f.Whole, p, settings, storetest.Today)
		if err != nil {
			t.Fatal(err)
		}
		if got := reporting.Make(input).Joined[loa.VoluntarySI].N(); got != 2 {
			t.Errorf("joined from 26/09 to 25/10: %d, want 2", got)
		}
	})
}

func TestTargetsKeepTheirRevisions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		line := func(area loa.AreaID, value int64, inForce loa.Day) loa.Target {
			return loa.Target{Area: area, Scheme: loa.VoluntarySI, Measure: "participation", Year: 2025, Value: value, InForce: inForce, Document: "12/QĐ-M"}
		}
		save := func(want [3]int, list ...loa.Target) {
			t.Helper()
			added, changed, same, err := db.SaveTargets(ctx, f.Whole, f.By, list)
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]int{added, changed, same}; got != want {
				t.Errorf("new, changed, same: %v, want %v", got, want)
			}
		}
		save([3]int{2, 0, 0}, line(f.CommuneA, 60, "2025-01-01"), line(f.Anchor, 100, "2025-01-01"))
		save([3]int{0, 0, 2}, line(f.CommuneA, 60, "2025-01-01"), line(f.Anchor, 100, "2025-01-01"))
		save([3]int{0, 1, 1}, line(f.CommuneA, 55, "2025-06-01"), line(f.Anchor, 100, "2025-06-01"))
		withdrawn := line(f.CommuneA, 0, "2025-09-01")
		withdrawn.Withdrawn = true
		save([3]int{0, 1, 0}, withdrawn)
		all, err := db.Targets(ctx, f.Whole, 2025, 2025)
		if err != nil {
			t.Fatal(err)
		}
		for day, want := range map[loa.Day]int64{"2024-12-31": -1, "2025-05-31": 60, "2025-06-01": 55, "2025-12-31": -1} {
			got, ok := loa.TargetsOn(all, day)[line(f.CommuneA, 0, "").Line()]
			if ok != (want >= 0) || ok && got.Value != want {
				t.Errorf("on %s: %d (%v), want %d", day, got.Value, ok, want)
			}
		}
		if seen, err := db.Targets(ctx, f.Commune2, 2025, 2025); err != nil || len(seen) != 0 {
			t.Errorf("the other commune sees %d lines, %v", len(seen), err)
		}
		for name, c := range map[string]struct {
			in   loa.Scope
			t    loa.Target
			kind loa.Kind
		}{
			"another commune":  {f.Commune2, line(f.CommuneA, 1, "2025-01-01"), loa.NotFound},
			"the whole office": {f.Commune1, line(f.Anchor, 1, "2025-01-01"), loa.NotFound},
			"a village":        {f.Whole, line(f.Villages[0], 1, "2025-01-01"), loa.Invalid},
			"another office":   {f.Whole, line(f.Other.Anchor, 1, "2025-01-01"), loa.NotFound},
			"no such officer":  {f.Whole, loa.Target{Area: f.Anchor, Officer: "x", Scheme: loa.HI, Measure: "joined", Year: 2025, InForce: "2025-01-01"}, loa.NotFound},
			"below nothing":    {f.Whole, line(f.CommuneA, -1, "2025-01-01"), loa.Invalid},
		} {
			if _, _, _, err := db.SaveTargets(ctx, c.in, f.By, []loa.Target{c.t}); loa.KindOf(err) != c.kind {
				t.Errorf("%s: %v, want %s", name, err, c.kind)
			}
		}
	})
}

func TestTheNewestOfficialCountHolds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		count := func(area loa.AreaID, n int64) loa.Participation {
			return loa.Participation{Area: area, Scheme: loa.HI, Month: "2025-10", N: n, Source: "DS tháng 10"}
		}
		for i, c := range []struct {
			list []loa.Participation
			want [3]int
		}{
			{[]loa.Participation{count(f.CommuneA, 40), count(f.Anchor, 3)}, [3]int{2, 0, 0}},
			{[]loa.Participation{count(f.CommuneA, 41), count(f.Anchor, 3)}, [3]int{0, 1, 1}},
			{[]loa.Participation{count(f.CommuneA, 41)}, [3]int{0, 0, 1}},
			{[]loa.Participation{count(f.CommuneA, 39)}, [3]int{0, 1, 0}}, // at the very same instant: the later record holds
		} {
			added, changed, same, err := db.SaveParticipation(ctx, f.Whole, f.By, c.list)
			if err != nil {
				t.Fatal(err)
			}
			if got := [3]int{added, changed, same}; got != c.want {
				t.Errorf("%d: new, changed, same: %v, want %v", i, got, c.want)
			}
		}
		held, err := db.Participations(ctx, f.Whole, "2025-10", "2025-10")
		if err != nil {
			t.Fatal(err)
		}
		sum := int64(0)
		for _, p := range held {
			sum += p.N
		}
		if len(held) != 2 || sum != 42 {
			t.Errorf("%d counts hold, %d people, want 2 and 42", len(held), sum)
		}
		records, err := db.ParticipationRecords(ctx, f.Whole, "2025-10")
		if err != nil || len(records) != 4 {
			t.Errorf("%d records are kept, %v; want 4", len(records), err)
		}
		if _, _, _, err := db.SaveParticipation(ctx, f.Commune2, f.By, []loa.Participation{count(f.CommuneA, 1)}); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune records a count: %v", err)
		}
		if seen, err := db.Participations(ctx, f.Commune2, "2025-01", "2025-12"); err != nil || len(seen) != 0 {
			t.Errorf("the other commune sees %d counts, %v", len(seen), err)
		}
	})
}

func TestAMonthIsSignedOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		month := loa.MonthClose{Month: "2025-10", Report: "{}", SHA256: "x"}
		if err := db.CloseMonth(ctx, f.Commune1, f.By, month); loa.KindOf(err) != loa.NotFound {
			t.Errorf("one commune signs for the office: %v", err)
		}
		if err := db.CloseMonth(ctx, f.Whole, f.By, month); err != nil {
			t.Fatal(err)
		}
		if err := db.CloseMonth(ctx, f.Whole, f.By, month); loa.KindOf(err) != loa.Conflict {
			t.Errorf("signed twice: %v", err)
		}
		if err := db.CloseMonth(ctx, f.Whole, f.By, loa.MonthClose{Month: "2025-12", Report: "{}"}); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a month to come is signed: %v", err)
		}
		if err := db.CloseMonth(ctx, f.Whole, f.By, loa.MonthClose{Month: "2025-11", Report: "{}"}); err != nil {
			t.Errorf("on its last day the month can be signed: %v", err)
		}
		got, err := db.MonthClose(ctx, f.Whole, "2025-10")
		if err != nil || got.Report != "{}" || got.SignedBy != f.Director || !got.SignedAt.Equal(f.By.At.Truncate(time.Millisecond)) {
			t.Errorf("signed: %+v, %v", got, err)
		}
		if _, err := db.MonthClose(ctx, f.Commune1, "2025-10"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("one commune reads the office's report: %v", err)
		}
		if list, err := db.MonthCloses(ctx, f.OtherScope); err != nil || len(list) != 0 {
			t.Errorf("the other office sees %d signed months, %v", len(list), err)
		}
	})
}

func TestAnUndoneImportIsNotCounted(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		run := loa.Import{ID: loa.ImportID(loa.NewID()), Area: f.CommuneA, Kind: "participation", FileName: "ds.xlsx", SHA256: "x", State: loa.ImportReading}
		if err := db.StartImport(ctx, f.Whole, f.By, run, []byte("x")); err != nil {
			t.Fatal(err)
		}
		count := loa.Participation{Area: f.CommuneA, Scheme: loa.HI, Month: "2025-10", N: 40}
		if _, _, _, err := db.SaveParticipation(ctx, f.Whole, f.By, []loa.Participation{count}); err != nil {
			t.Fatal(err)
		}
		count.N, count.Import = 50, run.ID
		if _, _, _, err := db.SaveParticipation(ctx, f.Whole, f.By, []loa.Participation{count}); err != nil {
			t.Fatal(err)
		}
		target := loa.Target{Area: f.CommuneA, Scheme: loa.HI, Measure: "participation", Year: 2025, Value: 60, InForce: "2025-01-01", Import: run.ID}
		if _, _, _, err := db.SaveTargets(ctx, f.Whole, f.By, []loa.Target{target}); err != nil {
			t.Fatal(err)
		}
		see := func() (int64, int) {
			t.Helper()
			held, err := db.Participations(ctx, f.Whole, "2025-10", "2025-10")
			if err != nil || len(held) != 1 {
				t.Fatalf("counts: %v, %v", held, err)
			}
			plan, err := db.Targets(ctx, f.Whole, 2025, 2025)
			if err != nil {
				t.Fatal(err)
			}
			return held[0].N, len(plan)
		}
		if n, lines := see(); n != 50 || lines != 1 {
			t.Errorf("applied: %d people, %d lines of the plan", n, lines)
		}
		if err := db.SetImport(ctx, run.ID, loa.ImportUndone, "", 0); err != nil {
			t.Fatal(err)
		}
		if n, lines := see(); n != 40 || lines != 0 {
			t.Errorf("undone: %d people, %d lines of the plan", n, lines)
		}
	})
}
