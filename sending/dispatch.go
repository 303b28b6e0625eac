package sending

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"loa"
	"loa/channel"
)

// Store is the part of the database the dispatcher needs.
type Store interface {
	ClaimDeliveries(ctx context.Context, c loa.Claim) (loa.Claimed, error)
	SettleDeliveries(ctx context.Context, id loa.ClaimID, done []loa.Delivery, next *loa.Claim) (loa.Claimed, error)
	Halt(ctx context.Context, id loa.ChannelID, code string, at time.Time) error
	ReleaseLost(ctx context.Context, now time.Time) (int64, error)
}

// Account is one configured account of a network, opened.
type Account struct {
	ID         loa.ChannelID
	Adapter    channel.Adapter
	Repeatable time.Duration // for how long the provider drops a message it had
	SameDay    bool          // and only until midnight
}

// Composer makes the messages of deliveries: the words in the person's language with the figures of the day. It looks at everything anew,
// so that whoever refused meanwhile is not told: such a delivery comes back without Send and in the state it is written down with.
type Composer interface {
	Compose(ctx context.Context, list []loa.Delivery, now time.Time) ([]Composed, error)
}

// Composed is a message ready to send, or a delivery that is not to be sent.
type Composed struct {
	Delivery loa.Delivery
	Message  channel.Message
	Send     bool
	Part     int64 // đồng for one part of an SMS, where the provider does not say what it cost; 0: not known
}

// Dispatcher sends what is due over one account after another.
type Dispatcher struct {
	Store    Store
	Composer Composer
	Now      func() time.Time
	By       string        // names the process
	Group    int           // how many messages are claimed and settled at once: no more than that are unsure after a power cut
	Large    int           // the same over an account that drops what it had, where nothing is unsure; 0: no larger group
	Width    int           // how many of them are on their way at once
	Lease    time.Duration // after which another process takes over what this one claimed
	Patience time.Duration // how long one message may take
	Begin    time.Duration // within which the messages of a group are begun; the rest go back, so that a pause holds within it and a lease outlasts what is on its way
}

// waits are how long after a failed try the next follows, by how often it was tried.
var waits = []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour}

// Turn sends what one account has due, until there is nothing more, the pace lets nothing through, or most messages are sent. It answers
// with how many were tried and when to come back; a zero time means that nothing is due.
func (d *Dispatcher) Turn(ctx context.Context, a Account, most int) (tried int, again time.Time, err error) {
	size, first := d.Group, d.claim(a, d.Group)
	at := first.Now // of the claim
	got, err := d.Store.ClaimDeliveries(ctx, first)
	for err == nil && len(got.Deliveries) > 0 {
		tried += len(got.Deliveries)
		var done []loa.Delivery
		var halted *channel.Error
		var rest time.Time
		done, halted, rest, err = d.group(ctx, a, got.Deliveries, at)
		if err != nil {
			return tried, again, err // what was claimed stays as it was written: its lease ends, or somebody settles it
		}
		size = d.size(a, size, done)
		var next *loa.Claim
		none := !slices.ContainsFunc(done, func(x loa.Delivery) bool { return !x.Untried }) // as slow as that, others come first
		if halted == nil && rest.IsZero() && tried < most && ctx.Err() == nil && !none {
			c := d.claim(a, size)
			next, at = &c, c.Now
		}
		got, err = d.settle(ctx, got.ID, done, next)
		if err == nil && halted != nil {
			err = d.Store.Halt(context.WithoutCancel(ctx), a.ID, halted.Code, d.Now())
		}
		if next == nil && err == nil {
			if most := d.Now().Add(restMost); rest.After(most) {
				rest = most
			}
			return tried, latest(d.Now(), rest), nil
		}
	}
	if err != nil {
		return tried, again, fmt.Errorf("send over %s: %w", a.ID, err)
	}
	return tried, got.Again, nil
}

// settle writes the truth even when everything stops, and tries again when the database is not there just now: what is not written is
// unsure, or sent again.
func (d *Dispatcher) settle(ctx context.Context, id loa.ClaimID, done []loa.Delivery, next *loa.Claim) (got loa.Claimed, err error) {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), 30*time.Second)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		if got, err = d.Store.SettleDeliveries(patient, id, done, next); err == nil || wait > 2*time.Second {
			return got, err
		}
		select {
		case <-patient.Done():
			return got, err
		case <-time.After(wait):
		}
	}
}

