package smpp

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"sync"
	"testing"
	"time"

	"loa/channel"
)

func fixed() time.Time { return time.Date(2026, 11, 24, 2, 0, 0, 0, time.UTC) }

type peer struct {
	net.Conn
	mu sync.Mutex
}

// centre is a message centre on the loopback. What it does with a submit_sm is up to the test.
type centre struct {
	t      *testing.T
	lis    net.Listener
	binds  chan pdu
	submit func(c *peer, p pdu, s short, n int) // n counts from 1 over all connections

	mu      sync.Mutex
	status  uint32 // of the next binds
	got     []short
	heard   []pdu // answers of Loa to deliver_sm
	unbinds int
	silent  bool
	peer    *peer

	accepted int
}

func newCentre(t *testing.T, secret *tls.Config) *centre {
	t.Helper()
	lis, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if secret != nil {
		lis = tls.NewListener(lis, secret)
	}
	c := &centre{t: t, lis: lis, binds: make(chan pdu, 16)}
	c.submit = func(p *peer, x pdu, _ short, n int) { taken(p, x, fmt.Sprintf("%08x", n)) }
	t.Cleanup(func() { lis.Close() })
	go func() {
		for {
			conn, err := lis.Accept()
			if err != nil {
				return
			}
			c.set(func() { c.accepted++ })
			go c.serve(&peer{Conn: conn})
		}
	}()
	return c
}

func settings(c *centre, more channel.Settings) channel.Settings {
	s := channel.Settings{"address": c.lis.Addr().String(), "line": "private", "tls": "no", "system_id": "loa", "password": "secret", "sender": "BHXHDaiLoc"}
	for k, v := range more {
		s[k] = v
	}
	return s
}

func start(t *testing.T, c *centre, more channel.Settings, change func(*account)) *running {
	t.Helper()
	a, err := Driver.Open(settings(c, more), channel.Tools{Now: fixed})
	if err != nil {
		t.Fatal(err)
	}
	r := &running{account: a.(*account), events: make(chan channel.Event, 100), ended: make(chan struct{})}
	r.patience.first, r.patience.most, r.patience.drain = 5*time.Millisecond, 20*time.Millisecond, time.Second
	if change != nil {
		change(r.account)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() {
		defer close(r.ended)
		if err := r.Run(ctx, func(_ context.Context, told []channel.Event) error {
			r.mu.Lock()
			defer r.mu.Unlock()
			if r.refuse != nil {
				return r.refuse
			}
			for _, e := range told {
				r.events <- e
			}
			return nil
		}); err != nil {
			t.Errorf("it ended with %v", err)
		}
	}()
	t.Cleanup(func() { cancel(); <-r.ended })
	until(t, "the start", func() bool { r.account.mu.Lock(); defer r.account.mu.Unlock(); return r.running })
	return r
}

// bound opens an account at a centre and runs it.
type running struct {
	*account
	events chan channel.Event
	stop   context.CancelFunc
	ended  chan struct{}
	refuse error // what keeping an event comes to
	mu     sync.Mutex
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("%s never came", what)
}

func message(text string) channel.Message {
	return channel.Message{ID: "01939f2e7c4b7d3a9b1c2d3e4f50612a", Network: "tel", To: "84901234567", Purpose: "administrative", Text: text}
}

func kindOf(err error) channel.Kind {
	var e *channel.Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}

func certificate(t *testing.T) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "smsc.example"}, DNSNames: []string{"smsc.example"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, c, c, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

func (p *peer) send(x pdu) {
	p.mu.Lock()
	defer p.mu.Unlock()
	_, _ = p.Write(x.append(nil))
}

func taken(c *peer, p pdu, id string) {
	c.send(pdu{command: submitSM | answer, seq: p.seq, body: appendString(nil, id)})
}

func (c *centre) serve(p *peer) {
	defer p.Close()
	for {
		x, err := readPDU(p)
		if err != nil {
			return
		}
		c.mu.Lock()
		silent, status := c.silent, c.status
		c.mu.Unlock()
		switch x.command {
		case bindTransceiver:
			p.send(pdu{command: bindTransceiver | answer, status: status, seq: x.seq, body: appendString(nil, "centre")})
			if status == 0 {
				c.mu.Lock()
				c.peer = p
				c.mu.Unlock()
			}
			c.binds <- x
		case submitSM:
			s, err := readShort(x.body)
			if err != nil {
				c.t.Errorf("a garbled submit_sm: %v", err)
				return
			}
			c.mu.Lock()
			c.got = append(c.got, s)
			n, do := len(c.got), c.submit
			c.mu.Unlock()
			do(p, x, s, n)
		case enquireLink:
			if !silent {
				p.send(pdu{command: enquireLink | answer, seq: x.seq})
			}
		case unbind:
			c.mu.Lock()
			c.unbinds++
			c.mu.Unlock()
			p.send(pdu{command: unbind | answer, seq: x.seq})
		default:
			c.mu.Lock()
			c.heard = append(c.heard, x)
			c.mu.Unlock()
		}
	}
}

func (c *centre) set(change func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	change()
}

func (c *centre) answers() []pdu {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]pdu(nil), c.heard...)
}

func (r *running) next(t *testing.T) channel.Event {
	t.Helper()
	select {
	case e := <-r.events:
		return e
	case <-time.After(5 * time.Second):
		t.Fatal("nothing was told")
	}
	return channel.Event{}
}

func (c *centre) count() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.accepted
}
