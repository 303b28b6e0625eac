package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/reporting"
)

// closePage is a month before it is signed, or as it was signed with what was corrected since.
type closePage struct {
	Month     loa.Month
	Months    []option
	Text      string
	Report    reporting.Report // as it will be signed, or as it was
	SHA256    string
	Over      bool
	May       bool
	Closed    bool
	Broken    bool // what is kept no longer gives the hash that was signed
	SignedBy  string
	SignedAt  time.Time
	Changed   []changedRow
	PrintURL  string
	Moved     bool // the figures changed between showing and signing
	Gaps      []closeGap
	CloseList []closedMonth
}

type changedRow struct {
	reporting.Changed
	Place, Label string
}

// closeGap is a scheme whose official list and register differ: worth knowing before signing.
type closeGap struct {
	Label string
	N     int64
	URL   string
	None  bool // no official list at all
}

type closedMonth struct {
	Month loa.Month
	By    string
	At    time.Time
	URL   string
}

// closeReport is the report of a month over the whole office as it is signed, and its bytes.
func (s *Server) closeReport(r *http.Request, m loa.Month) (reporting.Report, []byte, error) {
	in := whoOf(r).Whole
	b, err := s.bookIn(r, in, loa.Period{From: m, To: m}, "")
	if err != nil {
		return reporting.Report{}, nil, err
	}
	if !b.Whole {
		return reporting.Report{}, nil, loa.ErrNotFound
	}
	rep := b.Report(b.In.Period)
	raw, err := rep.JSON()
	return rep, raw, err
}

func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

func (s *Server) closeShow(w http.ResponseWriter, r *http.Request) error {
	m, err := s.figureMonth(r, "month")
	if err != nil {
		return err
	}
	return s.closeRender(w, r, m, false)
}

func (s *Server) closeRender(w http.ResponseWriter, r *http.Request, m loa.Month, moved bool) error {
	now, raw, err := s.closeReport(r, m)
	if err != nil {
		return err
	}
	settings, err := s.DB.Settings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	body := closePage{Month: m, Months: s.monthOptions(r, m), Text: t(r, "coverage.month", m.Number(), m.Year()), Report: now, SHA256: hashOf(raw), Moved: moved,
		Over: m.CutOff(settings.CutOffDay) <= s.today(), May: whoOf(r).may(loa.CloseMonth), PrintURL: "/reports/print?from=" + string(m) + "&to=" + string(m)}
	closes, err := s.DB.MonthCloses(r.Context(), whoOf(r).Whole)
	if err != nil {
		return err
	}
	for _, c := range closes {
		body.CloseList = append(body.CloseList, closedMonth{c.Month, officers.by[c.SignedBy].Name, c.SignedAt, "/coverage/close?month=" + string(c.Month)})
	}
	title := "close.title"
	if slices.ContainsFunc(closes, func(c loa.MonthClose) bool { return c.Month == m }) {
		title = "close.title_closed"
		if err := s.closeSigned(r, &body, now, officers); err != nil {
			return err
		}
	}
	for _, scheme := range loa.Schemes {
		f := now.Participation[scheme]
		gap := closeGap{Label: t(r, "scheme."+string(scheme)), N: value(f.Difference), None: !f.Known(), URL: "/coverage/compare?scheme=" + string(scheme) + "&month=" + string(m)}
		if gap.N != 0 || gap.None {
			body.Gaps = append(body.Gaps, gap)
		}
	}
	status := 0
	if moved {
		status = http.StatusConflict
	}
	layout := reportLayout(r, body.Report, true)
	layout.Close = &body
	return s.render(w, r, "report_show", page{Title: t(r, title, m.Number(), m.Year()), Context: t(r, "close.context"), Active: "coverage", Body: layout, Status: status})
}

// closeSigned fills in what was signed, and sets what is different today beside it.
func (s *Server) closeSigned(r *http.Request, body *closePage, now reporting.Report, officers officerNames) error {
	c, err := s.DB.MonthClose(r.Context(), whoOf(r).Whole, body.Month)
	if err != nil {
		return err
	}
	then, err := reporting.Read([]byte(c.Report))
	if err != nil {
		return err
	}
	body.Closed, body.SignedBy, body.SignedAt, body.SHA256 = true, officers.by[c.SignedBy].Name, c.SignedAt, c.SHA256
	body.Broken = hashOf([]byte(c.Report)) != c.SHA256
	body.Report = then
	for _, d := range reporting.Compare(then, now) {
		row := changedRow{Changed: d, Place: d.Name, Label: rowLabel(r, d.Row)}
		switch {
		case d.NotStated:
			row.Place = t(r, "area.no_commune")
		case d.Area == "":
			row.Place = t(r, "coverage.total")
		}
		if d.Register {
			row.Label += " (" + strings.ToLower(t(r, "report.register")) + ")"
		}
		body.Changed = append(body.Changed, row)
	}
	return nil
}

// closeSign signs the month as the director saw it: when the figures changed meanwhile, they are shown anew instead.
func (s *Server) closeSign(w http.ResponseWriter, r *http.Request) error {
	m, err := loa.ParseMonth(r.FormValue("month"))
	if err != nil {
		return err
	}
	_, raw, err := s.closeReport(r, m)
	if err != nil {
		return err
	}
	hash := hashOf(raw)
	if seen := r.FormValue("sha256"); seen != hash {
		return s.closeRender(w, r, m, true)
	}
	if err := s.DB.CloseMonth(r.Context(), whoOf(r).Whole, s.by(r), loa.MonthClose{Month: m, Report: string(raw), SHA256: hash}); err != nil {
		return err
	}
	return s.done(w, r, "/coverage/close?month="+string(m), t(r, "close.done", m.Number(), m.Year()), "")
}
