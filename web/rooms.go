package web

// Rooms that have no file of their own yet.

func (s *Server) areaRoutes() []route { return nil }
