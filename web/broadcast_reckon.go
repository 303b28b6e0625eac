package web

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"loa"
	"loa/composing"
	"loa/policy"
	"loa/segmenting"
	"loa/sending"
	"loa/wording"
)

// How many people one request looks at: enough for a small audience at once, few enough that no page waits for it.
const (
	reckonAtOnce  = 3000
	reckonPerAsk  = 8000
	reckonPage    = 1000
	reckonKept    = 6         // audiences whose outcomes are kept
	reckonPeople  = 2_000_000 // and how many people they have together at most, the one looked at last aside
	reckonGoodFor = 10 * time.Minute
)

// reckoner keeps what broadcasts would do about everybody they are for. Looking at eighty thousand people takes seconds, so it goes on a
// part at a time with each request that asks; the page says how far it is and of when it is. Nothing runs when nobody asks.
type reckoner struct {
	mu   sync.Mutex
	by   map[string]*reckoned
	used []string // the latest last
	jobs map[loa.BroadcastID]*lookingJob
	many int // an audience of more is looked at beside the requests, and may be some minutes old: something always changes meanwhile
}

// reckoned is one question, the last whole answer to it, and the one under way.
type reckoned struct {
	mu    sync.Mutex
	whole *reckonRun // finished; nil before the first is
	going *reckonRun
	size  atomic.Int64 // people in both
}

// step looks at the next people, beginning anew where nothing good is under way.
func (s *Server) step(ctx context.Context, x *reckoned, q question, change int64, now time.Time, most int) (done bool, err error) {
	if !s.reckoner.good(x.going, change, now, reckonGoodFor) {
		x.going = q.begin(change, now)
		x.size.Store(int64(len(x.going.ids)))
		if x.whole != nil {
			x.size.Add(int64(len(x.whole.ids)))
		}
	}
	if done, err = s.advance(ctx, q, x.going, most); done {
		x.whole, x.going = x.going, nil
		x.size.Store(int64(len(x.whole.ids)))
	}
	return done, err
}

// reckonRun looks at an audience once, in order.
type reckonRun struct {
	change  int64
	at      time.Time // as of when everybody is judged
	began   time.Time
	done    time.Time
	ids     []loa.PersonID
	codes   []uint16 // an index into table for each of ids looked at
	table   []loa.Outcome
	number  map[loa.Outcome]uint16
	tally   sending.Tally
	summary loa.Reckoning
}

func newReckoner() *reckoner {
	return &reckoner{by: map[string]*reckoned{}, jobs: map[loa.BroadcastID]*lookingJob{}, many: reckonPerAsk}
}

func (k *reckoner) of(key string) *reckoned {
	k.mu.Lock()
	defer k.mu.Unlock()
	x := k.by[key]
	if x == nil {
		x = &reckoned{}
		k.by[key] = x
	}
	for i, u := range k.used {
		if u == key {
			k.used = append(k.used[:i], k.used[i+1:]...)
			break
		}
	}
	k.used = append(k.used, key)
	for len(k.used) > 1 && (len(k.used) > reckonKept || k.people() > reckonPeople) {
		delete(k.by, k.used[0])
		k.used = k.used[1:]
	}
	return x
}

// people is how many are kept.
func (k *reckoner) people() (n int64) {
	for _, x := range k.by {
		n += x.size.Load()
	}
	return n
}

// good says whether an answer may still be given: nothing changed since, or everything would have to be looked at for minutes again.
func (k *reckoner) good(run *reckonRun, change int64, now time.Time, goodFor time.Duration) bool {
	switch {
	case run == nil:
		return false
	case len(run.ids) > k.many:
		return now.Sub(run.began) < reckonGoodFor
	}
	return run.change == change && now.Sub(run.began) < goodFor
}

// question is all that decides what a broadcast would do about somebody.
type question struct {
	b       loa.Broadcast
	query   segmenting.Query
	index   *segmenting.Index
	rules   sending.Rules
	prices  loa.SendingSettings
	words   *composing.Words
	wordErr error // why there are none
	scope   loa.Scope
	at      time.Time
	fees    map[int]int64 // of the registered templates of rungs, đồng each
	key     string
}

