package main

import (
	"context"
	"crypto/ecdsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"loa"
	"loa/auth"
	"loa/channel"
	"loa/channel/push"
	"loa/i18n"
	"loa/store"
)

// How notices go out. A service that does not answer in time holds up only those taken over with it.
const (
	noticeEvery    = 2 * time.Second
	noticeAtOnce   = 16
	noticeLease    = 3 * time.Minute
	noticePatience = 20 * time.Second
)

// pusher tells officers' own browsers what waits for them. Any number of processes share the queue: each notice is one process's.
type pusher struct {
	db        *store.DB
	sealer    *auth.Sealer // nil: nobody can be told
	now       func() time.Time
	log       *slog.Logger
	by        string
	client    *http.Client
	simulated string                            // the only service a demo calls; empty: those of the browsers' makers
	subscribe func(key string) loa.Subscription // a telephone of that service
	wake      chan struct{}

	mu   sync.Mutex
	keys map[loa.OfficeID]*ecdsa.PrivateKey
}

func newPusher(db *store.DB, sealer *auth.Sealer, now func() time.Time, log *slog.Logger, simulated string) *pusher {
	return &pusher{db: db, sealer: sealer, now: now, log: log, simulated: simulated, client: channel.Client(simulated != ""), by: fmt.Sprintf("%s-%d-%s", hostName(), os.Getpid(), loa.NewID()),
		wake: make(chan struct{}, 1), keys: map[loa.OfficeID]*ecdsa.PrivateKey{}}
}

func pushKeyPlace(office loa.OfficeID) auth.Place {
	return auth.Place{Office: string(office), Column: "push_key.private", Record: string(office)}
}

func devicePlace(office loa.OfficeID, id loa.DeviceID) auth.Place {
	return auth.Place{Office: string(office), Column: "push_device.sealed", Record: string(id)}
}

// Key is the public key an office's browsers subscribe to.
func (p *pusher) Key(ctx context.Context, office loa.OfficeID) (string, error) {
	key, err := p.key(ctx, office)
	if err != nil {
		return "", err
	}
	return push.Public(key)
}

// key is an office's key pair, made when it is first asked for.
func (p *pusher) key(ctx context.Context, office loa.OfficeID) (*ecdsa.PrivateKey, error) {
	if p.sealer == nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if key, ok := p.keys[office]; ok {
		return key, nil
	}
	_, sealed, err := p.db.PushKey(ctx, office, p.now(), func() (string, []byte, error) {
		key, err := push.NewKey()
		if err != nil {
			return "", nil, fmt.Errorf("make the key for browsers: %w", err)
		}
		raw, err := x509.MarshalECPrivateKey(key)
		if err != nil {
			return "", nil, fmt.Errorf("write the key for browsers: %w", err)
		}
		public, err := push.Public(key)
		if err != nil {
			return "", nil, err
		}
		sealed, err := p.sealer.Seal(pushKeyPlace(office), base64.StdEncoding.EncodeToString(raw))
		return public, sealed, err
	})
	if err != nil {
		return nil, err
	}
	plain, err := p.sealer.Open(pushKeyPlace(office), sealed)
	if err != nil {
		return nil, fmt.Errorf("open the key for browsers: %w", err)
	}
	raw, err := base64.StdEncoding.DecodeString(plain)
	if err != nil {
		return nil, fmt.Errorf("read the key for browsers: %w", err)
	}
	key, err := x509.ParseECPrivateKey(raw)
	if err != nil {
		return nil, fmt.Errorf("read the key for browsers: %w", err)
	}
	p.keys[office] = key
	return key, nil
}

