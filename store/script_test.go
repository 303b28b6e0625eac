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
