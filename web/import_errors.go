package web

import (
	"bytes"
	"encoding/json"
	"net/http"
	"path/filepath"
	"strings"

	"loa"
	"loa/auth"
	"loa/sheet"
)

// importErrors gives the rows that were not taken back as a file in the layout they came in, with one more column saying why,
// so that they can be mended there and brought in again. It holds what the file held and is recorded as an export.
func (s *Server) importErrors(w http.ResponseWriter, r *http.Request) error {
	i, err := s.DB.Import(r.Context(), whoOf(r).Whole, loa.ImportID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if !i.KeepsRows(s.Now()) {
		return loa.ErrNotFound
	}
	reasons, err := s.importReasons(r, i)
	if err != nil {
		return err
	}
	if len(reasons) == 0 {
		return loa.ErrNotFound
	}
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	raw, err := s.DB.ImportFile(r.Context(), i.ID)
	if err != nil {
		return err
	}
	plain, err := s.Sealer.Open(auth.Place{Office: string(i.Office), Column: "import_file.bytes", Record: string(i.ID)}, raw)
	if err != nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	var m struct {
		Sheet   int `json:"sheet"`
		Heading int `json:"heading"`
	}
	if err := json.Unmarshal([]byte(i.Mapping), &m); err != nil {
		return loa.Refuse(loa.Conflict, "", "import_state")
	}
	book, err := sheet.Open(i.FileName, strings.NewReader(plain), int64(len(plain)))
	if err != nil {
		return err
	}
	var out bytes.Buffer
	ext, kind := ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	var table tableWriter = sheet.NewXLSX(&out)
	if book.Format() == "csv" { // back the way it came
		ext, kind = ".csv", "text/csv; charset=utf-8"
		table = sheet.NewCSV(&out)
	}
	if err := writeErrors(table, book, m.Sheet, m.Heading, reasons, t(r, "import.reason_column")); err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), i.Office, s.by(r), "exported", "import", string(i.ID), "errors"); err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(i.FileName), filepath.Ext(i.FileName)) + "-" + t(r, "import.errors_file") + ext
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", attachmentName(name))
	_, err = out.WriteTo(w)
	return err
}

// importReasons is why each row was not taken, by its number in the file.
func (s *Server) importReasons(r *http.Request, i loa.Import) (map[int]string, error) {
	out := map[int]string{}
	for _, outcome := range []string{"error", "conflict"} {
		for after := 0; ; {
			lines, err := s.DB.ImportLines(r.Context(), i.ID, outcome, after, 2000)
			if err != nil {
				return nil, err
			}
			if len(lines) == 0 {
				break
			}
			for _, l := range lines {
				out[l.No] = importReason(r, l.Reason)
				after = l.No
			}
		}
	}
	return out, nil
}

// tableWriter is a file of rows, of either kind.
type tableWriter interface {
	Sheet(sheet.Layout) error
	Row(...sheet.Value) error
	Close() error
}

func writeErrors(x tableWriter, book *sheet.Book, no, heading int, reasons map[int]string, title string) error {
	if err := x.Sheet(sheet.Layout{Name: title}); err != nil {
		return err
	}
	width := 0
	for row, err := range book.Rows(no) {
		if err != nil {
			return err
		}
		reason, wrong := reasons[row.Number]
		if row.Number == heading {
			reason, wrong, width = title, true, len(row.Cells)
		}
		if !wrong {
			continue
		}
		values := make([]sheet.Value, 0, width+1)
		for n := range max(width, len(row.Cells)) {
			values = append(values, sheet.Text(row.Text(n)))
		}
		if err := x.Row(append(values, sheet.Text(reason))...); err != nil {
			return err
		}
	}
	return x.Close()
}

// attachmentName keeps a file name inside its header, whatever letters it has.
func attachmentName(name string) string {
	ascii := strings.Map(func(c rune) rune {
		if c < 32 || c > 126 || c == '"' || c == '\\' || c == '/' {
			return '_'
		}
		return c
	}, name)
	var b strings.Builder
	for _, c := range []byte(name) {
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '.' || c == '-' || c == '_' {
			b.WriteByte(c)
		} else {
			const hex = "0123456789ABCDEF"
			b.Write([]byte{'%', hex[c>>4], hex[c&15]})
		}
	}
	return `attachment; filename="` + ascii + `"; filename*=UTF-8''` + b.String()
}
