package store_test

import (
	"context"
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestApprovedWordsAreNeverWrittenOver: changing them makes a new draft beside them, and a broadcast still finds what it was approved with.
func TestApprovedWordsAreNeverWrittenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f := storetest.Office(t, db)
		ctx := context.Background()
		s := loa.Script{ID: loa.ScriptID(loa.NewID()), Area: f.Anchor, Name: "Nhắc đóng", Purpose: loa.Care, Scheme: loa.VoluntarySI, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "sms", Text: "Han dong la {han}"}}}
		one, err := db.SaveScript(ctx, f.Whole, f.By, s)
		if err != nil || one.Version != 1 || one.State != loa.ScriptDraft {
			t.Fatalf("%+v, %v", one, err)
		}
		s.Texts[0].Text = "Hạn đóng là {han}"
		if again, err := db.SaveScript(ctx, f.Whole, f.By, s); err != nil || again.Version != 1 {
			t.Errorf("a draft changed is version %d, %v", again.Version, err)
		}
		if _, err := db.SaveScript(ctx, f.OtherScope, f.OtherBy, s); err == nil {
			t.Error("another office writes over it")
		}
		other := loa.By{Officer: f.OfficerOne, At: f.By.At}
		for _, step := range []struct {
			by  loa.By
			act string
			fn  func(*loa.Script) error
		}{{f.By, "submitted", func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return nil }}, {other, "approved", func(s *loa.Script) error { return s.Approve(other) }}} {
			if _, err := db.ChangeScript(ctx, f.Whole, step.by, s.ID, step.act, step.fn); err != nil {
				t.Fatal(err)
			}
		}
		s.Texts[0].Text = "Đến hạn {han} rồi"
		two, err := db.SaveScript(ctx, f.Whole, f.By, s)
		if err != nil || two.Version != 2 || two.State != loa.ScriptDraft || two.ApprovedBy != "" {
			t.Fatalf("%+v, %v", two, err)
		}
		old, err := db.Script(ctx, f.Whole, s.ID, 1)
		if err != nil || old.State != loa.ScriptApproved || old.Texts[0].Text != "Hạn đóng là {han}" || !old.Usable(storetest.Today) {
			t.Errorf("%+v, %v", old, err)
		}
		if last, err := db.Script(ctx, f.Whole, s.ID, 0); err != nil || last.Version != 2 || last.Usable(storetest.Today) {
			t.Errorf("%+v, %v", last, err)
		}
		if list, err := db.Scripts(ctx, f.Whole, false, "", 10); err != nil || len(list) != 1 || list[0].Version != 2 {
			t.Errorf("%d scripts, %v", len(list), err)
		}
		for name, in := range map[string]loa.Scope{"another office": f.OtherScope, "nobody": f.Nothing} {
			if _, err := db.Script(ctx, in, s.ID, 0); loa.KindOf(err) != loa.NotFound {
				t.Errorf("%s reads it: %v", name, err)
			}
			if list, err := db.Scripts(ctx, in, true, "", 10); err != nil || len(list) != 0 {
				t.Errorf("%s lists %d, %v", name, len(list), err)
			}
		}
	})
}

