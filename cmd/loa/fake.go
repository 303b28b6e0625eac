package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"loa"
	"loa/fake"
	"loa/fake/show"
	"loa/speaker"
	"loa/web"
)

// fakeCmd runs all providers in one process, for trying Loa out and for tests in other processes.
type fakeCmd struct {
	Listen string `default:"127.0.0.1:8090" env:"LOA_FAKE_LISTEN"`
	Mail   string `default:"127.0.0.1:2525" env:"LOA_FAKE_MAIL"`
	SMPP   string `name:"smpp" default:"127.0.0.1:2775" env:"LOA_FAKE_SMPP"`
	Empty  bool
}

func (f *fakeCmd) Run(c *cli, e env) error {
	for field, address := range map[string]string{"listen": f.Listen, "mail": f.Mail, "smpp": f.SMPP} {
		if err := loopbackOnly(field, address); err != nil {
			return err
		}
	}
	now := clock(c.Today)
	p := &providers{world: fake.NewWorld(now(), time.Now), now: now, lang: c.Lang}
	p.world.Clock.Run(1)
	if !f.Empty {
		p.world.Sample()
	}
	if err := p.start(e.ctx, f.Listen, f.Mail, f.SMPP, slog.New(slog.NewTextHandler(e.err, nil))); err != nil {
		return err
	}
	defer p.stop()
	fmt.Fprintln(e.out, c.say("fake.ready", p.address()))
	fmt.Fprintln(e.out, c.say("fake.ready_mail", p.mail.Addr(), p.smpp.Addr()))
	fmt.Fprintln(e.out, c.say("fake.ready_accounts", p.address()+"/accounts"))
	select {
	case err := <-p.failed:
		return err
	case <-e.ctx.Done():
		return nil
	}
}

// loopbackOnly refuses to show the providers to a network: they give their tokens to anybody.
func loopbackOnly(field, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return fmt.Errorf("read the address %q: %w", address, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return loa.Refuse(loa.Invalid, field, "fake_not_loopback")
	}
	return nil
}

// providers are the fakes at work: a page and all HTTP on one port, a mail server and a message centre.
type providers struct {
	world  *fake.World
	now    func() time.Time
	lang   string
	office string // where the messages come from

	http, mail, smpp net.Listener
	failed           chan error
	end              context.CancelFunc
	working          sync.WaitGroup
	speaker          *speaker.Options // the loudspeaker of a demo; nil: there is none
}

// start listens, and serves until stop is called or ctx ends.
func (p *providers) start(ctx context.Context, http1, mail, smpp string, log *slog.Logger) (err error) {
	ctx, p.end = context.WithCancel(ctx)
	p.failed = make(chan error, 3)
	for _, l := range []struct {
		at *net.Listener
		on string
	}{{&p.http, http1}, {&p.mail, mail}, {&p.smpp, smpp}} {
		if *l.at, err = net.Listen("tcp", l.on); err != nil {
			p.stop()
			return fmt.Errorf("listen on %s: %w", l.on, err)
		}
	}
	hs := &http.Server{Handler: show.Handler(show.Options{World: p.world, Now: p.now, Files: web.Files(), Lang: p.lang, Office: p.office, Accounts: p.shown}), ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	p.working.Go(func() {
		if err := hs.Serve(p.http); err != nil && !errors.Is(err, http.ErrServerClosed) {
			p.failed <- err
		}
	})
	p.working.Go(func() {
		<-ctx.Done()
		_ = hs.Close()
	})
	p.working.Go(func() {
		if err := p.world.Mail.Serve(ctx, p.mail); err != nil {
			p.failed <- err
		}
	})
	p.working.Go(func() {
		if err := p.world.SMPP.Serve(ctx, p.smpp); err != nil {
			p.failed <- err
		}
	})
	p.working.Go(func() { p.world.Run(ctx, 200*time.Millisecond) })
	return nil
}

// stop ends all of it.
func (p *providers) stop() {
	p.end()
	for _, l := range []net.Listener{p.http, p.mail, p.smpp} {
		if l != nil {
			_ = l.Close()
		}
	}
	p.working.Wait()
}

func (p *providers) address() string { return "http://" + p.http.Addr().String() }
