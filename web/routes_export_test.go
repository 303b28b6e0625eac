package web

import "loa"

// TableLine is a route as the tests see it.
type TableLine struct {
	Pattern string
	May     loa.Act
}

// Table is every route of the server.
func (s *Server) Table() []TableLine {
	out := make([]TableLine, len(s.routes))
	for i, rt := range s.routes {
		out[i] = TableLine{rt.pattern, rt.may}
	}
	return out
}
