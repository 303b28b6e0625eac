// Package email hands messages to an office's mail server by SMTP over connections it keeps for the next one, and reads what comes back by
// mail: bounces, complaints, refusals and replies. It must never know whether a message may go out, or when to try it again.
package email

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// Network is the network of mail addresses.
const Network = "mail"

// Driver is an account at a mail server.
var Driver = channel.Driver{Kind: "email", Networks: []string{Network}, Rate: channel.Rate{Messages: 300, Per: time.Minute}, Fields: fields, Warnings: []string{"bounces_off"}, Open: open,
	Codes: append(verdicts.Keys(), ownCodes...)}

// fields are what an office fills in. How many connections and messages a server bears, and what its refusals mean beyond the standard, is
// the server's own business and therefore a setting.
var fields = []channel.Field{
	{Key: "host", Required: true}, {Key: "security", Default: "starttls", Options: []string{"starttls", "implicit", "none"}}, {Key: "port", Rare: true},
	{Key: "line", Default: "internet", Options: []string{"internet", "private"}}, {Key: "tls_name", Rare: true}, {Key: "tls_ca", Long: true, Rare: true},
	{Key: "user"}, {Key: "password", Secret: true}, {Key: "auth", Default: "auto", Options: []string{"auto", "plain", "login"}},
	{Key: "from", Required: true}, {Key: "from_name"}, {Key: "reply_to"},
	{Key: "bounce_address"}, {Key: "unsubscribe_address"}, {Key: "tag_separator", Default: "+", Options: []string{"+", "-", "="}},
	{Key: "message_domain", Rare: true}, {Key: "helo", Rare: true}, {Key: "feedback_id", Default: "loa"},
	{Key: "dkim_domain", Rare: true}, {Key: "dkim_selector"}, {Key: "dkim_key", Secret: true, Long: true},
	{Key: "connections", Default: "4", Unsure: true}, {Key: "per_connection", Default: "100", Unsure: true}, {Key: "idle_seconds", Default: "30"},
	{Key: "advertising", Default: "no", Options: []string{"no", "yes"}}, {Key: "codes", Unsure: true}, {Key: "hook_key", Secret: true, Made: true},
}

// ownCodes are those that mail servers do not say: what we see ourselves.
var ownCodes = []string{"advertising", "auth", "busy", "connect", "connection", "dkim", "header", "id", "label", "media", "network", "reply_to", "size", "starttls", "text_empty", "text_garbled", "text_long", "title", "title_long", "tls", "to", "unsubscribe"}

const advertising = "advertising"

// account is one sender at one mail server.
type account struct {
	s        channel.Settings
	tools    channel.Tools
	port     int
	dial     *net.Dialer
	tls      *tls.Config
	codes    channel.Codes
	sign     signer // nil: the server signs, or nobody does
	domain   string // of our Message-IDs
	fromLine string
	perLink  int
	idle     time.Duration
	waiting  chan *parcel // letters for which there is no connection yet
	pool     pool
}

func open(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	full := channel.Settings{}
	for _, f := range fields {
		v := strings.TrimSpace(s.Or(f.Key, f.Default))
		if f.Required && v == "" {
			return nil, badSetting(f.Key, errors.New("is missing"))
		}
		if len(f.Options) > 0 && !oneOf(v, f.Options) {
			return nil, badSetting(f.Key, errors.New("is none of the words it may be"))
		}
		full[f.Key] = v
	}
	a := &account{s: full, tools: t, waiting: make(chan *parcel)}
	for _, step := range []func() error{a.readAddresses, a.readServer, a.readNumbers, a.readKey} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *account) readAddresses() error {
	for _, key := range []string{"from", "reply_to", "bounce_address", "unsubscribe_address"} {
		if v := a.s[key]; v != "" && !isAddress(v) {
			return badSetting(key, errors.New("is no mail address"))
		}
	}
	for _, key := range []string{"bounce_address", "unsubscribe_address"} { // a name holds 64 letters, and 33 of them are the message's
		if local, _, _ := strings.Cut(a.s[key], "@"); len(local) > 31 {
			return badSetting(key, errors.New("is too long to carry an ID"))
		}
	}
	for _, key := range []string{"from_name", "feedback_id", "user"} {
		if !oneLine(a.s[key]) {
			return badSetting(key, errors.New("holds a control character"))
		}
	}
	if strings.ContainsAny(a.s["feedback_id"], ": ") || !isASCII(a.s["feedback_id"]) {
		return badSetting("feedback_id", errors.New("holds a space, a colon or an accent"))
	}
	_, own, _ := strings.Cut(a.s["from"], "@")
	a.domain = a.s.Or("message_domain", own)
	a.s["helo"] = a.s.Or("helo", own)
	a.fromLine = fromOf(a.s["from_name"], a.s["from"])
	for key, v := range map[string]string{"message_domain": a.domain, "helo": a.s["helo"]} {
		if !isDomain(v) {
			return badSetting(key, errors.New("is no domain"))
		}
	}
	return nil
}