// TestScriptsOfTheOfficeAreReadByAll: a script of the whole office is read in every commune and changed only by whom the office's own node
// belongs to; withdrawn, none of its versions is used; while the next version is written, the approved one can still be chosen.
func TestScriptsOfTheOfficeAreReadByAll(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), context.Background()
		other := loa.By{Officer: f.OfficerOne, At: f.By.At}
		save := func(in loa.Scope, by loa.By, s loa.Script) (loa.Script, error) { return db.SaveScript(ctx, in, by, s) }
		s := loa.Script{ID: loa.ScriptID(loa.NewID()), Area: f.Anchor, Name: "Cho cả cơ quan", Purpose: loa.Care, Group: "poor", Texts: []loa.ScriptText{{Lang: "mong", Kind: "loudspeaker", Text: "{muc_dong}"}}}
		one, err := save(f.Whole, f.By, s)
		if err != nil {
			t.Fatal(err)
		}
		own := s
		own.ID, own.Area, own.Name = loa.ScriptID(loa.NewID()), f.CommuneA, "Của xã"
		if _, err := save(f.Commune1, other, own); err != nil {
			t.Fatal(err)
		}
		if got, err := db.Script(ctx, f.Commune1, s.ID, 0); err != nil || got.Group != "poor" {
			t.Errorf("a commune reads %+v, %v", got, err)
		}
		if _, err := save(f.Commune1, other, one); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a commune changes the office's: %v", err)
		}
		if _, err := db.ChangeScript(ctx, f.Commune1, other, s.ID, "submitted", (*loa.Script).Submit); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a commune submits the office's: %v", err)
		}
		for name, c := range map[string]struct {
			in   loa.Scope
			want int
		}{"whole": {f.Whole, 2}, "its commune": {f.Commune1, 2}, "another commune": {f.Commune2, 1}, "nobody": {f.Nothing, 0}, "another office": {f.OtherScope, 0}} {
			list, err := db.ScriptPage(ctx, c.in, store.ScriptSearch{Take: 10})
			counts, err2 := db.ScriptCounts(ctx, c.in)
			if err != nil || err2 != nil || len(list) != c.want || counts[loa.ScriptDraft] != c.want {
				t.Errorf("%s lists %d, counts %v; %v %v", name, len(list), counts, err, err2)
			}
		}
		stale := one
		stale.ChangeNo--
		if _, err := save(f.Whole, f.By, stale); loa.KindOf(err) != loa.Conflict {
			t.Errorf("words that somebody changed meanwhile are written over: %v", err)
		}
		move := func(by loa.By, act string, fn func(*loa.Script) error) {
			t.Helper()
			if _, err := db.ChangeScript(ctx, f.Whole, by, s.ID, act, fn); err != nil {
				t.Fatal(err)
			}
		}
		move(f.By, "submitted", (*loa.Script).Submit)
		move(other, "approved", func(s *loa.Script) error { return s.Approve(other) })
		two, err := save(f.Whole, f.By, s)
		if err != nil || two.Version != 2 {
			t.Fatalf("%+v, %v", two, err)
		}
		if list, err := db.ScriptsInUse(ctx, f.Commune2, store.ScriptMark{}, 10); err != nil || len(list) != 1 || list[0].Version != 1 {
			t.Errorf("to choose from: %+v, %v", list, err)
		}
		if list, err := db.ScriptPage(ctx, f.Whole, store.ScriptSearch{Words: "ca co quan", Take: 10}); err != nil || len(list) != 1 || list[0].InUse != 1 || list[0].Version != 2 {
			t.Errorf("found %+v, %v", list, err)
		}
		c, err := db.AddClip(ctx, f.Commune2, other, loa.Clip{Key: loa.ScriptKey(s.ID), Lang: "mong", MIME: "audio/wav", Bytes: []byte("RIFF"), Says: "165.000", Until: storetest.Today})
		if err != nil || c.Version != 2 || c.Area != f.Anchor {
			t.Fatalf("a commune may not speak the office's script: %+v, %v", c, err)
		}
		if err := db.ApproveClip(ctx, f.Whole, f.By, c.ID); err != nil {
			t.Fatal(err)
		}
		for day, want := range map[loa.Day]int{storetest.Today: 1, storetest.Today.Add(1): 0} {
			if list, err := db.ClipsFor(ctx, f.Office.ID, loa.ScriptKey(s.ID), day); err != nil || len(list) != want {
				t.Errorf("on %s %d are heard, %v", day, len(list), err)
			}
			if _, err := db.PublicClip(ctx, f.Office.ID, c.ID, day); (err == nil) != (want == 1) {
				t.Errorf("on %s: %v", day, err)
			}
		}
		if all, err := db.Clips(ctx, f.Whole, ""); err != nil || len(all) != 0 {
			t.Errorf("the office's voices list those of scripts: %d, %v", len(all), err)
		}
		private, err := db.AddClip(ctx, f.Commune1, other, loa.Clip{Key: loa.ScriptKey(own.ID), Lang: "mong", MIME: "audio/wav", Bytes: []byte("RIFF")})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Clip(ctx, f.Commune2, private.ID); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another commune hears it: %v", err)
		}
		if err := db.SetClipUntil(ctx, f.Commune2, other, private.ID, "2025-12-01"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("another commune ends it: %v", err)
		}
		if err := db.WithdrawScript(ctx, f.Commune2, other, s.ID, "x"); loa.KindOf(err) != loa.NotFound {
			t.Errorf("a commune withdraws the office's: %v", err)
		}
		if err := db.WithdrawScript(ctx, f.Whole, f.By, s.ID, "Sai số"); err != nil {
			t.Fatal(err)
		}
		versions, err := db.ScriptVersions(ctx, f.Whole, s.ID)
		if err != nil || len(versions) != 2 || versions[0].State != loa.ScriptWithdrawn || versions[1].State != loa.ScriptWithdrawn || versions[1].Why != "Sai số" {
			t.Errorf("%+v, %v", versions, err)
		}
		if list, err := db.ScriptsInUse(ctx, f.Whole, store.ScriptMark{}, 10); err != nil || len(list) != 0 {
			t.Errorf("withdrawn, it can be chosen: %d, %v", len(list), err)
		}
		if again, err := save(f.Whole, f.By, s); err != nil || again.Version != 3 || again.State != loa.ScriptDraft {
			t.Errorf("written anew it is %+v, %v", again, err)
		}
	})
}
