package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/fake"
	"loa/store"
	"loa/store/storetest"
)

// telling is an office whose officers have browsers at the fake service, and what tells them.
type telling struct {
	*storetest.Fixture
	world  *fake.World
	pusher *pusher
	base   string
	at     time.Time
}

func newTelling(t *testing.T, db *store.DB) *telling {
	t.Helper()
	x := &telling{Fixture: storetest.Office(t, db)}
	x.at = x.By.At
	x.world = fake.NewWorld(x.at, nil)
	service := httptest.NewServer(x.world.Handler())
	t.Cleanup(service.Close)
	x.base = service.URL
	x.pusher = newPusher(db, auth.NewSealer(make([]byte, 32)), func() time.Time { return x.at }, slog.New(slog.NewTextHandler(t.Output(), nil)), x.base)
	return x
}

// browser lets an officer have one more browser that is told; its endpoint is its name.
func (x *telling) browser(t *testing.T, officer loa.OfficerID) string {
	t.Helper()
	key, err := x.pusher.Key(t.Context(), x.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	sub := x.world.Push.Subscribe(x.base, key)
	id := loa.DeviceID(loa.NewID())
	mark, sealed, err := x.pusher.Seal(x.Office.ID, id, loa.Subscription{Endpoint: sub.Endpoint, Key: sub.Key, Auth: sub.Auth})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(sealed), "push/") {
		t.Error("where a device is reached lies open")
	}
	if err := x.DB.AddDevice(t.Context(), x.Whole, loa.By{Officer: officer, At: x.at}, loa.Device{ID: id, Mark: mark, Sealed: sealed, Name: "Chrome, Android"}); err != nil {
		t.Fatal(err)
	}
	return sub.Endpoint
}

// give gives a new question to an officer.
func (x *telling) give(t *testing.T, to loa.OfficerID) loa.FactID {
	t.Helper()
	q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), Area: x.Villages[0], HappenedOn: storetest.Today}, Text: "Bà Mùa Thị Xua hỏi đóng bao nhiêu?", Owner: to}
	if err := x.DB.AddQuestion(t.Context(), x.Whole, loa.By{Officer: x.Director, At: x.at}, q); err != nil {
		t.Fatal(err)
	}
	return q.ID
}

// shown is what browsers showed, as they opened it.
func (x *telling) shown(t *testing.T) (list []map[string]string) {
	t.Helper()
	for _, e := range x.world.Ledger.Find(fake.Query{Provider: "push", Outcome: fake.Taken}) {
		var words map[string]string
		if err := json.Unmarshal([]byte(e.Text), &words); err != nil || e.Kind != "notice" {
			t.Fatalf("a browser cannot read %+v: %v", e, err)
		}
		words["to"] = e.To
		list = append(list, words)
	}
	return list
}

