package web

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"loa"
	"loa/store"
)

// railCounts are the small numbers of the rail: what is late, what waits for an answer, whose cover ends soon. A number that
// cannot be had is left out, never guessed.
func (s *Server) railCounts(r *http.Request) map[string]railCount {
	out := map[string]railCount{}
	for _, c := range []struct {
		item  string
		may   loa.Act
		late  bool
		count func(*http.Request) (int, error)
	}{
		{"matrix", loa.ReadOutreach, true, s.lateCount},
		{"inbox", loa.EditOutreach, false, s.inboxWaiting},
		{"questions", loa.ReadOutreach, false, s.openQuestions},
		{"enrolment", loa.ReadEnrolment, false, s.renewalsDue},
	} {
		if !whoOf(r).may(c.may) {
			continue
		}
		n, err := c.count(asFor(r, c.may))
		if err != nil {
			if r.Context().Err() == nil {
				s.Log.Error("rail count failed", "item", c.item, "error", err)
			}
			continue
		}
		out[c.item] = railCount{n: n, late: c.late}
	}
	return out
}

// railLook is everything in which one rail differs from another.
func railLook(v *view) string {
	var b strings.Builder
	b.WriteString(v.Lang + " " + v.Active + " " + v.Office.Name)
	for _, g := range v.Nav {
		for _, it := range g.Items {
			fmt.Fprint(&b, " ", it.Key, it.Count, it.Late)
		}
	}
	return b.String()
}

// asFor is the request as if it asked for another act, so that the rail says the same on every page.
func asFor(r *http.Request, act loa.Act) *http.Request {
	me := *whoOf(r)
	me.setScope(act)
	return withWho(r.WithContext(context.WithoutCancel(r.Context())), &me) // others wait for the same number
}

// lateCount is how many cells of the matrix are late.
func (s *Server) lateCount(r *http.Request) (int, error) {
	st, err := s.due(r)
	if err != nil {
		return 0, err
	}
	return st.lateCells(), nil
}

// openQuestions is how many questions wait for an answer.
func (s *Server) openQuestions(r *http.Request) (int, error) {
	return once(s.memo, s.railKey(r, "open questions"), func() (int, error) { return s.DB.OpenQuestions(r.Context(), scopeOf(r)) })
}

// renewalsDue is how many people's cover in voluntary social insurance ends within sixty days.
func (s *Server) renewalsDue(r *http.Request) (int, error) {
	if own := s.ownCollector(r, ""); own != "" { // an agent's number is what it was handed
		_, n, err := s.DB.HandOvers(r.Context(), scopeOf(r), own, 0, 1)
		return n, err
	}
	return once(s.memo, s.railKey(r, "renewals due "+string(s.today())), func() (int, error) {
		tally, err := s.DB.RenewalCounts(r.Context(), scopeOf(r), loa.VoluntarySI, s.today())
		n := 0
		for _, t := range tally {
			n += t.D60
		}
		return n, err
	})
}

func (s *Server) railKey(r *http.Request, what string) memoKey {
	me := whoOf(r)
	return memoKey{me.Office.ID, me.Office.ChangeNo, what + " " + rangesOf(me.Scope)}
}

// inboxWaiting is how many conversations wait for an answer, put-off ones left out.
func (s *Server) inboxWaiting(r *http.Request) (int, error) {
	f := store.ConversationFilter{Me: whoOf(r).Officer.ID, Now: s.Now().Truncate(time.Minute), State: "open"}
	return once(s.memo, s.railKey(r, "inbox "+string(f.Me)+f.Now.Format(" 15:04")), func() (int, error) { return s.DB.CountConversations(r.Context(), scopeOf(r), f) })
}
