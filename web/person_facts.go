package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/vn"
)

func moneyIn(lang string, n int64) string { return vn.NumberIn(lang, n) + " đ" }

// factOf begins a fact that happened on the day of the form, today when it names none.
func (s *Server) factOf(f *form) loa.Fact {
	on := f.day("on")
	if on == "" {
		on = s.today()
	}
	if on > s.today() {
		f.bad("on", "error.future_day")
	}
	return loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: s.Now()}
}

// saved answers a small form of the household page: back to the page, with what went wrong said there, or with undo.
func (s *Server) saved(w http.ResponseWriter, r *http.Request, f *form, err error, text, undo string) error {
	if err := f.take(err); err != nil {
		return err
	}
	to := "/people/" + r.PathValue("id")
	if back := localPath(f.text("from")); back != "/" {
		to += "?from=" + url.QueryEscape(back)
	}
	if !f.ok() {
		for _, sentence := range f.Errors {
			s.setFlash(w, r, flash{Kind: "error", Text: sentence})
			break
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, to, text, undo)
}

// unsay is the address that takes a fact about a person back.
func (s *Server) unsay(person loa.PersonID, noun string, fact loa.FactID) string {
	return "/people/" + string(person) + "/unsay?" + url.Values{"noun": {noun}, "fact": {string(fact)}}.Encode()
}

// factUndo takes back what was just recorded about a person, by a fact of its own.
func (s *Server) factUndo(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	err = s.DB.TakeBack(r.Context(), scopeOf(r), s.by(r), f.text("noun"), p.ID, loa.FactID(f.text("fact")))
	return s.saved(w, r, f, err, t(r, "household.taken_back"), "")
}

func (s *Server) personVisit(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := loa.Visit{Fact: s.factOf(f), Person: p.ID, Household: p.Household, Form: loa.VisitForm, Outcome: f.text("outcome"), Note: f.text("note"), NextOn: f.day("next_on")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "", "")
	}
	return s.saved(w, r, f, s.DB.AddVisit(r.Context(), scopeOf(r), s.by(r), v), t(r, "household.visit_saved"), s.unsay(loa.PersonID(r.PathValue("id")), "visit", v.ID))
}

func (s *Server) personLead(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	l := loa.Lead{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Form: loa.VisitForm, Note: f.text("note")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "", "")
	}
	return s.saved(w, r, f, s.DB.AddLead(r.Context(), scopeOf(r), s.by(r), l), t(r, "household.lead_saved"), s.unsay(loa.PersonID(r.PathValue("id")), "lead", l.ID))
}

func (s *Server) personPay(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	c := loa.Contribution{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Payer: loa.Payer(f.text("payer")), Method: loa.Method(f.text("method")),
		From: f.day("from_on"), Until: f.day("until"), Amount: f.number("amount"), StateAmount: f.number("state_amount"), Receipt: f.text("receipt"), Source: "officer"}
	periodPaid(f, &c)
	if !f.ok() {
		return s.saved(w, r, f, nil, "", "")
	}
	return s.saved(w, r, f, s.DB.AddContribution(r.Context(), scopeOf(r), s.by(r), c), t(r, "household.pay_saved"), s.unsay(loa.PersonID(r.PathValue("id")), "contribution", c.ID))
}

func (s *Server) personLeave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	l := loa.Leaving{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Reason: f.text("reason")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "", "")
	}
	return s.saved(w, r, f, s.DB.AddLeaving(r.Context(), scopeOf(r), s.by(r), l), t(r, "household.leave_saved"), s.unsay(loa.PersonID(r.PathValue("id")), "leaving", l.ID))
}
