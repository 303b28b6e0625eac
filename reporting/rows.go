package reporting

import "loa"

// Row is one figure of a report with its key, in the order sheets and texts list them.
type Row struct {
	Group string // sessions attendances attendances_by_form joined returned lapsed left participation questions people_met
	Key   string // the form or the scheme; empty for a figure of its own
	Figure
}

// Name is the key as JSON nests it, such as joined.voluntary_si.
func (r Row) Name() string {
	if r.Key == "" {
		return r.Group
	}
	return r.Group + "." + r.Key
}

// Rows are the figures of a line in the order they are told: outreach first, then the schemes.
func (l Lines) Rows() []Row {
	out := []Row{{Group: "sessions_total", Figure: l.SessionsTotal}}
	for _, f := range loa.SessionForms {
		out = append(out, Row{"sessions", string(f), l.Sessions[f]})
	}
	out = append(out, Row{Group: "attendances", Figure: l.Attendances})
	for _, f := range loa.SessionForms {
		out = append(out, Row{"attendances_by_form", string(f), l.AttendancesByForm[f]})
	}
	out = append(out, Row{Group: "questions", Figure: l.Questions})
	for _, kind := range loa.FlowKinds {
		for _, s := range loa.Schemes {
			out = append(out, Row{kind, string(s), l.Flow(kind)[s]})
		}
	}
	for _, s := range loa.Schemes {
		out = append(out, Row{"participation", string(s), l.Participation[s]})
	}
	return out
}

// Changed is a figure that is no longer what it was when the month was signed.
type Changed struct {
	Area      loa.AreaID // empty for the whole
	Name      string
	NotStated bool
	Row       string // joined.voluntary_si
	Register  bool   // it is the register's count that changed, not the official one
	Then, Now *int64
}

// By is how much the figure changed.
func (c Changed) By() int64 { return value(c.Now) - value(c.Then) }

// Compare lists what differs between a report as it was signed and the same report counted now.
func Compare(then, now Report) []Changed {
	out := compareLines(Changed{}, then.Lines, now.Lines)
	old := map[loa.AreaID]Lines{}
	for _, c := range then.Communes {
		old[c.Area] = c.Lines
	}
	for _, c := range now.Communes {
		if c.NotInTheRegister {
			continue
		}
		out = append(out, compareLines(Changed{Area: c.Area, Name: c.Name, NotStated: c.NotStated}, old[c.Area], c.Lines)...)
	}
	return out
}

func compareLines(as Changed, then, now Lines) []Changed {
	var out []Changed
	before := then.Rows()
	for i, r := range now.Rows() {
		c := as
		c.Row, c.Then, c.Now = r.Name(), before[i].Count, r.Count
		if !same(c.Then, c.Now) {
			out = append(out, c)
		}
		c.Register, c.Then, c.Now = true, before[i].Register, r.Register
		if !same(c.Then, c.Now) {
			out = append(out, c)
		}
	}
	return out
}

func same(a, b *int64) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
