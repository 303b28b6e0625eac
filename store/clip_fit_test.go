package store_test

import (
	"testing"

	"loa"
	"loa/store"
	"loa/store/storetest"
)

// TestARecordingFitsWhatSomebodySaid: approving a recording says that it is right for the version in use, and for no later one until
// somebody else than its speaker says so again.
func TestARecordingFitsWhatSomebodySaid(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		f, ctx := storetest.Office(t, db), t.Context()
		other := loa.By{Officer: f.OfficerOne, At: f.By.At}
		id := loa.ScriptID(loa.NewID())
		approve := func(text string) {
			t.Helper()
			if _, err := db.SaveScript(ctx, f.Whole, f.By, loa.Script{ID: id, Area: f.Anchor, Name: "Mời họp", Purpose: loa.Care, Texts: []loa.ScriptText{{Lang: "vietnamese", Kind: "loudspeaker", Text: text}}}); err != nil {
				t.Fatal(err)
			}
			if _, err := db.ChangeScript(ctx, f.Whole, other, id, "approved", func(s *loa.Script) error { s.State = loa.ScriptSubmitted; return s.Approve(other) }); err != nil {
				t.Fatal(err)
			}
		}
		approve("Lời cũ")
		c, err := db.AddClip(ctx, f.Whole, f.By, loa.Clip{Key: loa.ScriptKey(id), Lang: "mong", MIME: "audio/mpeg", SHA256: "x", Seconds: 1, Bytes: []byte("ID3")})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.FitClip(ctx, f.Whole, other, c.ID); loa.KindOf(err) != loa.Conflict {
			t.Errorf("a draft is said to be right: %v", err)
		}
		fits := func(version int) bool {
			t.Helper()
			list, err := db.Clips(ctx, f.Whole, loa.ScriptKey(id))
			if err != nil || len(list) != 1 {
				t.Fatal(list, err)
			}
			return list[0].FitsVersion(version)
		}
		if err := db.ApproveClip(ctx, f.Whole, other, c.ID); err != nil || !fits(1) {
			t.Fatalf("approved it fits version 1: %v, %v", fits(1), err)
		}
		approve("Lời mới")
		if fits(2) {
			t.Error("it fits words nobody heard it beside")
		}
		if err := db.FitClip(ctx, f.Whole, f.By, c.ID); loa.KindOf(err) != loa.Conflict || fits(2) {
			t.Errorf("its speaker says it is right: %v", err)
		}
		if err := db.FitClip(ctx, f.Whole, other, c.ID); err != nil || !fits(1) || !fits(2) {
			t.Errorf("version 1 %v, version 2 %v: %v", fits(1), fits(2), err)
		}
	})
}
