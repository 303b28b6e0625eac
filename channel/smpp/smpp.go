// Package smpp speaks SMPP 3.4 to a message centre over one connection that it holds open. It must never know who a message is for, whether
// it may go out, or how many go out in a second.
package smpp

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"time"

	"loa/channel"
	"loa/vn"
)

// Driver is an account at a message centre.
var Driver = channel.Driver{Kind: "smpp", Networks: []string{"tel"}, Rate: channel.Rate{Messages: 10, Per: time.Second}, Fields: fields, Open: open,
	Codes: append(statusCodes.Keys(), "address", "advertising", "alphabet", "connection", "empty", "label", "not_bound", "resume", "too_long")}

// Of what is not confirmed: the alphabet behind data coding 0, the types of addresses, the window, and what the centre's own statuses mean.
var fields = []channel.Field{
	{Key: "address", Required: true}, {Key: "line", Default: "internet", Options: []string{"internet", "private"}}, {Key: "tls", Default: "yes", Options: []string{"yes", "no"}}, {Key: "tls_name", Rare: true}, {Key: "tls_ca", Long: true, Rare: true},
	{Key: "system_id", Required: true}, {Key: "password", Required: true, Secret: true}, {Key: "system_type", Rare: true}, {Key: "sender", Required: true}, {Key: "service_type", Rare: true},
	{Key: "accents", Default: "no", Options: []string{"no", "yes"}}, {Key: "alphabet", Default: "gsm", Options: []string{"gsm", "ascii"}, Unsure: true}, {Key: "max_parts", Default: "3"},
	{Key: "advertising", Default: "no", Options: []string{"no", "yes"}}, {Key: "source_ton", Default: "5", Unsure: true}, {Key: "source_npi", Default: "0", Unsure: true}, {Key: "dest_ton", Default: "1", Unsure: true}, {Key: "dest_npi", Default: "1", Unsure: true},
	{Key: "window", Default: "10", Unsure: true}, {Key: "enquire_seconds", Default: "30"}, {Key: "codes", Unsure: true},
}

const advertising = "advertising"

// account is one bound connection and what is on its way through it.
type account struct {
	s         channel.Settings
	now       func() time.Time
	dial      *net.Dialer
	tls       *tls.Config // nil: in the open, on a private line
	codes     channel.Codes
	sender    address
	dest      address // with no number yet
	maxParts  int
	window    int
	patience  waits
	remembers outstanding
	late      chan []channel.Event // what an answer said that nobody waited for any more

	mu      sync.Mutex
	link    *link
	failed  error         // why there is none
	running bool          // whether somebody holds it
	changed chan struct{} // closed when any of these changes
}

// waits are how long things may take.
type waits struct {
	bind, answer, connect, enquire, drain time.Duration
	first, most                           time.Duration // before the next try to connect
}

func open(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	full := channel.Settings{}
	for _, f := range fields {
		full[f.Key] = strings.TrimSpace(s.Or(f.Key, f.Default))
		if f.Required && full[f.Key] == "" {
			return nil, badSetting(f.Key, errors.New("is missing"))
		}
	}
	a := &account{s: full, now: t.Now, changed: make(chan struct{}), late: make(chan []channel.Event, 256)}
	a.patience = waits{bind: 10 * time.Second, answer: time.Minute, connect: 5 * time.Second, drain: 5 * time.Second, first: time.Second, most: time.Minute}
	var types [4]byte
	for i, key := range []string{"source_ton", "source_npi", "dest_ton", "dest_npi"} {
		n, err := number(full, key, 0, 255)
		if err != nil {
			return nil, err
		}
		types[i] = byte(n)
	}
	a.sender, a.dest = address{types[0], types[1], full["sender"]}, address{ton: types[2], npi: types[3]}
	if err := checkSender(a.sender); err != nil {
		return nil, badSetting("sender", err)
	}
	var err error
	if a.maxParts, err = number(full, "max_parts", 1, 255); err != nil {
		return nil, err
	}
	if a.window, err = number(full, "window", 1, 1000); err != nil {
		return nil, err
	}
	enquire, err := number(full, "enquire_seconds", 1, 3600)
	if err != nil {
		return nil, err
	}
	a.patience.enquire = time.Duration(enquire) * time.Second
	told, err := channel.ReadCodes(full["codes"])
	if err != nil {
		return nil, badSetting("codes", err)
	}
	a.codes = statusCodes.With(told)
	return a, a.secure()
}

