package web

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"loa"
	"loa/composing"
	"loa/speech"
	"loa/vn"
	"loa/wording"
)

// liveView is what a broadcast would do, beside the form: what each channel will show, who gets it and who not and why, what it costs,
// who approves, and what to look at before it goes.
type liveView struct {
	Sent     bool // it went out: what was reckoned is past
	ID       string
	Reckon   reckonView
	Audience int
	Messages int
	ByHand   int
	Held     int
	Not      int
	Parts    []barPart
	Why      []whyGroup
	Waits    []whyGroup
	Note     string
	Cards    []previewCard
	Checks   []lookLine
	Passed   int
	Look     int
	Blocked  bool
	Steps    []wayStep
	Costs    []costLine
	Cost     int64
	Unpriced bool
	Problem  string // why nothing can be reckoned yet
	May      bool   // see people
	Draft    bool   // an audience may still be chosen
}

// barPart is one channel's part of everybody.
type barPart struct {
	Label, Class, URL string
	N                 int
	Width             int64 // tenths of a percent
}

// whyGroup is one reason why people get no message, or get it later.
type whyGroup struct {
	Code, Text, URL string
	N               int
	Red             bool
}

// wayStep is one step of the way to sending.
type wayStep struct {
	No          int
	Done, Now   bool
	Title, Note string
}

// costLine is what one channel costs.
type costLine struct {
	Label, Sub string
	Cost       int64
	Known      bool
}

// wanted are the reasons that are somebody's word: a page shows them in red.
var wanted = []string{"refused", "refused_channel", "opted_out", "do_not_call"}

// liveOf reckons and draws what a broadcast would do.
func (s *Server) liveOf(r *http.Request, b loa.Broadcast, ways sendingWays, most int) (*liveView, error) {
	v := &liveView{ID: string(b.ID), May: whoOf(r).may(loa.ReadPeople), Draft: true}
	script, err := s.scriptOf(r, b)
	if err != nil {
		return nil, err
	}
	q, err := s.reckonQuestion(r, b)
	f := &form{r: r, Errors: map[string]string{}}
	if err := f.take(err); err != nil {
		return nil, err
	}
	for _, said := range f.Errors {
		v.Problem = said
	}
	if f.ok() && len(b.Ladder) > 0 {
		v.Audience = q.index.Count(q.query)
		if v.Reckon, err = s.reckon(r, q, most); err != nil {
			return nil, err
		}
		if whole := v.Reckon.Whole; whole != nil {
			s.fillReckoning(r, v, b, *whole)
		}
	}
	if v.Cards, err = s.previewCards(r, b, script, ways, v.Reckon.Whole); err != nil {
		return nil, err
	}
	if v.Checks, err = s.checksOf(r, b, script, ways, v, q); err != nil {
		return nil, err
	}
	for _, c := range v.Checks {
		switch c.Kind {
		case "ok":
			v.Passed++
		case "stop":
			v.Blocked = true
			v.Look++
		default:
			v.Look++
		}
	}
	v.Steps, err = s.stepsOf(r, b, v.Audience)
	return v, err
}

// fillReckoning turns a reckoning into the parts of the page.
func (s *Server) fillReckoning(r *http.Request, v *liveView, b loa.Broadcast, whole loa.Reckoning) {
	v.Messages, v.ByHand, v.Held, v.Cost, v.Unpriced = whole.Messages(), whole.ByHand(), whole.Held(), whole.Cost(), whole.Unpriced
	v.Not = v.ByHand + v.Held
	base := "/broadcasts/" + string(b.ID) + "/audience?why="
	by := map[string]int{}
	for _, x := range whole.By {
		if x.State == loa.DeliveryQueued || x.State == loa.DeliveryByHand {
			by[x.Network] += x.N
		}
	}
	for i, n := range personNetworks {
		if by[n.network] > 0 {
			kind := map[bool]string{true: "hand.", false: "message."}[n.network == loa.CallList || n.network == loa.VisitList]
			v.Parts = append(v.Parts, barPart{t(r, "broadcast.form."+n.network), "p" + fmt.Sprint(i), base + kind + n.network, by[n.network], share1000(by[n.network], whole.People)})
		}
	}
	if v.Held > 0 {
		v.Parts = append(v.Parts, barPart{t(r, "broadcast.held"), "held", base + "held", v.Held, share1000(v.Held, whole.People)})
	}
	v.Why = s.whyGroups(r, b, whole)
	waits := map[string]int{}
	for _, x := range whole.By {
		if x.State == loa.DeliveryQueued && x.Reason != "" {
			waits[x.Reason] += x.N
		}
	}
	v.Waits = groupsOf(r, waits, base+"wait.")
	v.Note = s.alsoHear(r, b, v)
	v.Costs = costsOf(r, b, whole)
}

