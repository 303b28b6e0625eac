package proof_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/fake"
)

// hasty tries again at once whatever went wrong, as a sender does that takes every error for a failure.
type hasty struct{ channel.Adapter }

func (h hasty) Send(ctx context.Context, m channel.Message) (r channel.Receipt, err error) {
	for range 3 {
		if r, err = h.Adapter.Send(ctx, m); err == nil {
			return r, nil
		}
		var e *channel.Error
		if errors.As(err, &e) && e.Kind == channel.Unreachable { // the connection is being made anew
			time.Sleep(1200 * time.Millisecond)
		}
	}
	return r, err
}

// resigned takes "later" for "never".
type resigned struct{ channel.Adapter }

func (g resigned) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	r, err := g.Adapter.Send(ctx, m)
	if err != nil {
		return r, channel.Fail(channel.Rejected, channel.Address, "gave_up", err.Error())
	}
	return r, nil
}

func hurry(a channel.Adapter) channel.Adapter  { return hasty{a} }
func resign(a channel.Adapter) channel.Adapter { return resigned{a} }

func play(name string) func(l *lab) {
	return func(l *lab) { l.must(l.world.Play(name, true)) }
}

// proof is one script over one way: who lacks one care comes to harm, and Loa does not.
type proof struct {
	way      string
	careless func(t *testing.T, w way) *lab
	careful  func(t *testing.T, w way) *lab
	harm     func(l *lab) string // empty for none
}

// proofs are the proofs of every script.
func proofs() map[string][]proof {
	return map[string][]proof{
		"timeout_after":      timeouts(),
		"throttling":         throttles(),
		"token_expiry":       expiries(),
		"quiet_hours":        quiet(),
		"duplicate_webhooks": duplicates(),
		"late_webhooks":      late(),
		"disorder":           disorder(),
		"wrong_signatures":   forged(),
	}
}

// TestEveryScript shows of each script that it breaks who is careless, and not Loa.
func TestEveryScript(t *testing.T) {
	all := proofs()
	for _, s := range fake.Scripts() {
		if len(all[s.Name]) == 0 {
			t.Errorf("nobody shows that the script %s breaks anything", s.Name)
		}
		for _, p := range all[s.Name] {
			t.Run(s.Name+" "+p.way, func(t *testing.T) {
				t.Parallel()
				w := wayOf(p.way)
				if harm := p.harm(p.careless(t, w)); harm == "" {
					t.Error("the careless one came to no harm: the fake forgives too much")
				} else {
					t.Logf("careless: %s", harm)
				}
				if harm := p.harm(p.careful(t, w)); harm != "" {
					t.Errorf("Loa came to harm: %s", harm)
				}
			})
		}
	}
}

// sent runs a sender to its end under a script.
func sent(script string, hours int, wrap func(channel.Adapter) channel.Adapter) func(*testing.T, way) *lab {
	return func(t *testing.T, w way) *lab {
		l := newLab(t, w, wrap, play(script))
		l.run(hours)
		return l
	}
}

// timeouts: who tries again after silence sends twice. What Loa cannot know it lists, and every message came once.
func timeouts() (list []proof) {
	harm := func(l *lab) string {
		once, twice := l.arrived()
		counts := l.counts()
		known := counts[loa.DeliverySent] + counts[loa.DeliveryDelivered] + counts[loa.DeliverySeen] + counts[loa.DeliveryUnsure]
		switch {
		case twice > 0:
			return fmt.Sprintf("%d of %d people got it twice", twice, once)
		case once < messages:
			return fmt.Sprintf("%d of %d came", once, messages)
		case known != messages:
			return fmt.Sprintf("the ledger knows %v", counts)
		}
		return ""
	}
	for _, w := range []string{"zalo", "zns", "messenger", "speedsms", "viettel", "smpp", "email"} {
		list = append(list, proof{w, sent("timeout_after", 24, hurry), sent("timeout_after", 24, nil), harm})
	}
	// eSMS drops a request it had: who makes a new number for each try sends twice all the same
	list = append(list, proof{"esms", sent("timeout_after", 24, func(a channel.Adapter) channel.Adapter { return &renaming{Adapter: a} }), sent("timeout_after", 24, nil), harm})
	list = append(list, proof{"vnpt", sent("timeout_after", 24, func(a channel.Adapter) channel.Adapter { return &renaming{Adapter: a} }), sent("timeout_after", 24, nil), harm})
	return list
}

// renaming is hasty, and gives each try an ID and a last word of its own.
type renaming struct {
	channel.Adapter
	mu sync.Mutex
	n  int
}

