package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"loa"
	"loa/sheet"
	"loa/store"
)

// listBook writes a list of people as a workbook while it is read; what is written is recorded before the first row goes out.
type listBook struct {
	s   *Server
	r   *http.Request
	out *sheet.XLSX
}

// beginList records the export and writes the titles and headings. Count is how many people go out.
func (s *Server) beginList(w http.ResponseWriter, r *http.Request, file, about, detail string, count int, l sheet.Layout) (*listBook, error) {
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "people", about, detail+" n="+strconv.Itoa(count)); err != nil {
		return nil, err
	}
	l.Titles = append([]string{whoOf(r).Office.Name}, l.Titles...)
	if whoOf(r).Office.Synthetic {
		l.Titles = append(l.Titles, t(r, "report.synthetic"))
	}
	download(w, file+"-"+string(s.today())+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	b := &listBook{s, r, sheet.NewXLSX(w)}
	return b, b.out.Sheet(l)
}

// end finishes the workbook; when something broke, half a file must not look like a whole one.
func (b *listBook) end(err error) error {
	if err == nil {
		err = b.out.Close()
	}
	if err != nil {
		b.s.Log.Error("export broke off", "path", b.r.URL.Path, "error", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// dayCell is a day as a spreadsheet knows it, empty when there is none.
func dayCell(d loa.Day) sheet.Value {
	if d == "" || d == loa.OpenEnd {
		return sheet.Text("")
	}
	y, m, day := d.Parts()
	return sheet.Day(sheet.Date{Year: y, Month: m, Day: day})
}

// wordCell is a word of a closed list in the reader's language.
func wordCell(r *http.Request, prefix, word string) sheet.Value {
	if word == "" {
		return sheet.Text("")
	}
	return sheet.Text(t(r, prefix+word))
}

// everybody is more people than a list holds.
const everybody = 1 << 30

// renewalExport hands the renewals of the address over in walking order. Who refused to be visited is left out and counted, as on
// paper; who refused calls goes without a telephone.
func (s *Server) renewalExport(w http.ResponseWriter, r *http.Request) error {
	body, f, err := s.renewalsAsked(r)
	if err != nil {
		return err
	}
	rows, _, err := s.DB.Renewals(r.Context(), scopeOf(r), f, s.today(), 0, everybody)
	if err != nil {
		return err
	}
	names, collectors, refused, err := s.aroundRenewals(r, rows)
	if err != nil {
		return err
	}
	all := len(rows)
	rows = slices.DeleteFunc(rows, func(row store.RenewalRow) bool { return refused[row.Person]["visit"] || refused[row.Person]["all"] })
	titles := []string{t(r, "scheme."+body.Scheme), t(r, "renewal.context."+body.Kind, len(rows), body.Within), t(r, "segment.as_of", s.today().Vietnamese())}
	if n := all - len(rows); n > 0 {
		titles = append(titles, t(r, "renewal.refused", n))
	}
	b, err := s.beginList(w, r, "dong-tiep", body.Scheme, "renewals "+body.Kind+" within="+strconv.Itoa(body.Within), len(rows), sheet.Layout{Name: t(r, "renewal.sheet"), Titles: titles,
		Heading: []string{t(r, "person.village"), t(r, "person.name"), t(r, "person.phone"), t(r, "people.no_contact"), t(r, "renewal.until"), t(r, "renewal.last_day"), t(r, "renewal.method"), t(r, "enrolment.collector"), t(r, "renewal.result")},
		Widths:  []float64{32, 26, 16, 18, 14, 14, 16, 30, 24}})
	for _, row := range rows {
		if err != nil {
			break
		}
		phone, no := phoneAllowed(r, loa.Person{Phone: row.Phone}, refused[row.Person])
		err = b.out.Row(sheet.Text(names[row.Area]), sheet.Text(row.Name), sheet.Text(phone), sheet.Text(no), dayCell(row.CoveredUntil), dayCell(row.LastDay), wordCell(r, "method.", string(row.Method)),
			sheet.Text(collectors[row.Collector]), sheet.Text(""))
	}
	if b == nil {
		return err
	}
	return b.end(err)
}

// refusalsOf are the refused channels of many people, asked in parts.
func (s *Server) refusalsOf(r *http.Request, ids []loa.PersonID) (map[loa.PersonID]map[string]bool, error) {
	out := map[loa.PersonID]map[string]bool{}
	for part := range slices.Chunk(ids, exportBatch) {
		some, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", part)
		if err != nil {
			return nil, fmt.Errorf("read who refused: %w", err)
		}
		for id, by := range some {
			out[id] = by
		}
	}
	return out, nil
}

// aroundRenewals is what a list of renewals says beside the people: their villages, their collectors, and what they refused.
func (s *Server) aroundRenewals(r *http.Request, rows []store.RenewalRow) (names map[loa.AreaID]string, collectors map[loa.CollectorID]string, refused map[loa.PersonID]map[string]bool, err error) {
	ids := make([]loa.PersonID, len(rows))
	for i, row := range rows {
		ids[i] = row.Person
	}
	if refused, err = s.refusalsOf(r, ids); err != nil {
		return nil, nil, nil, err
	}
	if names, err = s.placeNames(r); err != nil {
		return nil, nil, nil, err
	}
	collectors, err = s.collectorNames(r)
	return names, collectors, refused, err
}

// registerExport hands one list of the register's quality over in walking order. Nobody is left out, for these are gaps to mend and
// not people to go to; who refused calls goes without a telephone.
func (s *Server) registerExport(w http.ResponseWriter, r *http.Request) error {
	kind := r.PathValue("kind")
	if !loa.OneOf(kind, store.QualityKinds) {
		return loa.ErrNotFound
	}
	list, err := s.DB.QualityList(r.Context(), scopeOf(r), kind, s.today(), 0, everybody)
	if err != nil {
		return err
	}
	ids := make([]loa.PersonID, len(list))
	for i, l := range list {
		ids[i] = l.ID
	}
	refused, err := s.refusalsOf(r, ids)
	if err != nil {
		return err
	}
	names, err := s.placeNames(r)
	if err != nil {
		return err
	}
	titles := []string{t(r, "register.kind."+kind), t(r, "register.why."+kind), t(r, "segment.as_of", s.today().Vietnamese())}
	b, err := s.beginList(w, r, "so-"+kind, kind, "register", len(list), sheet.Layout{Name: t(r, "register.sheet"), Titles: titles,
		Heading: []string{t(r, "person.village"), t(r, "person.name"), t(r, "person.born"), t(r, "field.sex"), t(r, "field.relation"), t(r, "field.poverty"), t(r, "person.phone"), t(r, "people.no_contact"), t(r, "field.note")},
		Widths:  []float64{32, 26, 10, 8, 18, 14, 16, 18, 30}})
	for _, l := range list {
		if err != nil {
			break
		}
		born := sheet.Text("")
		if l.BornYear > 0 {
			born = sheet.Int(int64(l.BornYear))
		}
		phone, no := phoneAllowed(r, loa.Person{Phone: l.Phone}, refused[l.ID])
		err = b.out.Row(sheet.Text(names[l.Area]), sheet.Text(l.Name), born, wordCell(r, "sex.", string(l.Sex)), wordCell(r, "relation.", l.Relation), wordCell(r, "poverty.", l.Poverty), sheet.Text(phone), sheet.Text(no), sheet.Text(""))
	}
	if b == nil {
		return err
	}
	return b.end(err)
}
