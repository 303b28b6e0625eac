package web

import (
	"net/http"

	"loa"
	"loa/vn"
)

type partnerFormPage struct {
	Action, Cancel string
	Partner        loa.Partner
	AreaText       string
	Phone          string
	Read           int64
	Errors         map[string]string
	Clashes        []clashLine
	Kinds          []option
}

func partnerFields(p *loa.Partner) []fieldRef {
	return []fieldRef{refText("area_id", &p.Area), refText("kind", &p.Kind), refText("name", &p.Name), refText("contact", &p.Contact), refText("phone", &p.Phone), refText("email", &p.Email),
		refText("address", &p.Address), refText("meeting", &p.Meeting), refText("note", &p.Note)}
}

func (s *Server) partnerNew(w http.ResponseWriter, r *http.Request) error {
	f := partnerFormPage{Action: "/partners/new", Cancel: "/partners", Partner: loa.Partner{Name: vn.Tidy(r.FormValue("name")), Kind: r.FormValue("kind"), Area: loa.AreaID(r.FormValue("area"))}}
	return s.partnerForm(w, r, f, t(r, "partner.new.title"), 0)
}

func (s *Server) partnerEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Partner(r.Context(), scopeOf(r), loa.PartnerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/partners/" + string(p.ID)
	return s.partnerForm(w, r, partnerFormPage{Action: at + "/edit", Cancel: at, Partner: p, Read: p.ChangeNo}, t(r, "partner.edit.title", p.Name), 0)
}

func (s *Server) partnerForm(w http.ResponseWriter, r *http.Request, body partnerFormPage, title string, status int) error {
	if body.AreaText == "" {
		places, err := s.placeNames(r)
		if err != nil {
			return err
		}
		body.AreaText = places[body.Partner.Area]
	}
	body.Phone, body.Kinds = displayPhone(body.Partner.Phone), options(r, "partner_kind.", loa.PartnerKinds)
	return s.render(w, r, "partner_form", page{Title: title, Active: "partners", Body: body, Status: status})
}

func (s *Server) readPartner(r *http.Request, f *form, p *loa.Partner) error {
	p.Name, p.Kind, p.Contact, p.Email, p.Address, p.Meeting, p.Note = vn.Tidy(f.text("name")), f.text("kind"), f.text("contact"), f.text("email"), f.text("address"), f.text("meeting"), f.text("note")
	p.Phone = readPhone(f, "phone")
	return s.placeMeant(r, f, &p.Area)
}

func (s *Server) partnerCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p := loa.Partner{ID: loa.PartnerID(loa.NewID())}
	if err := s.readPartner(r, f, &p); err != nil {
		return err
	}
	if f.ok() {
		if _, err := s.DB.AddPartner(r.Context(), scopeOf(r), s.by(r), p); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		body := partnerFormPage{Action: "/partners/new", Cancel: "/partners", Partner: p, AreaText: f.text("area_text"), Errors: f.Errors}
		return s.partnerForm(w, r, body, t(r, "partner.new.title"), http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/partners/"+string(p.ID), t(r, "partner.saved", p.Name), "/partners/"+string(p.ID)+"/retire")
}

func (s *Server) partnerUpdate(w http.ResponseWriter, r *http.Request) error {
	now, err := s.DB.Partner(r.Context(), scopeOf(r), loa.PartnerID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, p, at := readForm(r), now, "/partners/"+r.PathValue("id")
	if err := s.readPartner(r, f, &p); err != nil {
		return err
	}
	body := partnerFormPage{Action: at + "/edit", Cancel: at, Read: f.number("read"), AreaText: f.text("area_text"), Errors: f.Errors}
	if f.ok() {
		clashes, err := s.DB.SavePartner(r.Context(), scopeOf(r), s.by(r), p, body.Read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, at, t(r, "partner.saved", p.Name), "")
		}
		if len(clashes) > 0 {
			if body.Clashes, err = s.recordClashes(r, clashes, "partner"); err != nil {
				return err
			}
			if err := s.takeTheirs(r, string(p.ID), body.Read, partnerFields(&p), partnerFields(&now)); err != nil {
				return err
			}
			body.Read, body.AreaText = now.ChangeNo, "" // having seen the other's values, saving again is a choice
		}
	}
	body.Partner = p
	return s.partnerForm(w, r, body, t(r, "partner.edit.title", now.Name), http.StatusUnprocessableEntity)
}
