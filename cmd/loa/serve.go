package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"time"

	"loa"
	"loa/auth"
	"loa/pdf"
	"loa/store"
	"loa/web"
)

type serveCmd struct {
	Listen       string `default:"127.0.0.1:8080" env:"LOA_LISTEN"`
	Cert         string `env:"LOA_CERT" type:"path"`
	CertKey      string `env:"LOA_CERT_KEY" type:"path"`
	TrustedProxy bool   `env:"LOA_TRUSTED_PROXY"`
	Public       string `env:"LOA_PUBLIC"`
}

func (s *serveCmd) Run(c *cli, e env) error {
	db, err := c.open(e, store.Options{Long: true})
	if err != nil {
		return err
	}
	defer db.Close()
	sealer, err := c.sealerFor(e, db)
	if err != nil {
		return err
	}
	offices, err := db.Offices(e.ctx)
	if err != nil {
		return err
	}
	today := c.Today
	if len(offices) > 0 {
		today = c.today(offices[0])
	}
	site := &site{cli: c, env: e, db: db, sealer: sealer, now: clock(today), listen: s}
	return site.run(func(address string) {
		fmt.Fprintln(e.out, c.say("serve.ready", address))
		if today != "" {
			fmt.Fprintln(e.out, c.say("serve.as_of", today))
		}
		if s.plain() {
			fmt.Fprintln(e.out, c.say("serve.plain"))
		}
		if code := site.setupCode; code != "" {
			fmt.Fprintln(e.out, c.say("serve.setup", address, code))
		}
	})
}

// plain says that nothing encrypts the way to the browser; then only loopback is answered.
func (s *serveCmd) plain() bool { return s.Cert == "" && !s.TrustedProxy }

// check refuses to show an unencrypted office to a network.
func (s *serveCmd) check() error {
	if (s.Cert == "") != (s.CertKey == "") {
		return loa.Refuse(loa.Invalid, "cert", "cert_alone")
	}
	if !s.plain() {
		return nil
	}
	host, _, err := net.SplitHostPort(s.Listen)
	if err != nil {
		return fmt.Errorf("read the address %q: %w", s.Listen, err)
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return loa.Refuse(loa.Invalid, "listen", "not_loopback")
}

// site is a running Loa: the web, the jobs and the daily care.
type site struct {
	cli       *cli
	env       env
	db        *store.DB
	sealer    *auth.Sealer
	now       func() time.Time
	listen    *serveCmd
	setupCode string
	accounts  *accounts
	pusher    *pusher
	on        net.Listener // where it listens already; nil: where listen says
	simulated string       // the page of the simulated providers of a demo
	subscribe func(key string) loa.Subscription
}

func (s *site) run(ready func(address string)) error {
	if err := s.listen.check(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.env.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
	setup, err := s.setup()
	if err != nil {
		return err
	}
	if s.sealer != nil {
		s.db.OnReseal(resealFor(s.sealer))
	}
	if err := s.db.AddReadySegments(s.env.ctx, loa.By{At: s.now()}); err != nil {
		return err
	}
	s.accounts = newAccounts(s.db, s.sealer, s.now, log, s.listen.Public)
	stop, err := startJobs(s.env.ctx, s.db, s.work(log), log, s.daily)
	if err != nil {
		return err
	}
	defer stop()
	go func() { // what a stopped process left half done goes on; the pages do not wait for it
		if err := s.importer(log).resume(s.env.ctx, ""); err != nil && s.env.ctx.Err() == nil {
			log.Error("resume imports", "error", err)
		}
	}()
	sending := newEngine(s.db, s.accounts, s.now, log)
	sending.take = (&incoming{db: s.db, now: s.now, names: s.accounts.called}).take
	sending.asks = true
	sent := make(chan struct{})
	loop, stopLoop := context.WithCancel(s.env.ctx)
	go func() { defer close(sent); sending.run(loop) }()
	s.pusher = newPusher(s.db, s.sealer, s.now, log, s.simulated)
	s.pusher.subscribe = s.subscribe
	told := make(chan struct{})
	go func() { defer close(told); s.pusher.run(loop) }()
	defer func() { stopLoop(); <-sent; <-told }() // what is on its way is written down first
	printer := pdf.New(pdf.Options{Path: s.cli.Chromium, Files: web.Files(), Log: log})
	defer printer.Close()
	voices, sound := s.cli.Voice.engines(log)
	server, err := web.New(web.Options{DB: s.db, Now: s.now, Log: log, Sealer: s.sealer, Secure: !s.listen.plain(), Proxy: s.listen.TrustedProxy,
		DataDir: s.cli.Data, SetupCode: setup, Backup: s.backup, PDF: printer, Channels: s.accounts, Devices: s.pusher, Voices: voices, Sound: sound, Simulated: s.simulated, Public: s.accounts.public})
	if err != nil {
		return err
	}
	l := s.on
	if l == nil {
		if l, err = net.Listen("tcp", s.listen.Listen); err != nil {
			return fmt.Errorf("listen on %s: %w", s.listen.Listen, err)
		}
	}
	hs := &http.Server{Handler: server.Handler(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 5 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn)}
	failed := make(chan error, 1)
	go func() { failed <- s.serve(hs, l) }()
	go func() { // segments answer at once from the first click on
		if err := server.Warm(s.env.ctx); err != nil && s.env.ctx.Err() == nil {
			log.Error("read the audience in", "error", err)
		}
		debug.FreeOSMemory()
		debug.SetGCPercent(collectAt)
	}()
	ready(s.address(l))
	select {
	case err := <-failed:
		return err
	case <-s.env.ctx.Done():
		end, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		return hs.Shutdown(end)
	}
}

// collectAt is how much the heap grows, in percent of what is in use, before it is collected once everything is read in. Most of it
// is the audience, which never changes as a whole; looking through it at every doubling keeps visitors waiting for nothing.
const collectAt = 200

func (s *site) serve(hs *http.Server, l net.Listener) error {
	var err error
	if s.listen.Cert != "" {
		hs.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12}
		err = hs.ServeTLS(l, s.listen.Cert, s.listen.CertKey)
	} else {
		err = hs.Serve(l)
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve: %w", err)
}

func (s *site) address(l net.Listener) string {
	scheme := "http"
	if s.listen.Cert != "" {
		scheme = "https"
	}
	return scheme + "://" + l.Addr().String()
}

// setup makes the one-time code of the first run; empty once there is an office.
func (s *site) setup() (string, error) {
	offices, err := s.db.Offices(s.env.ctx)
	if err != nil || len(offices) > 0 {
		return "", err
	}
	code, err := auth.Token()
	if err != nil {
		return "", fmt.Errorf("make the one-time code: %w", err)
	}
	s.setupCode = code[:12]
	return s.setupCode, nil
}

func (s *site) backup(ctx context.Context) (string, error) {
	res, err := writeBackup(ctx, s.db, s.sealer, "", s.cli.Data, s.now())
	return res.File, err
}
