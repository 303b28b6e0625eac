package web

import (
	"fmt"
	"maps"
	"net/http"
	"strings"

	"loa"
	"loa/lunar"
	"loa/planning"
	"loa/reporting"
	"loa/store"
)

func (s *Server) todayRoutes() []route {
	return []route{{"GET /{$}", loa.SignedIn, s.todayShow}}
}

type todayPage struct {
	Tiles     []todayTile
	Late      []lateLine
	LateCells int
	MoreLate  int
	Days      []agendaDay
	Sessions  int
	Questions []questionLine
	Ages      [3]int
	Waiting   int
	Renewals  *renewalState
	MayPlan   bool
	MayPeople bool
	Collector bool
	Leads     int
	Steps     []firstStep
	StepsDone int
	NoMatrix  bool
	Channels  []channelLine // that ask for somebody, for whoever may do something about it
}

type todayTile struct {
	Scheme, Name string
	Figure       reporting.Figure
	N            int64
	Known        bool
	Percent      int64 // tenths
	HasPlan      bool
	Spark        sparkline
	Note         string
	URL          string
}

type sparkline struct {
	Points string
	X, Y   string
}

type lateLine struct {
	Segment, Form, Commune string
	Late                   int
	Chance                 string
	Officer                officerView
	URL                    string
	Planned                bool
}

type agendaDay struct {
	Label, Lunar string
	Marks        []string
	Slots        []agendaSlot
}

type agendaSlot struct {
	Time, Form, Title, Place, URL, End string
	Officer                            officerView
}

type questionLine struct {
	ID   loa.FactID
	Text string
	Sub  string
	Days int
}

// todayShow is the first screen: what is late, what is on, who waits, whose cover runs out, how far from the plan.
func (s *Server) todayShow(w http.ResponseWriter, r *http.Request) error {
	me, today := whoOf(r), s.today()
	if me.agent() {
		http.Redirect(w, r, "/enrolment", http.StatusSeeOther)
		return nil
	}
	body := &todayPage{MayPlan: me.may(loa.EditOutreach), MayPeople: me.may(loa.ReadPeople)}
	if err := s.todayBegun(r, body); err != nil { // asked every time: giving a role takes no change number
		return err
	}
	if err := s.todayChannels(r, body); err != nil { // asked every time: what a provider tells takes no change number
		return err
	}
	parts := []func(*http.Request, *todayPage) error{}
	if me.may(loa.ReadFigures) {
		parts = append(parts, s.todayTiles)
	}
	if me.may(loa.ReadOutreach) {
		parts = append(parts, s.todayLate, s.todaySessions, s.todayQuestions)
	}
	if me.may(loa.ReadEnrolment) {
		parts = append(parts, s.todayRenewals)
	}
	fill := func() error {
		for _, part := range parts {
			if err := part(steady(r), body); err != nil {
				return err
			}
		}
		return nil
	}
	return s.render(w, r, "today", page{Title: t(r, "today.title"), Context: s.dayLine(r, today), Active: "today", Body: body, Look: fmt.Sprintln(body.Steps, body.NoMatrix, body.Channels), Fill: fill})
}

// dayLine is the day with its weekday, lunar date and the name of the day.
func (s *Server) dayLine(r *http.Request, d loa.Day) string {
	return t(r, "weekday."+fmt.Sprint(int(d.Weekday()))) + " " + d.Vietnamese() + " · " + lunarText(r, d)
}

// lunarText is a day's lunar date and name; beyond the years the calendar is sure of, only the name.
func lunarText(r *http.Request, d loa.Day) string {
	y, m, day := d.Parts()
	name := lunar.DayName(y, m, day)
	l, err := lunar.FromSolar(y, m, day)
	if err != nil {
		return name
	}
	key := "lunar.date"
	if l.Leap {
		key = "lunar.leap"
	}
	return t(r, key, l.Day, l.Month, lunar.YearName(l.Year)) + " · " + t(r, "lunar.day", name)
}

