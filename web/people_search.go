package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/store"
)

// findPeople understands names, telephone numbers and whole ID numbers.
func (s *Server) findPeople(r *http.Request, q string, take int) ([]store.PersonLine, error) {
	digits := strings.Map(func(c rune) rune {
		if c >= '0' && c <= '9' {
			return c
		}
		return -1
	}, q)
	if len(digits) >= 9 {
		phone, _ := phoneOf(q)
		national, si := "", ""
		if s.Sealer != nil && len(digits) == 12 {
			national = s.Sealer.Index("person.national_id", digits)
		}
		if s.Sealer != nil && len(digits) == 10 {
			si = s.Sealer.Index("person.si_number", digits)
		}
		return s.DB.PeopleByNumber(r.Context(), scopeOf(r), phone, national, si)
	}
	return s.DB.SearchPeople(r.Context(), scopeOf(r), q, take)
}

// searchTake is how many people of a name are looked through when filters narrow a search.
const searchTake = 2000

// searchPage is one page of those found by words, or as many as one printed list holds.
func (s *Server) searchPage(r *http.Request, f peopleFilter, body *peoplePage) ([]store.PersonLine, error) {
	n, take := min(pageNumber(r), searchTake/listPage), listPage
	if body.Printed {
		n, take = 1, peoplePrinted
	}
	lines, more, err := s.searchedPeople(r, f, n*take)
	if err != nil {
		return nil, err
	}
	before := min((n-1)*take, len(lines))
	body.Known, body.More, body.Cut = !more, more, body.Printed && more
	if body.Known {
		body.Total = len(lines)
	}
	if n > 1 || more {
		body.From = before + 1
	}
	if !body.Printed {
		body.Prev, body.Next = pageLinks(r, n, more && n*take < searchTake)
	}
	return lines[before:], nil
}

// searchedPeople are the first of those found by words that the filters leave, and whether there are more.
func (s *Server) searchedPeople(r *http.Request, f peopleFilter, take int) (lines []store.PersonLine, more bool, err error) {
	if !f.narrowed() && f.Area == "" {
		lines, err = s.findPeople(r, f.Query, take+1)
		return lines[:min(take, len(lines))], len(lines) > take, err
	}
	found, err := s.findPeople(r, f.Query, searchTake)
	if err != nil {
		return nil, false, err
	}
	rule, err := f.rule()
	if err != nil {
		return nil, false, err
	}
	q, x, err := s.query(r, rule)
	if err != nil {
		return nil, false, err
	}
	in := map[loa.PersonID]bool{}
	for _, id := range x.All(q) {
		in[id] = true
	}
	for _, l := range found {
		switch {
		case !in[l.ID]:
		case len(lines) == take:
			return lines, true, nil
		default:
			lines = append(lines, l)
		}
	}
	return lines, len(found) == searchTake, nil
}
