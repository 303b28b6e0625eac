package store_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

func leafletLink(area loa.AreaID, label string) loa.Link {
	return loa.Link{ID: loa.LinkID(loa.NewID()), Area: area, Kind: loa.LeafletLink, Label: label, Noun: "batch", NounID: "b1"}
}

func TestLinksAreNumberedByOffice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		first, err := db.SaveLink(ctx, f.Whole, f.By, leafletLink(f.Villages[0], "Tờ gấp bản Háng Là"))
		if err != nil || first.Spoken != 1 || loa.ReadCode(first.Code) != first.Code || first.Page != "home" {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := db.SaveLink(ctx, f.Whole, f.By, first)
		if err != nil || again.Code != first.Code || again.Spoken != 1 {
			t.Errorf("sent twice: %+v, %v", again, err)
		}
		var all sync.WaitGroup
		for range 6 { // each gets a number of its own
			all.Go(func() {
				if _, err := db.SaveLink(ctx, f.Whole, f.By, leafletLink(f.Villages[2], "Tờ gấp")); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		other, err := db.SaveLink(ctx, f.OtherScope, f.OtherBy, leafletLink(f.OtherArea, "Tờ gấp"))
		if err != nil || other.Spoken != 1 {
			t.Errorf("another office begins at %d, %v", other.Spoken, err)
		}
		list, err := db.Links(ctx, f.Whole, store.LinkFilter{})
		if err != nil || len(list) != 7 || list[0].Spoken != 7 || list[6].Spoken != 1 {
			t.Errorf("%d links, %v", len(list), err)
		}
		if list, err = db.Links(ctx, f.Commune1, store.LinkFilter{}); err != nil || len(list) != 1 {
			t.Errorf("the first commune has %d links, %v", len(list), err)
		}
		if _, err := db.SaveLink(ctx, f.Commune1, f.By, leafletLink(f.Villages[2], "x")); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a link in another commune: %v", err)
		}
		if _, err := db.SaveLink(ctx, f.Nothing, f.By, leafletLink("", "x")); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a link without a scope: %v", err)
		}
		if l, err := db.LinkByCode(ctx, " "+string([]byte{first.Code[0] &^ 32})+first.Code[1:]); err == nil && l.ID != first.ID {
			t.Errorf("another link: %+v", l)
		}
		if l, err := db.LinkBySpoken(ctx, f.Office.ID, 1); err != nil || l.ID != first.ID {
			t.Errorf("mã 1 is %+v, %v", l, err)
		}
		if _, err := db.LinkBySpoken(ctx, f.Office.ID, 99); loa.KindOf(err) != loa.NotFound {
			t.Errorf("mã 99: %v", err)
		}
	})
}

func TestOfficerHasOneLink(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		own := func() loa.Link {
			return loa.Link{ID: loa.LinkID(loa.NewID()), Kind: loa.OfficerLink, Officer: f.OfficerOne}
		}
		if _, err := db.OwnLink(ctx, f.Commune1, f.OfficerOne); loa.KindOf(err) != loa.NotFound {
			t.Fatalf("before it is made: %v", err)
		}
		one, err := db.SaveLink(ctx, f.Commune1, f.By, own())
		if err != nil {
			t.Fatal(err)
		}
		two, err := db.SaveLink(ctx, f.Commune1, f.By, own())
		if err != nil || two.ID != one.ID || two.Code != one.Code {
			t.Errorf("%+v and %+v, %v", one, two, err)
		}
		got, err := db.OwnLink(ctx, f.Commune1, f.OfficerOne)
		if err != nil || got.ID != one.ID || !got.CreatedAt.Equal(f.By.At.Truncate(time.Millisecond)) {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := db.OwnLink(ctx, f.OtherScope, f.OfficerOne); loa.KindOf(err) != loa.NotFound {
			t.Errorf("from another office: %v", err)
		}
	})
}

