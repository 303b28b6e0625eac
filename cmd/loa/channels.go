package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"loa"
	"loa/auth"
	"loa/channel"
	"loa/channel/email"
	"loa/channel/facebook"
	"loa/channel/loudspeaker"
	"loa/channel/smpp"
	"loa/channel/sms"
	"loa/channel/zalo"
	"loa/sending"
	"loa/store"
)

// drivers are the networks this program speaks, in the order in which a settings page offers them. Adding one takes its folder, a line
// here, and its words in the catalogues.
var drivers = []channel.Driver{zalo.Driver, facebook.Driver, sms.ESMS, sms.SpeedSMS, sms.VNPT, sms.Viettel, smpp.Driver, email.Driver, loudspeaker.Driver(nil), loudspeaker.AxisDriver}

// driverOf is the driver of a kind of account.
func driverOf(kind string) (channel.Driver, bool) {
	for _, d := range drivers {
		if d.Kind == kind {
			return d, true
		}
	}
	return channel.Driver{}, false
}

// accounts opens the accounts of all offices and keeps them open until their settings change.
type accounts struct {
	db     *store.DB
	sealer *auth.Sealer
	now    func() time.Time
	log    *slog.Logger
	public string // the address by which the world reaches this program; empty: not at all
	wake   chan struct{}

	mu    sync.Mutex
	open  map[loa.ChannelID]opened
	holds func(id loa.ChannelID, change int64) bool // whether this process keeps the connection of an account; nil: it sends nothing
}

// opened is an account with its adapter, as its settings stood at a change.
type opened struct {
	account loa.Channel
	driver  channel.Driver
	adapter channel.Adapter
}

func newAccounts(db *store.DB, sealer *auth.Sealer, now func() time.Time, log *slog.Logger, public string) *accounts {
	return &accounts{db: db, sealer: sealer, now: now, log: log, public: strings.TrimSuffix(public, "/"), wake: make(chan struct{}, 1), open: map[loa.ChannelID]opened{}}
}

// Drivers are the kinds of accounts.
func (a *accounts) Drivers() []channel.Driver { return drivers }

// Settings are an account's saved answers.
func (a *accounts) Settings(c loa.Channel) (channel.Settings, error) {
	return a.unseal(c.Office, c.ID, c.Settings)
}

func (a *accounts) unseal(office loa.OfficeID, id loa.ChannelID, sealed []byte) (channel.Settings, error) {
	if a.sealer == nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	plain, err := a.sealer.Open(auth.Place{Office: string(office), Column: settingsColumn, Record: string(id)}, sealed)
	if err != nil {
		return nil, fmt.Errorf("open the settings of %s: %w", id, err)
	}
	var s channel.Settings
	if err := json.Unmarshal([]byte(plain), &s); err != nil {
		return nil, fmt.Errorf("read the settings of %s: %w", id, err)
	}
	return s, nil
}

// Seal makes answers fit to be kept.
func (a *accounts) Seal(office loa.OfficeID, id loa.ChannelID, s channel.Settings) ([]byte, error) {
	if a.sealer == nil {
		return nil, loa.Refuse(loa.Conflict, "", "no_key")
	}
	raw, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("write the settings: %w", err)
	}
	return a.sealer.Seal(auth.Place{Office: string(office), Column: settingsColumn, Record: string(id)}, string(raw))
}

// Open is the account as it is saved now; adapters stay open until somebody changes their settings.
func (a *accounts) Open(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	o, err := a.account(ctx, id)
	return o.driver, o.adapter, err
}

// heldBy lets the loop of this process say whose connections it keeps.
func (a *accounts) heldBy(holds func(id loa.ChannelID, change int64) bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holds = holds
}

// OpenHeld is an account that may be asked how it stands: one with a connection is there for the process that keeps it, since any other
// knows only that it has none. nil where there is nobody to ask.
func (a *accounts) OpenHeld(ctx context.Context, id loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	o, err := a.account(ctx, id)
	if err != nil {
		return o.driver, nil, err
	}
	a.mu.Lock()
	holds := a.holds
	a.mu.Unlock()
	if _, runs := o.adapter.(channel.Runner); runs && (holds == nil || !holds(id, o.account.ChangeNo)) {
		return o.driver, nil, nil
	}
	return o.driver, o.adapter, nil
}

