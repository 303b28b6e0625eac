package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/store"
	"loa/vn"
)

func (s *Server) inboxRoutes() []route {
	return []route{
		{"GET /inbox", loa.EditOutreach, s.inboxList},
		{"GET /inbox/{id}", loa.EditOutreach, s.inboxShow},
		{"POST /inbox/{id}/reply", loa.EditOutreach, s.ofMine(s.inboxReply)},
		{"POST /inbox/{id}/settle", loa.EditOutreach, s.ofMine(s.inboxSettle)},
		{"POST /inbox/{id}/draft", loa.EditOutreach, s.ofMine(s.inboxDraft)},
		{"POST /inbox/{id}/note", loa.EditOutreach, s.ofMine(s.inboxNote)},
		{"POST /inbox/{id}/give", loa.EditOutreach, s.ofMine(s.inboxGive)},
		{"POST /inbox/{id}/later", loa.EditOutreach, s.ofMine(s.inboxLater)},
		{"POST /inbox/{id}/done", loa.EditOutreach, s.ofMine(s.inboxDone)},
		{"POST /inbox/{id}/reopen", loa.EditOutreach, s.ofMine(s.inboxReopen)},
		{"POST /inbox/{id}/place", loa.EditOutreach, s.ofMine(s.inboxPlace)},
		{"POST /inbox/{id}/link", loa.EditOutreach, s.ofMine(s.inboxLink)},
		{"POST /inbox/{id}/unlink", loa.EditOutreach, s.ofMine(s.inboxUnlink)},
		{"POST /inbox/{id}/question", loa.EditOutreach, s.ofMine(s.inboxQuestion)},
		{"POST /inbox/{id}/lead", loa.EditOutreach, s.ofMine(s.inboxLead)},
		{"POST /inbox/{id}/refuse", loa.EditOutreach, s.ofMine(s.inboxRefuse)},
		{"POST /inbox/{id}/norefusal", loa.EditOutreach, s.ofMine(s.inboxNoRefusal)},
		{"POST /inbox/{id}/erase", loa.EditOutreach, s.ofMine(s.inboxErase)},
	}
}

// ofMine lets an act through to a conversation the officer may see, before anything that was sent is looked at: somebody else's is not there.
func (s *Server) ofMine(act handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if _, err := s.DB.Conversation(r.Context(), scopeOf(r), whoOf(r).Officer.ID, conversationOf(r)); err != nil {
			return err
		}
		return act(w, r)
	}
}

// inboxStates are the tabs of the queue, in the order of the work.
var inboxStates = []string{"open", "late", "unreached", "unsure", "put_off", "done", "all"}

// inboxPage is how many conversations a page of the queue shows.
const inboxPage = 30

type inboxListPage struct {
	Tabs     []inboxTab
	State    string
	Rows     []inboxRow
	Query    string
	Via      string
	Owner    string
	Area     string
	AreaText string
	Vias     []option
	Owners   []option
	Filtered bool
	Clear    string
	Next     string
	First    string // back to the first page
}

type inboxTab struct {
	Label, URL, N string
	On            bool
}

type inboxRow struct {
	loa.Conversation
	URL     string
	Who     string
	Place   string
	Owner   officerView
	ViaText string
	Icon    string
	Text    string
	When    string
	Due     dueView
	Draft   bool
	OffText string
	Closes  string // the window closes today
}

// dueView is when an answer is due, as people say it.
type dueView struct {
	Text string
	Late bool
}

// viaIcons are the marks of the ways words come in.
var viaIcons = map[string]string{loa.ViaZalo: "message-circle", loa.ViaGroup: "messages-square", loa.ViaMessenger: "message-square", loa.ViaComment: "newspaper", loa.ViaSMS: "smartphone",
	loa.ViaMail: "mail", loa.ViaPublic: "globe", loa.ViaHotline: "phone", loa.ViaSession: "presentation"}