// todayBook is the figures of the year so far, kept until something changes.
func (s *Server) todayBook(r *http.Request) (*reporting.Book, loa.Month, error) {
	me, today := whoOf(r), s.today()
	month := today.Month()
	p := loa.Period{From: loa.MakeMonth(month.Year(), 1), To: month}
	key := memoKey{me.Office.ID, me.Office.ChangeNo, "today book " + string(today) + " " + rangesOf(me.Scope)}
	b, err := once(s.memo, key, func() (*reporting.Book, error) {
		settings, err := s.DB.Settings(r.Context(), me.Office.ID)
		if err != nil {
			return nil, err
		}
		in, err := s.DB.ReportInput(r.Context(), me.Scope, p, settings, today)
		if err != nil {
			return nil, err
		}
		return reporting.NewBook(in), nil
	})
	return b, month, err
}

// todayTiles are the four figures against their plan; a month whose official count is not in yet shows the last that is.
func (s *Server) todayTiles(r *http.Request, body *todayPage) error {
	b, month, err := s.todayBook(r)
	if err != nil {
		return err
	}
	for _, scheme := range []loa.Scheme{loa.VoluntarySI, loa.HouseholdHI, loa.CompulsorySI, loa.HI} {
		f := b.Stock("", scheme, month)
		n, _, known := f.Shown()
		tile := todayTile{Scheme: string(scheme), Name: t(r, "scheme."+string(scheme)), Figure: f, N: n, Known: known, URL: "/coverage?scheme=" + string(scheme)}
		if f.Percent != nil {
			tile.Percent, tile.HasPlan = int64(*f.Percent), true
		}
		if known {
			tile.Spark = spark(b.Series("", scheme, loa.Period{From: month.Add(-10), To: month}))
		}
		flow := b.Flow("", scheme, loa.Period{From: month, To: month})
		tile.Note = t(r, "today.flow", month.Number(), flow.Joined, flow.Returned, flow.Lapsed+flow.Left)
		if scheme == loa.HouseholdHI {
			tile.Note = t(r, "today.part_of_hi", month.Number(), flow.Joined)
		}
		body.Tiles = append(body.Tiles, tile)
	}
	return nil
}

// spark lays a series out in a box of 84 by 26.
func spark(points []reporting.Point) sparkline {
	var known []reporting.Point
	for _, p := range points {
		if p.Known {
			known = append(known, p)
		}
	}
	if len(known) < 2 {
		return sparkline{}
	}
	lo, hi := known[0].N, known[0].N
	for _, p := range known {
		lo, hi = min(lo, p.N), max(hi, p.N)
	}
	var b strings.Builder
	out := sparkline{}
	for i, p := range known {
		x, y := int64(i)*84/int64(len(known)-1), int64(13)
		if hi > lo {
			y = 24 - (p.N-lo)*21/(hi-lo)
		}
		out.X, out.Y = fmt.Sprint(x), fmt.Sprint(y)
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(out.X + "," + out.Y)
	}
	out.Points = b.String()
	return out
}

const todayLateLines = 7

