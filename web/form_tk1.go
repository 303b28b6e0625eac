package web

import (
	"net/http"

	"loa"
	"loa/paper"
	"loa/sheet"
)

// tk1 is what a declaration TK1-TS is filled with: the person who declares, and the members of the household for its appendix.
type tk1 struct {
	Who     formRow
	Members []formRow
	Home    loa.Household
	Income  int64
	Method  loa.Method
	Numbers bool
}

// tk1Find leads from the list of documents to the declaration of the household that was picked.
func (s *Server) tk1Find(w http.ResponseWriter, r *http.Request) error {
	id := r.FormValue("household")
	if id == "" {
		body, err := s.documentsBody(r)
		if err != nil {
			return err
		}
		body.Errors["household"] = t(r, "document.tk1.pick")
		return s.documentsDraw(w, r, body, http.StatusUnprocessableEntity)
	}
	if _, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(id)); err != nil {
		return err
	}
	http.Redirect(w, r, "/households/"+id+"/tk1", http.StatusSeeOther)
	return nil
}

// tk1Household is the declaration of a household: of its head, or of the first in it.
func (s *Server) tk1Household(w http.ResponseWriter, r *http.Request) error {
	h, err := s.DB.Household(r.Context(), scopeOf(r), loa.HouseholdID(r.PathValue("id")))
	if err != nil {
		return err
	}
	members, err := s.DB.Members(r.Context(), scopeOf(r), h.ID)
	if err != nil {
		return err
	}
	if len(members) == 0 {
		return loa.ErrNotFound
	}
	who := members[0]
	for _, p := range members {
		if p.ID == h.Head {
			who = p
		}
	}
	return s.tk1Show(w, r, h, who, members, "household", string(h.ID))
}

// tk1Person is the declaration of one person, with the household in the appendix.
func (s *Server) tk1Person(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	h, members := loa.Household{}, []loa.Person(nil)
	if p.Household != "" {
		h, err = s.DB.Household(r.Context(), scopeOf(r), p.Household)
		if err == nil {
			members, err = s.DB.Members(r.Context(), scopeOf(r), h.ID)
		}
		if err != nil && loa.KindOf(err) != loa.NotFound {
			return err
		}
	}
	return s.tk1Show(w, r, h, p, members, "person", string(p.ID))
}

