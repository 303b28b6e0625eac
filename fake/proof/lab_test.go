// Package proof_test holds the drivers and the sending engine to the fakes' own ledger, one script of faults after another: a sender or a
// listener with one care removed comes to harm, and Loa's own does not. So a fake that forgives too much is found out as well.
package proof_test

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/channel/email"
	"loa/channel/facebook"
	"loa/channel/smpp"
	"loa/channel/sms"
	"loa/channel/zalo"
	"loa/fake"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

var start = time.Date(2026, 11, 24, 12, 0, 0, 0, time.FixedZone("+07", 7*60*60))

// messages is how many are sent in each proof.
const messages = 6

// lab is a world of providers, an office with a real database, and one account.
type lab struct {
	t       *testing.T
	world   *fake.World
	url     string
	mail    string
	smpp    string
	db      *store.DB
	f       *storetest.Fixture
	way     way
	id      loa.ChannelID
	cast    loa.BroadcastID
	adapter channel.Adapter
	queued  []loa.Delivery

	mu       sync.Mutex
	settings channel.Settings
	fresh    []loa.Heard                // what was told, each thing once
	raw      int                        // how often anything was told
	refused  int                        // calls that were not believed
	listen   func(r *http.Request) bool // a listener of another make; nil for Loa's own
	forget   bool                       // what renewing brings is not kept
}

// way is how a message of one network looks and over which driver it goes.
type way struct {
	name     string
	driver   channel.Driver
	network  string
	provider string
	hook     string // what the control calls the provider whose webhook is set; empty for none
	kind     string // of its messages in the ledger
	settings func(l *lab) channel.Settings
	to       func(i int) string
	message  channel.Message
}

func phone(i int) string    { return fmt.Sprintf("8490123450%d", i) }
func follower(i int) string { return fmt.Sprintf("551018575826192000%d", i) }
func psid(i int) string     { return fmt.Sprintf("712000000000000%d", i) }
func mailbox(i int) string  { return fmt.Sprintf("nguoi%d@dan.example", i) }

const words = "Mời bà con đến nhà văn hóa thôn nghe về bảo hiểm xã hội."

var params = map[string]string{"ho_ten": "Lò Văn Pản", "ma_so": "4820", "han_the": "30/11/2026"}

func zaloSettings(l *lab) channel.Settings {
	access, refresh := l.world.Zalo.Grant()
	z := l.world.Zalo
	return channel.Settings{"app_id": z.AppID, "app_secret": z.AppSecret, "oa_id": z.OAID, "oa_secret": z.OASecret, "oauth_base": l.url + "/zalo-oauth", "oa_base": l.url + "/zalo-oa", "zns_base": l.url + "/zalo-business",
		"access_token": access, "refresh_token": refresh, "renew_after": start.Add(20 * time.Hour).Format(time.RFC3339)}
}

