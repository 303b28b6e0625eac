package store_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// plannedSession adds a session of commune A on the day of the fixture.
func plannedSession(t *testing.T, db *store.DB, f *storetest.Fixture) loa.Session {
	t.Helper()
	s, err := db.AddSession(context.Background(), f.Whole, f.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: f.Villages[0], Form: loa.SmallGroup, Title: "Nhóm nhỏ", On: f.By.Day(), StartMin: 600,
		Officers: []loa.OfficerID{f.OfficerOne}, Checklist: []loa.CheckItem{{Text: "Gửi giấy mời"}, {Text: "In tờ gấp"}}})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMergedSessionShowsBothSides(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := plannedSession(t, db, f)
		other := func(x *loa.Session) error { x.Place, x.Theme = "Nhà trưởng bản", "Hộ gia đình"; return nil }
		if _, err := db.EditSession(ctx, f.Whole, f.By, s.ID, s.ChangeNo, other); err != nil {
			t.Fatal(err)
		}
		mine := func(x *loa.Session) error { x.Place, x.Theme, x.Expected = "Sân trường", s.Theme, 30; return nil }
		merged, now, clashes, err := db.MergedSession(ctx, f.Whole, s.ID, s.ChangeNo, mine)
		if err != nil || len(clashes) != 1 || clashes[0] != (loa.FieldChange{Field: "place", Old: "Nhà trưởng bản", New: "Sân trường"}) {
			t.Fatalf("clashes %+v, %v", clashes, err)
		}
		if merged.Place != "Sân trường" || merged.Theme != "Hộ gia đình" || merged.Expected != 30 || now <= s.ChangeNo {
			t.Errorf("merged to %+v at %d", merged, now)
		}
		if _, err := db.EditSession(ctx, f.Whole, f.By, s.ID, s.ChangeNo, mine); loa.KindOf(err) != loa.Conflict {
			t.Errorf("the same edit is saved: %v", err)
		}
		if got, err := db.Session(ctx, f.Whole, s.ID); err != nil || got.Place != "Nhà trưởng bản" {
			t.Errorf("merging wrote %+v, %v", got, err)
		}
		for name, in := range map[string]loa.Scope{"the other commune": f.Commune2, "nothing": f.Nothing, "the other office": f.OtherScope} {
			if _, _, _, err := db.MergedSession(ctx, in, s.ID, s.ChangeNo, mine); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s merges: %v", name, err)
			}
		}
	})
}

func TestKeyedSheetIsOneWrite(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := plannedSession(t, db, f)
		if _, err := db.MakeSheet(ctx, f.Whole, f.By, store.Sheet{Session: s.ID, Kind: "poster"}); loa.KindOf(err) != loa.Invalid {
			t.Errorf("a list of an unknown kind: %v", err)
		}
		sh, err := db.MakeSheet(ctx, f.Whole, f.By, store.Sheet{Session: s.ID, Kind: "walk", People: []loa.PersonID{f.People[0].ID, f.People[1].ID}, Blank: 5})
		if err != nil {
			t.Fatal(err)
		}
		visit := func(p loa.Person, outcome string) loa.Visit {
			return loa.Visit{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: s.On}, Person: p.ID, Outcome: outcome}
		}
		k := store.Keyed{Code: sh.Code, Present: []loa.PersonID{f.People[0].ID}, Visits: []loa.Visit{visit(f.People[0], "promised"), visit(f.People[1], "not_home")},
			New: []loa.Person{{ID: loa.PersonID(loa.NewID()), Name: "Vừ A Mới", Area: f.Villages[0]}}, Counts: []loa.Attendance{{Fact: loa.Fact{ID: loa.FactID(loa.NewID())}, N: 4, Sex: loa.Female, AgeBand: "adult"}}}
		for range 2 { // sent twice
			if _, err := db.KeySheet(ctx, f.Whole, f.By, s.ID, k); err != nil {
				t.Fatal(err)
			}
		}
		all, err := db.Attendances(ctx, f.Whole, s.ID)
		if total, named := loa.Heads(all); err != nil || total != 6 || named != 2 {
			t.Errorf("%d heads, %d named, %v", total, named, err)
		}
		visits, err := db.SessionVisits(ctx, f.Whole, s.ID)
		if err != nil || len(visits) != 2 || visits[0].Form != loa.SmallGroup || visits[0].Household == "" {
			t.Errorf("visits %+v, %v", visits, err)
		}
		if got, err := db.Sheet(ctx, f.Whole, s.ID, sh.Code); err != nil || got.Kind != "walk" || got.KeyedOn != f.By.Day() {
			t.Errorf("the sheet says %+v, %v", got, err)
		}
		bad := store.Keyed{Code: sh.Code, Present: []loa.PersonID{f.People[2].ID}, Visits: []loa.Visit{visit(f.People[2], "shouted")}}
		if _, err := db.KeySheet(ctx, f.Whole, f.By, s.ID, bad); loa.KindOf(err) != loa.Invalid {
			t.Errorf("an unknown outcome: %v", err)
		}
		if after, err := db.Attendances(ctx, f.Whole, s.ID); err != nil || len(after) != len(all) {
			t.Errorf("a refused sheet left %d rows of %d, %v", len(after), len(all), err)
		}
		if _, err := db.KeySheet(ctx, f.Commune2, f.By, s.ID, k); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune keys it: %v", err)
		}
	})
}