// TestOfficersAreToldOnTheirDevices: a question given, a broadcast that waits and an account that halts reach the browsers of whom they
// concern, each in their language, naming nobody.
func TestOfficersAreToldOnTheirDevices(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTelling(t, db)
		ctx := context.Background()
		one, two, admin := x.browser(t, x.OfficerOne), x.browser(t, x.Director), x.browser(t, x.Administrator)
		x.browser(t, x.OfficerTwo) // whom none of it concerns
		o, err := db.OfficerByID(ctx, x.Administrator)
		if err != nil {
			t.Fatal(err)
		}
		o.Language = "en"
		if err := db.SaveOwnOfficer(ctx, loa.By{Officer: o.ID, At: x.at}, o); err != nil {
			t.Fatal(err)
		}
		q := x.give(t, x.OfficerOne)
		b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: x.CommuneA, Title: "Nhắc bà Xua", Script: "s", ScriptVersion: 1, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft,
			Audience: loa.Audience{Areas: []loa.AreaID{x.CommuneA}}, Ladder: []loa.Rung{{Network: loa.CallList}}, Window: loa.Window{From: storetest.Today, End: 1440}}
		by := loa.By{Officer: x.OfficerOne, At: x.at}
		if err := db.AddBroadcast(ctx, x.Whole, by, b); err != nil {
			t.Fatal(err)
		}
		if _, err := db.ChangeBroadcast(ctx, x.Whole, by, b.ID, "submitted", func(b *loa.Broadcast) error { return b.Submit(1000, 1) }); err != nil {
			t.Fatal(err)
		}
		c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: x.Anchor, Kind: "email", Name: "Thư", Settings: []byte("x"), State: loa.ChannelOn}
		if err := db.AddChannel(ctx, x.Whole, x.By, c); err != nil {
			t.Fatal(err)
		}
		if err := db.Halt(ctx, c.ID, "535", x.at); err != nil {
			t.Fatal(err)
		}
		x.pusher.send(ctx)
		x.pusher.send(ctx) // nothing is told twice
		got := x.shown(t)
		if len(got) != 3 {
			t.Fatalf("%d are told: %+v", len(got), got)
		}
		for endpoint, want := range map[string]map[string]string{
			one:   {"kind": "given", "title": "Có câu hỏi mới giao cho bạn", "url": "/inbox/" + string(q), "lang": "vi"},
			two:   {"kind": "approval", "title": "Một đợt phát tin chờ bạn duyệt", "url": "/broadcasts/" + string(b.ID), "lang": "vi"},
			admin: {"kind": "halted", "title": "A channel has stopped sending", "url": "/admin/channels/" + string(c.ID), "lang": "en"},
		} {
			i := slices.IndexFunc(got, func(w map[string]string) bool { return strings.HasSuffix(endpoint, "/"+w["to"]) })
			if i < 0 {
				t.Errorf("nobody told %s", want["kind"])
				continue
			}
			for k, v := range want {
				if got[i][k] != v {
					t.Errorf("%s of %s is %q", k, want["kind"], got[i][k])
				}
			}
			if raw, _ := json.Marshal(got[i]); strings.Contains(string(raw), "Xua") || strings.Contains(string(raw), "Thư") {
				t.Errorf("it names somebody: %s", raw)
			}
		}
		if list, err := db.Devices(ctx, x.Whole, x.OfficerOne); err != nil || !list[0].ToldAt.Equal(x.at) {
			t.Errorf("the device is %+v (%v)", list, err)
		}
	})
}

// TestWhatServicesAnswer: each answer of a service has its own consequence, and none makes anybody be told twice.
func TestWhatServicesAnswer(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTelling(t, db)
		ctx := context.Background()
		x.browser(t, x.OfficerOne)
		device := func() loa.Device {
			t.Helper()
			list, err := db.Devices(ctx, x.Whole, x.OfficerOne)
			if err != nil || len(list) != 1 {
				t.Fatalf("%+v %v", list, err)
			}
			return list[0]
		}
		came := func() int { return len(x.world.Ledger.Find(fake.Query{Provider: "push"})) }
		for _, c := range []struct {
			fault fake.Fault
			code  string
			again bool
		}{
			{fake.Fault{Do: fake.Throttle, Wait: fake.Duration(10 * time.Minute)}, "429", true},
			{fake.Fault{Do: fake.AnswerCode, Code: "500"}, "500", false},
			{fake.Fault{Do: fake.TimeoutAfter}, "unsure", false},
			{fake.Fault{Do: fake.AnswerCode, Code: "413"}, "413", false},
			{fake.Fault{Do: fake.AnswerCode, Code: "403"}, "403", false},
		} {
			x.world.Faults.Clear()
			c.fault.Provider, c.fault.Times = "push", 1
			if err := x.world.Faults.Add(c.fault); err != nil {
				t.Fatal(err)
			}
			x.give(t, x.OfficerOne)
			before, failures := came(), device().Failures
			x.pusher.send(ctx)
			if d := device(); d.Failures != failures+1 || d.Code != c.code || !d.GoneAt.IsZero() || came() != before+1 {
				t.Errorf("%s: %d failures, code %q, %d calls", c.fault.Do, d.Failures, d.Code, came()-before)
			}
			x.at = x.at.Add(9 * time.Minute) // the service said ten
			x.pusher.send(ctx)
			if came() != before+1 {
				t.Errorf("%s: called again after nine minutes", c.fault.Do)
			}
			x.at = x.at.Add(2 * time.Minute)
			x.pusher.send(ctx)
			if again := came() == before+2; again != c.again {
				t.Errorf("%s: tried again: %v", c.fault.Do, again)
			}
		}
		if d := device(); d.Failures == 0 {
			t.Error("failures are forgotten")
		}
		x.give(t, x.OfficerOne)
		x.pusher.send(ctx)
		if d := device(); d.Failures != 0 || d.Code != "" {
			t.Errorf("after one that went well it is %+v", d)
		}
		for _, status := range []string{"404", "410"} {
			t.Run(status, func(t *testing.T) {
				endpoint := x.browser(t, x.OfficerTwo)
				x.world.Faults.Clear()
				if status == "404" {
					if err := x.world.Faults.Add(fake.Fault{Provider: "push", Do: fake.AnswerCode, Code: status}); err != nil {
						t.Fatal(err)
					}
				} else {
					x.world.Push.End(endpoint)
				}
				x.give(t, x.OfficerTwo)
				before := came()
				x.pusher.send(ctx)
				list, err := db.Devices(ctx, x.Whole, x.OfficerTwo)
				if err != nil || list[len(list)-1].GoneAt.IsZero() || len(list[len(list)-1].Sealed) != 0 {
					t.Errorf("it is not taken out: %+v %v", list, err)
				}
				x.give(t, x.OfficerTwo)
				x.pusher.send(ctx)
				if n := came() - before; n != 1 {
					t.Errorf("it is called %d times", n)
				}
			})
		}
	})
}

