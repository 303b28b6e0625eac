package web

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"loa"
	"loa/segmenting"
	"loa/store"
)

// audience keeps one segment index per office in memory. It is a copy of what the store says: before every question it reads
// what changed since, by change number, so several processes on one database agree.
type audience struct {
	db *store.DB
	mu sync.Mutex
	by map[loa.OfficeID]*officeAudience
}

type officeAudience struct {
	mu    sync.Mutex // one reader of changes at a time
	index *segmenting.Index
}

func newAudience(db *store.DB) *audience {
	return &audience{db: db, by: map[loa.OfficeID]*officeAudience{}}
}

// index is the office's index, brought up to date.
func (a *audience) index(ctx context.Context, office loa.OfficeID) (*segmenting.Index, error) {
	a.mu.Lock()
	o := a.by[office]
	if o == nil {
		o = &officeAudience{index: segmenting.New()}
		a.by[office] = o
	}
	a.mu.Unlock()
	now, err := a.db.ChangeNo(ctx, office)
	if err != nil {
		return nil, err
	}
	if o.index.Change() >= now && now > 0 {
		return o.index, nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	since := o.index.Change()
	if since >= now && now > 0 {
		return o.index, nil
	}
	upTo, err := a.db.Profiles(ctx, office, since, func(part []loa.Profile) error {
		o.index.Update(part, since)
		return nil
	})
	if err != nil {
		return nil, err
	}
	o.index.Update(nil, upTo)
	return o.index, nil
}

// Warm reads the offices' people in before the first visitor asks.
func (s *Server) Warm(ctx context.Context) error {
	offices, err := s.DB.Offices(ctx)
	if err != nil {
		return err
	}
	for _, o := range offices {
		x, err := s.audience.index(ctx, o.ID)
		if err != nil {
			return err
		}
		x.Sort()
	}
	return nil
}

// areas are the communes and villages of the request's office, in the order of the tree.
func (s *Server) areas(r *http.Request) ([]loa.Area, error) {
	me := whoOf(r)
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	return once(s.memo, memoKey{me.Office.ID, change, "areas " + rangesOf(me.Scope)}, func() ([]loa.Area, error) { return s.DB.Areas(r.Context(), me.Scope) })
}

// rangesOf names a scope for keys of kept results.
func rangesOf(in loa.Scope) string {
	var b strings.Builder
	for _, r := range in.Ranges {
		b.WriteString(r.From + ".." + r.To + " ")
	}
	return b.String()
}

// query asks a rule as of today within the request's scope.
func (s *Server) query(r *http.Request, rule loa.Rule) (segmenting.Query, *segmenting.Index, error) {
	me := whoOf(r)
	areas, err := s.areas(r)
	if err != nil {
		return segmenting.Query{}, nil, err
	}
	settings, err := s.DB.Settings(r.Context(), me.Office.ID)
	if err != nil {
		return segmenting.Query{}, nil, err
	}
	x, err := s.audience.index(r.Context(), me.Office.ID)
	if err != nil {
		return segmenting.Query{}, nil, err
	}
	within := make([]loa.AreaID, len(areas))
	paths := make(map[loa.AreaID]string, len(areas))
	for i, a := range areas {
		within[i] = a.ID
		paths[a.ID] = a.Path
	}
	under := func(id loa.AreaID) []loa.AreaID {
		path, ok := paths[id]
		if !ok {
			return nil
		}
		var out []loa.AreaID
		for _, a := range areas {
			if strings.HasPrefix(a.Path, path) {
				out = append(out, a.ID)
			}
		}
		return out
	}
	return segmenting.Query{Rule: rule, Today: s.today(), DueDays: settings.DueDays, Under: under, Within: within}, x, nil
}

// takeSnapshot freezes who of a segment was meant in an area, for the session or print that uses it.
func (s *Server) takeSnapshot(r *http.Request, segment loa.SegmentID, area loa.AreaID, usedBy, usedID string) (loa.SnapshotID, error) {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), segment)
	if err != nil {
		return "", err
	}
	q, x, err := s.query(r, seg.Rule)
	if err != nil {
		return "", err
	}
	if area != "" {
		q.Within = q.Under(area)
	}
	members := x.All(q)
	snap := loa.Snapshot{ID: loa.SnapshotID(loa.NewID()), Segment: segment, Area: area, Rule: seg.Rule, UsedBy: usedBy, UsedID: usedID, AsOf: s.today(), Members: members}
	return snap.ID, s.DB.SaveSnapshot(r.Context(), scopeOf(r), s.by(r), snap)
}

// segmentName is a segment's own name, or the catalogue's for one that came with Loa.
func segmentName(r *http.Request, seg loa.Segment) string {
	if seg.Name == "" && seg.Code != "" {
		return t(r, "segment."+seg.Code)
	}
	return seg.Name
}
