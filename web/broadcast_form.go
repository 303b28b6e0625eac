package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/store"
)

// personNetworks are the networks that carry a message to one person, in the order of a usual ladder, each with its form; the lists for
// people follow.
var personNetworks = []struct {
	network string
	form    loa.Form
}{{"zalo", loa.Zalo}, {"zns", loa.Zalo}, {"tel", loa.SMS}, {"mail", loa.Email}, {loa.CallList, ""}, {loa.VisitList, loa.VisitForm}}

// outletNetworks are the networks an account posts to, for whoever reads it.
var outletNetworks = map[string]loa.Form{"fb_page": loa.PageForm, "zalo_article": loa.Zalo}

// kitNetwork is the officers' own pages: people carry it.
const kitNetwork = "kit"

// wordKinds are the lengths that are written in place, the one everything else falls back to first.
var wordKinds = []string{"long", "zalo", "sms", "loudspeaker", "post"}

// rungKey names one step a broadcast may have: a network over an account, or a list.
func rungKey(network string, account loa.ChannelID) string {
	if account == "" {
		return network
	}
	return network + "." + string(account)
}

// sendingWays are the accounts of the office by network, and its stations.
type sendingWays struct {
	accounts map[string][]store.ChannelLine
	stations []loa.Station
	groups   []loa.Conversation // on Zalo, that somebody wrote in
}

func (s *Server) sendingWays(r *http.Request) (w sendingWays, err error) {
	w.accounts = map[string][]store.ChannelLine{}
	areas, err := s.DB.OfficeAreas(r.Context(), whoOf(r).Office.ID, s.today())
	if err != nil {
		return w, err
	}
	office := loa.Scope{Office: whoOf(r).Office.ID} // an account serves all of its office, whoever sends over it
	for _, a := range areas {
		office.Ranges = append(office.Ranges, loa.Under(a.Path))
	}
	list, err := s.DB.Channels(r.Context(), office, s.today())
	if err != nil {
		return w, err
	}
	for _, c := range list {
		d, ok := s.driverOf(c.Kind)
		if !ok || c.State == loa.ChannelOff {
			continue
		}
		for _, n := range d.Networks {
			w.accounts[n] = append(w.accounts[n], c)
		}
	}
	for _, c := range w.accounts[loa.GroupNetwork] {
		groups, err := s.DB.Groups(r.Context(), office, c.ID)
		if err != nil {
			return w, err
		}
		w.groups = append(w.groups, groups...)
	}
	w.stations, _, err = s.DB.Stations(r.Context(), scopeOf(r), store.ListPage{Take: 500})
	return w, err
}

// account is the account behind an ID; false when it is none of the office's.
func (w sendingWays) account(id loa.ChannelID) (store.ChannelLine, bool) {
	for _, list := range w.accounts {
		for _, c := range list {
			if c.ID == id {
				return c, true
			}
		}
	}
	return store.ChannelLine{}, false
}

// group is a group that may be written to; false when it is none of the office's, or wants nothing more.
func (w sendingWays) group(id loa.PlaceID) (loa.Conversation, bool) {
	for _, c := range w.groups {
		if loa.PlaceID(c.ID) == id && !c.Refused {
			return c, true
		}
	}
	return loa.Conversation{}, false
}

func (w sendingWays) station(id loa.PlaceID) (loa.Station, bool) {
	for _, s := range w.stations {
		if s.ID == id {
			return s, true
		}
	}
	return loa.Station{}, false
}