// ways are all ways over which a message reaches one person.
var ways = []way{
	{name: "zalo", driver: zalo.Driver, network: zalo.Follower, provider: "zalo-oa", hook: "zalo", kind: "text", settings: zaloSettings, to: follower, message: channel.Message{Text: words}},
	{name: "zns", driver: zalo.Driver, network: zalo.Number, provider: "zalo-business", hook: "zalo", kind: "zns", settings: zaloSettings, to: phone, message: channel.Message{Template: "347878", Params: params}},
	{name: "messenger", driver: facebook.Driver, network: facebook.Messenger, provider: "facebook", hook: "facebook", kind: "message", to: psid, message: channel.Message{Text: words, ReplyTo: "m_1"}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"page_id": "100", "page_token": "fb_page_token_demo", "app_secret": "fb_app_secret_demo", "verify_token": "fb_verify_demo", "graph_base": l.url + "/facebook/v25.0"}
	}},
	{name: "esms", driver: sms.ESMS, network: "tel", provider: "esms", hook: "esms", kind: "sms", to: phone, message: channel.Message{Text: words}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"api_key": "esms_api_key_demo", "secret_key": "esms_secret_demo", "sender": "BHXH", "url": l.url + "/esms/MainService.svc/json", "line": "private"}
	}},
	{name: "speedsms", driver: sms.SpeedSMS, network: "tel", provider: "speedsms", kind: "sms", to: phone, message: channel.Message{Text: words}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"token": "speedsms_token_demo", "sender": "BHXH", "url": l.url + "/speedsms/index.php", "line": "private"}
	}},
	{name: "vnpt", driver: sms.VNPT, network: "tel", provider: "vnpt", kind: "sms", to: phone, message: channel.Message{Text: words}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"url": l.url + "/vnpt/smsmarketing/api", "line": "private", "agent_id": "100", "api_user": "vnpt_user_demo", "api_password": "vnpt_pass_demo", "username": "vnpt_user_demo", "sender": "BHXH", "label_id": "1", "contract_id": "1", "template": "1"}
	}},
	{name: "viettel", driver: sms.Viettel, network: "tel", provider: "viettel", kind: "sms", to: phone, message: channel.Message{Text: words}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"user": "viettel_user_demo", "password": "viettel_pass_demo", "cp_code": "BHXH", "sender": "BHXH", "url": l.url + "/viettel/bulkapi", "line": "private"}
	}},
	{name: "smpp", driver: smpp.Driver, network: "tel", provider: "smpp", kind: "sms", to: phone, message: channel.Message{Text: words}, settings: func(l *lab) channel.Settings {
		return channel.Settings{"address": l.smpp, "line": "private", "tls": "no", "system_id": "loa", "password": "secret", "sender": "BHXH"}
	}},
	{name: "email", driver: email.Driver, network: email.Network, provider: "mail", hook: "mail", kind: "letter", to: mailbox, message: channel.Message{Title: "Giấy mời", Text: words}, settings: func(l *lab) channel.Settings {
		host, port, _ := net.SplitHostPort(l.mail)
		return channel.Settings{"host": host, "port": port, "line": "private", "security": "none", "from": "bhxh@coquan.example", "bounce_address": "bounce@coquan.example", "hook_key": "mail_hook_demo"}
	}},
}

func wayOf(name string) way {
	for _, w := range ways {
		if w.name == name {
			return w
		}
	}
	panic("no way " + name)
}

// newLab queues a message for each of six people; wrap may take a care away from the adapter.
func newLab(t *testing.T, w way, wrap func(channel.Adapter) channel.Adapter, change func(*lab)) *lab {
	t.Helper()
	l := &lab{t: t, world: fake.NewWorld(start, time.Now), way: w}
	provider := httptest.NewServer(l.world.Handler())
	t.Cleanup(provider.Close)
	l.url = provider.URL
	ctx, stop := context.WithCancel(context.Background())
	l.mail, l.smpp = l.serve(ctx, l.world.Mail.Serve), l.serve(ctx, l.world.SMPP.Serve)
	t.Cleanup(stop)
	for i := range messages {
		l.world.AddVillagers(fake.Villager{ID: follower(i), PSID: psid(i), Phone: phone(i), Mail: mailbox(i), Follows: true, Last: start.Add(-time.Hour), LastPage: start.Add(-time.Hour)})
	}
	l.world.Zalo.AddTemplates(fake.Template{ID: "347878", Text: "Thẻ của <ho_ten>, mã <ma_so>, hết hạn <han_the>", Price: 800, PriceUID: 560, UID: true, Params: []fake.Param{{Name: "ho_ten", Require: true, Type: "STRING", MaxLength: 30},
		{Name: "ma_so", Require: true, Type: "STRING", MaxLength: 30}, {Name: "han_the", Require: true, Type: "STRING", MaxLength: 20}}})
	if change != nil {
		change(l)
	}
	l.settings = w.settings(l)
	office := httptest.NewServer(http.HandlerFunc(l.hear))
	t.Cleanup(office.Close)
	a, err := w.driver.Open(maps.Clone(l.settings), channel.Tools{HTTP: client(), Now: l.world.Clock.Now, Renew: l.renew, Hook: office.URL + "/hook"})
	if err != nil {
		t.Fatal(err)
	}
	l.adapter = a
	l.office()
	if w.hook != "" {
		l.setHook(office.URL + "/hook")
	}
	if run, ok := a.(channel.Runner); ok {
		running := make(chan struct{})
		runs, end := context.WithCancel(ctx)
		go func() { defer close(running); _ = run.Run(runs, l.told) }()
		t.Cleanup(func() { end(); <-running })
		for until := time.Now().Add(5 * time.Second); l.world.SMPP.Bound() == 0 && time.Now().Before(until); time.Sleep(time.Millisecond) {
		}
	}
	if wrap != nil {
		l.adapter = wrap(a)
	}
	return l
}

