package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/i18n"
	"loa/store"
	"loa/vn"
)

// broadcastShowPage is one broadcast that is no draft any more: what it would do, or what became of it.
type broadcastShowPage struct {
	B         loa.Broadcast
	ID        string
	State     string
	Author    officerView
	Who       string
	Where     string
	When, Sub string
	Script    string
	ScriptURL string
	Live      *liveView // as it was submitted
	Progress  *progressView
	Waiting   *waitingView
	Why       string // it was sent back, paused or stopped
	Errors    map[string]string
	MayEdit   bool
	MayPeople bool
	MayExport bool
	Own       bool // the officer wrote or changed it: somebody else approves
	Said      bool // the officer approved it already
	Need      int
	Purpose   string
	Priority  string
	Snapshot  string
	Trial     bool // approve, send back
	Beyond    bool // it reaches further than the officer sees: looked at, and left to whoever sees all of it
	Tests     string
}

// progressView is how far it is, for the page that looks again every few seconds.
type progressView struct {
	progress
	ID        string
	State     string
	Busy      bool // look again
	At        string
	Parts     []barPart
	Channels  []channelResult
	Langs     []langResult
	Communes  []areaResult
	Reasons   []whyGroup
	Outlets   []channelResult
	Links     []linkResult
	MayPeople bool
	MayEdit   bool
}

// channelResult is what became of the messages over one step.
type channelResult struct {
	Rung                                             int
	Network, Label, Account, URL                     string
	All, Told, Delivered, Failed, Left, Moved, Parts int64
	Cost                                             int64
}

type langResult struct {
	Lang, Label string
	N, Told     int64
}

// areaResult is what became of the people of one commune or village.
type areaResult struct {
	ID, Name, URL        string
	All, Told, Not, Left int64
	Percent              int64
	Villages             []areaResult
}

func (s *Server) broadcastShow(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	return s.showBroadcast(w, r, b, map[string]string{}, 0)
}