// reckonQuestion makes the question of a broadcast as it stands; a refusal says what is still to be chosen.
func (s *Server) reckonQuestion(r *http.Request, b loa.Broadcast) (q question, err error) {
	me := whoOf(r)
	q.b = b
	rule, err := s.audienceRule(r, b.Audience)
	if err != nil {
		return q, err
	}
	if q.query, q.index, err = s.query(r, rule); err != nil {
		return q, err
	}
	if q.scope, err = s.broadcastScope(r, b.Area); err != nil {
		return q, err
	}
	if err := s.narrow(r, &q.query, b.Area); err != nil {
		return q, err
	}
	if q.prices, err = s.DB.SendingSettings(r.Context(), me.Office.ID); err != nil {
		return q, err
	}
	law, err := s.law(r)
	if err != nil {
		return q, err
	}
	q.at = s.plannedAt(b)
	q.rules = sending.RulesOf(q.prices, composing.AdsOn(law, loa.DayOf(q.at)))
	script, err := s.scriptOf(r, b)
	if err != nil {
		return q, err
	}
	if q.words, q.wordErr = s.wordsOf(r, s.withLinks(r, b, script), script, law, q.at); q.wordErr != nil && loa.KindOf(q.wordErr) == "" {
		return q, q.wordErr
	}
	q.fees = s.templateFees(r, b)
	raw, err := json.Marshal([]any{q.fees, me.Office.ID, rule, b.Area, b.Ladder, b.Purpose, b.Priority, b.Window, b.Session, script.Texts, q.prices, loa.DayOf(q.at), q.query.Today, q.query.DueDays, rangesOf(q.scope)})
	if err != nil {
		return q, fmt.Errorf("name a question: %w", err)
	}
	q.key = string(raw)
	return q, nil
}

// plannedAt is the moment a broadcast is to begin: now, or when its window opens.
func (s *Server) plannedAt(b loa.Broadcast) time.Time {
	now := s.Now()
	if !b.Window.From.Valid() {
		return now
	}
	y, m, d := b.Window.From.Parts()
	opens := time.Date(y, time.Month(m), d, 0, b.Window.Start, 0, 0, loa.Zone)
	if opens.After(now) {
		return opens
	}
	return now
}

// text says of the words of a rung what the gate must know; before there are words, that there will be some.
func (q question) text(rung int, langs []string) (sending.Text, string) {
	if q.words == nil {
		return sending.Text{Labelled: true}, ""
	}
	return q.words.Text(rung, langs)
}

// parts is how many parts the SMS of a rung is.
func (q question) parts(rung int, lang string) int {
	if q.words == nil {
		return 1
	}
	m, err := q.words.Message(loa.Delivery{Rung: rung, Network: "tel", Lang: lang}, sampleReader(loa.DayOf(q.at)))
	if err != nil {
		return 1
	}
	return max(1, len(smsOf(m.Text).Parts))
}

// sampleReader stands for whoever reads a message in a preview: a name of the usual length, and days that lie ahead.
func sampleReader(on loa.Day) loa.Reader {
	return loa.Reader{Person: "sample", Name: "Nguyễn Thị Mẫu", Sex: loa.Female, Born: 1985, Village: "Bản Mẫu", Due: on.Add(20), CardUntil: on.Add(30), Months: 24}
}

// begin starts a run.
func (q question) begin(change int64, now time.Time) *reckonRun {
	return &reckonRun{change: change, at: q.at, began: now, ids: q.index.All(q.query), number: map[loa.Outcome]uint16{}}
}

// advance looks at the next people; true when all have been.
func (s *Server) advance(ctx context.Context, q question, run *reckonRun, most int) (bool, error) {
	since := q.at.Add(-max(q.rules.Cap.Per, 24*time.Hour))
	var readers sending.Readers
	if q.words != nil && q.words.TellsReader() {
		readers = func(ctx context.Context, ids []loa.PersonID) (map[loa.PersonID]loa.Reader, error) {
			return s.DB.Readers(ctx, q.scope, ids, loa.DayOf(q.at), q.words.Months())
		}
	}
	for most > 0 && len(run.codes) < len(run.ids) {
		part := run.ids[len(run.codes):min(len(run.codes)+min(reckonPage, most), len(run.ids))]
		people, err := s.DB.Recipients(ctx, q.scope, part, since)
		if err != nil {
			return false, err
		}
		if err := readers.Join(ctx, people); err != nil {
			return false, err
		}
		i := 0
		for _, p := range people { // both are in the order of IDs; whoever is missing left the register meanwhile
			for i < len(part) && part[i] != p.Person {
				run.note(loa.Outcome{})
				i++
			}
			run.note(sending.Judge(q.b, p, q.at, q.rules, q.text))
			i++
		}
		for ; i < len(part); i++ {
			run.note(loa.Outcome{})
		}
		most -= len(part)
	}
	if len(run.codes) < len(run.ids) {
		return false, nil
	}
	run.done = s.Now()
	run.summary = run.tally.Reckoning(run.done, q.parts, q.prices.Price)
	run.summary.AddFees(q.b.Ladder, func(rung int) (int64, bool) { fee, known := q.fees[rung]; return fee, known })
	return true, nil
}

