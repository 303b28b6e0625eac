package web

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/answering"
	"loa/store"
	"loa/vn"
)

type inboxShowPage struct {
	C         loa.Conversation
	At        string // /inbox/{id}
	Query     string // the filter one came with, to go on in it
	List      string
	Prev      string
	Next      string
	Who       string
	Place     string
	ViaText   string
	Icon      string
	Owner     officerView
	Due       dueView
	Turns     []turnView
	More      string
	Window    windowView
	Mail      bool
	Subject   string // of a letter that answers one
	MayReply  bool
	MayAsk    bool          // the provider what became of an answer
	Instead   []insteadView // what can be done where no answer can go out
	Text      string
	Answer    string
	Version   int
	TurnID    string
	Most      int
	SMS       smsView
	Fits      []readyView
	Officers  []option
	Asker     *askerView
	Maybe     []askerView
	Phone     string
	Hows      []option
	Schemes   []option
	Question  loa.FactID
	Public    loa.FactID // the question's own page answers what came without an account
	Snoozes   []option
	PutOff    string
	Errors    map[string]string
	MayPeople bool
	MayEnrol  bool
}

type turnView struct {
	loa.Turn
	Mine, Note, Event bool
	Words, When       string
	Said              string // what was heard as a refusal
	Ask               string // as a question of the ledger
	By                officerView
	Status            string
	Unsure            bool   // nobody knows whether it arrived, and nobody is at work on it
	Failed            string // why it did not go out, in words
	MayAsk            bool   // it can be made a question
	NewDay            string
}

type windowView struct {
	Text, Note   string
	Closed, Soon bool
}

type insteadView struct{ Text, URL, Icon string }

type smsView struct{ Parts, Characters int }

// readyView is a ready answer beside a conversation, its figures filled in.
type readyView struct {
	ID       loa.ReadyAnswerID
	Version  int
	Question string
	Text     string
	Cites    string
	From     loa.Day
	Until    loa.Day
	Uses     int
}

func (s *Server) inboxShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.inboxBody(r)
	if err != nil {
		return err
	}
	if id := r.FormValue("use"); id != "" { // without scripts an answer is taken over by its link
		for _, a := range body.Fits {
			if string(a.ID) == id {
				body.Text, body.Answer, body.Version = a.Text, id, a.Version
			}
		}
	}
	return s.inboxRender(w, r, body, 0)
}

func (s *Server) inboxRender(w http.ResponseWriter, r *http.Request, body *inboxShowPage, status int) error {
	return s.render(w, r, "inbox_show", page{Title: body.Who, Context: body.ViaText + " · " + body.Place, Active: "inbox", Body: body, Status: status})
}

func (s *Server) inboxBody(r *http.Request) (*inboxShowPage, error) {
	ctx, in, me, id := r.Context(), scopeOf(r), whoOf(r), loa.ConversationID(r.PathValue("id"))
	c, err := s.DB.Conversation(ctx, in, me.Officer.ID, id)
	if err != nil {
		return nil, err
	}
	q := without(r.URL.Query(), "use", "before")
	body := &inboxShowPage{C: c, At: "/inbox/" + string(id), Query: q.Encode(), List: "/inbox?" + q.Encode(), ViaText: t(r, "inbox.via."+c.Via), Icon: viaIcons[c.Via], Due: s.dueOf(r, c), Mail: c.Via == loa.ViaMail, Errors: map[string]string{},
		TurnID: loa.NewID(), Question: c.Question, MayPeople: me.may(loa.ReadPeople), MayEnrol: me.may(loa.EditEnrolment), Hows: options(r, "consent.how.", []string{"message", "phone", "spoken", "paper"}),
		Schemes: optionsOf(r, "scheme.", []loa.Scheme{loa.VoluntarySI, loa.HouseholdHI}), Most: loa.ReplyText}
	names, err := s.inboxNames(r, []loa.Conversation{c})
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	body.Who, body.Place, body.Owner = s.inboxWho(r, c, names), places[c.Area], officers.by[c.Owner]
	if err := s.inboxTurns(r, body, officers.by); err != nil {
		return nil, err
	}
	if body.Mail {
		body.Subject = replySubject(r, body.Turns)
	}
	s.inboxWindow(r, body)
	if err := s.inboxBeside(r, body); err != nil {
		return nil, err
	}
	if body.Text, _, err = s.DB.ReplyDraft(ctx, in, me.Officer.ID, id); err != nil {
		return nil, err
	}
	if c.Via == loa.ViaSMS && body.Text != "" {
		parts := vn.SplitSMS(vn.Unaccent(body.Text))
		body.SMS = smsView{len(parts.Parts), len([]rune(body.Text))}
	}
	if body.Officers, err = s.officerOptions(r); err != nil {
		return nil, err
	}
	body.Snoozes = s.snoozes(r)
	if c.PutOff.After(s.Now()) {
		body.PutOff = moment(c.PutOff)
	}
	return body, s.inboxNeighbours(r, body)
}

