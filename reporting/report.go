package reporting

import (
	"encoding/json"
	"fmt"
	"slices"

	"loa"
)

// Input is what a report is made from.
type Input = loa.ReportInput

// Report is the figures of a period, as a page, a printed sheet, a spreadsheet and JSON show them alike.
type Report struct {
	Office    string    `json:"office"`
	From      loa.Month `json:"from"`
	To        loa.Month `json:"to"`
	FromDay   loa.Day   `json:"from_day"`
	ToDay     loa.Day   `json:"to_day"`
	CutOffDay int       `json:"cut_off_day,omitempty"`
	AsOf      loa.Day   `json:"as_of"` // the last day that counts: the period's end, or today while it runs
	UnitsOn   loa.Day   `json:"units_on,omitempty"`
	Synthetic bool      `json:"synthetic,omitempty"`
	Lines
	People   Figure        `json:"people_met"` // distinct, by name; cannot be added up from its parts
	Communes []CommuneLine `json:"communes"`
	Months   []MonthLine   `json:"months"`
	ByForm   []FormReach   `json:"reach_by_form,omitempty"` // beside sessions; of the whole
}

// FormReach is whom one form of communication reached that is no session: a person counts once within a form.
type FormReach struct {
	Form    loa.Form `json:"form"`
	Sent    int64    `json:"sent"`    // messages, posts, plays, calls and visits
	People  int64    `json:"people"`  // reached by name, and those in earshot
	ByName  bool     `json:"by_name"` // false: a post tells nobody by name
	Arrived int64    `json:"arrived"` // of what was sent, as far as networks tell
	Refused int64    `json:"refused"`
	Clicks  int64    `json:"clicks"` // who opened the links it told, each browser once a day
	Replies int64    `json:"replies"`
}

// CommuneLine is one commune's part of a report. The parts add up to the whole.
type CommuneLine struct {
	Area             loa.AreaID `json:"area,omitempty"`
	Name             string     `json:"name,omitempty"`
	NotStated        bool       `json:"commune_not_stated,omitempty"` // what has no commune yet
	NotInTheRegister bool       `json:"official_difference,omitempty"`
	ByRegister       bool       `json:"by_register,omitempty"` // counts of stocks from the register, because the official list is by other communes
	Lines
}

// MonthLine is one month's part of a report: flows add up to the whole, stocks are those at the month's end.
type MonthLine struct {
	Month loa.Month `json:"month"`
	Lines
}

// Days are the days of a month of a report, as far as they count.
func (m MonthLine) Days(r Report) (from, to loa.Day) {
	from, to = loa.Period{From: m.Month, To: m.Month}.Days(r.CutOffDay)
	return from, min(to, r.AsOf)
}

// Make counts a report. A stock is the official count at the end of the last month, its change against twelve months before; a
// flow is the sum over the period, its change against the same months a year earlier.
func Make(in Input) Report { return NewBook(in).Report(in.Period) }

// Report counts the report of a period inside the book's months.
func (b *Book) Report(p loa.Period) Report {
	from, to := p.Days(b.In.CutOffDay)
	r := Report{Office: b.In.Office.Name, From: p.From, To: p.To, FromDay: from, ToDay: to, CutOffDay: b.In.CutOffDay, AsOf: min(to, b.In.Today), UnitsOn: b.In.UnitsOn, Synthetic: b.In.Office.Synthetic,
		Lines: b.lineOf(whole, p)}
	if p == b.In.Period {
		r.People = Figure{Count: ptr(b.In.People)}
	}
	for _, u := range b.Units.List {
		line := CommuneLine{Area: u.ID, Name: u.Name, NotStated: u.NoCommune(), Lines: b.lineOf(u.ID, p)}
		if line.NotStated {
			line.Name = ""
		}
		for _, s := range loa.Schemes {
			line.ByRegister = line.ByRegister || b.ByRegister(s, p.To)
		}
		r.Communes = append(r.Communes, line)
	}
	if rest := b.rest(r); rest != nil {
		r.Communes = append(r.Communes, *rest)
	}
	for _, m := range p.Months() {
		r.Months = append(r.Months, MonthLine{Month: m, Lines: b.lineOf(whole, loa.Period{From: m, To: m})})
	}
	return r
}

