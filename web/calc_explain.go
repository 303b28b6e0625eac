package web

import (
	"strings"

	"loa"
	"loa/i18n"
	"loa/policy"
	"loa/vn"
)

// explain gathers the law, what is not sure, what changes next, and the working.
func (k calcKit) explain(b *calcAnswer, a calcAsked, quotes []policy.Quote) {
	var laws []string
	seen := map[string]bool{}
	once := func(list *[]string, text string) {
		if !seen[text] {
			seen[text] = true
			*list = append(*list, text)
		}
	}
	for i, q := range quotes {
		b.Works = append(b.Works, workView{k.workTitle(q, i == 0, b.why != nil), k.lines(q)})
		if q.Kind == "contribution" && i > 0 && b.why == nil {
			continue // its doubts stand beside its line of the table
		}
		for _, r := range q.Used {
			if !strings.HasPrefix(r.Name, "outlook.") { // assumptions of the range are no law
				once(&laws, r.Cites)
			}
		}
		for _, r := range q.Unconfirmed() {
			if strings.HasPrefix(r.Name, "outlook.") {
				continue // assumptions of the range, told beside it
			}
			once(&b.Doubts, k.say("policy.not_confirmed", loa.Phrase("policy.param."+r.Name), r.From))
		}
		for _, n := range q.Notes {
			if n.Code == "range_not_promise" {
				continue // the answer says so itself
			}
			once(&b.Notes, k.say("policy.note."+n.Code, n.Args...))
		}
	}
	b.Law = policy.Law(policy.Gather(laws)).In(k.lang)
	b.Since, b.Until = quotes[0].Since(), quotes[0].Until()
	b.Coming = k.coming(a, quotes[0], b)
}

// lines are the steps of a quote in words and figures.
func (k calcKit) lines(q policy.Quote) []workLine {
	var out []workLine
	for _, s := range q.Steps {
		out = append(out, workLine{k.say("policy.term." + s.Name), policy.Write(s, k.lang, func(v policy.Number, u policy.Unit) string { return Figure(k.lang, v, u) })})
	}
	return out
}

// coming says what the next change of the law would make of the least contribution: approved or not, with its day.
func (k calcKit) coming(a calcAsked, q policy.Quote, b *calcAnswer) []comingView {
	var out []comingView
	for _, r := range q.Next {
		if r.Name != "poverty_line.rural" || len(out) > 1 {
			continue
		}
		law := k.law
		if !r.Approved {
			law = law.Supposing(r)
		}
		income := max(b.Income, r.Value)
		next, err := law.Contribution(policy.Contribution{Day: r.From, Income: income, Groups: []policy.Group{a.Who}, Method: loa.Monthly, Periods: 1, SupportBP: -1, LocalBP: -1, Supported: a.Supported})
		if err != nil {
			continue
		}
		key, doubt := "calc.coming", !r.Approved || !r.Confirmed
		if doubt {
			key = "calc.coming_maybe"
		}
		out = append(out, comingView{k.say(key, r.From, k.money(r.Value), k.money(next.Get("pay")), policy.Law(r.Cites)), doubt})
	}
	return out
}

// speech is the answer as it is read aloud, in Vietnamese: that is the voice of the devices here.
func (k calcKit) speech(a calcAsked, b *calcAnswer) string {
	say := func(key string, args ...any) string { return i18n.Text("vi", key, args...) }
	dong := func(n int64) string { return vn.Number(n) + " đồng" }
	out := say("calc.speech.pay", dong(b.Pay), dong(b.State+b.Local))
	switch {
	case b.TooFew != "":
		out += " " + say("calc.speech.short")
	case b.Monthly > 0:
		month, year, _ := strings.Cut(b.From, "/")
		out += " " + say("calc.speech.pension", month, year, dong(b.Monthly))
	}
	if b.Day > 0 {
		out += " " + say("calc.speech.day", dong(b.Day))
	}
	return out + " " + say("calc.speech.end")
}
