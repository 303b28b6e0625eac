package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"time"

	"loa"
	"loa/auth"
	"loa/channel"
	"loa/demo"
	"loa/speaker"
	"loa/store"
)

// pointSpeaker lets the demo's account of loudspeakers listen on a free port of this machine, and keys the one device that runs in this
// process.
func (p *providers) pointSpeaker(s *site, office loa.Office) error {
	list, err := s.db.ChannelsKept(s.env.ctx)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Kind != "loudspeaker" || c.Office != office.ID {
			continue
		}
		x, err := s.db.SpeakerByDevice(s.env.ctx, c.ID, demo.LiveSpeaker)
		if loa.KindOf(err) == loa.NotFound {
			return nil // somebody took it out of use
		}
		if err != nil {
			return err
		}
		broker, err := freePort()
		if err != nil {
			return err
		}
		saved := newAccounts(s.db, s.sealer, s.now, slog.New(slog.DiscardHandler), s.listen.Public)
		err = s.db.KeepSettings(s.env.ctx, c.ID, s.now, func([]byte) ([]byte, error) {
			return saved.Seal(c.Office, c.ID, channel.Settings{"listen": broker, "media_listen": "127.0.0.1:0", "chime": "no", "gap_seconds": "1"})
		})
		if err != nil {
			return fmt.Errorf("let the demo's loudspeakers in: %w", err)
		}
		password, err := auth.Token()
		if err != nil {
			return fmt.Errorf("make the password of a loudspeaker: %w", err)
		}
		scope, err := wholeOffice(s.env.ctx, s.db, office.ID, s.now())
		if err != nil {
			return err
		}
		if err := s.db.KeySpeaker(s.env.ctx, scope, loa.By{At: s.now()}, x.ID, speaker.Secret(x.Device, password)); err != nil {
			return err
		}
		p.speaker = &speaker.Options{Device: x.Device, Password: password, Broker: "mqtt://" + broker, Group: string(x.Area), Firmware: "loa-demo", Now: s.now, Pause: time.Second}
	}
	return nil
}

// freePort is an address nobody listens on just now.
func freePort() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}

// listen runs the demo's loudspeaker until the demo ends: it does all that a device does, and plays nothing aloud.
func (p *providers) listen(s *site) {
	if p.speaker == nil {
		return
	}
	silent := slog.New(slog.DiscardHandler)
	ctx, cancel := context.WithCancel(s.env.ctx)
	end := p.end
	p.end = func() { cancel(); end() }
	o := *p.speaker
	o.Player, o.Log = newPlayer(true, silent), silent
	p.working.Go(func() {
		dir, err := os.MkdirTemp("", "loa-demo-speaker-")
		if err == nil {
			defer os.RemoveAll(dir)
			o.Dir = dir
			var d *speaker.Device
			if d, err = speaker.New(o); err == nil {
				err = d.Run(ctx)
			}
		}
		if err != nil && ctx.Err() == nil {
			fmt.Fprintln(s.env.err, "loa:", fmt.Errorf("run the demo's loudspeaker: %w", err))
		}
	})
}

// publicPhone is the demo's own number: no subscriber of Việt Nam has one that begins like this.
const publicPhone = "+841990000000"

// furnish gives the demo's office what is no record of anybody: its settings, and the counts of what was sent.
func furnish(ctx context.Context, db *store.DB, b loa.Bulk) error {
	office := b.Offices[0]
	set, err := db.Settings(ctx, office.ID)
	if err != nil {
		return err
	}
	set.PublicPhone = publicPhone
	if err := db.SaveSettings(ctx, office.ID, b.By, set); err != nil {
		return err
	}
	scope, err := wholeOffice(ctx, db, office.ID, b.By.At)
	if err != nil {
		return err
	}
	for _, x := range b.Broadcasts {
		if x.State != loa.BroadcastDone {
			continue
		}
		if _, err := db.Tally(ctx, scope, x.ID, func() time.Time { return b.By.At }); err != nil {
			return err
		}
	}
	return nil
}
