package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/policy"
	"loa/qr"
	"loa/store"
)

func (s *Server) leafletRoutes() []route {
	return []route{
		{"GET /leaflets", loa.ReadOutreach, s.leafletList},
		{"GET /leaflets/new", loa.EditOutreach, s.leafletNew},
		{"POST /leaflets", loa.EditOutreach, s.leafletCreate},
		{"GET /leaflets/paper", loa.ReadOutreach, s.leafletPaper},
		{"GET /leaflets/lines", loa.ReadOutreach, s.linesShow},
		{"POST /leaflets/lines", loa.EditOutreach, s.linesSave},
		{"POST /leaflets/lines/sign", loa.EditOutreach, s.linesSign},
		{"GET /leaflets/{id}", loa.ReadOutreach, s.leafletShow},
		{"POST /leaflets/{id}", loa.EditOutreach, s.leafletPrinted},
	}
}

// leafletLaw is what the figures of leaflets are worked out by: the rows that came with the program and the office's own.
func (s *Server) leafletLaw(r *http.Request) (policy.Parameters, error) { return s.law(r) }

type leafletListPage struct {
	Kinds   []leafletKindCard
	Lines   []leafletRowView
	Total   leafletTotal
	MayMake bool
}

// leafletKindCard is one kind to choose, with the pictures of its first panel.
type leafletKindCard struct {
	Key, Scheme, Audience, Headline string
	Pictures                        []string
}

// leafletRowView is the leaflets of one village in a list.
type leafletRowView struct {
	store.LeafletLine
	Where, Kind string
	Left        int64
}

type leafletTotal struct{ Printed, Handed, Left, Visits int64 }

func kindName(r *http.Request, k loa.LeafletKind) string {
	return t(r, "leaflet.scheme."+string(k.Scheme)) + " · " + t(r, "leaflet.audience."+k.Key())
}

// leafletList is the kinds of leaflets to print, and what became of those printed.
func (s *Server) leafletList(w http.ResponseWriter, r *http.Request) error {
	me := whoOf(r)
	body := leafletListPage{MayMake: me.may(loa.EditOutreach)}
	for _, k := range loa.LeafletKinds {
		body.Kinds = append(body.Kinds, leafletKindCard{k.Key(), t(r, "leaflet.scheme."+string(k.Scheme)), t(r, "leaflet.audience."+k.Key()), t(r, "leaflet.say."+k.Key()+".headline"), kindPictures(k)})
	}
	list, err := s.DB.Leaflets(r.Context(), scopeOf(r), store.LeafletFilter{Limit: 300})
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	for _, l := range list {
		body.Lines = append(body.Lines, leafletRowView{l, places[l.Area], kindName(r, l.Run.Kind), l.Left()})
		body.Total.Printed, body.Total.Handed = body.Total.Printed+int64(l.Printed), body.Total.Handed+l.Handed
		body.Total.Left, body.Total.Visits = body.Total.Left+l.Left(), body.Total.Visits+l.Visits
	}
	return s.render(w, r, "leaflet_list", page{Title: t(r, "leaflet.title"), Context: t(r, "leaflet.context"), Active: "leaflets", Body: body})
}

func kindPictures(k loa.LeafletKind) []string {
	switch {
	case k.Scheme == loa.HI:
		return []string{"schoolgirl", "health-card"}
	case k.Scheme == loa.HouseholdHI && k.Audience == "others":
		return []string{"people", "health-card"}
	case k.Scheme == loa.HouseholdHI:
		return []string{map[string]string{"near_poor": "near-poor-house", "minority": "village", "farmers": "rice"}[k.Audience], "health-card"}
	}
	return []string{map[string]string{"minority": "farmer", "poor": "poor-house", "near_poor": "near-poor-house", "traders": "stall", "others": "farmer-man", "owners": "stall", "workers": "worker"}[k.Audience], "old-couple"}
}

