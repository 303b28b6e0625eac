package speaker

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// fetchAll brings the recordings of the schedule, the soonest first, and tries again for as long as it makes sense.
func (d *Device) fetchAll(ctx context.Context) {
	c, letGo := d.waiter()
	defer letGo()
	for ctx.Err() == nil {
		it, next := d.toFetch()
		if it == nil {
			if !wait(ctx, c, next) {
				return
			}
			continue
		}
		d.fetchOne(ctx, it)
	}
}

// toFetch is the next play to fetch, or how long there is nothing to do.
func (d *Device) toFetch() (*item, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.o.Now()
	soon := time.Minute
	var best *item
	for _, it := range slices.Clone(d.k.Items) {
		if it.State != Accepted {
			continue
		}
		if now.After(it.Play.Expires) {
			d.end(it.Play.ID, Failed, ErrNotFetched, 0)
			continue
		}
		if wait := it.Next.Sub(now); wait > 0 {
			soon = min(soon, wait)
			continue
		}
		if best == nil || before(it, best) {
			best = it
		}
	}
	return best, soon
}

// rank orders priorities.
var rank = map[string]int{Normal: 0, Priority: 1, Emergency: 2}

// before says which of two plays comes first: the more pressing, then the earlier, then the one that came first.
func before(a, b *item) bool {
	switch {
	case rank[a.Play.Prio] != rank[b.Play.Prio]:
		return rank[a.Play.Prio] > rank[b.Play.Prio]
	case !a.Play.NotBefore.Equal(b.Play.NotBefore):
		return a.Play.NotBefore.Before(b.Play.NotBefore)
	}
	return a.Since.Before(b.Since)
}

