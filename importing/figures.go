package importing

import (
	"regexp"
	"strconv"
	"strings"

	"loa"
	"loa/sheet"
	"loa/vn"
)

// Figure is one count of a list of participation or one line of a plan.
type Figure struct {
	Commune string // as the list writes it; empty for the whole office
	Scheme  loa.Scheme
	Month   loa.Month // participation
	Year    int       // a plan
	MonthNo int       // a plan of a month; 0 for the year
	Value   int64
	InForce loa.Day
	Doc     string
	Measure string
}

// FigureColumns says what the columns of a list of figures mean: one column per scheme, or a scheme and a count a row.
type FigureColumns struct {
	Commune, Scheme, Month, Year, Value, InForce, Doc, Measure int
	ByScheme                                                   map[int]loa.Scheme
}

// schemeWords are how lists write the schemes, accents and blanks left out; longer ones first where one begins another.
var schemeWords = []struct {
	word   string
	scheme loa.Scheme
}{
	{"bhythogiadinh", loa.HouseholdHI}, {"bhythgd", loa.HouseholdHI}, {"baohiemytehogiadinh", loa.HouseholdHI}, {"householdhi", loa.HouseholdHI}, {"household_hi", loa.HouseholdHI},
	{"bhxhtunguyen", loa.VoluntarySI}, {"bhxhtn", loa.VoluntarySI}, {"baohiemxahoitunguyen", loa.VoluntarySI}, {"voluntarysi", loa.VoluntarySI},
	{"bhxhbatbuoc", loa.CompulsorySI}, {"bhxhbb", loa.CompulsorySI}, {"baohiemxahoibatbuoc", loa.CompulsorySI}, {"compulsorysi", loa.CompulsorySI},
	{"bhthatnghiep", loa.Unemployment}, {"bhtn", loa.Unemployment}, {"baohiemthatnghiep", loa.Unemployment}, {"unemployment", loa.Unemployment},
	{"bhyt", loa.HI}, {"baohiemyte", loa.HI}, {"hi", loa.HI},
}

// SchemeOf reads a scheme as lists write it.
func SchemeOf(s string) (loa.Scheme, bool) {
	key := vn.Key(s)
	for _, w := range schemeWords {
		if key == vn.Key(w.word) {
			return w.scheme, true
		}
	}
	for _, w := range schemeWords {
		if len(w.word) > 4 && strings.HasPrefix(key, vn.Key(w.word)) {
			return w.scheme, true
		}
	}
	return "", false
}

// GuessFigures reads a row of headings of a list of figures; ok is false when there is nothing to count in it.
func GuessFigures(row []string) (FigureColumns, bool) {
	c := FigureColumns{-1, -1, -1, -1, -1, -1, -1, -1, map[int]loa.Scheme{}}
	known := []struct {
		at    *int
		words []string
	}{
		{&c.Commune, []string{"xa", "xaphuong", "donvi", "diaban", "tenxa", "donvihanhchinh", "commune", "area"}}, {&c.Scheme, []string{"chedo", "loaihinh", "scheme"}},
		{&c.Month, []string{"thang", "ky", "month"}}, {&c.Year, []string{"nam", "year"}},
		{&c.Value, []string{"songuoi", "sothamgia", "songuoithamgia", "soluong", "chitieu", "kehoach", "count", "value", "target"}},
		{&c.InForce, []string{"ngayapdung", "apdungtu", "hieuluc", "inforce", "inforceon"}}, {&c.Doc, []string{"sovanban", "vanban", "quyetdinh", "document"}}, {&c.Measure, []string{"chitieuve", "loaichitieu", "measure"}},
	}
	for col, text := range row {
		key := vn.Key(text)
		if key == "" {
			continue
		}
		if s, ok := SchemeOf(text); ok {
			c.ByScheme[col] = s
			continue
		}
		for _, k := range known {
			for _, w := range k.words {
				if *k.at < 0 && key == w {
					*k.at = col
				}
			}
		}
	}
	return c, len(c.ByScheme) > 0 || c.Scheme >= 0 && c.Value >= 0
}

var monthIn = regexp.MustCompile(`(?:^|[^0-9])(0?[1-9]|1[0-2])\s*[/.-]\s*(20[0-9]{2})(?:[^0-9]|$)`)

// MonthIn finds a month in a title such as "Tháng 11/2025".
func MonthIn(s string) (loa.Month, bool) {
	m := monthIn.FindStringSubmatch(s)
	if m == nil {
		return "", false
	}
	n, err1 := strconv.Atoi(m[1])
	y, err2 := strconv.Atoi(m[2])
	return loa.MakeMonth(y, n), err1 == nil && err2 == nil
}

// ReadFigures reads one row: one figure for each scheme that has a number. Code says what cannot be understood.
func ReadFigures(c FigureColumns, row sheet.Row, month loa.Month, today loa.Day) (out []Figure, code string) {
	base := Figure{Commune: strings.TrimSpace(row.Text(c.Commune)), Month: month, Doc: strings.TrimSpace(row.Text(c.Doc)), Measure: "participation"}
	if c.Commune < 0 {
		base.Commune = ""
	}
	if c.Month >= 0 && row.Text(c.Month) != "" {
		if code = readMonth(&base, row.Cell(c.Month), c.Year >= 0); code != "" {
			return nil, code
		}
	}
	if c.Year >= 0 && row.Text(c.Year) != "" {
		y, err := strconv.Atoi(strings.TrimSpace(row.Text(c.Year)))
		if err != nil || y < 2000 || y > 2100 {
			return nil, "bad_year"
		}
		base.Year = y
	}
	if c.InForce >= 0 && row.Text(c.InForce) != "" {
		y, m, d, ok := date(row.Cell(c.InForce))
		if !ok || d == 0 {
			return nil, "bad_in_force"
		}
		base.InForce = loa.MakeDay(y, m, d)
	}
	if c.Measure >= 0 && strings.Contains(vn.Fold(row.Text(c.Measure)), "moi") {
		base.Measure = "joined"
	}
	add := func(s loa.Scheme, text string) string {
		text = strings.TrimSpace(text)
		if text == "" || text == "-" || text == "–" {
			return ""
		}
		n, err := vn.ParseNumber(text)
		if err != nil || n < 0 {
			return "bad_number"
		}
		f := base
		f.Scheme, f.Value = s, n
		out = append(out, f)
		return ""
	}
	for col, s := range c.ByScheme {
		if code = add(s, row.Text(col)); code != "" {
			return nil, code
		}
	}
	if c.Scheme >= 0 && c.Value >= 0 {
		s, ok := SchemeOf(row.Text(c.Scheme))
		if !ok {
			return nil, "bad_scheme"
		}
		if code = add(s, row.Text(c.Value)); code != "" {
			return nil, code
		}
	}
	return out, ""
}

// readMonth reads "11/2025", "2025-11", a date in the month, or the month's number beside a column of the year.
func readMonth(f *Figure, c sheet.Cell, yearBeside bool) string {
	text := strings.TrimSpace(c.Text)
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n <= 12 && yearBeside {
		f.MonthNo = n
		return ""
	}
	y, m, _, ok := date(c)
	if !ok || m == 0 {
		return "bad_month"
	}
	f.Month = loa.MakeMonth(y, m)
	return ""
}