// turnsShown is how many turns a page shows at once.
const turnsShown = 60

func (s *Server) inboxTurns(r *http.Request, body *inboxShowPage, officers map[loa.OfficerID]officerView) error {
	turns, err := s.DB.Turns(r.Context(), scopeOf(r), whoOf(r).Officer.ID, body.C.ID, r.FormValue("before"), turnsShown)
	if err != nil {
		return err
	}
	if len(turns) == turnsShown {
		q := r.URL.Query()
		q.Set("before", store.TurnCursor(turns[0]))
		body.More = body.At + "?" + q.Encode()
	}
	kinds, err := s.kindsOfAccount(r, body.C.Channel, turns)
	if err != nil {
		return err
	}
	day := loa.Day("")
	for _, turn := range turns {
		v := turnView{Turn: turn, Mine: turn.Kind == loa.TurnOut || turn.Kind == loa.TurnConfirm, Note: turn.Kind == loa.TurnNote, Words: turn.Text, When: turn.At.In(loa.Zone).Format("15:04"), By: officers[turn.Officer]}
		switch turn.Kind {
		case loa.TurnFollow, loa.TurnUnfollow, loa.TurnRefusal, loa.TurnErased:
			v.Event, v.Words = true, t(r, "inbox.turn."+string(turn.Kind))
			if turn.Kind == loa.TurnRefusal { // an officer sees whether it was one
				v.Said = clipRunes(turn.Text, 200)
			}
		}
		if turn.Gone {
			v.Words = t(r, "inbox.gone")
		}
		if v.Mine && turn.State != "" {
			state := turn.State
			if v.Unsure = state == loa.DeliveryUnsure; v.Unsure && !body.MayAsk {
				body.MayAsk = s.mayBeAsked(r, body.C.Channel)
			}
			v.Status = t(r, "inbox.sent."+string(state))
			if turn.Code == "said_by_officer" {
				v.Status += " – " + t(r, "broadcast.said_by_officer")
			}
			if bad(turn) {
				v.Failed = codeText(r, kinds, turn.Code)
			}
		}
		v.Ask = oneLine(body.C.Via, turn.Text)
		v.MayAsk = turn.Kind == loa.TurnIn && !turn.Gone && turn.Question == "" && vn.Characters(turn.Text) >= 5
		if on := loa.DayOf(turn.At); on != day {
			day, v.NewDay = on, on.Vietnamese()
		}
		body.Turns = append(body.Turns, v)
	}
	return nil
}

// bad says whether a turn of ours did not go out, and why it did not is known.
func bad(t loa.Turn) bool {
	return t.Code != "" && t.Code != "said_by_officer" && (t.State == loa.DeliveryFailed || t.State == loa.DeliveryRefused)
}

// kindsOfAccount is the driver of a conversation's account, looked up only where a turn did not go out: its codes are that driver's.
func (s *Server) kindsOfAccount(r *http.Request, id loa.ChannelID, turns []loa.Turn) ([]string, error) {
	if !slices.ContainsFunc(turns, bad) {
		return nil, nil
	}
	kinds, err := s.kindsOf(r, loa.Broadcast{Ladder: []loa.Rung{{Channel: id}}})
	return kinds.people, err
}

// replySubject is what an answer to a letter is called: like the letter. A letter that answers one of ours comes without its subject, so
// that of an earlier one stands, or else only who answers.
func replySubject(r *http.Request, turns []turnView) string {
	for i := len(turns) - 1; i >= 0; i-- {
		turn := turns[i]
		if turn.Kind != loa.TurnIn || turn.Thread != "" || turn.Gone {
			continue
		}
		subject, _, _ := strings.Cut(turn.Text, "\n")
		for subject = vn.Tidy(subject); len(subject) > 3 && strings.EqualFold(subject[:3], "re:"); {
			subject = strings.TrimSpace(subject[3:])
		}
		if subject != "" {
			return clipWords("Re: "+subject, loa.ReplyTitle)
		}
	}
	return clipWords(t(r, "inbox.subject_plain", whoOf(r).Office.Name), loa.ReplyTitle)
}

// clipWords cuts a text to so many characters.
func clipWords(text string, most int) string {
	if r := []rune(text); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return text
}

