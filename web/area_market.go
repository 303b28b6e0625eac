package web

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/lunar"
	"loa/planning"
)

// marketForm is a market's rule taken apart into what a form asks.
type marketForm struct {
	ID, Name, Source, Note string
	Kind                   string
	Branches               []areaTick
	Weekdays               []areaTick
	Monthdays              string
	Every, Since           string
	Kinds                  []option
	Preview                marketPreview
}

// marketPreview is when the market is held next, or why the rule cannot be.
type marketPreview struct {
	Days []marketDay
	Err  string
}

// marketDay is a day of the market as people count it: sun, moon and the twelve-day cycle.
type marketDay struct {
	On                  loa.Day
	Weekday, Moon, Name string
}

type marketLine struct {
	loa.Market
	RuleText string
	Preview  marketPreview
	Form     marketForm
}

type festivalYear struct {
	Year int
	Days []festivalLine
}

type festivalLine struct {
	loa.FestivalDay
	KindText, Moon string
	Again          []festivalAgain
}

// festivalAgain is the same feast a year later by the moon or by the sun, to be checked and noted with one press.
type festivalAgain struct {
	From, To      loa.Day
	Words, Source string
}

var marketKinds = []string{"branch", "weekday", "monthday", "every"}

// readRule joins what the form asks into a rule.
func readMarketRule(f *form) string {
	switch kind := f.text("market_kind"); kind {
	case "branch":
		return kind + ":" + strings.Join(f.all("market_branch"), ",")
	case "weekday":
		return kind + ":" + strings.Join(f.all("market_weekday"), ",")
	case "monthday":
		words := strings.FieldsFunc(f.text("market_monthday"), func(c rune) bool { return c == ',' || c == ' ' || c == ';' })
		return kind + ":" + strings.Join(words, ",")
	case "every":
		return kind + ":" + f.text("market_every") + ":" + string(f.day("market_since"))
	}
	return ""
}

// marketForm is the form for a new market, or again as it was refused.
func (s *Server) marketForm(r *http.Request, refused *form, open string) marketForm {
	if refused == nil || open != "markets" {
		m := s.marketFormOf(r, loa.Market{Rule: "branch:"})
		m.Preview = marketPreview{}
		return m
	}
	return s.marketFormOf(r, loa.Market{ID: loa.MarketID(refused.text("market")), Name: refused.text("market_name"), Source: refused.text("market_source"), Note: refused.text("market_note"), Rule: readMarketRule(refused)})
}

func (s *Server) marketFormOf(r *http.Request, m loa.Market) marketForm {
	kind, rest, _ := strings.Cut(m.Rule, ":")
	f := marketForm{ID: string(m.ID), Name: m.Name, Source: m.Source, Note: m.Note, Kind: kind, Kinds: options(r, "market_kind.", marketKinds)}
	var chosen []string
	if kind != "every" {
		chosen = strings.Split(rest, ",")
	} else {
		f.Every, f.Since, _ = strings.Cut(rest, ":")
	}
	for i, name := range lunar.Branches {
		f.Branches = append(f.Branches, areaTick{strconv.Itoa(i), name, kind == "branch" && slices.Contains(chosen, strconv.Itoa(i))})
	}
	for i := 1; i <= 7; i++ {
		f.Weekdays = append(f.Weekdays, areaTick{strconv.Itoa(i), t(r, fmt.Sprintf("weekday.%d", i%7)), kind == "weekday" && slices.Contains(chosen, strconv.Itoa(i))})
	}
	if kind == "monthday" {
		f.Monthdays = strings.Join(chosen, ", ")
	}
	f.Preview = s.marketPreview(r, m.Rule)
	return f
}

// marketPreview lists the next market days of a rule.
func (s *Server) marketPreview(r *http.Request, rule string) marketPreview {
	m, err := planning.ParseMarket(rule)
	if err != nil {
		f := readForm(r)
		_ = f.take(err) // a rule is only ever refused
		for _, sentence := range f.Errors {
			return marketPreview{Err: sentence}
		}
	}
	var p marketPreview
	for on := m.Next(s.today()); on != "" && len(p.Days) < 6; on = m.Next(on.Add(1)) {
		p.Days = append(p.Days, dayOfMarket(r, on))
	}
	return p
}