// client waits for nobody longer than a test can bear.
func client() *http.Client {
	c := channel.Client(true)
	c.Timeout = 2 * time.Second
	return c
}

func (l *lab) serve(ctx context.Context, serve func(context.Context, net.Listener) error) string {
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		l.t.Fatal(err)
	}
	done := make(chan struct{})
	ctx, stop := context.WithCancel(ctx)
	go func() { defer close(done); _ = serve(ctx, lis) }()
	l.t.Cleanup(func() { stop(); <-done })
	return lis.Addr().String()
}

func (l *lab) setHook(url string) {
	l.t.Helper()
	var err error
	switch l.way.hook {
	case "zalo":
		err = l.world.Zalo.SetWebhook(context.Background(), url)
	case "facebook":
		err = l.world.Facebook.SetWebhook(context.Background(), url)
	case "esms":
		l.world.Change(func() { l.world.ESMS.Callback = url })
	case "mail":
		l.world.Change(func() { l.world.Mail.Hook = url })
	}
	if err != nil {
		l.t.Fatal(err)
	}
}

// office puts the messages into the ledger of a real database.
func (l *lab) office() {
	l.db = storetest.SQLite(l.t)
	l.f = storetest.Office(l.t, l.db)
	ctx := context.Background()
	c := loa.Channel{ID: loa.ChannelID(loa.NewID()), Area: l.f.Anchor, Kind: l.way.driver.Kind, Name: "A", Settings: []byte("sealed"), State: loa.ChannelOn}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: l.f.Anchor, Title: "Nhắc", Script: "s", Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Audience: loa.Audience{Areas: []loa.AreaID{l.f.CommuneA}},
		Ladder: []loa.Rung{{Form: loa.SMS, Network: l.way.network, Channel: c.ID}}, Window: loa.Window{From: storetest.Today, End: 1440}}
	l.must(l.db.AddChannel(ctx, l.f.Whole, l.f.By, c))
	l.must(l.db.AddBroadcast(ctx, l.f.Whole, l.f.By, b))
	for _, to := range []loa.BroadcastState{loa.BroadcastApproved, loa.BroadcastSending} {
		_, err := l.db.ChangeBroadcast(ctx, l.f.Whole, l.f.By, b.ID, "sent", func(b *loa.Broadcast) error { return b.Move(to, "") })
		l.must(err)
	}
	for i := range messages {
		l.queued = append(l.queued, loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Office: l.f.Office.ID, Area: l.f.Villages[i%4], Person: loa.PersonID(fmt.Sprintf("p%d", i)), Channel: c.ID, Network: l.way.network, To: l.way.to(i), State: loa.DeliveryQueued})
	}
	l.must(l.db.QueueDeliveries(ctx, b.ID, l.queued, "~"))
	l.id, l.cast = c.ID, b.ID
}

func (l *lab) must(err error) {
	if err != nil {
		l.t.Helper()
		l.t.Fatal(err)
	}
}

