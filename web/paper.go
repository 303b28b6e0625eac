package web

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net/http"
	"strconv"

	"loa"
	"loa/pdf"
)

// Printer is what the pages need of the door to PDF.
type Printer interface {
	Ready() bool
	Print(ctx context.Context, html []byte, paper pdf.Paper) ([]byte, error)
}

// Files are what a printed page may load: static/ and nothing else.
func Files() fs.FS { return staticOnly{} }

type staticOnly struct{}

func (staticOnly) Open(name string) (fs.File, error) {
	if len(name) < 7 || name[:7] != "static/" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return files.Open(name)
}

// paperPage is a page that is nothing but sheets of paper: its template defines "sheets" (the paper) and "sheet_style" (its style
// sheet). The same HTML is shown in the browser, printed from there, and made a PDF of.
type paperPage struct {
	Title string
	Back  string    // where the button above the paper leads
	File  string    // the name of the PDF, without .pdf
	Paper pdf.Paper // for pages that do not name their size themselves
	Note  string    // said above the paper on the screen, never printed
	Body  any
	PDF   string // the address of the same as PDF; filled in, empty where none can be made
}

// onPaper answers with the sheets: as a page to look at and print, or as PDF when the address says as=pdf.
func (s *Server) onPaper(w http.ResponseWriter, r *http.Request, name string, p paperPage) error {
	if r.URL.Query().Get("as") != "pdf" {
		if s.canPDF() {
			q := r.URL.Query()
			q.Set("as", "pdf")
			p.PDF = r.URL.Path + "?" + q.Encode()
		}
		buf, err := s.drawPaper(w, r, name, p)
		if err != nil {
			return err
		}
		return write(w, 0, buf)
	}
	if !s.canPDF() {
		return loa.Refuse(loa.Conflict, "", "no_chromium")
	}
	buf, err := s.drawPaper(w, r, name, p)
	if err != nil {
		return err
	}
	out, err := s.PDF.Print(r.Context(), buf.Bytes(), p.Paper)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/pdf")
	w.Header().Set("Content-Length", strconv.Itoa(len(out)))
	w.Header().Set("Content-Disposition", `inline; filename="`+p.File+`.pdf"`)
	_, _ = w.Write(out) // the visitor may have gone; nothing is lost
	return nil
}

func (s *Server) canPDF() bool { return s.PDF != nil && s.PDF.Ready() }

// drawPaper draws the whole document of a page of sheets.
func (s *Server) drawPaper(w http.ResponseWriter, r *http.Request, name string, p paperPage) (*bytes.Buffer, error) {
	t, err := s.template(r, name)
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	if err := t.ExecuteTemplate(&buf, "paper", s.view(w, r, page{Title: p.Title, Body: p})); err != nil {
		return nil, fmt.Errorf("draw %s: %w", name, err)
	}
	return &buf, nil
}
