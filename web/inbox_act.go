package web

import (
	"net/http"
	"strings"
	"time"

	"loa"
	"loa/store"
	"loa/vn"
)

// windowSoon is how near the end of a window the page warns.
const windowSoon = 6 * time.Hour

func trimCountry(number string) string {
	return strings.TrimPrefix(strings.TrimPrefix(number, "+"), "84")
}

func lastLine(text string) string {
	if i := strings.LastIndexByte(text, '\n'); i >= 0 {
		return text[i+1:]
	}
	return text
}

// inboxDid goes on after an act: back to the conversation, or to the next one of the list where nothing is left to do here.
func (s *Server) inboxDid(w http.ResponseWriter, r *http.Request, f *form, err error, say, undo string) error {
	at := "/inbox/" + r.PathValue("id")
	if q := r.URL.RawQuery; q != "" {
		at += "?" + q
	}
	if err := f.take(err); err != nil {
		return err
	}
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, at, http.StatusSeeOther)
		return nil
	}
	if next := f.text("next"); next != "" {
		at = localPath(next)
	}
	return s.done(w, r, at, say, undo)
}

func conversationOf(r *http.Request) loa.ConversationID { return loa.ConversationID(r.PathValue("id")) }

// inboxReply sends an answer the way the words came.
func (s *Server) inboxReply(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	turn := store.SendTurn{Turn: loa.Turn{ID: loa.TurnID(f.text("turn")), Text: f.text("text"), Answer: loa.ReadyAnswerID(f.text("answer")), Version: int(f.count("version"))}, Title: f.text("title"), Lang: "vietnamese", Keep: f.on("keep")}
	if !loa.ValidID(string(turn.ID)) {
		turn.ID = loa.TurnID(loa.NewID())
	}
	err := f.take(s.DB.ReplyConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r), turn))
	if err != nil {
		return err
	}
	if !f.ok() {
		body, err := s.inboxBody(r)
		if err != nil {
			return err
		}
		body.Text, body.Answer, body.Version, body.Errors, body.TurnID, body.Subject = turn.Text, string(turn.Answer), turn.Version, f.Errors, string(turn.ID), turn.Title
		return s.inboxRender(w, r, body, http.StatusUnprocessableEntity)
	}
	if s.Channels != nil {
		s.Channels.Wake()
	}
	return s.inboxDid(w, r, f, nil, t(r, "inbox.replied"), "")
}

// inboxDraft keeps what an officer has typed so far; it answers with when.
func (s *Server) inboxDraft(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if err := s.DB.SaveReplyDraft(r.Context(), scopeOf(r), s.by(r), conversationOf(r), loa.TurnID(f.text("turn")), f.text("text"), loa.ReadyAnswerID(f.text("answer"))); err != nil {
		return err
	}
	return s.part(w, r, "inbox_show", "draft_saved", s.Now().In(loa.Zone).Format("15:04"))
}

func (s *Server) inboxNote(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id := loa.TurnID(f.text("turn"))
	if !loa.ValidID(string(id)) {
		id = loa.TurnID(loa.NewID())
	}
	return s.inboxDid(w, r, f, s.DB.NoteConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r), id, f.text("note")), t(r, "inbox.noted"), "")
}

func (s *Server) inboxGive(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	owner := loa.OfficerID(f.text("owner"))
	if owner == "me" {
		owner = whoOf(r).Officer.ID
	}
	c, err := s.DB.Conversation(r.Context(), scopeOf(r), whoOf(r).Officer.ID, conversationOf(r))
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	say := t(r, "inbox.given_nobody")
	if owner != "" {
		say = t(r, "inbox.given", officers.by[owner].Name)
	}
	return s.inboxDid(w, r, f, s.DB.GiveConversation(r.Context(), scopeOf(r), s.by(r), c.ID, owner), say, "/inbox/"+string(c.ID)+"/give?owner="+string(c.Owner))
}

// snoozes are the hours a conversation can be put off to with one press.
func (s *Server) snoozes(r *http.Request) []option {
	now := s.Now().In(loa.Zone)
	at := func(days, hour int) time.Time {
		y, m, d := now.Date()
		return time.Date(y, m, d+days, hour, 0, 0, 0, loa.Zone)
	}
	list := []struct {
		key string
		at  time.Time
	}{{"hours3", now.Add(3 * time.Hour)}, {"tomorrow", at(1, 8)}, {"days3", at(3, 8)}, {"week", at(7, 8)}}
	var out []option
	for _, x := range list {
		out = append(out, option{x.at.Format(time.RFC3339), t(r, "inbox.later."+x.key, x.at.Format("15:04"), x.at.Format("02/01"))})
	}
	return out
}

