package web

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"

	"loa"
	"loa/auth"
	"loa/importing"
	"loa/vn"
)

func (s *Server) importRoutes() []route {
	return []route{
		{"GET /imports", loa.ImportFiles, s.importList},
		{"POST /imports", loa.ImportFiles, s.importCreate},
		{"GET /imports/{id}", loa.ImportFiles, s.importShow},
		{"GET /imports/{id}/progress", loa.ImportFiles, s.importProgress},
		{"GET /imports/{id}/errors", loa.ImportFiles, s.importErrors},
		{"POST /imports/{id}/map", loa.ImportFiles, s.importMap},
		{"POST /imports/{id}/apply", loa.ImportFiles, s.importApply},
		{"POST /imports/{id}/undo", loa.ImportFiles, s.importUndo},
		{"POST /imports/{id}/drop", loa.ImportFiles, s.importDrop},
	}
}

type importListPage struct {
	Lines  []importListLine
	Kinds  []option
	Places []option
	Key    bool
	Errors map[string]string
	Prev   string
	Next   string
}

type importListLine struct {
	loa.Import
	By    string
	At    string
	Kind  string
	State string
	Late  bool
}

func (s *Server) importList(w http.ResponseWriter, r *http.Request) error {
	return s.importListWith(w, r, map[string]string{}, 0)
}

func (s *Server) importListWith(w http.ResponseWriter, r *http.Request, errs map[string]string, status int) error {
	n := pageNumber(r)
	all, err := s.DB.Imports(r.Context(), scopeOf(r), (n-1)*20, 21)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body := importListPage{Kinds: options(r, "import.kind.", []string{"people", "participation", "targets"}), Key: s.Sealer != nil, Errors: errs}
	body.Prev, body.Next = pageLinks(r, n, len(all) > 20)
	if me := whoOf(r); len(me.Areas) > 1 {
		body.Places = append(body.Places, option{string(me.Office.Anchor), t(r, "import.whole")})
	}
	for _, a := range whoOf(r).Areas {
		if a.Kind == loa.Commune {
			body.Places = append(body.Places, option{string(a.ID), a.Label()})
		}
	}
	for _, i := range all[:min(len(all), 20)] {
		body.Lines = append(body.Lines, importListLine{Import: i, By: officers.by[i.MadeBy].Name, At: i.MadeAt.Format("02/01/2006 15:04"), Kind: t(r, "import.kind."+i.Kind), State: t(r, "import.state."+i.State),
			Late: i.State == loa.ImportFailed || i.State == loa.ImportPreviewed})
	}
	return s.render(w, r, "import_list", page{Title: t(r, "import.title"), Context: t(r, "import.context"), Active: "people", Body: body, Status: status})
}

// importBytes is the largest file a browser may send.
const importBytes = 100 << 20

func (s *Server) importCreate(w http.ResponseWriter, r *http.Request) error {
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	file, head, err := r.FormFile("file")
	if err != nil {
		return s.importListWith(w, r, map[string]string{"file": t(r, "error.choose_file")}, http.StatusUnprocessableEntity)
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, importBytes+1))
	if err != nil {
		return err
	}
	if len(raw) > importBytes || len(raw) == 0 {
		return s.importListWith(w, r, map[string]string{"file": t(r, "error.file_size", importBytes>>20)}, http.StatusUnprocessableEntity)
	}
	kind := r.FormValue("kind")
	if !loa.OneOf(kind, []string{"people", "participation", "targets"}) {
		return loa.Refuse(loa.Invalid, "kind", "not_in_list")
	}
	if kind == "targets" && !whoOf(r).may(loa.EditTargets) {
		return loa.Refuse(loa.Denied, "", "denied")
	}
	sum := sha256.Sum256(raw)
	i := loa.Import{ID: loa.ImportID(loa.NewID()), Office: whoOf(r).Office.ID, Area: loa.AreaID(r.FormValue("place")), Kind: kind, FileName: filepath.Base(head.Filename), SHA256: hex.EncodeToString(sum[:])}
	sealed, err := s.Sealer.Seal(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, string(raw))
	if err != nil {
		return err
	}
	if err := s.DB.StartImport(r.Context(), whoOf(r).Whole, s.by(r), i, sealed); err != nil {
		return err
	}
	http.Redirect(w, r, "/imports/"+string(i.ID), http.StatusSeeOther)
	return nil
}

type importPage struct {
	Import    loa.Import
	Kind      string
	Step      int
	Busy      bool
	Percent   int
	Failure   string
	Titles    []string
	Columns   []importColumn
	Unused    string // the columns that mean nothing to Loa
	Lines     []importLine
	Outcome   string
	Tabs      []importTab
	Older     string
	CanApply  bool
	CanUndo   bool
	Forgotten bool // too old: the counts are all that is kept
	Wrong     int
}

type importColumn struct {
	No     int
	Title  string
	Field  string
	Fields []option
}