// Lines counts the figures of the whole over a period inside the book's months, without its parts.
func (b *Book) Lines(p loa.Period) Lines { return b.lineOf(whole, p) }

// rest is the line that keeps the sum right where lines are told by the register and the sum by the official list.
func (b *Book) rest(r Report) *CommuneLine {
	out := CommuneLine{NotInTheRegister: true, Lines: Lines{Participation: map[loa.Scheme]Figure{}}}
	for _, s := range loa.Schemes {
		if !b.ByRegister(s, r.To) || !r.Participation[s].Known() {
			continue
		}
		if d := r.Participation[s].N() - value(r.Participation[s].Register); d != 0 {
			out.Participation[s] = Figure{Count: ptr(d)}
		}
	}
	if len(out.Participation) == 0 {
		return nil
	}
	return &out
}

// lineOf counts every figure of one line over a period.
func (b *Book) lineOf(unit loa.AreaID, p loa.Period) Lines {
	l := Lines{Sessions: map[loa.Form]Figure{}, AttendancesByForm: map[loa.Form]Figure{}, Joined: map[loa.Scheme]Figure{}, Returned: map[loa.Scheme]Figure{},
		Lapsed: map[loa.Scheme]Figure{}, Left: map[loa.Scheme]Figure{}, Participation: map[loa.Scheme]Figure{}}
	earlier := p.YearEarlier()
	known := earlier.From >= b.from && b.heldAny(earlier)
	flow := func(now, then int64, known bool) Figure {
		f := Figure{Count: ptr(now)}
		if known {
			f.Change = ptr(now - then)
		}
		return f
	}
	var all, allThen, heads, headsThen int64
	for _, form := range loa.SessionForms {
		now, then := b.heldSum(unit, p, form), b.heldSum(unit, earlier, form)
		l.Sessions[form] = flow(now.sessions, then.sessions, known)
		l.AttendancesByForm[form] = flow(now.heads, then.heads, known)
		all, allThen = all+now.sessions, allThen+then.sessions
		if slices.Contains(loa.AttendanceForms, form) {
			heads, headsThen = heads+now.heads, headsThen+then.heads
		}
	}
	l.SessionsTotal, l.Attendances = flow(all, allThen, known), flow(heads, headsThen, known)
	l.Questions = flow(b.askedSum(unit, p), b.askedSum(unit, earlier), known)
	for _, s := range loa.Schemes {
		began := earlier.From >= b.from && b.flowAny(earlier, s)
		for _, kind := range loa.FlowKinds {
			l.Flow(kind)[s] = flow(b.FlowSum(unit, p, s, kind), b.FlowSum(unit, earlier, s, kind), began)
		}
		joined := l.Joined[s]
		joined.against(b.FlowTarget(unit, s, p))
		l.Joined[s] = joined
		l.Participation[s] = b.Stock(unit, s, p.To)
	}
	return l
}

// Stock is the participation figure of a line at the end of a month.
func (b *Book) Stock(unit loa.AreaID, s loa.Scheme, m loa.Month) Figure {
	var f Figure
	read := b.Official
	if unit != whole && b.ByRegister(s, m) {
		read = b.Register
	}
	if n, ok := read(unit, s, m); ok {
		f.Count = &n
		if then, ok := read(unit, s, m.Add(-12)); ok {
			f.Change = ptr(n - then)
		}
	}
	f.against(b.StockTarget(unit, s, m))
	if n, ok := b.Register(unit, s, m); ok {
		f.Register = &n
		if f.Count != nil {
			f.Difference = ptr(*f.Count - n)
		}
	}
	return f
}

// JSON writes the report with two blanks of indent, the same bytes for the same figures.
func (r Report) JSON() ([]byte, error) {
	b, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the report: %w", err)
	}
	return append(b, '\n'), nil
}

// Read reads a report that JSON wrote, such as a month that was frozen.
func Read(b []byte) (r Report, err error) {
	if err := json.Unmarshal(b, &r); err != nil {
		return r, fmt.Errorf("read a report: %w", err)
	}
	return r, nil
}
