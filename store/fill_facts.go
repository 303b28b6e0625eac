package store

import (
	"loa"
	"loa/vn"
)

func (f *filler) sessionFacts(b *loa.Bulk) error {
	err := insertAll(f, "attendance_fact", factColumns+`, happened_at, session_id, person_id, n, sex, age_band`, "", b.Attendances, func(to []any, a *loa.Attendance) []any {
		return append(f.fact(to, &a.Fact), millis(a.HappenedAt), string(a.Session), string(a.Person), a.N, string(a.Sex), a.AgeBand)
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "visit_fact", factColumns+`, happened_at, session_id, household_id, person_id, form, outcome, note, next_on`, "", b.Visits, func(to []any, v *loa.Visit) []any {
		return append(f.fact(to, &v.Fact), millis(v.HappenedAt), string(v.Session), string(v.Household), string(v.Person), string(v.Form), v.Outcome, v.Note, string(v.NextOn))
	})
	if err != nil {
		return err
	}
	err = insertAll(f, "question_fact", factColumns+`, happened_at, session_id, person_id, segment_id, form, text, folded, n, owner_id, promised`, "", b.Questions,
		func(to []any, q *loa.Question) []any {
			return append(f.fact(to, &q.Fact), millis(q.HappenedAt), string(q.Session), string(q.Person), string(q.Segment), string(q.Form), q.Text, vn.Fold(q.Text), q.N, string(q.Owner), q.Promised)
		})
	if err != nil {
		return err
	}
	return insertAll(f, "answer", "id, office_id, area_id, question_id, text, folded, cites, valid_from, valid_to, told_on, recorded_at, recorded_by, change_no", "", b.Answers,
		func(to []any, a *loa.Answer) []any {
			return append(to, a.ID, a.Office, a.Area, a.Question, a.Text, vn.Fold(a.Text+" "+a.Cites), a.Cites, a.ValidFrom, a.ValidTo, a.ToldOn, millis(a.RecordedAt), a.RecordedBy, f.change(a.Office))
		})
}

func (f *filler) enrolment(b *loa.Bulk) error {
	err := insertAll(f, "lead_fact", factColumns+`, happened_at, household_id, person_id, scheme, session_id, form, officer_id, income, method, note`, "", b.Leads,
		func(to []any, l *loa.Lead) []any {
			return append(f.fact(to, &l.Fact), millis(l.HappenedAt), string(l.Household), string(l.Person), string(l.Scheme), string(l.Session), string(l.Form), string(l.Officer), l.Income, string(l.Method), l.Note)
		})
	if err != nil {
		return err
	}
	err = insertAll(f, "enrolment_step_fact", factColumns+`, happened_at, lead_id, step, collector_id, officer_id, contribution_id, reason, note`, "", b.Steps,
		func(to []any, s *loa.EnrolmentStep) []any {
			return append(f.fact(to, &s.Fact), millis(s.HappenedAt), string(s.Lead), string(s.Step), string(s.Collector), string(s.Officer), string(s.Contribution), s.Reason, s.Note)
		})
	if err != nil {
		return err
	}
	return f.partners(b)
}

// retiredAt is when a record that is not in use any more went out of use, as far as a Bulk knows.
func retiredAt(b *loa.Bulk, retired bool) int64 {
	if retired {
		return millis(b.By.At)
	}
	return 0
}

func (f *filler) partners(b *loa.Bulk) error {
	err := insertAll(f, "partner", "id, office_id, area_id, kind, name, folded, contact, phone, email, address, meeting, note, retired_at, change_no", "", b.Partners,
		func(to []any, p *loa.Partner) []any {
			return append(to, p.ID, p.Office, p.Area, p.Kind, p.Name, vn.Fold(p.Name), p.Contact, p.Phone, p.Email, p.Address, p.Meeting, p.Note, retiredAt(b, p.Retired), f.change(p.Office))
		})
	if err != nil {
		return err
	}
	type territory struct {
		collector loa.CollectorID
		area      loa.AreaID
	}
	var areas []territory
	for _, c := range b.Collectors {
		for _, a := range c.Areas {
			areas = append(areas, territory{c.ID, a})
		}
	}
	err = insertAll(f, "collector", "id, office_id, parent_id, name, folded, code, contact, phone, officer_id, note, retired_at, change_no", "", b.Collectors,
		func(to []any, c *loa.Collector) []any {
			return append(to, c.ID, c.Office, c.Parent, c.Name, vn.Fold(c.Name), c.Code, c.Contact, c.Phone, c.Officer, c.Note, retiredAt(b, c.Retired), f.change(c.Office))
		})
	if err != nil {
		return err
	}
	from := b.TerritoryFrom
	if from == "" {
		from = b.By.Day()
	}
	err = insertAll(f, "collector_area", "collector_id, area_id, from_on", "", areas, func(to []any, t *territory) []any { return append(to, t.collector, t.area, from) })
	if err != nil {
		return err
	}
	return insertAll(f, "employer", "id, office_id, area_id, code, name, folded, employees, employees_on, contact, phone, email, note, retired_at, change_no", "", b.Employers,
		func(to []any, e *loa.Employer) []any {
			return append(to, e.ID, e.Office, e.Area, e.Code, e.Name, vn.Fold(e.Name), e.Employees, e.EmployeesOn, e.Contact, e.Phone, e.Email, e.Note, retiredAt(b, e.Retired), f.change(e.Office))
		})
}

func (f *filler) measure(b *loa.Bulk) error {
	err := insertAll(f, "target", "id, office_id, area_id, employer_id, officer_id, scheme, measure, year, month, value, revision, in_force_on, document, recorded_at, recorded_by", "", b.Targets,
		func(to []any, t *loa.Target) []any {
			return append(to, t.ID, t.Office, t.Area, t.Employer, t.Officer, t.Scheme, t.Measure, t.Year, t.Month, t.Value, t.Revision, t.InForce, t.Document, millis(t.RecordedAt), t.RecordedBy)
		})
	if err != nil {
		return err
	}
	return insertAll(f, "participation", "id, office_id, area_id, scheme, month, n, source, import_id, recorded_at, recorded_by", "", b.Participations,
		func(to []any, p *loa.Participation) []any {
			return append(to, p.ID, p.Office, p.Area, p.Scheme, p.Month, p.N, p.Source, p.Import, millis(p.RecordedAt), p.RecordedBy)
		})
}
