package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
	"loa/auth"
	"loa/vn"
)

func phoneOf(s string) (string, bool) { return vn.Phone(s) }

type personForm struct {
	Action, Cancel string
	Person         loa.Person
	Born           string
	Phone          string
	AreaText       string
	NationalID     string
	SINumber       string
	NationalMask   string
	SIMask         string
	Read           int64
	Errors         map[string]string
	Clashes        []clashLine
	Key            bool
	New            bool
	From           string // the list the officer came from
	Household      bool   // lives in one: the place and the head are the household's
	Options        map[string][]option
}

func (s *Server) personNew(w http.ResponseWriter, r *http.Request) error {
	f := personForm{Action: "/people/new", Cancel: "/people", Person: loa.Person{Name: vn.Tidy(r.FormValue("name")), Area: loa.AreaID(r.FormValue("area")), Household: loa.HouseholdID(r.FormValue("household"))}}
	if phone := r.FormValue("phone"); phone != "" { // left on a public page
		f.Phone = phone
	}
	if f.Person.Household != "" {
		h, err := s.DB.Household(r.Context(), scopeOf(r), f.Person.Household)
		if err != nil {
			return err
		}
		f.Person.Household, f.Person.Area, f.Cancel = h.ID, h.Area, "/households/"+string(h.ID)
	}
	return s.personForm(w, r, f, t(r, "people.new.title"), 0)
}

func (s *Server) personEdit(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f := personForm{Action: "/people/" + string(p.ID) + "/edit", Cancel: "/people/" + string(p.ID), Person: p, Read: p.ChangeNo}
	if from := localPath(r.FormValue("from")); from != "/" {
		f.From, f.Cancel = from, f.Cancel+"?from="+url.QueryEscape(from)
	}
	return s.personForm(w, r, f, t(r, "people.edit.title", p.Name), 0)
}

func (s *Server) personForm(w http.ResponseWriter, r *http.Request, f personForm, title string, status int) error {
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	if f.AreaText == "" {
		f.AreaText = names[f.Person.Area]
	}
	f.Key, f.New, f.Household = s.Sealer != nil, f.Action == "/people/new", f.Person.Household != ""
	f.NationalMask, f.SIMask = f.Person.NationalID.Masked(12), f.Person.SINumber.Masked(10)
	if f.Born == "" {
		f.Born = bornText(f.Person)
	}
	if f.Phone == "" {
		f.Phone = displayPhone(f.Person.Phone)
	}
	relations := loa.Relations[1:] // the head is chosen on the household's page
	if f.Person.Relation == "head" {
		relations = loa.Relations[:1]
	}
	f.Options = map[string][]option{"sex": options(r, "sex.", []string{"male", "female"}), "ethnic": options(r, "ethnic.", loa.EthnicGroups), "language": options(r, "language.", loa.Languages),
		"literacy": options(r, "literacy.", loa.Literacies), "poverty": options(r, "poverty.", loa.PovertyStates), "occupation": options(r, "occupation.", loa.Occupations),
		"relation": options(r, "relation.", relations), "phone_owner": options(r, "phone_owner.", loa.PhoneOwners)}
	return s.render(w, r, "person_form", page{Title: title, Active: "people", Body: f, Status: status})
}

func bornText(p loa.Person) string {
	if p.BornOn != "" {
		return p.BornOn.Vietnamese()
	}
	if p.BornYear == 0 {
		return ""
	}
	return strconv.Itoa(p.BornYear)
}

