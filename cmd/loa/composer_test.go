package main

import (
	"strings"
	"testing"

	"loa"
	"loa/fake"
	"loa/store"
	"loa/store/storetest"
)

// texts are what the SMS gateway took.
func (s *sender) texts() (out []string) {
	for _, x := range s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken}) {
		out = append(out, x.Text)
	}
	return out
}

// TestTheLinkOfItsChannelIsTold: what leaves tells the short link of its channel under the address the world reaches; where that address
// is gone the broadcast waits and nothing leaves.
func TestTheLinkOfItsChannelIsTold(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		s.script = s.approved(t, "Xem {lien_ket}")
		linked := func(b *loa.Broadcast) { b.Ladder[0].Link = "abc234" }
		id := s.broadcast(t, linked)
		if b := s.run(t, id, loa.BroadcastPaused); b.Why != "no_public" || len(s.texts()) > 0 {
			t.Fatalf("without an address it waits for %q, and %d left", b.Why, len(s.texts()))
		}
		s.engine.composer = newComposer(db, s.now, "https://loa.example")
		s.engine.dispatch.Composer = s.engine.composer
		s.run(t, s.broadcast(t, linked), loa.BroadcastDone)
		got := s.texts()
		for _, text := range got {
			if !strings.HasSuffix(text, "Xem https://loa.example/s/abc234") {
				t.Errorf("somebody was told %q", text)
			}
		}
		if len(got) == 0 {
			t.Error("nothing left")
		}
	})
}

// meeting plans a session.
func (s *sender) meeting(t *testing.T, area loa.AreaID, title string, on loa.Day) loa.Session {
	t.Helper()
	x, err := s.DB.AddSession(t.Context(), s.Whole, s.By, loa.Session{ID: loa.SessionID(loa.NewID()), Area: area, Form: loa.SmallGroup, Title: title, On: on})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// TestEachVillageIsToldOfItsSession: where a broadcast names no session everybody is told of the next one of their village as it stands
// when the message leaves, and whoever has none is held back with the reason.
func TestEachVillageIsToldOfItsSession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		s.script = s.approved(t, "{ten}: {buoi}, {ngay_buoi}")
		s.meeting(t, s.Villages[0], "Hop sau", storetest.Today.Add(9))
		s.meeting(t, s.Villages[0], "Hop ban", storetest.Today.Add(6))
		id := s.broadcast(t, nil)
		s.run(t, id, loa.BroadcastDone)
		want := "Hop ban, " + storetest.Today.Add(6).Vietnamese()
		got := s.texts()
		for _, text := range got {
			if !strings.HasSuffix(text, want) {
				t.Errorf("somebody was told %q, not of %q", text, want)
			}
		}
		reasons, err := db.TallyByReason(t.Context(), s.Whole, id)
		if err != nil || len(got) == 0 || len(reasons) != 1 || reasons[0].Code != "no_session" || reasons[0].N != 9 {
			t.Errorf("%d told, held %+v, %v", len(got), reasons, err)
		}
	})
}

// TestAMovedSessionHoldsItsBroadcast: a session that is cancelled or moved after the broadcast was submitted holds it before anything
// leaves; it can be taken back into work. One that stands goes out.
func TestAMovedSessionHoldsItsBroadcast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		s.script = s.approved(t, "Moi toi {buoi} ngay {ngay_buoi}")
		begin := func(x loa.Session) loa.BroadcastID {
			return s.broadcast(t, func(b *loa.Broadcast) { b.Session, b.SessionOn = x.ID, x.On })
		}
		edit := func(x loa.Session, fn func(*loa.Session) error) {
			t.Helper()
			if _, err := db.EditSession(t.Context(), s.Whole, s.By, x.ID, x.ChangeNo, fn); err != nil {
				t.Fatal(err)
			}
		}
		for why, fn := range map[string]func(*loa.Session) error{
			"session_called_off": func(x *loa.Session) error { return x.Cancel("mưa lũ") },
			"session_moved":      func(x *loa.Session) error { x.On = x.On.Add(1); return nil },
		} {
			x := s.meeting(t, s.Villages[0], "Hop ban", storetest.Today.Add(6))
			id := begin(x)
			edit(x, fn)
			b := s.run(t, id, loa.BroadcastPaused)
			if b.Why != why || !b.SentAt.IsZero() || b.Fanned != "" || len(s.texts()) > 0 {
				t.Errorf("it waits for %q since %v, fanned %q, %d left", b.Why, b.SentAt, b.Fanned, len(s.texts()))
			}
			if b, err := db.ChangeBroadcast(t.Context(), s.Whole, s.By, id, "withdrawn", (*loa.Broadcast).Withdraw); err != nil || b.State != loa.BroadcastDraft {
				t.Errorf("it is not taken back: %s, %v", b.State, err)
			}
		}
		x := s.meeting(t, s.Villages[0], "Hop ban", storetest.Today.Add(6))
		s.run(t, begin(x), loa.BroadcastDone)
		for _, text := range s.texts() {
			if text != "Moi toi Hop ban ngay "+x.On.Vietnamese() {
				t.Errorf("somebody was told %q", text)
			}
		}
		if len(s.texts()) == 0 {
			t.Error("nobody was told")
		}
	})
}