type leafletNewPage struct {
	Kind                      loa.LeafletKind
	Name                      string
	Form                      map[string]string
	Errors                    map[string]string
	Sizes, Languages, Seconds []option
	Stories                   []option // that may be told on it
	Communes                  []leafletCommune
	Chosen                    int
	Missing                   string // the second language whose words are not signed
	Income                    bool
	Unconfirmed               []string
	Preview                   string
	ID                        string
	Problem                   string // why there are no figures for that day
}

// leafletCommune is a commune with its villages to tick.
type leafletCommune struct {
	ID, Name string
	All      bool // its villages are all ticked
	Villages []leafletVillage
}

type leafletVillage struct {
	ID, Name string
	On       bool
}

// readRun reads what the printing shall be, from an address or a form.
func (s *Server) readRun(f *form) loa.LeafletRun {
	kind, ok := loa.LeafletKindOf(f.text("kind"))
	if !ok {
		kind = loa.LeafletKinds[0]
	}
	run := loa.LeafletRun{Kind: kind, Size: f.text("size"), Language: f.text("language"), Second: f.text("second"), Income: f.number("income"), On: f.day("on"), Story: loa.StoryID(f.text("story"))}
	if run.Size == "" {
		run.Size = loa.LeafletSizes[0]
	}
	if run.Language == "" {
		run.Language = "vi"
	}
	if run.On == "" {
		run.On = s.today()
	}
	return run
}

// query is the address of the run's paper.
func runQuery(run loa.LeafletRun) url.Values {
	q := url.Values{"kind": {run.Kind.Key()}, "size": {run.Size}, "language": {run.Language}, "on": {string(run.On)}}
	if run.Second != "" {
		q.Set("second", run.Second)
	}
	if run.Income > 0 {
		q.Set("income", strconv.FormatInt(run.Income, 10))
	}
	if run.Story != "" {
		q.Set("story", string(run.Story))
	}
	return q
}

func (s *Server) leafletNew(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	return s.leafletForm(w, r, f, s.readRun(f), 0)
}

// leafletForm shows the form of a printing with what was entered and what is wrong with it.
func (s *Server) leafletForm(w http.ResponseWriter, r *http.Request, f *form, run loa.LeafletRun, status int) error {
	body := leafletNewPage{Kind: run.Kind, Name: kindName(r, run.Kind), Errors: f.Errors, ID: f.text("id"), Form: map[string]string{"size": run.Size, "language": run.Language, "second": run.Second, "printed": f.text("printed"), "income": f.text("income"), "on": run.On.Vietnamese(), "story": string(run.Story)},
		Sizes: options(r, "leaflet.size.", loa.LeafletSizes), Languages: options(r, "leaflet.language.", []string{"vi", "en"}), Seconds: options(r, "leaflet.language.", loa.LeafletLanguages)}
	if !loa.ValidID(body.ID) {
		body.ID = loa.NewID()
	}
	if body.Form["printed"] == "" {
		body.Form["printed"] = "30"
	}
	law, err := s.leafletLaw(r)
	if err != nil {
		return err
	}
	figures, err := figuresOf(law, run.Kind, run.Income, run.On, run.Size == "fold")
	if err != nil {
		field := body.problem(r, err)
		if field == "" {
			return err
		}
	}
	body.Income, body.Unconfirmed = figures.Income > 0 || run.Income > 0, figures.Unconfirmed
	if body.Form["income"] == "" && figures.Income > 0 {
		body.Form["income"] = strconv.FormatInt(figures.Income, 10)
	}
	if body.Missing, err = s.unsigned(r, run); err != nil {
		return err
	}
	stories, err := s.writtenStories(r, run.Kind.Scheme, run.Language)
	if err != nil {
		return err
	}
	body.Stories = storyOptions(stories)
	body.Preview = "/leaflets/paper?" + runQuery(run).Encode()
	if err := s.leafletVillages(r, &body, f); err != nil {
		return err
	}
	return s.render(w, r, "leaflet_form", page{Title: t(r, "leaflet.new_title"), Context: body.Name, Active: "leaflets", Body: body, Status: status})
}

