package web

import (
	"net/http"
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
		if err := knownKind(r, f); err != nil {
			return err
		}
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
