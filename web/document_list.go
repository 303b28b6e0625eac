package web

import (
	"net/http"
	"net/url"

	"loa"
	"loa/store"
)

// documentsPage lists every document and form of the office for a month, a commune and a collector.
type documentsPage struct {
	Month      loa.Month
	MonthIn    string // as it stands inside a sentence
	Months     []option
	Commune    string
	Communes   []option
	Collector  string
	Collectors []option
	Papers     []documentLine
	Sessions   []documentSession
	More       int // sessions of the month beyond those listed
	Lists      []documentLine
	From, To   loa.Day // of the lists
	CanPDF     bool
	MayPeople  bool
	MayExport  bool
	MayReveal  bool
	Errors     map[string]string
	Reason     string
	Source     string // of a list: paid or registered
	Numbers    bool
}

// documentLine is one document with its three ways out.
type documentLine struct {
	Key, Name, Note, Number string
	Print, PDF, Word, Excel string
}

// documentSession is a session with its papers.
type documentSession struct {
	Title, URL, Day string
	Papers          []documentLine
}

// sessionsListed is how many sessions the page shows; the list of sessions has the others.
const sessionsListed = 40

func (s *Server) documentList(w http.ResponseWriter, r *http.Request) error {
	body, err := s.documentsBody(r)
	if err != nil {
		return err
	}
	return s.documentsDraw(w, r, body, 0)
}

func (s *Server) documentsDraw(w http.ResponseWriter, r *http.Request, body *documentsPage, status int) error {
	return s.render(w, r, "document_list", page{Title: t(r, "document.list.title"), Context: t(r, "document.list.context"), Active: "documents", Body: body, Status: status})
}

func (s *Server) documentsBody(r *http.Request) (*documentsPage, error) {
	me := whoOf(r)
	month, err := s.figureMonth(r, "month")
	if err != nil {
		return nil, err
	}
	body := &documentsPage{Month: month, MonthIn: lowerFirst(periodText(r, loa.Period{From: month, To: month})), Commune: r.FormValue("commune"), Collector: r.FormValue("collector"), CanPDF: s.canPDF(), Errors: map[string]string{},
		MayPeople: me.may(loa.ReadPeople), MayExport: me.may(loa.ExportPeople), MayReveal: me.may(loa.RevealID) && s.Sealer != nil, From: month.First(), To: min(month.Last(), max(s.today(), month.First()))}
	for _, ahead := range []int{3, 2, 1} {
		m := s.today().Month().Add(ahead)
		body.Months = append(body.Months, option{string(m), t(r, "coverage.month", m.Number(), m.Year())})
	}
	body.Months = append(body.Months, s.monthOptions(r, s.today().Month())...)
	for _, a := range me.Areas {
		name := a.Label()
		if a.Kind == loa.OfficeNode {
			name = t(r, "area.no_commune")
		}
		body.Communes = append(body.Communes, option{string(a.ID), name})
	}
	if me.may(loa.ReadEnrolment) {
		if body.Collectors, err = s.documentCollectors(r); err != nil {
			return nil, err
		}
	}
	if err := s.documentPapers(r, body); err != nil {
		return nil, err
	}
	if !me.may(loa.ReadOutreach) {
		return body, nil
	}
	return body, s.documentSessions(r, body)
}

// documentCollectors are the organisations and their agents a list can be of.
func (s *Server) documentCollectors(r *http.Request) ([]option, error) {
	list, _, err := s.DB.Collectors(r.Context(), whoOf(r).Whole, store.ListPage{Take: 500})
	if err != nil {
		return nil, err
	}
	var out []option
	for _, c := range list {
		out = append(out, option{string(c.ID), c.Name})
	}
	return out, nil
}

// waysOut are the addresses of a document: to look at and print, as PDF, as a file to edit.
func (s *Server) waysOut(key, name, note, path string, q url.Values) documentLine {
	at := func(format string) string {
		own := url.Values{}
		for k, v := range q {
			if len(v) > 0 && v[0] != "" {
				own[k] = v
			}
		}
		if format != "" {
			own.Set("format", format)
		}
		if len(own) == 0 {
			return path
		}
		return path + "?" + own.Encode()
	}
	line := documentLine{Key: key, Name: name, Note: note, Print: at(""), Word: at("docx")}
	if s.canPDF() {
		line.PDF = at("pdf")
	}
	return line
}

func (s *Server) documentPapers(r *http.Request, body *documentsPage) error {
	me := whoOf(r)
	for _, kind := range reportKinds {
		p := reportPeriod(kind, body.Month)
		body.Papers = append(body.Papers, s.waysOut("report_"+kind, t(r, "document.list.report", lowerFirst(reportPeriodText(r, kind, p))), "", "/documents/report", url.Values{"kind": {kind}, "month": {string(body.Month)}, "commune": {body.Commune}}))
	}
	body.Papers[0].Note = t(r, "document.report.note")
	body.Papers = append(body.Papers, s.waysOut("figures", t(r, "document.list.figures", body.MonthIn), "", "/reports/print", url.Values{"from": {string(body.Month)}, "to": {string(body.Month)}}))
	if !me.may(loa.ReadOutreach) {
		return nil
	}
	body.Papers = append(body.Papers, s.waysOut("plan", t(r, "document.plan.title", body.Month.Number(), body.Month.Year()), "", "/documents/plan", url.Values{"month": {string(body.Month)}, "commune": {body.Commune}}))
	m, err := s.DB.MatrixInForce(r.Context(), scopeOf(r), s.today())
	if loa.KindOf(err) == loa.NotFound {
		return nil
	}
	if err == nil {
		body.Papers = append(body.Papers, s.waysOut("matrix", t(r, "matrix.print.title"), t(r, "matrix.print.sub", m.Version, m.From.Vietnamese()), "/matrix/print", url.Values{}))
	}
	return err
}

func (s *Server) documentSessions(r *http.Request, body *documentsPage) error {
	list, err := s.DB.Sessions(r.Context(), scopeOf(r), store.SessionFilter{From: body.Month.First(), To: body.Month.Last(), Area: loa.AreaID(body.Commune), Limit: 1000})
	if err != nil {
		return err
	}
	for _, l := range list {
		if l.State == loa.Cancelled {
			continue
		}
		if len(body.Sessions) == sessionsListed {
			body.More++
			continue
		}
		at := "/sessions/" + string(l.ID)
		row := documentSession{Title: l.Title, URL: at, Day: l.On.Vietnamese()}
		if len(l.Partners) > 0 {
			row.Papers = append(row.Papers, s.waysOut("letters", t(r, "session.letters"), "", at+"/letters", nil))
		}
		if body.MayPeople {
			sheets, err := s.DB.Sheets(r.Context(), scopeOf(r), l.ID)
			if err != nil {
				return err
			}
			if len(sheets) > 0 {
				row.Papers = append(row.Papers, s.waysOut("sheet", t(r, "session.sheet.title."+cmpOr(sheets[0].Kind, "attendance")), "", at+"/sheet", url.Values{"code": {sheets[0].Code}}))
			} else {
				row.Papers = append(row.Papers, documentLine{Key: "sheet", Name: t(r, "session.sheet.title.attendance"), Print: at + "?tab=prepare#sheets", Note: t(r, "document.list.make_sheet")})
			}
		}
		row.Papers = append(row.Papers, s.waysOut("minutes", t(r, "document.minutes.title"), "", at+"/minutes", nil))
		body.Sessions = append(body.Sessions, row)
	}
	return nil
}
