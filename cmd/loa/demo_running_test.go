package main

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/fake"
	"loa/policy"
	"loa/store"
)

// runningDemo is the demo as `loa demo` runs it, with the providers in the same process, at ten in the morning of its day.
type runningDemo struct {
	url, fake string
	world     *fake.World
	dir       string
	db        *store.DB
	site      *site
	office    loa.Office
	scope     loa.Scope
	stop      func()
}

func runDemo(t *testing.T) *runningDemo {
	t.Helper()
	d := &runningDemo{dir: copyOf(t, demoFolder(t))}
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	if d.db, err = store.Open(t.Context(), d.dir+"/loa.db", store.Options{Grace: policy.Grace{Parameters: p}, Long: true}); err != nil {
		t.Fatal(err)
	}
	key, err := auth.LoadKey(d.dir + ".key")
	if err != nil {
		t.Fatal(err)
	}
	offices, err := d.db.Offices(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	d.office = offices[0]
	began, ten := time.Now(), d.office.AsOf.Time().Add(3*time.Hour) // three hours after midnight UTC is ten in Việt Nam
	ctx, cancel := context.WithCancel(context.Background())
	d.site = &site{cli: &cli{Data: d.dir, Key: d.dir + ".key", Lang: "vi"}, env: env{ctx: ctx, out: io.Discard, err: io.Discard, start: began}, db: d.db, sealer: key,
		now: func() time.Time { return ten.Add(time.Since(began)) }, listen: &serveCmd{Listen: "127.0.0.1:0"}}
	if d.scope, err = wholeOffice(t.Context(), d.db, d.office.ID, ten); err != nil {
		t.Fatal(err)
	}
	providers, err := d.site.simulate(d.office, "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d.fake, d.world = d.site.simulated, providers.world
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- d.site.run(func(address string) {
			providers.listen(d.site)
			go providers.connect(d.site)
			ready <- address
		})
	}()
	stopped := false
	d.stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("the demo ended with %v", err)
		}
		providers.stop()
		d.db.Close()
	}
	t.Cleanup(d.stop)
	select {
	case d.url = <-ready:
	case err := <-ended:
		ended <- nil
		t.Fatalf("the demo does not run: %v", err)
	}
	return d
}

// eventually waits until something holds; how long that takes is not what is tested.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 1200 {
		if holds() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("it never came about: %s", what)
}

// TestTheRunningDemoPlaysAndHears: as soon as it runs, the demo's loudspeaker plays what was approved and proves it, and people's words come
// in over every way. Opened by `loa serve` afterwards, its accounts say plainly why they reach nobody.
func TestTheRunningDemoPlaysAndHears(t *testing.T) {
	d := runDemo(t)
	ctx := t.Context()
	eventually(t, "the loudspeaker played", func() bool {
		plays, err := d.db.Plays(ctx, d.scope, store.PlayFilter{From: d.office.AsOf.Time().Add(-7 * time.Hour), Take: 10})
		if err != nil {
			t.Fatal(err)
		}
		return len(plays) > 0 && plays[0].State == loa.PlayPlayed && plays[0].Proof == "device"
	})
	for _, via := range []string{loa.ViaComment, loa.ViaMessenger, loa.ViaMail, loa.ViaSMS} {
		eventually(t, via+" came in", func() bool {
			list, _, err := d.db.Conversations(ctx, d.scope, store.ConversationFilter{Now: d.site.now(), Via: via})
			if err != nil {
				t.Fatal(err)
			}
			if len(list) == 1 && via == loa.ViaMail && list[0].Name != "Thào Thị Sua (mô phỏng)" {
				t.Errorf("a letter came from %q", list[0].Name)
			}
			list = slices.DeleteFunc(list, func(c loa.Conversation) bool { return c.ByHand() })
			return len(list) == 1 && list[0].LastText != ""
		})
	}
	d.answered(t)
	eventually(t, "every account was asked how it stands", func() bool {
		lines, err := d.db.Channels(ctx, d.scope, d.office.AsOf)
		if err != nil {
			t.Fatal(err)
		}
		asked := 0
		for _, l := range lines {
			if l.Health.Failure != "" {
				t.Fatalf("%s stands badly: %+v", l.Name, l.Health)
			}
			if l.Kind != "loudspeaker" && !l.Health.At.IsZero() {
				asked++
			}
		}
		return asked >= 5
	})
	lines, err := d.db.Broadcasts(ctx, d.scope, store.BroadcastFilter{States: []loa.BroadcastState{loa.BroadcastDone}, Take: 10})
	if err != nil || len(lines) < 2 {
		t.Fatalf("%d broadcasts are over, %v", len(lines), err)
	}
	for _, b := range lines {
		if b.Tally.At.IsZero() {
			t.Errorf("nobody counted %q", b.Title)
		}
	}
	set, err := d.db.Settings(ctx, d.office.ID)
	if err != nil || set.PublicPhone != publicPhone {
		t.Errorf("the office's number is %q, %v", set.PublicPhone, err)
	}
	d.stop()
	asServed(t, d.dir)
}

// answered lets an officer answer a text message and a letter, and waits until the answers came where they were sent.
func (d *runningDemo) answered(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	officers, err := d.db.Officers(ctx, d.scope)
	if err != nil || len(officers) == 0 {
		t.Fatal(officers, err)
	}
	for via, kind := range map[string]string{loa.ViaSMS: "sms", loa.ViaMail: "letter"} {
		list, _, err := d.db.Conversations(ctx, d.scope, store.ConversationFilter{Now: d.site.now(), Via: via})
		list = slices.DeleteFunc(list, func(c loa.Conversation) bool { return c.ByHand() })
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		turn := store.SendTurn{Turn: loa.Turn{ID: loa.TurnID(loa.NewID()), Text: "The cua chau con han den 31/12"}, Title: "Re: Hỏi về sổ bảo hiểm xã hội", Lang: "vietnamese"}
		if err := d.db.ReplyConversation(ctx, d.scope, loa.By{Officer: officers[0].ID, At: d.site.now()}, list[0].ID, turn); err != nil {
			t.Fatal(err)
		}
		d.site.accounts.Wake()
		eventually(t, "the answer by "+via+" came", func() bool {
			_, lines := d.world.Chat(list[0].Address)
			return slices.ContainsFunc(lines, func(e fake.Entry) bool {
				return e.Kind == kind && e.Outcome == fake.Taken && strings.Contains(e.Text, turn.Text)
			})
		})
	}
}

// asServed opens a kept demo without its providers: an account that is asked says in plain words why it reaches nobody.
func asServed(t *testing.T, dir string) {
	t.Helper()
	served := demoSite(t, dir)
	accounts, err := served.DB.ChannelsKept(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	c := served.As(t, "quan.tri")
	asked := 0
	for _, a := range accounts {
		if a.Kind != "sms_esms" && a.Kind != "facebook" && a.Kind != "email" {
			continue
		}
		asked++
		c.Post("/admin/channels/" + string(a.ID) + "/check")
		if page := plain(c.Get("/admin/channels/" + string(a.ID)).Body); !strings.Contains(page, "nhà mạng mô phỏng của bản thử, nay đã dừng") {
			t.Errorf("%s does not say that the demo's providers are gone: %.600s", a.Name, page)
		}
	}
	if asked != 3 {
		t.Errorf("%d accounts were asked", asked)
	}
}