// TestNoServiceInsideIsCalled: whatever address a browser is made to give, nothing in the office's own network is called; and a demo calls
// only what it simulates.
func TestNoServiceInsideIsCalled(t *testing.T) {
	x := newTelling(t, storetest.SQLite(t))
	real := newPusher(x.DB, x.pusher.sealer, x.pusher.now, slog.New(slog.DiscardHandler), "")
	key, err := real.Key(t.Context(), x.Office.ID)
	if err != nil {
		t.Fatal(err)
	}
	sub := x.world.Push.Subscribe(x.base, key)
	for _, c := range []struct {
		p        *pusher
		endpoint string
	}{{real, sub.Endpoint}, {real, "ftp://push.example/x"}, {real, "https://a:b@push.example/x"}, {x.pusher, "https://push.example/x"}, {x.pusher, "http://127.0.0.1:1/push/x"}} {
		if _, _, err := c.p.Seal(x.Office.ID, "d", loa.Subscription{Endpoint: c.endpoint, Key: sub.Key, Auth: sub.Auth}); loa.KindOf(err) != loa.Invalid {
			t.Errorf("%s is taken: %v", c.endpoint, err)
		}
	}
	inside := strings.Replace(sub.Endpoint, "http://", "https://", 1)
	id := loa.DeviceID(loa.NewID())
	mark, sealed, err := real.Seal(x.Office.ID, id, loa.Subscription{Endpoint: inside, Key: sub.Key, Auth: sub.Auth})
	if err != nil {
		t.Fatal(err)
	}
	if err := x.DB.AddDevice(t.Context(), x.Whole, loa.By{Officer: x.OfficerOne, At: x.at}, loa.Device{ID: id, Mark: mark, Sealed: sealed, Name: "x"}); err != nil {
		t.Fatal(err)
	}
	x.give(t, x.OfficerOne)
	real.send(t.Context())
	list, err := x.DB.Devices(t.Context(), x.Whole, x.OfficerOne)
	if err != nil || list[0].Code != "unreachable" || len(x.world.Ledger.Find(fake.Query{Provider: "push"})) != 0 {
		t.Errorf("%+v %v", list, err)
	}
}

// TestTwoProcessesTellOnce: two processes on one database tell each notice once between them.
func TestTwoProcessesTellOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		x := newTelling(t, db)
		for range 3 {
			x.browser(t, x.OfficerOne)
		}
		for range 40 {
			x.give(t, x.OfficerOne)
		}
		second := newPusher(db, x.pusher.sealer, x.pusher.now, slog.New(slog.NewTextHandler(t.Output(), nil)), x.base)
		done := make(chan struct{})
		go func() { defer close(done); second.send(context.Background()) }()
		x.pusher.send(context.Background())
		<-done
		x.pusher.send(context.Background())
		seen := map[string]int{}
		for _, w := range x.shown(t) {
			seen[w["to"]+w["url"]]++
		}
		for what, n := range seen {
			if n != 1 {
				t.Errorf("%s is told %d times", what, n)
			}
		}
		if len(seen) != 120 {
			t.Errorf("%d of 120 are told", len(seen))
		}
	})
}
