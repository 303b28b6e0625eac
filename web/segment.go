package web

import (
	"net/http"
	"strconv"

	"loa"
	"loa/segmenting"
)

func (s *Server) segmentRoutes() []route {
	return []route{
		{"GET /segments", loa.ReadOutreach, s.segmentList},
		{"GET /segments/new", loa.EditOutreach, s.segmentNew},
		{"POST /segments/new", loa.EditOutreach, s.segmentCreate},
		{"POST /segments/count", loa.ReadOutreach, s.segmentCount},
		{"GET /segments/overlap", loa.ReadOutreach, s.segmentOverlap},
		{"GET /segments/{id}", loa.ReadOutreach, s.segmentShow},
		{"GET /snapshots/{id}", loa.ReadOutreach, s.snapshotShow},
		{"POST /segments/{id}/export", loa.ExportPeople, s.segmentExport},
		{"GET /segments/{id}/people", loa.ReadPeople, s.segmentPeople},
		{"POST /segments/{id}/print", loa.ReadPeople, s.segmentPrint},
		{"GET /segments/{id}/edit", loa.EditOutreach, s.segmentEdit},
		{"POST /segments/{id}/edit", loa.EditOutreach, s.segmentUpdate},
		{"POST /segments/{id}/retire", loa.EditOutreach, s.segmentRetire},
		{"POST /segments/{id}/restore", loa.EditOutreach, s.segmentRestore},
	}
}

type segmentLine struct {
	ID    loa.SegmentID
	Name  string
	Rule  string
	Count int
	Ready bool
}

type segmentListPage struct{ Lines, Retired []segmentLine }

func (s *Server) segmentList(w http.ResponseWriter, r *http.Request) error {
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	retired, err := s.DB.RetiredSegments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	lines := make([]segmentLine, len(segments))
	for i, seg := range segments {
		n, err := s.countOf(r, seg)
		if err != nil {
			return err
		}
		lines[i] = segmentLine{seg.ID, segmentName(r, seg), s.ruleSentence(r, seg.Rule), n, seg.Ready}
	}
	body := segmentListPage{Lines: lines}
	for _, seg := range retired {
		body.Retired = append(body.Retired, segmentLine{ID: seg.ID, Name: segmentName(r, seg), Rule: s.ruleSentence(r, seg.Rule)})
	}
	return s.render(w, r, "segment_list", page{Title: t(r, "segment.list.title"), Context: t(r, "segment.list.context", len(lines)), Active: "segments", Body: body})
}

// countOf is the live count of a segment; while nothing changed it is not counted again.
func (s *Server) countOf(r *http.Request, seg loa.Segment) (int, error) {
	return s.countOn(r, seg, s.today())
}

// countOn is how many people of the scope a segment had on a day.
func (s *Server) countOn(r *http.Request, seg loa.Segment, on loa.Day) (int, error) {
	q, x, err := s.query(r, seg.Rule)
	if err != nil {
		return 0, err
	}
	q.Today = on
	key := memoKey{whoOf(r).Office.ID, x.Change(), "count " + string(seg.ID) + " " + string(on) + " " + seg.Rule.JSON() + rangesOf(scopeOf(r)) + strconv.Itoa(q.DueDays)}
	return once(s.memo, key, func() (int, error) { return x.Count(q), nil })
}

type segmentPage struct {
	Segment   loa.Segment
	Name      string
	Rule      []ruleLine
	Count     int
	Communes  []communeCount
	Sample    []segmentPerson
	Snapshots []snapshotLine
	Others    []option
	MayPeople bool
}

type communeCount struct {
	Name string
	N    int
	URL  string
}

type segmentPerson struct {
	ID            loa.PersonID
	Name, Village string
	Born          int
	Why           []whyLine
}

type whyLine struct {
	Text  string
	Holds bool
}

