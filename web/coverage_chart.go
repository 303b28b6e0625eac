package web

import (
	"net/http"
	"net/url"
	"strconv"

	"loa"
	"loa/reporting"
	"loa/vn"
)

// chartRow is a month of the table beside the line chart.
type chartRow struct {
	Month         loa.Month
	Now, Last     reporting.Point
	Joined, Ended int64

	JoinedURL, EndedURL string
}

// coverageChart fills the line of this year's months with last year's behind it and the plan across.
func coverageChart(r *http.Request, b *reporting.Book, body *coveragePage) {
	year := loa.Period{From: loa.MakeMonth(body.Year, 1), To: body.Month}
	now := b.Series("", body.Scheme, year)
	last := b.Series("", body.Scheme, loa.Period{From: year.From.Add(-12), To: year.From.Add(-1)})
	c := chart{Kind: "line"}
	main := chartSeries{Name: strconv.Itoa(body.Year), Role: "main"}
	back := chartSeries{Name: strconv.Itoa(body.LastYear), Role: "last"}
	for i := range 12 {
		m := year.From.Add(i)
		c.Labels = append(c.Labels, t(r, "coverage.month_short", m.Number()))
		row := chartRow{Month: m, Last: last[i]}
		back.Data = append(back.Data, pointValue(last[i]))
		if i < len(now) {
			row.Now = now[i]
			main.Data = append(main.Data, pointValue(now[i]))
			one := loa.Period{From: m, To: m}
			row.Joined = b.FlowSum("", one, body.Scheme, "joined") + b.FlowSum("", one, body.Scheme, "returned")
			row.Ended = b.FlowSum("", one, body.Scheme, "lapsed") + b.FlowSum("", one, body.Scheme, "left")
			from, to := one.Days(b.In.CutOffDay)
			at := func(kind string) string {
				return "/coverage/people?" + url.Values{"scheme": {string(body.Scheme)}, "kind": {kind}, "from": {string(from)}, "to": {string(min(to, body.Until))}, "by": {body.By}}.Encode()
			}
			row.JoinedURL, row.EndedURL = at("came"), at("went")
		} else {
			main.Data = append(main.Data, nil)
		}
		body.ChartRows = append(body.ChartRows, row)
	}
	c.Series = []chartSeries{main, back}
	if f := body.Total.Figure; f.Target != nil {
		c.Plan = &chartPlan{Value: *f.Target, Label: t(r, "coverage.plan_line", body.Year, vn.NumberIn(langOf(r), *f.Target))}
	}
	body.Chart = c
}

func pointValue(p reporting.Point) *int64 {
	if !p.Known {
		return nil
	}
	return &p.N
}

// coverageFlow is the flow statement as a picture: bars from the beginning of the year to the end of the month.
type coverageFlow struct {
	reporting.Statement
	Title    string
	Bars     []flowBar
	Links    []flowLink
	Cut      int64 // where the axis is cut, 0 when it begins at nothing
	Base     float64
	Equation string
}

type flowBar struct {
	Class, Label, Text string
	Out                bool
	X, Y, W, H         float64
	Middle, TextY      float64
	URL                string
}

type flowLink struct{ X1, X2, Y float64 }

const flowWidth, flowTop, flowBase, flowBarWidth = 520.0, 24.0, 204.0, 52.0

// flowPicture draws the statement. When the movements are small beside the stock the axis is cut, and the page says so.
func flowPicture(r *http.Request, b *reporting.Book, body *coveragePage) coverageFlow {
	st := b.Flow("", body.Scheme, yearTo(body.Month))
	v := &view{Lang: langOf(r)}
	out := coverageFlow{Statement: st, Base: flowBase, Title: flowTitle(r, st)}
	out.Equation = v.N(st.Start) + " + " + v.N(st.Joined) + " + " + v.N(st.Returned) + " − " + v.N(st.Lapsed) + " − " + v.N(st.Left)
	came, back := st.Start+st.Joined, st.Start+st.Joined+st.Returned
	steps := []struct {
		class, label, url string
		from, to          int64
		sign              string
	}{
		{"start", v.Day(st.StartDay), "", 0, st.Start, ""},
		{"in", t(r, "flow.joined"), body.Total.JoinedURL, st.Start, came, "+ "},
		{"back", t(r, "flow.returned"), body.Total.ReturnedURL, came, back, "+ "},
		{"lapsed", t(r, "flow.lapsed"), body.Total.LapsedURL, back, back - st.Lapsed, "− "},
		{"left", t(r, "flow.left"), body.Total.LeftURL, st.Sum() + st.Left, st.Sum(), "− "},
		{"end", v.Day(st.EndDay), body.Total.InURL, 0, st.End, ""},
	}
	high := max(back, st.End, 1)
	low := min(st.Start, st.End, st.Sum())
	if high-low < high/4 && low > 0 {
		out.Cut = max(0, low-(high-low))
	}
	y := func(n int64) float64 {
		return flowBase - (flowBase-flowTop)*float64(max(n, out.Cut)-out.Cut)/float64(max(high-out.Cut, 1))
	}
	gap := (flowWidth - float64(len(steps))*flowBarWidth) / float64(len(steps))
	for i, step := range steps {
		x := gap/2 + float64(i)*(flowBarWidth+gap)
		top, bottom := min(y(step.from), y(step.to)), max(y(step.from), y(step.to))
		n := max(step.to-step.from, step.from-step.to)
		out.Bars = append(out.Bars, flowBar{Class: step.class, Label: step.label, Text: step.sign + v.N(n), Out: step.class == "lapsed" || step.class == "left",
			X: tenth(x), Y: tenth(top), W: flowBarWidth, H: tenth(max(bottom-top, 1)), Middle: tenth(x + flowBarWidth/2), TextY: tenth(top - 7), URL: step.url})
		if i+1 < len(steps) {
			out.Links = append(out.Links, flowLink{X1: tenth(x + flowBarWidth), X2: tenth(x + flowBarWidth + gap), Y: tenth(y(step.to))})
		}
	}
	return out
}

// flowTitle asks the question the figures put: why so many came and the number rose by so few, or fell.
func flowTitle(r *http.Request, st reporting.Statement) string {
	v := &view{Lang: langOf(r)}
	switch {
	case st.Joined == 0 || st.Growth() == st.Joined:
		return t(r, "coverage.flow.title_none")
	case st.Growth() < 0:
		return t(r, "coverage.flow.title_down", v.N(st.Joined), v.N(-st.Growth()))
	case st.Growth() < st.Joined:
		return t(r, "coverage.flow.title", v.N(st.Joined), v.N(st.Growth()))
	}
	return t(r, "coverage.flow.title_up", v.N(st.Joined), v.N(st.Growth()))
}

func tenth(v float64) float64 { return float64(int64(v*10+0.5)) / 10 }