// problem keeps a refusal of the figures beside its field; empty when it was no refusal.
func (b *leafletNewPage) problem(r *http.Request, err error) string {
	f := &form{r: r, Errors: b.Errors}
	if f.take(err) != nil {
		return ""
	}
	for _, field := range []string{"day", "wage"} { // the calculator's names for ours
		if said, ok := b.Errors[field]; ok {
			delete(b.Errors, field)
			b.Errors[map[string]string{"day": "on", "wage": "income"}[field]] = said
		}
	}
	return "said"
}

// leafletVillages are the villages of the scope by commune; those of ?area= are ticked at first.
func (s *Server) leafletVillages(r *http.Request, body *leafletNewPage, f *form) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	ticked := map[string]bool{}
	for _, id := range f.all("village") {
		ticked[id] = true
	}
	if a := f.text("area"); a != "" {
		ticked[a] = true
	}
	for _, id := range f.all("commune") {
		ticked[id] = true
	}
	up := communeOf(areas)
	at := map[loa.AreaID]int{}
	for _, a := range areas {
		if a.Kind == loa.Commune {
			at[a.ID] = len(body.Communes)
			body.Communes = append(body.Communes, leafletCommune{ID: string(a.ID), Name: a.Label()})
		}
	}
	for _, a := range areas {
		if a.Kind != loa.Village {
			continue
		}
		i, ok := at[up[a.ID]]
		if !ok {
			i = len(body.Communes)
			at[up[a.ID]] = i
			body.Communes = append(body.Communes, leafletCommune{Name: t(r, "area.no_commune")})
		}
		on := ticked[string(a.ID)] || ticked[string(up[a.ID])]
		if on {
			body.Chosen++
		}
		body.Communes[i].All = body.Communes[i].ID != "" && ticked[body.Communes[i].ID]
		body.Communes[i].Villages = append(body.Communes[i].Villages, leafletVillage{string(a.ID), a.Label(), on})
	}
	return nil
}

// unsigned is the name of the second language when its words are not there or not signed; empty otherwise.
func (s *Server) unsigned(r *http.Request, run loa.LeafletRun) (string, error) {
	if run.Second == "" || loa.Ours(run.Second) {
		return "", nil
	}
	all, err := s.DB.LeafletLines(r.Context(), scopeOf(r))
	if err != nil {
		return "", err
	}
	for _, l := range all {
		if l.Kind == run.Kind && l.Language == run.Second && l.Signed() {
			return "", nil
		}
	}
	return t(r, "leaflet.language."+run.Second), nil
}