func (s *Server) segmentShow(w http.ResponseWriter, r *http.Request) error {
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.PathValue("id")))
	if err != nil {
		return err
	}
	q, x, err := s.query(r, seg.Rule)
	if err != nil {
		return err
	}
	body := segmentPage{Segment: seg, Name: segmentName(r, seg), Rule: s.ruleLines(r, seg.Rule), MayPeople: whoOf(r).may(loa.ReadPeople)}
	if body.Count, err = s.countOf(r, seg); err != nil {
		return err
	}
	if body.Communes, err = s.perCommune(r, x.CountByArea(q)); err != nil {
		return err
	}
	if body.MayPeople {
		if body.Sample, err = s.samplePeople(r, q, x, x.Sample(q, 20)); err != nil {
			return err
		}
	}
	all, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, o := range all {
		if o.ID != seg.ID {
			body.Others = append(body.Others, option{string(o.ID), segmentName(r, o)})
		}
	}
	if body.Snapshots, err = s.snapshotLines(r, seg.ID); err != nil {
		return err
	}
	return s.render(w, r, "segment_show", page{Title: t(r, "segment.show.title", body.Name), Context: s.ruleSentence(r, seg.Rule), Active: "segments", Body: body})
}

// perCommune rolls village counts up to communes, with "commune not stated" as its own line.
func (s *Server) perCommune(r *http.Request, byVillage map[loa.AreaID]int) ([]communeCount, error) {
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	sum := map[loa.AreaID]int{}
	for village, n := range byVillage {
		sum[up[village]] += n
	}
	var out []communeCount
	for _, a := range areas {
		if n := sum[a.ID]; n > 0 && (a.Kind == loa.Commune || a.Kind == loa.OfficeNode) {
			out = append(out, communeCount{Name: s.areaName(r, a), N: n})
		}
	}
	return out, nil
}

// communeOf maps every area to the commune above it, or to the office's own node.
func communeOf(areas []loa.Area) map[loa.AreaID]loa.AreaID {
	out := make(map[loa.AreaID]loa.AreaID, len(areas))
	var top loa.Area
	for _, a := range areas { // in the order of paths, so a commune comes before its villages
		if a.Kind != loa.Village && a.Kind != loa.Former {
			top = a
		}
		out[a.ID] = top.ID
	}
	return out
}

// areaName is the label of an area; the office's own node reads "commune not stated".
func (s *Server) areaName(r *http.Request, a loa.Area) string {
	if a.Kind == loa.OfficeNode {
		return t(r, "area.no_commune")
	}
	return a.Label()
}

func (s *Server) samplePeople(r *http.Request, q segmenting.Query, x *segmenting.Index, ids []loa.PersonID) ([]segmentPerson, error) {
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), ids)
	if err != nil {
		return nil, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]segmentPerson, 0, len(people))
	for _, p := range people {
		line := segmentPerson{ID: p.ID, Name: p.Name, Village: names[p.Area], Born: p.BornYear}
		reasons, _ := x.Why(q, p.ID)
		for _, why := range reasons {
			if why.Holds != why.Not {
				line.Why = append(line.Why, whyLine{s.conditionText(r, why.Rule, why.Not), true})
			}
		}
		out = append(out, line)
	}
	return out, nil
}

// villageNames are the names of the areas within the request's scope; the map is everybody's, so nobody writes into it.
func (s *Server) villageNames(r *http.Request) (map[loa.AreaID]string, error) {
	r = steady(r)
	return keep(s, r, "area names "+langOf(r)+" "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]string, error) {
		areas, err := s.areas(r)
		if err != nil {
			return nil, err
		}
		out := make(map[loa.AreaID]string, len(areas))
		for _, a := range areas {
			out[a.ID] = s.areaName(r, a)
		}
		return out, nil
	})
}

func (s *Server) segmentRetire(w http.ResponseWriter, r *http.Request) error {
	id := loa.SegmentID(r.PathValue("id"))
	if err := s.DB.RetireSegment(r.Context(), scopeOf(r), s.by(r), id, true); err != nil {
		return err
	}
	return s.done(w, r, "/segments", t(r, "segment.retired"), "/segments/"+string(id)+"/restore")
}

func (s *Server) segmentRestore(w http.ResponseWriter, r *http.Request) error {
	id := loa.SegmentID(r.PathValue("id"))
	if err := s.DB.RetireSegment(r.Context(), scopeOf(r), s.by(r), id, false); err != nil {
		return err
	}
	return s.done(w, r, "/segments/"+string(id), t(r, "segment.restored"), "/segments/"+string(id)+"/retire")
}