// TestFullSheetIsQuick keys a sheet with every row signed: one write must not hold up an office that counts at other doors.
func TestFullSheetIsQuick(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := plannedSession(t, db, f)
		b := loa.Bulk{By: f.By}
		var ids []loa.PersonID
		for i := range store.MaxSheetRows {
			p := loa.Person{ID: loa.PersonID(loa.NewID()), Office: f.Office.ID, Area: f.Villages[0], Name: fmt.Sprintf("Người Thứ %d", i), BornYear: 1980, Sex: loa.Female, CreatedAt: f.By.At}
			b.People, ids = append(b.People, p), append(ids, p.ID)
		}
		if err := db.Fill(ctx, b); err != nil {
			t.Fatal(err)
		}
		named, err := db.KeySheet(ctx, f.Whole, f.By, s.ID, store.Keyed{Present: ids})
		if err != nil || named != len(ids) {
			t.Fatalf("%d of %d named, %v", named, len(ids), err)
		}
		if again, err := db.KeySheet(ctx, f.Whole, f.By, s.ID, store.Keyed{Present: ids}); err != nil || again != 0 {
			t.Errorf("keyed again: %d, %v", again, err)
		}
	})
}

func TestInvitationNeedsItsSecret(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		s := plannedSession(t, db, f)
		p, err := db.AddPartner(ctx, f.Whole, f.By, loa.Partner{Area: f.CommuneA, Kind: "women_union", Name: "Hội Phụ nữ"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.EditSession(ctx, f.Whole, f.By, s.ID, 0, func(x *loa.Session) error { x.Partners = []loa.PartnerID{p.ID}; return nil }); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Invitation(ctx, ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a letter not written opens with nothing: %v", err)
		}
		secret := strings.Repeat("s", 43)
		if err := db.WriteLetters(ctx, f.Whole, f.By, s.ID, func() (string, error) { return secret, nil }); err != nil {
			t.Fatal(err)
		}
		commune, err := db.Area(ctx, f.Whole, f.CommuneA) // never one that no longer exists
		if err != nil {
			t.Fatal(err)
		}
		v, err := db.Invitation(ctx, secret)
		if err != nil || v.Session.ID != s.ID || v.PartnerName != "Hội Phụ nữ" || v.Area == "" || v.Commune != commune.Label() || len(v.Officers) != 1 || v.SaidYes != "" {
			t.Errorf("the invitation says %+v, %v", v, err)
		}
		if err := db.AnswerInvitation(ctx, secret, loa.By{At: f.By.At}, true); err != nil {
			t.Fatal(err)
		}
		if letters, err := db.Letters(ctx, f.Whole, s.ID); err != nil || letters[0].SaidYes != f.By.Day() || letters[0].No != 1 {
			t.Errorf("letters %+v, %v", letters, err)
		}
		if err := db.ConfirmPartner(ctx, f.Commune2, f.By, s.ID, p.ID, ""); loa.KindOf(err) != loa.NotFound {
			t.Errorf("the other commune answers for a partner: %v", err)
		}
		if err := db.ConfirmPartner(ctx, f.Whole, f.By, s.ID, p.ID, ""); err != nil {
			t.Fatal(err)
		}
		if v, err = db.Invitation(ctx, secret); err != nil || v.SaidYes != "" {
			t.Errorf("taken back: %+v, %v", v, err)
		}
	})
}
