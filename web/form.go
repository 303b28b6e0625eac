package web

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"loa"
	"loa/i18n"
	"loa/vn"
)

// form reads a posted form's values and gathers what is wrong with them, so that a page can show everything at once and
// lose nothing that was typed.
type form struct {
	r      *http.Request
	Errors map[string]string // field → sentence
}

func readForm(r *http.Request) *form {
	r.FormValue("") // from here on r.Form holds all that was sent
	return &form{r: r, Errors: map[string]string{}}
}

func (f *form) text(name string) string { return strings.TrimSpace(f.r.FormValue(name)) }

func (f *form) on(name string) bool { return f.r.FormValue(name) != "" }

func (f *form) all(name string) []string { f.r.FormValue(name); return f.r.Form[name] }

// number reads a whole number; empty is 0.
func (f *form) number(name string) int64 {
	s := f.text(name)
	if s == "" {
		return 0
	}
	n, err := vn.ParseNumber(s)
	if err != nil {
		f.bad(name, "error.not_a_number")
	}
	return n
}

// count reads a small number that the page itself wrote; anything else is 0.
func (f *form) count(name string) int64 {
	n, err := strconv.ParseInt(f.text(name), 10, 32)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// day reads dd/mm/yyyy or yyyy-mm-dd; empty is the empty day.
func (f *form) day(name string) loa.Day {
	s := f.text(name)
	if s == "" {
		return ""
	}
	d, ok := readDay(s)
	if !ok {
		f.bad(name, "error.bad_day")
	}
	return d
}

func (f *form) bad(name, key string, args ...any) {
	f.Errors[name] = i18n.Text(langOf(f.r), key, args...)
}

// take keeps a refusal of the form's own input, and hands any other error back.
func (f *form) take(err error) error {
	var e *loa.Error
	if errors.As(err, &e) && (e.Kind == loa.Invalid || e.Kind == loa.Conflict) {
		f.bad(e.Field, "error."+e.Code, e.Args...)
		return nil
	}
	return err
}

func (f *form) ok() bool { return len(f.Errors) == 0 }

// readDay reads the two ways a day is written on forms.
func readDay(s string) (loa.Day, bool) {
	if d, err := loa.ParseDay(s); err == nil {
		return d, true
	}
	parts := strings.FieldsFunc(s, func(c rune) bool { return c == '/' || c == '-' || c == '.' })
	if len(parts) != 3 {
		return "", false
	}
	d, err1 := strconv.Atoi(parts[0])
	m, err2 := strconv.Atoi(parts[1])
	y, err3 := strconv.Atoi(parts[2])
	if err1 != nil || err2 != nil || err3 != nil || len(parts[2]) != 4 {
		return "", false
	}
	day := loa.MakeDay(y, m, d)
	yy, mm, dd := day.Parts()
	return day, yy == y && mm == m && dd == d
}

// option is one line of a select.
type option struct{ Value, Label string }

// options are the words of a closed list with their labels: key prefix + word.
func options(r *http.Request, prefix string, words []string) []option {
	out := make([]option, len(words))
	for i, w := range words {
		out[i] = option{w, t(r, prefix+w)}
	}
	return out
}

// optionsOf is options for a list of a named string type.
func optionsOf[S ~string](r *http.Request, prefix string, words []S) []option {
	out := make([]option, len(words))
	for i, w := range words {
		out[i] = option{string(w), t(r, prefix+string(w))}
	}
	return out
}
