package web

import (
	"net/http"
	"net/url"

	"loa"
)

type matrixCommunesPage struct {
	matrixPage
	Heads []string
	Lines []communeRow
}

type communeRow struct {
	ID    loa.SegmentID
	Name  string
	Cells []communeCell
	Late  int
}

// communeCell is one segment in one commune: how many of its forms are late, the longest, and the nearest that is due.
type communeCell struct {
	People, Late, LateBy int
	LateForm             string
	DueOn                loa.Day
	Soon                 bool
	URL                  string
}

// matrixByCommune turns the table: segments down, communes across, what is late and what is due next in each.
func (s *Server) matrixByCommune(w http.ResponseWriter, r *http.Request) error {
	base, err := s.matrixBody(r)
	if err != nil {
		return err
	}
	st, err := s.dueAsOf(r, base.On)
	if err != nil {
		return err
	}
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	base.ByCommune = true
	body := matrixCommunesPage{matrixPage: base}
	for _, c := range base.Communes {
		body.Heads = append(body.Heads, c.Label)
	}
	for _, seg := range segments {
		row, used := s.communeRow(r, seg, st, base)
		if used {
			body.Lines = append(body.Lines, row)
		}
	}
	return s.render(w, r, "matrix_communes", page{Title: t(r, "matrix.communes.title"), Context: t(r, "matrix.communes.context", base.On.Vietnamese()), Active: "matrix", Body: body})
}

func (s *Server) communeRow(r *http.Request, seg loa.Segment, st *dueState, base matrixPage) (row communeRow, used bool) {
	row = communeRow{ID: seg.ID, Name: segmentName(r, seg)}
	for _, c := range base.Communes {
		q := url.Values{"area": {c.Value}}
		if base.On != s.today() {
			q.Set("on", string(base.On))
		}
		cell := communeCell{People: st.In.People[seg.ID][loa.AreaID(c.Value)]}
		for _, d := range st.All {
			if d.Line.Segment != seg.ID || string(d.Area) != c.Value || base.Officer != "" && string(d.Line.Officer) != base.Officer {
				continue
			}
			used = true
			if d.LateBy > 0 {
				cell.Late++
			}
			if d.LateBy > cell.LateBy {
				cell.LateBy, cell.LateForm = d.LateBy, t(r, "form."+string(d.Line.Form))
			}
			if cell.DueOn == "" || d.DueOn < cell.DueOn {
				cell.DueOn = d.DueOn
			}
		}
		if cell.Late > 0 {
			q.Set("late", "1")
			row.Late++
		}
		cell.Soon = cell.Late == 0 && cell.DueOn != "" && cell.DueOn.Sub(base.On) <= 7
		cell.URL = "/matrix?" + q.Encode()
		row.Cells = append(row.Cells, cell)
	}
	return row, used
}
