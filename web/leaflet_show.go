package web

import (
	"net/http"

	"loa"
	"loa/store"
)

type leafletShowPage struct {
	L       leafletRowView
	Link    *linkView
	Handed  []store.LeafletHanded
	MayEdit bool
	Errors  map[string]string
	Printed string
}

func (s *Server) leafletShow(w http.ResponseWriter, r *http.Request) error {
	return s.leafletAgain(w, r, readForm(r), 0)
}

// leafletAgain shows what became of one village's sheets, with what is wrong with a number just sent.
func (s *Server) leafletAgain(w http.ResponseWriter, r *http.Request, f *form, status int) error {
	list, err := s.DB.Leaflets(r.Context(), scopeOf(r), store.LeafletFilter{ID: loa.LeafletID(r.PathValue("id"))})
	if err != nil {
		return err
	}
	if len(list) == 0 {
		return loa.ErrNotFound
	}
	l := list[0]
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	body := leafletShowPage{L: leafletRowView{l, places[l.Area], kindName(r, l.Run.Kind), l.Left()}, MayEdit: whoOf(r).may(loa.EditOutreach), Errors: f.Errors, Printed: f.text("printed")}
	if body.Handed, err = s.DB.LeafletsHanded(r.Context(), scopeOf(r), "", l.ID); err != nil {
		return err
	}
	links, err := s.DB.Links(r.Context(), scopeOf(r), store.LinkFilter{ID: l.Link})
	if err != nil {
		return err
	}
	if len(links) == 1 {
		if body.Link, err = s.linkView(r, links[0]); err != nil {
			return err
		}
	}
	return s.render(w, r, "leaflet_show", page{Title: places[l.Area], Context: t(r, "leaflet.run_of", l.Run.No, body.L.Kind), Active: "leaflets", Body: body, Status: status})
}

// leafletPrinted changes how many sheets a village got.
func (s *Server) leafletPrinted(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	id := loa.LeafletID(r.PathValue("id"))
	n := f.number("printed")
	if n > loa.MostLeaflets {
		n = loa.MostLeaflets + 1
	}
	if f.ok() {
		if err := f.take(s.DB.PrintLeaflets(r.Context(), scopeOf(r), s.by(r), id, int(n))); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.leafletAgain(w, r, f, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, "/leaflets/"+string(id), t(r, "leaflet.printed_saved"), "")
}

type linesPage struct {
	Kind      loa.LeafletKind
	Name      string
	Language  string
	Kinds     []option
	Languages []option
	Rows      []lineRow
	Errors    map[string]string
	Now       loa.LeafletLines
	EnteredBy string
	SignedBy  string
	CheckedBy string // just typed
	MayEdit   bool
}

// CheckedByShown is the native speaker whose check was signed.
func (p linesPage) CheckedByShown() string { return p.Now.CheckedBy }

// SignedOn is the day of the signature.
func (p linesPage) SignedOn() loa.Day { return loa.DayOf(p.Now.SignedAt) }

// lineRow is one line of a leaflet in Vietnamese with the words entered for it.
type lineRow struct{ Name, Vietnamese, Value, Error string }

func (s *Server) linesShow(w http.ResponseWriter, r *http.Request) error {
	return s.linesAgain(w, r, readForm(r), false, 0)
}

func readLinesOf(f *form) (loa.LeafletKind, string) {
	kind, ok := loa.LeafletKindOf(f.text("kind"))
	if !ok {
		kind = loa.LeafletKinds[0]
	}
	language := f.text("language")
	if language != "blt" {
		language = "hmn"
	}
	return kind, language
}

// linesAgain shows a kind's words in one language; sent: with what was just typed and what is wrong with it.
func (s *Server) linesAgain(w http.ResponseWriter, r *http.Request, f *form, sent bool, status int) error {
	kind, language := readLinesOf(f)
	all, err := s.DB.LeafletLines(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	body := linesPage{Kind: kind, Name: kindName(r, kind), Language: language, Errors: f.Errors, CheckedBy: f.text("checked_by"), Languages: options(r, "leaflet.language.", []string{"hmn", "blt"}), MayEdit: whoOf(r).may(loa.EditOutreach)}
	for _, k := range loa.LeafletKinds {
		body.Kinds = append(body.Kinds, option{k.Key(), kindName(r, k)})
	}
	for _, l := range all {
		if l.Kind == kind && l.Language == language {
			body.Now = l
		}
	}
	names, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body.EnteredBy, body.SignedBy = names.by[body.Now.EnteredBy].Name, names.by[body.Now.SignedBy].Name
	law, err := s.leafletLaw(r)
	if err != nil {
		return err
	}
	figures, err := figuresOf(law, kind, 0, s.today(), false)
	if err != nil {
		return err
	}
	for _, name := range loa.LeafletLineNames {
		row := lineRow{Name: name, Vietnamese: plainLine("leaflet.say."+kind.Key()+"."+name, figures.args(name)...), Value: body.Now.Lines[name], Error: f.Errors[name]}
		if sent {
			row.Value = f.text("line_" + name)
		}
		body.Rows = append(body.Rows, row)
	}
	return s.render(w, r, "leaflet_lines", page{Title: t(r, "leaflet.lines_title"), Context: body.Name, Active: "leaflets", Body: body, Status: status})
}

func (s *Server) linesSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	kind, language := readLinesOf(f)
	l := loa.LeafletLines{Kind: kind, Language: language, Lines: map[string]string{}}
	for _, name := range loa.LeafletLineNames {
		if text := f.text("line_" + name); text != "" {
			l.Lines[name] = text
		}
	}
	_, err := s.DB.SaveLeafletLines(r.Context(), scopeOf(r), s.by(r), l, int(f.count("seen")))
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.linesAgain(w, r, f, true, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, linesURL(kind, language), t(r, "leaflet.lines_saved"), "")
}

func (s *Server) linesSign(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	kind, language := readLinesOf(f)
	err := s.DB.SignLeafletLines(r.Context(), scopeOf(r), s.by(r), kind, language, f.text("checked_by"), int(f.count("seen")))
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		return s.linesAgain(w, r, f, false, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, linesURL(kind, language), t(r, "leaflet.lines_signed"), "")
}

func linesURL(kind loa.LeafletKind, language string) string {
	return "/leaflets/lines?kind=" + kind.Key() + "&language=" + language
}
