package sending

import (
	"slices"
	"time"

	"loa"
)

// weight orders the reasons why a person gets no message: what the person wants and the law forbids comes before
// what we lack.
var weight = []string{"refused", "ad_law_unknown", "do_not_call", "opted_out", "refused_channel", "no_consent", "shared_phone", "cap", "ads_a_day", "ads_a_day_agreed", "bad_address", "no_hours", "window_over", "no_label", "no_session", "no_text", "place_empty", "no_address"}

// Telling is the reason to give for a person whom no message reaches: the weightiest of those met on the way down the ladder.
func Telling(s Step) string {
	if s.Reason != "" {
		return s.Reason
	}
	best, at := "", len(weight)
	for _, x := range s.Skipped {
		i := slices.Index(weight, x.Reason)
		if i < 0 {
			i = len(weight) - 1
		}
		if best == "" || i < at {
			best, at = x.Reason, i
		}
	}
	return best
}

// Judge says what a broadcast would do about one person at a moment, by the same climb as the real one. Whoever would wait beyond the
// broadcast's last day is not reached.
func Judge(b loa.Broadcast, p loa.Recipient, at time.Time, rules Rules, text func(rung int, langs []string) (Text, string)) loa.Outcome {
	lang := ""
	s := Climb(b, 0, p, at, rules, func(i int) Text {
		words, in := text(i, p.Langs)
		lang = in
		return words
	})
	o := loa.Outcome{State: s.State, Rung: s.Rung, Network: s.Network}
	if s.State != loa.DeliveryQueued {
		o.Reason = Telling(s)
		return o
	}
	o.Lang, o.Reason = lang, s.Waiting
	if b.Window.Until != "" && loa.DayOf(s.NotBefore) > b.Window.Until {
		o.State, o.Lang = loa.DeliveryHeld, ""
	}
	if s.Network == "tel" {
		o.Telco = Telco(s.To)
	}
	return o
}

// telcos are the mobile networks by the first digits after the country's code. A number that moved keeps its digits, so this is good for
// an estimate of costs and for nothing else.
var telcos = map[string]string{
	"32": "viettel", "33": "viettel", "34": "viettel", "35": "viettel", "36": "viettel", "37": "viettel", "38": "viettel", "39": "viettel", "86": "viettel", "96": "viettel", "97": "viettel", "98": "viettel",
	"81": "vinaphone", "82": "vinaphone", "83": "vinaphone", "84": "vinaphone", "85": "vinaphone", "88": "vinaphone", "91": "vinaphone", "94": "vinaphone",
	"70": "mobifone", "76": "mobifone", "77": "mobifone", "78": "mobifone", "79": "mobifone", "89": "mobifone", "90": "mobifone", "93": "mobifone",
	"52": "vietnamobile", "56": "vietnamobile", "58": "vietnamobile", "92": "vietnamobile",
}

// Telco is the mobile network a number was given out by, in the words of the prices.
func Telco(to string) string {
	if len(to) >= 4 && to[:2] == "84" {
		if t, ok := telcos[to[2:4]]; ok {
			return t
		}
	}
	return "other"
}

// Tally adds outcomes up.
type Tally struct {
	by     map[loa.Outcome]int
	people int
}

// Add counts one person, or takes them out with -1.
func (t *Tally) Add(o loa.Outcome, n int) {
	if t.by == nil {
		t.by = map[loa.Outcome]int{}
	}
	t.by[o] += n
	t.people += n
}

// Reckoning is the sum, with what it costs: parts says of how many parts the SMS of a rung in a language is.
func (t *Tally) Reckoning(at time.Time, parts func(rung int, lang string) int, price func(telco string, parts int) (int64, bool)) loa.Reckoning {
	out := loa.Reckoning{At: at, People: t.people}
	for o, n := range t.by {
		if n == 0 {
			continue
		}
		line := loa.Reckoned{Outcome: o, N: n}
		if o.State == loa.DeliveryQueued && o.Network == "tel" {
			line.Parts = parts(o.Rung, o.Lang)
			each, known := price(o.Telco, line.Parts)
			line.Cost, out.Unpriced = each*int64(n), out.Unpriced || !known
		}
		out.By = append(out.By, line)
	}
	out.Sort()
	return out
}
