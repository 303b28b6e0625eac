package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/composing"
	"loa/sending"
	"loa/wording"
)

// lookLine is one thing looked at before sending, and what to do about it.
type lookLine struct {
	Kind string // ok, look, or stop: nothing is submitted before it is mended
	Text string
	Note string
	URL  string
	Do   string
}

// checker gathers what was looked at.
type checker struct {
	r   *http.Request
	out []lookLine
}

func (c *checker) ok(key string, args ...any) {
	c.out = append(c.out, lookLine{Kind: "ok", Text: t(c.r, "broadcast.check."+key, args...)})
}

func (c *checker) bad(kind, key, url string, args ...any) {
	line := lookLine{Kind: kind, Text: t(c.r, "broadcast.check."+key, args...), URL: url}
	line.Do = t(c.r, "broadcast.check."+key+".do")
	c.out = append(c.out, line)
}

// checksOf looks at everything that could go wrong with a broadcast as it stands.
func (s *Server) checksOf(r *http.Request, b loa.Broadcast, script loa.Script, ways sendingWays, v *liveView, q question) ([]lookLine, error) {
	c := &checker{r: r}
	if loa.Broadcast.Check(withScript(b, script)) != nil {
		s.checkComplete(c, b, script)
	}
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return nil, err
	}
	law, err := s.law(r)
	if err != nil {
		return nil, err
	}
	at := s.plannedAt(b)
	checkHours(c, b, sending.RulesOf(settings, composing.AdsOn(law, loa.DayOf(at))), s.Now())
	switch n := waiting(v, "cap") + waiting(v, "ads_a_day") + waiting(v, "ads_a_day_agreed"); {
	case settings.CapN == 0:
	case n > 0:
		c.bad("look", "cap", "/broadcasts/"+string(b.ID)+"/audience?why=wait.cap", n, settings.CapN, settings.CapDays)
	default:
		c.ok("cap_ok", settings.CapN, settings.CapDays)
	}
	s.checkWords(c, b, script, wording.NewBook(law, loa.DayOf(at)), at)
	words := q.words
	if words == nil { // nobody is chosen by name
		if words, err = s.wordsOf(r, s.withLinks(r, b, script), script, law, at); err != nil && loa.KindOf(err) == "" {
			return nil, err
		}
	}
	if words != nil {
		s.checkFilled(c, b, words, loa.DayOf(at))
	}
	if n := waiting(v, sending.Gap); n > 0 {
		c.bad("look", "gaps", "/broadcasts/"+string(b.ID)+"/audience?why=no."+sending.Gap, n)
	}
	s.checkLinks(c, b, script)
	if err := s.checkSession(c, b, script, v, loa.DayOf(at)); err != nil {
		return nil, err
	}
	s.checkAccounts(c, b, ways, v)
	s.checkTemplates(c, b, ways, q.words)
	if err := s.checkSpeakers(c, b, script, ways); err != nil {
		return nil, err
	}
	checkPace(c, b, v)
	if err := s.checkApprovers(c, b, v, settings); err != nil {
		return nil, err
	}
	return c.out, nil
}

// withScript is the broadcast as it will be once its words are a script.
func withScript(b loa.Broadcast, script loa.Script) loa.Broadcast {
	if b.Script == "" && len(script.Texts) > 0 {
		b.Script = "new"
	}
	return b
}

// checkComplete says what is still to be chosen, a line each.
func (s *Server) checkComplete(c *checker, b loa.Broadcast, script loa.Script) {
	if strings.TrimSpace(b.Title) == "" {
		c.bad("stop", "no_title", "#f-title")
	}
	if (len(b.Ladder) > 0 || len(b.Outlets) == 0) && len(b.Audience.Segments)+len(b.Audience.Areas) == 0 {
		c.bad("stop", "no_audience", "#audience")
	}
	if len(script.Texts) == 0 {
		c.bad("stop", "no_script", "#script")
	}
	if len(b.Ladder)+len(b.Outlets) == 0 {
		c.bad("stop", "no_channel", "#ladder")
	}
	if len(c.out) == 0 { // something rarer, in the words of the refusal
		if err := withScript(b, script).Check(); err != nil {
			c.out = append(c.out, lookLine{Kind: "stop", Text: s.said(c.r, err)})
		}
	}
}