// readPerson fills a person from the form; what is wrong is said beside its field and nothing typed is lost.
func (s *Server) readPerson(f *form, p *loa.Person) (national, si string) {
	p.Name, p.Sex = vn.Tidy(f.text("name")), loa.Sex(f.text("sex"))
	p.Ethnic, p.Language, p.Literacy, p.Occupation = f.text("ethnic"), f.text("language"), f.text("literacy"), f.text("occupation")
	if p.Household != "" {
		p.Relation = f.text("relation")
	}
	p.Poverty, p.PovertyFrom, p.PovertyTo = f.text("poverty"), f.day("poverty_from"), f.day("poverty_to")
	p.PhoneOwner, p.PhoneShared, p.PhoneBad, p.Note = f.text("phone_owner"), f.on("phone_shared"), f.on("phone_bad"), f.text("note")
	p.BornYear, p.BornOn = 0, ""
	switch born := f.text("born"); {
	case born == "":
	case len(born) == 4:
		if p.BornYear = int(f.number("born")); p.BornYear < 1000 {
			f.bad("born", "error.bad_born")
		}
	default:
		if d, ok := readDay(born); ok {
			p.BornOn, p.BornYear = d, d.Time().Year()
		} else {
			f.bad("born", "error.bad_born")
		}
	}
	kept := p.Phone
	p.Phone = ""
	if v := f.text("phone"); v != "" && v == displayPhone(kept) {
		p.Phone = kept // as it was: an old number that no longer fits is not this officer's to mend
	} else if v != "" {
		phone, ok := phoneOf(v)
		if !ok {
			f.bad("phone", "error.bad_phone")
		}
		p.Phone = phone
	}
	national, si = strings.ReplaceAll(f.text("national_id"), " ", ""), strings.ReplaceAll(f.text("si_number"), " ", "")
	for _, x := range []struct {
		field, column, value string
		check                func(string) error
		into                 *loa.Sealed
	}{{"national_id", "person.national_id", national, loa.CheckNationalID, &p.NationalID}, {"si_number", "person.si_number", si, loa.CheckSINumber, &p.SINumber}} {
		if x.value == "" {
			continue
		}
		if err := f.take(x.check(x.value)); err != nil || f.Errors[x.field] != "" {
			continue
		}
		if s.Sealer == nil {
			f.bad(x.field, "error.no_key")
			continue
		}
		cipher, err := s.Sealer.Seal(auth.Place{Office: string(whoOf(f.r).Office.ID), Column: x.column, Record: string(p.ID)}, x.value)
		if err != nil {
			f.bad(x.field, "error.no_key")
			continue
		}
		*x.into = loa.Sealed{Cipher: cipher, Index: s.Sealer.Index(x.column, x.value), Tail: x.value[len(x.value)-3:]}
	}
	return national, si
}

func (s *Server) personCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p := loa.Person{ID: loa.PersonID(loa.NewID()), Household: loa.HouseholdID(f.text("household"))}
	if p.Household != "" {
		h, err := s.DB.Household(r.Context(), scopeOf(r), p.Household)
		if err != nil {
			return err
		}
		p.Household, p.Area = h.ID, h.Area
	} else if err := s.placeMeant(r, f, &p.Area); err != nil {
		return err
	}
	national, si := s.readPerson(f, &p)
	if f.ok() {
		saved, err := s.addPerson(r, f, p)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() {
			return s.done(w, r, "/people/"+string(saved.ID), t(r, "people.saved", p.Name), "")
		}
	}
	body := personForm{Action: "/people/new", Cancel: "/people", Person: p, Born: f.text("born"), Phone: f.text("phone"), AreaText: f.text("area_text"), NationalID: national, SINumber: si, Errors: f.Errors}
	return s.personForm(w, r, body, t(r, "people.new.title"), http.StatusUnprocessableEntity)
}

// addPerson adds a person, as the head of a new household when the form asks for one.
func (s *Server) addPerson(r *http.Request, f *form, p loa.Person) (loa.Person, error) {
	if p.Household != "" || !f.on("new_household") {
		return s.DB.AddPerson(r.Context(), scopeOf(r), s.by(r), p)
	}
	p.Relation = "head"
	if err := p.Check(s.today()); err != nil {
		return p, err // before a household is made for nobody
	}
	h, err := s.DB.AddHousehold(r.Context(), scopeOf(r), s.by(r), loa.Household{Area: p.Area, Head: p.ID})
	if err != nil {
		return p, err
	}
	p.Household = h.ID
	return s.DB.AddPerson(r.Context(), scopeOf(r), s.by(r), p)
}

