package web

import (
	"net/http"

	"loa"
)

// inboxSettle takes one of the three answers to whether an answer of ours arrived that nobody knows of: it did, it did not, or the provider
// is to be asked again.
func (s *Server) inboxSettle(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id, turn := conversationOf(r), loa.TurnID(f.text("turn"))
	var err error
	said := "inbox.settled_yes"
	switch f.text("arrived") {
	case "yes":
		err = s.DB.SettleReply(r.Context(), scopeOf(r), s.by(r), id, turn, true)
	case "no":
		said = "inbox.settled_no"
		err = s.DB.SettleReply(r.Context(), scopeOf(r), s.by(r), id, turn, false)
	case "ask":
		said = "inbox.asked"
		c, err := s.DB.Conversation(r.Context(), scopeOf(r), whoOf(r).Officer.ID, id)
		if err != nil {
			return err
		}
		if !s.mayBeAsked(r, c.Channel) {
			return s.inboxDid(w, r, f, loa.Refuse(loa.Conflict, "", "not_asked"), "", "")
		}
		if err := f.take(s.DB.AskReply(r.Context(), scopeOf(r), s.by(r), id, turn)); err != nil {
			return err
		}
	default:
		return loa.Refuse(loa.Invalid, "arrived", "not_in_list")
	}
	s.wake()
	return s.inboxDid(w, r, f, err, t(r, said), "")
}
