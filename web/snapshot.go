package web

import (
	"net/http"
	"slices"
	"strconv"

	"loa"
	"loa/segmenting"
)

// snapshotLine is one use of a segment, and who was meant by it then.
type snapshotLine struct {
	ID      loa.SnapshotID
	At, For string
	By      officerView
	Place   string
	N       int
	UseURL  string
}

func (s *Server) snapshotLines(r *http.Request, segment loa.SegmentID) ([]snapshotLine, error) {
	list, err := s.DB.SegmentSnapshots(r.Context(), scopeOf(r), segment, 50)
	if err != nil {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]snapshotLine, len(list))
	for i, x := range list {
		if out[i], err = s.snapshotLine(r, x, officers); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Server) snapshotLine(r *http.Request, x loa.Snapshot, officers officerNames) (snapshotLine, error) {
	names, err := s.villageNames(r)
	if err != nil {
		return snapshotLine{}, err
	}
	line := snapshotLine{ID: x.ID, At: moment(x.TakenAt), For: t(r, "snapshot.for."+x.UsedBy), By: officers.by[x.TakenBy], Place: names[x.Area], N: x.N}
	switch x.UsedBy {
	case "matrix":
		line.UseURL = "/matrix?v=" + x.UsedID
	case "session":
		line.UseURL = "/sessions/" + x.UsedID
	}
	return line, nil
}

type snapshotPage struct {
	snapshotLine
	Segment          loa.SegmentID
	Name, Rule       string
	Still, Gone, New int // of those meant then; and who would be meant now besides
	RuleChanged      bool
	People           []snapshotPerson
	From, To         int
	Prev, Next       string
	MayPeople        bool
}

type snapshotPerson struct {
	ID            loa.PersonID
	Name, Village string
	Born          int
	Still         bool
}

// snapshotShow compares who was meant at a use of a segment with who would be meant now.
func (s *Server) snapshotShow(w http.ResponseWriter, r *http.Request) error {
	x, err := s.DB.Snapshot(r.Context(), scopeOf(r), loa.SnapshotID(r.PathValue("id")))
	if err != nil {
		return err
	}
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), x.Segment)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	q, index, err := s.query(r, seg.Rule)
	if err != nil {
		return err
	}
	body := snapshotPage{Segment: seg.ID, Name: segmentName(r, seg), Rule: s.ruleSentence(r, x.Rule), RuleChanged: x.Rule.JSON() != seg.Rule.JSON(), MayPeople: whoOf(r).may(loa.ReadPeople)}
	if body.snapshotLine, err = s.snapshotLine(r, x, officers); err != nil {
		return err
	}
	members := within(q, index, x.Members)
	body.N = len(members)
	if x.Area != "" {
		q.Within = q.Under(x.Area)
	}
	now := index.All(q)
	for _, id := range members {
		if _, in := slices.BinarySearch(now, id); in {
			body.Still++
		}
	}
	body.Gone, body.New = len(members)-body.Still, len(now)-body.Still
	if body.MayPeople {
		if err := s.snapshotPeople(r, &body, members, now); err != nil {
			return err
		}
	}
	return s.render(w, r, "segment_snapshot", page{Title: t(r, "snapshot.title", body.Name, body.At), Context: body.Rule, Active: "segments", Body: body})
}

// within keeps the members somebody of this scope may know of.
func within(q segmenting.Query, x *segmenting.Index, members []loa.PersonID) []loa.PersonID {
	q.Rule = loa.Rule{Any: []loa.Rule{{Field: "phone"}, {Not: &loa.Rule{Field: "phone"}}}} // everybody
	all := x.All(q)
	out := make([]loa.PersonID, 0, len(members))
	for _, id := range members {
		if _, in := slices.BinarySearch(all, id); in {
			out = append(out, id)
		}
	}
	return out
}

func (s *Server) snapshotPeople(r *http.Request, body *snapshotPage, members, now []loa.PersonID) error {
	no, err := strconv.Atoi(r.FormValue("page"))
	if err != nil || no < 1 {
		no = 1
	}
	from := min((no-1)*segmentPageSize, len(members))
	people, err := s.DB.PeopleByID(r.Context(), scopeOf(r), members[from:min(from+segmentPageSize, len(members))])
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for _, p := range people {
		_, still := slices.BinarySearch(now, p.ID)
		body.People = append(body.People, snapshotPerson{ID: p.ID, Name: p.Name, Village: names[p.Area], Born: p.BornYear, Still: still})
	}
	body.From, body.To = from+1, from+len(people)
	if no > 1 {
		body.Prev = r.URL.Path + "?page=" + strconv.Itoa(no-1)
	}
	if body.To < len(members) {
		body.Next = r.URL.Path + "?page=" + strconv.Itoa(no+1)
	}
	return nil
}
