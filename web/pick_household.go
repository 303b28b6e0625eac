package web

import (
	"net/http"
	"strings"
	"time"

	"loa"
	"loa/store"
)

// pickHousehold answers a type-ahead with households by the name of somebody in them or by their number.
func (s *Server) pickHousehold(w http.ResponseWriter, r *http.Request) error {
	list, err := s.DB.FindHouseholds(r.Context(), scopeOf(r), r.FormValue("q"), 20)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	out := make([]pickOption, len(list))
	for i, h := range list {
		out[i] = pickOption{ID: string(h.ID), Label: t(r, "household.title", strings.TrimSpace(h.Head+" "+h.Code)), Sub: names[h.Area], End: t(r, "household.people", h.Members)}
	}
	return s.part(w, r, "search", "picks", out)
}

func idsOfActs(list []store.Act) []string {
	seen := map[string]bool{}
	var out []string
	for _, a := range list {
		if !seen[a.NounID] {
			seen[a.NounID] = true
			out = append(out, a.NounID)
		}
	}
	return out
}

func timeOf(ms int64) time.Time { return time.UnixMilli(ms).In(loa.Zone) }
