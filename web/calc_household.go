package web

import (
	"net/url"
	"strconv"

	"loa"
	"loa/policy"
)

// hiMost is the most people a household has; the law's formulas take as many.
const hiMost = 30

// hiAsked are the members of a household, each with the group by which the State pays for it; empty: the household pays.
type hiAsked struct {
	Day     loa.Day
	Groups  []policy.Group
	Names   []string // of the members, when an officer asks for a household of the register
	Example bool
}

// hiPage is household HI for the whole household in one table.
type hiPage struct {
	hiAsked
	At, Voice, From string
	N               int
	NText           string // as it was typed, when it cannot be
	Asks            []hiAsk
	Less, More      int
	Rows            []hiRow
	Options         []option
	Terms           []int64 // months of a card
	Totals          []int64
	States          []int64
	Likes           []likeView
	Doubts, Notes   []string
	Coming          []comingView
	Law             string
	Works           []workView
	Refused         string
	why             error // the same as a refusal, for who prints or saves
	Errors          map[string]string
	Future          bool
	Listen          listenRow
	Stories         []toldView
	Speech          string
	Tabs            []calcTab
	Person          loa.PersonID
	Session         loa.SessionID
	Until           loa.Day
	LastTier        string // of the fifth member and on
}

// hiAsk is the question by which group the State pays for a member.
type hiAsk struct {
	No          int
	Name, Group string
	Wrong       string
}

type hiRow struct {
	No     int
	Name   string
	Group  string
	Label  string
	Tier   string // per cent of the first member's, or the State's share
	Pays   []int64
	State  bool // the State pays it all
	Shared bool
}

// Longest are the months of the longest card.
func (p hiPage) Longest() int64 { return p.Terms[len(p.Terms)-1] }

// Year is what the longest cards cost everybody together.
func (p hiPage) Year() int64 { return p.Totals[len(p.Totals)-1] }

func (s *Server) readHI(f *form) hiAsked {
	a := hiAsked{Day: f.day("day")}
	if a.Day == "" {
		a.Day = s.today()
	}
	if f.text("to") != "" { // − and +
		f.r.Form.Set("n", f.text("to"))
	}
	n := f.figure("n")
	if f.text("n") == "" {
		n, a.Example = 4, true
	}
	if n < 1 || n > hiMost {
		f.bad("n", "calc.hi.bad_n", 1, hiMost)
		return a
	}
	known := map[string]bool{"": true}
	for _, g := range policy.HIGroups {
		known[string(g)] = true
	}
	for i := range int(n) {
		g := f.text("g" + strconv.Itoa(i+1))
		if !known[g] {
			f.bad("g"+strconv.Itoa(i+1), "calc.hi.bad_group", clipped(g, 40), i+1)
			g = ""
		}
		a.Groups = append(a.Groups, policy.Group(g))
	}
	return a
}

func (a hiAsked) values() url.Values {
	v := url.Values{"tab": {"hi"}, "n": {strconv.Itoa(len(a.Groups))}}
	for i, g := range a.Groups {
		if g != "" {
			v.Set("g"+strconv.Itoa(i+1), string(g))
		}
	}
	return v
}

// household fills the table: who pays goes down the tiers in order, whoever the State pays for is not counted among them.
func (k calcKit) household(a hiAsked, f *form, at, voice string) hiPage {
	p := hiPage{hiAsked: a, At: at, Voice: voice, N: len(a.Groups), Errors: f.Errors, Future: a.Day > k.today}
	if p.N > 1 {
		p.Less = p.N - 1
	}
	if p.N < hiMost {
		p.More = p.N + 1
	}
	p.Options = []option{{"", k.say("calc.hi.pays")}}
	for _, g := range policy.HIGroups {
		p.Options = append(p.Options, option{string(g), k.say("policy.group." + string(g))})
	}
	for i, g := range p.Groups {
		ask := hiAsk{No: i + 1, Group: string(g), Wrong: f.Errors["g"+strconv.Itoa(i+1)]}
		if i < len(p.Names) {
			ask.Name = p.Names[i]
		}
		p.Asks = append(p.Asks, ask)
	}
	if p.NText = strconv.Itoa(p.N); f.Errors["n"] != "" {
		p.NText = clipped(f.text("n"), 12)
	}
	if !f.ok() {
		return p
	}
	if err := k.fillHousehold(&p); err != nil {
		p.Refused, p.why, p.Rows = k.sentence(err), err, nil
	}
	return p
}