// renew is the one place that changes the settings, as the store does it; a forgetful one keeps nothing.
func (l *lab) renew(_ context.Context, fn func(channel.Settings) (channel.Settings, error)) (channel.Settings, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	next, err := fn(maps.Clone(l.settings))
	if err == nil && !l.forget {
		l.settings = maps.Clone(next)
	}
	return next, err
}

// hear is the office's door for calls of providers.
func (l *lab) hear(rw http.ResponseWriter, r *http.Request) {
	if l.listen != nil {
		if !l.listen(r) {
			rw.WriteHeader(http.StatusForbidden)
		}
		return
	}
	receiver, ok := l.adapter.(channel.Receiver)
	if !ok {
		return
	}
	answer, err := receiver.Receive(r)
	if err == nil {
		err = l.told(r.Context(), answer.Events)
	}
	if err != nil {
		l.mu.Lock()
		l.refused++
		l.mu.Unlock()
		rw.WriteHeader(http.StatusForbidden)
		return
	}
	if answer.Status != 0 {
		rw.WriteHeader(answer.Status)
	}
	_, _ = rw.Write([]byte(answer.Body))
}

// told takes in what a provider tells, as the engine does.
func (l *lab) told(ctx context.Context, events []channel.Event) error {
	var list []loa.Heard
	for _, e := range events {
		h, err := sending.Heard(l.id, e)
		if err != nil {
			return err
		}
		list = append(list, h)
	}
	fresh, err := l.db.Hear(ctx, l.f.Office.ID, l.world.Clock.Now(), list)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fresh = append(l.fresh, fresh...)
	l.raw += len(list)
	return err
}

// Compose makes the messages of the proof.
func (l *lab) Compose(_ context.Context, list []loa.Delivery, _ time.Time) ([]sending.Composed, error) {
	out := make([]sending.Composed, len(list))
	for i, d := range list {
		m := l.way.message
		m.ID, m.Network, m.To, m.Purpose, m.Lang, m.Resume = sending.MessageID(d.ID), d.Network, d.To, loa.Care, "vi", d.Resume
		out[i] = sending.Composed{Delivery: d, Message: m, Send: true}
	}
	return out, nil
}

// turn sends what is due now, one message at a time, and tells how many were tried.
func (l *lab) turn() int {
	l.t.Helper()
	d := sending.Dispatcher{Store: l.db, Composer: l, Now: l.world.Clock.Now, By: "one", Group: 2, Width: 1, Lease: time.Minute, Patience: 5 * time.Second}
	_, err := l.db.ReleaseLost(context.Background(), l.world.Clock.Now())
	l.must(err)
	tried, _, err := d.Turn(context.Background(), sending.Account{ID: l.id, Adapter: l.adapter, Repeatable: l.way.driver.Repeatable}, 100)
	l.must(err)
	return tried
}

// run sends until so many hours after the start, by the world's clock.
func (l *lab) run(hours int) {
	until := start.Add(time.Duration(hours) * time.Hour)
	for step := time.Minute; l.world.Clock.Now().Before(until); step = min(step*2, time.Hour) {
		if l.turn() > 0 {
			step = time.Minute
		}
		l.world.Advance(context.Background(), step)
	}
}

func (l *lab) counts() map[loa.DeliveryState]int64 {
	l.t.Helper()
	counts, err := l.db.DeliveryCounts(context.Background(), l.f.Whole, l.cast)
	l.must(err)
	return counts
}

// arrived counts how many of the six have the message, and how many have it more than once.
func (l *lab) arrived() (once, twice int) {
	came := map[string]int{}
	for _, e := range l.world.Ledger.Find(fake.Query{Provider: l.way.provider, Outcome: fake.Taken}) {
		if e.Kind == l.way.kind || e.Kind == "template" || e.Kind == "sms_part" {
			came[e.To]++
		}
	}
	for _, n := range came {
		once++
		if n > 1 {
			twice++
		}
	}
	return once, twice
}