type importTab struct {
	Outcome, Label, URL string
	N                   int
	On                  bool
}

type importLine struct {
	No      int
	Outcome string
	Word    string
	Name    string
	Cells   []string
	Changes []changeLine
	Reason  string
	URL     string
}

type changeLine struct{ Field, Old, New string }

func (s *Server) importShow(w http.ResponseWriter, r *http.Request) error {
	body, err := s.importBody(r)
	if err != nil {
		return err
	}
	title := "import.show.title"
	if body.Step == 3 {
		title = "import.show.title_done"
	}
	return s.render(w, r, "import_show", page{Title: t(r, title, body.Import.FileName), Context: body.Kind, Active: "people", Body: body})
}

func (s *Server) importProgress(w http.ResponseWriter, r *http.Request) error {
	body, err := s.importBody(r)
	if err != nil {
		return err
	}
	if !body.Busy {
		w.Header().Set("HX-Refresh", "true")
	}
	return s.part(w, r, "import_show", "import_progress", body)
}

func (s *Server) importBody(r *http.Request) (*importPage, error) {
	i, err := s.DB.Import(r.Context(), whoOf(r).Whole, loa.ImportID(r.PathValue("id")))
	if err != nil {
		return nil, err
	}
	body := &importPage{Import: i, Kind: t(r, "import.kind."+i.Kind), Outcome: r.FormValue("outcome"), Wrong: i.Conflict + i.Errors}
	switch i.State {
	case loa.ImportReading:
		body.Step, body.Busy = 1, true
	case loa.ImportPreviewed, loa.ImportFailed:
		body.Step = 2
		body.CanApply = i.State == loa.ImportPreviewed && i.New+i.Changed > 0
	default:
		body.Step = 3
		body.Busy = i.State == loa.ImportApplying || i.State == loa.ImportRefreshing || i.State == loa.ImportUndoing
		body.CanUndo = i.CanUndo(s.Now())
	}
	if total := i.New + i.Changed; body.Busy && i.State != loa.ImportReading && total > 0 {
		body.Percent = min(99, 100*i.Done/total)
	}
	if i.Error != "" {
		code, place, limit := loa.SplitReason(i.Error)
		body.Failure = t(r, "error."+code)
		if strings.Contains(body.Failure, "%[1]s") {
			body.Failure = t(r, "error."+code, place, limit)
		}
	}
	for _, o := range []struct {
		key string
		n   int
	}{{"", i.New + i.Changed + i.Same + i.Conflict + i.Errors}, {"new", i.New}, {"changed", i.Changed}, {"same", i.Same}, {"conflict", i.Conflict}, {"error", i.Errors}} {
		body.Tabs = append(body.Tabs, importTab{o.key, t(r, "import.outcome."+o.key), "/imports/" + string(i.ID) + "?outcome=" + o.key, o.n, o.key == body.Outcome})
	}
	s.importColumns(r, body)
	if !i.KeepsRows(s.Now()) {
		body.Forgotten, body.Wrong, body.CanApply = true, 0, false
		return body, nil
	}
	return body, s.importLines(r, body)
}

// importColumns shows what each column was understood as.
func (s *Server) importColumns(r *http.Request, body *importPage) {
	var m struct {
		Columns map[int]importing.Field `json:"columns"`
		Titles  []string                `json:"titles"`
	}
	if body.Import.Kind != "people" || json.Unmarshal([]byte(body.Import.Mapping), &m) != nil {
		return // figures have their own headings, or nothing was understood yet
	}
	body.Titles = m.Titles
	fields := []option{{"", t(r, "import.field.none")}}
	for _, f := range importing.Fields {
		fields = append(fields, option{string(f), t(r, "import.field."+string(f))})
	}
	for n, title := range m.Titles {
		body.Columns = append(body.Columns, importColumn{No: n, Title: title, Field: string(m.Columns[n]), Fields: fields})
		if m.Columns[n] == "" && !loa.OneOf(vn.Key(title), []string{"", "stt", "tt", "no"}) { // a running number is no loss
			body.Unused = joinWords(body.Unused, title)
		}
	}
}

