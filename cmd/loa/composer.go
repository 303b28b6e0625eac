package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"loa"
	"loa/channel"
	"loa/channel/loudspeaker"
	"loa/composing"
	"loa/i18n"
	"loa/policy"
	"loa/sending"
	"loa/store"
	"loa/vn"
	"loa/wording"
)

// composer makes the messages of deliveries as they leave, and looks at everything anew: the script, the law of the day, and whether the
// person may still be told.
type composer struct {
	db     *store.DB
	now    func() time.Time
	public string

	mu    sync.Mutex
	words map[loa.BroadcastID]*ready
	law   map[loa.OfficeID]*officeLaw
}

// ready is a broadcast with its words on a day.
type ready struct {
	at     time.Time
	change int64 // of the office, as it was looked at
	day    loa.Day
	broad  loa.Broadcast
	words  *composing.Words
	rules  sending.Rules
	prices loa.SendingSettings
	scope  loa.Scope
	err    error // why nothing of it may go out
}

// officeLaw is an office's law, its rules and its own words, until something changes in it.
type officeLaw struct {
	change int64
	day    loa.Day
	book   *wording.Book
	rules  sending.Rules
	prices loa.SendingSettings
	scope  loa.Scope
	office wording.Office
	spoken wording.Office // what a recorded text tells of it
	rows   int64          // the newest decision among the office's own rows of the law
}

func newestOf(rows []loa.PolicyRow) (n int64) {
	for _, r := range rows {
		n = max(n, r.DecidedAt.UnixMilli())
	}
	return n
}

func newComposer(db *store.DB, now func() time.Time, public string) *composer {
	return &composer{db: db, now: now, public: public, words: map[loa.BroadcastID]*ready{}, law: map[loa.OfficeID]*officeLaw{}}
}

// lookAgain is for how long what was read stays good without asking whether something changed: a script that is withdrawn ends within it.
const lookAgain = 2 * time.Second

// of is a broadcast with its words as they stand now.
func (c *composer) of(ctx context.Context, id loa.BroadcastID, office loa.OfficeID) (*ready, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	held := c.words[id]
	if held != nil && now.Sub(held.at) < lookAgain && held.day == loa.DayOf(now) {
		return held, nil
	}
	change, err := c.db.ChangeNo(ctx, office)
	if err != nil {
		return nil, err
	}
	if held != nil && held.change == change && held.day == loa.DayOf(now) {
		held.at = now
		return held, nil
	}
	law, err := c.lawOf(ctx, office, change, now)
	if err != nil {
		return nil, err
	}
	r := &ready{at: now, change: change, day: loa.DayOf(now), rules: law.rules, prices: law.prices, scope: law.scope}
	if r.broad, err = c.db.Broadcast(ctx, law.scope, id); err != nil {
		return nil, fmt.Errorf("read broadcast %s: %w", id, err)
	}
	script, err := c.db.Script(ctx, law.scope, r.broad.Script, r.broad.ScriptVersion)
	if err != nil {
		return nil, fmt.Errorf("read the script of broadcast %s: %w", id, err)
	}
	clips, err := c.db.ClipsFor(ctx, office, "script."+string(script.ID), r.day)
	if err != nil {
		return nil, err
	}
	author, err := c.db.Officer(ctx, law.scope, r.broad.Author)
	if err != nil {
		return nil, fmt.Errorf("read who composed broadcast %s: %w", id, err)
	}
	from := composing.Sender{Office: law.office}
	from.Clips, from.Old = wording.Voices(script, clips, law.book, law.spoken)
	if from.Office.Officer = author.Name; from.Office.Phone == "" {
		from.Office.Phone = vn.PhoneDisplay(author.Phone)
	}
	if c.public != "" {
		from.Short = func(code string) string { return loa.ShortAddress(c.public, code) }
		from.Refuse = func(d loa.Delivery) string { return c.public + "/refuse/" + sending.MessageID(d.ID) }
		from.Footer = func(lang, link string) string { return i18n.Text(pageLanguage(lang), "letter.refuse", link) }
	}
	if r.err, err = c.outdated(ctx, r.broad, from.Old); err != nil {
		return nil, err
	}
	if r.err == nil && composing.TellsSession(r.broad, script) {
		if r.err, err = c.meetings(ctx, law, r, &from); err != nil {
			return nil, err
		}
	}
	if r.err != nil {
		c.words[id] = r
		return r, nil
	}
	if r.words, r.err = composing.New(r.broad, script, law.book, from); r.err != nil && loa.KindOf(r.err) == "" {
		return nil, r.err
	}
	c.forget()
	c.words[id] = r
	return r, nil
}

