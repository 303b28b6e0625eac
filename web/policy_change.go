package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"loa"
	"loa/i18n"
	"loa/policy"
	"loa/store"
)

// changeDay is a day on which the law changes.
type changeDay struct {
	Day     loa.Day
	Changes []changeView
}

// changeView is one change as people read it: what, from which figure to which, what they notice of it, whom it touches.
type changeView struct {
	Name, Label, Text  string
	Old, New           string
	Law, Source        string
	Confirmed, Decided bool
	Ends               bool
	Table              int // of a table told as one change: how many of its figures
	Effects            []effectLine
	Touches            []lawTouched
	HistoryURL, NewURL string
}

// effectLine is one amount before and after.
type effectLine struct{ Text, Old, New string }

// lawTouched is a number of the register with the list behind it, where there is one.
type lawTouched struct{ Text, N, URL string }

// soon is how far ahead changes are told at once; what comes later is folded away.
const soon = 18 // months

func (s *Server) changeDays(r *http.Request, law policy.Parameters, after loa.Day) (near, later []changeDay, err error) {
	lang := langOf(r)
	for _, c := range law.Changes(after) {
		v := lawChange(lang, c)
		v.HistoryURL = "/policy/history?" + url.Values{"name": {c.Name()}}.Encode()
		v.NewURL = "/policy/new?" + url.Values{"name": {c.Name()}, "from": {string(c.New.From)}}.Encode()
		list := &near
		if c.On > after.AddMonths(soon) {
			list = &later
		} else if v.Touches, err = s.touches(r, law, c, after); err != nil {
			return nil, nil, err
		}
		if n := len(*list); n == 0 || (*list)[n-1].Day != c.On {
			*list = append(*list, changeDay{Day: c.On})
		}
		day := &(*list)[len(*list)-1]
		if policy.Subject(c.Name()) == "price" { // a table of forty years is one change
			if k := slices.IndexFunc(day.Changes, func(o changeView) bool { return o.Table > 0 && o.Ends == v.Ends && o.Law == v.Law }); k >= 0 {
				day.Changes[k].Table++
				continue
			}
			v.Table, v.Label, v.HistoryURL = 1, i18n.Text(lang, "law.subject.price"), "/policy?"+url.Values{"on": {string(after)}}.Encode()+"#g-price"
		}
		day.Changes = append(day.Changes, v)
	}
	for _, list := range [][]changeDay{near, later} {
		for _, day := range list {
			for k := range day.Changes {
				switch v := &day.Changes[k]; {
				case v.Table > 0 && v.Ends:
					v.Text = i18n.Text(lang, "law.change.table_ends", v.Table)
				case v.Table > 0:
					v.Text = i18n.Text(lang, "law.change.table_begins", v.Table)
				}
			}
		}
	}
	return near, later, nil
}

// lawChange is a change in words.
func lawChange(lang string, c policy.Change) changeView {
	say := func(key string, args ...any) string { return i18n.Text(lang, key, args...) }
	figure := func(row policy.Row) string {
		if row.Unit == policy.Choice {
			return say("policy.choice." + row.Name + "." + string(rune('0'+row.Value)))
		}
		return WholeFigure(lang, row.Value, row.Unit)
	}
	row := c.New
	v := changeView{Name: c.Name(), Label: say("policy.param." + c.Name()), Ends: c.New.Name == ""}
	if c.Old.Name != "" {
		v.Old = figure(c.Old)
	}
	switch {
	case v.Ends:
		row = c.Old
		v.Text = say("law.change.ends", v.Old)
	case c.Old.Name == "":
		v.New = figure(c.New)
		v.Text = say("law.change.begins", v.New)
	default:
		v.New = figure(c.New)
		v.Text = say("law.change.moves", v.Old, v.New)
	}
	v.Law, v.Source, v.Confirmed, v.Decided = policy.Law(row.Cites).In(lang), row.Source, row.Confirmed || v.Ends, row.Approved
	v.Effects = effectsIn(lang, c.Effects)
	return v
}

func effectLines(r *http.Request, list []policy.Effect) []effectLine {
	return effectsIn(langOf(r), list)
}