func (r *renaming) Send(ctx context.Context, m channel.Message) (out channel.Receipt, err error) {
	text := m.Text
	for range 3 {
		r.mu.Lock()
		r.n++
		m.ID, m.Text = fmt.Sprintf("%032x", r.n), text+" "+strconv.Itoa(r.n)
		r.mu.Unlock()
		if out, err = r.Adapter.Send(ctx, m); err == nil {
			return out, nil
		}
	}
	return out, err
}

// throttles: who gives up when told to come later reaches half of the people.
func throttles() (list []proof) {
	harm := func(l *lab) string {
		if once, twice := l.arrived(); once != messages || twice > 0 {
			return fmt.Sprintf("%d of %d came, %d twice", once, messages, twice)
		}
		return ""
	}
	for _, w := range []string{"zalo", "zns", "messenger", "esms", "speedsms", "smpp", "email"} {
		list = append(list, proof{w, sent("throttling", 24, resign), sent("throttling", 24, nil), harm})
	}
	return list
}

// expiries: who does not keep the refresh token that came with the last access token loses the account.
func expiries() (list []proof) {
	harm := func(l *lab) string {
		r := l.world.Zalo.Refreshes()
		once, twice := l.arrived()
		if r.Reused > 0 || r.AtOnce > 1 || once != messages || twice > 0 {
			return fmt.Sprintf("%d of %d came, %d twice; %d used tokens handed in again", once, messages, twice, r.Reused)
		}
		return ""
	}
	forgetful := func(t *testing.T, w way) *lab {
		l := newLab(t, w, nil, play("token_expiry"))
		l.adapter = &forgetful{l: l, access: l.settings["access_token"], founding: l.settings["refresh_token"]}
		l.run(24)
		return l
	}
	for _, w := range []string{"zalo", "zns"} {
		list = append(list, proof{w, forgetful, sent("token_expiry", 24, nil), harm})
	}
	// a message centre that takes leave in the middle: who takes silence for failure sends twice, or loses what was never taken
	list = append(list, proof{"smpp", sent("token_expiry", 24, resign), sent("token_expiry", 24, nil), func(l *lab) string {
		once, twice := l.arrived()
		if unsure := int(l.counts()[loa.DeliveryUnsure]); once+unsure != messages || twice > 0 {
			return fmt.Sprintf("%d of %d came, %d twice, %d listed as unsure", once, messages, twice, unsure)
		}
		return ""
	}})
	return list
}

// forgetful is a sender of another make that keeps the new access token, and not the refresh token that came with it.
type forgetful struct {
	l                *lab
	access, founding string
}

func (f *forgetful) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	for range 2 {
		path, body := "/zalo-oa/v3.0/oa/message/cs", map[string]any{"recipient": map[string]string{"user_id": m.To}, "message": map[string]string{"text": m.Text}}
		if m.Template != "" {
			path, body = "/zalo-business/message/template", map[string]any{"phone": m.To, "template_id": m.Template, "template_data": m.Params, "tracking_id": m.ID}
		}
		req, err := channel.JSON(ctx, http.MethodPost, f.l.url+path, body)
		if err != nil {
			return channel.Receipt{}, err
		}
		req.Header.Set("access_token", f.access)
		var said struct{ Error int }
		if f.ask(req, &said); said.Error == 0 {
			return channel.Receipt{Ref: m.ID}, nil
		}
		z := f.l.world.Zalo
		if req, err = channel.Form(ctx, http.MethodPost, f.l.url+"/zalo-oauth/v4/oa/access_token", url.Values{"grant_type": {"refresh_token"}, "app_id": {z.AppID}, "refresh_token": {f.founding}}); err != nil {
			return channel.Receipt{}, err
		}
		req.Header.Set("secret_key", z.AppSecret)
		var pair struct {
			Access string `json:"access_token"`
		}
		if f.ask(req, &pair); pair.Access != "" {
			f.access = pair.Access
		}
	}
	return channel.Receipt{}, channel.Fail(channel.Misconfigured, channel.Account, "-14020", "")
}

func (f *forgetful) ask(req *http.Request, answer any) {
	_, raw, err := channel.Do(client(), req)
	if err == nil {
		_ = json.Unmarshal(raw, answer)
	}
}