// placeMeant is the village chosen from the type-ahead, or the only one of the name that was typed where nothing could be chosen.
func (s *Server) placeMeant(r *http.Request, f *form, into *loa.AreaID) error {
	id, text := loa.AreaID(f.text("area")), f.text("area_text")
	if id == "" && text == "" {
		f.bad("area", "error.required")
		return nil
	}
	if id == "" {
		found, err := s.DB.SearchAreas(r.Context(), scopeOf(r), text, 10)
		if err != nil {
			return err
		}
		var fit []loa.Area
		for _, a := range found {
			if a.Folded() == vn.Fold(text) || vn.Fold(a.Label()) == vn.Fold(text) {
				fit = append(fit, a)
			}
		}
		if len(fit) == 0 {
			fit = found
		}
		if len(fit) == 0 { // the kind was typed with the name: "bản Một"
			all, err := s.areas(r)
			if err != nil {
				return err
			}
			for _, a := range all {
				if vn.Fold(a.Label()) == vn.Fold(text) {
					fit = append(fit, a)
				}
			}
		}
		if len(fit) != 1 {
			f.bad("area", "error.which_area", len(fit))
			return nil
		}
		id = fit[0].ID
	}
	*into = id
	return nil
}

func (s *Server) personUpdate(w http.ResponseWriter, r *http.Request) error {
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	now := p
	f := readForm(r)
	if p.Household == "" {
		if err := s.placeMeant(r, f, &p.Area); err != nil {
			return err
		}
	}
	national, si := s.readPerson(f, &p)
	read := f.number("read")
	body := personForm{Action: "/people/" + string(p.ID) + "/edit", Cancel: "/people/" + string(p.ID), Person: p, Born: f.text("born"), Phone: f.text("phone"), AreaText: f.text("area_text"),
		NationalID: national, SINumber: si, Read: read, Errors: f.Errors}
	if from := localPath(f.text("from")); from != "/" {
		body.From, body.Cancel = from, body.Cancel+"?from="+url.QueryEscape(from)
	}
	if f.ok() {
		merged, clashes, err := s.DB.SavePerson(r.Context(), scopeOf(r), s.by(r), p, read)
		if err := f.take(err); err != nil {
			return err
		}
		if f.ok() && len(clashes) == 0 {
			return s.done(w, r, body.Cancel, t(r, "people.saved", p.Name), "")
		}
		if len(clashes) > 0 {
			villages, err := s.villageNames(r)
			if err != nil {
				return err
			}
			body.Person, body.Clashes = merged, clashLines(r, clashes, villages)
			body.Born, body.Phone = bornText(merged), displayPhone(merged.Phone)
			body.Read = now.ChangeNo // having seen the other's values, saving again is a choice
		}
	}
	return s.personForm(w, r, body, t(r, "people.edit.title", now.Name), http.StatusUnprocessableEntity)
}

// personReveal shows a sealed number for a reason that is recorded; the number itself never is.
func (s *Server) personReveal(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	p, err := s.DB.Person(r.Context(), scopeOf(r), loa.PersonID(r.PathValue("id")))
	if err != nil {
		return err
	}
	reason := f.text("reason")
	if len([]rune(reason)) < 5 {
		return loa.Refuse(loa.Invalid, "reason", "reveal_reason")
	}
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	column, sealed := "person.national_id", p.NationalID
	if f.text("which") == "si_number" {
		column, sealed = "person.si_number", p.SINumber
	}
	if !sealed.Known() {
		return loa.ErrNotFound
	}
	plain, err := s.Sealer.Open(auth.Place{Office: string(p.Office), Column: column, Record: string(p.ID)}, sealed.Cipher)
	if err != nil {
		return errors.Join(loa.Refuse(loa.Conflict, "", "no_key"), err)
	}
	if err := s.DB.Audit(r.Context(), p.Office, s.by(r), "revealed", "person", string(p.ID), column+": "+reason); err != nil {
		return err
	}
	return s.render(w, r, "person_reveal", page{Title: t(r, "people.reveal.title", p.Name), Active: "people", Body: map[string]string{"Number": plain, "Label": t(r, "field."+strings.TrimPrefix(column, "person.")), "Back": "/people/" + string(p.ID)}})
}
