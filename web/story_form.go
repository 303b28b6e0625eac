package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/vn"
)

type storyFormPage struct {
	Action, Cancel string
	New            bool
	Story          loa.Story
	AreaText       string
	PersonText     string
	Read           int64
	Schemes        []tickView
	Audiences      []tickView
	Main, More     []tellingField // languages shown at once, and those folded away
	Hows           []option
	Officers       []option
	HasProof       bool
	MaxText        int
	MaxChange      int
	Errors         map[string]string
}

type tickView struct {
	Value, Label string
	On           bool
}

type tellingField struct {
	tellingView
	N           int // characters so far
	ErrorChange string
	ErrorText   string
}

// storyConsentMonths is how long a new consent runs unless another day is chosen.
const storyConsentMonths = 12

func (s *Server) storyNew(w http.ResponseWriter, r *http.Request) error {
	x := loa.Story{Area: loa.AreaID(r.FormValue("area")), Person: loa.PersonID(r.FormValue("person")),
		Consent: loa.StoryConsent{How: "paper", Officer: whoOf(r).Officer.ID, On: s.today(), Until: s.today().AddMonths(storyConsentMonths)}}
	if x.Person != "" && whoOf(r).may(loa.ReadPeople) {
		p, err := s.DB.Person(r.Context(), scopeOf(r), x.Person)
		if err != nil {
			return err
		}
		x.Area = p.Area
	}
	return s.storyForm(w, r, storyFormPage{Action: "/stories/new", Cancel: "/stories", New: true, Story: x}, 0)
}

func (s *Server) storyForm(w http.ResponseWriter, r *http.Request, b storyFormPage, status int) error {
	if b.Errors == nil {
		b.Errors = map[string]string{}
	}
	b.MaxText, b.MaxChange = loa.StoryText, loa.StoryChange
	for _, x := range loa.Schemes {
		b.Schemes = append(b.Schemes, tickView{string(x), t(r, "scheme."+string(x)), slices.Contains(b.Story.Schemes, x)})
	}
	for _, x := range loa.StoryAudiences {
		b.Audiences = append(b.Audiences, tickView{x, t(r, "segment."+x), slices.Contains(b.Story.Audiences, x)})
	}
	for i, lang := range loa.Tongues {
		told, _ := b.Story.In(lang)
		told.Lang = lang
		field := tellingField{tellingView{told, t(r, "tongue."+lang), htmlLang(lang)}, len([]rune(told.Text)), b.Errors["change_"+lang], b.Errors["text_"+lang]}
		if i < 2 || told.Change+told.Text != "" {
			b.Main = append(b.Main, field)
		} else {
			b.More = append(b.More, field)
		}
	}
	b.Hows, b.HasProof = options(r, "consent.how.", loa.ConsentHows), b.Story.Consent.Attachment != ""
	officers, err := s.doers(r, b.Story.Consent.Officer)
	if err != nil {
		return err
	}
	b.Officers = officerOptionsOf(officers)
	if b.AreaText == "" {
		places, err := s.placeNames(r)
		if err != nil {
			return err
		}
		b.AreaText = places[b.Story.Area]
	}
	if a, err := s.asker(r, b.Story.Person); err != nil {
		return err
	} else if a != nil && b.PersonText == "" {
		b.PersonText = a.Name
	}
	title := t(r, "story.new.title")
	if !b.New {
		title = t(r, "story.edit.title", b.Story.Name)
	}
	microphone(w) // the spoken consent may be recorded here
	return s.render(w, r, "story_form", page{Title: title, Active: "stories", Body: b, Status: status})
}

// readStory fills a story from the form, with the file of its proof; what is wrong is said beside its field.
func (s *Server) readStory(r *http.Request, f *form, x *loa.Story) (*loa.Attachment, error) {
	var heard loa.Consent
	proof, err := s.readProof(r, f, &heard) // first, since it reads the form with the file
	if err != nil {
		return nil, err
	}
	x.Name, x.Schemes, x.Audiences, x.Tellings = vn.Tidy(f.text("name")), nil, f.all("audience"), nil
	for _, v := range f.all("scheme") {
		x.Schemes = append(x.Schemes, loa.Scheme(v))
	}
	for _, lang := range loa.Tongues {
		if told := (loa.Telling{Lang: lang, Change: f.text("change_" + lang), Text: f.text("text_" + lang)}); told.Change+told.Text != "" {
			x.Tellings = append(x.Tellings, told)
		}
	}
	x.Consent.How, x.Consent.Proof, x.Consent.Officer = f.text("how"), f.text("proof"), loa.OfficerID(f.text("consent_by"))
	x.Consent.On, x.Consent.Until = f.day("consent_on"), f.day("consent_until")
	if err := s.placeMeant(r, f, &x.Area); err != nil {
		return nil, err
	}
	var q loa.Question
	if err := s.askerMeant(r, f, &q); err != nil {
		return nil, err
	}
	x.Person = q.Person
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	if _, known := officers.by[x.Consent.Officer]; !known {
		x.Consent.Officer = ""
	}
	if proof != nil && x.Consent.Attachment == "" {
		x.Consent.Attachment = "new" // so that the check sees a proof; the real one is kept once everything else is right
		defer func() { x.Consent.Attachment = "" }()
	}
	if x.Consent.On > s.today() {
		f.bad("consent_on", "error.future_day")
	}
	if f.ok() {
		err = f.take(x.Check())
	}
	return proof, err
}

