package web

import (
	"context"
	"net/http"
	"net/url"
	"sort"

	"loa"
	"loa/matching"
	"loa/store"
)

// scoredPair is a pair with what speaks for it.
type scoredPair struct {
	store.DuplicatePair
	Score   int
	Reasons []matching.Reason
	Likely  bool
}

// duplicates are the pairs of the scope worth a look, the likeliest first; kept until anything in the office changes.
func (s *Server) duplicates(r *http.Request) ([]scoredPair, error) {
	change, err := s.changeNo(r)
	if err != nil {
		return nil, err
	}
	key := memoKey{whoOf(r).Office.ID, change, "duplicates " + rangesOf(scopeOf(r))}
	return once(s.memo, key, func() ([]scoredPair, error) {
		pairs, err := s.DB.Duplicates(context.WithoutCancel(r.Context()), scopeOf(r)) // others wait for the same
		if err != nil {
			return nil, err
		}
		var out []scoredPair
		for _, p := range pairs {
			score, reasons := matching.Score(recordOf(p.A), recordOf(p.B))
			if score >= matching.Possible {
				out = append(out, scoredPair{p, score, reasons, score >= matching.Likely})
			}
		}
		sort.SliceStable(out, func(i, j int) bool { return out[i].Score > out[j].Score })
		return out, nil
	})
}

func recordOf(d store.DuplicateSide) matching.Record {
	return matching.Record{ID: d.ID, Name: d.Name, BornYear: d.BornYear, BornOn: d.BornOn, Sex: d.Sex, Area: d.Area, Commune: d.Commune, Household: d.Household, Phone: d.Phone,
		PhoneShared: d.PhoneShared, NationalIndex: d.NationalIndex, SIIndex: d.SIIndex}
}

type duplicatePage struct {
	Pairs      []pairLine
	All        bool
	From, To   int
	N          int
	Prev, Next string
	MayEdit    bool
	Here       string
}

type pairLine struct {
	A, B    pairSide
	For     []string
	Against []string
	Strong  bool
}

type pairSide struct {
	ID                                                         loa.PersonID
	URL                                                        string
	Name, Born, Sex, Village, Relation, Phone, National, Index string
}

// pairsPage is how many pairs stand on a page.
const pairsPage = 20

// duplicateList shows pairs side by side with what speaks for and against them being one.
func (s *Server) duplicateList(w http.ResponseWriter, r *http.Request) error {
	all, err := s.duplicates(r)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	body := duplicatePage{All: r.FormValue("all") != "", MayEdit: whoOf(r).may(loa.EditPeople), Here: r.URL.RequestURI()}
	shown := all
	if !body.All {
		n := sort.Search(len(all), func(i int) bool { return all[i].Score < matching.Likely })
		shown = all[:n]
	}
	n := pageNumber(r)
	from := min((n-1)*pairsPage, len(shown))
	to := min(from+pairsPage, len(shown))
	body.From, body.To, body.N = from+1, to, len(shown)
	body.Prev, body.Next = pageLinks(r, n, to < len(shown))
	for _, p := range shown[from:to] {
		line := pairLine{A: sideOf(r, p.A, names), B: sideOf(r, p.B, names), Strong: p.Score >= matching.Certain}
		for _, why := range p.Reasons {
			text := t(r, "register.reason."+why.Code)
			if why.Points < 0 {
				line.Against = append(line.Against, text)
			} else {
				line.For = append(line.For, text)
			}
		}
		body.Pairs = append(body.Pairs, line)
	}
	return s.render(w, r, "duplicate_list", page{Title: t(r, "register.duplicates.title"), Context: t(r, "register.duplicates.context"), Active: "register", Body: body})
}

func sideOf(r *http.Request, d store.DuplicateSide, names map[loa.AreaID]string) pairSide {
	side := pairSide{ID: d.ID, URL: "/people/" + string(d.ID), Name: d.Name, Born: bornText(loa.Person{BornYear: d.BornYear, BornOn: d.BornOn}), Village: names[d.Area], Phone: displayPhone(d.Phone),
		National: loa.Sealed{Index: d.NationalIndex, Tail: d.NationalTail}.Masked(12), Index: loa.Sealed{Index: d.SIIndex, Tail: d.SITail}.Masked(10)}
	if d.Sex != "" {
		side.Sex = t(r, "sex."+string(d.Sex))
	}
	if d.Relation != "" {
		side.Relation = t(r, "relation."+d.Relation)
	}
	return side
}

// duplicateMerge makes two records one; which is kept is the officer's choice, and it can be taken back.
func (s *Server) duplicateMerge(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id, err := s.DB.MergePeople(r.Context(), scopeOf(r), s.by(r), loa.PersonID(f.text("keep")), loa.PersonID(f.text("drop")))
	back := backTo(f, "/register/duplicates")
	return s.acted(w, r, f, err, back, back, t(r, "register.duplicates.merged"), id)
}

// duplicateApart keeps that two records are two humans.
func (s *Server) duplicateApart(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	a, b := f.text("a"), f.text("b")
	if err := s.DB.SayNotDuplicate(r.Context(), scopeOf(r), s.by(r), loa.PersonID(a), loa.PersonID(b)); err != nil {
		return err
	}
	undo := "/register/duplicates/again?" + url.Values{"a": {a}, "b": {b}}.Encode()
	return s.done(w, r, backTo(f, "/register/duplicates"), t(r, "register.duplicates.apart"), undo)
}

// duplicateAgain takes that back.
func (s *Server) duplicateAgain(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if err := s.DB.SayMaybeDuplicate(r.Context(), scopeOf(r), s.by(r), loa.PersonID(f.text("a")), loa.PersonID(f.text("b"))); err != nil {
		return err
	}
	return s.done(w, r, "/register/duplicates", t(r, "register.duplicates.again"), "")
}

// backTo is the page a form was sent from, when it says one of this site.
func backTo(f *form, otherwise string) string {
	if to := localPath(f.text("next")); to != "/" {
		return to
	}
	return otherwise
}