func effectsIn(lang string, list []policy.Effect) []effectLine {
	var out []effectLine
	figure := func(n int64, known bool, u policy.Unit) string {
		if !known {
			return i18n.Text(lang, "law.not_known")
		}
		return WholeFigure(lang, n, u)
	}
	for _, e := range list {
		x := effectLine{Text: i18n.Text(lang, "law.effect."+e.Code), Old: figure(e.Old, e.OldKnown, e.Unit), New: figure(e.New, e.NewKnown, e.Unit)}
		if e.Group != "" {
			x.Text = i18n.Text(lang, "law.effect."+e.Code, loa.Phrase("policy.group."+string(e.Group)))
		}
		out = append(out, x)
	}
	return out
}

// touch is a number people of the register, by a rule, and the list of people that shows them.
type touch struct {
	key    string
	rule   loa.Rule
	filter url.Values // of /people; nil: no such list
}

func inScheme(scheme loa.Scheme, more ...loa.Rule) loa.Rule {
	return loa.Rule{All: append([]loa.Rule{{Field: "status", Scheme: scheme, Values: []string{string(loa.Participates), string(loa.DueStatus)}}}, more...)}
}

func between(low, high int) loa.Rule {
	rule := loa.Rule{Field: "age", Min: &low}
	if high > 0 {
		rule.Max = &high
	}
	return rule
}

var minorities = slices.DeleteFunc(slices.Clone(loa.EthnicGroups), func(e string) bool { return e == "kinh" })

// touchesOf are those a change of a parameter touches, by rules of segments.
func touchesOf(c policy.Change) []touch {
	name := c.Name()
	vsi := touch{"vsi", inScheme(loa.VoluntarySI), url.Values{"scheme": {"voluntary_si"}}}
	poverty := func(word string) touch {
		return touch{"vsi_" + word, inScheme(loa.VoluntarySI, loa.Rule{Field: "poverty", Values: []string{word}}), url.Values{"scheme": {"voluntary_si"}, "poverty": {word}}}
	}
	minority := touch{"vsi_minority", inScheme(loa.VoluntarySI, loa.Rule{Field: "ethnic", Values: minorities}), url.Values{"scheme": {"voluntary_si"}, "ethnic": minorities}}
	hi := touch{"hi", inScheme(loa.HouseholdHI), url.Values{"scheme": {"household_hi"}}}
	switch {
	case name == "poverty_line.urban", // what may be chosen in voluntary SI goes by the rural line
		policy.Subject(name) == "advertising": // binds whoever sends, and changes nothing for whoever pays
		return nil
	case name == "voluntary_si.support.poor":
		return []touch{poverty("poor")}
	case name == "voluntary_si.support.near_poor":
		return []touch{poverty("near_poor")}
	case name == "voluntary_si.support.ethnic_minority":
		return []touch{minority}
	case name == "poverty_line.rural", name == "voluntary_si.rate":
		return []touch{vsi, poverty("poor"), poverty("near_poor"), minority}
	case strings.HasPrefix(name, "retirement.age."), strings.HasPrefix(name, "pension.early_voluntary.age."):
		sex := name[strings.LastIndex(name, ".")+1:]
		age := int(max(c.New.Value, c.Old.Value) / 12)
		return []touch{{"vsi_near_" + sex, inScheme(loa.VoluntarySI, loa.Rule{Field: "sex", Values: []string{sex}}, between(age-2, age)), nil}}
	case name == "social_pension.age_poor":
		return []touch{{"poor_70", loa.Rule{All: []loa.Rule{{Field: "poverty", Values: []string{"poor", "near_poor"}}, between(70, 74)}}, nil}}
	case strings.HasPrefix(name, "social_pension."):
		return []touch{{"old_75", between(75, 0), nil}, {"poor_70", loa.Rule{All: []loa.Rule{{Field: "poverty", Values: []string{"poor", "near_poor"}}, between(70, 74)}}, nil}}
	case name == "hi.share.pupil":
		return []touch{{"pupils", loa.Rule{Field: "occupation", Values: []string{"pupil"}}, url.Values{"occupation": {"pupil"}}}}
	case name == "hi.share.near_poor", name == "hi.benefit.near_poor":
		return []touch{{"near_poor", loa.Rule{Field: "poverty", Values: []string{"near_poor"}}, url.Values{"poverty": {"near_poor"}}}}
	case name == "base_salary", strings.HasPrefix(name, "reference_level"):
		return []touch{hi, vsi}
	case strings.HasPrefix(name, "hi."):
		return []touch{hi}
	case strings.HasPrefix(name, "maternity"):
		return []touch{{"vsi_young_women", inScheme(loa.VoluntarySI, loa.Rule{Field: "sex", Values: []string{"female"}}, between(16, 45)), nil}}
	case policy.Subject(name) == "compulsory_si":
		return []touch{{"csi", inScheme(loa.CompulsorySI), url.Values{"scheme": {"compulsory_si"}}}}
	}
	return []touch{vsi}
}

