package main

import (
	"context"
	"time"

	"loa"
	"loa/channel"
	"loa/channel/loudspeaker"
	"loa/sending"
	"loa/store"
)

// speakers are an office's loudspeakers as their broker asks for them.
type speakers struct {
	db       *store.DB
	composer *composer
}

// driverOf is the driver of a kind of account; that of loudspeakers asks the database about its devices.
func (a *accounts) driverOf(kind string) (channel.Driver, bool) {
	if kind == "loudspeaker" {
		return loudspeaker.Driver(speakers{a.db, newComposer(a.db, a.now, a.public)}), true
	}
	return driverOf(kind)
}

// Device is one of an account's devices.
func (s speakers) Device(ctx context.Context, account, name string) (loudspeaker.Device, bool, error) {
	x, err := s.db.SpeakerByDevice(ctx, loa.ChannelID(account), name)
	if loa.KindOf(err) == loa.NotFound {
		return loudspeaker.Device{}, false, nil
	}
	return loudspeaker.Device{Secret: x.Secret, Group: string(x.Area), Volume: x.Volume}, err == nil, err
}

// Schedule are the messages a device has still to play.
func (s speakers) Schedule(ctx context.Context, account, name string, from, until time.Time) ([]channel.Message, error) {
	x, err := s.db.SpeakerByDevice(ctx, loa.ChannelID(account), name)
	if loa.KindOf(err) == loa.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	list, err := s.db.SpeakerSchedule(ctx, x.ID, from, until)
	if err != nil {
		return nil, err
	}
	ids := make([]loa.DeliveryID, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	plays, err := s.db.PlaysOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	var out []channel.Message
	for _, d := range list {
		b, err := s.composer.of(ctx, d.Broadcast, d.Office)
		if err != nil {
			return nil, err
		}
		if b.err != nil {
			continue // what may not be said any more leaves the schedule
		}
		m, err := b.words.Message(d, loa.Reader{Langs: x.Languages})
		if err != nil {
			continue
		}
		if o, ok := b.broad.Outlet(d.Rung); ok { // at the moment it was planned for, and not beyond the hours of that day
			if at := plays[d.ID].At; !o.At.IsZero() {
				m.NotBefore = at
			}
			m.Expires = sooner(m.Expires, sending.When(b.broad, o, plays[d.ID].At, b.rules).Until)
		}
		out = append(out, m)
	}
	return out, nil
}

// Changed are the devices to be told of something.
func (s speakers) Changed(ctx context.Context, account string, since time.Time) ([]string, error) {
	return s.db.SpeakersChanged(ctx, loa.ChannelID(account), since)
}

// Seen notes who is connected.
func (s speakers) Seen(ctx context.Context, account string, names []string, at time.Time) error {
	return s.db.SpeakersSeen(ctx, loa.ChannelID(account), names, at)
}

// hearSpeakers takes in what loudspeakers told: of themselves, and of what they played. Told twice it changes nothing.
func (a *accounts) hearSpeakers(ctx context.Context, c loa.Channel, events []channel.Event) error {
	var words []store.PlayWord
	for _, e := range events {
		if e.Network != loa.SpeakerNetwork {
			continue
		}
		if e.Kind == channel.EventDevice {
			if err := a.db.HearSpeaker(ctx, c.ID, e.From, e.Text == "online", e.Report, e.At); err != nil {
				return err
			}
			continue
		}
		h, err := sending.Heard(c.ID, e)
		if err != nil {
			return err
		}
		if h.Delivery != "" {
			words = append(words, store.PlayWord{Delivery: h.Delivery, State: loa.PlayState(e.Text), Why: e.Code, PlayedMS: e.Millis, At: e.At})
		}
	}
	if len(words) == 0 {
		return nil
	}
	_, err := a.db.HearPlays(ctx, words)
	return err
}

// missedAfter is how long after its time a play counts as missed when nobody tells anything.
const missedAfter = 2 * time.Hour

// missPlays marks what was missed, what was stopped, and what the ledger knows of plays that no device tells of.
func (e *engine) missPlays(ctx context.Context) error {
	if _, err := e.db.FollowDeliveries(ctx, e.now()); err != nil {
		return err
	}
	_, err := e.db.MissPlays(ctx, e.now(), missedAfter)
	return err
}
