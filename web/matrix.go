package web

import (
	"errors"
	"net/http"
	"strconv"

	"loa"
	"loa/planning"
)

func (s *Server) matrixRoutes() []route {
	return []route{
		{"GET /matrix", loa.ReadOutreach, s.matrixShow},
		{"GET /matrix/cell", loa.ReadOutreach, s.matrixCell},
		{"POST /matrix/cell", loa.EditMatrix, s.matrixCellSave},
		{"POST /matrix/cell/drop", loa.EditMatrix, s.matrixCellDrop},
		{"GET /matrix/versions", loa.ReadOutreach, s.matrixVersions},
		{"GET /matrix/print", loa.ReadOutreach, s.matrixPrint},
		{"POST /matrix/sign", loa.SignMatrix, s.matrixSign},
		{"POST /matrix/drop", loa.EditMatrix, s.matrixDrop},
	}
}

type matrixPage struct {
	Matrix       loa.Matrix
	Draft        bool
	HasDraft     bool
	Rows         []matrixRow
	Sessions     []loa.Form
	Others       []loa.Form
	Late         int
	OnlyLate     bool
	Officer      string
	Officers     []option
	Version      string
	MayEdit      bool
	MaySign      bool
	Old          bool
	SignedByName string
}

type matrixRow struct {
	ID     loa.SegmentID
	Name   string
	People int
	Cells  []matrixCell
}

type matrixCell struct {
	Form      loa.Form
	First     bool // of a band
	Line      *loa.MatrixLine
	Cadence   string
	Officer   officerView
	LastOn    loa.Day
	DueOn     loa.Day
	LateBy    int
	Soon      bool
	Tracked   bool
	URL, Part string
	Label     string
}

// matrixChosen is the version asked for: ?v=<id>, ?v=draft, or the one in force.
func (s *Server) matrixChosen(r *http.Request) (loa.Matrix, error) {
	switch v := r.FormValue("v"); v {
	case "":
		m, err := s.DB.MatrixInForce(r.Context(), scopeOf(r), s.today())
		if loa.KindOf(err) == loa.NotFound {
			return s.DB.MatrixDraft(r.Context(), scopeOf(r))
		}
		return m, err
	case "draft":
		return s.DB.MatrixDraft(r.Context(), scopeOf(r))
	default:
		return s.DB.Matrix(r.Context(), scopeOf(r), loa.MatrixID(v))
	}
}

func (s *Server) matrixShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixBody(r)
	if err != nil {
		return err
	}
	context := t(r, "matrix.none")
	if body.Matrix.ID != "" {
		context = t(r, "matrix.context."+body.Matrix.State, body.Matrix.Version, body.Matrix.From.Vietnamese(), len(body.Rows), len(body.Matrix.Lines))
	}
	return s.render(w, r, "matrix", page{Title: t(r, "matrix.title"), Context: context, Active: "matrix", Body: body})
}

func (s *Server) matrixBody(r *http.Request) (matrixPage, error) {
	me := whoOf(r)
	body := matrixPage{Sessions: loa.SessionForms, Others: loa.OtherForms, OnlyLate: r.FormValue("late") != "", Officer: r.FormValue("officer"), Version: r.FormValue("v"),
		MayEdit: me.may(loa.EditMatrix), MaySign: me.may(loa.SignMatrix)}
	m, err := s.matrixChosen(r)
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	body.Matrix, body.Draft, body.Old = m, m.State == "draft", m.State == "replaced"
	if _, err := s.DB.MatrixDraft(r.Context(), scopeOf(r)); err == nil {
		body.HasDraft = true
	} else if loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return body, err
	}
	body.SignedByName = officers.by[m.SignedBy].Name
	for _, o := range officers.list {
		body.Officers = append(body.Officers, option{string(o.ID), o.Name})
	}
	st, err := s.due(r)
	if err != nil {
		return body, err
	}
	body.Late = st.lateCells()
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return body, err
	}
	for _, seg := range segments {
		row, used, err := s.matrixRow(r, seg, m, st, officers, body)
		if err != nil {
			return body, err
		}
		if used || body.Draft && !body.OnlyLate && body.Officer == "" {
			body.Rows = append(body.Rows, row)
		}
	}
	return body, nil
}

func (s *Server) matrixRow(r *http.Request, seg loa.Segment, m loa.Matrix, st *dueState, officers officerNames, body matrixPage) (matrixRow, bool, error) {
	n, err := s.countOf(r, seg)
	if err != nil {
		return matrixRow{}, false, err
	}
	row := matrixRow{ID: seg.ID, Name: segmentName(r, seg), People: n}
	used := false
	for i, form := range loa.AllForms() {
		c := matrixCell{Form: form, First: i == 0 || i == len(loa.SessionForms), Tracked: form.IsSession(), Label: row.Name + ", " + t(r, "form."+string(form))}
		query := "?segment=" + string(seg.ID) + "&form=" + string(form) + "&v=" + body.Version
		c.URL, c.Part = "/matrix/cell"+query, "/matrix/cell"+query+"&part=1"
		for k := range m.Lines {
			if l := &m.Lines[k]; l.Segment == seg.ID && l.Form == form {
				c.Line = l
			}
		}
		if c.Line != nil {
			fillCell(r, &c, st, officers)
			if body.OnlyLate && c.LateBy == 0 || body.Officer != "" && string(c.Line.Officer) != body.Officer {
				c.Line = nil
			} else {
				used = true
			}
		}
		row.Cells = append(row.Cells, c)
	}
	return row, used, nil
}

