package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/channel"
)

// broadcastSettle writes down what an officer found out about messages nobody knew of.
func (s *Server) broadcastSettle(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id := loa.BroadcastID(r.PathValue("id"))
	if _, err := s.broadcastOf(r); err != nil {
		return err
	}
	list := pickedIDs[loa.DeliveryID](f.all("delivery"))
	if len(list) == 0 {
		return loa.Refuse(loa.Invalid, "delivery", "nothing_chosen")
	}
	if f.text("arrived") == "ask" {
		return s.broadcastAskAgain(w, r, id, list)
	}
	arrived := f.text("arrived") == "yes"
	if !arrived && f.text("arrived") != "no" {
		return loa.Refuse(loa.Invalid, "arrived", "not_in_list")
	}
	n, err := s.DB.SettleUnsure(r.Context(), scopeOf(r), s.by(r), id, list, arrived)
	if err != nil {
		return err
	}
	said := "broadcast.settled_no"
	if arrived {
		said = "broadcast.settled_yes"
	}
	s.wake()
	return s.done(w, r, "/broadcasts/"+string(id)+"/people?state=unsure", t(r, said, n), "")
}

// broadcastAskAgain lets the provider be asked what became of messages nobody knows of.
func (s *Server) broadcastAskAgain(w http.ResponseWriter, r *http.Request, id loa.BroadcastID, list []loa.DeliveryID) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	n, err := s.DB.AskUnsure(r.Context(), scopeOf(r), s.by(r), id, list, s.askable(r, b))
	if err != nil {
		return err
	}
	back := "/broadcasts/" + string(id) + "/people?state=unsure"
	if n == 0 {
		s.setFlash(w, r, flash{Kind: "late", Text: t(r, "broadcast.ask_none")})
		http.Redirect(w, r, back, http.StatusSeeOther)
		return nil
	}
	s.wake()
	return s.done(w, r, back, t(r, "broadcast.asked", n), "")
}

// askable are the accounts of a broadcast whose providers say what became of a message when they are asked.
func (s *Server) askable(r *http.Request, b loa.Broadcast) (out []loa.ChannelID) {
	for _, x := range b.Ladder {
		if s.Channels == nil || x.Channel == "" || slices.Contains(out, x.Channel) {
			continue
		}
		if _, adapter, err := s.Channels.Open(r.Context(), x.Channel); err == nil {
			if _, can := adapter.(channel.Inquirer); can {
				out = append(out, x.Channel)
			}
		}
	}
	return out
}

// progress is how far a broadcast is, in people.
type progress struct {
	People, Queued, Told, Delivered, Failed, Refused, Unsure, Held, Stopped, CallLeft, VisitLeft, HandDone, Moved int64
	Percent, Places, PlacesTold                                                                                   int64 // places are loudspeakers and pages
	Cost, Parts                                                                                                   int64
}
