package fake

import (
	"context"
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

// smppName is the message centre, as the ledger and the faults name it.
const smppName = "smpp"

// SMPP is a message centre that speaks SMPP 3.4, with one account.
type SMPP struct {
	SMPPSettings
	w *World

	next    uint32
	calls   calls
	second  int64
	begun   map[string]*smppWhole
	waiting []parked // what could not be told while nobody was bound

	links sync.Mutex // over the connections; the world's lock is never asked for while it is held
	open  map[*smppLink]bool
	bound []*smppLink // those that hear reports, in the order they came
}

// SMPPSettings is what an operator of the fake may change.
type SMPPSettings struct {
	SystemID  string   `json:"system_id"`
	Password  string   `json:"password"`
	Senders   []string `json:"senders"`    // names that may be sent from: 0x0A for another
	ShortCode string   `json:"short_code"` // the number people write to: nobody can write back to a name
	MaxBinds  int      `json:"max_binds"`  // connections at once: 0x05 for one more
	PerSecond int      `json:"per_second"` // 0x58; 0 for no end
	Refused   []Ruled  `json:"refused"`    // telephones that are refused, with the status
	Report    Duration `json:"report_after"`
	Decimal   bool     `json:"decimal_in_report"` // a number that was hexadecimal in the answer is decimal in the report
	NoTags    bool     `json:"no_tags"`           // reports tell all in their text, nothing in optional parameters
	State     string   `json:"state"`             // what reports say of telephones that are on; DELIVRD
	Price     int64    `json:"price"`
}

// Ruled is what becomes of the addresses that a pattern fits, in which * stands for anything.
type Ruled struct {
	Match string `json:"match"`
	Code  string `json:"code"`
}

func newSMPP(w *World) *SMPP {
	return &SMPP{w: w, next: 0x1a2b3c4d, begun: map[string]*smppWhole{}, open: map[*smppLink]bool{}, SMPPSettings: SMPPSettings{
		SystemID: "loa", Password: "secret", Senders: []string{"BHXH"}, ShortCode: "8079", MaxBinds: 4, Report: Duration(3 * time.Second), State: "DELIVRD", Price: 400,
	}}
}

// Serve answers at l until ctx ends, and closes every connection then.
func (s *SMPP) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() {
		l.Close()
		s.Drop()
	})
	defer stop()
	var all sync.WaitGroup
	defer all.Wait()
	for {
		conn, err := l.Accept()
		if err != nil {
			s.Drop()
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return nil
			}
			return err
		}
		k := &smppLink{centre: s, conn: conn, asked: map[uint32]chan smppPDU{}, gone: make(chan struct{})}
		s.links.Lock()
		s.open[k] = true
		s.links.Unlock()
		if ctx.Err() != nil {
			k.close()
		}
		all.Go(func() { k.serve(ctx) })
	}
}

// Drop tears every connection off, without a word.
func (s *SMPP) Drop() {
	s.links.Lock()
	defer s.links.Unlock()
	for k := range s.open {
		k.close()
	}
}

// Unbind takes leave of everybody who is bound, as a centre does before its maintenance.
func (s *SMPP) Unbind(ctx context.Context) {
	for _, k := range s.hearers() {
		_, _ = k.ask(ctx, smppPDU{command: smppUnbind})
		k.close()
	}
}

// Enquire asks everybody who is bound whether they are there, and counts those who say so.
func (s *SMPP) Enquire(ctx context.Context) int {
	there := 0
	for _, k := range s.hearers() {
		if a, err := k.ask(ctx, smppPDU{command: smppEnquire}); err == nil && a.command == smppEnquire|smppAnswer {
			there++
		}
	}
	return there
}

// Bound counts the connections that hear reports.
func (s *SMPP) Bound() int { return len(s.hearers()) }

func (s *SMPP) hearers() []*smppLink {
	s.links.Lock()
	defer s.links.Unlock()
	return slices.Clone(s.bound)
}

func (s *SMPP) forget(k *smppLink) {
	s.links.Lock()
	defer s.links.Unlock()
	delete(s.open, k)
	s.bound = slices.DeleteFunc(s.bound, func(x *smppLink) bool { return x == k })
}

// smppPatience is how long a centre waits for the answer to what it tells.
const smppPatience = 10 * time.Second

// notKept is how a report is noted that the account did not want just now: it comes again.
const notKept = 500

var (
	errUnbound = errors.New("nobody is bound")
	errSilent  = errors.New("no answer")
	errTornOff = errors.New("the connection is gone")
)

// tell hands a report or a message to one of those who are bound. What nobody can hear waits until somebody binds.
func (s *SMPP) tell(ctx context.Context, h webhook) (int, error) {
	hearers := s.hearers()
	if len(hearers) == 0 {
		return 0, errUnbound
	}
	a, err := hearers[0].ask(ctx, smppPDU{command: smppDeliver, body: h.body})
	switch {
	case err != nil:
		return 0, err
	case a.status != smppOK || a.command != smppDeliver|smppAnswer:
		return notKept, nil
	}
	return 200, nil
}

// parked is what waits for somebody to bind.
type parked struct {
	h     webhook
	fault Action
}

// park keeps what nobody could hear until somebody binds.
func (s *SMPP) park(h webhook, fault Action) {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	if s.Bound() > 0 { // somebody bound just now
		s.w.later(s.w.try(task{due: s.w.Clock.Now()}, h, fault))
		return
	}
	s.waiting = append(s.waiting, parked{h, fault})
}

// unpark plans what waited; there is somebody bound.
func (s *SMPP) unpark() {
	s.w.mu.Lock()
	defer s.w.mu.Unlock()
	for _, p := range s.waiting {
		s.w.later(s.w.try(task{due: s.w.Clock.Now()}, p.h, p.fault))
	}
	s.waiting = nil
}

// post plans what the centre tells; w.mu must be held.
func (s *SMPP) post(at time.Time, event string, m smppShort) {
	minute := time.Minute
	s.w.post(at, webhook{provider: smppName, event: event, method: "SMPP", url: "/deliver_sm", body: m.bytes(), patience: smppPatience, carrier: s.tell,
		again: []time.Duration{5 * time.Second, 30 * time.Second, minute, 5 * minute, 15 * minute, time.Hour, 6 * time.Hour, 24 * time.Hour}})
}