func (a *account) readServer() error {
	host := a.s["host"]
	if !isDomain(host) && net.ParseIP(host) == nil {
		return badSetting("host", errors.New("is no name of a server"))
	}
	private := a.s["line"] == "private"
	a.dial = channel.Dialer(private)
	a.s["port"] = a.s.Or("port", map[string]string{"starttls": "587", "implicit": "465", "none": "25"}[a.s["security"]])
	var err error
	if a.port, err = number(a.s, "port", 1, 65535); err != nil {
		return err
	}
	if (a.s["user"] == "") != (a.s["password"] == "") {
		return badSetting("password", errors.New("a name and a password come together"))
	}
	if a.s["security"] == "none" {
		if !private {
			return badSetting("security", errors.New("the letters are not secret on the way, and the line is not private"))
		}
		return nil
	}
	a.tls, err = tlsOf(a.s)
	return err
}

func (a *account) readNumbers() error {
	links, err := number(a.s, "connections", 1, 100)
	if err != nil {
		return err
	}
	a.pool.slots = make(chan struct{}, links)
	if a.perLink, err = number(a.s, "per_connection", 1, 1_000_000); err != nil {
		return err
	}
	seconds, err := number(a.s, "idle_seconds", 1, 3600)
	if err != nil {
		return err
	}
	a.idle = time.Duration(seconds) * time.Second
	if a.codes, err = channel.ReadCodes(a.s["codes"]); err != nil {
		return badSetting("codes", err)
	}
	return nil
}

// Send hands one message to the mail server.
func (a *account) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if err := a.fits(m); err != nil {
		return channel.Receipt{}, err
	}
	letter, err := a.write(ctx, m)
	if err != nil {
		return channel.Receipt{}, err
	}
	said, err := a.deliver(ctx, &parcel{from: a.returnPath(m.ID), to: m.To, letter: letter})
	if err != nil {
		return channel.Receipt{}, err
	}
	return channel.Receipt{Ref: reference(said, a.messageID(m.ID))}, nil
}

// Verify says whether a message can be written as it is.
func (a *account) Verify(_ context.Context, m channel.Message) error { return a.fits(m) }

// Check greets the server and signs in.
func (a *account) Check(ctx context.Context) (channel.Health, error) {
	l, err := a.connect(ctx)
	if err != nil {
		return channel.Health{}, err
	}
	defer l.quit()
	h := channel.Health{Name: l.name}
	if a.s["hook_key"] == "" {
		h.Warning = "bounces_off"
	}
	return h, nil
}

// reference is how the server calls the letter in its own papers; where it does not say, our Message-ID.
func reference(said, own string) string {
	if _, id, ok := strings.Cut(said, "queued as "); ok {
		if f := strings.Fields(id); len(f) > 0 {
			return clip(strings.Trim(f[0], "<>.,;()"), 100)
		}
	}
	return own
}

func number(s channel.Settings, key string, least, most int) (int, error) {
	n, err := strconv.Atoi(s[key])
	if err != nil || n < least || n > most {
		return 0, badSetting(key, fmt.Errorf("is no number from %d to %d", least, most))
	}
	return n, nil
}

// badSetting is the failure of an account whose settings cannot work.
func badSetting(key string, err error) error {
	return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "setting." + key, Err: fmt.Errorf("%s: %w", key, err)}
}

func oneOf(v string, list []string) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}