// freshBroadcast is a broadcast as an officer begins it: to all the lists, over whatever accounts there are, in the hours of a day.
func (s *Server) freshBroadcast(r *http.Request) (loa.Broadcast, error) {
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return loa.Broadcast{}, err
	}
	ways, err := s.sendingWays(r)
	if err != nil {
		return loa.Broadcast{}, err
	}
	area, err := s.homeArea(r)
	if err != nil {
		return loa.Broadcast{}, err
	}
	b := loa.Broadcast{ID: loa.BroadcastID(loa.NewID()), Area: area, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft, Pace: settings.Pace, FailLimit: settings.FailLimit, RefuseLimit: settings.RefuseLimit,
		Window: loa.Window{From: s.today().Add(1), Start: 8 * 60, End: 20 * 60}}
	for _, n := range personNetworks {
		switch accounts := ways.accounts[n.network]; {
		case n.network == loa.CallList || n.network == loa.VisitList:
			b.Ladder = append(b.Ladder, loa.Rung{Form: n.form, Network: n.network})
		case n.network == "zns" || len(accounts) == 0: // a registered template is chosen on purpose
		default:
			b.Ladder = append(b.Ladder, loa.Rung{Form: n.form, Network: n.network, Channel: accounts[0].ID})
		}
	}
	return b, nil
}

// readBroadcast takes what the form says into a draft. Nothing that was typed is lost: what is wrong is said, and kept as far as it can be.
func (s *Server) readBroadcast(f *form, b loa.Broadcast, ways sendingWays) loa.Broadcast {
	b.Title = f.text("title")
	was := b.Purpose
	b.Audience = loa.Audience{Segments: pickedIDs[loa.SegmentID](f.all("segment")), Areas: pickedIDs[loa.AreaID](f.all("area")), Without: pickedIDs[loa.SegmentID](f.all("without"))}
	b.Purpose, b.Priority = f.text("purpose"), loa.Priority(f.text("priority"))
	b.LinkPage, b.Session = f.text("link_page"), loa.SessionID(f.text("session"))
	if script := f.text("script"); script == "" {
		if len(b.Words) == 0 {
			b.Script, b.ScriptVersion = "", 0 // one that was chosen is left
		}
		b.Words = readWords(f)
	} else {
		b.Words = nil
		if string(b.Script) != script {
			b.Script, b.ScriptVersion = loa.ScriptID(script), 0
			if purpose := s.purposeOf(f.r, b.Script); purpose != "" && (b.Purpose == was || !loa.Serves(purpose, b.Purpose)) {
				b.Purpose = purpose // what the words were approved for
			}
		}
	}
	if day := f.day("from"); day != "" {
		b.Window.From = day
	}
	b.Window.Until = f.day("until")
	b.Window.Start, b.Window.End = readDayClock(f, "start", b.Window.Start), readDayClock(f, "end", b.Window.End)
	b.Pace = int(f.number("pace"))
	b.FailLimit, b.RefuseLimit = readShare(f, "fail_limit"), readShare(f, "refuse_limit")
	b.Ladder = s.readLadder(f, ways)
	b.Outlets = readOutlets(f, ways, b.Outlets)
	for i, o := range b.Outlets {
		if a, ok := ways.account(o.Channel); ok && o.Network == "fb_page" && !o.At.IsZero() {
			b.Outlets[i].Held = s.setTo(a.Channel, "schedule") == "yes"
		}
	}
	return b
}

// purposeOf is what a script was written for; empty when it is none of the office's.
func (s *Server) purposeOf(r *http.Request, id loa.ScriptID) string {
	x, err := s.DB.ScriptInUse(r.Context(), whoOf(r).Whole, id)
	if err != nil {
		return ""
	}
	return x.Purpose
}

func pickedIDs[T ~string](list []string) (out []T) {
	for _, x := range list {
		if x != "" && !slices.Contains(out, T(x)) {
			out = append(out, T(x))
		}
	}
	return out
}

func readWords(f *form) (out []loa.ScriptText) {
	for _, kind := range wordKinds {
		if text := strings.ReplaceAll(f.text("w_"+kind), "\r\n", "\n"); text != "" {
			out = append(out, loa.ScriptText{Lang: "vietnamese", Kind: kind, Text: text})
		}
	}
	return out
}

