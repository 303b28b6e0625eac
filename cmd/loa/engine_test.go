package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/channel"
	"loa/fake"
	"loa/store"
	"loa/store/storetest"
)

// sender is an office with an SMS account at the fake gateway, an approved script, and the loop that sends.
type sender struct {
	*storetest.Fixture
	world    *fake.World
	gateway  string // where its providers are
	accounts *accounts
	engine   *engine
	channel  loa.ChannelID
	script   loa.Script
	now      func() time.Time
	crowd    []loa.Person // beside the fixture's people
}

func newSender(t testing.TB, db *store.DB) *sender {
	t.Helper()
	s := &sender{Fixture: storetest.Office(t, db)}
	noon := time.Date(2025, 11, 30, 12, 0, 0, 0, loa.Zone)
	begun := time.Now()
	s.now = func() time.Time { return noon.Add(time.Since(begun)) }
	s.world = fake.NewWorld(noon, time.Now)
	s.world.Clock.Run(1)
	gateway := httptest.NewServer(s.world.Handler())
	t.Cleanup(gateway.Close)
	s.gateway = gateway.URL
	s.accounts = newAccounts(db, auth.NewSealer(make([]byte, 32)), s.now, slog.New(slog.DiscardHandler), "")
	s.engine = newEngine(db, s.accounts, s.now, slog.New(slog.NewTextHandler(t.Output(), nil)))
	s.engine.pause = 50 * time.Millisecond
	s.channel = loa.ChannelID(loa.NewID())
	e := &s.world.ESMS.ESMSSettings
	sealed, err := s.accounts.Seal(s.Office.ID, s.channel, channel.Settings{"api_key": e.ApiKey, "secret_key": e.SecretKey, "sender": e.Brandnames[0], "url": gateway.URL + "/esms/MainService.svc/json", "line": "private", "lookup": "yes"})
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	if err := db.AddChannel(ctx, s.Whole, s.By, loa.Channel{ID: s.channel, Area: s.Anchor, Kind: "sms_esms", Name: "eSMS", Settings: sealed, State: loa.ChannelOn, Rate: 1000, RatePer: time.Second}); err != nil {
		t.Fatal(err)
	}
	s.script = s.approved(t, "Sap het han: {ten} dong {muc_dong} mot thang")
	return s
}

func (s *sender) approved(t testing.TB, text string) loa.Script {
	t.Helper()
	return s.saying(t, "Nhắc đóng", loa.ScriptText{Lang: "vietnamese", Kind: "sms", Text: text})
}

// saying is an approved script of some texts.
func (s *sender) saying(t testing.TB, name string, texts ...loa.ScriptText) loa.Script {
	t.Helper()
	x, err := s.DB.SaveScript(t.Context(), s.Whole, s.By, loa.Script{ID: loa.ScriptID(loa.NewID()), Area: s.Anchor, Name: name, Purpose: loa.Care, Texts: texts})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []func(*loa.Script) error{func(x *loa.Script) error { x.State = loa.ScriptSubmitted; return nil }, func(x *loa.Script) error { return x.Approve(loa.By{Officer: s.OfficerOne, At: s.now()}) }} {
		if x, err = s.DB.ChangeScript(t.Context(), s.Whole, loa.By{Officer: s.OfficerOne, At: s.now()}, x.ID, "approved", step); err != nil {
			t.Fatal(err)
		}
	}
	return x
}

// broadcast is an approved one to everybody of the office: SMS first, then a visit.
func (s *sender) broadcast(t testing.TB, change func(*loa.Broadcast)) loa.BroadcastID {
	t.Helper()
	var all []loa.PersonID
	for _, p := range append(s.People[:], s.crowd...) {
		all = append(all, p.ID)
	}
	slices.Sort(all)
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: s.Anchor, Title: "Nhắc đóng tháng 12", Script: s.script.ID, ScriptVersion: s.script.Version, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft,
		Ladder: []loa.Rung{{Form: "sms", Network: "tel", Channel: s.channel}, {Network: loa.VisitList}}, Audience: loa.Audience{Areas: []loa.AreaID{s.CommuneA}}, Window: loa.Window{From: storetest.Today, Start: 0, End: 24 * 60}}
	if change != nil {
		change(&b)
	}
	snapshot := loa.Snapshot{ID: loa.SnapshotID(loa.NewID()), UsedBy: "broadcast", UsedID: string(b.ID), AsOf: storetest.Today, Members: all, Rule: loa.Rule{Field: "area", Values: []string{string(s.Anchor)}}}
	if err := s.DB.SaveSnapshot(t.Context(), s.Whole, s.By, snapshot); err != nil {
		t.Fatal(err)
	}
	b.Snapshot = snapshot.ID
	if err := s.DB.AddBroadcast(t.Context(), s.Whole, s.By, b); err != nil {
		t.Fatal(err)
	}
	if _, err := s.DB.ChangeBroadcast(t.Context(), s.Whole, s.By, b.ID, "submitted", func(b *loa.Broadcast) error { return b.Submit(len(all), 200) }); err != nil {
		t.Fatal(err)
	}
	return b.ID
}

