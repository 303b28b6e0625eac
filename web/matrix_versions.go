package web

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/paper"
)

type matrixVersion struct {
	loa.Matrix
	SignedByName string
	URL          string
	No           string
	CompareURL   string // with the version before it; empty for the first
}

func (s *Server) matrixVersions(w http.ResponseWriter, r *http.Request) error {
	all, err := s.DB.Matrices(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	lines := make([]matrixVersion, len(all))
	for i, m := range all {
		lines[i] = matrixVersion{Matrix: m, SignedByName: officers.by[m.SignedBy].Name, URL: "/matrix?v=" + string(m.ID), No: strconv.Itoa(m.Version)}
		if i+1 < len(all) {
			lines[i].CompareURL = compareURL(all[i+1].ID, m.ID)
		}
	}
	return s.render(w, r, "matrix_versions", page{Title: t(r, "matrix.versions.title"), Active: "matrix", Body: lines})
}

// matrixPrint is the decision table as it is signed.
func (s *Server) matrixPrint(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixBody(r)
	if err != nil {
		return err
	}
	if body.Matrix.ID == "" {
		return loa.ErrNotFound
	}
	about := string(body.Matrix.ID)
	number, err := s.DB.Document(r.Context(), scopeOf(r), "matrix", about)
	if err != nil {
		return err
	}
	out := &documentPage{File: "ma-tran-" + whole(body.Matrix.Version), Crumbs: []crumbLink{{"/matrix", t(r, "rail.matrix")}}, Number: &loa.Document{Kind: "matrix", About: about, Area: whoOf(r).Office.Anchor}}
	out.numbered(number)
	out.Docs = []paper.Document{s.maker(r, langOf(r)).matrix(r, body, number, s.today())}
	return s.documentOut(w, r, page{Title: t(r, "matrix.print.title"), Active: "matrix"}, out)
}

func (s *Server) matrixSign(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	from := f.day("from")
	if from == "" {
		from = s.today()
	}
	if !f.ok() {
		return loa.Refuse(loa.Invalid, "from", "bad_day")
	}
	id := loa.MatrixID(f.text("id"))
	if err := s.DB.SignMatrix(r.Context(), scopeOf(r), s.by(r), id, from); err != nil {
		return err
	}
	// Who was meant on the day of signing is kept, so that results can be measured against it.
	m, err := s.DB.Matrix(r.Context(), scopeOf(r), id)
	if err != nil {
		return err
	}
	taken := map[loa.SegmentID]bool{}
	for _, l := range m.Lines {
		if taken[l.Segment] {
			continue
		}
		taken[l.Segment] = true
		if _, err := s.takeSnapshot(r, l.Segment, "", "matrix", string(id)); err != nil {
			var refusal *loa.Error
			if !errors.As(err, &refusal) {
				return err
			}
		}
	}
	return s.done(w, r, "/matrix", t(r, "matrix.signed"), "")
}

func (s *Server) matrixDrop(w http.ResponseWriter, r *http.Request) error {
	if err := s.DB.DropDraft(r.Context(), scopeOf(r), s.by(r), loa.MatrixID(r.FormValue("id"))); err != nil {
		return err
	}
	return s.done(w, r, "/matrix", t(r, "matrix.dropped"), "/matrix/restore?id="+url.QueryEscape(r.FormValue("id")))
}

func (s *Server) matrixRestore(w http.ResponseWriter, r *http.Request) error {
	if err := s.DB.RestoreDraft(r.Context(), scopeOf(r), s.by(r), loa.MatrixID(r.FormValue("id"))); err != nil {
		return err
	}
	return s.done(w, r, "/matrix?v=draft", t(r, "matrix.draft_back"), "")
}