// secure makes the connection a secret one, unless the line is private.
func (a *account) secure() error {
	host, _, err := net.SplitHostPort(a.s["address"])
	if err != nil {
		return badSetting("address", err)
	}
	private := a.s["line"] == "private"
	a.dial = channel.Dialer(private)
	if a.s["tls"] == "no" {
		if !private {
			return badSetting("tls", errors.New("the password is not secret on the way, and the line is not private"))
		}
		return nil
	}
	a.tls = &tls.Config{ServerName: a.s.Or("tls_name", host), MinVersion: tls.VersionTLS12}
	if ca := a.s["tls_ca"]; ca != "" {
		a.tls.RootCAs = x509.NewCertPool()
		if !a.tls.RootCAs.AppendCertsFromPEM([]byte(ca)) {
			return badSetting("tls_ca", errors.New("holds no certificate"))
		}
	}
	return nil
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

// alphanumeric is the type of an address that is a name.
const alphanumeric = 5

func checkSender(a address) error {
	if a.ton != alphanumeric {
		if len(a.addr) > 20 || !isDigits(a.addr) {
			return errors.New("is no number")
		}
		return nil
	}
	if len(a.addr) > 11 {
		return errors.New("has more than 11 letters")
	}
	for _, r := range a.addr {
		if !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune(" .-_&", r)) {
			return fmt.Errorf("may not hold %q", r)
		}
	}
	return nil
}

// Verify says whether the message fits the length and the alphabet.
func (a *account) Verify(_ context.Context, m channel.Message) error {
	_, err := a.prepare(m)
	return err
}

func (a *account) prepare(m channel.Message) (vn.SMS, error) {
	if len(m.To) < 11 || len(m.To) > 12 || !strings.HasPrefix(m.To, "84") || !isDigits(m.To) {
		return vn.SMS{}, channel.Fail(channel.Rejected, channel.Address, "address", "")
	}
	text, accents := m.Text, a.s["accents"] == "yes"
	if !accents {
		text = vn.Unaccent(text)
	}
	sms := vn.SplitSMS(text)
	if !sms.Wide && a.s["alphabet"] == "ascii" && !isASCII(sms.Text) {
		sms = vn.SplitWideSMS(text)
	}
	code := ""
	switch {
	case strings.TrimSpace(sms.Text) == "":
		code = "empty"
	case sms.Wide && !accents:
		code = "alphabet"
	case len(sms.Parts) > a.maxParts:
		code = "too_long"
	case m.Purpose == advertising && a.s["advertising"] != "yes":
		code = "advertising"
	case m.Purpose == advertising && !strings.HasPrefix(sms.Text, "[QC]") && !strings.HasPrefix(sms.Text, "[AD]") && !strings.HasPrefix(sms.Text, "[DKQC]"):
		code = "label"
	}
	if code != "" {
		return sms, channel.Fail(channel.Rejected, channel.Content, code, "")
	}
	return sms, nil
}

func isASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// Check says whether the connection stands, and if not, why.
func (a *account) Check(context.Context) (channel.Health, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.link == nil {
		return channel.Health{}, a.absent()
	}
	return channel.Health{Name: a.s["system_id"]}, nil
}

// absent is why there is no connection. The caller holds the lock.
func (a *account) absent() error {
	if a.failed != nil {
		return a.failed
	}
	return &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "not_bound"}
}
