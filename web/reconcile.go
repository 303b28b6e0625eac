package web

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strconv"

	"loa"
	"loa/auth"
	"loa/sheet"
)

func (s *Server) reconcileRoutes() []route {
	return []route{
		{"GET /reconcile", loa.ImportFiles, s.reconcileList},
		{"GET /reconcile/{id}/progress", loa.ImportFiles, s.reconcileProgress},
		{"POST /reconcile", loa.ImportFiles, s.reconcileCreate},
		{"GET /reconcile/{id}", loa.ImportFiles, s.reconcileShow},
		{"GET /reconcile/{id}/export", loa.ExportPeople, s.reconcileExport},
		{"POST /reconcile/{id}/sign", loa.CloseMonth, s.reconcileSign},
	}
}

type reconcileListPage struct {
	Lines             []reconcileListLine
	Schemes, Places   []option
	Scheme, Month     string
	Errors            map[string]string
	Prev, Next        string
	Key               bool
	MonthMin, MonthTo string
}

type reconcileListLine struct {
	loa.Reconciliation
	MonthText, SchemeName, Place, By, At string
}

func (s *Server) reconcileList(w http.ResponseWriter, r *http.Request) error {
	return s.reconcileListWith(w, r, map[string]string{}, 0)
}

func (s *Server) reconcileListWith(w http.ResponseWriter, r *http.Request, errs map[string]string, status int) error {
	n := pageNumber(r)
	all, err := s.DB.Reconciliations(r.Context(), whoOf(r).Whole, (n-1)*20, 21)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body := reconcileListPage{Schemes: optionsOf(r, "scheme.", loa.Schemes), Errors: errs, Key: s.Sealer != nil, Scheme: r.FormValue("scheme"), Month: r.FormValue("month")}
	if body.Scheme == "" {
		body.Scheme = string(loa.VoluntarySI)
	}
	if body.Month == "" {
		body.Month = string(s.today().Month())
		if s.today() < s.today().Month().Last() {
			body.Month = string(s.today().Month().Add(-1))
		}
	}
	places := map[loa.AreaID]string{}
	for _, a := range whoOf(r).Areas {
		places[a.ID] = a.Label()
		if a.Kind == loa.OfficeNode {
			places[a.ID] = t(r, "import.whole")
			body.Places = append([]option{{string(a.ID), places[a.ID]}}, body.Places...)
			continue
		}
		body.Places = append(body.Places, option{string(a.ID), places[a.ID]})
	}
	body.Prev, body.Next = pageLinks(r, n, len(all) > 20)
	for _, x := range all[:min(len(all), 20)] {
		body.Lines = append(body.Lines, reconcileListLine{x, monthText(r, x.Month), t(r, "scheme."+string(x.Scheme)), places[x.Area], officers.by[x.MadeBy].Name, moment(x.MadeAt)})
	}
	return s.render(w, r, "reconcile_list", page{Title: t(r, "reconcile.title"), Context: t(r, "reconcile.context"), Active: "register", Body: body, Status: status})
}

func monthText(r *http.Request, m loa.Month) string {
	return t(r, "reconcile.month", fmt.Sprintf("%02d", m.Number()), strconv.Itoa(m.Year()))
}

// reconcileBytes is the largest list a browser may send.
const reconcileBytes = 50 << 20

// reconcileCreate takes an official list and lets it be compared with the register as of the month's end, in the background.
func (s *Server) reconcileCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	month, err := loa.ParseMonth(f.text("month"))
	if err != nil {
		f.bad("month", "error.bad_month")
	}
	scheme, place := loa.Scheme(f.text("scheme")), loa.AreaID(f.text("place"))
	if !scheme.Valid() {
		f.bad("scheme", "error.not_in_list")
	}
	if _, ok := s.placeScope(r, place); !ok {
		f.bad("place", "error.not_in_list")
	}
	raw, name := readUpload(r, f, reconcileBytes)
	if !f.ok() {
		return s.reconcileListWith(w, r, f.Errors, http.StatusUnprocessableEntity)
	}
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	book, err := sheet.Open(name, bytes.NewReader(raw), int64(len(raw)))
	if err == nil {
		_, err = officialHeadings(book) // what is wrong at first sight is said at once
	}
	if err != nil {
		if !fileFault(f, err) {
			return err
		}
		return s.reconcileListWith(w, r, f.Errors, http.StatusUnprocessableEntity)
	}
	x := loa.Reconciliation{ID: loa.ReconciliationID(loa.NewID()), Office: whoOf(r).Office.ID, Area: place, Month: month, Scheme: scheme, FileName: filepath.Base(name)}
	sealed, err := s.Sealer.Seal(auth.Place{Office: string(x.Office), Column: officialFile, Record: string(x.ID)}, string(raw))
	if err != nil {
		return err
	}
	if err := s.DB.StartReconciliation(r.Context(), whoOf(r).Whole, s.by(r), x, sealed); err != nil {
		return err
	}
	http.Redirect(w, r, "/reconcile/"+string(x.ID), http.StatusSeeOther)
	return nil
}

// officialFile names the seal of a kept list.
const officialFile = "import_file.bytes"

// placeScope is what a list covers: one commune, or with the office's own node all the officer may see.
func (s *Server) placeScope(r *http.Request, place loa.AreaID) (loa.Scope, bool) {
	me := whoOf(r)
	for _, a := range me.Areas {
		if a.ID != place {
			continue
		}
		if a.Kind == loa.OfficeNode {
			return me.Whole, true
		}
		return me.Whole.Narrow(a.Path), true
	}
	return loa.Scope{}, false
}

// readUpload takes the file of a form; what is wrong with it is said beside the field.
func readUpload(r *http.Request, f *form, limit int64) ([]byte, string) {
	file, head, err := r.FormFile("file")
	if err != nil {
		f.bad("file", "error.choose_file")
		return nil, ""
	}
	defer file.Close()
	raw, err := io.ReadAll(io.LimitReader(file, limit+1))
	if err != nil || len(raw) == 0 || int64(len(raw)) > limit {
		f.bad("file", "error.file_size", limit>>20)
		return nil, ""
	}
	return raw, filepath.Base(head.Filename)
}

// fileFault says what is wrong with the file itself; false when the fault is ours.
func fileFault(f *form, err error) bool {
	var bad *sheet.Error
	var refusal *loa.Error
	switch {
	case errors.As(err, &bad):
		text := t(f.r, "error.file_"+string(bad.Code))
		if bytes.Contains([]byte(text), []byte("%[1]s")) {
			text = t(f.r, "error.file_"+string(bad.Code), bad.Cell(), strconv.FormatInt(bad.Max, 10))
		}
		f.Errors["file"] = text
	case errors.As(err, &refusal) && refusal.Kind == loa.Invalid:
		f.Errors["file"] = t(f.r, "error."+refusal.Code, refusal.Args...)
	default:
		return false
	}
	return true
}

func (s *Server) reconcileSign(w http.ResponseWriter, r *http.Request) error {
	id := loa.ReconciliationID(r.PathValue("id"))
	err := s.DB.SignReconciliation(r.Context(), whoOf(r).Whole, s.by(r), id)
	f := readForm(r)
	if err := f.take(err); err != nil {
		return err
	}
	to := "/reconcile/" + string(id)
	for _, sentence := range f.Errors {
		s.setFlash(w, r, flash{Kind: "error", Text: sentence})
		http.Redirect(w, r, to, http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, to, t(r, "reconcile.signed"), "")
}
