// Package loudspeaker reaches loudspeakers: devices that speak the Loa Speaker Profile, over a broker of its own, and network speakers of
// Axis. It must never know who hears them, what is said, or whether it may be said now.
package loudspeaker

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"loa/channel"
	"loa/speaker"
)

// Device is what the broker must know of one loudspeaker.
type Device struct {
	Secret string // what its password is known by; empty: nobody gets in
	Group  string // its commune, whose commands it hears as well
	Volume int
}

// Devices are an office's loudspeakers, as the broker asks for them: it knows no database.
type Devices interface {
	// Device is one of the account's devices by its name; false when there is none.
	Device(ctx context.Context, account, name string) (Device, bool, error)
	// Schedule are the messages a device has still to play between two moments.
	Schedule(ctx context.Context, account, name string, from, until time.Time) ([]channel.Message, error)
	// Changed are the devices whose schedule or volume changed after a moment.
	Changed(ctx context.Context, account string, since time.Time) ([]string, error)
	// Seen notes which devices are connected at a moment.
	Seen(ctx context.Context, account string, names []string, at time.Time) error
}

// Driver is an account that all devices of an office connect to: a broker that listens for them.
func Driver(devices Devices) channel.Driver {
	return channel.Driver{Kind: "loudspeaker", Networks: []string{"speaker"}, Fields: fields, Codes: codes, Warnings: []string{"no_broker", "plain"}, Repeatable: speaker.Ahead, Rate: channel.Rate{Messages: 2000, Per: time.Second},
		Open: func(s channel.Settings, t channel.Tools) (channel.Adapter, error) { return open(s, t, devices) }}
}

var fields = []channel.Field{
	{Key: "listen", Default: "127.0.0.1:1883"}, {Key: "tls_cert"}, {Key: "tls_key", Secret: true}, {Key: "client_ca"}, {Key: "plain", Default: "no", Options: []string{"no", "yes"}},
	{Key: "media_listen", Default: "127.0.0.1:8884"}, {Key: "media_url"}, {Key: "media_minutes", Default: "60"}, {Key: "chime", Default: "yes", Options: []string{"yes", "no"}}, {Key: "gap_seconds", Default: "5"},
}

// codes are what may go wrong: with the account, with a message, and at a device.
var codes = []string{"bad_setting", "plain", "no_listen", "no_broker", "no_devices", "no_device", "broker", "no_recording", speaker.ErrExpired, speaker.ErrGarbled, speaker.ErrStream, speaker.ErrFull, speaker.ErrChecksum, speaker.ErrSize,
	speaker.ErrNotFetched, speaker.ErrMissed, speaker.ErrStopped, speaker.ErrPlayer, speaker.ErrUnsupported, speaker.Failed, speaker.Rejected, speaker.Preempted}

// account is one broker with its devices.
type account struct {
	tools     channel.Tools
	devices   Devices
	listen    string
	media     string
	base      string // where devices fetch recordings; empty: where media listens
	tls       *tls.Config
	certNames bool // a device shows a certificate in its own name
	chime     bool
	gap       int
	life      time.Duration // of an address of a recording
	key       []byte        // signs those addresses, for as long as the program runs
	log       *slog.Logger

	mu      sync.Mutex
	broker  *broker
	failed  error
	library library
}

func open(s channel.Settings, t channel.Tools, devices Devices) (channel.Adapter, error) {
	a := &account{tools: t, devices: devices, listen: s.Or("listen", "127.0.0.1:1883"), media: s.Or("media_listen", "127.0.0.1:8884"), base: strings.TrimRight(s["media_url"], "/"), chime: s.Or("chime", "yes") == "yes", key: make([]byte, 32), log: slog.New(slog.DiscardHandler)}
	if _, err := io.ReadFull(rand.Reader, a.key); err != nil {
		return nil, fmt.Errorf("make the key of recordings: %w", err)
	}
	var err error
	if a.gap, err = strconv.Atoi(s.Or("gap_seconds", "5")); err != nil || a.gap < 0 || a.gap > 600 {
		return nil, bad("gap_seconds")
	}
	minutes, err := strconv.Atoi(s.Or("media_minutes", "60"))
	if err != nil || minutes < 1 || minutes > 72*60 {
		return nil, bad("media_minutes")
	}
	a.life = time.Duration(minutes) * time.Minute
	if a.base != "" {
		if u, err := url.Parse(a.base); err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
			return nil, bad("media_url")
		}
	}
	if a.tls, err = certificates(s); err != nil {
		return nil, err
	}
	a.certNames = s["client_ca"] != ""
	for key, address := range map[string]string{"listen": a.listen, "media_listen": a.media} {
		host, _, err := net.SplitHostPort(address)
		if err != nil {
			return nil, bad(key)
		}
		if a.tls == nil && s.Or("plain", "no") != "yes" && !loopback(host) { // passwords would lie open on the way
			return nil, channel.Fail(channel.Misconfigured, channel.Account, "plain", key)
		}
	}
	return a, nil
}