// quiet: who does not wait for the hour asks in vain all night, or gives up.
func quiet() (list []proof) {
	harm := func(l *lab) string {
		once, twice := l.arrived()
		refused := len(l.world.Ledger.Find(fake.Query{Provider: l.way.provider, Outcome: fake.Refused}))
		if once != messages || twice > 0 || refused > messages {
			return fmt.Sprintf("%d of %d came, %d twice, %d refusals", once, messages, twice, refused)
		}
		return ""
	}
	night := func(wrap func(channel.Adapter) channel.Adapter) func(*testing.T, way) *lab {
		return func(t *testing.T, w way) *lab {
			l := newLab(t, w, wrap, func(l *lab) {
				l.world.Clock.Set(start.Add(11 * time.Hour)) // 23:00
				for i := range messages {
					l.world.AddVillagers(fake.Villager{ID: follower(i), PSID: psid(i), Phone: phone(i), Mail: mailbox(i), Follows: true, Last: start.Add(10 * time.Hour)})
				}
				play("quiet_hours")(l)
			})
			l.night()
			return l
		}
	}
	for _, w := range []string{"zalo", "zns"} {
		list = append(list, proof{w, night(hurry), night(nil), harm}, proof{w, night(resign), night(nil), harm})
	}
	return list
}

// night sends in closed hours, and on after six in the morning, when Zalo opens.
func (l *lab) night() {
	six := start.Add(18 * time.Hour)
	for l.world.Clock.Now().Before(six) {
		l.turn()
		l.world.Advance(context.Background(), 20*time.Minute)
	}
	l.must(l.world.Play("quiet_hours", false))
	l.run(48)
}

// TestClosedWindow shows in the same way that who ignores when somebody last wrote is refused: the driver takes the registered template instead.
func TestClosedWindow(t *testing.T) {
	away := func(l *lab) {
		for i := range messages {
			l.world.AddVillagers(fake.Villager{ID: follower(i), Phone: phone(i), Follows: true, Last: start.AddDate(0, 0, -8)})
		}
	}
	harm := func(l *lab) string {
		once, _ := l.arrived()
		if refused := l.world.Ledger.Find(fake.Query{Provider: "zalo-oa", Outcome: fake.Refused}); len(refused) > 0 || once != messages {
			return fmt.Sprintf("%d refused with %v, %d came", len(refused), refused[0].Code, once)
		}
		return ""
	}
	careless := newLab(t, wayOf("zalo"), nil, away) // with nothing but a text
	careless.run(24)
	if got := harm(careless); !strings.Contains(got, "-230") {
		t.Errorf("who ignores the window is not refused: %s", got)
	}
	w := wayOf("zalo")
	w.message.Template, w.message.Params = "347878", params
	careful := newLab(t, w, nil, away)
	careful.run(24)
	if got := harm(careful); got != "" {
		t.Error(got)
	}
}

// spoken lets everybody get a message and answer it, under a script.
func spoken(script string, listen func(l *lab) func(*http.Request) bool) func(*testing.T, way) *lab {
	return func(t *testing.T, w way) *lab {
		l := newLab(t, w, nil, func(l *lab) {
			for i := range messages {
				l.world.AddVillagers(fake.Villager{ID: follower(i), PSID: psid(i), Phone: phone(i), Mail: mailbox(i), Follows: true, Last: start.Add(-time.Hour), LastPage: start.Add(-time.Hour),
					Habits: []fake.Habit{{Do: "say", Text: "Tôi sẽ đến", After: fake.Duration(time.Minute), Times: 1}}})
			}
		})
		l.must(l.world.Play(script, true))
		if listen != nil {
			l.listen = listen(l)
		}
		l.run(24)
		return l
	}
}

// said counts the answers of people that were taken in.
func (l *lab) said() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, h := range l.fresh {
		if h.Kind == string(channel.EventReply) {
			n++
		}
	}
	return n
}

// plainWords reads what somebody wrote, believing whoever calls and remembering nothing.
func plainWords(l *lab) func(*http.Request) bool {
	return func(r *http.Request) bool {
		raw, _ := io.ReadAll(r.Body)
		if strings.Contains(string(raw), "s\\u1ebd \\u0111\\u1ebfn") || strings.Contains(string(raw), "Tôi sẽ đến") || strings.Contains(string(raw), "VMO0aSBz") /* in base 64 */ {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.fresh = append(l.fresh, loa.Heard{Kind: string(channel.EventReply)})
		}
		return true
	}
}