func (s *Server) tk1Show(w http.ResponseWriter, r *http.Request, h loa.Household, who loa.Person, members []loa.Person, noun, id string) error {
	form := tk1{Home: h, Numbers: r.Method == http.MethodPost}
	reason := readForm(r).text("reason")
	if form.Numbers {
		if len([]rune(reason)) < 5 {
			return loa.Refuse(loa.Invalid, "reason", "reveal_reason")
		}
		if s.Sealer == nil {
			return loa.Refuse(loa.Conflict, "", "no_key")
		}
	}
	if err := s.tk1Fill(r, &form, who, members); err != nil {
		return err
	}
	ctx, office := r.Context(), whoOf(r).Office.ID
	if form.Numbers {
		if err := s.DB.Audit(ctx, office, s.by(r), "revealed", noun, id, "tk1: "+reason); err != nil {
			return err
		}
	} else if err := s.DB.Opened(ctx, office, s.by(r), "person", string(who.ID)); err != nil {
		return err
	}
	body := &documentPage{File: "tk1-ts", Crumbs: []crumbLink{{"/people/" + string(who.ID), who.Name}}, Note: t(r, "document.tk1.note"), People: max(len(members), 1), About: string(who.ID)}
	if form.Numbers {
		body.Hidden = []option{{"reason", reason}}
	} else if whoOf(r).may(loa.RevealID) && s.Sealer != nil {
		body.Reveal = r.URL.Path
	}
	m := s.maker(r, "vi") // a form is handed in, so it is in Vietnamese
	if r.FormValue("format") == "xlsx" {
		if err := s.documentTaken(r, body, "xlsx"); err != nil {
			return err
		}
		download(w, body.File+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return m.tk1Sheet(sheet.NewXLSX(w), form)
	}
	body.Docs = []paper.Document{m.tk1Paper(form)}
	body.Excel = formatURL(r, r.URL.Query(), "xlsx")
	return s.documentOut(w, r, page{Title: t(r, "document.tk1.title", who.Name), Active: "documents"}, body)
}

// tk1Fill reads what is known of the people, and the income and method that were chosen or paid last.
func (s *Server) tk1Fill(r *http.Request, form *tk1, who loa.Person, members []loa.Person) error {
	ids := []loa.PersonID{who.ID}
	for _, p := range members {
		ids = append(ids, p.ID)
	}
	fill, err := s.formPeople(r, ids, form.Numbers)
	if err != nil {
		return err
	}
	if err := fill(&form.Who, who.ID, ""); err != nil {
		return err
	}
	for _, p := range members {
		row := formRow{}
		if err := fill(&row, p.ID, ""); err != nil {
			return err
		}
		form.Members = append(form.Members, row)
	}
	paid, err := s.DB.LastPayments(r.Context(), scopeOf(r), loa.VoluntarySI, []loa.PersonID{who.ID})
	if c, ok := paid[who.ID]; ok {
		form.Income, form.Method = c.Income, c.Method
	}
	return err
}

// tk1Line is one field of the declaration; without a value it is left to be filled in.
type tk1Line struct{ Label, Value string }

func (m documentMaker) tk1Lines(f tk1) []tk1Line {
	p := f.Who.Person
	word := func(prefix, w string) string {
		if w == "" {
			return ""
		}
		return m.say(prefix + w)
	}
	income := ""
	if f.Income > 0 {
		income = (&view{Lang: m.lang}).N(f.Income) + " đồng"
	}
	return []tk1Line{{"name", p.Name}, {"sex", word("sex.", string(p.Sex))}, {"born", bornText(p)}, {"nationality", ""}, {"ethnic", word("ethnic.", p.Ethnic)}, {"national_id", f.Who.NationalID}, {"phone", f.Who.Phone}, {"email", ""},
		{"birth_place", ""}, {"address", f.Who.Address}, {"si_number", f.Who.SINumber}, {"income", income}, {"method", word("method.", string(f.Method))}, {"clinic", ""}, {"change", ""}, {"papers", ""}}
}

func (m documentMaker) tk1Paper(f tk1) paper.Document {
	d := paper.Document{Lang: m.lang, Head: paper.Head{Nation: m.say("doc.nation"), Motto: m.say("doc.motto")}, Kind: m.say("tk1.kind"), Subject: m.say("tk1.form"), Notices: []string{m.say("tk1.unconfirmed")}}
	if m.office.Synthetic {
		d.Notices = append(d.Notices, m.say("report.synthetic"))
	}
	d.To = m.say("report.doc.dear", fullOffice(m.office.Name))
	for i, l := range m.tk1Lines(f) {
		label := whole(i+1) + ". " + m.say("tk1."+l.Label) + ":"
		if l.Value == "" {
			d.Fill(label, 0)
			continue
		}
		d.Text(label + " " + l.Value)
	}
	if len(f.Members) > 0 {
		d.Point(m.say("tk1.members"))
		d.Table(m.tk1Members(f))
	}
	d.Signs = []paper.Sign{{}, {Dated: m.dated(""), Title: []string{m.say("tk1.sign")}, Hint: m.say("document.sign_hint")}}
	return d
}

func (m documentMaker) tk1Members(f tk1) paper.Table {
	tab := paper.Table{Small: true, Columns: []paper.Column{{Share: 6, Align: paper.Middle}, {Share: 26}, {Share: 16}, {Share: 14}, {Share: 8}, {Share: 16}, {Share: 18}}, Heads: [][]paper.Cell{paper.Cells(m.tk1Heads()...)}}
	for i, row := range f.Members {
		tab.Rows = append(tab.Rows, paper.Row{Cells: paper.Cells(m.tk1Member(i+1, row)...)})
	}
	return tab
}

func (m documentMaker) tk1Heads() []string {
	return []string{m.say("matrix.print.no"), m.say("tk1.name"), m.say("tk1.si_number"), m.say("tk1.born"), m.say("tk1.sex"), m.say("tk1.relation"), m.say("tk1.national_id")}
}

func (m documentMaker) tk1Member(no int, row formRow) []string {
	p := row.Person
	sex, relation := "", ""
	if p.Sex != "" {
		sex = m.say("sex." + string(p.Sex))
	}
	if p.Relation != "" {
		relation = m.say("relation." + p.Relation)
	}
	return []string{whole(no), p.Name, row.SINumber, bornText(p), sex, relation, row.NationalID}
}

// tk1Sheet is the same declaration as a workbook.
func (m documentMaker) tk1Sheet(x *sheet.XLSX, f tk1) error {
	titles := []string{m.say("tk1.kind"), m.say("tk1.form"), m.say("tk1.unconfirmed")}
	if m.office.Synthetic {
		titles = append(titles, m.say("report.synthetic"))
	}
	if err := x.Sheet(sheet.Layout{Name: "TK1-TS", Titles: titles, Widths: []float64{6, 44, 50, 14, 10, 18, 18}, Foot: m.office.Name}); err != nil {
		return err
	}
	for i, l := range m.tk1Lines(f) {
		if err := x.Row(sheet.Int(int64(i+1)), sheet.Text(m.say("tk1."+l.Label)), sheet.Text(l.Value)); err != nil {
			return err
		}
	}
	if len(f.Members) > 0 {
		if err := x.Sheet(sheet.Layout{Name: m.say("tk1.members_sheet"), Titles: []string{m.say("tk1.members"), m.say("tk1.unconfirmed")}, Heading: m.tk1Heads(), Widths: []float64{6, 28, 14, 14, 8, 18, 18}}); err != nil {
			return err
		}
		for i, row := range f.Members {
			if err := x.Row(texts(m.tk1Member(i+1, row)...)...); err != nil {
				return err
			}
		}
	}
	return x.Close()
}