func bad(field string) error {
	return channel.Fail(channel.Misconfigured, channel.Account, "bad_setting", field)
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// certificates are those of the broker, and of the devices where they must show one.
func certificates(s channel.Settings) (*tls.Config, error) {
	if s["tls_cert"] == "" && s["tls_key"] == "" {
		if s["client_ca"] != "" {
			return nil, bad("client_ca")
		}
		return nil, nil
	}
	pair, err := tls.X509KeyPair([]byte(s["tls_cert"]), []byte(s["tls_key"]))
	if err != nil {
		return nil, bad("tls_cert")
	}
	c := &tls.Config{MinVersion: tls.VersionTLS12, Certificates: []tls.Certificate{pair}}
	if ca := s["client_ca"]; ca != "" {
		c.ClientCAs = x509.NewCertPool()
		if !c.ClientCAs.AppendCertsFromPEM([]byte(ca)) {
			return nil, bad("client_ca")
		}
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	return c, nil
}

// Check says whether the broker listens, and how many devices are connected.
func (a *account) Check(context.Context) (channel.Health, error) {
	a.mu.Lock()
	b, failed := a.broker, a.failed
	a.mu.Unlock()
	h := channel.Health{Name: a.listen}
	switch {
	case failed != nil:
		return h, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "no_listen", Text: failed.Error(), Err: failed}
	case b == nil:
		h.Warning = "no_broker"
	case a.tls == nil:
		h.Warning = "plain"
	}
	return h, nil
}

// Run listens for devices until ctx ends.
func (a *account) Run(ctx context.Context, events func(context.Context, []channel.Event) error) error {
	for pause := time.Second; ctx.Err() == nil; pause = min(2*pause, time.Minute) {
		err := a.serve(ctx, events)
		if ctx.Err() != nil {
			return nil
		}
		a.mu.Lock()
		a.failed = err
		a.mu.Unlock()
		t := time.NewTimer(pause)
		select {
		case <-ctx.Done():
		case <-t.C:
		}
		t.Stop()
	}
	return nil
}

func (a *account) serve(ctx context.Context, events func(context.Context, []channel.Event) error) error {
	b, err := a.start(events)
	if err != nil {
		return err
	}
	a.mu.Lock()
	a.broker, a.failed = b, nil
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		a.broker = nil
		a.mu.Unlock()
		b.stop()
	}()
	return b.work(ctx)
}

// Send hands a play to a device. The broker keeps it for one that is away; what becomes of it is told later.
func (a *account) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	a.mu.Lock()
	b := a.broker
	a.mu.Unlock()
	if b == nil {
		return channel.Receipt{}, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "no_broker"}
	}
	if _, ok, err := a.devices.Device(ctx, a.tools.Account, m.To); err != nil {
		return channel.Receipt{}, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "no_devices", Err: err}
	} else if !ok {
		return channel.Receipt{}, channel.Fail(channel.Rejected, channel.Address, "no_device", m.To)
	}
	p, err := a.play(m)
	if err != nil {
		return channel.Receipt{}, err
	}
	if err := b.play(m.To, p); err != nil {
		return channel.Receipt{}, &channel.Error{Kind: channel.Unreachable, About: channel.Account, Code: "broker", Err: err}
	}
	return channel.Receipt{Ref: p.ID}, nil
}

// play is a message as a device takes it.
func (a *account) play(m channel.Message) (speaker.Play, error) {
	now := a.tools.Now()
	p := speaker.Play{V: speaker.Version, ID: m.ID, Prio: m.Priority, NotBefore: m.NotBefore, Expires: m.Expires, Repeat: max(m.Repeat, 1), Gap: a.gap, Volume: m.Volume, Chime: a.chime, Title: m.Title}
	if p.Expires.IsZero() {
		p.Expires = now.Add(12 * time.Hour)
		if m.NotBefore.After(now) {
			p.Expires = m.NotBefore.Add(time.Hour)
		}
	}
	if now.After(p.Expires) {
		return p, channel.Fail(channel.Rejected, channel.Address, speaker.ErrExpired, "")
	}
	if len(m.Media) == 0 {
		return p, channel.Fail(channel.Rejected, channel.Content, "no_recording", "")
	}
	for _, x := range m.Media {
		at := x.URL
		if at == "" {
			at = a.address(x, m.To, now)
		}
		p.Media = append(p.Media, speaker.Media{URL: at, SHA256: x.SHA256, Bytes: x.Bytes, Millis: x.Millis, MIME: x.MIME})
	}
	if err := p.Check(); err != nil {
		return p, &channel.Error{Kind: channel.Rejected, About: channel.Content, Code: "garbled", Err: err}
	}
	return p, nil
}

// errEnded is why a broker stops of itself.
var errEnded = errors.New("the broker stopped")
