package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/store"
	"loa/wording"
)

// composePage is a broadcast that is being written, with everything it would do beside it.
type composePage struct {
	B          loa.Broadcast
	ID         string
	Form       map[string]string
	Errors     map[string]string
	Audience   audienceView
	Scripts    []option
	Script     string // the one chosen; empty: written in place
	ScriptText []markedText
	ScriptSub  string
	Words      []wordField
	Places     []option // what can be put into words
	Rungs      []rungField
	Chosen     bool // at least one of them
	Stations   []outletField
	Pages      []outletField
	Purposes   []option
	Priorities []option
	Repurposed bool // the page of the reader shows another purpose than the script's
	Play       [2]string
	Repeat     string
	Post       string // when pages and groups are posted to
	Waits      []option
	Live       *liveView
	Author     officerView
	Saved      string
	NoAccounts bool
	Sessions   []option // those it may speak of
	LinkPages  []option // where the links of the words may lead
	LinkHint   string
}

// wordField is one length of the words written in place.
type wordField struct{ Kind, Label, Text, Hint string }

// markedText is a piece of a filled text; figures are marked.
type markedText struct {
	Text   string
	Figure bool
	Gap    bool // nobody knows it
	Why    string
}

// rungField is one step that can be ticked.
type rungField struct {
	Key, DOM, Network, Label, Sub, Icon string
	On                                  bool
	Order                               int
	Wait                                int
	First, Last                         bool
	ByHand                              bool
	Template, Params                    string
	Tpl                                 *templateView // of networks that know registered templates
	Swap                                bool          // the page of the reader shows another one
	Templated                           bool
	Halted                              string
	N                                   int
	Counted                             bool
}

// outletField is one loudspeaker or page that can be ticked.
type outletField struct {
	Key, Label, Sub string
	On              bool
	Late            string
}

var rungIcons = map[string]string{"zalo": "message-circle", "zns": "message-circle", "tel": "smartphone", "mail": "mail", loa.CallList: "phone", loa.VisitList: "house", "speaker": "volume-2", "fb_page": "newspaper", "zalo_article": "newspaper", loa.GroupNetwork: "message-circle", kitNetwork: "share-2"}

// waitChoices are after how many hours of silence the next step is tried.
var waitChoices = []int{0, 6, 24, 48, 72}

