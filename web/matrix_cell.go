package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/planning"
)

type matrixCellPage struct {
	Segment     loa.SegmentID
	SegmentName string
	Form        loa.Form
	Line        *loa.MatrixLine
	Cadence     string
	Officer     string
	Communes    []matrixCommune
	Edit        bool
	MayEdit     bool
	MayPlan     bool
	Version     string
	Units       []option
	Officers    []option
	Errors      map[string]string
	EditURL     string
	InForce     bool
	PerVillage  bool
	On          loa.Day
	Parted      bool // drawn inside the grid's page
}

type matrixCommune struct {
	Name    string
	People  int
	LastOn  loa.Day
	DueOn   loa.Day
	LateBy  int
	NextOn  loa.Day
	PlanURL string
	// Of a line counted per village.
	Villages, Behind int
	Village          string
}

func (s *Server) matrixCell(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixCellBody(r)
	if err != nil {
		return err
	}
	body.Edit = r.FormValue("edit") != "" || body.Line == nil
	if body.Parted = r.FormValue("part") != ""; body.Parted {
		return s.part(w, r, "matrix_cell", "cell", body)
	}
	return s.render(w, r, "matrix_cell", page{Title: t(r, "matrix.cell.title", body.SegmentName, t(r, "form."+string(body.Form))), Active: "matrix", Body: body})
}

func (s *Server) matrixCellBody(r *http.Request) (matrixCellPage, error) {
	me := whoOf(r)
	form := loa.Form(r.FormValue("form"))
	if !form.Valid() {
		return matrixCellPage{}, loa.ErrNotFound
	}
	seg, err := s.DB.Segment(r.Context(), scopeOf(r), loa.SegmentID(r.FormValue("segment")))
	if err != nil {
		return matrixCellPage{}, err
	}
	body := matrixCellPage{Segment: seg.ID, SegmentName: segmentName(r, seg), Form: form, MayEdit: me.may(loa.EditMatrix), MayPlan: me.may(loa.EditOutreach) && form.IsSession(),
		Version: r.FormValue("v"), Units: optionsOf(r, "cadence.unit.", loa.Units), Errors: map[string]string{}, On: s.asOf(r)}
	body.EditURL = "/matrix/cell?segment=" + string(seg.ID) + "&form=" + string(form) + "&v=" + body.Version + "&edit=1"
	officers, err := s.officerNames(r)
	if err != nil {
		return body, err
	}
	m, err := s.matrixChosen(r)
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	body.InForce = m.State == "signed"
	for i := range m.Lines {
		if l := &m.Lines[i]; l.Segment == seg.ID && l.Form == form {
			body.Line, body.Cadence, body.Officer, body.PerVillage = l, cadenceText(r, l.Cadence), officers.by[l.Officer].Name, l.PerVillage
		}
	}
	focal := loa.OfficerID("")
	if body.Line != nil {
		focal = body.Line.Officer
	}
	doers, err := s.doers(r, focal)
	if err != nil {
		return body, err
	}
	if body.Officers = officerOptionsOf(doers); body.Line == nil {
		return body, nil
	}
	body.Communes, err = s.matrixCommunes(r, seg.ID, form)
	return body, err
}

