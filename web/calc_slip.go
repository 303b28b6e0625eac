package web

import (
	"net/http"
	"net/url"
	"strconv"
	"time"

	"loa"
	"loa/pdf"
	"loa/policy"
	"loa/qr"
	"loa/store"
)

// slipMost is how many households are printed at once; more are printed page by page.
const slipMost = 1000

// slipPage is one or many slips, a household on each sheet.
type slipPage struct {
	Size   string // a6 or a5
	Sizes  []calcTab
	Slips  []slip
	Next   string // the households after these
	Areas  []option
	Area   string
	Issuer string
	Code   qr.Code
	Link   string
	Phone  string
	Law    string
	Day    loa.Day
	Demo   bool
	Doubts int

	Story   *paperStory // told on every slip; nil for none
	Stories []calcTab   // to choose from
	scheme  loa.Scheme  // the stories are about; empty for any
}

// slip is what one household takes home.
type slip struct {
	Who, Place string
	SI         []slipLine // by group: what one person pays a month
	Picture    string
	Coins      []bool
	Share      int64
	Pension    string // why there is none, for one person
	From, Old  string // when one begins, and who stands beside it
	Monthly    int64
	Ways       []slipLine // the ways of paying
	Woman, Man int64      // what the least years bring, when it is for nobody in particular
	Least      string     // those years
	Support    string     // how long the State pays along
	HI         []slipLine
	Total      int64
	Months     int64
	Covered    int // members who have a card already
	Doubt      string
}

type slipLine struct {
	Label      string
	Pay, State int64
	Free       bool
}

// calculatorSlip prints what the calculator shows: one slip.
func (s *Server) calculatorSlip(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	var b calculatorPage
	person, err := s.calcFor(r, f, &b)
	if err != nil {
		return err
	}
	k, err := s.kit(r, person.Area, time.Time{}, s.today())
	if err != nil {
		return err
	}
	x := slip{Who: person.Name}
	if x.Place, err = s.villageLabel(r, person.Area); err != nil {
		return err
	}
	if f.text("tab") == "hi" {
		if err := s.calculatorHI(r, f, k, person, &b); err != nil {
			return err
		}
		if b.HI.Refused != "" || len(b.HI.Rows) == 0 {
			return noAnswer(b.HI.why)
		}
		k.slipHI(&x, b.HI)
	} else {
		if err := s.calculatorSI(r, f, k, person, &b); err != nil {
			return err
		}
		if b.Calc.Answer == nil {
			return noAnswer(b.Calc.why)
		}
		k.slipSI(&x, b.Calc)
	}
	p := slipPage{Area: string(person.Area), scheme: loa.VoluntarySI}
	if f.text("tab") == "hi" {
		p.scheme = loa.HouseholdHI
	}
	return s.slips(w, r, k, []slip{x}, "/calculator?"+b.Query, p)
}

// villageLabel is a village with its commune.
func (s *Server) villageLabel(r *http.Request, area loa.AreaID) (string, error) {
	if area == "" {
		return "", nil
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return "", err
	}
	return tree.Areas[area].Label(), nil
}

// slipSI is the answer for one person.
func (k calcKit) slipSI(x *slip, c *calcPage) {
	a := c.Answer
	x.SI = []slipLine{{Label: k.say("calc.who." + string(c.Who)), Pay: a.Pay, State: a.Added()}}
	x.Picture, x.Coins, x.Share, x.Support = whoPictures[c.Who], a.Coins, a.Share, k.supportFor(c.Day)
	x.Pension, x.From, x.Monthly, x.Old = a.TooFew, a.From, a.Monthly, c.Picture(true)
	for _, m := range a.Methods[:min(len(a.Methods), 4)] {
		x.Ways = append(x.Ways, slipLine{Label: m.Label, Pay: m.Pay})
	}
	for _, d := range a.Coming {
		if d.Doubt {
			x.Doubt = d.Text
		}
	}
}