// duplicates: who does not know an event again opens every question twice.
func duplicates() (list []proof) {
	harm := func(l *lab) string {
		if n := l.said(); n != messages {
			return fmt.Sprintf("%d answers of %d people", n, messages)
		}
		return ""
	}
	for _, w := range []string{"zalo", "messenger", "email"} {
		list = append(list, proof{w, spoken("duplicate_webhooks", plainWords), spoken("duplicate_webhooks", nil), harm})
	}
	list = append(list, proof{"smpp", func(t *testing.T, w way) *lab {
		l := newLab(t, w, nil, nil)
		l.must(l.world.Play("duplicate_webhooks", true))
		l.everyone("say")
		l.mu.Lock()
		defer l.mu.Unlock()
		l.fresh = nil
		for range l.raw { // who counts what comes instead of what is new
			l.fresh = append(l.fresh, loa.Heard{Kind: string(channel.EventReply)})
		}
		return l
	}, func(t *testing.T, w way) *lab {
		l := newLab(t, w, nil, nil)
		l.must(l.world.Play("duplicate_webhooks", true))
		l.everyone("say")
		return l
	}, harm})
	return list
}

// everyone lets each of the six write an SMS to the office.
func (l *lab) everyone(do string) {
	for i := range messages {
		l.must(l.world.Act("smpp", phone(i), do, "Tôi sẽ đến"))
	}
	l.world.Advance(context.Background(), time.Minute)
	for until := time.Now().Add(5 * time.Second); time.Now().Before(until); time.Sleep(time.Millisecond) {
		l.mu.Lock()
		done := l.raw >= 2*messages
		l.mu.Unlock()
		if done {
			return
		}
	}
}

// forged: who believes an unsigned call takes in what anybody says.
func forged() (list []proof) {
	harm := func(l *lab) string {
		if n := l.said(); n != 0 {
			return fmt.Sprintf("%d answers that nobody gave were believed", n)
		}
		if l.listen == nil && l.refused == 0 {
			return "no forged call came at all"
		}
		return ""
	}
	for _, w := range []string{"zalo", "messenger", "email"} {
		list = append(list, proof{w, spoken("wrong_signatures", plainWords), spoken("wrong_signatures", nil), harm})
	}
	return list
}

// late: who takes an old call for a replay never learns what arrived.
func late() (list []proof) {
	strict := func(l *lab) func(*http.Request) bool {
		return func(r *http.Request) bool {
			raw, _ := io.ReadAll(r.Body)
			var body struct {
				Stamp string `json:"timestamp"`
			}
			_ = json.Unmarshal(raw, &body)
			ms, _ := strconv.ParseInt(body.Stamp, 10, 64)
			if age := l.world.Clock.Now().Sub(time.UnixMilli(ms)); ms > 0 && age > 5*time.Minute {
				return false
			}
			again := r.Clone(r.Context())
			again.Body = io.NopCloser(strings.NewReader(string(raw)))
			answer, err := l.adapter.(channel.Receiver).Receive(again)
			return err == nil && l.told(r.Context(), answer.Events) == nil
		}
	}
	harm := func(l *lab) string {
		counts := l.counts()
		if n := counts[loa.DeliveryDelivered] + counts[loa.DeliverySeen]; n != messages {
			return fmt.Sprintf("%d of %d are known to have arrived: %v", n, messages, counts)
		}
		return ""
	}
	for _, w := range []string{"zalo", "zns"} {
		list = append(list, proof{w, spoken("late_webhooks", strict), spoken("late_webhooks", nil), harm})
	}
	return list
}

// disorder: for whom the last word wins, a message that was read is only delivered in the end.
func disorder() (list []proof) {
	last := func(l *lab) func(*http.Request) bool {
		return func(r *http.Request) bool {
			answer, err := l.adapter.(channel.Receiver).Receive(r)
			if err != nil {
				return false
			}
			for _, e := range answer.Events {
				l.mu.Lock()
				l.fresh = append(l.fresh, loa.Heard{Kind: "last:" + string(e.Kind), Ref: e.Ref})
				l.mu.Unlock()
			}
			return true
		}
	}
	harm := func(l *lab) string {
		if l.listen == nil {
			if n := l.counts()[loa.DeliverySeen]; n != messages {
				return fmt.Sprintf("%d of %d are known to have been read: %v", n, messages, l.counts())
			}
			return ""
		}
		state := map[string]string{}
		for _, h := range l.fresh {
			if h.Kind == "last:seen" || h.Kind == "last:delivered" {
				state[h.Ref] = h.Kind
			}
		}
		for ref, s := range state {
			if s != "last:seen" {
				return ref + " was read, and is only delivered again"
			}
		}
		return ""
	}
	return []proof{{"zalo", spoken("disorder", last), spoken("disorder", nil), harm}}
}
