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
	if f.on("places") {
		said = "broadcast.settled_no_place"
	}
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
	accounts := make([]loa.ChannelID, 0, len(b.Ladder)+len(b.Outlets))
	for _, x := range b.Ladder {
		accounts = append(accounts, x.Channel)
	}
	for _, x := range b.Outlets {
		accounts = append(accounts, x.Channel)
	}
	for _, id := range accounts {
		if !slices.Contains(out, id) && s.mayBeAsked(r, id) {
			out = append(out, id)
		}
	}
	return out
}

// mayBeAsked says whether the provider of an account tells what became of a message when it is asked.
func (s *Server) mayBeAsked(r *http.Request, id loa.ChannelID) bool {
	if s.Channels == nil || id == "" {
		return false
	}
	_, adapter, err := s.Channels.Open(r.Context(), id)
	if err != nil {
		return false
	}
	_, can := adapter.(channel.Inquirer)
	return can
}

// unsurePlace is a loudspeaker, a group or a page of which nobody knows whether it told a broadcast.
type unsurePlace struct {
	ID          loa.DeliveryID
	Name, Where string
	Over, At    string
	Known       string
}

// unsurePlaces are those of a broadcast, by name.
func (s *Server) unsurePlaces(r *http.Request, b loa.Broadcast) (out []unsurePlace, err error) {
	list, err := s.DB.UnsurePlaces(r.Context(), scopeOf(r), b.ID)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	ways, err := s.sendingWays(r)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	named := make([]channelResult, len(list))
	for i, d := range list {
		named[i].Rung = d.Rung
		if a, ok := ways.account(d.Channel); ok {
			named[i].Account = a.Name
		}
		if g, ok := ways.group(d.Place); ok {
			named[i].Account = orElse(g.Name, g.Address)
		}
	}
	if err := s.stationResults(r, b, named); err != nil {
		return nil, err
	}
	for i, d := range list {
		x := unsurePlace{ID: d.ID, Name: named[i].Account, Where: places[d.Area], Over: t(r, "broadcast.form."+d.Network), At: moment(d.FirstAt)}
		x.Known = t(r, "broadcast.known_ref", orElse(d.Ref, string(d.ID)))
		if x.Name == "" {
			x.Name = x.Over
		}
		out = append(out, x)
	}
	return out, nil
}

// progress is how far a broadcast is, in people.
type progress struct {
	People, Queued, Told, Delivered, Failed, Refused, Unsure, Held, Stopped, CallLeft, VisitLeft, HandDone, Moved int64
	Percent, Places, PlacesTold, PlacesUnsure                                                                     int64 // places are loudspeakers and pages
	Cost, Parts                                                                                                   int64
}