// checkHours compares the hours of the broadcast with those of each channel.
func checkHours(c *checker, b loa.Broadcast, rules sending.Rules, now time.Time) {
	fits := checkPlayHours(c, b, rules, now)
	for _, x := range b.Ladder {
		for _, hours := range []map[string]loa.Hours{rules.Quiet, adHours(b, rules)} {
			h, ok := hours[x.Network]
			if !ok || x.ByHand() {
				continue
			}
			name := t(c.r, "broadcast.form."+x.Network)
			switch {
			case max(h.Start, b.Window.Start) >= min(h.End, b.Window.End):
				c.bad("stop", "hours_never", "#when", name, dayClock(h.Start), dayClock(h.End))
				fits = false
			case b.Window.Start < h.Start || b.Window.End > h.End:
				c.bad("look", "hours", "#when", name, dayClock(h.Start), dayClock(h.End))
				fits = false
			}
		}
	}
	if fits && len(b.Ladder)+len(b.Outlets) > 0 {
		c.ok("hours_ok", dayClock(b.Window.Start), dayClock(b.Window.End))
	}
}

// checkPlayHours compares what is played or posted with the same, each form and each time once. An emergency breaks into the night.
func checkPlayHours(c *checker, b loa.Broadcast, rules sending.Rules, now time.Time) (fits bool) {
	fits = true
	if b.Priority == loa.Emergency {
		return true
	}
	seen := map[string]bool{}
	for _, o := range b.Outlets {
		key := o.Network + o.At.String()
		if seen[key] {
			continue
		}
		seen[key] = true
		h, ok := rules.Quiet[o.Network]
		if !ok {
			h = loa.Always
		}
		name, open := t(c.r, "broadcast.form."+o.Network), loa.Hours{Start: b.Window.Start, End: b.Window.End}.And(h)
		switch {
		case open.Start >= open.End:
			c.bad("stop", "hours_never", "#when", name, dayClock(h.Start), dayClock(h.End))
		case o.At.IsZero() && (b.Window.Start < h.Start || b.Window.End > h.End):
			c.bad("look", "hours", "#when", name, dayClock(h.Start), dayClock(h.End))
		case o.At.IsZero():
			continue
		case o.At.Before(now) && b.SentAt.IsZero():
			c.bad("stop", "play_past", "#when", name, moment(o.At))
		case !sending.When(b, o, o.At, rules).From.Equal(o.At):
			c.bad("stop", "play_hours", "#when", name, moment(o.At), dayClock(open.Start), dayClock(open.End))
		default:
			continue
		}
		fits = false
	}
	return fits
}

func adHours(b loa.Broadcast, rules sending.Rules) map[string]loa.Hours {
	if b.Purpose != loa.Advertising {
		return nil
	}
	return rules.AdHours
}

func waiting(v *liveView, code string) (n int) {
	for _, g := range v.Waits {
		if g.Code == code {
			n += g.N
		}
	}
	for _, g := range v.Why {
		if g.Code == code {
			n += g.N
		}
	}
	return n
}

