package web

import (
	"fmt"
	"net/http"

	"loa"
	"loa/sheet"
)

// auditExport hands the filtered log over as a spreadsheet, written while it is read; taking it out is an entry itself.
func (s *Server) auditExport(w http.ResponseWriter, r *http.Request) error {
	b, err := s.auditPage(r)
	if err != nil {
		return err
	}
	me := whoOf(r)
	if err := s.DB.Audit(r.Context(), me.Office.ID, s.by(r), "exported", "audit", "", ""); err != nil {
		return err
	}
	officers, err := s.DB.Officers(r.Context(), me.Whole)
	if err != nil {
		return err
	}
	names := map[loa.OfficerID]loa.Officer{}
	for _, o := range officers {
		names[o.ID] = o
	}
	download(w, "nhat-ky.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	x := sheet.NewXLSX(w)
	head := []string{t(r, "audit.no"), t(r, "audit.when"), t(r, "audit.officer"), t(r, "audit.act"), t(r, "audit.about"), t(r, "audit.detail"), t(r, "audit.hash")}
	if err := x.Sheet(sheet.Layout{Name: t(r, "admin.audit"), Titles: []string{me.Office.Name, t(r, "audit.title")}, Heading: head, Widths: []float64{8, 18, 24, 20, 24, 40, 66}}); err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	before := int64(0)
	for {
		entries, err := s.DB.AuditLog(r.Context(), me.Whole, b.Filter, before, 1000)
		if err != nil {
			return err
		}
		for _, a := range entries {
			l := auditLineOf(r, a, names)
			if err := x.Row(sheet.Int(a.No), sheet.Text(l.When), sheet.Text(l.Officer), sheet.Text(l.Act), sheet.Text(l.About), sheet.Text(l.Detail), sheet.Text(a.Hash)); err != nil {
				return fmt.Errorf("write an entry: %w", err)
			}
			before = a.No
		}
		if len(entries) < 1000 {
			return x.Close()
		}
	}
}