func (s *Server) importLines(r *http.Request, body *importPage) error {
	after, err := strconv.Atoi(r.FormValue("after"))
	if err != nil {
		after = 0
	}
	lines, err := s.DB.ImportLines(r.Context(), body.Import.ID, body.Outcome, after, 51)
	if err != nil {
		return err
	}
	if len(lines) > 50 {
		lines = lines[:50]
		body.Older = "/imports/" + string(body.Import.ID) + "?outcome=" + body.Outcome + "&after=" + strconv.Itoa(lines[49].No)
	}
	for _, l := range lines {
		for k, cell := range l.Cells {
			if d := loa.Day(cell); len(cell) == 10 && d.Valid() {
				l.Cells[k] = d.Vietnamese() // a date of the spreadsheet, as its own window shows it
			}
		}
		for len(l.Cells) < len(body.Titles) {
			l.Cells = append(l.Cells, "") // a short row is coloured to its end
		}
		line := importLine{No: l.No, Outcome: l.Outcome, Word: t(r, "import.outcome."+l.Outcome), Name: l.Name, Cells: l.Cells}
		if l.Outcome != "new" && l.Person != "" {
			line.URL = "/people/" + string(l.Person)
		}
		if l.Reason != "" {
			line.Reason = importReason(r, l.Reason)
		}
		if (l.Outcome == "changed" || strings.HasPrefix(l.Reason, "edited_meanwhile|")) && body.Import.Kind == "people" {
			for _, c := range l.Changes {
				if c.Field == importing.HomeChange {
					continue // shown as the household's number
				}
				line.Changes = append(line.Changes, changeLine{t(r, "import.field."+c.Field), importValue(r, c.Field, c.Old), importValue(r, c.Field, c.New)})
			}
		}
		body.Lines = append(body.Lines, line)
	}
	return nil
}

// importValue writes a value as people read it, and keeps sealed numbers off the page.
func importValue(r *http.Request, field, value string) string {
	switch f := importing.Field(field); {
	case value == "":
		return ""
	case f == importing.NationalID || f == importing.SINumber:
		var sealed loa.Sealed
		if json.Unmarshal([]byte(value), &sealed) == nil {
			return "•••" + sealed.Tail
		}
		return "•••"
	case f == importing.ConsentSMS || f == importing.ConsentCall || f == importing.ConsentZalo:
		return t(r, map[bool]string{true: "people.yes", false: "people.no"}[value == "true"])
	case len(value) == 10 && (f == importing.Born || f == importing.HIUntil || f == importing.VSIUntil):
		return loa.Day(value).Vietnamese()
	}
	return fieldText(r, field, value, nil)
}

// importReason says why a row was not taken; an unreadable cell is named by its column, everything else speaks for itself.
func importReason(r *http.Request, kept string) string {
	code, field, _ := loa.SplitReason(kept)
	reason := t(r, "import.reason."+code)
	if field != "" && (strings.HasPrefix(code, "bad_") || loa.OneOf(code, []string{"cell_too_long", "edited_meanwhile"})) {
		reason = t(r, "import.field."+field) + ": " + reason
	}
	return reason
}

// importMap reads the file again with the columns as the officer means them.
func (s *Server) importMap(w http.ResponseWriter, r *http.Request) error {
	i, err := s.DB.Import(r.Context(), whoOf(r).Whole, loa.ImportID(r.PathValue("id")))
	if err != nil {
		return err
	}
	var m map[string]any
	if err := json.Unmarshal([]byte(i.Mapping), &m); err != nil {
		return loa.Refuse(loa.Conflict, "", "import_state")
	}
	columns := importing.Mapping{}
	f := readForm(r)
	for n := range 200 {
		if v := importing.Field(f.text("column." + strconv.Itoa(n))); v != "" && knownField(v) {
			columns[n] = v
		}
	}
	if !columns.Names() {
		return s.done(w, r, "/imports/"+string(i.ID), t(r, "error.no_name_column"), "")
	}
	m["columns"] = columns
	raw, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if err := s.DB.Remap(r.Context(), whoOf(r).Whole, s.by(r), i.ID, string(raw)); err != nil {
		return err
	}
	http.Redirect(w, r, "/imports/"+string(i.ID), http.StatusSeeOther)
	return nil
}

func knownField(f importing.Field) bool {
	for _, x := range importing.Fields {
		if x == f {
			return true
		}
	}
	return false
}

func (s *Server) importApply(w http.ResponseWriter, r *http.Request) error {
	id := loa.ImportID(r.PathValue("id"))
	stale, err := s.DB.ApplyImport(r.Context(), whoOf(r).Whole, s.by(r), id)
	if err != nil {
		return err
	}
	if stale {
		return s.done(w, r, "/imports/"+string(id), t(r, "import.stale"), "")
	}
	http.Redirect(w, r, "/imports/"+string(id), http.StatusSeeOther)
	return nil
}

func (s *Server) importUndo(w http.ResponseWriter, r *http.Request) error {
	id := loa.ImportID(r.PathValue("id"))
	if err := s.DB.UndoImport(r.Context(), whoOf(r).Whole, s.by(r), id); err != nil {
		return err
	}
	return s.done(w, r, "/imports/"+string(id), t(r, "import.undone"), "")
}

func (s *Server) importDrop(w http.ResponseWriter, r *http.Request) error {
	if err := s.DB.DropImport(r.Context(), whoOf(r).Whole, s.by(r), loa.ImportID(r.PathValue("id"))); err != nil {
		return err
	}
	return s.done(w, r, "/imports", t(r, "import.dropped"), "")
}
