package web

import (
	"net/http"

	"loa"
	"loa/vn"
)

type employerFormPage struct {
	Action, Cancel string
	Employer       loa.Employer
	AreaText       string
	Phone          string
	Read           int64
	Errors         map[string]string
	Clashes        []clashLine
}

func employerFields(e *loa.Employer) []fieldRef {
	return []fieldRef{refText("area_id", &e.Area), refText("code", &e.Code), refText("name", &e.Name), refNumber("employees", &e.Employees), refText("employees_on", &e.EmployeesOn),
		refText("contact", &e.Contact), refText("phone", &e.Phone), refText("email", &e.Email), refText("note", &e.Note)}
}

func (s *Server) employerNew(w http.ResponseWriter, r *http.Request) error {
	e := loa.Employer{Name: vn.Tidy(r.FormValue("name")), Area: loa.AreaID(r.FormValue("area"))}
	return s.employerForm(w, r, employerFormPage{Action: "/employers/new", Cancel: "/employers", Employer: e}, t(r, "employer.new.title"), 0)
}

func (s *Server) employerEdit(w http.ResponseWriter, r *http.Request) error {
	e, err := s.DB.Employer(r.Context(), scopeOf(r), loa.EmployerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/employers/" + string(e.ID)
	return s.employerForm(w, r, employerFormPage{Action: at + "/edit", Cancel: at, Employer: e, Read: e.ChangeNo}, t(r, "employer.edit.title", e.Name), 0)
}

func (s *Server) employerForm(w http.ResponseWriter, r *http.Request, body employerFormPage, title string, status int) error {
	if body.AreaText == "" {
		places, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = places[body.Employer.Area]
	}
	body.Phone = displayPhone(body.Employer.Phone)
	return s.render(w, r, "employer_form", page{Title: title, Active: "partners", Body: body, Status: status})
}

func (s *Server) readEmployer(r *http.Request, f *form, e *loa.Employer) error {
	e.Name, e.Code, e.Contact, e.Email, e.Note, e.Phone = vn.Tidy(f.text("name")), f.text("code"), f.text("contact"), f.text("email"), f.text("note"), readPhone(f, "phone")
	e.EmployeesOn = f.day("employees_on")
	if n := f.number("employees"); n >= 0 && n <= 10000000 {
		e.Employees = int(n)
	} else {
		f.bad("employees", "error.out_of_range")
	}
	if e.EmployeesOn > s.today() {
		f.bad("employees_on", "error.future_day")
	}
	return s.placeMeant(r, f, &e.Area)
}

func (s *Server) employerCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	e := loa.Employer{ID: loa.EmployerID(loa.NewID())}
	if err := s.readEmployer(r, f, &e); err != nil {
		return err
	}
	if f.ok() {
		if _, err := s.DB.AddEmployer(r.Context(), scopeOf(r), s.by(r), e); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		body := employerFormPage{Action: "/employers/new", Cancel: "/employers", Employer: e, AreaText: f.text("area_text"), Errors: f.Errors}
		return s.employerForm(w, r, body, t(r, "employer.new.title"), http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/employers/"+string(e.ID), t(r, "partner.saved", e.Name), "/employers/"+string(e.ID)+"/retire")
}

func (s *Server) employerUpdate(w http.ResponseWriter, r *http.Request) error {
	now, err := s.DB.Employer(r.Context(), scopeOf(r), loa.EmployerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, e, at := readForm(r), now, "/employers/"+r.PathValue("id")
	if err := s.readEmployer(r, f, &e); err != nil {
		return err
	}
	body := employerFormPage{Action: at + "/edit", Cancel: at, Read: f.number("read"), AreaText: f.text("area_text"), Errors: f.Errors}
	if f.ok() {
		clashes, err := s.DB.SaveEmployer(r.Context(), scopeOf(r), s.by(r), e, body.Read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, at, t(r, "partner.saved", e.Name), "")
		}
		if len(clashes) > 0 {
			if body.Clashes, err = s.recordClashes(r, clashes, "employer"); err != nil {
				return err
			}
			if err := s.takeTheirs(r, string(e.ID), body.Read, employerFields(&e), employerFields(&now)); err != nil {
				return err
			}
			body.Read, body.AreaText = now.ChangeNo, "" // having seen the other's values, saving again is a choice
		}
	}
	body.Employer = e
	return s.employerForm(w, r, body, t(r, "employer.edit.title", now.Name), http.StatusUnprocessableEntity)
}