func (d *Device) fetchOne(ctx context.Context, it *item) {
	d.mu.Lock()
	media := slices.Clone(it.Play.Media)
	d.mu.Unlock()
	var failed error
	for _, m := range media {
		if failed = d.shelf.fetch(ctx, m, d.o.Now()); failed != nil {
			break
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.find(it.Play.ID) != it || ctx.Err() != nil { // stopped meanwhile
		return
	}
	var wrong errMedia
	switch {
	case failed == nil:
		it.State = Downloaded
		d.tell(Ack{ID: it.Play.ID, State: Downloaded, At: d.o.Now()})
		needed := map[string]bool{}
		for _, other := range d.k.Items {
			for _, m := range other.Play.Media {
				needed[m.SHA256] = true
			}
		}
		d.shelf.clear(needed)
		d.changed()
		return
	case errors.As(failed, &wrong) && it.Tries > 0: // twice wrong is wrong
		d.end(it.Play.ID, Failed, string(wrong), 0)
		return
	}
	it.Tries++
	it.Next = d.o.Now().Add(min(d.o.Pause<<min(it.Tries-1, 8), 5*time.Minute))
	d.o.Log.Info("the recording did not come", "play", it.Play.ID, "error", failed)
}

// playAll plays what is due, one after the other.
func (d *Device) playAll(ctx context.Context) {
	c, letGo := d.waiter()
	defer letGo()
	for ctx.Err() == nil {
		it, next := d.toPlay()
		if it == nil {
			if !wait(ctx, c, next) {
				return
			}
			continue
		}
		d.playOne(ctx, it)
	}
}

// toPlay is what is due now, or how long nothing is.
func (d *Device) toPlay() (*item, time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.o.Now()
	soon := time.Minute
	var best *item
	for _, it := range slices.Clone(d.k.Items) {
		if it.State != Downloaded {
			continue
		}
		if now.After(it.Play.Expires) {
			d.end(it.Play.ID, Failed, ErrMissed, 0)
			continue
		}
		if wait := it.Play.NotBefore.Sub(now); wait > 0 {
			soon = min(soon, wait)
			continue
		}
		if best == nil || before(it, best) {
			best = it
		}
	}
	return best, soon
}

// playOne makes one play heard. An emergency that is ready meanwhile cuts it off.
func (d *Device) playOne(ctx context.Context, it *item) {
	heard, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	d.mu.Lock()
	it.State, d.current = Playing, &current{it, cancel}
	d.tell(Ack{ID: it.Play.ID, State: Playing, At: d.o.Now()})
	d.changed()
	volume := it.Play.Volume
	if volume == 0 {
		volume = d.k.Volume
	}
	d.mu.Unlock()
	if it.Play.Prio != Emergency {
		go d.giveWay(heard, cancel)
	}
	start := d.o.Now()
	err := d.hear(heard, it.Play, volume)
	played := d.o.Now().Sub(start)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.current = nil
	switch cause := context.Cause(heard); {
	case ctx.Err() != nil: // the power goes: it is played anew when it comes back
		it.State = Downloaded
		d.changed()
	case errors.Is(cause, errPreempted):
		d.end(it.Play.ID, Preempted, "", played)
	case errors.Is(cause, errStopped):
		d.end(it.Play.ID, Failed, ErrStopped, played)
	case err != nil:
		d.o.Log.Error("not heard", "play", it.Play.ID, "error", err)
		d.end(it.Play.ID, Failed, ErrPlayer, played)
	default:
		d.end(it.Play.ID, Played, "", played)
	}
}

// giveWay cuts the play off as soon as an emergency is ready.
func (d *Device) giveWay(heard context.Context, cancel context.CancelCauseFunc) {
	c, letGo := d.waiter()
	defer letGo()
	for heard.Err() == nil {
		if it, _ := d.toPlay(); it != nil && it.Play.Prio == Emergency {
			cancel(errPreempted)
			return
		}
		if !wait(heard, c, time.Second) {
			return
		}
	}
}

// hear plays the chime and the recordings, as often as is wanted.
func (d *Device) hear(ctx context.Context, p Play, volume int) error {
	if p.Chime {
		if err := d.o.Player.Play(ctx, d.chime, volume, chimeLength); err != nil {
			return err
		}
	}
	for n := range max(p.Repeat, 1) {
		if n > 0 && !wait(ctx, nil, time.Duration(p.Gap)*time.Second) {
			return ctx.Err()
		}
		for _, m := range p.Media {
			if err := d.o.Player.Play(ctx, d.shelf.path(m), volume, time.Duration(m.Millis)*time.Millisecond); err != nil {
				return err
			}
			if ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	return nil
}

// The chime: three falling tones of half a second.
const (
	chimeRate   = 22050
	chimeLength = 1500 * time.Millisecond
)

// makeChime writes the chime beside the schedule.
func (s *shelf) makeChime() (string, error) {
	path := filepath.Join(s.dir, "chime.wav")
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	n := int(chimeLength.Seconds() * chimeRate)
	raw := make([]byte, 0, 44+2*n)
	raw = append(raw, "RIFF"...)
	raw = binary.LittleEndian.AppendUint32(raw, uint32(36+2*n))
	raw = append(raw, "WAVEfmt "...)
	raw = binary.LittleEndian.AppendUint32(raw, 16)
	raw = binary.LittleEndian.AppendUint16(raw, 1)
	raw = binary.LittleEndian.AppendUint16(raw, 1)
	raw = binary.LittleEndian.AppendUint32(raw, chimeRate)
	raw = binary.LittleEndian.AppendUint32(raw, 2*chimeRate)
	raw = binary.LittleEndian.AppendUint16(raw, 2)
	raw = binary.LittleEndian.AppendUint16(raw, 16)
	raw = append(raw, "data"...)
	raw = binary.LittleEndian.AppendUint32(raw, uint32(2*n))
	for i := range n {
		tone := []float64{784, 659, 523}[i*3/n]
		into := float64(i%(n/3)) / chimeRate
		v := 12000 * math.Exp(-4*into) * math.Sin(2*math.Pi*tone*into)
		raw = binary.LittleEndian.AppendUint16(raw, uint16(int16(v)))
	}
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		return "", fmt.Errorf("write the chime: %w", err)
	}
	return path, nil
}