// villagesAsked are the villages ticked one by one and those of the communes ticked whole.
func (s *Server) villagesAsked(r *http.Request, f *form) ([]loa.AreaID, error) {
	var out []loa.AreaID
	seen := map[loa.AreaID]bool{}
	add := func(id loa.AreaID) {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	for _, id := range f.all("village") {
		add(loa.AreaID(id))
	}
	whole := map[loa.AreaID]bool{}
	for _, id := range f.all("commune") {
		whole[loa.AreaID(id)] = true
	}
	if len(whole) == 0 {
		return out, nil
	}
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up := communeOf(areas)
	for _, a := range areas {
		if a.Kind == loa.Village && whole[up[a.ID]] {
			add(a.ID)
		}
	}
	return out, nil
}

func (s *Server) leafletCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	run := s.readRun(f)
	run.ID = loa.LeafletRunID(f.text("id"))
	printed := int(f.number("printed"))
	var shares []store.Share
	villages, err := s.villagesAsked(r, f)
	if err != nil {
		return err
	}
	for _, id := range villages {
		shares = append(shares, store.Share{Area: id, Printed: printed})
	}
	if len(shares) == 0 {
		f.bad("villages", "error.required")
	}
	law, err := s.leafletLaw(r)
	if err != nil {
		return err
	}
	if f.ok() {
		if _, err := figuresOf(law, run.Kind, run.Income, run.On, run.Size == "fold"); err != nil {
			if (&leafletNewPage{Errors: f.Errors}).problem(r, err) == "" {
				return err
			}
		}
	}
	if f.ok() {
		run, err = s.DB.AddLeaflets(r.Context(), scopeOf(r), s.by(r), run, shares, t(r, "leaflet.link_label", kindName(r, run.Kind)))
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.leafletForm(w, r, f, run, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/leaflets/paper?run="+string(run.ID), "", "")
}

// leafletPaper is the paper itself: a whole printing, one village's sheets, or a sample of a kind.
func (s *Server) leafletPaper(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	run, lines := s.readRun(f), []store.LeafletLine(nil)
	var err error
	if id := f.text("run"); id != "" || f.text("leaflet") != "" {
		lines, err = s.DB.Leaflets(r.Context(), scopeOf(r), store.LeafletFilter{Run: loa.LeafletRunID(id), ID: loa.LeafletID(f.text("leaflet"))})
		if err != nil {
			return err
		}
		if len(lines) == 0 {
			return loa.ErrNotFound
		}
		run = lines[0].Run
		if run.On < s.today() { // printed again later: the figures are those of the day of printing
			run.On = s.today()
		}
		if size := f.text("size"); loa.OneOf(size, loa.LeafletSizes) {
			run.Size = size
		}
	} else {
		run.ID = loa.LeafletRunID(loa.NewID()) // a sample is checked like a printing
		if err := run.Check(); err != nil {
			return err
		}
	}
	if !f.ok() {
		return loa.Refuse(loa.Invalid, "income", "not_a_number")
	}
	law, err := s.leafletLaw(r)
	if err != nil {
		return err
	}
	figures, err := figuresOf(law, run.Kind, run.Income, run.On, run.Size == "fold")
	if err != nil {
		return err
	}
	words, err := s.DB.LeafletLines(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	sheets := leafPage{Size: run.Size}
	base := s.leafOf(r, run, figures, words)
	if run.Story != "" {
		stories, err := s.writtenStories(r, "", run.Language)
		if err != nil {
			return err
		}
		base.Story = storyOnPaper(stories, run.Story)
	}
	for _, x := range lines {
		l := *base
		l.Sample, l.Place, l.Sheets, l.Code, l.Spoken, l.Link = false, x.Place, x.Printed, x.Code, x.Spoken, s.linkURL(r, x.Code)
		if l.QR, err = qr.Draw(l.Link); err != nil {
			return err
		}
		sheets.Leaves = append(sheets.Leaves, &l)
	}
	if len(lines) == 0 {
		sheets.Leaves = append(sheets.Leaves, base)
	}
	p := paperPage{Title: kindName(r, run.Kind), Back: "/leaflets", File: "to-gap-" + run.Kind.Key(), Paper: leafPaper(run.Size), Body: sheets}
	if len(lines) > 0 {
		p.Title, p.File = t(r, "leaflet.paper_title", run.No, kindName(r, run.Kind)), "to-gap-dot-"+strconv.Itoa(run.No)
	}
	if p.Note, err = s.paperNote(r, run, figures); err != nil {
		return err
	}
	if run.Story != "" && base.Story == nil {
		p.Note += " " + t(r, "leaflet.note_story")
	}
	return s.onPaper(w, r, "leaflet_paper", p)
}

// paperNote is what the officer must know before printing; nobody else reads it.
func (s *Server) paperNote(r *http.Request, run loa.LeafletRun, f leafletFigures) (string, error) {
	note := t(r, "leaflet.note_figures", run.On.Vietnamese())
	missing, err := s.unsigned(r, run)
	if err != nil {
		return "", err
	}
	if missing != "" {
		note += " " + t(r, "leaflet.note_unsigned", missing)
	}
	if n := len(f.Unconfirmed); n > 0 {
		note += " " + t(r, "leaflet.note_unconfirmed", n)
	}
	if run.Size == "fold" {
		note += " " + t(r, "leaflet.note_fold")
	}
	if !s.canPDF() {
		note += " " + t(r, "leaflet.note_no_pdf")
	}
	return note, nil
}