func dayOfMarket(r *http.Request, on loa.Day) marketDay {
	y, m, d := on.Parts()
	return marketDay{On: on, Weekday: t(r, fmt.Sprintf("weekday.%d", int(on.Weekday()))), Moon: moonText(r, on), Name: lunar.DayName(y, m, d)}
}

// moonText is a day of the lunar calendar: 14/11 âm lịch.
func moonText(r *http.Request, on loa.Day) string {
	y, m, d := on.Parts()
	moon, err := lunar.FromSolar(y, m, d)
	if err != nil {
		return ""
	}
	key := "area.moon"
	if moon.Leap {
		key = "area.moon_leap"
	}
	return t(r, key, moon.Day, moon.Month)
}

// ruleWords is a market's rule in a sentence.
func marketRuleText(r *http.Request, rule string) string {
	kind, rest, _ := strings.Cut(rule, ":")
	var words []string
	switch kind {
	case "branch":
		for _, w := range strings.Split(rest, ",") {
			if i, err := strconv.Atoi(w); err == nil && i >= 0 && i < 12 {
				words = append(words, lunar.Branches[i])
			}
		}
	case "weekday":
		for _, w := range strings.Split(rest, ",") {
			if i, err := strconv.Atoi(w); err == nil {
				words = append(words, t(r, fmt.Sprintf("weekday.%d", i%7)))
			}
		}
	case "every":
		n, since, _ := strings.Cut(rest, ":")
		return t(r, "area.market_every", n, loa.Day(since).Vietnamese())
	default:
		words = strings.Split(rest, ",")
	}
	return t(r, "area.market_"+kind, strings.Join(words, ", "))
}

// marketDays answers the form while it is being filled in: when the market would be held.
func (s *Server) marketDays(w http.ResponseWriter, r *http.Request) error {
	return s.part(w, r, "area_show", "market_preview", s.marketPreview(r, readMarketRule(readForm(r))))
}

// areaDays are the markets and festivals of a place.
func (s *Server) areaDays(r *http.Request, b *areaPage) error {
	list, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	for _, m := range list {
		if m.Area == b.Area.ID {
			b.Markets = append(b.Markets, marketLine{Market: m, RuleText: marketRuleText(r, m.Rule), Preview: s.marketPreview(r, m.Rule), Form: s.marketFormOf(r, m)})
		}
	}
	days, err := s.DB.FestivalsOf(r.Context(), scopeOf(r), b.Area.ID)
	if err != nil {
		return err
	}
	for _, f := range days {
		y, _, _ := f.From.Parts()
		if n := len(b.Festivals); n == 0 || b.Festivals[n-1].Year != y {
			b.Festivals = append(b.Festivals, festivalYear{Year: y})
		}
		line := festivalLine{FestivalDay: f, KindText: t(r, "festival_kind."+f.Kind), Moon: moonText(r, f.From)}
		if !slices.ContainsFunc(days, func(x loa.FestivalDay) bool { return x.Name == f.Name && x.From > f.From }) {
			line.Again = festivalNext(r, f, days)
		}
		last := &b.Festivals[len(b.Festivals)-1]
		last.Days = append(last.Days, line)
	}
	return nil
}

// festivalNext is when a feast may come next: by the calendar it kept in an earlier year, or by either one while a single year is
// noted, since nothing tells Tết from the second of September.
func festivalNext(r *http.Request, f loa.FestivalDay, days []loa.FestivalDay) []festivalAgain {
	moon, moonKnown := nextByMoon(f.From)
	sun := f.From.AddMonths(12)
	byMoon, bySun := moonKnown, true
	for _, x := range days {
		if x.Name != f.Name || x.From >= f.From {
			continue
		}
		keptMoon, known := nextByMoon(x.From)
		isMoon, isSun := known && keptMoon == f.From, x.From.AddMonths(12) == f.From
		if isMoon != isSun {
			byMoon, bySun = isMoon && moonKnown, isSun
		}
	}
	var out []festivalAgain
	if byMoon {
		out = append(out, festivalAgain{From: moon, Words: "area.festival_again", Source: t(r, "area.by_moon")})
	}
	if bySun {
		out = append(out, festivalAgain{From: sun, Words: "area.festival_again_sun", Source: t(r, "area.by_sun")})
	}
	for i := range out {
		out[i].To = out[i].From.Add(f.To.Sub(f.From))
	}
	return out
}