func TestVisitsAreCountedByDay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		l, err := db.SaveLink(ctx, f.Whole, f.By, leafletLink(f.Villages[0], "Tờ gấp"))
		if err != nil {
			t.Fatal(err)
		}
		before, err := db.ChangeNo(ctx, f.Office.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, x := range []struct {
			on  loa.Day
			who string
		}{{"2025-11-28", "1.2.3.4 a telephone"}, {"2025-11-28", "1.2.3.4 a telephone"}, {"2025-11-28", "1.2.3.4 a computer"}, {"2025-11-30", "1.2.3.4 a telephone"}} {
			if err := db.CountVisit(ctx, l.ID, x.on, x.who); err != nil {
				t.Fatal(err)
			}
		}
		if after, err := db.ChangeNo(ctx, f.Office.ID); err != nil || after != before {
			t.Errorf("a visit made the office change from %d to %d, %v", before, after, err)
		}
		days, err := db.LinkVisits(ctx, f.Whole, l.ID, "2025-11-01", "2025-11-30")
		if err != nil || len(days) != 2 || days[0] != (store.LinkDay{On: "2025-11-28", N: 3, People: 2}) || days[1] != (store.LinkDay{On: "2025-11-30", N: 1, People: 1}) {
			t.Errorf("%+v, %v", days, err)
		}
		list, err := db.Links(ctx, f.Whole, store.LinkFilter{From: "2025-11-29"})
		if err != nil || len(list) != 1 || list[0].Visits != 1 || list[0].Visitors != 1 {
			t.Errorf("%+v, %v", list, err)
		}
		if days, err = db.LinkVisits(ctx, f.OtherScope, l.ID, "2025-11-01", "2025-11-30"); err != nil || len(days) != 0 {
			t.Errorf("another office reads %+v, %v", days, err)
		}
	})
}

// TestNothingLeadsFromACountToAnybody: what tells browsers apart is made anew every day and thrown away, in no backup, and says nothing
// of an address; the same browser has another mark at every link.
func TestNothingLeadsFromACountToAnybody(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		var links []loa.LinkID
		for _, label := range []string{"Tờ gấp", "Tờ gấp khác"} {
			l, err := db.SaveLink(ctx, f.Whole, f.By, leafletLink(f.Villages[0], label))
			if err != nil {
				t.Fatal(err)
			}
			links = append(links, l.ID)
		}
		visit := func(on loa.Day) {
			t.Helper()
			for _, l := range links {
				for range 2 {
					if err := db.CountVisit(ctx, l, on, "1.2.3.4 a telephone"); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		marks := func() (out []string) {
			t.Helper()
			rows, err := db.Writer().QueryContext(ctx, `SELECT on_day, CAST(mark AS TEXT) FROM link_seen UNION ALL SELECT on_day, 'salt' FROM link_salt ORDER BY 1, 2`)
			if err != nil {
				t.Fatal(err)
			}
			defer rows.Close()
			for rows.Next() {
				var day, mark string
				if err := rows.Scan(&day, &mark); err != nil {
					t.Fatal(err)
				}
				out = append(out, day+" "+mark)
			}
			return out
		}
		visit("2025-11-28")
		first := marks()
		if len(first) != 3 || first[0] == first[1] {
			t.Fatalf("one browser at two links leaves %q", first)
		}
		visit("2025-11-29")
		second := marks()
		if len(second) != 3 {
			t.Fatalf("the day after there is %q", second)
		}
		for i := range second {
			if !strings.HasPrefix(second[i], "2025-11-29 ") || i < 2 && (second[i][11:] == first[0][11:] || second[i][11:] == first[1][11:]) {
				t.Errorf("the day after there is %q, the day before it was %q", second[i], first)
			}
		}
		proofs, err := db.Backup(ctx, io.Discard, store.Manifest{})
		if err != nil {
			t.Fatal(err)
		}
		kept := map[string]bool{}
		for _, p := range proofs {
			kept[p.Table] = true
		}
		if kept["link_seen"] || kept["link_salt"] || !kept["link_visit"] {
			t.Errorf("a backup has what is of this day alone: %v", kept)
		}
		if err := db.ForgetVisitors(ctx, "2025-11-30"); err != nil {
			t.Fatal(err)
		}
		if left := marks(); len(left) != 0 {
			t.Errorf("when the day is over %q is left", left)
		}
		if list, err := db.LinkVisits(ctx, f.Whole, links[0], "2025-11-01", "2025-11-30"); err != nil || len(list) != 2 || list[1].N != 2 || list[1].People != 1 {
			t.Errorf("the counts that stay are %+v, %v", list, err)
		}
	})
}

func TestOfficesHaveTheirWord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		o, err := db.Office(ctx, f.Office.ID)
		if err != nil || o.Slug != "mau" {
			t.Fatalf("%q, %v", o.Slug, err)
		}
		if got, err := db.OfficeBySlug(ctx, "mau"); err != nil || got.ID != f.Office.ID {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := db.OfficeBySlug(ctx, ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the empty word: %v", err)
		}
		if _, err := db.Writer().Exec(`UPDATE office SET slug = ''`); err != nil {
			t.Fatal(err)
		}
		if err := db.Migrate(ctx); err != nil { // as a database that was made before there were words
			t.Fatal(err)
		}
		seen := map[string]bool{}
		offices, err := db.Offices(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range offices {
			if o.Slug == "" || seen[o.Slug] {
				t.Errorf("%s has the word %q", o.Name, o.Slug)
			}
			seen[o.Slug] = true
		}
	})
}