// checkWords: the script may be used on the day, its figures are known, and every channel has words.
func (s *Server) checkWords(c *checker, b loa.Broadcast, script loa.Script, book *wording.Book, at time.Time) {
	if len(script.Texts) == 0 {
		return
	}
	blocked := false
	for _, x := range wording.Blocks(script, book) {
		c.bad("stop", "figure", "#script", t(c.r, "script.place."+x.Place), loa.DayOf(at).Vietnamese())
		blocked = true
	}
	if n := len(wording.ScriptFigures(script)); !blocked && n > 0 {
		c.ok("figures_ok", n, loa.DayOf(at).Vietnamese())
	}
	switch err := wording.Usable(script, loa.DayOf(at)); {
	case len(b.Words) > 0:
		c.ok("own_words")
	case err != nil:
		c.out = append(c.out, lookLine{Kind: "stop", Text: s.said(c.r, err), URL: "#script", Do: t(c.r, "broadcast.check.script.do")})
	default:
		c.ok("script_ok")
	}
	if len(b.Words) == 0 && b.Keeps(script) != nil {
		c.bad("stop", "purpose", "#purpose", t(c.r, "broadcast.purpose."+script.Purpose))
	}
	if without := wordless(c.r, b, script); len(without) > 0 {
		c.bad("stop", "no_words", "#script", strings.Join(without, ", "))
	}
	if b.Purpose == loa.Advertising {
		c.ok("label")
	}
}