func (s *Server) showBroadcast(w http.ResponseWriter, r *http.Request, b loa.Broadcast, errs map[string]string, status int) error {
	me := whoOf(r)
	body := &broadcastShowPage{B: b, ID: string(b.ID), State: string(b.State), Errors: errs, MayEdit: me.may(loa.EditOutreach), MayPeople: me.may(loa.ReadPeople), MayExport: me.may(loa.ExportPeople),
		Own: me.Officer.ID == b.Author || me.Officer.ID == b.ChangedBy, Purpose: t(r, "broadcast.purpose."+b.Purpose), Priority: t(r, "broadcast.priority."+string(b.Priority)), Snapshot: string(b.Snapshot)}
	body.Said = slices.ContainsFunc(b.Approvals, func(a loa.Approval) bool { return a.Officer == me.Officer.ID })
	body.Trial = b.State == loa.BroadcastSubmitted && body.MayEdit && !body.Own && !body.Said
	mine, err := s.DB.HoldsBroadcast(r.Context(), me.Whole, b)
	if err != nil {
		return err
	}
	if body.Beyond = !mine && !body.Own; body.Beyond {
		body.MayEdit, body.Trial = false, false
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	segments, err := s.segmentNames(r)
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body.Author = officers.by[b.Author]
	body.Who = broadcastFor(r, b, segments, places)
	body.When, body.Sub = windowText(r, b)
	if body.Why = b.Why; i18n.Has(langOf(r), "broadcast.pause."+b.Why) { // what it paused for by itself; anything else is somebody's word
		body.Why = t(r, "broadcast.pause."+b.Why)
	}
	settings, err := s.DB.SendingSettings(r.Context(), me.Office.ID)
	if err != nil {
		return err
	}
	body.Waiting = s.waitingView(b)
	tests, cost, err := s.DB.TestsOf(r.Context(), scopeOf(r), b.ID)
	if err != nil {
		return err
	}
	if tests > 0 {
		body.Tests = t(r, "broadcast.tests_n", tests, vn.NumberIn(langOf(r), cost)+" đ")
	}
	body.Need = b.ApprovalsNeeded(b.Reckoned.People, settings.Few)
	if len(b.Ladder)+len(b.Outlets) > 0 && !slices.Contains([]loa.BroadcastState{loa.BroadcastDraft, loa.BroadcastSubmitted, loa.BroadcastApproved}, b.State) {
		if body.Progress, err = s.progressView(r, b); err != nil {
			return err
		}
	}
	if err := s.showWords(r, body); err != nil {
		return err
	}
	title := orElse(b.Title, t(r, "broadcast.untitled"))
	context := t(r, "broadcast.show.context", t(r, "broadcast.state."+string(b.State)), body.Who, body.When, body.Sub)
	return s.render(w, r, "broadcast_show", page{Title: title, Context: context, Active: "broadcasts", Body: body, Status: status})
}

// showWords draws each channel and what was reckoned when it was submitted; nothing is reckoned anew.
func (s *Server) showWords(r *http.Request, body *broadcastShowPage) error {
	b := body.B
	ways, err := s.sendingWays(r)
	if err != nil {
		return err
	}
	script, err := s.scriptOf(r, b)
	if err != nil {
		return err
	}
	body.Script = script.Name
	if len(b.Words) == 0 && b.Script != "" && s.stands("/scripts") {
		body.ScriptURL = "/scripts/" + string(b.Script)
	}
	v := &liveView{ID: string(b.ID), May: body.MayPeople}
	if !b.Reckoned.At.IsZero() && !body.Beyond { // the whole count is nothing to tell whoever sees a part
		v.Reckon = reckonView{Whole: &b.Reckoned, At: moment(b.Reckoned.At)}
		v.Audience = b.Reckoned.People
		s.fillReckoning(r, v, b, b.Reckoned)
	}
	if v.Sent = body.Progress != nil; v.Sent && v.Reckon.Whole == nil {
		v.Audience = int(body.Progress.People) // nobody reckoned it beforehand: whom the ledger holds
	}
	if v.Cards, err = s.previewCards(r, b, script, ways, v.Reckon.Whole); err != nil {
		return err
	}
	if b.State == loa.BroadcastSubmitted || b.State == loa.BroadcastApproved {
		q, err := s.reckonQuestion(r, b)
		if err != nil && loa.KindOf(err) == "" {
			return err
		}
		if v.Checks, err = s.checksOf(r, b, script, ways, v, q); err != nil {
			return err
		}
		for _, c := range v.Checks {
			if c.Kind == "ok" {
				v.Passed++
			} else {
				v.Look++
			}
		}
	}
	v.Steps, err = s.stepsOf(r, b, v.Audience)
	body.Live = v
	return err
}

// broadcastProgress is the part of the page that looks again.
func (s *Server) broadcastProgress(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	if asked := r.FormValue("state"); asked != "" && asked != string(b.State) { // it was approved, began, paused or ended: the buttons change too
		w.Header().Set("HX-Refresh", "true")
	}
	if waiting := s.waitingView(b); waiting != nil {
		return s.part(w, r, "broadcast_show", "broadcast_waiting", waiting)
	}
	v, err := s.progressView(r, b)
	if err != nil {
		return err
	}
	return s.part(w, r, "broadcast_show", "broadcast_progress", v)
}

// waitingView is a broadcast that waits for somebody's word or for its hour; nil for one that goes or went. The page looks again more often
// as the hour comes near.
type waitingView struct {
	ID, State string
	Every     int // seconds
}

func (s *Server) waitingView(b loa.Broadcast) *waitingView {
	v := &waitingView{ID: string(b.ID), State: string(b.State), Every: 30}
	switch b.State {
	case loa.BroadcastSubmitted:
	case loa.BroadcastApproved:
		if b.Window.From.Time().Add(time.Duration(b.Window.Start)*time.Minute - 7*time.Hour).Before(s.Now().Add(15 * time.Minute)) {
			v.Every = 3
		}
	default:
		return nil
	}
	return v
}

func (s *Server) progressView(r *http.Request, b loa.Broadcast) (*progressView, error) {
	tally, err := s.DB.Tally(r.Context(), scopeOf(r), b.ID, s.Now)
	if err != nil {
		return nil, err
	}
	v := &progressView{progress: progressOf(tally), ID: string(b.ID), State: string(b.State), At: tally.At.In(loa.Zone).Format("15:04:05"), MayPeople: whoOf(r).may(loa.ReadPeople), MayEdit: whoOf(r).may(loa.EditOutreach)}
	_, tests, err := s.DB.TestsOf(r.Context(), scopeOf(r), b.ID)
	if err != nil {
		return nil, err
	}
	v.Cost += tests // what officers sent to themselves is paid for too
	v.Busy = b.State == loa.BroadcastSending || b.State == loa.BroadcastPaused || s.Now().Sub(b.SentAt).Hours() < 72
	people := "/broadcasts/" + string(b.ID) + "/people?state="
	for _, x := range []struct {
		state, class string
		n            int64
	}{{"delivered", "p2", v.Delivered}, {"sent", "p1", v.Told - v.Delivered}, {"waiting", "p4", v.Queued}, {"by_hand", "p5", v.CallLeft + v.VisitLeft}, {"failed", "lost", v.Failed}, {"refused", "lost", v.Refused}, {"unsure", "late", v.Unsure}, {"held", "held", v.Held}, {"stopped", "held", v.Stopped}} {
		if x.n > 0 {
			v.Parts = append(v.Parts, barPart{t(r, "broadcast.told."+x.state), x.class, people + x.state, int(x.n), x.n * 1000 / max(v.People, 1)})
		}
	}
	if err := s.channelResults(r, b, v, tally); err != nil {
		return nil, err
	}
	reasons, err := s.DB.TallyByReason(r.Context(), scopeOf(r), b.ID)
	if err != nil {
		return nil, err
	}
	kinds, err := s.kindsOf(r, b)
	if err != nil {
		return nil, err
	}
	v.Reasons = reasonGroups(r, kinds, reasons, people)
	v.Communes, err = s.areaResults(r, b)
	return v, err
}

// reasonGroups are the reasons in words, each sentence once: networks have several codes for the same. A place has no list of people.
func reasonGroups(r *http.Request, kinds driverKinds, list []store.ReasonTally, people string) (out []whyGroup) {
	at, states := map[string]int{}, map[string]loa.DeliveryState{}
	for _, x := range list {
		k := kinds.people
		if x.Place {
			k = kinds.places
		}
		text := reasonText(r, k, x.State, x.Code)
		red := x.State == loa.DeliveryRefused || slices.Contains(wanted, x.Code)
		key := fmt.Sprint(x.Place, text)
		i, ok := at[key]
		if !ok {
			i = len(out)
			at[key], states[key] = i, x.State
			out = append(out, whyGroup{Code: x.Code, Text: text})
			if !x.Place {
				out[i].URL = people + string(x.State) + "&code=" + url.QueryEscape(x.Code)
			}
		} else if !x.Place {
			if states[key] != x.State {
				out[i].URL = strings.Replace(out[i].URL, "state="+string(states[key])+"&", "state=all&", 1)
			}
			out[i].URL += "&code=" + url.QueryEscape(x.Code)
		}
		out[i].N, out[i].Red = out[i].N+int(x.N), out[i].Red || red
	}
	slices.SortStableFunc(out, func(a, b whyGroup) int { return cmp.Compare(b.N, a.N) })
	return out
}

// reasonText is why a person was not told, in words: the gate's reason, or the network's code.
func reasonText(r *http.Request, kinds []string, state loa.DeliveryState, code string) string {
	switch {
	case code == "":
		return t(r, "broadcast.told."+string(state))
	case state == loa.DeliveryHeld:
		return t(r, "gate."+code)
	case loa.OneOf(code, loa.HandOutcomes):
		return handText(r, code)
	case code == "said_by_officer":
		return t(r, "broadcast.said_by_officer")
	}
	return codeText(r, kinds, code)
}