func (a *accounts) account(ctx context.Context, id loa.ChannelID) (opened, error) {
	c, err := a.db.OpenChannel(ctx, id)
	if err != nil {
		return opened{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if o, ok := a.open[id]; ok && o.account.ChangeNo == c.ChangeNo {
		o.account = c
		return o, nil
	}
	s, err := a.Settings(c)
	if err != nil {
		return opened{}, err
	}
	d, ok := a.driverOf(c.Kind)
	if !ok {
		return opened{}, loa.Refuse(loa.NotFound, "kind", "no_driver", c.Kind)
	}
	adapter, err := d.Open(s, a.tools(c, s))
	if err != nil {
		return opened{}, err
	}
	if d.Term != nil && c.Term != d.Term(s) {
		if err := a.db.KeepTerm(ctx, id, d.Term(s)); err != nil {
			return opened{}, err
		}
		c.Term = d.Term(s)
	}
	o := opened{c, d, adapter}
	a.open[id] = o
	return o, nil
}

// Try opens answers that are not saved yet.
func (a *accounts) Try(_ context.Context, c loa.Channel, s channel.Settings) (channel.Adapter, error) {
	d, ok := a.driverOf(c.Kind)
	if !ok {
		return nil, loa.Refuse(loa.NotFound, "kind", "no_driver", c.Kind)
	}
	return d.Open(s, a.tools(c, s))
}

func (a *accounts) tools(c loa.Channel, s channel.Settings) channel.Tools {
	return channel.Tools{Account: string(c.ID), HTTP: channel.Client(s["line"] == "private"), Now: a.now, Hook: a.Hook(c.ID), Media: a.media(c.Office),
		Renew: func(ctx context.Context, fn func(channel.Settings) (channel.Settings, error)) (out channel.Settings, err error) {
			err = a.db.KeepSettings(ctx, c.ID, a.now, func(sealed []byte) ([]byte, error) {
				latest, err := a.unseal(c.Office, c.ID, sealed)
				if err != nil {
					return nil, err
				}
				if out, err = fn(latest); err != nil {
					return nil, err
				}
				return a.Seal(c.Office, c.ID, out)
			})
			return out, err
		}}
}

// media opens the bytes behind a picture or recording of the office: an attachment.
func (a *accounts) media(office loa.OfficeID) func(context.Context, string) (io.ReadCloser, error) {
	return func(ctx context.Context, id string) (io.ReadCloser, error) {
		scope, err := wholeOffice(ctx, a.db, office, a.now())
		if err != nil {
			return nil, err
		}
		x, err := a.db.Attachment(ctx, scope, loa.AttachmentID(id))
		if err != nil {
			return nil, err
		}
		return io.NopCloser(strings.NewReader(string(x.Bytes))), nil
	}
}

// Hook is where a provider calls back.
func (a *accounts) Hook(id loa.ChannelID) string {
	if a.public == "" {
		return ""
	}
	return a.public + "/hook/" + string(id)
}

// Wake tells the sending loop to look now.
func (a *accounts) Wake() {
	select {
	case a.wake <- struct{}{}:
	default: // it is awake already
	}
}

// Receive takes in one call of a provider. What is not believed is answered shortly and told in the log, without its words.
func (a *accounts) Receive(w http.ResponseWriter, r *http.Request, id loa.ChannelID) {
	o, err := a.account(r.Context(), id)
	receiver, can := o.adapter.(channel.Receiver)
	if err != nil || !can {
		if err != nil && loa.KindOf(err) != loa.NotFound {
			a.log.Error("a call of a provider found no account", "account", id, "error", err)
			http.Error(w, "", http.StatusServiceUnavailable) // it calls again
			return
		}
		http.NotFound(w, r)
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, hookBody)
	answer, err := receiver.Receive(r)
	switch {
	case errors.Is(err, channel.ErrForged):
		a.log.Warn("a call was not the provider's", "account", id, "from", r.RemoteAddr)
		http.Error(w, "", http.StatusForbidden)
		return
	case err != nil:
		a.log.Warn("a call could not be read", "account", id, "error", err)
		http.Error(w, "", http.StatusBadRequest)
		return
	}
	if err := a.hear(r.Context(), o.account, answer.Events); err != nil {
		a.log.Error("what a provider told was not kept", "account", id, "error", err)
		http.Error(w, "", http.StatusServiceUnavailable) // it calls again, and nothing is lost
		return
	}
	kind := answer.Type
	if kind == "" {
		kind = "text/plain; charset=utf-8"
	}
	w.Header().Set("Content-Type", kind)
	if answer.Status != 0 {
		w.WriteHeader(answer.Status)
	}
	io.WriteString(w, answer.Body)
}

// hookBody is the longest call of a provider that is read: a letter that came back.
const hookBody = 4 << 20

// hear keeps events; what is no matter of a delivery is worked off by the loop right after.
func (a *accounts) hear(ctx context.Context, c loa.Channel, events []channel.Event) error {
	if len(events) == 0 {
		return nil
	}
	list := make([]loa.Heard, 0, len(events))
	for _, e := range events {
		h, err := sending.Heard(c.ID, e)
		if err != nil {
			return err
		}
		if h.At.IsZero() {
			h.At = a.now()
		}
		list = append(list, h)
	}
	if err := a.hearSpeakers(ctx, c, events); err != nil {
		return err
	}
	fresh, err := a.db.Hear(ctx, c.Office, a.now(), list)
	if err == nil && len(fresh) > 0 {
		a.Wake()
	}
	return err
}

// wholeOffice is everything an office holds, for work that no officer stands behind.
func wholeOffice(ctx context.Context, db *store.DB, office loa.OfficeID, now time.Time) (loa.Scope, error) {
	areas, err := db.OfficeAreas(ctx, office, loa.DayOf(now))
	if err != nil {
		return loa.Scope{}, err
	}
	s := loa.Scope{Office: office}
	for _, a := range areas {
		s.Ranges = append(s.Ranges, loa.Under(a.Path))
	}
	return s, nil
}
