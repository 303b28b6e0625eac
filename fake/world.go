package fake

import (
	"container/heap"
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// World is all the providers and the people behind them.
type World struct {
	Clock  *Clock
	Ledger *Ledger
	Faults *Faults

	Zalo     *Zalo
	Facebook *Facebook
	ESMS     *ESMS
	SpeedSMS *SpeedSMS
	VNPT     *VNPT
	Viettel  *Viettel
	SMPP     *SMPP
	Mail     *Mail
	Push     *Push

	mu        sync.Mutex // over all that follows, and over the providers
	made      uint64
	planned   planned
	villagers map[string]*Villager // by ID, PSID, telephone and mail address
	order     []*Villager
	client    *http.Client
}

// NewWorld makes a world whose clock stands at start and can run by the real one handed in, which may be nil.
func NewWorld(start time.Time, real func() time.Time) *World {
	w := &World{
		Clock: &Clock{base: start.In(zone), real: real}, Ledger: &Ledger{}, Faults: &Faults{}, villagers: map[string]*Villager{},
		client: &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	w.Zalo, w.Facebook = newZalo(w), newFacebook(w)
	w.ESMS, w.SpeedSMS, w.VNPT, w.Viettel = newESMS(w), newSpeedSMS(w), newVNPT(w), newViettel(w)
	w.SMPP, w.Mail = newSMPP(w), newMail(w)
	w.Push = newPush(w)
	return w
}

// Change lets do alter the settings of the providers while they serve.
func (w *World) Change(do func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	do()
}

// Handler mounts all the providers and their control.
func (w *World) Handler() http.Handler {
	m := http.NewServeMux()
	w.Zalo.routes(m)
	w.Facebook.routes(m)
	w.ESMS.routes(m)
	w.SpeedSMS.routes(m)
	w.VNPT.routes(m)
	w.Viettel.routes(m)
	w.Push.routes(m)
	w.control(m)
	return m
}

// number makes a decimal ID of 19 digits, greater than any a float can hold.
func (w *World) number() string {
	w.made++
	return fmt.Sprint(1_000_000_000_000_000_000 + mix(w.made)%8_000_000_000_000_000_000)
}

// hex makes an ID of 20 hexadecimal digits.
func (w *World) hex() string {
	w.made++
	return fmt.Sprintf("%016x%04x", mix(w.made), w.made&0xffff)
}

// task is something that happens later in the world: a webhook, a reply, a receipt.
type task struct {
	due  time.Time
	last bool // after the others of its time, and in reverse
	seq  uint64
	do   func(context.Context)
}

type planned []task

func (p planned) Len() int      { return len(p) }
func (p planned) Swap(i, j int) { p[i], p[j] = p[j], p[i] }
func (p planned) Less(i, j int) bool {
	a, b := p[i], p[j]
	switch {
	case !a.due.Equal(b.due):
		return a.due.Before(b.due)
	case a.last != b.last:
		return b.last
	}
	return a.seq < b.seq != a.last
}
func (p *planned) Push(t any) { *p = append(*p, t.(task)) }
func (p *planned) Pop() any {
	old := *p
	t := old[len(old)-1]
	*p = old[:len(old)-1]
	return t
}

// later plans a task; w.mu must be held.
func (w *World) later(t task) {
	w.made++
	t.seq = w.made
	heap.Push(&w.planned, t)
}

// Deliver does everything that is due by now: webhooks, receipts, villagers' replies. It returns how much it did.
func (w *World) Deliver(ctx context.Context) int { return w.deliver(ctx, w.Clock.Now()) }

// Advance moves the clock forward and does everything that falls due on the way, each at its own time.
func (w *World) Advance(ctx context.Context, d time.Duration) int {
	until := w.Clock.Now().Add(d)
	n := w.deliver(ctx, until)
	w.Clock.reach(until)
	return n
}

func (w *World) deliver(ctx context.Context, until time.Time) int {
	n := 0
	for ctx.Err() == nil {
		w.mu.Lock()
		if len(w.planned) == 0 || w.planned[0].due.After(until) {
			w.mu.Unlock()
			break
		}
		t := heap.Pop(&w.planned).(task)
		w.mu.Unlock()
		w.Clock.reach(t.due)
		t.do(ctx)
		n++
	}
	return n
}

// Run delivers what falls due, every so often, until ctx ends.
func (w *World) Run(ctx context.Context, every time.Duration) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			w.Deliver(ctx)
		}
	}
}
