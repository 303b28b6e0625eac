package wording

import (
	"strconv"
	"strings"

	"golang.org/x/text/unicode/norm"

	"loa"
	"loa/vn"
)

// Facts are what fills the placeholders of a text for one reader.
type Facts struct {
	Figures *Known // of the reader's group on the day
	Person  Person
	Office  Office
}

// Person is what a text may tell of the person it is for; empty: not known, and a text that asks for it is refused.
type Person struct {
	Name      string
	Title     string // how the person is spoken to: see Title
	Village   string
	Due       loa.Day // until when the next payment is in time
	CardUntil loa.Day // the last day of the card
	Months    int     // paid so far; 0: not known
}

// Office is what a text tells of the sender and the occasion.
type Office struct {
	Name       string
	Phone      string
	Officer    string
	Link       string
	Session    string
	SessionDay loa.Day
}

// Title is how a letter speaks to somebody: in Vietnamese by sex and age, in English by sex.
func Title(lang string, sex loa.Sex, born int, on loa.Day) string {
	if lang == "english" {
		switch sex {
		case loa.Female:
			return "Ms"
		case loa.Male:
			return "Mr"
		}
		return "Mr/Ms"
	}
	old := born > 0 && on.Valid() && on.Month().Year()-born >= 60
	switch {
	case sex == loa.Female && old:
		return "bà"
	case sex == loa.Female && born > 0:
		return "chị"
	case sex == loa.Male && old:
		return "ông"
	case sex == loa.Male && born > 0:
		return "anh"
	case sex == loa.Female:
		return "bà"
	case sex == loa.Male:
		return "ông"
	}
	return "ông/bà"
}

// Template is a text taken apart once, to be filled for many.
type Template struct {
	Lang, Kind string
	between    []string // what stands before, between and after the places: one more than places
	places     []string
	size       int
}

// Compile takes a text apart; a brace that is not closed or a place nobody knows is refused. The words of an SMS lose their accents here.
func Compile(text loa.ScriptText) (Template, error) {
	t := Template{Lang: text.Lang, Kind: text.Kind}
	places, err := loa.PlacesIn(text.Text)
	if err != nil {
		return t, err
	}
	t.places = places
	rest := norm.NFC.String(text.Text)
	for range places {
		open := strings.IndexByte(rest, '{')
		end := strings.IndexByte(rest, '}')
		t.between = append(t.between, t.plain(rest[:open]))
		rest = rest[end+1:]
	}
	t.between = append(t.between, t.plain(rest))
	for _, b := range t.between {
		t.size += len(b)
	}
	t.size += 16 * len(places)
	return t, nil
}

// plain is a text as the kind wants it.
func (t Template) plain(s string) string {
	if t.Kind == "sms" {
		return vn.Unaccent(s)
	}
	return s
}

// Places are the placeholders of the text in the order they stand.
func (t Template) Places() []string { return t.places }

// Fill writes the text for one reader. What is not known is refused by name: nothing goes out with a gap or an old figure.
func (t Template) Fill(f Facts) (string, error) {
	var b strings.Builder
	b.Grow(t.size)
	for i, place := range t.places {
		b.WriteString(t.between[i])
		value, err := t.value(place, &f)
		if err != nil {
			return "", err
		}
		b.WriteString(value)
	}
	b.WriteString(t.between[len(t.places)])
	return b.String(), nil
}

// Segment is a piece of a filled text: plain words, or what a placeholder became.
type Segment struct {
	Text  string
	Place string // empty: plain words
	Err   error  // the placeholder stands as it is, and why
}

// Segments writes the text in pieces, so that a page can mark what was filled in; what is not known stays a placeholder.
func (t Template) Segments(f Facts) []Segment {
	var out []Segment
	for i, place := range t.places {
		if t.between[i] != "" {
			out = append(out, Segment{Text: t.between[i]})
		}
		value, err := t.value(place, &f)
		if err != nil {
			value = "{" + place + "}"
		}
		out = append(out, Segment{value, place, err})
	}
	if last := t.between[len(t.places)]; last != "" {
		out = append(out, Segment{Text: last})
	}
	return out
}

func (t Template) value(place string, f *Facts) (string, error) {
	if f.Figures != nil {
		if i, ok := f.Figures.at[place]; ok {
			x := &f.Figures.list[i]
			if x.Err != nil {
				return "", loa.Refuse(loa.Invalid, "text", "figure_unknown", loa.Phrase("script.place."+place), f.Figures.Day)
			}
			return x.forms[formOf(t.Lang, t.Kind)], nil
		}
	}
	value := f.told(place, t.Lang)
	if value == "" {
		return "", loa.Refuse(loa.Invalid, "text", "place_empty", loa.Phrase("script.place."+place))
	}
	return t.plain(value), nil
}

// told is what is known of the person, the sender and the occasion.
func (f *Facts) told(place, lang string) string {
	day := func(d loa.Day) string {
		if d == "" {
			return ""
		}
		if lang == "english" { // other languages write days by figures, as Vietnamese does
			return d.English()
		}
		return d.Vietnamese()
	}
	switch place {
	case "ten":
		return f.Person.Name
	case "xung_ho":
		return f.Person.Title
	case "thon":
		return f.Person.Village
	case "han":
		return day(f.Person.Due)
	case "han_the":
		return day(f.Person.CardUntil)
	case "so_thang":
		if f.Person.Months > 0 {
			return strconv.Itoa(f.Person.Months)
		}
	case "co_quan":
		return f.Office.Name
	case "dien_thoai":
		return f.Office.Phone
	case "can_bo":
		return f.Office.Officer
	case "lien_ket":
		return f.Office.Link
	case "buoi":
		return f.Office.Session
	case "ngay_buoi":
		return day(f.Office.SessionDay)
	}
	return ""
}

// Fill writes one text for one reader; whoever fills many compiles it first.
func Fill(text loa.ScriptText, f Facts) (string, error) {
	t, err := Compile(text)
	if err != nil {
		return "", err
	}
	return t.Fill(f)
}
