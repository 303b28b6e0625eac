package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/auth"
	"loa/importing"
	"loa/matching"
	"loa/sheet"
	"loa/vn"
)

// officialList is what was understood of an official list.
type officialList struct {
	Rows    []matching.Listed
	Skipped int // rows about another month or scheme
}

// officialHead says what the columns of a list mean. Scheme and Month are -1 where there is no such column.
type officialHead struct {
	Sheet, Row    int
	Columns       importing.Mapping
	Scheme, Month int
}

// officialHeadings finds the first sheet with headings that name people.
func officialHeadings(book *sheet.Book) (officialHead, error) {
	for n, sh := range book.Sheets() {
		if sh.Hidden {
			continue
		}
		var first [][]string
		var numbers []int
		for row, err := range book.Rows(n) {
			if err != nil {
				return officialHead{}, err
			}
			cells := make([]string, len(row.Cells))
			for k, c := range row.Cells {
				cells[k] = c.Text
			}
			first, numbers = append(first, cells), append(numbers, row.Number)
			if len(first) == 30 {
				break
			}
		}
		at, columns, ok := importing.FindHeadings(first)
		if !ok {
			continue
		}
		head := officialHead{Sheet: n, Row: numbers[at], Columns: columns, Scheme: -1, Month: -1}
		figures, _ := importing.GuessFigures(first[at])
		if columns[figures.Scheme] == "" {
			head.Scheme = figures.Scheme
		}
		if columns[figures.Month] == "" {
			head.Month = figures.Month
		}
		return head, nil
	}
	return officialHead{}, loa.Refuse(loa.Invalid, "file", "no_headings")
}

// officialReader is what reading an official list needs to know.
type officialReader struct {
	sealer   *auth.Sealer
	today    loa.Day
	communes map[string]loa.AreaID
}

// readOfficial reads the rows of one month and scheme. Numbers are kept as their blind index only, and the last digits.
func readOfficial(book *sheet.Book, x loa.Reconciliation, with officialReader) (officialList, error) {
	var out officialList
	head, err := officialHeadings(book)
	if err != nil {
		return out, err
	}
	for row, err := range book.Rows(head.Sheet) {
		if err != nil {
			return out, err
		}
		if row.Number <= head.Row {
			continue
		}
		if other(head, row, x.Month, x.Scheme) {
			out.Skipped++
			continue
		}
		if l, ok := with.listed(head, row); ok {
			out.Rows = append(out.Rows, l)
		}
	}
	if len(out.Rows) == 0 {
		return out, loa.Refuse(loa.Invalid, "file", "no_rows_of_month")
	}
	return out, nil
}

// other says that a row is about another month or scheme than the one compared. A row that does not say counts.
func other(head officialHead, row sheet.Row, month loa.Month, scheme loa.Scheme) bool {
	if head.Scheme >= 0 {
		if sc, ok := importing.SchemeOf(row.Text(head.Scheme)); ok && sc != scheme {
			return true
		}
	}
	if head.Month < 0 {
		return false
	}
	c := row.Cell(head.Month)
	if d, ok := c.Day(); ok && c.Kind == sheet.KindDate {
		return loa.MakeMonth(d.Year, d.Month) != month
	}
	if m, err := loa.ParseMonth(strings.TrimSpace(c.Text)); err == nil {
		return m != month
	}
	m, ok := importing.MonthIn(c.Text)
	return ok && m != month
}

// listed is one row as it is compared; a row with neither name nor number is a total or a signature and no person.
func (o officialReader) listed(head officialHead, row sheet.Row) (matching.Listed, bool) {
	l := matching.Listed{No: row.Number}
	var last, given, village, commune string
	for col, field := range head.Columns {
		text := vn.Tidy(row.Text(col))
		switch field {
		case importing.Name:
			l.Name = text
		case importing.LastName:
			last = text
		case importing.GivenName:
			given = text
		case importing.Village:
			village = text
		case importing.Commune:
			commune = text
		case importing.SINumber:
			if v := importing.Understand(field, row.Cell(col), o.today); v.Text != "" && o.sealer != nil {
				l.SIIndex, l.SITail = o.sealer.Index("person.si_number", v.Text), v.Text[len(v.Text)-3:]
			}
		}
	}
	if l.Name == "" {
		l.Name = strings.TrimSpace(last + " " + given)
	}
	if l.Name == "" && l.SIIndex == "" {
		return l, false
	}
	l.Place = strings.Trim(village+", "+commune, ", ")
	l.Commune = o.communes["commune "+plainPlace(commune)]
	if commune == "" {
		l.Commune = o.communes["village "+plainPlace(village)]
	}
	if vn.Fold(l.Name) == "" {
		l.Fault = "no_name"
	}
	return l, true
}

// placePrefixes are the words in front of a place's name that lists write or leave out.
var placePrefixes = []string{"thon ", "ban ", "doi ", "to dan pho ", "xom ", "khu ", "xa ", "phuong ", "thi tran "}

func plainPlace(s string) string {
	f := vn.Fold(s)
	for _, p := range placePrefixes {
		if rest, ok := strings.CutPrefix(f, p); ok {
			return rest
		}
	}
	return f
}

// communesByName finds a commune by its name, an alias, or the name of a village that only it has.
func communesByName(areas []loa.Area, aliases []loa.AreaAlias) map[string]loa.AreaID {
	more := map[loa.AreaID][]string{}
	for _, a := range aliases {
		more[a.Area] = append(more[a.Area], a.Name)
	}
	stated := statedCommune(areas)
	out, twice := map[string]loa.AreaID{}, map[string]bool{}
	for _, a := range areas {
		kind := "commune "
		if a.Kind == loa.Village {
			kind = "village "
		}
		for _, name := range append(more[a.ID], a.Name) {
			key := kind + plainPlace(name)
			if was, ok := out[key]; ok && was != stated[a.ID] {
				twice[key] = true
			}
			out[key] = stated[a.ID]
		}
	}
	delete(out, "commune ")
	delete(out, "village ")
	for key := range twice {
		delete(out, key)
	}
	return out
}

// statedCommune is the commune of each area; empty under the office's own node, where none is stated.
func statedCommune(areas []loa.Area) map[loa.AreaID]loa.AreaID {
	out := communeOf(areas)
	for _, a := range areas {
		if a.Kind == loa.OfficeNode {
			for id, top := range out {
				if top == a.ID {
					out[id] = ""
				}
			}
		}
	}
	return out
}

// placeNames are villages with their commune, as a line of a list shows them.
func (s *Server) placeNames(r *http.Request) (map[loa.AreaID]string, error) {
	areas, err := s.DB.Areas(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, err
	}
	return villagePlaces(langOf(r), areas), nil
}