// todayLate lists the late cells with their nearest chance, each one click from being planned.
func (s *Server) todayLate(r *http.Request, body *todayPage) error {
	st, err := s.due(r)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	segments, err := s.DB.Segments(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	bySegment := map[loa.SegmentID]string{}
	for _, seg := range segments {
		bySegment[seg.ID] = segmentName(r, seg)
	}
	late := planning.Late(st.All)
	body.LateCells = st.lateCells()
	body.MoreLate = max(0, len(late)-todayLateLines)
	for _, d := range late[:min(len(late), todayLateLines)] {
		on, kind := planning.Chance(st.In, d)
		chance := ""
		if on != "" {
			chance = t(r, "chance."+kind, s.shortDay(r, on))
		}
		body.Late = append(body.Late, lateLine{Segment: bySegment[d.Line.Segment], Form: string(d.Line.Form), Commune: names[d.Area], Late: d.LateBy, Chance: chance, Officer: officers.by[d.Line.Officer], URL: s.planURL(st, d)})
		if d.NextID != "" { // a session is planned already: open that one
			last := &body.Late[len(body.Late)-1]
			last.URL, last.Planned = "/sessions/"+string(d.NextID), true
		}
	}
	return nil
}

// shortDay is "T4 03/12".
func (s *Server) shortDay(r *http.Request, d loa.Day) string {
	return t(r, "weekday_short."+fmt.Sprint(int(d.Weekday()))) + " " + d.Vietnamese()[:5]
}

// todaySessions is today and the six days after, with lunar days, markets and festivals.
func (s *Server) todaySessions(r *http.Request, body *todayPage) error {
	today := s.today()
	list, err := s.DB.Sessions(r.Context(), scopeOf(r), store.SessionFilter{From: today, To: today.Add(6), Limit: 60})
	if err != nil {
		return err
	}
	markets, err := s.DB.Markets(r.Context(), scopeOf(r))
	if err != nil {
		return err
	}
	names, err := s.communeOrVillage(r)
	if err != nil {
		return err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return err
	}
	by := map[loa.Day][]store.SessionLine{}
	for _, x := range list {
		if x.State != loa.Cancelled {
			by[x.On] = append(by[x.On], x)
			body.Sessions++
		}
	}
	for i := range 7 {
		d := today.Add(i)
		day := agendaDay{Label: s.shortDay(r, d), Lunar: shortLunar(r, d)}
		for _, m := range markets {
			if rule, err := planning.ParseMarket(m.Rule); err == nil && rule.On(d) {
				day.Marks = append(day.Marks, m.Name)
			}
		}
		for _, x := range by[d] {
			slot := agendaSlot{Time: clockText(x.StartMin), Form: string(x.Form), Title: x.Title, Place: names[x.Area], URL: "/sessions/" + string(x.ID), End: t(r, "session_state."+string(x.State))}
			if len(x.Officers) > 0 {
				slot.Officer = officers.by[x.Officers[0]]
			}
			day.Slots = append(day.Slots, slot)
		}
		if len(day.Slots) > 0 || i == 0 {
			body.Days = append(body.Days, day)
		}
	}
	return nil
}

func clockText(minutes int) string {
	if minutes <= 0 {
		return ""
	}
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

func shortLunar(r *http.Request, d loa.Day) string {
	y, m, day := d.Parts()
	l, err := lunar.FromSolar(y, m, day)
	if err != nil {
		return lunar.DayName(y, m, day)
	}
	return t(r, "lunar.short", l.Day, l.Month, lunar.DayName(y, m, day))
}

// communeOrVillage names the commune an area lies in, or the area itself when it has none.
func (s *Server) communeOrVillage(r *http.Request) (map[loa.AreaID]string, error) {
	above, err := s.communeNames(r)
	if err != nil {
		return nil, err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return nil, err
	}
	names = maps.Clone(names)
	maps.Copy(names, above)
	return names, nil
}

func (s *Server) todayQuestions(r *http.Request, body *todayPage) error {
	today := s.today()
	var err error
	if body.Ages[0], body.Ages[1], body.Ages[2], err = s.DB.QuestionAges(r.Context(), scopeOf(r), today, today.Add(-3)); err != nil {
		return err
	}
	body.Waiting = body.Ages[0] + body.Ages[1] + body.Ages[2]
	list, err := s.DB.WaitingQuestions(r.Context(), scopeOf(r), 3)
	if err != nil {
		return err
	}
	names, err := s.villageNames(r)
	if err != nil {
		return err
	}
	for _, q := range list {
		sub := names[q.Area]
		if q.Form != "" {
			sub = t(r, "form."+string(q.Form)) + " · " + sub
		}
		body.Questions = append(body.Questions, questionLine{q.ID, q.Text, sub, today.Sub(q.On)})
	}
	return nil
}

func (s *Server) todayRenewals(r *http.Request, body *todayPage) (err error) {
	body.Renewals, err = s.renewals(r, loa.VoluntarySI)
	return err
}