func share1000(n, of int) int64 {
	if of == 0 {
		return 0
	}
	return int64(n) * 1000 / int64(of)
}

// whyGroups are the reasons why people get no message, the most frequent first.
func (s *Server) whyGroups(r *http.Request, b loa.Broadcast, whole loa.Reckoning) []whyGroup {
	by := map[string]int{}
	for _, x := range whole.By {
		if (x.State == loa.DeliveryByHand || x.State == loa.DeliveryHeld) && x.Reason != "" { // without one nothing else was ever to be tried
			by[x.Reason] += x.N
		}
	}
	return groupsOf(r, by, "/broadcasts/"+string(b.ID)+"/audience?why=no.")
}

func groupsOf(r *http.Request, by map[string]int, url string) (out []whyGroup) {
	for code, n := range by {
		out = append(out, whyGroup{code, t(r, "gate."+code), url + code, n, slices.Contains(wanted, code)})
	}
	slices.SortFunc(out, func(a, b whyGroup) int {
		if a.N != b.N {
			return b.N - a.N
		}
		return strings.Compare(a.Code, b.Code)
	})
	return out
}

// alsoHear says how those without a message are told all the same.
func (s *Server) alsoHear(r *http.Request, b loa.Broadcast, v *liveView) string {
	if v.Not == 0 {
		return ""
	}
	stations := map[loa.PlaceID]bool{}
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork {
			stations[o.Place] = true
		}
	}
	if len(stations) > 0 {
		return t(r, "broadcast.also_speakers", numberIn(r, int64(v.Not-v.Held)), len(stations))
	}
	if v.ByHand > 0 {
		return t(r, "broadcast.also_hand", numberIn(r, int64(v.ByHand)))
	}
	return ""
}

// costsOf is the cost by channel, as far as prices are known.
func costsOf(r *http.Request, b loa.Broadcast, whole loa.Reckoning) (out []costLine) {
	var sms costLine
	parts, messages := int64(0), int64(0)
	templated := map[string]*costLine{}
	sent := map[string]int{}
	for _, x := range whole.By {
		switch {
		case x.State != loa.DeliveryQueued:
		case x.Network == "tel":
			messages, parts, sms.Cost = messages+int64(x.N), parts+int64(x.N*x.Parts), sms.Cost+x.Cost
		case x.Rung < len(b.Ladder) && b.Ladder[x.Rung].Templated():
			if templated[x.Network] == nil {
				templated[x.Network] = &costLine{Label: t(r, "broadcast.cost."+x.Network)}
			}
			templated[x.Network].Cost += x.Cost
			sent[x.Network] += x.N
		}
	}
	if messages > 0 {
		sms.Label, sms.Sub, sms.Known = t(r, "broadcast.cost.sms"), t(r, "broadcast.cost.parts", numberIn(r, int64(messages)), numberIn(r, int64(parts))), !whole.Unpriced
		out = append(out, sms)
	}
	for _, network := range slices.Sorted(maps.Keys(templated)) {
		line := templated[network]
		line.Sub, line.Known = t(r, "broadcast.cost.zns_sub", sent[network]), line.Cost > 0
		out = append(out, *line)
	}
	var free []string
	for _, x := range networksOf(r, b) {
		over := func(y loa.Rung) bool { return y.Network == x.Form }
		own := func(y loa.Rung) bool { return over(y) && !y.Templated() }
		if x.Form != "tel" && (slices.ContainsFunc(b.Ladder, own) || !slices.ContainsFunc(b.Ladder, over)) {
			free = append(free, x.Label)
		}
	}
	if len(free) > 0 {
		out = append(out, costLine{Label: strings.Join(free, ", "), Known: true})
	}
	return out
}