func (k calcKit) fillHousehold(p *hiPage) error {
	for i := 1; i <= 3; i++ {
		row, ok := k.law.At("hi.card_months."+strconv.Itoa(i), p.Day)
		if !ok {
			return loa.Refuse(loa.Invalid, "day", "policy_unknown", loa.Phrase("policy.param.hi.card_months.1"))
		}
		p.Terms = append(p.Terms, row.Value)
	}
	p.Totals, p.States = make([]int64, len(p.Terms)), make([]int64, len(p.Terms))
	paying := int64(0)
	for _, g := range p.Groups {
		if g == "" {
			paying++
		}
	}
	if last, ok := k.law.At("hi.tier.5", p.Day); ok && paying > 1 {
		p.LastTier = WholeFigure(k.lang, last.Value, last.Unit)
	}
	var tiers [][]int64 // by term
	var quotes []policy.Quote
	for _, months := range p.Terms {
		if paying == 0 {
			break
		}
		list := make([]int64, paying)
		for i := range list {
			list[i] = months
		}
		q, err := k.law.Household(p.Day, list)
		if err != nil {
			return err
		}
		r, _ := q.Result("tiers")
		tiers = append(tiers, r.List)
		quotes = append(quotes[:0], q) // the longest card's working is shown
	}
	at := 0
	for i, g := range p.Groups {
		row := hiRow{No: i + 1, Group: string(g)}
		if i < len(p.Names) {
			row.Name = p.Names[i]
		}
		for t, months := range p.Terms {
			if g == "" {
				row.Pays = append(row.Pays, tiers[t][at])
				p.Totals[t] += tiers[t][at]
				continue
			}
			q, err := k.law.Card(p.Day, []policy.Group{g}, months)
			if err != nil {
				return err
			}
			share := q.Get("state_share_bp")
			row.State, row.Shared = share == 10000, share > 0 && share < 10000
			row.Tier = k.say("calc.hi.state", policy.Figure(share, policy.BasisPoint, k.lang))
			row.Pays = append(row.Pays, q.Get("pay"))
			p.Totals[t] += q.Get("pay")
			p.States[t] += q.Get("state_support")
			if t == len(p.Terms)-1 {
				quotes = append(quotes, q)
			}
		}
		if g == "" {
			tier, _ := k.law.At("hi.tier."+strconv.Itoa(min(at+1, 5)), p.Day)
			row.Tier = policy.Figure(tier.Value, policy.BasisPoint, k.lang)
			at++
		}
		p.Rows = append(p.Rows, row)
	}
	k.explainHousehold(p, quotes)
	return nil
}

func (k calcKit) explainHousehold(p *hiPage, quotes []policy.Quote) {
	var b calcAnswer
	if len(quotes) > 0 {
		shown := map[string]bool{}
		var works []workView
		for _, q := range quotes {
			w := workView{Title: k.say("policy.kind." + q.Kind), Lines: k.lines(q)}
			if r, ok := q.Result("reason"); ok {
				w.Title = k.say("policy.group." + r.Word)
			}
			if !shown[w.Title] {
				shown[w.Title] = true
				works = append(works, w)
			}
		}
		k.explain(&b, calcAsked{Day: p.Day}, quotes[:1])
		for _, text := range append(b.Doubts, b.Notes...) {
			shown[text] = true
		}
		for _, q := range quotes[1:] {
			for _, r := range q.Unconfirmed() {
				if text := k.say("policy.not_confirmed", loa.Phrase("policy.param."+r.Name), r.From); !shown[text] {
					shown[text] = true
					b.Doubts = append(b.Doubts, text)
				}
			}
			for _, n := range q.Notes {
				if text := k.say("policy.note."+n.Code, n.Args...); !shown[text] {
					shown[text] = true
					b.Notes = append(b.Notes, text)
				}
			}
		}
		p.Works, p.Doubts, p.Notes, p.Law, p.Until = works, b.Doubts, b.Notes, b.Law, b.Until
		for _, r := range quotes[0].Next {
			if r.Name == "base_salary" {
				key, doubt := "calc.hi.coming", !r.Approved || !r.Confirmed
				if doubt {
					key = "calc.hi.coming_maybe"
				}
				p.Coming = append(p.Coming, comingView{k.say(key, r.From, k.money(r.Value), policy.Law(r.Cites)), doubt})
			}
		}
	}
	year := p.Totals[len(p.Totals)-1]
	p.Likes = likesOf(k.lang, year, k.basket)
	p.Speech = k.householdSpeech(p, year)
}

func (k calcKit) householdSpeech(p *hiPage, year int64) string {
	vi := calcKit{lang: "vi"}
	return vi.say("calc.hi.speech", p.N, WholeFigure("vi", p.Terms[len(p.Terms)-1], policy.Months), vi.money(year))
}