// sessionsAhead is how far ahead the next session of a village is looked for.
const sessionsAhead = 90

// meetings finds the session a broadcast speaks of as it stands now, or the next one of every village; refused is why it may not go out.
func (c *composer) meetings(ctx context.Context, law *officeLaw, r *ready, from *composing.Sender) (refused, err error) {
	if r.broad.Session != "" {
		s, err := c.db.Session(ctx, law.scope, r.broad.Session)
		if loa.KindOf(err) == loa.NotFound {
			return loa.Refuse(loa.Conflict, "session", "session_called_off", ""), nil
		}
		if err != nil {
			return nil, fmt.Errorf("read the session of a broadcast: %w", err)
		}
		from.Session = &s
		return composing.SessionStands(r.broad, s, r.day), nil
	}
	lines, err := c.db.Sessions(ctx, law.scope, store.SessionFilter{State: loa.Planned, From: r.day, To: r.day.Add(sessionsAhead), Limit: 1000})
	if err != nil {
		return nil, err
	}
	areas, err := c.db.Areas(ctx, law.scope)
	if err != nil {
		return nil, fmt.Errorf("read the villages: %w", err)
	}
	planned := make([]loa.Session, len(lines))
	for i, l := range lines {
		planned[i] = l.Session
	}
	from.Next = composing.NextSessions(planned, areas)
	return nil, nil
}

// drop forgets the words of a broadcast that was just changed.
func (c *composer) drop(id loa.BroadcastID) {
	c.mu.Lock()
	delete(c.words, id)
	c.mu.Unlock()
}

// forget drops the words of broadcasts nobody asked for lately.
func (c *composer) forget() {
	if len(c.words) < 200 {
		return
	}
	for id, r := range c.words {
		if c.now().Sub(r.at) > time.Hour {
			delete(c.words, id)
		}
	}
}

// pageLanguage is the language of the catalogues for whoever reads a tongue.
func pageLanguage(lang string) string {
	if lang == "english" {
		return "en"
	}
	return "vi"
}

// outdated is why a broadcast waits whose loudspeakers would play a recording that no longer says its script.
func (c *composer) outdated(ctx context.Context, b loa.Broadcast, old map[string]error) (refused, err error) {
	if len(old) == 0 {
		return nil, nil
	}
	var places []loa.PlaceID
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork && o.Channel != "" {
			places = append(places, o.Place)
		}
	}
	stations, err := c.db.StationsAt(ctx, b.Office, places)
	if err != nil {
		return nil, err
	}
	for _, id := range places {
		for _, lang := range stations[id].Languages {
			if old[lang] != nil {
				return old[lang], nil
			}
		}
	}
	return nil, nil
}