// nextByMoon is the same lunar day of the next lunar year.
func nextByMoon(on loa.Day) (loa.Day, bool) {
	y, m, d := on.Parts()
	moon, err := lunar.FromSolar(y, m, d)
	if err != nil {
		return "", false
	}
	moon.Year++
	moon.Leap = false
	ny, nm, nd, err := lunar.ToSolar(moon)
	if err != nil {
		return "", false
	}
	return loa.MakeDay(ny, nm, nd), true
}

// marketSave notes a market or puts its rule right.
func (s *Server) marketSave(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "markets", func(a loa.Area, f *form) (string, string, error) {
		m := loa.Market{ID: loa.MarketID(f.text("market")), Area: a.ID, Name: f.text("market_name"), Source: f.text("market_source"), Note: f.text("market_note"), Rule: f.text("market_rule")}
		if m.Rule == "" { // an undo hands the rule back whole
			m.Rule = readMarketRule(f)
		}
		if _, err := planning.ParseMarket(m.Rule); err != nil || !f.ok() {
			return "", "", err
		}
		_, err := s.DB.SaveMarket(r.Context(), scopeOf(r), s.by(r), m)
		return t(r, "area.market_saved", m.Name), "", err
	}, "market_", "rule")
}

// marketDrop forgets a market; undo notes it again.
func (s *Server) marketDrop(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "markets", func(a loa.Area, f *form) (string, string, error) {
		m, err := s.DB.DropMarket(r.Context(), scopeOf(r), s.by(r), a.ID, loa.MarketID(r.PathValue("market")))
		back := url.Values{"market": {string(m.ID)}, "market_name": {m.Name}, "market_rule": {m.Rule}, "market_source": {m.Source}, "market_note": {m.Note}}
		return t(r, "area.market_dropped", m.Name), "/areas/" + string(a.ID) + "/markets?" + back.Encode(), err
	}, "")
}

// festivalSave notes the days a place keeps in one year.
func (s *Server) festivalSave(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "festivals", func(a loa.Area, f *form) (string, string, error) {
		x := loa.FestivalDay{ID: loa.FestivalID(f.text("festival")), Area: a.ID, Name: f.text("festival_name"), Kind: f.text("festival_kind"), From: f.day("festival_from"), To: f.day("festival_to"), Source: f.text("festival_source")}
		if x.To == "" {
			x.To = x.From
		}
		if !f.ok() {
			return "", "", nil
		}
		_, err := s.DB.SaveFestival(r.Context(), scopeOf(r), s.by(r), x)
		return t(r, "area.festival_saved", x.Name, x.From.Vietnamese()), "", err
	}, "")
}

// festivalDrop forgets the days of one year; undo notes them again.
func (s *Server) festivalDrop(w http.ResponseWriter, r *http.Request) error {
	return s.onArea(w, r, "festivals", func(a loa.Area, f *form) (string, string, error) {
		x, err := s.DB.DropFestival(r.Context(), scopeOf(r), s.by(r), a.ID, loa.FestivalID(r.PathValue("festival")))
		back := url.Values{"festival": {string(x.ID)}, "festival_name": {x.Name}, "festival_kind": {x.Kind}, "festival_from": {string(x.From)}, "festival_to": {string(x.To)}, "festival_source": {x.Source}}
		return t(r, "area.festival_dropped", x.Name), "/areas/" + string(a.ID) + "/festivals?" + back.Encode(), err
	}, "")
}
