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