// wordless are the channels, of people and of everybody, that the script has no words for. A loudspeaker plays recordings: see checkSpeakers.
func wordless(r *http.Request, b loa.Broadcast, script loa.Script) (out []string) {
	look := func(network string) {
		name := t(r, "broadcast.form."+network)
		if !slices.ContainsFunc(script.Texts, func(w loa.ScriptText) bool { return slices.Contains(composing.Lengths(network), w.Kind) }) && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	for _, x := range b.Ladder {
		if !x.ByHand() && x.Template == "" {
			look(x.Network)
		}
	}
	for _, o := range b.Outlets {
		if o.Network != loa.SpeakerNetwork {
			look(o.Network)
		}
	}
	return out
}

// checkFilled: what does not depend on the reader is known, such as the office's telephone; what is posted is read by nobody in particular.
func (s *Server) checkFilled(c *checker, b loa.Broadcast, words *composing.Words, on loa.Day) {
	said := map[string]bool{}
	look := func(network string, d loa.Delivery, reader loa.Reader) {
		_, err := words.Message(d, reader)
		var e *loa.Error
		if !errors.As(err, &e) || e.Code != "place_empty" || s.ownSession(b, e) {
			return
		}
		if text := s.said(c.r, err); !said[network+text] {
			said[network+text] = true
			c.out = append(c.out, lookLine{Kind: "stop", Text: t(c.r, "broadcast.form."+network) + ": " + text, URL: "#script", Do: t(c.r, "broadcast.check.no_words.do")})
		}
	}
	for i, x := range b.Ladder {
		if x.ByHand() {
			continue
		}
		if _, lang := words.Text(i, loa.Tongues); lang != "" {
			look(x.Network, loa.Delivery{Rung: i, Network: x.Network, Lang: lang}, sampleReader(on))
		}
	}
	for i, o := range b.Outlets {
		look(o.Network, loa.Delivery{Rung: loa.OutletRung + i, Network: o.Network, Area: b.Area}, loa.Reader{})
	}
}

// ownSession says whether what is missing is a session, where each village is told of its own: checkSession looks at those.
func (s *Server) ownSession(b loa.Broadcast, e *loa.Error) bool {
	return b.Session == "" && slices.ContainsFunc(e.Args, func(x any) bool {
		return x == loa.Phrase("script.place.buoi") || x == loa.Phrase("script.place.ngay_buoi")
	})
}

// checkLinks: where a link is told, the world must reach this program.
func (s *Server) checkLinks(c *checker, b loa.Broadcast, script loa.Script) {
	switch {
	case !composing.TellsLink(b, script):
	case s.Public == "":
		c.bad("stop", "no_public", "#script")
	default:
		page := b.LinkPage
		if page == "" {
			page = "home"
		}
		c.ok("links_ok", lowerFirst(t(c.r, "link.page."+page)))
	}
}

// checkSpeakers: every loudspeaker is heard of, and there is a recording for what it plays.
func (s *Server) checkSpeakers(c *checker, b loa.Broadcast, script loa.Script, ways sendingWays) error {
	var silent []string
	plays := map[string]bool{}
	device, any := false, false
	for _, o := range b.Outlets {
		if o.Network != loa.SpeakerNetwork {
			continue
		}
		any = true
		st, ok := ways.station(o.Place)
		if ok {
			for _, lang := range st.Languages {
				plays[lang] = plays[lang] || !st.Kind.ByHand() || st.Kind == loa.CommuneStation
			}
		}
		if !ok || st.Kind.ByHand() {
			continue
		}
		device = true
		if st.Kind == loa.DeviceStation && !st.Connected(s.Now()) && !slices.Contains(silent, st.Name) {
			silent = append(silent, st.Name)
		}
	}
	if !any {
		return nil
	}
	if len(silent) > 0 {
		c.bad("look", "station_silent", "/stations", shortList(c.r, silent))
	}
	from, err := s.sender(c.r, script, b.Author, loa.DayOf(s.plannedAt(b)))
	if err != nil {
		return err
	}
	var old []string
	for _, lang := range loa.Tongues {
		if plays[lang] && from.Old[lang] != nil {
			old = append(old, t(c.r, "tongue."+lang))
		}
	}
	switch {
	case len(old) > 0:
		c.bad("stop", "clip_outdated", "/scripts/"+string(script.ID)+"#s-voices", shortList(c.r, old))
	case len(from.Clips) == 0 && device: // a device plays recordings and nothing else
		c.bad("stop", "no_clip", "/scripts")
	case len(from.Clips) == 0:
		c.bad("look", "no_clip", "/scripts")
	default:
		c.ok("clips_ok", len(from.Clips))
	}
	return s.checkTimes(c, b, from.Clips)
}

// checkPace: everybody can be told before the window closes.
func checkPace(c *checker, b loa.Broadcast, v *liveView) {
	if b.Pace == 0 || v.Messages == 0 || b.Window.Until == "" {
		return
	}
	days := b.Window.Until.Sub(b.Window.From) + 1
	if room := b.Pace * (b.Window.End - b.Window.Start) / 60 * days; room < v.Messages {
		c.bad("look", "pace", "#when", v.Messages, room)
		return
	}
	c.ok("pace_ok", b.Pace)
}

// checkApprovers: there is somebody else to approve it.
func (s *Server) checkApprovers(c *checker, b loa.Broadcast, v *liveView, settings loa.SendingSettings) error {
	need := b.ApprovalsNeeded(v.Audience, settings.Few)
	if need == 0 {
		return nil
	}
	grants, err := s.DB.Grants(c.r.Context(), whoOf(c.r).Whole)
	if err != nil {
		return err
	}
	areas, err := s.DB.OfficeAreas(c.r.Context(), whoOf(c.r).Office.ID, s.today())
	if err != nil {
		return err
	}
	scopes := map[loa.OfficerID]loa.Scope{}
	for _, g := range grants {
		if !g.Holds(s.today()) || !g.Role.May(loa.EditOutreach) || g.Officer == b.Author || g.Officer == b.ChangedBy {
			continue
		}
		in := scopes[g.Officer]
		in.Office = whoOf(c.r).Office.ID
		for _, a := range areas {
			if g.Area == "" || g.Area == a.ID {
				in.Ranges = append(in.Ranges, loa.Under(a.Path))
			}
		}
		scopes[g.Officer] = in
	}
	others := map[loa.OfficerID]bool{}
	for officer, in := range scopes { // only whoever sees all of it may approve it
		mine, err := s.DB.HoldsBroadcast(c.r.Context(), in, b)
		if err != nil {
			return err
		}
		if mine {
			others[officer] = true
		}
	}
	if b.State == loa.BroadcastDraft && len(others) < need {
		c.bad("stop", "approvers", "/admin", need, len(others))
	}
	return nil
}
