package web

import (
	"net/http"

	"loa"
	"loa/paper"
)

func (s *Server) documentRoutes() []route {
	return []route{
		{"GET /documents", loa.ReadFigures, s.documentList},
		{"POST /documents/number", loa.EditOutreach, s.documentNumber},
		{"GET /documents/report", loa.ReadFigures, s.outreachReport},
		{"GET /documents/plan", loa.ReadOutreach, s.planShow},
		{"GET /sessions/{id}/minutes", loa.ReadOutreach, s.minutesShow},
		{"POST /documents/lists", loa.ExportPeople, s.documentLists},
		{"GET /documents/tk1", loa.ReadPeople, s.tk1Find},
		{"GET /households/{id}/tk1", loa.ReadPeople, s.tk1Household},
		{"POST /households/{id}/tk1", loa.RevealID, s.tk1Household},
		{"GET /people/{id}/tk1", loa.ReadPeople, s.tk1Person},
		{"POST /people/{id}/tk1", loa.RevealID, s.tk1Person},
	}
}

// documentNumber gives a document the next number of the office's series; one that has its number keeps it.
func (s *Server) documentNumber(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	d, err := s.DB.NumberDocument(r.Context(), scopeOf(r), s.by(r), loa.Document{Kind: f.text("kind"), About: f.text("about"), Area: loa.AreaID(f.text("area"))})
	if err != nil {
		return err
	}
	return s.done(w, r, localPath(f.text("next")), t(r, "document.numbered", paper.Number(d.No), d.On.Vietnamese()), "")
}

// numbered notes the number a document has, so that the page offers no second one.
func (b *documentPage) numbered(d loa.Document) {
	if d.No > 0 {
		b.Numbered = paper.Number(d.No)
	}
}
