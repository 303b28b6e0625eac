package web

import (
	"net/http"

	"loa"
	"loa/store"
)

// unreachedShown is how many conversations nobody can answer where they came from one list of promises shows.
const unreachedShown = 200

// unreachedGroup is who of a village wrote and can only be told by a call or a visit.
type unreachedGroup struct {
	Place string
	Rows  []unreachedRow
}

type unreachedRow struct {
	inboxRow
	Asker *askerView
	Days  int
}

// unreached are those who wrote, have no answer, and cannot be answered where they wrote any more, village by village; whoever stands
// among the promises is not told of twice.
func (s *Server) unreached(r *http.Request, area loa.AreaID, promised []store.QuestionLine) (groups []unreachedGroup, n int, err error) {
	list, _, err := s.DB.Conversations(r.Context(), scopeOf(r), store.ConversationFilter{State: "unreached", Me: whoOf(r).Officer.ID, Area: area, Now: s.Now(), Limit: unreachedShown})
	if err != nil {
		return nil, 0, err
	}
	listed := map[loa.FactID]bool{}
	for _, l := range promised {
		listed[l.ID] = true
	}
	rows, err := s.inboxRows(r, list, nil)
	if err != nil {
		return nil, 0, err
	}
	people := map[loa.PersonID]*askerView{}
	if whoOf(r).may(loa.ReadPeople) {
		ids := make([]loa.PersonID, 0, len(list))
		for _, c := range list {
			if c.Person != "" {
				ids = append(ids, c.Person)
			}
		}
		if people, err = s.askersByID(r, ids); err != nil {
			return nil, 0, err
		}
	}
	at := map[string]int{}
	for _, row := range rows {
		if row.Question != "" && listed[row.Question] {
			continue
		}
		i, ok := at[row.Place]
		if !ok {
			i = len(groups)
			at[row.Place], groups = i, append(groups, unreachedGroup{Place: row.Place})
		}
		groups[i].Rows = append(groups[i].Rows, unreachedRow{row, people[row.Person], max(s.today().Sub(loa.DayOf(row.Waits)), 0)})
		n++
	}
	return groups, n, nil
}

// askersByID are people an officer may see, as those who asked.
func (s *Server) askersByID(r *http.Request, ids []loa.PersonID) (map[loa.PersonID]*askerView, error) {
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), ids)
	if err != nil {
		return nil, err
	}
	out := make(map[loa.PersonID]*askerView, len(people))
	for _, p := range people {
		out[p.ID] = &askerView{string(p.ID), p.Name, displayPhone(p.Phone)}
	}
	return out, nil
}

// toldUnreached closes the conversations ticked on the list: their askers were told by a call or a visit.
func (s *Server) toldUnreached(r *http.Request, f *form, ids []string) (n int, err error) {
	for _, id := range ids {
		if !f.ok() || len(ids) > unreachedShown {
			break
		}
		if err := f.take(s.DB.CloseConversation(r.Context(), scopeOf(r), s.by(r), loa.ConversationID(id))); err != nil {
			return n, err
		}
		if f.ok() {
			n++
		}
	}
	return n, nil
}