// fillCell sums a cell up over its communes: last done anywhere, due where it is due first, late where it is latest.
func fillCell(r *http.Request, c *matrixCell, st *dueState, officers officerNames) {
	c.Cadence = cadenceText(r, c.Line.Cadence)
	c.Officer = officers.by[c.Line.Officer]
	for _, d := range st.All {
		if d.Line.Segment != c.Line.Segment || d.Line.Form != c.Form {
			continue
		}
		c.LastOn = max(c.LastOn, d.LastOn)
		c.LateBy = max(c.LateBy, d.LateBy)
		if c.DueOn == "" || d.DueOn < c.DueOn {
			c.DueOn = d.DueOn
		}
	}
	c.Soon = c.LateBy == 0 && c.DueOn != "" && c.DueOn.Sub(st.In.Today) <= 7
}

// cadenceText is a cadence in the few words of a cell.
func cadenceText(r *http.Request, c loa.Cadence) string {
	if c.Unit == loa.EachMarket || c.Unit == loa.EachFestival {
		return t(r, "cadence."+string(c.Unit))
	}
	if c.Every > 1 {
		return t(r, "cadence.every", c.Times, c.Every, t(r, "cadence.unit."+string(c.Unit)))
	}
	return t(r, "cadence.per", c.Times, t(r, "cadence.unit."+string(c.Unit)))
}

// officerNames are the officers of the office by ID, and in order.
type officerNames struct {
	by   map[loa.OfficerID]officerView
	list []loa.Officer
}

func (s *Server) officerNames(r *http.Request) (officerNames, error) {
	list, err := s.DB.Officers(r.Context(), whoOf(r).Whole)
	if err != nil {
		return officerNames{}, err
	}
	out := officerNames{by: make(map[loa.OfficerID]officerView, len(list)), list: list}
	for _, o := range list {
		out.by[o.ID] = officerView{Name: o.Name, Initials: o.Initials()}
	}
	return out, nil
}

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
}

type matrixCommune struct {
	Name    string
	People  int
	LastOn  loa.Day
	DueOn   loa.Day
	LateBy  int
	NextOn  loa.Day
	PlanURL string
}

func (s *Server) matrixCell(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixCellBody(r)
	if err != nil {
		return err
	}
	body.Edit = r.FormValue("edit") != "" || body.Line == nil
	if r.FormValue("part") != "" {
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
		Version: r.FormValue("v"), Units: optionsOf(r, "cadence.unit.", loa.Units), Errors: map[string]string{}}
	body.EditURL = "/matrix/cell?segment=" + string(seg.ID) + "&form=" + string(form) + "&v=" + body.Version + "&edit=1"
	officers, err := s.officerNames(r)
	if err != nil {
		return body, err
	}
	for _, o := range officers.list {
		body.Officers = append(body.Officers, option{string(o.ID), o.Name})
	}
	m, err := s.matrixChosen(r)
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	body.InForce = m.State == "signed"
	for i := range m.Lines {
		if l := &m.Lines[i]; l.Segment == seg.ID && l.Form == form {
			body.Line, body.Cadence, body.Officer = l, cadenceText(r, l.Cadence), officers.by[l.Officer].Name
		}
	}
	if body.Line == nil {
		return body, nil
	}
	body.Communes, err = s.matrixCommunes(r, seg.ID, form)
	return body, err
}

func (s *Server) matrixCommunes(r *http.Request, segment loa.SegmentID, form loa.Form) ([]matrixCommune, error) {
	st, err := s.due(r)
	if err != nil {
		return nil, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	var out []matrixCommune
	for _, d := range st.All {
		if d.Line.Segment == segment && d.Line.Form == form {
			out = append(out, matrixCommune{Name: names[d.Area], People: d.People, LastOn: d.LastOn, DueOn: d.DueOn, LateBy: d.LateBy, NextOn: d.NextOn, PlanURL: s.planURL(st, d)})
		}
	}
	return out, nil
}

// planURL is where a session for a due cell is begun, with what is known filled in.
func (s *Server) planURL(st *dueState, d loa.Due) string {
	on, _ := planning.Chance(st.In, d)
	return "/sessions/new?segment=" + string(d.Line.Segment) + "&form=" + string(d.Line.Form) + "&area=" + string(d.Area) + "&on=" + string(on)
}

func (s *Server) matrixCellSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	line := loa.MatrixLine{Segment: loa.SegmentID(f.text("segment")), Form: loa.Form(f.text("form")), Officer: loa.OfficerID(f.text("officer")), Theme: f.text("theme"), PerVillage: f.on("per_village"),
		Cadence: loa.Cadence{Times: int(f.number("times")), Every: int(f.number("every")), Unit: loa.Unit(f.text("unit"))}}
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
	return s.done(w, r, "/matrix?v=draft", t(r, "matrix.line_saved"), "")
}

func (s *Server) matrixCellDrop(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	if err := s.DB.DropMatrixLine(r.Context(), scopeOf(r), s.by(r), loa.SegmentID(f.text("segment")), loa.Form(f.text("form"))); err != nil {
		return err
	}
	return s.done(w, r, "/matrix?v=draft", t(r, "matrix.line_dropped"), "")
}

type matrixVersion struct {
	loa.Matrix
	SignedByName string
	URL          string
	No           string
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
	}
	return s.render(w, r, "matrix_versions", page{Title: t(r, "matrix.versions.title"), Active: "matrix", Body: lines})
}

// matrixPrint is the decision table as it is signed; printing it freezes who each segment picked.
func (s *Server) matrixPrint(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixBody(r)
	if err != nil {
		return err
	}
	if body.Matrix.ID == "" {
		return loa.ErrNotFound
	}
	return s.render(w, r, "matrix_print", page{Title: t(r, "matrix.print.title"), Active: "matrix", Body: body})
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
	return s.done(w, r, "/matrix", t(r, "matrix.dropped"), "")
}