func (k calcKit) slipHI(x *slip, p *hiPage) {
	last := len(p.Terms) - 1
	x.Months, x.Total = p.Terms[last], p.Totals[last]
	for _, row := range p.Rows {
		label := row.Name
		if label == "" {
			label = k.say("calc.hi.member", row.No)
		}
		x.HI = append(x.HI, slipLine{Label: label, Pay: row.Pays[last], Free: row.State})
	}
}

// supportFor is how long the State pays along, in words.
func (k calcKit) supportFor(on loa.Day) string {
	row, ok := k.law.At("voluntary_si.support_months", on)
	if !ok {
		return ""
	}
	return WholeFigure(k.lang, row.Value, row.Unit)
}

// calculatorSlips prints a slip for every household below an area: what one of them pays a month by its group, what that brings,
// and what cards cost those who have none.
func (s *Server) calculatorSlips(w http.ResponseWriter, r *http.Request) error {
	f, me := readForm(r), whoOf(r)
	area := loa.AreaID(f.text("area"))
	if area == "" {
		return s.slipPlace(w, r)
	}
	skip := int(f.count("skip"))
	members, err := s.DB.SlipMembers(r.Context(), scopeOf(r), area, s.today(), skip, slipMost+1)
	if err != nil {
		return err
	}
	k, err := s.kit(r, "", time.Time{}, s.today())
	if err != nil {
		return err
	}
	places, err := s.villageNames(r)
	if err != nil {
		return err
	}
	homes := homesOf(members)
	p := slipPage{Area: string(area)}
	if len(homes) > slipMost {
		homes = homes[:slipMost]
		p.Next = "/calculator/slips?" + url.Values{"area": {string(area)}, "skip": {strconv.Itoa(skip + slipMost)}, "size": {f.text("size")}}.Encode()
	}
	made := slipMaker{kit: k, on: s.today()}
	list := make([]slip, 0, len(homes))
	for _, home := range homes {
		x, err := made.slip(home)
		if err != nil {
			return err
		}
		x.Place = places[home[0].Area]
		list = append(list, x)
	}
	if len(list) == 0 {
		return loa.ErrNotFound
	}
	if err := s.DB.Audit(r.Context(), me.Office.ID, s.by(r), "printed", "people", "", "slips n="+strconv.Itoa(len(list))); err != nil {
		return err
	}
	return s.slips(w, r, k, list, "/calculator", p)
}

// homesOf cuts the members into households.
func homesOf(members []store.SlipMember) [][]store.SlipMember {
	var out [][]store.SlipMember
	for i, m := range members {
		if i == 0 || m.Household != members[i-1].Household {
			out = append(out, nil)
		}
		out[len(out)-1] = append(out[len(out)-1], m)
	}
	return out
}

// slipMaker asks the law once for each group and each number of members.
type slipMaker struct {
	kit   calcKit
	on    loa.Day
	bySI  map[policy.Group]slip
	byHI  map[int]policy.Quote
	terms int64
}

func (m *slipMaker) slip(home []store.SlipMember) (slip, error) {
	group, paying := policy.Other, 0
	head := home[0].Head
	var without []store.SlipMember
	covered := 0
	for _, p := range home {
		if head == "" {
			head = p.Name
		}
		switch {
		case p.Poverty == "poor":
			group = policy.Poor
		case p.Poverty == "near_poor" && group != policy.Poor:
			group = policy.NearPoor
		case p.Ethnic != "" && p.Ethnic != "kinh" && p.Ethnic != "other" && group == policy.Other:
			group = policy.EthnicMinority
		}
		if p.Paying {
			paying++
		}
		if p.Card {
			covered++
		} else {
			without = append(without, p)
		}
	}
	x, err := m.si(group)
	if err != nil {
		return x, err
	}
	x.Who, x.Covered = head, covered
	if len(without) > 0 {
		q, err := m.hi(min(len(without), hiMost))
		if err != nil {
			return x, err
		}
		tiers, _ := q.Result("tiers")
		x.Months, x.Total = m.terms, q.Get("total")
		for i, pay := range tiers.List {
			x.HI = append(x.HI, slipLine{Label: without[i].Name, Pay: pay})
		}
	}
	return x, nil
}