// TestLinksAreFilled reads back what a whole office brings along.
func TestLinksAreFilled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		l := loa.Link{ID: loa.LinkID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[0], Code: "abcdef", Spoken: 41, Kind: loa.OfficerLink, Page: "home", Officer: f.OfficerOne, CreatedAt: f.By.At, CreatedBy: f.OfficerOne}
		q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[0], HappenedOn: storetest.Today, HappenedAt: f.By.At, RecordedAt: f.By.At}, Text: "Đề nghị gọi lại", N: 1, Owner: f.OfficerOne}
		a := loa.BulkAsker{Asker: loa.Asker{Question: q.ID, Office: f.Office.ID, Area: q.Area, Link: l.ID, Page: "call", Lang: "vi", Name: "Chị M.", Phone: "+84199000001", When: "noon", Consent: "call-x", At: f.By.At}, Agreed: "Tôi đồng ý"}
		err := db.Fill(ctx, loa.Bulk{By: f.By, Links: []loa.Link{l}, LinkVisits: []loa.BulkVisits{{Link: l.ID, On: storetest.Today, N: 7, People: 5}}, Questions: []loa.Question{q}, Askers: []loa.BulkAsker{a, {Asker: func() loa.Asker { b := a.Asker; b.Question = "q2"; return b }(), Agreed: "x"}}})
		if err != nil {
			t.Fatal(err)
		}
		got, err := db.LinkByCode(ctx, "abcdef")
		if err != nil || got != l {
			t.Errorf("%+v, %v, want %+v", got, err, l)
		}
		lines, err := db.Links(ctx, f.Whole, store.LinkFilter{ID: l.ID})
		if err != nil || len(lines) != 1 || lines[0].Visits != 7 || lines[0].Visitors != 5 || lines[0].Asked != 1 {
			t.Errorf("%+v, %v", lines, err)
		}
		if kept, err := db.Asker(ctx, f.Whole, q.ID); err != nil || kept != a.Asker {
			t.Errorf("%+v, %v, want %+v", kept, err, a.Asker)
		}
		if text, err := db.ConsentText(ctx, "call-x"); err != nil || text != "Tôi đồng ý" {
			t.Errorf("%q, %v", text, err)
		}
	})
}
