package web

import (
	"net/http"
	"strings"

	"loa"
)

// route is one line of the table of contents: the pattern, the act it asks for, and who answers.
type route struct {
	pattern string
	may     loa.Act // empty: no sign-in needed
	handle  handler
}

// table is the whole web, room by room; each room lists its own routes beside its handlers.
func (s *Server) table() []route {
	var all []route
	for _, room := range [][]route{
		s.loginRoutes(), s.todayRoutes(), s.searchRoutes(), s.areaRoutes(), s.partnerRoutes(), s.peopleRoutes(), s.importRoutes(), s.segmentRoutes(),
		s.matrixRoutes(), s.sessionRoutes(), s.enrolmentRoutes(), s.targetRoutes(), s.coverageRoutes(), s.reportRoutes(), s.adminRoutes(), s.tourRoutes(), s.registerRoutes(),
		s.reconcileRoutes(), s.questionRoutes(), s.calculatorRoutes(), s.documentRoutes(), s.linkRoutes(), s.publicRoutes(), s.storyRoutes(), s.clipRoutes(), s.basketRoutes(), s.policyRoutes(), s.leafletRoutes(), s.stationRoutes(), s.channelRoutes(), s.adminChannelRoutes(), s.scriptRoutes(), s.kitRoutes(),
		s.broadcastRoutes(), s.deviceRoutes(),
	} {
		all = append(all, room...)
	}
	return all
}

func (s *Server) mount() {
	s.routes, s.rooms = s.table(), map[string]bool{}
	for _, rt := range s.routes {
		if url, ok := strings.CutPrefix(rt.pattern, "GET "); ok {
			s.rooms[url] = true
		}
		s.mux.Handle(rt.pattern, s.serve(rt))
	}
	s.mux.Handle("GET /static/", s.static())
	s.mux.Handle("/", s.serve(route{pattern: "/", may: loa.SignedIn, handle: func(http.ResponseWriter, *http.Request) error { return loa.ErrNotFound }}))
}

// serve checks who asks and what they may before the handler runs.
func (s *Server) serve(rt route) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r, ok := s.admit(w, r, rt.may)
		if !ok {
			return
		}
		if err := rt.handle(w, r); err != nil {
			s.answer(w, r, err)
		}
	})
}