// readDayClock reads hh:mm; 24:00 is the end of the day.
func readDayClock(f *form, name string, was int) int {
	h, m, ok := strings.Cut(f.text(name), ":")
	hours, err1 := strconv.Atoi(h)
	minutes, err2 := strconv.Atoi(m)
	if !ok || err1 != nil || err2 != nil || hours < 0 || hours > 24 || minutes < 0 || minutes > 59 || hours == 24 && minutes > 0 {
		f.bad(name, "error.bad_clock")
		return was
	}
	return hours*60 + minutes
}

// readShare reads whole percent into basis points.
func readShare(f *form, name string) int {
	n := f.number(name)
	if n < 0 || n > 100 {
		f.bad(name, "error.out_of_range", 0, 100)
		return 0
	}
	return int(n) * 100
}

// readLadder reads the steps that are ticked, in the order of their numbers; act moves one up or down.
func (s *Server) readLadder(f *form, ways sendingWays) []loa.Rung {
	type step struct {
		loa.Rung
		order int
	}
	var steps []step
	for i, key := range f.all("rung") {
		network, account, _ := strings.Cut(key, ".")
		rung, ok := rungOf(network, loa.ChannelID(account), ways)
		if !ok {
			continue
		}
		rung.Wait = int(f.count("wait_" + key))
		s.readTemplate(f, &rung, key)
		order := int(f.count("order_" + key))
		if order == 0 {
			order = 100 + i
		}
		steps = append(steps, step{rung, order})
	}
	slices.SortStableFunc(steps, func(a, b step) int {
		if a.ByHand() != b.ByHand() { // lists come last, whatever their numbers
			return map[bool]int{true: 1, false: -1}[a.ByHand()]
		}
		return cmp.Compare(a.order, b.order)
	})
	out := make([]loa.Rung, len(steps))
	for i := range steps {
		out[i] = steps[i].Rung
	}
	if what, key, ok := strings.Cut(f.text("do"), ":"); ok {
		moveRung(out, what, key)
	}
	return out
}

func moveRung(list []loa.Rung, what, key string) {
	i := slices.IndexFunc(list, func(r loa.Rung) bool { return rungKey(r.Network, r.Channel) == key })
	j := i + map[string]int{"up": -1, "down": 1}[what]
	if i < 0 || j < 0 || j >= len(list) || list[i].ByHand() != list[j].ByHand() {
		return
	}
	list[i], list[j] = list[j], list[i]
}

func rungOf(network string, account loa.ChannelID, ways sendingWays) (loa.Rung, bool) {
	for _, n := range personNetworks {
		if n.network != network {
			continue
		}
		rung := loa.Rung{Form: n.form, Network: network, Channel: account}
		if rung.ByHand() {
			return rung, account == ""
		}
		return rung, slices.ContainsFunc(ways.accounts[network], func(c store.ChannelLine) bool { return c.ID == account })
	}
	return loa.Rung{}, false
}

// readParams reads the fields of a registered template, a line each: name = words.
func readParams(text string) (out []loa.Param) {
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(name) != "" {
			out = append(out, loa.Param{Name: strings.TrimSpace(name), Text: strings.TrimSpace(value)})
		}
	}
	return out
}

func paramsText(list []loa.Param) string {
	var b strings.Builder
	for _, p := range list {
		b.WriteString(p.Name + " = " + p.Text + "\n")
	}
	return b.String()
}

