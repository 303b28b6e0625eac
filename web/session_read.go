package web

import (
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/vn"
)

// readSession takes the plan from the form. What only another form of session has is left empty.
func (s *Server) readSession(r *http.Request, f *form) (func(x *loa.Session) error, error) {
	var area loa.AreaID
	if err := s.placeMeant(r, f, &area); err != nil {
		return nil, err
	}
	form := loa.Form(f.text("form"))
	on, start, end := f.day("on"), f.clock("start"), f.clock("end")
	if on == "" && f.Errors["on"] == "" {
		f.bad("on", "error.required")
	}
	title, expected := vn.Tidy(f.text("title")), int(f.number("expected"))
	if title == "" && form.IsSession() && area != "" {
		names, err := s.villageNames(r)
		if err != nil {
			return nil, err
		}
		title = t(r, "session.title_for", t(r, "form."+string(form)), names[area])
	}
	details := map[string]string{}
	for _, name := range loa.FormFields[form] {
		if v := vn.Tidy(f.text("d_" + name)); v != "" {
			details[name] = limited(v, 300)
		}
	}
	var household loa.HouseholdID
	var employer loa.EmployerID
	var market loa.MarketID
	var festival loa.FestivalID
	var err error
	switch {
	case form == loa.VisitForm:
		household = loa.HouseholdID(f.text("household"))
	case form == loa.MarketDesk:
		market = loa.MarketID(f.text("market"))
	case form == loa.Festival:
		festival = loa.FestivalID(f.text("festival"))
	case slices.Contains(employerForms, form):
		if employer, err = s.employerMeant(r, f); err != nil {
			return nil, err
		}
	}
	officers, partners, segments := idsOf[loa.OfficerID](f.all("officer")), idsOf[loa.PartnerID](f.all("partner")), idsOf[loa.SegmentID](f.all("segment"))
	lines := strings.Split(strings.ReplaceAll(f.text("checklist"), "\r", ""), "\n")
	place, theme, materials := limited(vn.Tidy(f.text("place")), 300), limited(vn.Tidy(f.text("theme")), 300), limited(f.text("materials"), 2000)
	today := s.today()
	return func(x *loa.Session) error {
		if r.Form.Has("public") {
			x.Public = f.text("public")
		}
		x.Area, x.Form, x.Title, x.Theme, x.Place, x.On, x.StartMin, x.EndMin = area, form, limited(title, 200), theme, place, on, start, end
		x.Household, x.Employer, x.Market, x.Festival, x.Expected, x.Materials, x.Details = household, employer, market, festival, expected, materials, maps.Clone(details)
		x.Officers, x.Partners, x.Segments = slices.Clone(officers), slices.Clone(partners), slices.Clone(segments)
		x.Checklist = checklistOf(lines, x.Checklist)
		if x.State == loa.Held && x.On > today {
			return loa.Refuse(loa.Invalid, "on", "session_future")
		}
		return x.Check()
	}, nil
}

// checklistOf keeps what was ticked before under the same words.
func checklistOf(lines []string, before []loa.CheckItem) []loa.CheckItem {
	done := map[string]bool{}
	for _, it := range before {
		done[it.Text] = it.Done
	}
	var out []loa.CheckItem
	for _, line := range lines {
		if text := limited(vn.Tidy(line), 200); text != "" && len(out) < 40 {
			out = append(out, loa.CheckItem{Text: text, Done: done[text]})
		}
	}
	return out
}

func idsOf[T ~string](in []string) []T {
	var out []T
	for _, v := range in {
		if v != "" && len(out) < 60 && !slices.Contains(out, T(v)) {
			out = append(out, T(v))
		}
	}
	return out
}

func limited(s string, n int) string {
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n])
	}
	return s
}

// clock reads 19:30, 19h30 or 19h as minutes after midnight; empty is 0.
func (f *form) clock(name string) int {
	v := strings.ToLower(strings.ReplaceAll(f.text(name), " ", ""))
	if v == "" {
		return 0
	}
	hour, minute, _ := strings.Cut(strings.NewReplacer("h", ":", "g", ":", ".", ":").Replace(v), ":")
	h, err1 := strconv.Atoi(hour)
	m, err2 := strconv.Atoi(cmpOr(minute, "0"))
	if err1 != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		f.bad(name, "error.bad_clock")
		return 0
	}
	return h*60 + m
}

// employerMeant is the employer chosen, or the only one of the name typed.
func (s *Server) employerMeant(r *http.Request, f *form) (loa.EmployerID, error) {
	if id := f.text("employer"); id != "" {
		return loa.EmployerID(id), nil
	}
	text := f.text("employer_text")
	if text == "" {
		return "", nil
	}
	found, err := s.findEmployers(r, text, 10)
	if err != nil {
		return "", err
	}
	if len(found) != 1 {
		f.bad("employer", "error.choose_from_list")
		return "", nil
	}
	return found[0].ID, nil
}

// findEmployers are the employers whose name holds every word typed, accents or not.
func (s *Server) findEmployers(r *http.Request, typed string, take int) ([]loa.Employer, error) {
	all, err := s.DB.SessionEmployers(r.Context(), scopeOf(r))
	if err != nil {
		return nil, err
	}
	words := vn.Words(vn.Fold(typed))
	var out []loa.Employer
	for _, e := range all {
		name, fits := vn.Fold(e.Name), len(words) > 0
		for _, w := range words {
			fits = fits && strings.Contains(name, w)
		}
		if fits && len(out) < take {
			out = append(out, e)
		}
	}
	return out, nil
}