// inboxWindow says until when an answer may go out here, and what can be done where it cannot.
func (s *Server) inboxWindow(r *http.Request, body *inboxShowPage) {
	c, now, w := body.C, s.Now(), body.C.Window()
	switch {
	case c.Refused && c.Answered():
		body.Window = windowView{Text: t(r, "inbox.refused"), Note: t(r, "inbox.refused_note"), Closed: true}
	case c.ByHand():
		body.Window = windowView{Text: t(r, "inbox.by_hand")}
		if c.Question != "" {
			body.Public = c.Question
		}
	case !w.Open(now):
		body.Window = windowView{Text: t(r, "inbox.window_closed", moment(w.Closes)), Note: t(r, "inbox.window_closed_note", stretchText(r, w.Closes.Sub(c.HeardAt))), Closed: true}
		if now.Before(w.Longest) { // the network would still take one
			body.Window.Note = t(r, "inbox.window_account_note", stretchText(r, w.Closes.Sub(c.HeardAt)), moment(w.Longest))
		}
	case w.Limited && now.After(w.Free):
		body.Window, body.MayReply = windowView{Text: t(r, "inbox.window_paid", moment(w.Closes)), Soon: true}, true
	case w.Limited:
		body.Window, body.MayReply = windowView{Text: t(r, "inbox.window_open", moment(w.Free)), Soon: w.Free.Sub(now) < windowSoon}, true
	default:
		body.Window, body.MayReply = windowView{Text: t(r, "inbox.window_none")}, true
	}
	if body.MayReply {
		return
	}
	if c.Person != "" {
		body.Instead = append(body.Instead, insteadView{t(r, "inbox.instead.person"), "/people/" + string(c.Person), "phone"})
	}
	if c.Question != "" {
		body.Instead = append(body.Instead, insteadView{t(r, "inbox.instead.question"), "/questions/" + string(c.Question), "message-circle-question-mark"})
	}
	body.Instead = append(body.Instead, insteadView{t(r, "inbox.instead.promise"), "/questions/promises?" + url.Values{"area": {string(c.Area)}}.Encode(), "hand-heart"})
}

// inboxBeside fills in who it may be and which approved answers fit.
func (s *Server) inboxBeside(r *http.Request, body *inboxShowPage) error {
	var err error
	if body.Asker, err = s.asker(r, body.C.Person); err != nil {
		return err
	}
	words := ""
	for i := len(body.Turns) - 1; i >= 0; i-- {
		turn := body.Turns[i]
		if turn.Kind == loa.TurnContact && body.Phone == "" {
			body.Phone = turn.Text
		}
		if turn.Kind == loa.TurnIn && words == "" {
			words = turn.Text
		}
	}
	if body.C.Via == loa.ViaSMS {
		body.Phone = "0" + trimCountry(body.C.Address)
	}
	if body.Phone != "" && body.C.Person == "" && body.MayPeople {
		found, err := s.findPeople(r, lastLine(body.Phone), 3)
		if err != nil {
			return err
		}
		for _, p := range found {
			body.Maybe = append(body.Maybe, askerView{ID: string(p.ID), Name: p.Name})
		}
	}
	body.Fits, err = s.fitting(r, words, 4)
	return err
}

// fitting are the approved answers that fit some words, filled with the figures of today; one whose figures the law of today does not
// know is not offered.
func (s *Server) fitting(r *http.Request, words string, most int) ([]readyView, error) {
	index, err := s.readyIndex(r)
	if err != nil {
		return nil, err
	}
	law, err := s.law(r)
	if err != nil {
		return nil, err
	}
	var out []readyView
	for _, a := range index.Find(words, false, most) {
		text, ok := a.In("vietnamese", "english")
		if !ok {
			continue
		}
		filled, err := answering.Fill(text.Text, law, s.today(), "vi")
		if err != nil {
			continue
		}
		out = append(out, readyView{a.ID, a.Version, text.Question, filled, a.Cites, a.From, a.Until, a.Uses})
	}
	return out, nil
}

// readyIndex is the index of the answers that may be used today, kept until something changes.
func (s *Server) readyIndex(r *http.Request) (*answering.Index, error) {
	r = steady(r)
	return keep(s, r, "ready answers "+string(s.today()), func() (*answering.Index, error) {
		list, err := s.DB.UsableAnswers(r.Context(), whoOf(r).Whole, s.today())
		return answering.NewIndex(list), err
	})
}

// inboxNeighbours are the conversations before and after this one in the list one came from.
func (s *Server) inboxNeighbours(r *http.Request, body *inboxShowPage) error {
	f := s.inboxFilter(r)
	f.Limit = 100
	list, _, err := s.DB.Conversations(r.Context(), scopeOf(r), stateOf(f))
	if err != nil {
		return err
	}
	link := func(c loa.Conversation) string {
		u := "/inbox/" + string(c.ID)
		if body.Query != "" {
			u += "?" + body.Query
		}
		return u
	}
	at := -1
	for i, c := range list {
		if c.ID == body.C.ID {
			at = i
		}
	}
	if at > 0 {
		body.Prev = link(list[at-1])
	}
	if at+1 < len(list) {
		body.Next = link(list[at+1])
	}
	return nil
}

// clipRunes cuts a text to so many characters.
func clipRunes(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
