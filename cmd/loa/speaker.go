package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/speaker"
)

// speakerCmd behaves as a loudspeaker: for the demo, for tests, and as the reference for makers of devices.
type speakerCmd struct {
	Device    string `required:"" env:"LOA_SPEAKER_DEVICE"`
	Password  string `env:"LOA_SPEAKER_PASSWORD"`
	Broker    string `default:"mqtt://127.0.0.1:1883" env:"LOA_SPEAKER_BROKER"`
	Group     string `env:"LOA_SPEAKER_GROUP"`
	Dir       string `type:"path" env:"LOA_SPEAKER_DIR"`
	Authority string `type:"path" env:"LOA_SPEAKER_AUTHORITY"`
	Cert      string `type:"path" env:"LOA_SPEAKER_CERT"`
	CertKey   string `type:"path" env:"LOA_SPEAKER_CERT_KEY"`
	Silent    bool   `env:"LOA_SPEAKER_SILENT"`
}

func (s *speakerCmd) Run(c *cli, e env) error {
	u, err := url.Parse(s.Broker)
	if err != nil || u.Host == "" || u.Scheme != "mqtt" && u.Scheme != "mqtts" && u.Scheme != "tcp" && u.Scheme != "ssl" {
		return loa.Refuse(loa.Invalid, "broker", "not_in_list")
	}
	if !loa.ValidDevice(s.Device) {
		return loa.Refuse(loa.Invalid, "device", "device_letters")
	}
	dir := s.Dir
	if dir == "" {
		dir = filepath.Join("loa-speaker", s.Device)
	}
	log := slog.New(slog.NewTextHandler(e.err, nil))
	o := speaker.Options{Device: s.Device, Password: s.Password, Broker: s.Broker, Group: s.Group, Dir: dir, Firmware: "loa-speaker", Player: newPlayer(s.Silent, log), Now: time.Now, Log: log, Probe: func(x *speaker.State) { x.IP = ownAddress(u.Host) }}
	if u.Scheme == "mqtts" || u.Scheme == "ssl" {
		if o.TLS, err = s.tls(u.Hostname()); err != nil {
			return err
		}
	}
	d, err := speaker.New(o)
	if err != nil {
		return err
	}
	fmt.Fprintln(e.out, c.say("speaker.ready", s.Device, s.Broker, dir))
	return d.Run(e.ctx)
}

// tls trusts the authority that is named beside those of the system, and shows the device's own certificate where there is one.
func (s *speakerCmd) tls(host string) (*tls.Config, error) {
	t := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if s.Authority != "" {
		raw, err := os.ReadFile(s.Authority)
		if err != nil {
			return nil, fmt.Errorf("read the authority: %w", err)
		}
		if t.RootCAs = x509.NewCertPool(); !t.RootCAs.AppendCertsFromPEM(raw) {
			return nil, fmt.Errorf("no certificate in %s", s.Authority)
		}
	}
	if s.Cert != "" {
		pair, err := tls.LoadX509KeyPair(s.Cert, s.CertKey)
		if err != nil {
			return nil, fmt.Errorf("read the device's certificate: %w", err)
		}
		t.Certificates = []tls.Certificate{pair}
	}
	return t, nil
}

// ownAddress is this machine's address on the way to a host; nothing is sent to find it.
func ownAddress(host string) string {
	conn, err := net.Dial("udp", host)
	if err != nil {
		return ""
	}
	defer conn.Close()
	own, _, err := net.SplitHostPort(conn.LocalAddr().String())
	if err != nil {
		return ""
	}
	return own
}

// player makes a recording heard by a program of the system; without one it writes what it would play and waits as long.
type player struct {
	ffplay, aplay string
	log           *slog.Logger
}

func newPlayer(silent bool, log *slog.Logger) player {
	p := player{log: log}
	if !silent {
		p.ffplay, _ = exec.LookPath("ffplay")
		p.aplay, _ = exec.LookPath("aplay")
	}
	return p
}

// Play makes a recording heard to its end.
func (p player) Play(ctx context.Context, file string, volume int, length time.Duration) error {
	p.log.Info("plays", "file", filepath.Base(file), "volume", volume, "length", length)
	var cmd *exec.Cmd
	switch {
	case p.ffplay != "":
		cmd = exec.CommandContext(ctx, p.ffplay, "-nodisp", "-autoexit", "-loglevel", "error", "-volume", strconv.Itoa(volume), file)
	case p.aplay != "" && strings.HasSuffix(file, ".wav"):
		cmd = exec.CommandContext(ctx, p.aplay, "-q", file)
	default:
		return pause(ctx, length)
	}
	if out, err := cmd.CombinedOutput(); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return fmt.Errorf("play %s: %w: %s", filepath.Base(file), err, strings.TrimSpace(string(out)))
	}
	return ctx.Err()
}

func pause(ctx context.Context, long time.Duration) error {
	t := time.NewTimer(long)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
