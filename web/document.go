package web

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/i18n"
	"loa/paper"
	"loa/pdf"
)

// documentPage is a page that shows official documents as they are printed, and hands the same out as PDF and as a file to edit.
type documentPage struct {
	Docs     []paper.Document
	File     string // the name of the files, without the ending
	Crumbs   []crumbLink
	Note     string // said above the paper on the screen, never printed
	Number   *loa.Document
	Numbered string // "05 · 30/11/2025" once it has its number
	Key      string // of the button that leads further, with its address
	KeyURL   string
	Empty    *emptyPage
	Word     string
	PDF      string
	Excel    string
	Reveal   string   // where the same is asked for with ID numbers, for a reason
	Hidden   []option // what a posted page sends again with the other ways out
	Several  bool
	People   int    // how many people are named in it: taking them out is written down
	About    string // what the log says it was about
}

type crumbLink struct{ URL, Label string }

// emptyPage says that there is nothing to print yet, and where to make it.
type emptyPage struct{ Icon, Title, Text, URL, Button string }

// documentOut answers with documents: as a page to look at and print, as PDF or as DOCX when the address says so. All three are
// drawn from the same data.
func (s *Server) documentOut(w http.ResponseWriter, r *http.Request, p page, body *documentPage) error {
	body.Several = len(body.Docs) > 1
	switch format := r.FormValue("format"); {
	case len(body.Docs) == 0 && format != "":
		return loa.ErrNotFound
	case format == "":
		if r.Method == http.MethodPost { // its buttons send the form again
			body.PDF, body.Word = "", "1"
			if s.canPDF() {
				body.PDF = "1"
			}
			p.Body = body
			return s.render(w, r, "document", p)
		}
		if body.Number != nil {
			if ok, err := s.mayHere(r, loa.EditOutreach, body.Number.Area); err != nil || !ok {
				body.Number = nil
			}
		}
		q := r.URL.Query()
		body.Word = formatURL(r, q, "docx")
		if s.canPDF() {
			body.PDF = formatURL(r, q, "pdf")
		}
		p.Body = body
		return s.render(w, r, "document", p)
	case format == "docx":
		return s.documentWord(w, r, p, body)
	case format == "pdf":
		return s.documentPDF(w, r, p, body)
	}
	return loa.Refuse(loa.Invalid, "format", "not_in_list")
}

func formatURL(r *http.Request, q url.Values, format string) string {
	own := url.Values{}
	for k, v := range q {
		own[k] = v
	}
	own.Set("format", format)
	return r.URL.Path + "?" + own.Encode()
}

// documentTaken writes down what leaves the office as a file.
func (s *Server) documentTaken(r *http.Request, body *documentPage, format string) error {
	noun, about, detail := "document", body.File, format
	if body.People > 0 {
		noun, about, detail = "people", body.About, body.File+" "+format+" n="+strconv.Itoa(body.People)
	}
	return s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", noun, about, detail)
}

func (s *Server) documentWord(w http.ResponseWriter, r *http.Request, p page, body *documentPage) error {
	var buf bytes.Buffer
	if err := paper.DOCX(&buf, p.Title, body.Docs...); err != nil {
		return err
	}
	if err := s.documentTaken(r, body, "docx"); err != nil {
		return err
	}
	download(w, body.File+".docx", paper.MIME)
	_, _ = buf.WriteTo(w) // the visitor may have gone
	return nil
}

func (s *Server) documentPDF(w http.ResponseWriter, r *http.Request, p page, body *documentPage) error {
	if !s.canPDF() {
		return loa.Refuse(loa.Conflict, "", "no_chromium")
	}
	alone, err := s.documentAlone(r, p.Title, body)
	if err != nil {
		return err
	}
	out, err := s.PDF.Print(r.Context(), alone, pdf.A4)
	if err != nil {
		return err
	}
	if err := s.documentTaken(r, body, "pdf"); err != nil {
		return err
	}
	download(w, body.File+".pdf", "application/pdf")
	_, _ = w.Write(out) // the visitor may have gone
	return nil
}

// documentAlone draws documents as a page of its own, style sheet and all, for whoever makes a PDF of it.
func (s *Server) documentAlone(r *http.Request, title string, body *documentPage) ([]byte, error) {
	css, err := files.ReadFile("static/document.css")
	if err != nil {
		return nil, fmt.Errorf("read the style sheet of documents: %w", err)
	}
	t, err := s.template(r, "document")
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	err = t.ExecuteTemplate(&buf, "document_alone", map[string]any{"Lang": body.Docs[0].Lang, "Title": title, "CSS": template.CSS(css), "Docs": body.Docs, "Several": body.Several}) // our own style sheet
	if err != nil {
		return nil, fmt.Errorf("draw documents alone: %w", err)
	}
	return buf.Bytes(), nil
}

// documentMaker writes the documents of one office in one language.
type documentMaker struct {
	lang   string
	office loa.Office
	signer string // the director, when it is she who prints
}

// maker writes documents in the language of the pages. Letters and forms leave the office, so they are always in Vietnamese.
func (s *Server) maker(r *http.Request, lang string) documentMaker {
	m := documentMaker{lang: lang, office: whoOf(r).Office}
	if whoOf(r).may(loa.CloseMonth) {
		m.signer = whoOf(r).Officer.Name
	}
	return m
}

func (m documentMaker) say(key string, args ...any) string { return i18n.Text(m.lang, key, args...) }

// doc begins a document with the office's own head. The symbol stands before the office's, as in BC-BHXH; a document that has no
// number yet leaves room for it.
func (m documentMaker) doc(symbol string, no int64, on loa.Day) paper.Document {
	d := paper.Document{Lang: m.lang, Head: paper.Head{Superior: m.office.Superior, Issuer: fullOffice(m.office.Name), Nation: m.say("doc.nation"), Motto: m.say("doc.motto"), Dated: m.dated(on)}}
	if symbol != "" {
		number := "      "
		if no > 0 {
			number = paper.Number(no)
		}
		d.Head.Number = m.say("document.number", number, symbol+"-"+m.office.Symbol)
	}
	if m.office.Synthetic {
		d.Notices = append(d.Notices, m.say("report.synthetic"))
	}
	return d
}

// dated is the line with place and day; without a day it is left to be filled in.
func (m documentMaker) dated(on loa.Day) string {
	if on == "" {
		return m.say("letter.date_blank", m.office.Place)
	}
	y, month, day := on.Parts()
	return m.say("letter.date", m.office.Place, m.say("letter.full_day", paper.Day(day), paper.Month(month), y))
}

// director is the signature most documents end with.
func (m documentMaker) director() paper.Sign {
	return paper.Sign{Title: []string{m.say("doc.director")}, Name: m.signer}
}

// receivers is "Nơi nhận" with its lines; the last is what the office keeps.
func (m documentMaker) receivers(lines ...string) paper.Receivers {
	out := paper.Receivers{Head: m.say("report.doc.copies")}
	for _, l := range lines {
		out.List = append(out.List, "- "+l+";")
	}
	out.List = append(out.List, "- "+m.say("report.doc.copy_file")+".")
	return out
}