// stepsOf is the way from a draft to sending, with where it stands.
func (s *Server) stepsOf(r *http.Request, b loa.Broadcast, people int) ([]wayStep, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, err
	}
	out := []wayStep{{No: 1, Done: b.State != loa.BroadcastDraft, Now: b.State == loa.BroadcastDraft, Title: t(r, "broadcast.step.wrote", officers.by[b.Author].Name), Note: moment(b.EditedAt)}}
	if !b.SubmittedAt.IsZero() && b.State != loa.BroadcastDraft {
		out[0].Note = t(r, "broadcast.step.submitted", moment(b.SubmittedAt))
	}
	need := b.ApprovalsNeeded(people, settings.Few)
	if b.State != loa.BroadcastDraft && b.State != loa.BroadcastSubmitted {
		need = len(b.Approvals)
	}
	for i := range max(need, len(b.Approvals)) {
		line := wayStep{No: len(out) + 1, Title: t(r, "broadcast.step.approve"), Note: t(r, "broadcast.step.approve_note"), Now: b.State == loa.BroadcastSubmitted && i == len(b.Approvals)}
		if i < len(b.Approvals) {
			a := b.Approvals[i]
			line.Done, line.Title, line.Note = true, t(r, "broadcast.step.approved", officers.by[a.Officer].Name), moment(a.At)
		} else if i > 0 {
			line.Title = t(r, "broadcast.step.approve_second")
		}
		out = append(out, line)
	}
	if need == 0 && b.State == loa.BroadcastDraft && people > 0 { // to nobody yet: nothing can be said
		out = append(out, wayStep{No: 2, Title: t(r, "broadcast.step.no_approval"), Note: t(r, "broadcast.step.no_approval_note", settings.Few)})
	}
	when, sub := windowText(r, b)
	last := wayStep{No: len(out) + 1, Title: t(r, "broadcast.step.goes", when, sub), Now: b.State == loa.BroadcastApproved || b.State == loa.BroadcastSending || b.State == loa.BroadcastPaused, Done: b.State == loa.BroadcastDone}
	if b.State != loa.BroadcastDone && b.State != loa.BroadcastStopped {
		last.Note = t(r, "broadcast.step.goes_note")
	}
	if !b.SentAt.IsZero() {
		last.Title = t(r, "broadcast.step.went", moment(b.SentAt))
	}
	return append(out, last), nil
}

// aloudReader writes out how a text is said; reading its words costs more than saying them.
var aloudReader = sync.OnceValues(func() (*speech.Reader, error) { return speech.NewReader(speech.Style{}, nil) })

// previewCard is how one channel will show a broadcast.
type previewCard struct {
	Network, Icon, Label, Sub string
	Account                   string
	Title                     string
	Text                      string
	Problem                   string
	Params                    []option // of a registered template
	Chars, Parts, Wide        int      // of an SMS: as it goes out, its parts, the parts it would take with its accents
	Accented                  int
	Total                     int   // of parts
	Cost                      int64 // of all of them
	Known                     bool
	When                      string
	Clips                     []clipLine
	Seconds                   string
	Sound                     string // of the first recording
	Langs                     string // others there are words in
}

type clipLine struct{ Label, Length, URL string }

// smsOf is a text as it goes out by SMS.
func smsOf(text string) vn.SMS { return vn.SplitSMS(vn.Unaccent(text)) }

// sender is what a message of a day tells of the office, and of the officer to ask: whoever composed it, also while somebody else looks at it.
func (s *Server) sender(r *http.Request, script loa.Script, author loa.OfficerID, on loa.Day) (composing.Sender, error) {
	me := whoOf(r)
	focal := me.Officer
	if author != "" && author != me.Officer.ID {
		var err error
		if focal, err = s.DB.Officer(r.Context(), me.Whole, author); err != nil {
			return composing.Sender{}, err
		}
	}
	own, err := s.DB.Settings(r.Context(), me.Office.ID)
	if err != nil {
		return composing.Sender{}, err
	}
	clips, err := s.DB.ClipsFor(r.Context(), me.Office.ID, "script."+string(script.ID), s.today())
	if err != nil {
		return composing.Sender{}, err
	}
	from := composing.Sender{Office: wording.Office{Name: me.Office.Name, Phone: vn.PhoneDisplay(cmpOr(own.PublicPhone, focal.Phone)), Officer: focal.Name, Link: s.publicAddress(me.Office)}, Clips: map[string]loa.Clip{}}
	if s.Public != "" {
		from.Short = func(code string) string { return loa.ShortAddress(s.Public, code) }
	}
	if len(clips) == 0 {
		return from, nil
	}
	book, err := s.figureBook(r.Context(), me.Office.ID, on)
	if err != nil {
		return from, err
	}
	from.Clips, from.Old = wording.Voices(script, clips, book, wording.Speaks(me.Office, own.PublicPhone))
	return from, nil
}
