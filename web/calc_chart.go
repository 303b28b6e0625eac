package web

import (
	"fmt"
	"strings"
)

// calcChart draws what is paid against what is received, by age, in a box of 640 × 260.
type calcChart struct {
	Paid, Low, Even, High string // points of lines
	Band                  string // between the low and the high estimate
	Ages                  []chartMark
	Amounts               []chartMark
	Start                 chartMark // where the pension begins
	Early                 bool      // it begins so far left that its label stands to the right
	Cross                 *chartMark
}

type chartMark struct {
	X, Y  int64
	Label string
}

const (
	chartLeft, chartRight, chartTop, chartBottom = 74, 626, 14, 222
	chartLastAge                                 = 90
)

// chart lays the answer out; now and start are ages in months.
func (k calcKit) chart(b *calcAnswer, now, start int64) calcChart {
	var c calcChart
	if len(b.Ages) == 0 || start <= now {
		return c
	}
	last := int64(chartLastAge * 12)
	most := max(b.Paid, b.Ages[len(b.Ages)-1].High)
	unit := niceUnit(most)
	top := (most + unit - 1) / unit * unit
	x := func(months int64) int64 { return chartLeft + (months-now)*(chartRight-chartLeft)/(last-now) }
	y := func(amount int64) int64 { return chartBottom - amount*(chartBottom-chartTop)/top }
	at := func(months, amount int64) string { return fmt.Sprintf("%d,%d", x(months), y(amount)) }
	c.Paid = strings.Join([]string{at(now, 0), at(start, b.Paid), at(last, b.Paid)}, " ")
	low, even, high := []string{at(start, 0)}, []string{at(start, 0)}, []string{at(start, 0)}
	for _, r := range b.Ages {
		low, even, high = append(low, at(r.Age*12, r.Low)), append(even, at(r.Age*12, r.Even)), append(high, at(r.Age*12, r.High))
	}
	c.Low, c.Even, c.High = strings.Join(low, " "), strings.Join(even, " "), strings.Join(high, " ")
	band := append([]string{}, high...)
	for i := len(low) - 1; i > 0; i-- {
		band = append(band, low[i])
	}
	c.Band = strings.Join(band, " ")
	for age := (now/120 + 1) * 10; age <= chartLastAge; age += 10 {
		c.Ages = append(c.Ages, chartMark{x(age * 12), chartBottom + 20, fmt.Sprint(age)})
	}
	for n := int64(0); n <= top; n += unit {
		c.Amounts = append(c.Amounts, chartMark{chartLeft - 8, y(n), k.million(n)})
	}
	c.Start = chartMark{x(start), chartTop, k.say("calc.chart.start")}
	c.Early = c.Start.X < chartLeft+150 // of letters as large as a phone draws them
	if b.Monthly > 0 && !b.Before {     // of months paid before the amount is not known
		if months := start + (b.Paid+b.Monthly-1)/b.Monthly; months < last {
			c.Cross = &chartMark{x(months), y(b.Paid), k.say("calc.chart.cross", months/12)}
		}
	}
	return c
}

// niceUnit is the step of the scale: 1, 2 or 5 with noughts, so that three to six lines are drawn.
func niceUnit(most int64) int64 {
	unit := int64(1)
	for most/unit > 5 {
		switch unit / pow10(unit) {
		case 1:
			unit *= 2
		case 2:
			unit = unit / 2 * 5
		default:
			unit *= 2
		}
	}
	return unit
}

func pow10(n int64) int64 {
	p := int64(1)
	for p*10 <= n {
		p *= 10
	}
	return p
}

// million writes an amount of the scale short.
func (k calcKit) million(n int64) string {
	if n == 0 {
		return "0"
	}
	if n < 1e9 {
		return k.say("calc.million", decimalIn(k.lang, n, 1e6))
	}
	return k.say("calc.billion", decimalIn(k.lang, n, 1e9))
}

func decimalIn(lang string, n, unit int64) string {
	whole, tenth := n/unit, n%unit*10/unit
	if tenth == 0 {
		return fmt.Sprint(whole)
	}
	mark := ","
	if lang == "en" {
		mark = "."
	}
	return fmt.Sprint(whole) + mark + fmt.Sprint(tenth)
}

// Base is where a label's letters stand so that its middle is at the mark.
func (m chartMark) Base() int64 { return m.Y + 4 }

// Left is where a label ends that stands to the left of the mark.
func (m chartMark) Left() int64 { return m.X - 6 }

// Right is where a label begins that stands to the right of the mark.
func (m chartMark) Right() int64 { return m.X + 6 }