// Seal makes where a device is reached fit to be kept; what could not be called is refused.
func (p *pusher) Seal(office loa.OfficeID, id loa.DeviceID, s loa.Subscription) (mark string, sealed []byte, err error) {
	if p.sealer == nil {
		return "", nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	if (push.Subscription{Endpoint: s.Endpoint, Key: s.Key, Auth: s.Auth}).Check(p.simulated != "") != nil || p.simulated != "" && !strings.HasPrefix(s.Endpoint, p.simulated+"/") {
		return "", nil, loa.Refuse(loa.Invalid, "", "device_unusable")
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return "", nil, fmt.Errorf("write where a device is reached: %w", err)
	}
	sealed, err = p.sealer.Seal(devicePlace(office, id), string(raw))
	return auth.TokenHash(s.Endpoint), sealed, err
}

// Simulate makes a telephone at the service of a demo; false where there is none.
func (p *pusher) Simulate(ctx context.Context, office loa.OfficeID) (s loa.Subscription, ok bool, err error) {
	if p.subscribe == nil {
		return s, false, nil
	}
	key, err := p.Key(ctx, office)
	if err != nil {
		return s, false, err
	}
	return p.subscribe(key), true, nil
}

// Wake lets what was just queued go out now.
func (p *pusher) Wake() {
	select {
	case p.wake <- struct{}{}:
	default: // it is awake already
	}
}

// run tells what is due until ctx ends.
func (p *pusher) run(ctx context.Context) {
	if p.sealer == nil {
		return
	}
	tick := time.NewTicker(noticeEvery)
	defer tick.Stop()
	for {
		p.send(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-p.wake:
		}
	}
}

// send tells everything that is due now, some at the same time.
func (p *pusher) send(ctx context.Context) {
	for ctx.Err() == nil {
		list, err := p.db.ClaimNotices(ctx, p.by, p.now(), noticeLease, noticeAtOnce)
		if err != nil && ctx.Err() == nil {
			p.log.Error("look for what officers are told", "error", err)
		}
		if len(list) == 0 {
			return
		}
		var all sync.WaitGroup
		for _, n := range list {
			all.Go(func() {
				end, cancel := context.WithTimeout(context.WithoutCancel(ctx), noticePatience) // what is on its way is not broken off
				defer cancel()
				code, gone, err := p.tell(end, &n)
				if err != nil {
					p.log.Warn("an officer was not told", "kind", n.Kind, "device", n.Device, "code", code, "error", err)
				}
				if err := p.db.SettleNotice(context.WithoutCancel(ctx), p.by, p.now(), n.Notice, gone); err != nil {
					p.log.Error("note what an officer was told", "error", err)
				}
			})
		}
		all.Wait()
	}
}

// tell hands one notice over and writes into it what became of it.
func (p *pusher) tell(ctx context.Context, n *store.DueNotice) (code string, gone bool, err error) {
	n.State = loa.NoticeFailed
	s, err := p.sender(ctx, n)
	if err != nil {
		n.Code = "not_opened"
		return n.Code, false, err
	}
	err = s.Send(ctx, s.to, words(n))
	if errors.Is(err, push.ErrGone) {
		n.Code = "gone"
		return n.Code, true, nil
	}
	outcome, failure := channel.OutcomeOf(channel.Receipt{}, err, false)
	if failure != nil {
		if n.Code = failure.Code; n.Code == "" {
			n.Code = string(failure.Kind)
		}
	}
	switch outcome {
	case channel.Sent:
		n.State, n.Code = loa.NoticeSent, ""
	case channel.Waiting:
		n.State = loa.NoticeUnsure // it may show already: nobody is told twice
	case channel.Retry:
		if again := loa.NoticeAgain(p.now(), n.Tries, failure.After); again.Before(n.Until) {
			n.State, n.NotBefore = loa.NoticeQueued, again
		}
	}
	return n.Code, false, err
}

// reach is a sender with the one it sends to.
type reach struct {
	push.Sender
	to push.Subscription
}

func (p *pusher) sender(ctx context.Context, n *store.DueNotice) (reach, error) {
	key, err := p.key(ctx, n.Office)
	if err != nil {
		return reach{}, err
	}
	plain, err := p.sealer.Open(devicePlace(n.Office, n.Device), n.Sealed)
	if err != nil {
		return reach{}, fmt.Errorf("open where a device is reached: %w", err)
	}
	var to loa.Subscription
	if err := json.Unmarshal([]byte(plain), &to); err != nil {
		return reach{}, fmt.Errorf("read where a device is reached: %w", err)
	}
	contact := "mailto:loa@localhost"
	if strings.HasPrefix(to.Origin, "https://") {
		contact = to.Origin // a service that wants to complain finds the office there
	}
	return reach{push.Sender{HTTP: p.client, Now: p.now, Key: key, Contact: contact, Private: p.simulated != ""}, push.Subscription{Endpoint: to.Endpoint, Key: to.Key, Auth: to.Auth}}, nil
}

// words are what a browser shows: that something waits, and where. Of whom or what it is about they tell nothing, because a telephone on a
// table shows them to everybody.
func words(n *store.DueNotice) push.Notice {
	kind := string(n.Kind)
	return push.Notice{Kind: kind, Lang: n.Language, Title: i18n.Text(n.Language, "notice."+kind+".title"), Text: i18n.Text(n.Language, "notice."+kind+".text"), URL: n.Path(), Tag: kind + "-" + n.Record, High: n.Pressing,
		Topic: auth.TokenHash(kind + n.Record)[:32]}
}
