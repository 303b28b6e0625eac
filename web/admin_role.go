package web

import (
	"context"
	"net/http"

	"loa"
)

func (s *Server) officerSwitch(w http.ResponseWriter, r *http.Request, act func(context.Context, loa.Scope, loa.By, loa.OfficerID) error, key, undo string) error {
	in := whoOf(r).Whole
	o, err := s.DB.Officer(r.Context(), in, loa.OfficerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := act(r.Context(), in, s.by(r), o.ID); err != nil {
		return err
	}
	if undo != "" {
		undo = officerURL(o.ID) + undo
	}
	return s.done(w, r, officerURL(o.ID), t(r, key, o.Name), undo)
}

// roleGive gives an officer a role in a place for a time.
func (s *Server) roleGive(w http.ResponseWriter, r *http.Request) error {
	in := whoOf(r).Whole
	o, err := s.DB.Officer(r.Context(), in, loa.OfficerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := readForm(r)
	g := loa.Grant{ID: loa.NewID(), Officer: o.ID, Role: loa.Role(f.text("role")), Area: loa.AreaID(f.text("area")), From: f.day("from"), To: f.day("to")}
	if f.ok() {
		if err := f.take(s.DB.GiveRole(r.Context(), in, s.by(r), g)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.officerDraw(w, r, o, f.Errors, g, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, officerURL(o.ID), t(r, "admin.role_given", t(r, "role."+string(g.Role)), o.Name), "")
}

// roleRevoke takes a role back at once; it can be undone for an hour.
func (s *Server) roleRevoke(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.DB.RevokeRole(r.Context(), whoOf(r).Whole, s.by(r), id); err != nil {
		return err
	}
	return s.done(w, r, s.grantURL(r, id), t(r, "admin.role_revoked"), "/admin/roles/"+id+"/restore")
}

// roleRestore undoes it.
func (s *Server) roleRestore(w http.ResponseWriter, r *http.Request) error {
	id := r.PathValue("id")
	if err := s.DB.RestoreRole(r.Context(), whoOf(r).Whole, s.by(r), id); err != nil {
		return err
	}
	return s.done(w, r, s.grantURL(r, id), t(r, "admin.role_restored"), "")
}

// grantURL is the page of the officer a role was given to.
func (s *Server) grantURL(r *http.Request, id string) string {
	grants, err := s.DB.Grants(r.Context(), whoOf(r).Whole)
	if err != nil {
		return "/admin" // the act itself succeeded; the list is as good a place to see it
	}
	for _, g := range grants {
		if g.ID == id {
			return officerURL(g.Officer)
		}
	}
	return "/admin"
}