func (c *composer) lawOf(ctx context.Context, id loa.OfficeID, change int64, now time.Time) (*officeLaw, error) {
	day := loa.DayOf(now)
	if l := c.law[id]; l != nil && l.change == change && l.day == day {
		return l, nil
	}
	law, err := policy.Embedded()
	if err != nil {
		return nil, err
	}
	rows, err := c.db.PolicyRows(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(rows) > 0 {
		law = law.With(policy.OfOffice(rows), time.Time{})
	}
	l := &officeLaw{change: change, day: day, book: wording.NewBook(law, day)}
	if old := c.law[id]; old != nil && old.day == day && old.rows == newestOf(rows) {
		l.book = old.book // the figures worked out already
	}
	l.rows = newestOf(rows)
	settings, err := c.db.SendingSettings(ctx, id)
	if err != nil {
		return nil, err
	}
	l.prices = settings
	l.rules = sending.RulesOf(settings, composing.AdsOn(law, day))
	if l.scope, err = wholeOffice(ctx, c.db, id, now); err != nil {
		return nil, err
	}
	office, err := c.db.Office(ctx, id)
	if err != nil {
		return nil, err
	}
	own, err := c.db.Settings(ctx, id)
	if err != nil {
		return nil, err
	}
	l.spoken = wording.Speaks(office, own.PublicPhone)
	l.office = wording.Office{Name: office.Name, Phone: vn.PhoneDisplay(own.PublicPhone)}
	if c.public != "" {
		l.office.Link = c.public + "/public/" + office.Slug
	}
	c.law[id] = l
	return l, nil
}

// Compose makes the messages of one group of deliveries.
func (c *composer) Compose(ctx context.Context, list []loa.Delivery, now time.Time) ([]sending.Composed, error) {
	out := make([]sending.Composed, len(list))
	of := map[loa.BroadcastID][]int{}
	var order []loa.BroadcastID
	for i, d := range list {
		out[i].Delivery = d
		if _, ok := of[d.Broadcast]; !ok {
			order = append(order, d.Broadcast)
		}
		of[d.Broadcast] = append(of[d.Broadcast], i)
	}
	for _, id := range order {
		var err error
		if id == "" {
			err = c.replies(ctx, out, of[id])
		} else {
			err = c.broadcast(ctx, id, out, of[id], now)
		}
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (c *composer) replies(ctx context.Context, out []sending.Composed, at []int) error {
	ids := make([]loa.DeliveryID, len(at))
	for i, k := range at {
		ids[i] = out[k].Delivery.ID
	}
	said, err := c.db.Replies(ctx, ids)
	if err != nil {
		return err
	}
	for _, k := range at {
		r, ok := said[out[k].Delivery.ID]
		if !ok {
			hold(&out[k].Delivery, "no_text", c.now())
			continue
		}
		if !r.Window.Open(c.now()) { // it waited too long, for an account that was halted: whoever asked is to be told in person
			d := &out[k].Delivery
			d.State, d.Code, d.DoneAt = loa.DeliveryFailed, "window_closed", c.now()
			continue
		}
		out[k].Message, out[k].Send = composing.Reply(out[k].Delivery, r), true
	}
	return nil
}

func (c *composer) broadcast(ctx context.Context, id loa.BroadcastID, out []sending.Composed, at []int, now time.Time) error {
	b, err := c.of(ctx, id, out[at[0]].Delivery.Office)
	if err != nil {
		return err
	}
	if b.err != nil || b.broad.State != loa.BroadcastSending { // the loop pauses what may not go out; nothing of it leaves meanwhile
		for _, k := range at {
			put(&out[k].Delivery, now)
		}
		return nil
	}
	var people []loa.PersonID
	var places []loa.PlaceID
	for _, k := range at {
		if d := out[k].Delivery; d.Person != "" {
			people = append(people, d.Person)
		} else if d.Network == loa.SpeakerNetwork {
			places = append(places, d.Place)
		}
	}
	told, err := c.db.Recipients(ctx, b.scope, people, now.Add(-max(b.rules.Cap.Per, 24*time.Hour)))
	if err != nil {
		return err
	}
	recipient := make(map[loa.PersonID]loa.Recipient, len(told))
	for _, p := range told {
		p.Touches = sending.Others(p.Touches, id)
		recipient[p.Person] = p
	}
	readers, err := c.db.Readers(ctx, b.scope, people, b.day, b.words.Months())
	if err != nil {
		return err
	}
	stations, each := map[loa.PlaceID]loa.Station{}, false
	if len(places) > 0 {
		if stations, err = c.db.StationsAt(ctx, b.broad.Office, places); err != nil {
			return err
		}
		account, err := c.db.OpenChannel(ctx, out[at[0]].Delivery.Channel)
		if err != nil {
			return err
		}
		each = account.Kind == loudspeaker.AxisDriver.Kind // it is told with every play how loud; a device of ours keeps what it was told
	}
	for _, k := range at {
		d := &out[k].Delivery
		if d.Person == "" {
			m, open := b.moment(d, now)
			if !open {
				continue
			}
			if out[k].Message, out[k].Send = c.say(b, d, loa.Reader{Langs: stations[d.Place].Languages}, now); m.From.After(now) {
				out[k].Message.NotBefore = m.From
			}
			out[k].Message.Expires = sooner(out[k].Message.Expires, m.Until)
			if each {
				out[k].Message.Volume = stations[d.Place].Volume
			}
			continue
		}
		p, there := recipient[d.Person]
		if !there {
			hold(d, "gone", now)
			continue
		}
		if c.may(b, d, p, now) {
			out[k].Message, out[k].Send = c.say(b, d, readers[d.Person], now)
			if d.Network == "tel" {
				out[k].Part, _ = b.prices.Price(sending.Telco(d.To), 1)
			}
		}
	}
	return nil
}

// moment is when what is played or posted may be; until then, or for good, the delivery is kept back. What has begun at a speaker is ended.
func (b *ready) moment(d *loa.Delivery, now time.Time) (m sending.Moment, open bool) {
	o, ok := b.broad.Outlet(d.Rung)
	if !ok || d.Resume != "" {
		return m, true
	}
	m = sending.When(b.broad, o, now, b.rules)
	if m.Why != "" {
		hold(d, m.Why, now)
		return m, false
	}
	if at := sending.Ahead(o, m.From); at.After(now) {
		put(d, at)
		return m, false
	}
	return m, true
}

// sooner is the sooner of two moments of which either may be missing.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// may looks once more whether a person may be told now over the rung they stand on; otherwise the delivery says what becomes of it.
func (c *composer) may(b *ready, d *loa.Delivery, p loa.Recipient, now time.Time) bool {
	s := sending.Stay(b.broad, d.Rung, d.To, p, now, b.rules, func(i int) sending.Text {
		t, _ := b.words.Text(i, append([]string{d.Lang}, p.Langs...))
		return t
	})
	switch {
	case s.Verdict == sending.Pass:
		return true
	case s.Verdict == sending.Wait:
		put(d, s.Until)
	case s.Verdict == sending.Bar:
		hold(d, s.Reason, now)
	default: // the next rung may do
		d.State, d.Code, d.DoneAt = loa.DeliveryFailed, s.Reason, now
	}
	return false
}

// say makes the message; what cannot be said over this rung falls to the next.
func (c *composer) say(b *ready, d *loa.Delivery, r loa.Reader, now time.Time) (m channel.Message, send bool) {
	var err error
	if m, err = b.words.Message(*d, r); err == nil {
		return m, true
	}
	d.State, d.Code, d.DoneAt = loa.DeliveryFailed, "no_text", now
	if e, ok := err.(*loa.Error); ok {
		d.Code = e.Code
	}
	return m, false
}

// put takes a delivery back into the queue as if it had not been tried.
func put(d *loa.Delivery, until time.Time) {
	d.State, d.NotBefore, d.Tries = loa.DeliveryQueued, until, d.Tries-1
}

func hold(d *loa.Delivery, code string, now time.Time) {
	d.State, d.Code, d.DoneAt = loa.DeliveryHeld, code, now
}

// Recall makes the messages of deliveries that left already, to ask what became of them; what cannot be made again is told by its address
// and ID alone.
func (c *composer) Recall(ctx context.Context, list []loa.Delivery) ([]channel.Message, error) {
	out := make([]channel.Message, len(list))
	for i, d := range list {
		out[i] = channel.Message{ID: sending.MessageID(d.ID), Network: d.Network, To: d.To, Lang: d.Lang, Resume: d.Resume}
		if d.Broadcast == "" {
			said, err := c.db.Replies(ctx, []loa.DeliveryID{d.ID})
			if err != nil {
				return nil, err
			}
			if r, ok := said[d.ID]; ok {
				out[i] = composing.Reply(d, r)
			}
			continue
		}
		b, err := c.of(ctx, d.Broadcast, d.Office)
		if err != nil {
			return nil, err
		}
		if b.err != nil {
			continue
		}
		var r loa.Reader
		if d.Person != "" {
			readers, err := c.db.Readers(ctx, b.scope, []loa.PersonID{d.Person}, b.day, b.words.Months())
			if err != nil {
				return nil, err
			}
			r = readers[d.Person]
		}
		if m, err := b.words.Message(d, r); err == nil {
			out[i] = m
		}
	}
	return out, nil
}
