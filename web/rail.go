package web

import "net/http"

// railCounts are the small numbers of the rail.
func (s *Server) railCounts(r *http.Request) map[string]railCount { return nil }
