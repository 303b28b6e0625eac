package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/store"
	"loa/vn"
)

// publicAsker is who asked through a public page, as an officer sees it.
type publicAsker struct {
	loa.Asker
	Via, WhenText, ConsentText, AtText string
	Called, Erased                     string
	Dial, Shown                        string // the number; empty when it must not be called
	Hidden                             bool   // something personal was left that this officer may not see
	Maybe                              []askerView
	NewURL                             string
}

// publicAsker reads who asked a question through a public page; nil when it came another way. Who may not read people sees only that
// something was left.
func (s *Server) publicAsker(r *http.Request, l store.QuestionLine, officers map[loa.OfficerID]officerView) (*publicAsker, error) {
	if l.Page == "" {
		return nil, nil
	}
	a, err := s.DB.Asker(r.Context(), scopeOf(r), l.ID)
	if loa.KindOf(err) == loa.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &publicAsker{Via: s.questionVia(r, l)}
	if !whoOf(r).may(loa.ReadPeople) {
		v.Hidden = a.Name != "" || a.Phone != "" || a.Refused
		return v, nil
	}
	v.Asker, v.AtText = a, moment(a.At)
	v.Shown, v.Dial = vn.PhoneDisplay(a.Phone), dialled(a.Phone)
	if a.When != "" {
		v.WhenText = t(r, "public.when."+a.When)
	}
	if a.CalledOn != "" {
		v.Called = t(r, "question.asker_called."+a.Outcome, a.CalledOn.Vietnamese(), officers[a.CalledBy].Name)
	}
	if !a.ErasedAt.IsZero() {
		v.Erased = t(r, "question.asker_erased", loa.DayOf(a.ErasedAt).Vietnamese())
	}
	if a.Consent != "" {
		if v.ConsentText, err = s.DB.ConsentText(r.Context(), a.Consent); err != nil && loa.KindOf(err) != loa.NotFound {
			return nil, err
		}
	}
	if a.Phone == "" || l.Person != "" {
		return v, nil
	}
	found, err := s.findPeople(r, v.Dial, 3)
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		v.Maybe = append(v.Maybe, askerView{ID: string(p.ID), Name: p.Name})
	}
	if len(found) == 0 && whoOf(r).may(loa.EditPeople) {
		v.NewURL = "/people/new?" + url.Values{"name": {a.Name}, "phone": {v.Dial}, "area": {string(l.Area)}}.Encode()
	}
	return v, nil
}

// questionAsker notes what an officer did about who asked through a public page: called, found in the register, erased.
func (s *Server) questionAsker(w http.ResponseWriter, r *http.Request) error {
	f, ctx, in := readForm(r), r.Context(), scopeOf(r)
	line, err := s.DB.Question(ctx, in, loa.FactID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !whoOf(r).may(loa.ReadPeople) {
		return loa.Refuse(loa.Denied, "", "denied")
	}
	at := "/questions/" + string(line.ID)
	switch do := f.text("do"); do {
	case "erase":
		if err := s.DB.EraseAsker(ctx, in, s.by(r), line.ID); err != nil {
			return err
		}
		return s.done(w, r, at, t(r, "question.asker_erased_done"), "")
	case "match":
		name, id, err := s.matchAsker(r, line, loa.PersonID(f.text("person")))
		if err != nil {
			return err
		}
		return s.done(w, r, "/questions/"+string(id), t(r, "question.asker_matched", name), "")
	default:
		if err := s.DB.CallAsker(ctx, in, s.by(r), line.ID, do); err != nil {
			return err
		}
		return s.done(w, r, at, t(r, "question.asker_called_done"), "")
	}
}

// matchAsker says who in the register asked, and takes the consent along as that person's, with the version of the words as its proof.
func (s *Server) matchAsker(r *http.Request, line store.QuestionLine, person loa.PersonID) (name string, id loa.FactID, err error) {
	ctx, in := r.Context(), scopeOf(r)
	p, err := s.DB.Person(ctx, in, person)
	if err != nil {
		return "", "", err
	}
	a, err := s.DB.Asker(ctx, in, line.ID)
	if err != nil {
		return "", "", err
	}
	if id, err = s.DB.CorrectQuestion(ctx, in, s.by(r), line.ID, func(q *loa.Question) { q.Person = person }); err != nil {
		return "", "", err
	}
	if a.Phone == "" || a.Consent == "" { // nothing was agreed to, or a refusal stands
		return p.Name, id, nil
	}
	said, err := s.DB.Consents(ctx, in, person)
	if err != nil || loa.ConsentFor(said, "care", "call") == "refused" { // a refusal of their own wins over what came from a page
		return p.Name, id, err
	}
	c := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: loa.DayOf(a.At), HappenedAt: a.At}, Person: person, Purpose: "care", Channel: "call", Agreed: true, How: "web", Proof: a.Consent}
	return p.Name, id, s.DB.AddConsent(ctx, in, s.by(r), c)
}
