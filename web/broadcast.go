package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"loa"
	"loa/store"
)

func (s *Server) broadcastRoutes() []route {
	return []route{
		{"GET /broadcasts", loa.ReadOutreach, s.broadcastList},
		{"POST /broadcasts", loa.EditOutreach, s.broadcastCreate},
		{"GET /broadcasts/{id}", loa.ReadOutreach, s.broadcastShow},
		{"GET /broadcasts/{id}/progress", loa.ReadOutreach, s.broadcastProgress},
		{"GET /broadcasts/{id}/edit", loa.EditOutreach, s.broadcastEdit},
		{"POST /broadcasts/{id}/edit", loa.EditOutreach, s.broadcastSave},
		{"GET /broadcasts/{id}/reckon", loa.EditOutreach, s.broadcastReckon},
		{"GET /broadcasts/{id}/looking", loa.ReadOutreach, s.broadcastLooking},
		{"GET /broadcasts/{id}/audience", loa.ReadPeople, s.broadcastAudience},
		{"POST /broadcasts/{id}/submit", loa.EditOutreach, s.broadcastSubmit},
		{"POST /broadcasts/{id}/approve", loa.EditOutreach, s.broadcastApprove},
		{"POST /broadcasts/{id}/back", loa.EditOutreach, s.broadcastBack},
		{"POST /broadcasts/{id}/withdraw", loa.EditOutreach, s.broadcastWithdraw},
		{"POST /broadcasts/{id}/pause", loa.EditOutreach, s.broadcastPause},
		{"POST /broadcasts/{id}/resume", loa.EditOutreach, s.broadcastResume},
		{"POST /broadcasts/{id}/stop", loa.EditOutreach, s.broadcastStop},
		{"POST /broadcasts/{id}/copy", loa.EditOutreach, s.broadcastCopy},
		{"POST /broadcasts/{id}/test", loa.EditOutreach, s.broadcastTest},
		{"GET /broadcasts/{id}/people", loa.ReadPeople, s.broadcastPeople},
		{"POST /broadcasts/{id}/export", loa.ExportPeople, s.broadcastExport},
		{"POST /broadcasts/{id}/settle", loa.EditOutreach, s.broadcastSettle},
		{"GET /broadcasts/{id}/hand", loa.ReadPeople, s.broadcastHand},
		{"POST /broadcasts/{id}/hand", loa.EditOutreach, s.broadcastHandDone},
		{"POST /broadcasts/{id}/hand/reopen", loa.EditOutreach, s.broadcastHandReopen},
		{"GET /broadcasts/{id}/sheet", loa.ReadPeople, s.broadcastSheet},
	}
}

// broadcastTabs are the tabs of the list in the order of the work, with the states each shows.
var broadcastTabs = []struct {
	key    string
	states []loa.BroadcastState
}{
	{"all", nil},
	{"draft", []loa.BroadcastState{loa.BroadcastDraft}},
	{"waiting", []loa.BroadcastState{loa.BroadcastSubmitted}},
	{"coming", []loa.BroadcastState{loa.BroadcastApproved}},
	{"going", []loa.BroadcastState{loa.BroadcastSending, loa.BroadcastPaused}},
	{"over", []loa.BroadcastState{loa.BroadcastDone, loa.BroadcastStopped}},
}

type broadcastListPage struct {
	Tabs     []questionTab
	Tab      string
	Query    string
	Rows     []broadcastRow
	Coming   []broadcastRow // the next to go out
	Older    string
	First    string
	MayEdit  bool
	Filtered bool
	Waits    int64 // for an approval of somebody else than its author
}

type broadcastRow struct {
	store.BroadcastLine
	URL     string
	Forms   []broadcastForm
	Author  officerView
	When    string
	Sub     string
	Where   string
	Percent int64 // of those who are to be told
	Told    int64
	People  int64
	Trouble int64
	Places  int64 // loudspeakers and pages
	Played  int64
	At      string // of the count
}

// broadcastForm is one channel of a broadcast in a list.
type broadcastForm struct{ Form, Label string }

func (s *Server) broadcastList(w http.ResponseWriter, r *http.Request) error {
	tab := r.FormValue("state")
	body := broadcastListPage{Tab: "all", Query: r.FormValue("q"), MayEdit: whoOf(r).may(loa.EditOutreach)}
	f := store.BroadcastFilter{Words: body.Query, Take: listPage + 1}
	for _, t := range broadcastTabs {
		if t.key == tab {
			body.Tab, f.States = tab, t.states
		}
	}
	if ms, err := strconv.ParseInt(r.FormValue("before"), 10, 64); err == nil {
		f.Before, f.Last = time.UnixMilli(ms), loa.BroadcastID(r.FormValue("last"))
		body.First = "/broadcasts?" + without(r.URL.Query(), "before", "last").Encode()
	}
	body.Filtered = body.Query != ""
	list, err := s.DB.Broadcasts(r.Context(), scopeOf(r), f)
	if err != nil {
		return err
	}
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		q := r.URL.Query()
		q.Set("before", strconv.FormatInt(last.CreatedAt.UnixMilli(), 10))
		q.Set("last", string(last.ID))
		body.Older = "/broadcasts?" + q.Encode()
	}
	if body.Rows, err = s.broadcastRows(r, list); err != nil {
		return err
	}
	counts, err := s.DB.BroadcastCounts(r.Context(), scopeOf(r), body.Query)
	if err != nil {
		return err
	}
	body.Tabs = broadcastTabsOf(r, counts, body.Tab, body.Query)
	body.Waits = counts[loa.BroadcastSubmitted]
	if body.Tab == "all" && body.First == "" && !body.Filtered {
		coming, err := s.DB.ComingBroadcasts(r.Context(), scopeOf(r), 3)
		if err != nil {
			return err
		}
		if body.Coming, err = s.broadcastRows(r, coming); err != nil {
			return err
		}
	}
	going := counts[loa.BroadcastSending] + counts[loa.BroadcastPaused]
	return s.render(w, r, "broadcast_list", page{Title: t(r, "broadcast.title"), Context: t(r, "broadcast.context", counts[loa.BroadcastSubmitted], counts[loa.BroadcastApproved], going), Active: "broadcasts", Body: body})
}

