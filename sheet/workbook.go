package sheet

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"strings"
)

// workbook is an opened XLSX file: where its sheets lie and what its cells refer to.
type workbook struct {
	archive *archive
	sheets  []Sheet
	parts   []string // the part of each sheet
	shared  string   // the part with shared texts, "" when there is none
	styled  string   // the part with styles, "" when there is none
	mac     bool     // days count from 1904

	loaded bool
	texts  *texts
	styles []style
}

// link is one line of a relationships part.
type link struct{ kind, target string }

func openXLSX(r io.ReaderAt, size int64, l Limits) (*Book, error) {
	a, err := openArchive(r, size, l)
	if err != nil {
		return nil, err
	}
	if code := a.otherDocument(); code != "" {
		return nil, &Error{Code: code}
	}
	if err := a.checkTypes(); err != nil {
		return nil, err
	}
	w := &workbook{archive: a}
	if err := w.open(); err != nil {
		return nil, err
	}
	return &Book{format: "xlsx", encoding: "utf-8", sheets: w.sheets, rows: w.read}, nil
}

// otherDocument names what an archive is when it is no workbook of Excel's open format.
func (a *archive) otherDocument() Code {
	has := func(part string) bool { return a.parts[part] != nil }
	switch {
	case has("[content_types].xml") && has("xl/workbook.bin"):
		return BinaryXLSB
	case has("[content_types].xml"):
		return ""
	case has("mimetype") && has("content.xml"):
		return OpenDocument
	}
	return NotATable
}

// checkTypes refuses programs and outside links by the types of the parts, which cannot be hidden
// behind another file name, and by their usual folders.
func (a *archive) checkTypes() error {
	for name := range a.parts {
		switch {
		case strings.HasPrefix(name, "xl/macrosheets/"), strings.HasPrefix(name, "xl/activex/"):
			return &Error{Code: Macros}
		case strings.HasPrefix(name, "xl/externallinks/"):
			return &Error{Code: ExternalLinks}
		}
	}
	return a.eachTag("[content_types].xml", func(s *scanner) error {
		kind := strings.ToLower(string(attr(s.attrs, "ContentType")))
		if end := strings.ToLower(string(attr(s.attrs, "Extension"))); end != "" && !a.hasEnding("."+end) {
			return nil // a type for parts this file does not have: some programs list them all
		}
		switch {
		case strings.Contains(kind, "macro"), strings.Contains(kind, "vbaproject"), strings.Contains(kind, "activex"):
			return &Error{Code: Macros}
		case strings.Contains(kind, "externallink"):
			return &Error{Code: ExternalLinks}
		}
		return nil
	})
}

// hasEnding says whether any part's name ends so.
func (a *archive) hasEnding(end string) bool {
	for name := range a.parts {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// eachTag walks a small part and hands over every opening tag.
func (a *archive) eachTag(part string, act func(*scanner) error) error {
	in, err := a.open(part)
	if err != nil {
		return err
	}
	defer in.Close()
	s, err := newScanner(in)
	if err != nil {
		return err
	}
	for {
		switch t, err := s.next(); {
		case err != nil:
			return err
		case t == tokenEnd:
			return nil
		case t == tokenOpen:
			if err := act(s); err != nil {
				return err
			}
		}
	}
}

// links reads the relationships of a part, with targets as names of parts.
func (a *archive) links(part string) (map[string]link, error) {
	found := map[string]link{}
	dir, file := path.Split(part)
	err := a.eachTag(dir+"_rels/"+file+".rels", func(s *scanner) error {
		if string(s.name) != "Relationship" || string(attr(s.attrs, "TargetMode")) == "External" {
			return nil
		}
		target, err := attrText(s.attrs, "Target")
		if err != nil {
			return err
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join(dir, target)
		}
		kind := string(attr(s.attrs, "Type"))
		found[string(attr(s.attrs, "Id"))] = link{kind[strings.LastIndexByte(kind, '/')+1:], partName(path.Clean(target))}
		return nil
	})
	return found, err
}

// open finds the workbook part and the sheets in it.
func (w *workbook) open() error {
	roots, err := w.archive.links("")
	if err != nil {
		return err
	}
	main := ""
	for _, l := range roots {
		if l.kind == "officeDocument" {
			main = l.target
		}
	}
	if main == "" {
		return &Error{Code: NotATable}
	}
	links, err := w.archive.links(main)
	if err != nil {
		return err
	}
	for _, l := range links {
		switch l.kind {
		case "sharedStrings":
			w.shared = l.target
		case "styles":
			w.styled = l.target
		}
	}
	isWorkbook := false
	err = w.archive.eachTag(main, func(s *scanner) error {
		switch string(s.name) {
		case "workbook":
			isWorkbook = true
		case "workbookPr":
			w.mac = truth(attr(s.attrs, "date1904"))
		case "sheet":
			return w.addSheet(s.attrs, links)
		}
		return nil
	})
	switch {
	case err != nil:
		return err
	case !isWorkbook:
		return &Error{Code: NotATable}
	case len(w.sheets) == 0:
		return damaged(errors.New("a workbook without a worksheet"))
	}
	return nil
}

// addSheet keeps a worksheet; charts and old dialogs have no rows.
func (w *workbook) addSheet(attrs []byte, links map[string]link) error {
	name, err := attrText(attrs, "name")
	if err != nil {
		return err
	}
	id := ""
	for key, value := range eachAttr(attrs) {
		// The relationship's id is the only prefixed one; sheetId has another name.
		if string(localName(key)) == "id" {
			id = string(value)
		}
	}
	l, ok := links[id]
	switch {
	case !ok:
		return damaged(errors.New("a sheet without a part"))
	case l.kind != "worksheet":
		return nil
	}
	state := string(attr(attrs, "state"))
	w.sheets = append(w.sheets, Sheet{Name: name, Hidden: state == "hidden" || state == "veryHidden"})
	w.parts = append(w.parts, l.target)
	return nil
}

// load reads styles and shared texts once, before the first row.
func (w *workbook) load() error {
	if w.loaded {
		return nil
	}
	if w.styled != "" && w.archive.parts[w.styled] != nil {
		styles, err := readStyles(w.archive, w.styled)
		if err != nil {
			return err
		}
		w.styles = styles
	}
	w.texts = &texts{}
	if w.shared != "" && w.archive.parts[w.shared] != nil {
		texts, err := readTexts(w.archive, w.shared)
		if err != nil {
			return err
		}
		if c, ok := oldFont(texts.all()); ok {
			return &Error{Code: LegacyFont, Err: fmt.Errorf("letters of %s", c)}
		}
		w.texts = texts
	}
	w.loaded = true
	return nil
}

// truth reads the ways XML writes true.
func truth(value []byte) bool {
	return string(value) == "1" || string(value) == "true"
}

// attrText gives an attribute with its entities resolved.
func attrText(attrs []byte, name string) (string, error) {
	text, err := appendText(nil, attr(attrs, name), false)
	return string(text), err
}

// eachAttr goes through the attributes of a tag.
func eachAttr(attrs []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(key, value []byte) bool) {
		for {
			key, value, rest, ok := nextAttr(attrs)
			if !ok || !yield(key, value) {
				return
			}
			attrs = rest
		}
	}
}
