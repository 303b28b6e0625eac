package web

import (
	"net/http"
	"net/url"
	"slices"

	"loa"
	"loa/planning"
)

func (s *Server) matrixRoutes() []route {
	return []route{
		{"GET /matrix", loa.ReadOutreach, s.matrixShow},
		{"GET /matrix/cell", loa.ReadOutreach, s.matrixCell},
		{"POST /matrix/cell", loa.EditMatrix, s.matrixCellSave},
		{"POST /matrix/cell/drop", loa.EditMatrix, s.matrixCellDrop},
		{"GET /matrix/communes", loa.ReadOutreach, s.matrixByCommune},
		{"GET /matrix/compare", loa.ReadOutreach, s.matrixCompare},
		{"GET /matrix/versions", loa.ReadOutreach, s.matrixVersions},
		{"GET /matrix/print", loa.ReadOutreach, s.matrixPrint},
		{"POST /matrix/sign", loa.SignMatrix, s.matrixSign},
		{"POST /matrix/drop", loa.EditMatrix, s.matrixDrop},
		{"POST /matrix/restore", loa.EditMatrix, s.matrixRestore},
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
	Area         loa.AreaID // one commune, empty for all of the scope
	Communes     []option
	On           loa.Day
	Changes      int      // of a draft, against the version in force
	Unused       []option // segments that have no line yet
	CompareURL   string
	LateURL      string // the same page with only the late cells, or with all again
	ByCommuneURL string
	ByFormURL    string
	ByCommune    bool
}

type matrixRow struct {
	ID     loa.SegmentID
	Name   string
	People int
	Cells  []matrixCell
	Lines  int // cells in use
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
	Waits     bool // the next occasion has no day yet
	Tracked   bool
	Behind    int // villages that are late, of a line counted per village
	URL, Part string
	Label     string
}

// matrixChosen is the version asked for: ?v=<id>, ?v=draft, or the one in force.
func (s *Server) matrixChosen(r *http.Request) (loa.Matrix, error) {
	switch v := r.FormValue("v"); v {
	case "":
		m, err := s.DB.MatrixInForce(r.Context(), scopeOf(r), s.asOf(r))
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

// asOf is the day a page of the matrix looks from: ?on=, today when it is not said.
func (s *Server) asOf(r *http.Request) loa.Day {
	if d, ok := readDay(r.FormValue("on")); ok {
		return d
	}
	return s.today()
}

func (s *Server) matrixShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.matrixBody(r)
	if err != nil {
		return err
	}
	context := t(r, "matrix.none")
	if body.Matrix.ID != "" {
		context = t(r, "matrix.context."+body.Matrix.State, body.Matrix.Version, body.Matrix.From.Vietnamese(), len(body.Rows), formsOf(body.Matrix.Lines), len(body.Matrix.Lines))
	}
	if body.On != s.today() {
		context += " · " + t(r, "matrix.as_of_day", body.On.Vietnamese())
	}
	return s.render(w, r, "matrix", page{Title: t(r, "matrix.title"), Context: context, Active: "matrix", Body: body})
}

func formsOf(lines []loa.MatrixLine) int {
	seen := map[loa.Form]bool{}
	for _, l := range lines {
		seen[l.Form] = true
	}
	return len(seen)
}

func (s *Server) matrixBody(r *http.Request) (matrixPage, error) {
	me := whoOf(r)
	body := matrixPage{Sessions: loa.SessionForms, Others: loa.OtherForms, OnlyLate: r.FormValue("late") != "", Officer: r.FormValue("officer"), Version: r.FormValue("v"), On: s.asOf(r), Area: loa.AreaID(r.FormValue("area")),
		MayEdit: me.may(loa.EditMatrix), MaySign: me.may(loa.SignMatrix)}
	m, err := s.matrixChosen(r)
	if err != nil && loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	body.Matrix, body.Draft, body.Old = m, m.State == "draft", m.State == "replaced"
	if draft, err := s.DB.MatrixDraft(r.Context(), scopeOf(r)); err == nil {
		body.HasDraft = true
		if err := s.draftChanges(r, draft, &body); err != nil {
			return body, err
		}
	} else if loa.KindOf(err) != loa.NotFound {
		return body, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return body, err
	}
	body.SignedByName = officers.by[m.SignedBy].Name
	focal := []loa.OfficerID{}
	for _, l := range m.Lines {
		focal = append(focal, l.Officer)
	}
	doers, err := s.doers(r, focal...)
	if err != nil {
		return body, err
	}
	body.Officers = officerOptionsOf(doers)
	st, err := s.dueAsOf(r, body.On)
	if err != nil {
		return body, err
	}
	if body.Communes, err = s.communeOptions(r, st); err != nil {
		return body, err
	}
	if body.Area != "" {
		st = st.of(body.Area)
	}
	body.Late = st.lateCells()
	body.links(r)
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return body, err
	}
	for _, seg := range segments {
		row, used, err := s.matrixRow(r, seg, m, st, officers, body)
		if err != nil {
			return body, err
		}
		whole := body.Draft || body.Matrix.ID == "" && body.MayEdit // every group, so that there is a cell to click
		if used || whole && !body.OnlyLate && body.Officer == "" {
			body.Rows = append(body.Rows, row)
		} else if body.MayEdit && !body.Old && !body.OnlyLate && body.Officer == "" {
			body.Unused = append(body.Unused, option{string(seg.ID), row.Name})
		}
	}
	return body, nil
}

func (s *Server) matrixRow(r *http.Request, seg loa.Segment, m loa.Matrix, st *dueState, officers officerNames, body matrixPage) (matrixRow, bool, error) {
	n, err := s.countOn(r, seg, body.On)
	if err != nil {
		return matrixRow{}, false, err
	}
	row := matrixRow{ID: seg.ID, Name: segmentName(r, seg), People: n}
	used := false
	for i, form := range loa.AllForms() {
		c := matrixCell{Form: form, First: i == 0 || i == len(loa.SessionForms), Tracked: form.IsSession(), Label: row.Name + ", " + t(r, "form."+string(form))}
		query := "?segment=" + string(seg.ID) + "&form=" + string(form) + "&v=" + body.Version
		if body.On != s.today() {
			query += "&on=" + string(body.On)
		}
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
				row.Lines++
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
	for _, commune := range st.In.Communes {
		c.LastOn = max(c.LastOn, st.In.Held[planning.Cell{Segment: c.Line.Segment, Form: c.Form, Area: commune}].On)
	}
	for _, d := range st.All {
		if d.Line.Segment != c.Line.Segment || d.Line.Form != c.Form {
			continue
		}
		c.LateBy = max(c.LateBy, d.LateBy)
		c.Behind += d.Behind
		if c.DueOn == "" || d.DueOn < c.DueOn {
			c.DueOn = d.DueOn
		}
	}
	c.Waits = c.DueOn == "" && c.Tracked && (c.Line.Cadence.Unit == loa.EachFestival || c.Line.Cadence.Unit == loa.EachMarket)
	c.Soon = c.LateBy == 0 && c.DueOn != "" && c.DueOn.Sub(st.In.Today) <= 7
}

// of narrows what is due to one commune.
func (st *dueState) of(commune loa.AreaID) *dueState {
	out := &dueState{Matrix: st.Matrix, In: st.In}
	out.In.Communes = nil
	for _, c := range st.In.Communes {
		if c == commune {
			out.In.Communes = []loa.AreaID{c}
		}
	}
	for _, d := range st.All {
		if d.Area == commune {
			out.All = append(out.All, d)
		}
	}
	return out
}

// communeOptions are the communes of the scope, with "commune not stated" where villages have none.
func (s *Server) communeOptions(r *http.Request, st *dueState) ([]option, error) {
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	var out []option
	for _, c := range st.In.Communes {
		out = append(out, option{string(c), names[c]})
	}
	return out, nil
}

// links are the addresses of the page's other views, with everything else that was chosen.
func (b *matrixPage) links(r *http.Request) {
	q := url.Values{}
	for _, name := range []string{"v", "on", "area", "officer", "late"} {
		if v := r.FormValue(name); v != "" {
			q.Set(name, v)
		}
	}
	at := func(path string, change func(url.Values)) string {
		own := url.Values{}
		for k, v := range q {
			own[k] = v
		}
		change(own)
		if len(own) == 0 {
			return path
		}
		return path + "?" + own.Encode()
	}
	b.LateURL = at("/matrix", func(q url.Values) {
		if q.Del("late"); !b.OnlyLate {
			q.Set("late", "1")
		}
	})
	b.ByFormURL = at("/matrix", func(url.Values) {})
	b.ByCommuneURL = at("/matrix/communes", func(q url.Values) { q.Del("area"); q.Del("late") })
}

// cadenceText is a cadence in the few words of a cell.
func cadenceText(r *http.Request, c loa.Cadence) string {
	if c.Unit == loa.EachMarket || c.Unit == loa.EachFestival {
		return t(r, "cadence."+string(c.Unit))
	}
	if c.Every > 1 && c.Times == 1 {
		return t(r, "cadence.once_every", c.Every, t(r, "cadence.unit."+string(c.Unit)))
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

// doers are the officers something can be given to: who may plan and hold sessions today, and whoever has it already. Who only
// collects, administers or looks on is none.
func (s *Server) doers(r *http.Request, already ...loa.OfficerID) ([]loa.Officer, error) {
	names, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	grants, err := s.DB.Grants(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	may := map[loa.OfficerID]bool{}
	for _, g := range grants {
		may[g.Officer] = may[g.Officer] || g.Holds(s.today()) && g.Role.May(loa.EditOutreach)
	}
	var out []loa.Officer
	for _, o := range names.list {
		if may[o.ID] && o.Collector == "" && o.DisabledAt.IsZero() || slices.Contains(already, o.ID) {
			out = append(out, o)
		}
	}
	return out, nil
}

func officerOptionsOf(list []loa.Officer) (out []option) {
	for _, o := range list {
		out = append(out, option{string(o.ID), o.Name})
	}
	return out
}

func (s *Server) officerNames(r *http.Request) (officerNames, error) {
	r = steady(r)
	return keep(s, r, "officers "+rangesOf(whoOf(r).Whole), func() (officerNames, error) {
		list, err := s.DB.Officers(r.Context(), whoOf(r).Whole)
		if err != nil {
			return officerNames{}, err
		}
		out := officerNames{by: make(map[loa.OfficerID]officerView, len(list)), list: list}
		for _, o := range list {
			out.by[o.ID] = officerView{Name: o.Name, Initials: o.Initials()}
		}
		return out, nil
	})
}
