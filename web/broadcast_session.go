package web

import (
	"net/http"

	"loa"
	"loa/composing"
	"loa/store"
)

// sessionsAhead is how far ahead sessions are offered and looked for.
const sessionsAhead = 90

// plannedSessions are the sessions of a scope to come that people may be asked to, in the order of the calendar.
func (s *Server) plannedSessions(r *http.Request, in loa.Scope, from loa.Day) ([]loa.Session, error) {
	lines, err := s.DB.Sessions(r.Context(), in, store.SessionFilter{State: loa.Planned, From: from, To: from.Add(sessionsAhead), Limit: 1000})
	if err != nil {
		return nil, err
	}
	var out []loa.Session
	for _, l := range lines {
		if l.Invites() {
			out = append(out, l.Session)
		}
	}
	return out, nil
}

// meetings gives a preview the session a broadcast speaks of, or the next ones by village; whoever stands for all readers gets the first.
func (s *Server) meetings(r *http.Request, b loa.Broadcast, on loa.Day, from *composing.Sender) error {
	if b.Session != "" {
		x, err := s.DB.Session(r.Context(), scopeOf(r), b.Session)
		if err == nil {
			from.Session = &x
		}
		if loa.KindOf(err) == loa.NotFound {
			return nil // the page says that it is gone
		}
		return err
	}
	planned, err := s.plannedSessions(r, whoOf(r).Whole, on)
	if err != nil {
		return err
	}
	areas, err := s.DB.Areas(r.Context(), whoOf(r).Whole)
	if err != nil {
		return err
	}
	from.Next = composing.NextSessions(planned, areas)
	from.Next[""] = loa.Session{Title: t(r, "script.sample.session"), On: on.Add(6)}
	for _, x := range planned {
		if s.meant(b, areas, x.Area) {
			from.Next[""] = x
			break
		}
	}
	return nil
}

// meant says whether a place lies in what a broadcast names, above or below; where it names none, anywhere.
func (s *Server) meant(b loa.Broadcast, areas []loa.Area, place loa.AreaID) bool {
	if len(b.Audience.Areas) == 0 {
		return true
	}
	paths := map[loa.AreaID]string{}
	for _, a := range areas {
		paths[a.ID] = a.Path
	}
	there := paths[place]
	for _, id := range b.Audience.Areas {
		scope := loa.Scope{Ranges: []loa.Range{loa.Under(paths[id])}}
		if scope.Holds(there) || (loa.Scope{Ranges: []loa.Range{loa.Under(there)}}).Holds(paths[id]) {
			return true
		}
	}
	return false
}

// sessionsOffered is how many sessions one chooses from.
const sessionsOffered = 60

// broadcastSessions are the planned sessions where the audience lives; the first choice is to each village its own.
func (s *Server) broadcastSessions(r *http.Request, b loa.Broadcast) ([]option, error) {
	planned, err := s.plannedSessions(r, scopeOf(r), s.today())
	if err != nil {
		return nil, err
	}
	areas, err := s.DB.Areas(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	out, chosen := []option{{"", t(r, "broadcast.session_own")}}, b.Session == ""
	for _, x := range planned {
		if x.ID != b.Session && (len(out) > sessionsOffered || !s.meant(b, areas, x.Area)) {
			continue
		}
		out, chosen = append(out, option{string(x.ID), x.On.Vietnamese() + " · " + x.Title}), chosen || x.ID == b.Session
	}
	if !chosen { // held, cancelled or gone since: what was chosen is still shown
		x, err := s.DB.Session(r.Context(), scopeOf(r), b.Session)
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return nil, err
		}
		out = append(out, option{string(b.Session), orElse(x.Title, t(r, "broadcast.session_gone"))})
	}
	return out, nil
}

// sessionDay is the day of the session a broadcast names, to be kept with what is approved; a session that is over is refused.
func (s *Server) sessionDay(r *http.Request, b loa.Broadcast) (loa.Day, error) {
	if b.Session == "" {
		return "", nil
	}
	x, err := s.DB.Session(r.Context(), scopeOf(r), b.Session)
	if err != nil {
		return "", err
	}
	b.SessionOn = ""
	return x.On, composing.SessionStands(b, x, loa.DayOf(s.plannedAt(b)))
}

// checkSession: the session the words tell of stands, or there is one where people live.
func (s *Server) checkSession(c *checker, b loa.Broadcast, script loa.Script, v *liveView, on loa.Day) error {
	if !composing.TellsSession(b, script) {
		if b.Session != "" {
			c.bad("look", "session_unused", "#script")
		}
		return nil
	}
	if b.Session == "" {
		for _, o := range b.Outlets {
			if o.Network != loa.SpeakerNetwork && (composing.Uses(script, o.Network, "buoi") || composing.Uses(script, o.Network, "ngay_buoi")) {
				c.bad("stop", "session_of_post", "#script", t(c.r, "broadcast.form."+o.Network))
			}
		}
		if n := waiting(v, "no_session"); n > 0 {
			c.bad("look", "session_none", "/broadcasts/"+string(b.ID)+"/audience?why=no.no_session", n)
		} else {
			c.ok("session_own")
		}
		return nil
	}
	x, err := s.DB.Session(c.r.Context(), scopeOf(c.r), b.Session)
	if loa.KindOf(err) == loa.NotFound {
		err = loa.Refuse(loa.Conflict, "session", "session_called_off", t(c.r, "broadcast.session_gone"))
	} else if err != nil {
		return err
	} else {
		err = composing.SessionStands(b, x, on)
	}
	if err != nil {
		c.out = append(c.out, lookLine{Kind: "stop", Text: s.said(c.r, err), URL: "#script", Do: t(c.r, "broadcast.check.session.do")})
		return nil
	}
	c.ok("session_ok", x.Title, x.On.Vietnamese())
	return nil
}
