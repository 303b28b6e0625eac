package web

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa"
	"loa/store"
)

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

// knownKind refuses a kind of leaflet there is not, with those there are; none at all is the first.
func knownKind(r *http.Request, f *form) error {
	if _, ok := loa.LeafletKindOf(f.text("kind")); ok || f.text("kind") == "" {
		return nil
	}
	names := make([]string, len(loa.LeafletKinds))
	for i, k := range loa.LeafletKinds {
		names[i] = kindName(r, k)
	}
	return loa.Refuse(loa.Invalid, "kind", "leaflet_kind", strings.Join(names, "; "))
}

func (s *Server) leafletNew(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if err := knownKind(r, f); err != nil {
		return err
	}
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
	if err := knownKind(r, f); err != nil {
		return err
	}
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
