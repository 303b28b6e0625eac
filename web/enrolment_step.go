package web

import (
	"net/http"

	"loa"
)

// periodPaid reads what a payment covers: its last day follows from the method where it was left empty, and has to agree with the
// method where it was not, for everything that comes after hangs on it.
func periodPaid(f *form, c *loa.Contribution) {
	n := c.Method.Months()
	if n > 0 && c.From.Valid() {
		last := c.From.AddMonths(n).Add(-1)
		if c.Until == "" {
			c.Until = last
		}
		if gap := c.Until.Sub(last); c.Until.Valid() && c.Until >= c.From && (gap < -3 || gap > 3) {
			f.bad("period", "error.period_method", t(f.r, "method."+string(c.Method)), last.Vietnamese())
		}
	}
	if c.From.Valid() && c.Until.Valid() && c.Until != loa.OpenEnd {
		c.Months = c.Until.Month().Sub(c.From.Month()) + 1
	}
}

// stepCreate moves the lead on: handed, registered, refused or closed.
func (s *Server) stepCreate(w http.ResponseWriter, r *http.Request) error {
	body, err := s.enrolmentBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	on := f.day("on")
	if on == "" {
		on = s.today()
	}
	step := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: s.Now()}, Lead: loa.LeadID(r.PathValue("id")), Step: loa.Step(f.text("step")),
		Collector: loa.CollectorID(f.text("collector")), Officer: whoOf(r).Officer.ID, Reason: f.text("reason"), Note: f.text("note")}
	if err := s.ownOnly(r, step.Collector); err != nil {
		return err
	}
	if step.Step == loa.Paid {
		f.bad("step", "error.pay_instead")
	}
	if on > s.today() {
		f.bad("on", "error.future_day")
	}
	if f.ok() {
		if err := f.take(s.DB.AddStep(r.Context(), scopeOf(r), s.by(r), step)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.enrolmentAgain(w, r, body, f)
	}
	return s.done(w, r, "/enrolment/"+r.PathValue("id"), t(r, "enrolment.step_saved", t(r, "step."+string(step.Step))), "/enrolment/"+r.PathValue("id")+"/undo?fact="+string(step.ID)+"&noun=step")
}

// leadPay records the first contribution as the collector reports it; the person has joined or returned from that day.
func (s *Server) leadPay(w http.ResponseWriter, r *http.Request) error {
	body, err := s.enrolmentBody(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	on := f.day("paid_on")
	if on == "" {
		on = s.today()
	}
	c := loa.Contribution{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: on, HappenedAt: s.Now()}, Person: body.Enrolment.Lead.Person, Scheme: body.Enrolment.Lead.Scheme, Payer: loa.PaysSelf,
		Method: loa.Method(f.text("method")), From: f.day("from"), Until: f.day("until"), Amount: f.number("amount"), StateAmount: f.number("state_amount"), Income: f.number("income"),
		Collector: body.Enrolment.Collector, Lead: loa.LeadID(body.Enrolment.Lead.ID), Receipt: f.text("receipt"), Source: "collector"}
	if v := f.text("collector"); v != "" {
		c.Collector = loa.CollectorID(v)
	}
	if err := s.ownOnly(r, c.Collector); err != nil {
		return err
	}
	if on > s.today() {
		f.bad("paid_on", "error.future_day")
	}
	periodPaid(f, &c)
	if f.ok() {
		if err := f.take(s.DB.PayLead(r.Context(), scopeOf(r), s.by(r), c)); err != nil {
			return err
		}
		if said := f.Errors["on"]; said != "" { // the day of the step is the day of the payment
			delete(f.Errors, "on")
			f.Errors["paid_on"] = said
		}
	}
	if !f.ok() {
		return s.enrolmentAgain(w, r, body, f)
	}
	return s.done(w, r, "/enrolment/"+r.PathValue("id"), t(r, "enrolment.paid"), "")
}

// enrolmentAgain shows the page with what was wrong and everything that was typed.
func (s *Server) enrolmentAgain(w http.ResponseWriter, r *http.Request, body *enrolmentShowPage, f *form) error {
	body.Errors = f.Errors
	for k := range r.PostForm {
		body.Form[k] = f.text(k)
	}
	return s.render(w, r, "enrolment_show", page{Title: t(r, "enrolment.show.title", body.Name), Context: body.Scheme + " · " + body.Village, Active: "enrolment", Body: body, Status: http.StatusUnprocessableEntity})
}

// stepUndo takes the last step back by a fact of its own; what was first said stays readable.
func (s *Server) stepUndo(w http.ResponseWriter, r *http.Request) error {
	e, err := s.enrolmentBody(r)
	if err != nil {
		return err
	}
	id := loa.FactID(r.FormValue("fact"))
	for _, st := range e.Enrolment.Steps {
		if st.ID != id {
			continue
		}
		if !s.mayTakeBack(r, st) {
			return loa.Refuse(loa.Denied, "", "denied")
		}
		if st.Step == loa.Paid {
			if err := s.DB.UnpayLead(r.Context(), scopeOf(r), s.by(r), st); err != nil {
				return err
			}
			return s.done(w, r, "/enrolment/"+r.PathValue("id"), t(r, "enrolment.unpaid"), "")
		}
		back := loa.EnrolmentStep{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: st.HappenedOn, HappenedAt: s.Now(), Corrects: st.ID, Void: true}, Lead: st.Lead, Step: st.Step}
		if err := s.DB.AddStep(r.Context(), scopeOf(r), s.by(r), back); err != nil {
			return err
		}
		return s.done(w, r, "/enrolment/"+r.PathValue("id"), t(r, "enrolment.undone"), "")
	}
	return loa.ErrNotFound
}
