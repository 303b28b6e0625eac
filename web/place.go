package web

import (
	"net/http"

	"loa"
)

// placeSet chooses the commune, or for a province viewer the office, that lists are narrowed to. Only the login remembers it.
func (s *Server) placeSet(w http.ResponseWriter, r *http.Request) error {
	me, ctx := whoOf(r), r.Context()
	if id := loa.OfficeID(r.FormValue("office")); id != "" {
		found := false
		for _, o := range me.Offices {
			found = found || o.ID == id
		}
		if !found {
			return loa.ErrNotFound
		}
		s.logins.Put(ctx, loginOffice, string(id))
		s.logins.Remove(ctx, loginPlace)
	} else {
		area := loa.AreaID(r.FormValue("area"))
		found := area == ""
		for _, a := range me.Areas {
			found = found || a.ID == area
		}
		if !found {
			return loa.ErrNotFound
		}
		s.logins.Put(ctx, loginPlace, string(area))
	}
	if err := s.logins.save(w, r); err != nil {
		return err
	}
	http.Redirect(w, r, localPath(r.FormValue("next")), http.StatusSeeOther)
	return nil
}