// keepStoryProof keeps the photo or recording of the consent.
func (s *Server) keepStoryProof(r *http.Request, x *loa.Story, proof *loa.Attachment) error {
	if proof == nil {
		return nil
	}
	proof.ID, proof.Area, proof.Noun, proof.NounID = loa.AttachmentID(loa.NewID()), x.Area, "story", string(x.ID)
	if err := s.DB.AddAttachment(r.Context(), scopeOf(r), s.by(r), *proof); err != nil {
		return err
	}
	x.Consent.Attachment = proof.ID
	return nil
}

func (s *Server) storyCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	x := loa.Story{ID: loa.StoryID(loa.NewID())}
	proof, err := s.readStory(r, f, &x)
	if err != nil {
		return err
	}
	if f.ok() {
		if err := s.keepStoryProof(r, &x, proof); err != nil {
			return err
		}
		if _, err := s.DB.AddStory(r.Context(), scopeOf(r), s.by(r), x); f.take(err) != nil {
			return err
		}
	}
	if !f.ok() {
		return s.storyForm(w, r, storyFormPage{Action: "/stories/new", Cancel: "/stories", New: true, Story: x, AreaText: f.text("area_text"), PersonText: f.text("person_text"), Errors: f.Errors}, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/stories/"+string(x.ID), t(r, "story.saved"), "")
}

func (s *Server) storyEdit(w http.ResponseWriter, r *http.Request) error {
	l, err := s.DB.Story(r.Context(), scopeOf(r), loa.StoryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	at := "/stories/" + string(l.ID)
	return s.storyForm(w, r, storyFormPage{Action: at + "/edit", Cancel: at, Story: l.Story, Read: l.ChangeNo}, 0)
}

func (s *Server) storyUpdate(w http.ResponseWriter, r *http.Request) error {
	l, err := s.DB.Story(r.Context(), scopeOf(r), loa.StoryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	f, x, at := readForm(r), l.Story, "/stories/"+string(l.ID)
	kept := x.Consent.Attachment
	proof, err := s.readStory(r, f, &x)
	if err != nil {
		return err
	}
	read := f.count("read")
	if x.Consent.Attachment == "" {
		x.Consent.Attachment = kept
	}
	if f.ok() {
		if err := s.keepStoryProof(r, &x, proof); err != nil {
			return err
		}
		if err := f.take(s.DB.SaveStory(r.Context(), scopeOf(r), s.by(r), x, read)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.storyForm(w, r, storyFormPage{Action: at + "/edit", Cancel: at, Story: x, Read: read, AreaText: f.text("area_text"), PersonText: f.text("person_text"), Errors: f.Errors}, http.StatusUnprocessableEntity)
	}
	text := t(r, "story.changed")
	if l.State == loa.StoryApproved {
		text = t(r, "story.changed_approved")
	}
	return s.done(w, r, at, text, "")
}

// storyMoved answers a button on the page of a story: what was refused is said on the page itself.
func (s *Server) storyMoved(w http.ResponseWriter, r *http.Request, err error, text, undo string) error {
	f, at := readForm(r), "/stories/"+r.PathValue("id")
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.storyPage(w, r, f)
	}
	return s.done(w, r, at, text, undo)
}

func (s *Server) storyApprove(w http.ResponseWriter, r *http.Request) error {
	err := s.DB.ApproveStory(r.Context(), scopeOf(r), s.by(r), loa.StoryID(r.PathValue("id")))
	return s.storyMoved(w, r, err, t(r, "story.approved"), "")
}

// storyWithdraw takes a story out of every place with one press; what is printed is named, since nobody can call it back.
func (s *Server) storyWithdraw(w http.ResponseWriter, r *http.Request) error {
	id := loa.StoryID(r.PathValue("id"))
	err := s.DB.WithdrawStory(r.Context(), scopeOf(r), s.by(r), id, shortened(readForm(r).text("why"), 200))
	text := t(r, "story.withdrawn")
	if err == nil {
		uses, err := s.DB.StoryUses(r.Context(), scopeOf(r), id)
		if err != nil {
			return err
		}
		batches := ""
		for _, u := range uses {
			if u.Printed() {
				batches = joinWords(batches, t(r, "story.batch", batchName(r, u), u.Copies))
			}
		}
		if batches != "" {
			text = t(r, "story.withdrawn_printed", batches)
		}
	}
	return s.storyMoved(w, r, err, text, "/stories/"+string(id)+"/restore")
}

// batchName is the number of a printed batch, or what was printed where nobody gave it a number.
func batchName(r *http.Request, u loa.StoryUse) string {
	if u.Batch != "" {
		return u.Batch
	}
	return t(r, "story.use."+u.Kind)
}

func (s *Server) storyRestore(w http.ResponseWriter, r *http.Request) error {
	err := s.DB.RestoreStory(r.Context(), scopeOf(r), s.by(r), loa.StoryID(r.PathValue("id")))
	return s.storyMoved(w, r, err, t(r, "story.restored"), "")
}

// storyProof shows the paper or plays the words by which the person agreed.
func (s *Server) storyProof(w http.ResponseWriter, r *http.Request) error {
	l, err := s.DB.Story(r.Context(), scopeOf(r), loa.StoryID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if l.Consent.Attachment == "" {
		http.Redirect(w, r, "/stories/"+string(l.ID), http.StatusSeeOther)
		return nil
	}
	a, err := s.DB.Attachment(r.Context(), scopeOf(r), l.Consent.Attachment)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "private, no-store")
	return serveSound(w, r, a.MIME, a.SHA256, a.Bytes)
}
