package web

import (
	"net/http"

	"loa"
	"loa/planning"
)

type matrixComparePage struct {
	Old, New matrixVersion
	Versions []option
	OldID    string
	NewID    string
	Lines    []differenceLine
	Added    int
	Dropped  int
	Changed  int
}

// differenceLine is one cell in which two versions are not the same, each side in words.
type differenceLine struct {
	Segment, Form, Kind string
	Parts               []differencePart
}

type differencePart struct{ Label, Old, New string }

func compareURL(old, new loa.MatrixID) string {
	return "/matrix/compare?a=" + string(old) + "&b=" + string(new)
}

// draftChanges counts what a draft would change in the version in force.
func (s *Server) draftChanges(r *http.Request, draft loa.Matrix, body *matrixPage) error {
	now, err := s.DB.MatrixInForce(r.Context(), scopeOf(r), s.today())
	if loa.KindOf(err) == loa.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	body.Changes, body.CompareURL = len(planning.Differences(now.Lines, draft.Lines)), compareURL(now.ID, draft.ID)
	return nil
}

// matrixCompare says what is different between two versions, cell by cell.
func (s *Server) matrixCompare(w http.ResponseWriter, r *http.Request) error {
	all, err := s.DB.Matrices(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	body := matrixComparePage{OldID: r.FormValue("a"), NewID: r.FormValue("b")}
	if len(all) > 1 && body.OldID == "" && body.NewID == "" {
		body.OldID, body.NewID = string(all[1].ID), string(all[0].ID)
	}
	for _, m := range all {
		body.Versions = append(body.Versions, option{string(m.ID), t(r, "matrix.version_of", m.Version, t(r, "matrix.state."+m.State))})
	}
	if body.OldID == "" && body.NewID == "" { // fewer than two versions
		return s.render(w, r, "matrix_compare", page{Title: t(r, "matrix.versions.title"), Active: "matrix", Body: body})
	}
	old, err := s.DB.Matrix(r.Context(), scopeOf(r), loa.MatrixID(body.OldID))
	if err != nil {
		return err
	}
	new, err := s.DB.Matrix(r.Context(), scopeOf(r), loa.MatrixID(body.NewID))
	if err != nil {
		return err
	}
	body.Old.Matrix, body.New.Matrix = old, new
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	for _, d := range planning.Differences(old.Lines, new.Lines) {
		seg, err := s.DB.Segment(r.Context(), scopeOf(r), d.Segment)
		if err != nil {
			return err
		}
		line := differenceLine{Segment: segmentName(r, seg), Form: string(d.Form), Kind: d.Kind()}
		switch line.Kind {
		case "added":
			body.Added++
		case "dropped":
			body.Dropped++
		default:
			body.Changed++
		}
		line.Parts = differenceParts(r, d, officers)
		body.Lines = append(body.Lines, line)
	}
	context := t(r, "matrix.compare.context", body.Added, body.Changed, body.Dropped)
	return s.render(w, r, "matrix_compare", page{Title: t(r, "matrix.compare.title", old.Version, new.Version), Context: context, Active: "matrix", Body: body})
}

// differenceParts are the decisions of a cell that changed; of one that was added or dropped, all of them.
func differenceParts(r *http.Request, d planning.Difference, officers officerNames) []differencePart {
	words := func(l *loa.MatrixLine) [4]string {
		if l == nil {
			return [4]string{}
		}
		per := t(r, "matrix.per_commune_word")
		if l.PerVillage {
			per = t(r, "matrix.per_village_word")
		}
		officer := officers.by[l.Officer].Name
		if officer == "" {
			officer = t(r, "matrix.no_officer")
		}
		return [4]string{cadenceText(r, l.Cadence), officer, l.Theme, per}
	}
	old, new := words(d.Old), words(d.New)
	var out []differencePart
	for i, key := range []string{"matrix.cadence", "matrix.officer", "matrix.theme_label", "matrix.counted"} {
		if old[i] != new[i] {
			out = append(out, differencePart{t(r, key), old[i], new[i]})
		}
	}
	return out
}