// touches counts in the register, as of the day of the page or today, whichever is earlier.
func (s *Server) touches(r *http.Request, law policy.Parameters, c policy.Change, on loa.Day) ([]lawTouched, error) {
	on = min(on, s.today())
	var out []lawTouched
	figure := func(n int) string { return WholeFigure(langOf(r), int64(n), policy.Count) }
	for _, x := range touchesOf(c) {
		n, err := s.countOn(r, loa.Segment{ID: loa.SegmentID("law." + x.key), Rule: x.rule}, on)
		if err != nil {
			return nil, err
		}
		line := lawTouched{Text: t(r, "law.touch."+x.key), N: figure(n)}
		if x.filter != nil && on == s.today() && n > 0 && whoOf(r).may(loa.ReadPeople) {
			line.URL = "/people?" + x.filter.Encode()
		}
		out = append(out, line)
	}
	name := c.Name()
	floor := name == "poverty_line.rural" && c.Old.Name != ""
	hi := name == "base_salary" || name == "hi.rate" || strings.HasPrefix(name, "hi.tier.")
	if floor || hi {
		counts, err := s.lawTouch(r, on, c.Old.Value)
		if err != nil {
			return nil, err
		}
		if floor {
			out = slices.Insert(out, 1, lawTouched{Text: t(r, "law.touch.floor", loa.Money(c.Old.Value)), N: figure(counts.OnFloor)})
		} else {
			out = slices.Insert(out, 0, lawTouched{Text: t(r, "law.touch.hi_households"), N: figure(counts.HIHouseholds)})
		}
	}
	return out, nil
}

func (s *Server) lawTouch(r *http.Request, on loa.Day, floor int64) (store.LawTouch, error) {
	change, err := s.changeNo(r)
	if err != nil {
		return store.LawTouch{}, err
	}
	key := memoKey{whoOf(r).Office.ID, change, "law touch " + string(on) + " " + loa.Money(floor).In("en") + rangesOf(scopeOf(r))}
	return once(s.memo, key, func() (store.LawTouch, error) {
		return s.DB.LawTouch(context.WithoutCancel(r.Context()), scopeOf(r), on, floor)
	})
}

type publicChangesPage struct {
	Days   []changeDay
	Unsure bool
}

// publicChanges tells anybody what comes, with the law behind it; it shows nothing of the register and no row an officer only proposed.
func (s *Server) publicChanges(w http.ResponseWriter, r *http.Request, g *guest) error {
	lang, today := langOf(r), s.today()
	b, err := publicKept(s, r, g, "law changes "+lang+string(today), func(ctx context.Context) (publicChangesPage, error) {
		law, err := s.lawOf(ctx, g.Office.ID)
		if err != nil {
			return publicChangesPage{}, err
		}
		var b publicChangesPage
		for _, c := range law.Changes(today) {
			if c.New.Name == "" || c.New.ID != "" && !c.New.Approved || c.On > today.AddMonths(soon) || len(c.Effects) == 0 && !strings.HasPrefix(c.Name(), "retirement.age.") {
				continue
			}
			v := lawChange(lang, c)
			b.Unsure = b.Unsure || !v.Confirmed
			if n := len(b.Days); n == 0 || b.Days[n-1].Day != c.On {
				b.Days = append(b.Days, changeDay{Day: c.On})
			}
			day := &b.Days[len(b.Days)-1]
			day.Changes = append(day.Changes, v)
		}
		return b, nil
	})
	if err != nil {
		return err
	}
	return s.renderPublic(w, r, g, "public_changes", publicPage{page: page{Title: t(r, "law.public_title"), Body: b}, Key: "changes"})
}
