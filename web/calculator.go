package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa"
	"loa/policy"
)

func (s *Server) calculatorRoutes() []route {
	return []route{
		{"GET /calculator", loa.SignedIn, s.calculatorShow},
		{"POST /calculator/save", loa.EditOutreach, s.calculatorSave},
		{"GET /calculator/ask", loa.SignedIn, s.calculatorAsk},
		{"GET /calculator/slip", loa.SignedIn, s.calculatorSlip},
		{"GET /calculator/slips", loa.ExportPeople, s.calculatorSlips},
	}
}

// calculatorPage is the office's calculator around the shared parts.
type calculatorPage struct {
	Calc    *calcPage
	HI      *hiPage
	Tabs    []calcTab
	Person  string // whom it is for, when an officer came from a person
	Home    string // their page
	Session string
	At      string // the session's page
	MaySave bool
	Query   string // the question, to save or print
	Saved   string // when it was shown: an old answer as it came out then
	NewID   string // of what would be saved: sent twice, it is kept once
}

// context is what stands below the title: the crumbs above it name the person, or else the session, already.
func (b calculatorPage) context() string {
	if b.Home == "" {
		return b.Saved
	}
	return joinDots(b.Session, b.Saved)
}

// Shown reports whether there is an answer to print or to save.
func (b calculatorPage) Shown() bool {
	return b.Calc != nil && b.Calc.Answer != nil || b.HI != nil && len(b.HI.Rows) > 0
}

// kit is what the office's pages calculate with.
func (s *Server) kit(r *http.Request, area loa.AreaID, known time.Time, on loa.Day) (calcKit, error) {
	k := calcKit{lang: langOf(r), today: s.today()}
	var err error
	if known.IsZero() {
		k.law, err = s.law(r)
	} else {
		k.law, err = s.lawKnown(r.Context(), whoOf(r).Office.ID, known)
	}
	if err != nil {
		return k, err
	}
	if area == "" {
		area = whoOf(r).Office.Anchor
	}
	k.basket, err = s.DB.Basket(r.Context(), whoOf(r).Whole, area, on)
	return k, err
}

// calculatorShow answers beside a person's page, inside a session, or alone.
func (s *Server) calculatorShow(w http.ResponseWriter, r *http.Request) error {
	b := calculatorPage{MaySave: whoOf(r).may(loa.EditOutreach), NewID: loa.NewID()}
	var known time.Time
	if id := r.FormValue("saved"); id != "" {
		c, err := s.DB.Calculation(asFor(r, loa.ReadOutreach).Context(), scopeOf(asFor(r, loa.ReadOutreach)), loa.FactID(id))
		if err != nil {
			return err
		}
		asked, err := url.ParseQuery(c.Asked)
		if err != nil {
			return loa.ErrNotFound
		}
		asked.Set("person", string(c.Person))
		asked.Set("day", string(c.HappenedOn))
		asked.Set("session", string(c.Session))
		r.Form, known = asked, c.RecordedAt
		b.Saved = t(r, "calc.saved_then", c.HappenedOn)
	}
	f := readForm(r)
	person, err := s.calcFor(r, f, &b)
	if err != nil {
		return err
	}
	k, err := s.kit(r, person.Area, known, s.today())
	if err != nil {
		return err
	}
	hi := f.text("tab") == "hi"
	if hi {
		err = s.calculatorHI(r, f, k, person, &b)
	} else {
		err = s.calculatorSI(r, f, k, person, &b)
	}
	if err != nil {
		return err
	}
	plain := url.Values{}
	for _, name := range []string{"person", "session"} {
		if v := f.text(name); v != "" {
			plain.Set(name, v)
		}
	}
	at := func(tab string) string {
		v := url.Values{}
		for name := range plain {
			v.Set(name, plain.Get(name))
		}
		if tab != "" {
			v.Set("tab", tab)
		}
		return strings.TrimSuffix("/calculator?"+v.Encode(), "?")
	}
	b.Tabs = []calcTab{{t(r, "calc.tab.si"), at(""), !hi}, {t(r, "calc.tab.hi"), at("hi"), hi}, {t(r, "calc.tab.ask"), "/calculator/ask", false}}
	title := t(r, "calc.title_office")
	if hi {
		title = t(r, "calc.title_hi")
	}
	return s.render(w, r, "calculator", page{Title: title, Context: b.context(), Active: "calculator", Body: b})
}