func (s *Server) matrixCommunes(r *http.Request, segment loa.SegmentID, form loa.Form) ([]matrixCommune, error) {
	st, err := s.dueAsOf(r, s.asOf(r))
	if err != nil {
		return nil, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	var out []matrixCommune
	asked := map[loa.AreaID]bool{}
	for _, d := range st.All {
		if d.Line.Segment == segment && d.Line.Form == form {
			asked[d.Area] = true
			out = append(out, matrixCommune{Name: names[d.Area], People: d.People, LastOn: d.LastOn, DueOn: d.DueOn, LateBy: d.LateBy, NextOn: d.NextOn, PlanURL: s.planURL(st, d),
				Villages: d.Villages, Behind: d.Behind, Village: names[d.Village]})
		}
	}
	for _, c := range st.In.Communes { // nothing is asked of these now, but they have been served or will be
		if n := st.In.People[segment][c]; n > 0 && !asked[c] && form.IsSession() {
			last := st.In.Held[planning.Cell{Segment: segment, Form: form, Area: c}]
			out = append(out, matrixCommune{Name: names[c], People: n, LastOn: last.On, NextOn: last.NextOn})
		}
	}
	return out, nil
}

// planURL is where a session for a due cell is begun, with what is known filled in.
func (s *Server) planURL(st *dueState, d loa.Due) string {
	on, _ := planning.Chance(st.In, d)
	q := url.Values{"segment": {string(d.Line.Segment)}, "form": {string(d.Line.Form)}, "area": {string(d.Area)}, "officer": {string(d.Line.Officer)}, "theme": {d.Line.Theme}, "on": {string(on)}}
	return "/sessions/new?" + q.Encode()
}

func (s *Server) matrixCellSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	before, err := s.cellNow(r, loa.SegmentID(f.text("segment")), loa.Form(f.text("form")))
	if err != nil {
		return err
	}
	line := loa.MatrixLine{Segment: loa.SegmentID(f.text("segment")), Form: loa.Form(f.text("form")), Officer: loa.OfficerID(f.text("officer")), Theme: f.text("theme"), PerVillage: f.on("per_village"),
		Cadence: loa.Cadence{Times: int(f.number("times")), Every: int(f.number("every")), Unit: loa.Unit(f.text("unit"))}}
	if line.From = f.day("from"); line.From > s.today() {
		line.From = ""
	}
	if line.Cadence.Unit == loa.EachMarket || line.Cadence.Unit == loa.EachFestival {
		line.Cadence.Times, line.Cadence.Every = 1, 1
	}
	if _, err := s.DB.Segment(r.Context(), scopeOf(r), line.Segment); err != nil {
		return err
	}
	if line.Officer != "" {
		if _, err := s.DB.Officer(r.Context(), whoOf(r).Whole, line.Officer); err != nil {
			return err
		}
	}
	if err := f.take(s.DB.SaveMatrixLine(r.Context(), scopeOf(r), s.by(r), line)); err != nil {
		return err
	}
	if !f.ok() {
		body, err := s.matrixCellBody(r)
		if err != nil {
			return err
		}
		body.Edit, body.Errors, body.Line = true, f.Errors, &line
		return s.render(w, r, "matrix_cell", page{Title: t(r, "matrix.cell.title", body.SegmentName, t(r, "form."+string(body.Form))), Active: "matrix", Body: body, Status: http.StatusUnprocessableEntity})
	}
	undo := "/matrix/cell/drop?segment=" + string(line.Segment) + "&form=" + string(line.Form)
	if before != nil {
		undo = putBack(*before)
	}
	return s.done(w, r, "/matrix?v=draft", t(r, "matrix.line_saved"), undo)
}

// cellNow is the line of a cell in the draft, or in the version the next draft begins from; nil when there is none.
func (s *Server) cellNow(r *http.Request, segment loa.SegmentID, form loa.Form) (*loa.MatrixLine, error) {
	m, err := s.DB.MatrixDraft(r.Context(), scopeOf(r))
	if loa.KindOf(err) == loa.NotFound {
		m, err = s.DB.MatrixInForce(r.Context(), scopeOf(r), s.today())
	}
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return nil, err
	}
	for i := range m.Lines {
		if l := &m.Lines[i]; l.Segment == segment && l.Form == form {
			return l, nil
		}
	}
	return nil, nil
}

// putBack is the address that writes a cell as it was.
func putBack(l loa.MatrixLine) string {
	q := url.Values{"segment": {string(l.Segment)}, "form": {string(l.Form)}, "times": {strconv.Itoa(l.Cadence.Times)}, "every": {strconv.Itoa(l.Cadence.Every)}, "unit": {string(l.Cadence.Unit)},
		"officer": {string(l.Officer)}, "theme": {l.Theme}, "from": {string(l.From)}}
	if l.PerVillage {
		q.Set("per_village", "1")
	}
	return "/matrix/cell?" + q.Encode()
}

func (s *Server) matrixCellDrop(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	segment, form, undo := loa.SegmentID(f.text("segment")), loa.Form(f.text("form")), ""
	before, err := s.cellNow(r, segment, form)
	if err != nil {
		return err
	}
	if err := s.DB.DropMatrixLine(r.Context(), scopeOf(r), s.by(r), segment, form); err != nil {
		return err
	}
	if before != nil {
		undo = putBack(*before)
	}
	return s.done(w, r, "/matrix?v=draft", t(r, "matrix.line_dropped"), undo)
}
