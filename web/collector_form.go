package web

import (
	"net/http"

	"loa"
	"loa/store"
	"loa/vn"
)

type collectorFormPage struct {
	Action, Cancel string
	Collector      loa.Collector
	Phone          string
	Read           int64
	Errors         map[string]string
	Clashes        []clashLine
	Parents        []option
	Officers       []option
}

func collectorFields(c *loa.Collector) []fieldRef {
	return []fieldRef{refText("parent_id", &c.Parent), refText("name", &c.Name), refText("code", &c.Code), refText("contact", &c.Contact), refText("phone", &c.Phone), refText("officer_id", &c.Officer),
		refNumber("capacity", &c.Capacity), refText("note", &c.Note)}
}

func (s *Server) collectorNew(w http.ResponseWriter, r *http.Request) error {
	c := loa.Collector{Name: vn.Tidy(r.FormValue("name")), Parent: loa.CollectorID(r.FormValue("parent"))}
	return s.collectorForm(w, r, collectorFormPage{Action: "/collectors/new", Cancel: "/collectors", Collector: c}, t(r, "collector.new.title"), 0)
}

func (s *Server) collectorEdit(w http.ResponseWriter, r *http.Request) error {
	c, err := s.DB.Collector(r.Context(), scopeOf(r), loa.CollectorID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/collectors/" + string(c.ID)
	return s.collectorForm(w, r, collectorFormPage{Action: at + "/edit", Cancel: at, Collector: c, Read: c.ChangeNo}, t(r, "collector.edit.title", c.Name), 0)
}

func (s *Server) collectorForm(w http.ResponseWriter, r *http.Request, body collectorFormPage, title string, status int) error {
	list, _, err := s.DB.Collectors(r.Context(), scopeOf(r), store.ListPage{Take: 500})
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.Parent == "" && c.ID != body.Collector.ID {
			body.Parents = append(body.Parents, option{string(c.ID), c.Name})
		}
	}
	if body.Officers, err = s.officerOptions(r); err != nil {
		return err
	}
	body.Phone = displayPhone(body.Collector.Phone)
	return s.render(w, r, "collector_form", page{Title: title, Active: "partners", Body: body, Status: status})
}

func readCollector(f *form, c *loa.Collector) {
	c.Name, c.Code, c.Contact, c.Note = vn.Tidy(f.text("name")), f.text("code"), f.text("contact"), f.text("note")
	c.Parent, c.Officer, c.Phone = loa.CollectorID(f.text("parent")), loa.OfficerID(f.text("officer")), readPhone(f, "phone")
	if n := f.number("capacity"); n >= 0 && n <= 100000 {
		c.Capacity = int(n)
	} else {
		f.bad("capacity", "error.out_of_range")
	}
}

func (s *Server) collectorCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	c := loa.Collector{ID: loa.CollectorID(loa.NewID())}
	readCollector(f, &c)
	if f.ok() {
		if _, err := s.DB.AddCollector(r.Context(), scopeOf(r), s.by(r), c); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.collectorForm(w, r, collectorFormPage{Action: "/collectors/new", Cancel: "/collectors", Collector: c, Errors: f.Errors}, t(r, "collector.new.title"), http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/collectors/"+string(c.ID), t(r, "partner.saved", c.Name), "/collectors/"+string(c.ID)+"/retire")
}

func (s *Server) collectorUpdate(w http.ResponseWriter, r *http.Request) error {
	now, err := s.DB.Collector(r.Context(), scopeOf(r), loa.CollectorID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, c, at := readForm(r), now, "/collectors/"+r.PathValue("id")
	readCollector(f, &c)
	body := collectorFormPage{Action: at + "/edit", Cancel: at, Read: f.number("read"), Errors: f.Errors}
	if f.ok() {
		clashes, err := s.DB.SaveCollector(r.Context(), scopeOf(r), s.by(r), c, body.Read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, at, t(r, "partner.saved", c.Name), "")
		}
		if len(clashes) > 0 {
			if body.Clashes, err = s.recordClashes(r, clashes, "collector"); err != nil {
				return err
			}
			if err := s.takeTheirs(r, string(c.ID), body.Read, collectorFields(&c), collectorFields(&now)); err != nil {
				return err
			}
			body.Read = now.ChangeNo // having seen the other's values, saving again is a choice
		}
	}
	body.Collector = c
	return s.collectorForm(w, r, body, t(r, "collector.edit.title", now.Name), http.StatusUnprocessableEntity)
}