// calcFor finds the person and the session an officer calculates for. Whoever may not read people calculates for nobody.
func (s *Server) calcFor(r *http.Request, f *form, b *calculatorPage) (loa.Person, error) {
	var p loa.Person
	if id := loa.SessionID(f.text("session")); id != "" && whoOf(r).may(loa.ReadOutreach) {
		x, err := s.DB.Session(r.Context(), scopeOf(asFor(r, loa.ReadOutreach)), id)
		if err != nil {
			return p, err
		}
		b.Session, b.At, p.Area = x.Title, "/sessions/"+string(x.ID), x.Area
	}
	id := loa.PersonID(f.text("person"))
	if id == "" {
		return p, nil
	}
	if !whoOf(r).may(loa.ReadPeople) {
		return p, loa.ErrNotFound
	}
	p, err := s.DB.Person(r.Context(), scopeOf(asFor(r, loa.ReadPeople)), id)
	if err != nil {
		return p, err
	}
	b.Person, b.Home = p.Name, "/people/"+string(p.ID)
	return p, s.DB.Opened(r.Context(), whoOf(r).Office.ID, s.by(r), "person", string(p.ID))
}

// calculatorSI answers for voluntary SI; what the register knows of a person fills the questions in.
func (s *Server) calculatorSI(r *http.Request, f *form, k calcKit, p loa.Person, b *calculatorPage) error {
	if p.ID != "" && f.text("who") == "" && f.text("y") == "" {
		s.fillFrom(r, p)
		if err := s.fillPaid(r, k, p); err != nil {
			return err
		}
	}
	a := s.readCalc(r, f)
	c := k.calc(a, f, "/calculator", "chi")
	if speech := c.speech(); speech != "" {
		var err error
		if c.Listen, err = s.listen(r.Context(), langOf(r), whoOf(r).Office.ID, "calculator.voluntary_si", speech, clipsInUse); err != nil {
			return err
		}
	}
	if c.Answer != nil {
		var err error
		if c.Stories, err = s.storyBeside(r.Context(), langOf(r), whoOf(r).Office.ID, loa.StoryFilter{Scheme: loa.VoluntarySI, Audience: storyAudience(string(a.Who)), On: s.today()}, clipsInUse); err != nil {
			return err
		}
	}
	b.Calc, b.Query = &c, c.values().Encode()
	return nil
}

// storyBeside is the one story told beside an answer: told in the page's language when there is such a one, else as it is told.
func (s *Server) storyBeside(ctx context.Context, lang string, office loa.OfficeID, f loa.StoryFilter, at string) ([]toldView, error) {
	f.Lang, f.Take = lang, 1
	list, err := s.toldStories(ctx, lang, office, f, at)
	if err != nil || len(list) > 0 {
		return list, err
	}
	f.Lang = ""
	return s.toldStories(ctx, lang, office, f, at)
}

// storyAudience is the audience of stories that a group of the calculator belongs to.
func storyAudience(group string) string {
	if slices.Contains(loa.StoryAudiences, group) {
		return group
	}
	return ""
}

// siGroupOf is the group by which the State supports somebody in voluntary SI, as far as the register knows it.
func siGroupOf(p loa.Person, on loa.Day) policy.Group {
	switch {
	case p.PovertyOn(on) == "poor":
		return policy.Poor
	case p.PovertyOn(on) == "near_poor":
		return policy.NearPoor
	case p.Ethnic != "" && p.Ethnic != "kinh" && p.Ethnic != "other":
		return policy.EthnicMinority
	}
	return policy.Other
}

// fillFrom puts what is known of a person into the questions.
func (s *Server) fillFrom(r *http.Request, p loa.Person) {
	set := func(name, value string) {
		if value != "" {
			r.Form.Set(name, value)
		}
	}
	set("who", string(siGroupOf(p, s.today())))
	set("sex", string(p.Sex))
	if p.BornOn.Valid() {
		y, m, _ := p.BornOn.Parts()
		set("y", itoa(y))
		set("m", itoa(m))
	} else if p.BornYear > 0 {
		set("y", itoa(p.BornYear))
	}
}

// fillPaid puts the months somebody has paid in voluntary SI into the questions, as the register knows them, and what they pay a month.
func (s *Server) fillPaid(r *http.Request, k calcKit, p loa.Person) error {
	paid, err := s.paidOf(r, p.ID)
	if err != nil {
		return err
	}
	if paid.months == 0 || paid.months > 720 {
		return nil
	}
	r.Form.Set("before", itoa(int(paid.months)))
	if paid.sum > 0 {
		r.Form.Set("average", itoa(int(paid.sum/paid.months)))
	}
	r.Form.Set("supported", itoa(int(paid.supported)))
	if q, err := k.law.Contribution(paid.next(p, loa.Monthly, s.today())); err == nil && r.FormValue("put") == "" {
		r.Form.Set("put", strconv.FormatInt(q.Get("pay"), 10))
	}
	return nil
}

// paidSI is what somebody has paid in voluntary SI.
type paidSI struct {
	months, supported, sum int64 // the sum of the incomes of the months
	last                   loa.Contribution
}

