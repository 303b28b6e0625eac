package fake

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
	"time"
)

// mailName is the mail server, as the ledger and the faults name it.
const mailName = "mail"

// Mail is the office's own mail server and all the mailboxes beyond it.
type Mail struct {
	MailSettings
	TLS *tls.Config // offers STARTTLS where it is set
	w   *World

	tried   map[string]int // how often a rule met an address
	letters map[string]*mailLetter
	order   []string // of addresses, the oldest letter first
	links   sync.Mutex
	open    map[net.Conn]bool
}

// MailSettings is what an operator of the fake may change.
type MailSettings struct {
	Name     string     `json:"name"` // how the server calls itself
	User     string     `json:"user"` // empty: nobody needs to sign in
	Password string     `json:"password"`
	MaxSize  int        `json:"max_size"`
	PerLink  int        `json:"per_link"` // letters on one connection: 421 for one more; 0 for no end
	Rules    []MailRule `json:"rules"`
	Hook     string     `json:"hook"`     // where letters that come back are handed over, each as the body of a POST
	HookKey  string     `json:"hook_key"` // what such a call carries
	Bounce   Duration   `json:"bounce_after"`
	Office   string     `json:"office"` // where people write who have had no letter
}

// MailRule is what becomes of a letter to the addresses that a pattern fits, in which * stands for anything.
type MailRule struct {
	Match string `json:"match"`
	At    string `json:"at"`              // mail, rcpt, data or letter: how far it comes before it is refused; later: it is taken, and Do follows
	Code  int    `json:"code,omitempty"`  // of the answer
	Text  string `json:"text,omitempty"`  // with the enhanced code in front
	Times int    `json:"times,omitempty"` // refuses each address so often; 0 for ever
	Do    string `json:"do,omitempty"`    // bounce, delay, complain, unsubscribe, absent
}

func newMail(w *World) *Mail {
	return &Mail{w: w, tried: map[string]int{}, letters: map[string]*mailLetter{}, open: map[net.Conn]bool{}, MailSettings: MailSettings{
		Name: "mx.fake.example", MaxSize: 20 << 20, HookKey: "mail_hook_demo", Office: "bhxh@coquan.example", Bounce: Duration(time.Minute),
		Rules: []MailRule{
			{Match: "nobody*@*", At: "rcpt", Code: 550, Text: "5.1.1 The email account that you tried to reach does not exist"},
			{Match: "full*@*", At: "rcpt", Code: 452, Text: "4.2.2 The recipient's mailbox is full"},
			{Match: "grey*@*", At: "rcpt", Code: 451, Text: "4.7.1 Greylisted, try again later", Times: 1},
			{Match: "spam*@*", At: "letter", Code: 554, Text: "5.7.1 Message refused by policy"},
			{Match: "bounce*@*", At: "later", Do: "bounce"}, {Match: "slow*@*", At: "later", Do: "delay"}, {Match: "complain*@*", At: "later", Do: "complain"},
			{Match: "leave*@*", At: "later", Do: "unsubscribe"}, {Match: "away*@*", At: "later", Do: "absent"},
		},
	}}
}

// Serve answers at l until ctx ends, and closes every connection then.
func (m *Mail) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() {
		l.Close()
		m.Drop()
	})
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			m.Drop()
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		m.links.Lock()
		m.open[conn] = true
		m.links.Unlock()
		if ctx.Err() != nil {
			conn.Close()
		}
		all.Go(func() {
			defer func() {
				conn.Close()
				m.links.Lock()
				defer m.links.Unlock()
				delete(m.open, conn)
			}()
			(&mailTalk{m: m, conn: conn}).serve(ctx)
		})
	}
}

// Drop tears every connection off.
func (m *Mail) Drop() {
	m.links.Lock()
	defer m.links.Unlock()
	for c := range m.open {
		c.Close()
	}
}

// rule finds what becomes of an address at a stage, and counts it; w.mu must be held.
func (m *Mail) rule(stage, to string) (MailRule, bool) {
	for _, r := range m.Rules {
		if r.At != stage || !fits(r.Match, to) {
			continue
		}
		key := r.Match + "\n" + stage + "\n" + to
		if r.Times > 0 && m.tried[key] >= r.Times {
			continue
		}
		m.tried[key]++
		return r, true
	}
	return MailRule{}, false
}

// keptLetters bounds how many letters can still be answered.
const keptLetters = 10_000

// keep remembers the last letter to an address, for what comes back of it; w.mu must be held.
func (m *Mail) keep(x *mailLetter) {
	if m.letters[x.to] == nil {
		m.order = append(m.order, x.to)
	}
	m.letters[x.to] = x
	if len(m.order) > keptLetters {
		delete(m.letters, m.order[0])
		m.order = m.order[1:]
	}
}

// fault is what the script does to a stage of the talk. A rule that names no stage is about the letter.
func (m *Mail) fault(stage string) Fault {
	return m.w.Faults.named(mailName, "/"+stage, stage == "letter")
}