// readOutlets reads the loudspeakers and pages that are ticked; all loudspeakers play at the same times.
func readOutlets(f *form, ways sendingWays, before []loa.Outlet) (out []loa.Outlet) {
	link := func(key string) string {
		for _, o := range before {
			if outletKey(o) == key {
				return o.Link
			}
		}
		return ""
	}
	times := readTimes(f)
	var post time.Time // of pages, articles and groups; none is when the broadcast begins
	if list := readMoments(f, "post_at"); len(list) > 0 {
		post = list[0]
	}
	repeat := int(min(f.count("repeat"), 10))
	for _, key := range f.all("outlet") {
		network, place, _ := strings.Cut(key, ".")
		switch {
		case network == loa.SpeakerNetwork:
			station, ok := ways.station(loa.PlaceID(place))
			if !ok || station.Retired {
				continue
			}
			for _, at := range times {
				out = append(out, loa.Outlet{Form: loa.Loudspeaker, Network: network, Channel: station.Channel, Place: station.ID, At: at, Repeat: repeat, Link: link(key)})
			}
		case network == kitNetwork:
			out = append(out, loa.Outlet{Form: loa.PersonalPage, Network: network, Place: kitPlace, Link: link(key)})
		case network == loa.GroupNetwork:
			if c, ok := ways.group(loa.PlaceID(place)); ok {
				out = append(out, loa.Outlet{Form: loa.Zalo, Network: network, Channel: c.Channel, Place: loa.PlaceID(c.ID), At: post, Link: link(key)})
			}
		case outletNetworks[network] != "":
			if c, ok := ways.account(loa.ChannelID(place)); ok {
				out = append(out, loa.Outlet{Form: outletNetworks[network], Network: network, Channel: c.ID, Place: loa.PlaceID(c.ID), At: post, Link: link(key)})
			}
		}
	}
	return out
}

// kitPlace stands for the pages of all officers.
const kitPlace loa.PlaceID = "officers"

func outletKey(o loa.Outlet) string { return o.Network + "." + string(o.Place) }

// readTimes reads when loudspeakers play: two moments at most; none is when the broadcast begins.
func readTimes(f *form) []time.Time {
	out := readMoments(f, "play_1", "play_2")
	if len(out) == 0 {
		out = append(out, time.Time{})
	}
	return out
}

func readMoments(f *form, names ...string) (out []time.Time) {
	for _, name := range names {
		text := f.text(name)
		if text == "" {
			continue
		}
		at, err := time.ParseInLocation("2006-01-02T15:04", text, loa.Zone)
		if err != nil {
			f.bad(name, "error.bad_day")
			continue
		}
		out = append(out, at)
	}
	return out
}

// fullWords are the words of a broadcast written in place as a script has them: whoever writes once has written for every channel that
// can carry it.
func fullWords(words []loa.ScriptText) []loa.ScriptText {
	of := map[string]string{}
	for _, w := range words {
		of[w.Kind] = w.Text
	}
	out := slices.Clone(words)
	for _, kind := range []string{"sms", "loudspeaker"} {
		if of[kind] == "" && of["long"] != "" && (kind != "sms" || len([]rune(of["long"])) <= 480) {
			out = append(out, loa.ScriptText{Lang: "vietnamese", Kind: kind, Text: of["long"]})
		}
	}
	return out
}

// scriptVersion is the version of its script a broadcast was submitted with; before that the one that was approved last, though another may be
// in the making.
func (s *Server) scriptVersion(r *http.Request, b loa.Broadcast) (loa.Script, error) {
	if b.ScriptVersion == 0 {
		return s.DB.ScriptInUse(r.Context(), whoOf(r).Whole, b.Script)
	}
	return s.DB.Script(r.Context(), whoOf(r).Whole, b.Script, b.ScriptVersion)
}

// scriptOf is the script of a broadcast: the one it names in the version it was submitted with, or the words written in place.
func (s *Server) scriptOf(r *http.Request, b loa.Broadcast) (loa.Script, error) {
	if len(b.Words) > 0 || b.Script == "" {
		return loa.Script{ID: b.Script, Office: whoOf(r).Office.ID, Area: b.Area, Name: orElse(b.Title, t(r, "broadcast.untitled")), Purpose: b.Purpose, State: loa.ScriptDraft, Texts: fullWords(b.Words)}, nil
	}
	x, err := s.scriptVersion(r, b)
	if loa.KindOf(err) == loa.NotFound {
		return loa.Script{}, nil // it was taken away: the page says that one is to be chosen
	}
	return x, err
}