func broadcastTabsOf(r *http.Request, counts map[loa.BroadcastState]int64, now, words string) (out []questionTab) {
	for _, tab := range broadcastTabs {
		n := int64(0)
		for state, count := range counts {
			if tab.states == nil || slices.Contains(tab.states, state) {
				n += count
			}
		}
		q := url.Values{"state": {tab.key}}
		if words != "" {
			q.Set("q", words)
		}
		out = append(out, questionTab{tab.key, t(r, "broadcast.tab."+tab.key), "/broadcasts?" + q.Encode(), n, tab.key == now})
	}
	return out
}

func (s *Server) broadcastRows(r *http.Request, list []store.BroadcastLine) ([]broadcastRow, error) {
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	segments, err := s.segmentNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]broadcastRow, len(list))
	for i, b := range list {
		row := broadcastRow{BroadcastLine: b, URL: "/broadcasts/" + string(b.ID), Forms: networksOf(r, b.Broadcast), Author: officers.by[b.Author], Where: broadcastFor(r, b.Broadcast, segments, places)}
		row.When, row.Sub = windowText(r, b.Broadcast)
		if row.Title == "" {
			row.Title = t(r, "broadcast.untitled")
		}
		if !b.Tally.At.IsZero() {
			p := progressOf(b.Tally)
			row.Percent, row.Told, row.People, row.Trouble, row.Places, row.Played, row.At = p.Percent, p.Told, p.People, p.Failed+p.ToSettle(), p.Places, p.PlacesTold, b.Tally.At.In(loa.Zone).Format("15:04 02/01")
		}
		out[i] = row
	}
	return out, nil
}

// networksOf are the channels of a broadcast in their order.
func networksOf(r *http.Request, b loa.Broadcast) (out []broadcastForm) {
	seen := map[string]bool{}
	add := func(form string) {
		if !seen[form] {
			seen[form] = true
			out = append(out, broadcastForm{form, t(r, "broadcast.form."+form)})
		}
	}
	for _, x := range b.Ladder {
		add(x.Network)
	}
	for _, x := range b.Outlets {
		add(x.Network)
	}
	return out
}

// broadcastFor says for whom a broadcast is: people, or whoever hears it where it is played.
func broadcastFor(r *http.Request, b loa.Broadcast, segments map[loa.SegmentID]string, places map[loa.AreaID]string) string {
	if len(b.Ladder) > 0 || len(b.Outlets) == 0 {
		return audienceText(r, b.Audience, segments, places)
	}
	stations := 0
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork {
			stations++
		}
	}
	switch {
	case stations == len(b.Outlets):
		return t(r, "broadcast.n_stations", stations)
	case stations == 0:
		return t(r, "broadcast.n_posts", len(b.Outlets))
	}
	return t(r, "broadcast.n_stations", stations) + ", " + t(r, "broadcast.n_posts", len(b.Outlets)-stations)
}

// audienceText says for whom a broadcast is, in a line.
func audienceText(r *http.Request, a loa.Audience, segments map[loa.SegmentID]string, places map[loa.AreaID]string) string {
	var who, where []string
	for _, id := range a.Segments {
		if name := segments[id]; name != "" {
			who = append(who, name)
		}
	}
	for _, id := range a.Areas {
		if name := places[id]; name != "" { // another's area has no name here
			where = append(where, name)
		}
	}
	if len(where) == 0 && len(a.Areas) > 0 {
		where = append(where, t(r, "broadcast.elsewhere"))
	}
	switch {
	case len(who) == 0 && len(where) == 0:
		return t(r, "broadcast.nobody_chosen")
	case len(who) == 0:
		return shortList(r, where)
	case len(where) == 0:
		return shortList(r, who)
	}
	return shortList(r, who) + " · " + shortList(r, where)
}

// shortList names the first three of a list and counts the rest.
func shortList(r *http.Request, list []string) string {
	const most = 3
	out := ""
	for i, x := range list {
		if i == most {
			return out + " " + t(r, "broadcast.and_more", len(list)-most)
		}
		if i > 0 {
			out += ", "
		}
		out += x
	}
	return out
}

// windowText says when a broadcast goes out, or went.
func windowText(r *http.Request, b loa.Broadcast) (when, sub string) {
	if !b.SentAt.IsZero() {
		return b.SentAt.In(loa.Zone).Format("02/01/2006"), b.SentAt.In(loa.Zone).Format("15:04")
	}
	if b.Window.From == "" {
		return t(r, "broadcast.no_day"), ""
	}
	return b.Window.From.Vietnamese(), fmt.Sprintf("%s–%s", dayClock(b.Window.Start), dayClock(b.Window.End))
}

// dayClock writes minutes after midnight, midnight and the day's end included.
func dayClock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }
