package web

import (
	"net/http"

	"loa"
)

// firstStep is one thing a new office does before the program can tell it anything.
type firstStep struct {
	Code string
	URL  string // empty for somebody who may not do it
	Done bool
}

// todayBegun shows a new office its first steps, until it knows people, has signed a matrix and has gone out.
func (s *Server) todayBegun(r *http.Request, body *todayPage) error {
	me := whoOf(r)
	if !s.seesAnchor(r) {
		return nil
	}
	b, err := s.DB.Begun(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	body.NoMatrix = !b.Matrix
	if b.Settled() {
		return nil
	}
	for _, x := range []struct {
		code string
		act  loa.Act
		url  string
		done bool
	}{
		{"officers", loa.Administer, "/admin/officers/new", b.Officers},
		{"villages", loa.EditAreas, "/areas/new", b.Villages},
		{"people", loa.ImportFiles, "/imports", b.People},
		{"targets", loa.EditTargets, "/targets", b.Targets},
		{"matrix", loa.EditMatrix, "/matrix", b.Matrix},
		{"sessions", loa.EditOutreach, "/sessions/new", b.Sessions},
	} {
		step := firstStep{Code: x.code, Done: x.done}
		if !x.done && me.may(x.act) {
			step.URL = x.url
		}
		if x.done {
			body.StepsDone++
		}
		body.Steps = append(body.Steps, step)
	}
	return nil
}
