package web

import (
	"net/http"

	"loa"
	"loa/planning"
	"loa/store"
)

// dueState is what the matrix in force asks for as of today, within the request's scope.
type dueState struct {
	Matrix loa.Matrix
	In     planning.Input
	All    []loa.Due // latest first
}

// due works out what is due and what is late today; the answer is kept until something changes.
func (s *Server) due(r *http.Request) (*dueState, error) { return s.dueAsOf(r, s.today()) }

// dueAsOf is due as of any day: with what was held by then, and the table that was in force.
func (s *Server) dueAsOf(r *http.Request, on loa.Day) (*dueState, error) {
	me := whoOf(r)
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	key := memoKey{me.Office.ID, change, "due " + string(on) + " " + rangesOf(me.Scope)}
	return once(s.memo, key, func() (*dueState, error) { return s.workOutDue(r, on) })
}

func (s *Server) workOutDue(r *http.Request, on loa.Day) (*dueState, error) {
	ctx, in := r.Context(), scopeOf(r)
	m, err := s.DB.MatrixInForce(ctx, in, on)
	if loa.KindOf(err) == loa.NotFound {
		return &dueState{In: planning.Input{Today: on}}, nil
	}
	if err != nil {
		return nil, err
	}
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	st := &dueState{Matrix: m, In: planning.Input{Lines: m.Lines, Today: on, Villages: map[loa.AreaID][]loa.AreaID{}, People: map[loa.SegmentID]map[loa.AreaID]int{}, Held: map[planning.Cell]planning.Last{},
		Markets: map[loa.AreaID][]planning.MarketRule{}, Festivals: map[loa.AreaID][]loa.FestivalDay{}}}
	for _, a := range areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode {
			st.In.Communes = append(st.In.Communes, a.ID)
		}
		if a.Kind == loa.Village {
			st.In.Villages[up[a.ID]] = append(st.In.Villages[up[a.ID]], a.ID)
		}
	}
	if err := s.duePeople(r, st, up); err != nil {
		return nil, err
	}
	if err := s.dueHeld(r, st, up); err != nil {
		return nil, err
	}
	if err := s.dueOccasions(r, st, up); err != nil {
		return nil, err
	}
	st.All = planning.Due(st.In)
	return st, nil
}

// duePeople counts each segment of the matrix per commune.
func (s *Server) duePeople(r *http.Request, st *dueState, up map[loa.AreaID]loa.AreaID) error {
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	used := map[loa.SegmentID]bool{}
	for _, l := range st.Matrix.Lines {
		used[l.Segment] = true
	}
	for _, seg := range segments {
		if !used[seg.ID] {
			continue
		}
		q, x, err := s.query(r, seg.Rule)
		if err != nil {
			return err
		}
		q.Today = st.In.Today
		per := map[loa.AreaID]int{}
		for village, n := range x.CountByArea(q) {
			per[up[village]] += n
			if up[village] != village {
				per[village] = n
			}
		}
		st.In.People[seg.ID] = per
	}
	return nil
}

// dueHeld keeps the newest held and nearest planned sessions by village, and rolled up to communes.
func (s *Server) dueHeld(r *http.Request, st *dueState, up map[loa.AreaID]loa.AreaID) error {
	held, planned, err := s.DB.CellSessions(r.Context(), scopeOf(r), st.In.Today)
	if err != nil {
		return err
	}
	both := func(c store.CellSession, keep func(*planning.Last)) {
		places := []loa.AreaID{c.Area}
		if up[c.Area] != c.Area {
			places = append(places, up[c.Area])
		}
		for _, place := range places {
			cell := planning.Cell{Segment: c.Segment, Form: c.Form, Area: place}
			last := st.In.Held[cell]
			keep(&last)
			st.In.Held[cell] = last
		}
	}
	for _, c := range held {
		both(c, func(last *planning.Last) {
			if c.On > last.On {
				last.On, last.ID = c.On, c.ID
			}
		})
	}
	for _, c := range planned {
		both(c, func(last *planning.Last) {
			if last.NextOn == "" || c.On < last.NextOn {
				last.NextOn, last.NextID = c.On, c.ID
			}
		})
	}
	return nil
}

// dueOccasions reads markets and festivals per commune.
func (s *Server) dueOccasions(r *http.Request, st *dueState, up map[loa.AreaID]loa.AreaID) error {
	markets, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, m := range markets {
		rule, err := planning.ParseMarket(m.Rule)
		if err != nil {
			s.Log.Error("a market's rule cannot be read", "market", m.ID, "error", err)
			continue
		}
		st.In.Markets[up[m.Area]] = append(st.In.Markets[up[m.Area]], rule)
	}
	days, err := s.DB.FestivalDays(r.Context(), scopeOf(r), st.In.Today.AddMonths(-24), st.In.Today.AddMonths(12))
	if err != nil {
		return err
	}
	for _, f := range days {
		if f.Kind != "closed" {
			st.In.Festivals[up[f.Area]] = append(st.In.Festivals[up[f.Area]], f)
		}
	}
	return nil
}

// lateCells counts the cells of the table that are late somewhere: what the rail and Today show.
func (st *dueState) lateCells() int {
	seen := map[planning.Cell]bool{}
	for _, d := range planning.Late(st.All) {
		seen[planning.Cell{Segment: d.Line.Segment, Form: d.Line.Form}] = true
	}
	return len(seen)
}