// si is the part on voluntary SI, the same for every household of a group.
func (m *slipMaker) si(group policy.Group) (slip, error) {
	if x, ok := m.bySI[group]; ok {
		return x, nil
	}
	limits, err := m.kit.law.Income(m.on, 0)
	if err != nil {
		return slip{}, err
	}
	floor := limits.Get("floor")
	q, err := m.kit.law.Contribution(policy.Contribution{Day: m.on, Income: floor, Groups: []policy.Group{group}, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1})
	if err != nil {
		return slip{}, err
	}
	b := calcAnswer{Pay: q.Get("pay"), Base: q.Get("base")}
	b.coins()
	x := slip{SI: []slipLine{{Label: m.kit.say("calc.who." + string(group)), Pay: b.Pay, State: q.Get("state_support") + q.Get("local_support")}}, Picture: whoPictures[group], Coins: b.Coins, Share: b.Share}
	least, _ := m.kit.law.At("pension.least_months", m.on)
	x.Least, x.Support = WholeFigure(m.kit.lang, least.Value, least.Unit), m.kit.supportFor(m.on)
	for sex, to := range map[loa.Sex]*int64{loa.Female: &x.Woman, loa.Male: &x.Man} {
		p, err := m.kit.law.Pension(policy.Pension{Day: m.on, Sex: sex, Months: least.Value, Average: floor})
		if err != nil {
			return slip{}, err
		}
		*to = p.Get("monthly")
	}
	if m.bySI == nil {
		m.bySI = map[policy.Group]slip{}
	}
	m.bySI[group] = x
	return x, nil
}

func (m *slipMaker) hi(n int) (policy.Quote, error) {
	if q, ok := m.byHI[n]; ok {
		return q, nil
	}
	row, _ := m.kit.law.At("hi.card_months.3", m.on)
	m.terms = row.Value
	months := make([]int64, n)
	for i := range months {
		months[i] = row.Value
	}
	q, err := m.kit.law.Household(m.on, months)
	if m.byHI == nil {
		m.byHI = map[int]policy.Quote{}
	}
	m.byHI[n] = q
	return q, err
}

// slipCites are the parameters whose law stands on the sheets: of what is told on them, and of nothing else.
func slipCites(list []slip) []string {
	var si, hi bool
	for _, x := range list {
		si, hi = si || len(x.SI) > 0, hi || len(x.HI) > 0
	}
	var out []string
	if si {
		out = append(out, "voluntary_si.rate", "voluntary_si.support.other", "pension.base_rate.female")
	}
	if hi {
		out = append(out, "hi.tier.1")
	}
	return out
}

// slips draws the sheets.
func (s *Server) slips(w http.ResponseWriter, r *http.Request, k calcKit, list []slip, back string, p slipPage) error {
	me := whoOf(r)
	p.Slips, p.Size, p.Day, p.Issuer, p.Demo = list, "a6", s.today(), me.Office.Name, me.Office.Synthetic
	paper := pdf.A6
	if r.FormValue("size") == "a5" {
		p.Size, paper = "a5", pdf.A5
	}
	if err := s.slipStory(r, &p); err != nil {
		return err
	}
	p.Phone = displayPhone(me.Officer.Phone)
	p.Link = s.siteURL(r) + publicPath(me.Office.Slug, "home")
	var err error
	if p.Code, err = qr.Draw(p.Link); err != nil {
		return err
	}
	cites := []string{}
	for _, name := range slipCites(list) {
		if row, ok := k.law.At(name, s.today()); ok {
			cites = append(cites, row.Cites)
		}
	}
	p.Law = policy.Law(policy.Gather(cites)).In(k.lang)
	q := r.URL.Query()
	for _, size := range []string{"a6", "a5"} {
		q.Set("size", size)
		p.Sizes = append(p.Sizes, calcTab{t(r, "calc.slip.size."+size), r.URL.Path + "?" + q.Encode(), size == p.Size})
	}
	return s.onPaper(w, r, "calculator_slip", paperPage{Title: t(r, "calc.slip_title"), Back: back, File: "phieu", Paper: paper, Body: p})
}