func (d *Dispatcher) claim(a Account, size int) loa.Claim {
	return loa.Claim{Channel: a.ID, By: d.By, Now: d.Now(), Lease: d.Lease, Most: size, Repeatable: a.Repeatable > 0}
}

// size is how many are claimed next: no more than were begun in time, and twice as many where all were.
func (d *Dispatcher) size(a Account, size int, done []loa.Delivery) int {
	most := d.Group
	if a.Repeatable > 0 {
		most = max(most, d.Large)
	}
	left := 0
	for i := range done {
		if done[i].Untried {
			left++
		}
	}
	if left > 0 {
		return max(len(done)-left, min(d.Width, d.Group))
	}
	return min(2*size, most)
}

// restMost is how long an account rests at most before one group finds out anew: somebody may have bought more quota meanwhile.
const restMost = time.Minute

// latest is the later of two moments.
func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// group sends one group at once and says what became of each, and until when the account as a whole is to rest; zero: it need not.
// Nothing is begun that might outlast the claim of that moment: it would be another's by then.
func (d *Dispatcher) group(ctx context.Context, a Account, list []loa.Delivery, at time.Time) (done []loa.Delivery, halted *channel.Error, rest time.Time, err error) {
	ready, err := d.Composer.Compose(ctx, list, d.Now())
	if err == nil && len(ready) != len(list) {
		err = fmt.Errorf("%d of %d came back", len(ready), len(list))
	}
	if err != nil {
		return nil, nil, rest, fmt.Errorf("make the messages: %w", err)
	}
	begun := d.Now()
	done = make([]loa.Delivery, len(ready))
	faults := make([]*channel.Error, len(ready))
	var all sync.WaitGroup
	var next atomic.Int64
	var halt atomic.Bool // the account does not work, or wants less: what has not begun need not find that out too
	for range min(d.Width, len(ready)) {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < len(ready); i = int(next.Add(1)) - 1 {
				switch {
				case !ready[i].Send:
					done[i] = ready[i].Delivery
				case halt.Load() || ctx.Err() != nil || d.Begin > 0 && d.Now().Sub(begun) > d.Begin || d.Lease > d.Patience && d.Now().Sub(at) > d.Lease-d.Patience:
					done[i] = untried(ready[i].Delivery)
				default:
					if done[i], faults[i] = d.one(ctx, a, ready[i]); faults[i] != nil && (faults[i].Kind == channel.Misconfigured || tooFast(faults[i])) {
						halt.Store(true)
					}
				}
			}
		})
	}
	all.Wait()
	for i, f := range faults {
		switch {
		case f == nil:
		case f.Kind == channel.Misconfigured:
			halted = f
		case tooFast(f):
			rest = latest(rest, done[i].NotBefore)
		}
	}
	return done, halted, rest, nil
}

// tooFast says that the whole account is to wait, and no message of it is at fault.
func tooFast(f *channel.Error) bool { return f.Kind == channel.Throttled && f.About == channel.Account }

// untried gives a message back that was claimed and not begun: it may have been paused, stopped or become quiet hours since.
func untried(d loa.Delivery) loa.Delivery {
	d.State, d.Tries, d.Untried = loa.DeliveryQueued, d.Tries-1, true
	return d
}

// one sends one message. Whatever the adapter does, the outcome is written.
func (d *Dispatcher) one(ctx context.Context, a Account, c Composed) (out loa.Delivery, fault *channel.Error) {
	patient, cancel := context.WithTimeout(context.WithoutCancel(ctx), d.Patience) // a message on its way is not torn off when the program stops
	defer cancel()
	now := d.Now()
	first := c.Delivery.FirstAt.IsZero() // no earlier try may have arrived
	if first {
		c.Delivery.FirstAt = now
	} else if a.Repeatable > 0 && !a.drops(c.Delivery.FirstAt, now) {
		if known, settled := inquire(patient, a, c, now); settled {
			return known, nil
		}
	}
	var r channel.Receipt
	err := errors.New("the adapter broke down")
	func() {
		defer func() {
			if broken := recover(); broken != nil {
				err = fmt.Errorf("the adapter broke down: %v", broken)
			}
		}()
		if err = unfit(patient, a.Adapter, c.Message); err == nil {
			r, err = a.Adapter.Send(patient, c.Message)
		}
	}()
	out, fault = settled(c.Delivery, r, err, a.drops(c.Delivery.FirstAt, d.Now()), d.Now())
	if out.State == loa.DeliverySent && out.Cost == 0 {
		out.Cost = c.Part * int64(out.Parts)
	}
	if out.State == loa.DeliveryQueued && first && fault != nil && fault.Kind != channel.Unsure {
		out.FirstAt = time.Time{} // nothing left: the next try is the first that may arrive
	}
	return out, fault
}

