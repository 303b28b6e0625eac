package loa

// Lead is an interested person, from the first touch to the hand-over.
type Lead struct {
	Fact
	Household HouseholdID
	Person    PersonID
	Scheme    Scheme
	Session   SessionID
	Form      Form
	Officer   OfficerID
	Income    int64
	Method    Method
	Note      string
}

// Check refuses a lead about nobody or nothing.
func (l Lead) Check() error {
	if err := l.Fact.Check(); err != nil {
		return err
	}
	if l.Void {
		return nil
	}
	if l.Person == "" {
		return Refuse(Invalid, "person", "required")
	}
	if !l.Scheme.Valid() {
		return Refuse(Invalid, "scheme", "not_in_list")
	}
	return nil
}

// Step is a stage of an enrolment.
type Step string

// The steps: a lead is interested, handed to a collector, registered, paid; or refused or closed.
const (
	Interested Step = "interested"
	Handed     Step = "handed"
	Registered Step = "registered"
	Paid       Step = "paid"
	Refused    Step = "refused"
	Closed     Step = "closed"
)

// Steps in their order.
var Steps = []Step{Interested, Handed, Registered, Paid, Refused, Closed}

// RefusalReasons is the short list of reasons for refusing.
var RefusalReasons = []string{"no_money", "income_unsteady", "children_first", "far_benefit", "not_understood", "no_trust", "paperwork", "has_other", "family_decides", "other"}

// EnrolmentStep moves a lead on; facts again, so the last one by day and record is where the lead stands.
type EnrolmentStep struct {
	Fact
	Lead         LeadID
	Step         Step
	Collector    CollectorID
	Officer      OfficerID
	Contribution FactID
	Reason       string
	Note         string
}

// Check refuses a step that says nothing, a hand-over to nobody and a refusal without its reason.
func (e EnrolmentStep) Check() error {
	if err := e.Fact.Check(); err != nil {
		return err
	}
	switch {
	case e.Void:
		return nil
	case e.Lead == "":
		return Refuse(Invalid, "lead", "required")
	case e.Step == Handed && e.Collector == "":
		return Refuse(Invalid, "collector", "required")
	case e.Step == Refused && !OneOf(e.Reason, RefusalReasons):
		return Refuse(Invalid, "reason", "not_in_list")
	case e.Step == Handed, e.Step == Registered, e.Step == Paid, e.Step == Refused, e.Step == Closed:
		return nil
	}
	return Refuse(Invalid, "step", "not_in_list")
}

// Enrolment is a lead with where it stands: its step, since when, and who owns it.
type Enrolment struct {
	Lead      Lead
	Step      Step
	Since     Day
	Collector CollectorID
	Officer   OfficerID
	Reason    string
	Steps     []EnrolmentStep
}

// Age is how many days the enrolment has stood at its step.
func (e Enrolment) Age(on Day) int { return max(on.Sub(e.Since), 0) }

// Open says whether something is still to be done.
func (e Enrolment) Open() bool {
	return e.Step == Interested || e.Step == Handed || e.Step == Registered
}

// Follow folds a lead's steps into where it stands.
func Follow(l Lead, steps []EnrolmentStep) Enrolment {
	e := Enrolment{Lead: l, Step: Interested, Since: l.HappenedOn, Officer: l.Officer, Steps: steps}
	var last *EnrolmentStep
	for i := range steps {
		s := &steps[i]
		if s.Collector != "" {
			e.Collector = s.Collector
		}
		if last == nil || s.HappenedOn > last.HappenedOn || s.HappenedOn == last.HappenedOn && !s.RecordedAt.Before(last.RecordedAt) {
			last = s
		}
	}
	if last != nil {
		e.Step, e.Since, e.Reason = last.Step, last.HappenedOn, last.Reason
		if last.Officer != "" {
			e.Officer = last.Officer
		}
	}
	return e
}
