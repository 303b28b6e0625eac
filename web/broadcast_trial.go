package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/vn"
)

// broadcastTest sends the first messages of the ladder to the officer who asks, over the same ledger as all others.
func (s *Server) broadcastTest(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	if b.State == loa.BroadcastDraft {
		var errs map[string]string
		if b, errs, err = s.saveDraft(r, b); err != nil {
			return err
		}
		if len(errs) > 0 {
			return s.composeShow(w, r, b, errs, http.StatusUnprocessableEntity)
		}
	}
	script, err := s.scriptOf(r, b)
	if err != nil {
		return err
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	words, err := s.wordsOf(r, b, script, law, s.plannedAt(b))
	if err != nil {
		return err
	}
	var over []string
	only := r.FormValue("only") // one channel, or all
	for i, x := range b.Ladder {
		to := testAddress(whoOf(r).Officer, x.Network)
		if to == "" || x.ByHand() || only != "" && only != x.Network {
			continue
		}
		d := loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Rung: i, Network: x.Network, Lang: "vietnamese", To: to}
		m, err := words.Message(d, sampleReader(s.today()))
		if err != nil {
			return err
		}
		reply := loa.Reply{Delivery: d.ID, Office: b.Office, Area: b.Area, Channel: x.Channel, Network: x.Network, To: to, AboutKind: loa.AboutTest, AboutID: string(b.ID), Purpose: b.Purpose, Lang: m.Lang, Title: m.Title, Text: m.Text,
			Template: m.Template, Params: m.Params, Author: whoOf(r).Officer.ID, CreatedAt: s.Now()}
		if err := s.DB.QueueReply(r.Context(), scopeOf(r), s.by(r), reply); err != nil {
			return err
		}
		over = append(over, t(r, "broadcast.form."+x.Network))
	}
	back := "/broadcasts/" + string(b.ID)
	if b.State == loa.BroadcastDraft {
		back += "/edit"
	}
	if len(over) == 0 {
		s.setFlash(w, r, flash{Kind: "late", Text: t(r, "broadcast.test_none")})
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	if err := s.DB.Audit(r.Context(), b.Office, s.by(r), "tested", "broadcast", string(b.ID), ""); err != nil {
		return err
	}
	s.wake()
	return s.done(w, r, back, t(r, "broadcast.test_sent", shortList(r, over)), "")
}

// testAddress is where a test reaches an officer: the telephone, mailbox or Zalo of the account.
func testAddress(o loa.Officer, network string) string {
	switch network {
	case "tel", "zns":
		if phone, ok := vn.Phone(o.Phone); ok { // officers write it as they like
			return strings.TrimPrefix(phone, "+")
		}
	case "zalo":
		return o.Zalo
	case "mail":
		return o.Email
	}
	return ""
}
