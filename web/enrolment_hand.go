package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"loa"
)

// handMany hands the chosen leads to one collector, all of them or none.
func (s *Server) handMany(w http.ResponseWriter, r *http.Request) error {
	if s.ownCollector(r, "") != "" {
		return loa.ErrNotFound
	}
	f := readForm(r)
	collector, at := loa.CollectorID(f.text("collector")), s.Now()
	chosen := slices.Compact(slices.Sorted(slices.Values(r.PostForm["lead"])))
	switch {
	case len(chosen) == 0:
		return loa.Refuse(loa.Invalid, "lead", "no_lead_chosen")
	case len(chosen) > listPage:
		return loa.Refuse(loa.Invalid, "lead", "out_of_range")
	case collector == "":
		return loa.Refuse(loa.Invalid, "collector", "no_collector_chosen")
	}
	steps := make([]loa.EnrolmentStep, len(chosen))
	for i, id := range chosen {
		steps[i] = loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: s.today(), HappenedAt: at}, Lead: loa.LeadID(id), Step: loa.Handed, Collector: collector, Officer: whoOf(r).Officer.ID}
	}
	by := s.by(r)
	if err := s.DB.AddSteps(r.Context(), scopeOf(r), by, steps); err != nil {
		return err
	}
	names, err := s.collectorNames(r)
	if err != nil {
		return err
	}
	undo := "/enrolment/hand/undo?" + url.Values{"collector": {string(collector)}, "at": {strconv.FormatInt(by.At.UnixMilli(), 10)}, "next": {localPath(f.text("next"))}}.Encode()
	return s.done(w, r, localPath(f.text("next")), t(r, "enrolment.hand.done", len(chosen), names[collector]), undo)
}

// handUndo takes a hand-over of several leads back, as far as nobody has gone on with them.
func (s *Server) handUndo(w http.ResponseWriter, r *http.Request) error {
	at, err := strconv.ParseInt(r.FormValue("at"), 10, 64)
	if err != nil {
		return loa.ErrNotFound
	}
	n, err := s.DB.TakeBackHanded(r.Context(), scopeOf(r), s.by(r), loa.CollectorID(r.FormValue("collector")), time.UnixMilli(at))
	if err != nil {
		return err
	}
	if n == 0 {
		return loa.ErrNotFound
	}
	return s.done(w, r, localPath(r.FormValue("next")), t(r, "enrolment.hand.undone", n), "")
}
