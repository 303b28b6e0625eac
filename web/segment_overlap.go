package web

import (
	"net/http"

	"loa"
)

type overlapPage struct {
	A, B     string
	AID, BID string
	InA, InB int
	Both     int
	OnlyA    int
	OnlyB    int
	Segments []option
	ShareA   int64
	ShareB   int64
	Chosen   bool
	Picture  venn
}

func (s *Server) segmentOverlap(w http.ResponseWriter, r *http.Request) error {
	all, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	body := overlapPage{AID: r.FormValue("a"), BID: r.FormValue("b")}
	var a, b *loa.Segment
	for i, seg := range all {
		body.Segments = append(body.Segments, option{string(seg.ID), segmentName(r, seg)})
		if string(seg.ID) == body.AID {
			a, body.A = &all[i], segmentName(r, seg)
		}
		if string(seg.ID) == body.BID {
			b, body.B = &all[i], segmentName(r, seg)
		}
	}
	if a != nil && b != nil {
		qa, x, err := s.query(r, a.Rule)
		if err != nil {
			return err
		}
		qb := qa
		qb.Rule = b.Rule
		body.Chosen = true
		body.InA, body.InB, body.Both = x.Overlap(qa, qb)
		body.OnlyA, body.OnlyB = body.InA-body.Both, body.InB-body.Both
		body.Picture = vennOf(body.InA, body.InB, body.Both)
		if body.InA > 0 {
			body.ShareA = int64(1000 * body.Both / body.InA)
		}
		if body.InB > 0 {
			body.ShareB = int64(1000 * body.Both / body.InB)
		}
	}
	return s.render(w, r, "segment_overlap", page{Title: t(r, "segment.overlap.title"), Active: "segments", Body: body})
}