func (s *Server) paidOf(r *http.Request, id loa.PersonID) (paidSI, error) {
	var p paidSI
	if !whoOf(r).may(loa.ReadEnrolment) {
		return p, nil
	}
	paid, _, _, err := s.DB.Facts(r.Context(), scopeOf(asFor(r, loa.ReadEnrolment)), id)
	for _, c := range paid {
		if c.Scheme != loa.VoluntarySI || c.Void || c.Months <= 0 {
			continue
		}
		p.months += int64(c.Months)
		p.sum += c.Income * int64(c.Months)
		if c.StateAmount > 0 {
			p.supported += int64(c.Months)
		}
		if c.From > p.last.From {
			p.last = c
		}
	}
	return p, err
}

// next is the contribution that would follow the last one, with the same income.
func (p paidSI) next(who loa.Person, m loa.Method, on loa.Day) policy.Contribution {
	return policy.Contribution{Day: on, Income: p.last.Income, Groups: []policy.Group{siGroupOf(who, on)}, Method: m, Periods: 1, SupportBP: -1, LocalBP: -1, Supported: p.supported}
}

// calculatorHI answers for the whole household in one table, its members named when they are known.
func (s *Server) calculatorHI(r *http.Request, f *form, k calcKit, p loa.Person, b *calculatorPage) error {
	var members []loa.Person
	if p.Household != "" {
		var err error
		if members, err = s.DB.Members(r.Context(), scopeOf(asFor(r, loa.ReadPeople)), p.Household); err != nil {
			return err
		}
		members = members[:min(len(members), hiMost)]
		if f.text("n") == "" && len(members) > 0 {
			r.Form.Set("n", itoa(len(members)))
			for i, m := range members {
				if g := s.hiGroupOf(m); g != "" {
					r.Form.Set("g"+itoa(i+1), string(g))
				}
			}
		}
	}
	a := s.readHI(f)
	if len(members) == len(a.Groups) {
		for _, m := range members {
			a.Names = append(a.Names, m.Name)
		}
	}
	c := k.household(a, f, "/calculator", "chi")
	c.Person, c.Session = p.ID, loa.SessionID(f.text("session"))
	var err error
	if c.Listen, err = s.listen(r.Context(), langOf(r), whoOf(r).Office.ID, "calculator.household_hi", c.Speech, clipsInUse); err != nil {
		return err
	}
	v := a.values()
	for name, value := range map[string]string{"person": string(c.Person), "session": string(c.Session)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	b.HI, b.Query = &c, v.Encode()
	return nil
}

// hiGroupOf is the group by which the State pays for a member, as far as the register knows it; an officer corrects it.
func (s *Server) hiGroupOf(p loa.Person) policy.Group {
	today := s.today()
	switch {
	case p.BornYear > 0 && today.Month().Year()-p.BornYear < 6:
		return policy.Under6
	case p.PovertyOn(today) == "poor":
		return policy.Poor
	case p.PovertyOn(today) == "near_poor":
		return policy.NearPoor
	case p.Occupation == "pupil":
		return policy.Pupil
	}
	return ""
}

// calculatorSave keeps what was shown on the household's timeline.
func (s *Server) calculatorSave(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	asked, err := url.ParseQuery(f.text("asked"))
	if err != nil || len(f.text("asked")) > 1000 {
		return loa.Refuse(loa.Invalid, "asked", "not_in_list")
	}
	id := loa.FactID(f.text("id"))
	c := loa.Calculation{Fact: loa.Fact{ID: id, HappenedOn: s.today(), HappenedAt: s.Now()}, Person: loa.PersonID(asked.Get("person")), Session: loa.SessionID(asked.Get("session")), Scheme: loa.VoluntarySI}
	r.Form = asked
	g := readForm(r)
	k, err := s.kit(r, "", time.Time{}, s.today())
	if err != nil {
		return err
	}
	if asked.Get("tab") == "hi" {
		p := k.household(s.readHI(g), g, "", "chi")
		if len(p.Rows) == 0 {
			return noAnswer(p.why)
		}
		c.Scheme, c.Pay = loa.HouseholdHI, p.Totals[len(p.Totals)-1]
	} else {
		p := k.calc(s.readCalc(r, g), g, "", "chi")
		if p.Answer == nil {
			return noAnswer(p.why)
		}
		c.Pay, c.Monthly = p.Answer.Pay, p.Answer.Monthly
		if month, year, ok := strings.Cut(p.Answer.From, "/"); ok {
			y, _ := strconv.Atoi(year)
			m, _ := strconv.Atoi(month)
			c.From = loa.MakeMonth(y, m)
		}
	}
	for _, name := range []string{"person", "session", "id", "to"} {
		asked.Del(name)
	}
	c.Asked = asked.Encode()
	if err := s.DB.AddCalculation(r.Context(), scopeOf(r), s.by(r), c); err != nil {
		return err
	}
	return s.done(w, r, "/people/"+string(c.Person), t(r, "calc.saved_done"), s.unsay(c.Person, "calculation", c.ID))
}
