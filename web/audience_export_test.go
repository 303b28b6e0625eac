package web

import (
	"context"

	"loa"
	"loa/segmenting"
)

// IndexOf is the office's segment index, brought up to date as a page does before it counts.
func (s *Server) IndexOf(ctx context.Context, office loa.OfficeID) (*segmenting.Index, error) {
	return s.audience.index(ctx, office)
}
