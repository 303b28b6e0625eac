package web

import (
	"net/http"

	"loa"
	"loa/vn"
)

func displayPhone(s string) string {
	if s == "" {
		return ""
	}
	return vn.PhoneDisplay(s)
}

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

// saved answers a small form of the household page: back to the page, with what went wrong said there.
func (s *Server) saved(w http.ResponseWriter, r *http.Request, f *form, err error, text string) error {
	if err := f.take(err); err != nil {
		return err
	}
	to := "/people/" + r.PathValue("id")
	if !f.ok() {
		for _, sentence := range f.Errors {
			s.setFlash(w, r, flash{Kind: "error", Text: sentence})
			break
		}
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, to, text, "")
}

func (s *Server) consentCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	c := loa.Consent{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Purpose: f.text("purpose"), Channel: f.text("channel"), Agreed: f.text("agreed") == "1", Proof: f.text("proof")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "")
	}
	text := t(r, "consent.saved_agreed")
	if !c.Agreed {
		text = t(r, "consent.saved_refused")
	}
	return s.saved(w, r, f, s.DB.AddConsent(r.Context(), scopeOf(r), s.by(r), c), text)
}

func (s *Server) personVisit(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	v := loa.Visit{Fact: s.factOf(f), Person: p.ID, Household: p.Household, Form: loa.VisitForm, Outcome: f.text("outcome"), Note: f.text("note"), NextOn: f.day("next_on")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "")
	}
	return s.saved(w, r, f, s.DB.AddVisit(r.Context(), scopeOf(r), s.by(r), v), t(r, "household.visit_saved"))
}

func (s *Server) personLead(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	l := loa.Lead{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Form: loa.VisitForm, Note: f.text("note")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "")
	}
	return s.saved(w, r, f, s.DB.AddLead(r.Context(), scopeOf(r), s.by(r), l), t(r, "household.lead_saved"))
}

func (s *Server) personPay(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	c := loa.Contribution{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Payer: loa.Payer(f.text("payer")), Method: loa.Method(f.text("method")),
		From: f.day("from"), Until: f.day("until"), Amount: f.number("amount"), StateAmount: f.number("state_amount"), Receipt: f.text("receipt"), Source: "officer"}
	if c.From.Valid() && c.Until.Valid() && c.Until != loa.OpenEnd {
		c.Months = c.Until.Month().Sub(c.From.Month()) + 1
	}
	if !f.ok() {
		return s.saved(w, r, f, nil, "")
	}
	return s.saved(w, r, f, s.DB.AddContribution(r.Context(), scopeOf(r), s.by(r), c), t(r, "household.pay_saved"))
}

func (s *Server) personLeave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if _, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id"))); err != nil {
		return err // before what was typed is looked at: somebody else's person is not there
	}
	l := loa.Leaving{Fact: s.factOf(f), Person: loa.PersonID(r.PathValue("id")), Scheme: loa.Scheme(f.text("scheme")), Reason: f.text("reason")}
	if !f.ok() {
		return s.saved(w, r, f, nil, "")
	}
	return s.saved(w, r, f, s.DB.AddLeaving(r.Context(), scopeOf(r), s.by(r), l), t(r, "household.leave_saved"))
}
