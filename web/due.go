package web

import (
	"net/http"

	"loa"
	"loa/planning"
)

// dueState is what the matrix in force asks for as of today, within the request's scope.
type dueState struct {
	Matrix loa.Matrix
	In     planning.Input
	All    []loa.Due // latest first
}

// due works out what is due and what is late; the answer is kept until something changes.
func (s *Server) due(r *http.Request) (*dueState, error) {
	me := whoOf(r)
	change, err := s.DB.ChangeNo(r.Context(), me.Office.ID)
	if err != nil {
		return nil, err
	}
	key := memoKey{me.Office.ID, change, "due " + string(s.today()) + " " + rangesOf(me.Scope)}
	return once(s.memo, key, func() (*dueState, error) { return s.workOutDue(r) })
}

func (s *Server) workOutDue(r *http.Request) (*dueState, error) {
	ctx, in, today := r.Context(), scopeOf(r), s.today()
	m, err := s.DB.MatrixInForce(ctx, in, today)
	if loa.KindOf(err) == loa.NotFound {
		return &dueState{}, nil
	}
	if err != nil {
		return nil, err
	}
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	st := &dueState{Matrix: m, In: planning.Input{Lines: m.Lines, Today: today, People: map[loa.SegmentID]map[loa.AreaID]int{}, Held: map[planning.Cell]planning.Last{},
		Markets: map[loa.AreaID][]planning.MarketRule{}, Festivals: map[loa.AreaID][]loa.FestivalDay{}}}
	for _, a := range areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode {
			st.In.Communes = append(st.In.Communes, a.ID)
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
		per := map[loa.AreaID]int{}
		for village, n := range x.CountByArea(q) {
			per[up[village]] += n
		}
		st.In.People[seg.ID] = per
	}
	return nil
}

// dueHeld rolls the newest held and nearest planned sessions up to communes.
func (s *Server) dueHeld(r *http.Request, st *dueState, up map[loa.AreaID]loa.AreaID) error {
	held, planned, err := s.DB.CellSessions(r.Context(), scopeOf(r), st.In.Today)
	if err != nil {
		return err
	}
	for _, c := range held {
		cell := planning.Cell{Segment: c.Segment, Form: c.Form, Area: up[c.Area]}
		if last := st.In.Held[cell]; c.On > last.On {
			last.On, last.ID = c.On, c.ID
			st.In.Held[cell] = last
		}
	}
	for _, c := range planned {
		cell := planning.Cell{Segment: c.Segment, Form: c.Form, Area: up[c.Area]}
		if last := st.In.Held[cell]; last.NextOn == "" || c.On < last.NextOn {
			last.NextOn, last.NextID = c.On, c.ID
			st.In.Held[cell] = last
		}
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