// drops says whether the provider still drops a message it may have had since a moment.
func (a Account) drops(since, now time.Time) bool {
	return a.Repeatable > 0 && now.Sub(since) < a.Repeatable && (!a.SameDay || loa.DayOf(since) == loa.DayOf(now))
}

// inquire finds out what became of an earlier try that the provider would not drop any more; settled is false when it never came, and it may
// be sent. Where nobody can tell, it stays unsure.
func inquire(ctx context.Context, a Account, c Composed, now time.Time) (out loa.Delivery, settled bool) {
	out = c.Delivery
	out.State = loa.DeliveryUnsure
	asker, can := a.Adapter.(channel.Inquirer)
	if !can {
		return out, true
	}
	events, err := asker.Inquire(ctx, c.Message, out.Ref)
	switch {
	case errors.Is(err, channel.ErrNotKnown):
		return c.Delivery, false
	case err != nil || len(events) == 0:
		return out, true
	}
	for _, e := range events {
		if to := states[e.Kind]; to != "" {
			out.Hears(to, now)
		}
		if e.Ref != "" {
			out.Ref = e.Ref
		}
	}
	if out.SentAt.IsZero() && out.State != loa.DeliveryUnsure && out.State != loa.DeliveryFailed {
		out.SentAt = now
	}
	return out, true
}

// unfit looks once more whether a registered template still takes what it is filled with, and is still one: nothing has left yet. What
// cannot be found out just now is for the provider to say.
func unfit(ctx context.Context, adapter channel.Adapter, m channel.Message) error {
	v, can := adapter.(channel.Verifier)
	if !can || m.Template == "" {
		return nil
	}
	err := v.Verify(ctx, m)
	var e *channel.Error
	if errors.As(err, &e) && e.Kind == channel.Rejected {
		return err
	}
	return nil
}

// settled is a delivery after a try.
func settled(d loa.Delivery, r channel.Receipt, err error, repeatable bool, now time.Time) (loa.Delivery, *channel.Error) {
	outcome, fault := channel.OutcomeOf(r, err, repeatable)
	if outcome == channel.Retry || outcome == channel.Halted { // the steps before this one stand
		if r.Resume == "" {
			r.Resume = d.Resume
		}
		if r.Ref == "" {
			r.Ref = d.Ref
		}
	}
	d.Ref, d.Resume, d.Cost, d.Parts, d.Code = r.Ref, r.Resume, r.Cost, r.Parts, ""
	if fault != nil {
		d.Code = fault.Code
		if d.Code == "" {
			d.Code = string(fault.Kind)
		}
		d.BadNumber = fault.Kind == channel.Rejected && fault.About == channel.Address
	}
	switch outcome {
	case channel.Sent:
		d.State, d.SentAt = loa.DeliverySent, now
	case channel.Arrived:
		d.State, d.SentAt, d.DoneAt = loa.DeliveryDelivered, now, now
	case channel.Going:
		d.State, d.NotBefore = loa.DeliveryQueued, now.Add(r.After)
	case channel.Waiting:
		d.State = loa.DeliveryUnsure
	case channel.Failed:
		d.State, d.DoneAt = loa.DeliveryFailed, now
	case channel.Refused:
		d.State, d.DoneAt = loa.DeliveryRefused, now
	case channel.Halted: // nothing is wrong with the message: it waits for a person to mend the account
		d.State, d.NotBefore = loa.DeliveryQueued, now
	case channel.Retry:
		d.State, d.NotBefore = loa.DeliveryQueued, later(d.Tries, fault, now)
		switch {
		case d.Tries <= len(waits) || fault.Kind == channel.Throttled: // being asked to wait is no failure
		case fault.Kind == channel.Unsure: // one of the tries may have arrived
			d.State = loa.DeliveryUnsure
		default:
			d.State, d.DoneAt = loa.DeliveryFailed, now
		}
	}
	return d, fault
}

// later is when the next try follows: as the provider says, or after the longer the more often it failed.
func later(tries int, fault *channel.Error, now time.Time) time.Time {
	at := now.Add(waits[min(max(tries, 1), len(waits))-1])
	if fault.After > 0 {
		at = now.Add(fault.After)
	}
	if fault.At.After(now) {
		at = fault.At
	}
	return at
}