func (s *Server) inboxFilter(r *http.Request) store.ConversationFilter {
	f := store.ConversationFilter{Me: whoOf(r).Officer.ID, Now: s.Now(), State: r.FormValue("state"), Via: r.FormValue("via"), Owner: r.FormValue("owner"), Area: loa.AreaID(r.FormValue("area")),
		Words: strings.TrimSpace(r.FormValue("q")), After: r.FormValue("after"), Limit: inboxPage}
	if !loa.OneOf(f.State, inboxStates) {
		f.State = "open"
		if f.Words != "" {
			f.State = "all"
		}
	}
	if f.Owner == "me" {
		f.Owner = string(f.Me)
	}
	return f
}

// stateOf is the state as the store takes it.
func stateOf(f store.ConversationFilter) store.ConversationFilter {
	if f.State == "all" {
		f.State = ""
	}
	return f
}

func (s *Server) inboxList(w http.ResponseWriter, r *http.Request) error {
	f := s.inboxFilter(r)
	body := inboxListPage{State: f.State, Query: f.Words, Via: f.Via, Owner: r.FormValue("owner"), Area: string(f.Area)}
	list, next, err := s.DB.Conversations(r.Context(), scopeOf(r), stateOf(f))
	if err != nil {
		return err
	}
	query := r.URL.Query()
	for _, state := range inboxStates {
		q := without(r.URL.Query(), "after")
		q.Set("state", state)
		tab := inboxTab{Label: t(r, "inbox.tab."+state), URL: "/inbox?" + q.Encode(), On: state == f.State}
		if state != "all" && state != "done" {
			if tab.N, err = s.inboxCount(r, f, state); err != nil {
				return err
			}
		}
		if state == "unsure" && tab.N == "0" && !tab.On {
			continue // seldom is anything: nobody has to look there
		}
		body.Tabs = append(body.Tabs, tab)
	}
	query.Del("after")
	if body.Rows, err = s.inboxRows(r, list, query); err != nil {
		return err
	}
	if next != "" {
		q := r.URL.Query()
		q.Set("after", next)
		body.Next = "/inbox?" + q.Encode()
	}
	if f.After != "" {
		body.First = "/inbox?" + query.Encode()
	}
	body.Filtered = f.Words != "" || f.Via != "" || f.Owner != "" || f.Area != ""
	body.Clear = "/inbox?" + url.Values{"state": {f.State}}.Encode()
	if err := s.inboxChoices(r, &body); err != nil {
		return err
	}
	open, err := s.inboxCount(r, store.ConversationFilter{Me: f.Me, Now: f.Now}, "open")
	if err != nil {
		return err
	}
	late, err := s.inboxCount(r, store.ConversationFilter{Me: f.Me, Now: f.Now}, "late")
	if err != nil {
		return err
	}
	return s.render(w, r, "inbox_list", page{Title: t(r, "inbox.title."+f.State), Context: t(r, "inbox.context", open, late), Active: "inbox", Body: body})
}

// inboxCount counts one tab; a list too long to count says so.
func (s *Server) inboxCount(r *http.Request, f store.ConversationFilter, state string) (string, error) {
	f.State, f.Words, f.After = state, "", ""
	n, err := s.DB.CountConversations(r.Context(), scopeOf(r), stateOf(f))
	if n >= store.ConversationsCounted {
		return strconv.Itoa(store.ConversationsCounted-1) + "+", err
	}
	return strconv.Itoa(n), err
}

func (s *Server) inboxChoices(r *http.Request, body *inboxListPage) error {
	body.Vias = options(r, "inbox.via.", loa.Vias)
	officers, err := s.officerOptions(r)
	if err != nil {
		return err
	}
	body.Owners = append([]option{{"me", t(r, "inbox.owner.me")}, {"none", t(r, "inbox.owner.none")}}, officers...)
	if body.Area != "" {
		names, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = names[loa.AreaID(body.Area)]
	}
	return nil
}

