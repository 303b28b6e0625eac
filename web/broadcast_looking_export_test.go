package web

// LookBesideOver sets how large an audience is looked at beside the requests.
func (s *Server) LookBesideOver(many int) { s.reckoner.many = many }