// run lets the loop work until a broadcast is in a state.
func (s *sender) run(t *testing.T, id loa.BroadcastID, until loa.BroadcastState) loa.Broadcast {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() { defer close(done); s.engine.run(ctx) }()
	defer func() { stop(); <-done }()
	for range 600 {
		b, err := s.DB.Broadcast(t.Context(), s.Whole, id)
		if err != nil {
			t.Fatal(err)
		}
		if b.State == until {
			return b
		}
		time.Sleep(50 * time.Millisecond)
	}
	counts, err := s.DB.DeliveryCounts(t.Context(), s.Whole, id)
	t.Fatalf("the broadcast never was %s: %v %v", until, counts, err)
	return loa.Broadcast{}
}

// TestABroadcastGoesOut sends one for real to the fake gateway: everybody with a number is told once, with their own figures, and all
// others stand on the list of visits.
func TestABroadcastGoesOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		id := s.broadcast(t, nil)
		b := s.run(t, id, loa.BroadcastDone)
		if b.SentAt.IsZero() || b.Fanned != loa.AllFanned {
			t.Errorf("%+v", b)
		}
		told := map[string]string{}
		for _, x := range s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken}) {
			if _, twice := told[x.To]; twice {
				t.Errorf("%s was told twice", x.To)
			}
			told[x.To] = x.Text
		}
		counts, err := db.DeliveryCounts(t.Context(), s.Whole, id)
		if err != nil {
			t.Fatal(err)
		}
		if int(counts[loa.DeliverySent]) != len(told) || len(told) == 0 || int(counts[loa.DeliverySent]+counts[loa.DeliveryByHand]+counts[loa.DeliveryHeld]) != len(s.People) {
			t.Errorf("%v, and the gateway has %d", counts, len(told))
		}
		for to, text := range told {
			if len(text) < 30 || slices.Contains([]byte(text), '{') {
				t.Errorf("%s was told %q", to, text)
			}
		}
	})
}

// TestWithdrawnWordsStopABroadcast: a script that is withdrawn after the approval pauses what it stands in, and nothing leaves.
func TestWithdrawnWordsStopABroadcast(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		id := s.broadcast(t, nil)
		if _, err := db.ChangeScript(t.Context(), s.Whole, s.By, s.script.ID, "withdrawn", func(x *loa.Script) error { x.State = loa.ScriptWithdrawn; return nil }); err != nil {
			t.Fatal(err)
		}
		b := s.run(t, id, loa.BroadcastPaused)
		if b.Why != "script_withdrawn" {
			t.Errorf("it paused for %q", b.Why)
		}
		if n := len(s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken})); n > 0 {
			t.Errorf("%d messages left", n)
		}
	})
}

// TestRepliesGoOut: an answer to somebody leaves through the same ledger, with no broadcast behind it.
func TestRepliesGoOut(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := newSender(t, db)
		r := loa.Reply{Delivery: loa.DeliveryID(loa.NewID()), Area: s.Anchor, Channel: s.channel, Network: "tel", To: "84912345678", AboutKind: "conversation", AboutID: "c1", Purpose: loa.Administrative, Lang: "vietnamese", Text: "Chao bac, the cua bac con han den 31/12."}
		for range 2 { // a form sent twice is one message
			if err := db.QueueReply(t.Context(), s.Whole, s.By, r); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() { defer close(done); s.engine.run(ctx) }()
		defer func() { stop(); <-done }()
		var got []fake.Entry
		for range 200 {
			if got = s.world.Ledger.Find(fake.Query{Provider: "esms", Outcome: fake.Taken, To: "84912345678"}); len(got) > 0 {
				break
			}
			time.Sleep(50 * time.Millisecond)
		}
		if len(got) != 1 || got[0].Text != r.Text {
			t.Fatalf("the gateway has %+v", got)
		}
	})
}