func (s *Server) inboxRows(r *http.Request, list []loa.Conversation, query url.Values) ([]inboxRow, error) {
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	names, err := s.inboxNames(r, list)
	if err != nil {
		return nil, err
	}
	ids := make([]loa.ConversationID, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	drafts, err := s.DB.ReplyDrafts(r.Context(), whoOf(r).Officer.ID, ids)
	if err != nil {
		return nil, err
	}
	now := s.Now()
	out := make([]inboxRow, len(list))
	for i, c := range list {
		row := inboxRow{Conversation: c, URL: "/inbox/" + string(c.ID), Who: s.inboxWho(r, c, names), Place: places[c.Area], Owner: officers.by[c.Owner], ViaText: t(r, "inbox.via."+c.Via), Icon: viaIcons[c.Via],
			Text: oneLine(c.Via, s.turnText(r, c.LastKind, c.LastText)), When: sinceText(now, c.LastAt), Draft: drafts[c.ID], Due: s.dueOf(r, c)}
		if q := query.Encode(); q != "" {
			row.URL += "?" + q
		}
		if c.PutOff.After(now) {
			row.OffText = moment(c.PutOff)
		}
		if win := c.Window(); win.Limited && !c.Answered() && win.Open(now) && win.Closes.Sub(now) < 24*time.Hour {
			row.Closes = t(r, "inbox.closes_in", stretchText(r, win.Closes.Sub(now)))
		}
		out[i] = row
	}
	return out, nil
}

// inboxNames are the names of those who are linked, as far as the officer may see them.
func (s *Server) inboxNames(r *http.Request, list []loa.Conversation) (map[loa.PersonID]string, error) {
	out := map[loa.PersonID]string{}
	if !whoOf(r).may(loa.ReadPeople) {
		return out, nil
	}
	var ids []loa.PersonID
	for _, c := range list {
		if c.Person != "" {
			ids = append(ids, c.Person)
		}
	}
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), ids)
	for _, p := range people {
		out[p.ID] = p.Name
	}
	return out, err
}

func (s *Server) inboxWho(r *http.Request, c loa.Conversation, names map[loa.PersonID]string) string {
	switch {
	case names[c.Person] != "":
		return names[c.Person]
	case c.Name != "":
		return c.Name
	case c.Via == loa.ViaSMS || c.Via == loa.ViaMail:
		return displayPhone("+" + c.Address)
	}
	return t(r, "inbox.nobody")
}

// oneLine puts words into one line; what a letter is called stands apart from what it says.
func oneLine(via, text string) string {
	if via == loa.ViaMail {
		text = strings.Replace(text, "\n", " – ", 1)
	}
	return vn.Tidy(text)
}

// turnText is what stands for a turn that has no words of its own.
func (s *Server) turnText(r *http.Request, kind loa.TurnKind, text string) string {
	switch kind {
	case loa.TurnFollow, loa.TurnUnfollow, loa.TurnRefusal, loa.TurnErased, loa.TurnContact:
		return t(r, "inbox.turn."+string(kind))
	}
	if text == "" {
		return t(r, "inbox.no_words")
	}
	return text
}

func (s *Server) dueOf(r *http.Request, c loa.Conversation) dueView {
	if c.Answered() || c.Due.IsZero() {
		return dueView{}
	}
	now := s.Now()
	if c.Late(now) {
		return dueView{Text: t(r, "inbox.late_by", stretchText(r, now.Sub(c.Due))), Late: true}
	}
	if loa.DayOf(c.Due) == loa.DayOf(now) {
		return dueView{Text: t(r, "inbox.due_today", c.Due.In(loa.Zone).Format("15:04"))}
	}
	return dueView{Text: t(r, "inbox.due_on", c.Due.In(loa.Zone).Format("02/01 15:04"))}
}

// stretchText is a stretch of time in its greatest unit.
func stretchText(r *http.Request, d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return t(r, "inbox.days", int(d.Hours()/24))
	case d >= time.Hour:
		return t(r, "inbox.hours", int(d.Hours()))
	}
	return t(r, "inbox.minutes", max(1, int(d.Minutes())))
}

// sinceText is when something was said: the hour today, the day before that.
func sinceText(now, at time.Time) string {
	if loa.DayOf(at) == loa.DayOf(now) {
		return at.In(loa.Zone).Format("15:04")
	}
	return at.In(loa.Zone).Format("02/01/2006")
}