// broadcastCreate begins a draft, for the segment or place the page it was asked from is about.
func (s *Server) broadcastCreate(w http.ResponseWriter, r *http.Request) error {
	b, err := s.freshBroadcast(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	if id := f.text("id"); loa.ValidID(id) {
		b.ID = loa.BroadcastID(id)
	}
	b.Title = f.text("title")
	b.Audience = loa.Audience{Segments: pickedIDs[loa.SegmentID](f.all("segment")), Areas: pickedIDs[loa.AreaID](f.all("area"))}
	if b.Script = loa.ScriptID(f.text("script")); b.Script != "" {
		b.Purpose = cmpOr(s.purposeOf(r, b.Script), b.Purpose)
	}
	if b, err = s.DB.SaveDraft(r.Context(), scopeOf(r), s.by(r), b); err != nil {
		return err
	}
	http.Redirect(w, r, "/broadcasts/"+string(b.ID)+"/edit", http.StatusSeeOther)
	return nil
}

func (s *Server) broadcastEdit(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	if b.State != loa.BroadcastDraft {
		http.Redirect(w, r, "/broadcasts/"+string(b.ID), http.StatusSeeOther)
		return nil
	}
	return s.composeShow(w, r, b, map[string]string{}, 0)
}

func (s *Server) broadcastOf(r *http.Request) (loa.Broadcast, error) {
	return s.DB.Broadcast(r.Context(), scopeOf(r), loa.BroadcastID(r.PathValue("id")))
}

// broadcastSave keeps the draft with every pause in typing, and answers with what it would do now.
func (s *Server) broadcastSave(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	b, errs, err := s.saveDraft(r, b)
	if err != nil {
		return err
	}
	if r.Header.Get("HX-Request") == "" {
		if len(errs) > 0 {
			return s.composeShow(w, r, b, errs, http.StatusUnprocessableEntity)
		}
		if strings.HasPrefix(r.FormValue("do"), "up:") || strings.HasPrefix(r.FormValue("do"), "down:") {
			http.Redirect(w, r, "/broadcasts/"+string(b.ID)+"/edit#ladder", http.StatusSeeOther)
			return nil
		}
		return s.done(w, r, "/broadcasts/"+string(b.ID)+"/edit", t(r, "broadcast.saved"), "")
	}
	body, err := s.composeBody(r, b, errs, reckonAtOnce)
	if err != nil {
		return err
	}
	return s.part(w, r, "broadcast_edit", "compose_swaps", body)
}

// saveDraft reads the form into the draft and keeps it; what is wrong is answered beside it.
func (s *Server) saveDraft(r *http.Request, b loa.Broadcast) (loa.Broadcast, map[string]string, error) {
	ways, err := s.sendingWays(r)
	if err != nil {
		return b, nil, err
	}
	f := readForm(r)
	if f.text("form") == "" {
		return b, f.Errors, nil // asked without its form: nothing to read
	}
	b = s.readBroadcast(f, b, ways)
	if n := len([]rune(b.Title)); n > loa.BroadcastTitle {
		f.bad("title", "error.too_long", loa.BroadcastTitle)
		b.Title = string([]rune(b.Title)[:loa.BroadcastTitle])
	}
	saved, err := s.DB.SaveDraft(r.Context(), scopeOf(r), s.by(r), b)
	if err := f.take(err); err != nil {
		return b, f.Errors, err
	}
	if saved.ID != "" {
		b = saved
	}
	return b, f.Errors, nil
}

func (s *Server) composeShow(w http.ResponseWriter, r *http.Request, b loa.Broadcast, errs map[string]string, status int) error {
	body, err := s.composeBody(r, b, errs, reckonAtOnce)
	if err != nil {
		return err
	}
	context := t(r, "broadcast.compose.context", t(r, "broadcast.state."+string(b.State)), body.Author.Name)
	return s.render(w, r, "broadcast_edit", page{Title: t(r, "broadcast.compose.title"), Context: context, Active: "broadcasts", Body: body, Status: status})
}

// composeBody is the whole page; most is how many people may be looked at for it.
func (s *Server) composeBody(r *http.Request, b loa.Broadcast, errs map[string]string, most int) (*composePage, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	body := &composePage{B: b, ID: string(b.ID), Errors: errs, Author: officers.by[b.Author], Purposes: options(r, "broadcast.purpose.", loa.Purposes), Priorities: optionsOf(r, "broadcast.priority.", []loa.Priority{loa.Normal, loa.Pressing, loa.Emergency})}
	if body.Saved = ""; !b.EditedAt.IsZero() {
		body.Saved = b.EditedAt.In(loa.Zone).Format("15:04")
	}
	body.LinkPages, body.LinkHint = options(r, "link.page.", loa.LinkPages), t(r, "broadcast.link_hint")
	if s.Public == "" {
		body.LinkHint = t(r, "broadcast.link_none")
	}
	body.Form = map[string]string{"title": b.Title, "purpose": b.Purpose, "priority": string(b.Priority), "link_page": cmpOr(b.LinkPage, "home"), "session": string(b.Session), "from": string(b.Window.From), "until": string(b.Window.Until), "start": dayClock(b.Window.Start), "end": dayClock(b.Window.End),
		"pace": zeroless(b.Pace), "fail_limit": zeroless(b.FailLimit / 100), "refuse_limit": zeroless(b.RefuseLimit / 100)}
	body.Repurposed = r.FormValue("form") != "" && r.FormValue("purpose") != b.Purpose
	if body.Audience, err = s.audienceOf(r, b); err != nil {
		return nil, err
	}
	ways, err := s.sendingWays(r)
	if err != nil {
		return nil, err
	}
	if body.Live, err = s.liveOf(r, b, ways, most); err != nil {
		return nil, err
	}
	if body.Sessions, err = s.broadcastSessions(r, b); err != nil {
		return nil, err
	}
	s.rungFields(r, body, ways)
	s.outletFields(r, body, ways)
	return body, s.scriptFields(r, body)
}

// zeroless writes a number into a field, and nothing for none.
func zeroless(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func (s *Server) rungFields(r *http.Request, body *composePage, ways sendingWays) {
	on := map[string]loa.Rung{}
	var order []string
	for _, x := range body.B.Ladder {
		key := rungKey(x.Network, x.Channel)
		on[key], order = x, append(order, key)
	}
	field := func(network string, c *store.ChannelLine) rungField {
		f := rungField{Network: network, Label: t(r, "broadcast.form."+network), Icon: rungIcons[network], ByHand: c == nil, Templated: network == "zns" || network == "zalo"}
		account := loa.ChannelID("")
		if c != nil {
			account, f.Sub = c.ID, c.Name
			if c.State == loa.ChannelHalted {
				f.Halted = t(r, "broadcast.account_halted")
			}
		}
		f.Key = rungKey(network, account)
		f.DOM = strings.ReplaceAll(f.Key, ".", "-")
		x, ticked := on[f.Key]
		f.On, f.Wait, f.Template, f.Params = ticked, x.Wait, x.Template, paramsText(x.Params)
		if f.Templated && c != nil {
			shown := r.FormValue("shown_" + f.Key)
			f.Tpl = s.rungTemplate(r, f, x, c.Kind, shown)
			f.Swap = r.FormValue("form") != "" && (shown != f.Template || f.On != (r.FormValue("had_"+f.Key) != ""))
		}
		return f
	}
	for _, n := range personNetworks {
		if n.network == loa.CallList || n.network == loa.VisitList {
			body.Rungs = append(body.Rungs, field(n.network, nil))
			continue
		}
		for _, c := range ways.accounts[n.network] {
			body.Rungs = append(body.Rungs, field(n.network, &c))
		}
	}
	slices.SortStableFunc(body.Rungs, func(a, b rungField) int { return rankOf(order, a) - rankOf(order, b) })
	ticked := 0
	for i := range body.Rungs {
		f := &body.Rungs[i]
		f.Order = i + 1
		f.First = i == 0 || body.Rungs[i-1].ByHand != f.ByHand
		f.Last = !f.On || i+1 == len(body.Rungs) || !body.Rungs[i+1].On || body.Rungs[i+1].ByHand != f.ByHand
		if f.On {
			ticked++
			body.Chosen = true
		}
		if whole := body.Live.Reckon.Whole; whole != nil && f.On {
			f.Counted = true
			for _, x := range whole.By {
				if (x.State == loa.DeliveryQueued || x.State == loa.DeliveryByHand) && x.Network == f.Network && (x.Rung < len(body.B.Ladder) && rungKey(x.Network, body.B.Ladder[x.Rung].Channel) == f.Key || f.ByHand) {
					f.N += x.N
				}
			}
		}
	}
	body.NoAccounts = len(ways.accounts) == 0
	for _, h := range waitChoices {
		body.Waits = append(body.Waits, option{fmt.Sprint(h), t(r, "broadcast.wait."+fmt.Sprint(h))})
	}
}

// rankOf puts what is ticked first, in its order, and lists last.
func rankOf(order []string, f rungField) int {
	rank := slices.Index(order, f.Key)
	if rank < 0 {
		rank = 500
	}
	if f.ByHand {
		rank += 1000
	}
	return rank
}

func (s *Server) outletFields(r *http.Request, body *composePage, ways sendingWays) {
	on := map[string]bool{}
	var times []time.Time
	for _, o := range body.B.Outlets {
		on[outletKey(o)] = true
		if o.Network != loa.SpeakerNetwork && !o.At.IsZero() {
			body.Post = o.At.In(loa.Zone).Format("2006-01-02T15:04")
		}
		if o.Network == loa.SpeakerNetwork {
			if !o.At.IsZero() && !slices.ContainsFunc(times, o.At.Equal) {
				times = append(times, o.At)
			}
			if o.Repeat > 1 {
				body.Repeat = fmt.Sprint(o.Repeat)
			}
		}
	}
	for i, at := range times[:min(len(times), 2)] {
		body.Play[i] = at.In(loa.Zone).Format("2006-01-02T15:04")
	}
	for _, st := range ways.stations {
		if st.Retired {
			continue
		}
		f := outletField{Key: loa.SpeakerNetwork + "." + string(st.ID), Label: st.Name, Sub: t(r, "broadcast.station."+string(st.Kind))}
		f.On = on[f.Key]
		if st.Kind == loa.DeviceStation && !st.Connected(s.Now()) {
			f.Late = t(r, "broadcast.station_silent")
		}
		body.Stations = append(body.Stations, f)
	}
	for _, n := range []string{"fb_page", "zalo_article"} {
		for _, c := range ways.accounts[n] {
			f := outletField{Key: n + "." + string(c.ID), Label: t(r, "broadcast.form."+n), Sub: c.Name}
			f.On = on[f.Key]
			if c.State == loa.ChannelHalted {
				f.Late = t(r, "broadcast.account_halted")
			}
			body.Pages = append(body.Pages, f)
		}
	}
	for _, g := range ways.groups {
		if _, ok := ways.group(loa.PlaceID(g.ID)); !ok {
			continue
		}
		f := outletField{Key: loa.GroupNetwork + "." + string(g.ID), Label: t(r, "broadcast.form."+loa.GroupNetwork), Sub: orElse(g.Name, g.Address)}
		f.On = on[f.Key]
		if c, ok := ways.account(g.Channel); ok && c.State == loa.ChannelHalted {
			f.Late = t(r, "broadcast.account_halted")
		}
		body.Pages = append(body.Pages, f)
	}
	kit := outletField{Key: kitNetwork + "." + string(kitPlace), Label: t(r, "broadcast.form.kit"), Sub: t(r, "broadcast.kit_sub")}
	kit.On = on[kit.Key]
	body.Pages = append(body.Pages, kit)
}

// scriptFields fills what can be said: the approved scripts, or the words written in place.
func (s *Server) scriptFields(r *http.Request, body *composePage) error {
	list, err := s.DB.ScriptsInUse(r.Context(), whoOf(r).Whole, store.ScriptMark{}, 300)
	if err != nil {
		return err
	}
	has := false
	for _, x := range list {
		if x.Usable(s.today()) || x.ID == body.B.Script && len(body.B.Words) == 0 {
			body.Scripts = append(body.Scripts, option{string(x.ID), x.Name})
			has = has || x.ID == body.B.Script
		}
	}
	if body.B.Script != "" && len(body.B.Words) == 0 && !has { // it was chosen, and may not be used: the page says why
		x, err := s.scriptVersion(r, body.B)
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return err
		}
		if err == nil {
			body.Scripts = append(body.Scripts, option{string(x.ID), x.Name})
		}
	}
	if len(body.B.Words) == 0 {
		body.Script = string(body.B.Script)
	}
	text := map[string]string{}
	for _, x := range body.B.Words {
		text[x.Kind] = x.Text
	}
	for _, kind := range wordKinds {
		body.Words = append(body.Words, wordField{kind, t(r, "broadcast.words."+kind), text[kind], t(r, "broadcast.words_hint."+kind)})
	}
	if err := s.markText(r, body); err != nil {
		return err
	}
	for _, place := range append([]string{"ten", "xung_ho", "thon", "han", "han_the", "so_thang", "can_bo", "dien_thoai", "co_quan", "lien_ket", "buoi", "ngay_buoi"}, wording.FigurePlaces...) {
		body.Places = append(body.Places, option{"{" + place + "}", t(r, "script.place."+place)})
	}
	return nil
}

// broadcastReckon goes on looking at the audience and answers with the columns beside the form.
func (s *Server) broadcastReckon(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	body, err := s.composeBody(r, b, map[string]string{}, reckonPerAsk)
	if err != nil {
		return err
	}
	return s.part(w, r, "broadcast_edit", "compose_swaps", body)
}

// markText is the main text as it will be read, its figures marked, with how many there are.
func (s *Server) markText(r *http.Request, body *composePage) error {
	script, err := s.scriptOf(r, body.B)
	if err != nil || len(script.Texts) == 0 {
		return err
	}
	text := script.Texts[0]
	for _, kind := range []string{"zalo", "long"} {
		if x, ok := script.Words([]string{"vietnamese"}, kind); ok {
			text = x
		}
	}
	made, err := wording.Compile(text)
	if err != nil {
		body.ScriptText, body.ScriptSub = []markedText{{Text: text.Text}}, s.said(r, err)
		return nil
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	from, err := s.sender(r, script, body.B.Author, loa.DayOf(s.plannedAt(body.B)))
	if err != nil {
		return err
	}
	book := wording.NewBook(law, loa.DayOf(s.plannedAt(body.B)))
	sample := sampleReader(book.Day)
	facts := wording.Facts{Figures: book.For(wording.ForScript(script, wording.Who{})), Office: from.Office, Person: wording.Person{Name: sample.Name, Title: "chị", Village: sample.Village, Due: sample.Due, CardUntil: sample.CardUntil, Months: sample.Months}}
	figures, length := 0, 0
	for _, x := range made.Segments(facts) {
		m := markedText{Text: x.Text, Figure: x.Place != "", Gap: x.Err != nil}
		if x.Err != nil {
			m.Why = s.said(r, x.Err)
		}
		if wording.IsFigure(x.Place) {
			figures++
		}
		length += len([]rune(x.Text))
		body.ScriptText = append(body.ScriptText, m)
	}
	body.ScriptSub = t(r, "broadcast.figure_count", figures, length)
	return nil
}
