package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/store"
)

// coverageMet lists who was met by name at sessions, each person once; those who may not see people see how many live in each village.
func (s *Server) coverageMet(w http.ResponseWriter, r *http.Request) error {
	q := store.MetQuery{Form: loa.Form(r.FormValue("form"))}
	if q.Form != "" && !q.Form.IsSession() {
		return loa.ErrNotFound
	}
	var err error
	if q.From, q.To, err = s.daysAsked(r, "met"); err != nil {
		return err
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return err
	}
	body := coveragePeoplePage{Kind: "met", From: q.From, To: q.To, MayPeople: whoOf(r).may(loa.ReadPeople), Place: totalName(r, loa.WholeOffice(scopeOf(r), tree)),
		BackURL: "/coverage?" + url.Values{"month": {string(q.To.Month())}}.Encode(), PrintURL: samePage(r, "print", "1")}
	if body.MayPeople {
		err = s.metNames(r, &body, q)
	} else {
		by, err2 := s.DB.MetPeopleByArea(r.Context(), scopeOf(r), q)
		if err2 != nil {
			return err2
		}
		err = s.villageCounts(r, &body, by)
	}
	if err != nil {
		return err
	}
	title := t(r, "coverage.met.title")
	if q.Form != "" {
		title = t(r, "coverage.met.form", t(r, "form."+string(q.Form)))
	}
	return s.render(w, r, "coverage_people", page{Title: title, Active: "coverage", Context: t(r, "coverage.people.context.days", body.Place, q.From.Vietnamese(), q.To.Vietnamese()), Body: body})
}

// metNames fills in one page of names, or the list to print.
func (s *Server) metNames(r *http.Request, body *coveragePeoplePage, q store.MetQuery) error {
	no, take := pageNumber(r), coveragePeopleShown
	if body.Printed = r.FormValue("print") != ""; body.Printed {
		no, take = 1, coveragePeoplePrinted
	}
	list, total, err := s.DB.MetPeople(r.Context(), scopeOf(r), scopeOf(asFor(r, loa.ReadPeople)), q, (no-1)*take, take)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for _, p := range list {
		line := metPerson{MetPerson: p, Village: names[p.Area]}
		if p.Person != "" {
			line.URL = "/people/" + string(p.Person)
		}
		body.Folk = append(body.Folk, line)
	}
	body.Total, body.First, body.Last = int64(total), (no-1)*take+1, (no-1)*take+len(list)
	if body.Printed {
		body.Cut = total > len(list)
		return s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "people", string(q.Form), "met "+string(q.From)+".."+string(q.To)+" n="+strconv.Itoa(len(list)))
	}
	body.Prev, body.Next = pageLinks(r, no, body.Last < total)
	return nil
}