func (s *Server) inboxLater(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	var until time.Time
	if v := f.text("until"); v != "" && !f.on("undo") {
		at, err := time.Parse(time.RFC3339, v)
		if err != nil {
			if at, err = time.ParseInLocation("2006-01-02T15:04", v, loa.Zone); err != nil {
				f.bad("until", "error.bad_day")
			}
		}
		until = at
	}
	if !f.ok() {
		return s.inboxDid(w, r, f, nil, "", "")
	}
	say, undo := t(r, "inbox.put_off", moment(until)), "/inbox/"+r.PathValue("id")+"/later?undo=1"
	if until.IsZero() {
		say, undo = t(r, "inbox.back"), ""
	}
	return s.inboxDid(w, r, f, s.DB.PutOffConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r), until), say, undo)
}

func (s *Server) inboxDone(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.CloseConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.closed"), "/inbox/"+r.PathValue("id")+"/reopen")
}

func (s *Server) inboxReopen(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.ReopenConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.reopened"), "")
}

func (s *Server) inboxPlace(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	area := loa.AreaID(f.text("area"))
	if err := s.placeMeant(r, f, &area); err != nil {
		return err
	}
	if !f.ok() {
		return s.inboxDid(w, r, f, nil, "", "")
	}
	return s.inboxDid(w, r, f, s.DB.PlaceConversation(r.Context(), scopeOf(r), whoOf(r).Whole, s.by(r), conversationOf(r), area), t(r, "inbox.placed"), "")
}

// inboxLink says who of the register writes, with how they agreed to it.
func (s *Server) inboxLink(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if !whoOf(r).may(loa.ReadPeople) {
		return loa.Refuse(loa.Denied, "", "denied")
	}
	q := loa.Question{}
	if err := s.askerMeant(r, f, &q); err != nil {
		return err
	}
	if q.Person == "" && f.ok() {
		f.bad("person", "error.required")
	}
	if !f.ok() {
		return s.inboxDid(w, r, f, nil, "", "")
	}
	c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID())}, Person: q.Person, How: f.text("how"), Proof: f.text("proof")}
	return s.inboxDid(w, r, f, s.DB.LinkConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r), c), t(r, "inbox.linked"), "/inbox/"+r.PathValue("id")+"/unlink")
}

func (s *Server) inboxUnlink(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.UnlinkConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.unlinked"), "")
}

// inboxQuestion makes what somebody wrote a question of the ledger.
func (s *Server) inboxQuestion(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	q := loa.Question{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: s.today(), HappenedAt: s.Now()}, Text: vn.Tidy(f.text("text")), Promised: f.on("promised")}
	err := s.DB.QuestionFromConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r), loa.TurnID(f.text("turn")), q)
	return s.inboxDid(w, r, f, err, t(r, "inbox.made_question"), "/questions/"+string(q.ID)+"/void?undo=1")
}

// inboxLead notes that whoever writes is interested; who it is has to be known with their consent.
func (s *Server) inboxLead(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	c, err := s.DB.Conversation(r.Context(), scopeOf(r), whoOf(r).Officer.ID, conversationOf(r))
	if err != nil {
		return err
	}
	if !whoOf(r).may(loa.EditEnrolment) {
		return loa.Refuse(loa.Denied, "", "denied")
	}
	if c.Person == "" {
		f.bad("person", "inbox.lead_needs_person")
		return s.inboxDid(w, r, f, nil, "", "")
	}
	l := loa.Lead{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: s.today(), HappenedAt: s.Now()}, Person: c.Person, Scheme: loa.Scheme(f.text("scheme")), Form: loa.FormOf(c.Via), Note: f.text("note")}
	return s.inboxDid(w, r, f, s.DB.AddLead(r.Context(), scopeOf(r), s.by(r), l), t(r, "household.lead_saved"), "")
}

func (s *Server) inboxRefuse(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.RefuseConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.refusal_noted"), "")
}

func (s *Server) inboxErase(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.EraseConversation(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.erased"), "")
}

// inboxNoRefusal says that what was heard as a refusal was none.
func (s *Server) inboxNoRefusal(w http.ResponseWriter, r *http.Request) error {
	return s.inboxDid(w, r, readForm(r), s.DB.TakeBackRefusal(r.Context(), scopeOf(r), s.by(r), conversationOf(r)), t(r, "inbox.refusal_taken_back"), "")
}