func (run *reckonRun) note(o loa.Outcome) {
	n, ok := run.number[o]
	if !ok {
		n = uint16(len(run.table))
		run.table, run.number[o] = append(run.table, o), n
	}
	run.codes = append(run.codes, n)
	if o.State != "" {
		run.tally.Add(o, 1)
	}
}

// people are those of a finished run whose outcome a test lets through, a page of them, and how many there are.
func (run *reckonRun) people(keep func(loa.Outcome) bool, skip, take int) (page []loa.PersonID, what []loa.Outcome, total int) {
	in := make([]bool, len(run.table))
	for i, o := range run.table {
		in[i] = keep(o)
	}
	for i, c := range run.codes {
		if !in[c] {
			continue
		}
		if total >= skip && len(page) < take {
			page, what = append(page, run.ids[i]), append(what, run.table[c])
		}
		total++
	}
	return page, what, total
}

// reckonView is what a page shows of a reckoning.
type reckonView struct {
	Whole   *loa.Reckoning // the last whole one; nil before there is one
	At      string
	Stale   bool // something changed since, and it is done anew
	Going   bool
	Percent int
	Looked  int
	Of      int
}

// reckon goes on with the question of a broadcast and answers with where it stands.
func (s *Server) reckon(r *http.Request, q question, most int) (reckonView, error) {
	x := s.reckoner.of(q.key)
	x.mu.Lock()
	defer x.mu.Unlock()
	change, err := s.DB.ChangeNo(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return reckonView{}, err
	}
	now := s.Now()
	if !s.reckoner.good(x.whole, change, now, reckonGoodFor) {
		if _, err := s.step(r.Context(), x, q, change, now, most); err != nil {
			return reckonView{}, err
		}
	}
	return x.view(), nil
}

func (x *reckoned) view() (v reckonView) {
	if x.whole != nil {
		v.Whole, v.At = &x.whole.summary, x.whole.done.In(loa.Zone).Format("15:04:05")
	}
	if x.going != nil {
		v.Going, v.Stale, v.Looked, v.Of = true, x.whole != nil, len(x.going.codes), len(x.going.ids)
		v.Percent = 100 * v.Looked / max(1, v.Of)
	}
	return v
}

// reckonWhole looks at everybody now, or takes what was found while nothing changed: what is submitted rests on it. It goes on a part at
// a time, so that a page that asks meanwhile waits for one part, and says after each how far it is.
func (s *Server) reckonWhole(r *http.Request, q question, looked func(n, of int)) (*reckonRun, error) {
	x := s.reckoner.of(q.key)
	for begun := 0; ; {
		change, err := s.DB.ChangeNo(r.Context(), whoOf(r).Office.ID)
		if err != nil {
			return nil, err
		}
		run, n, of, fresh, err := s.wholeStep(r, x, &q, change)
		if run != nil || err != nil {
			return run, err
		}
		if looked(n, of); fresh {
			if begun++; begun > 3 {
				return nil, loa.Refuse(loa.Conflict, "", "changed_meanwhile")
			}
		}
	}
}

// wholeStep is one part of it: the whole run when it is done, otherwise how far it is, and whether it was begun anew.
func (s *Server) wholeStep(r *http.Request, x *reckoned, q *question, change int64) (run *reckonRun, n, of int, fresh bool, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	now := s.Now()
	if s.reckoner.good(x.whole, change, now, time.Minute) {
		return x.whole, 0, 0, false, nil
	}
	if fresh = !s.reckoner.good(x.going, change, now, time.Minute); fresh {
		x.going = nil
		if q.index, err = s.audience.index(r.Context(), whoOf(r).Office.ID); err != nil {
			return nil, 0, 0, false, err
		}
	}
	done, err := s.step(r.Context(), x, *q, change, now, reckonPerAsk)
	switch {
	case err != nil:
		return nil, 0, 0, false, err
	case done && len(x.whole.ids) > s.reckoner.many:
		return x.whole, 0, 0, fresh, nil
	case done:
		return nil, len(x.whole.ids), len(x.whole.ids), fresh, nil // asked once more whether something changed meanwhile
	}
	return nil, len(x.going.codes), len(x.going.ids), fresh, nil
}

// wordsOf takes the words of a broadcast apart for its planned day.
func (s *Server) wordsOf(r *http.Request, b loa.Broadcast, script loa.Script, law policy.Parameters, at time.Time) (*composing.Words, error) {
	if len(script.Texts) == 0 {
		return nil, loa.Refuse(loa.Invalid, "script", "required")
	}
	from, err := s.sender(r, script, b.Author, loa.DayOf(at))
	if err != nil {
		return nil, err
	}
	if composing.TellsSession(b, script) {
		if err := s.meetings(r, b, loa.DayOf(at), &from); err != nil {
			return nil, err
		}
	}
	return composing.Preview(b, script, wording.NewBook(law, loa.DayOf(at)), from)
}
