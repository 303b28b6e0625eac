package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"loa"
	"loa/i18n"
	"loa/policy"
	"loa/store"
	"loa/web"
)

// quoteCmd asks the calculator. Everything behind the kind is read here, so that whatever cannot be is told by its field.
type quoteCmd struct {
	Args []string `arg:"" optional:"" passthrough:""`
}

// historyMost is how much of a history file is read.
const historyMost = 1 << 20

// Run answers one question from the embedded parameters, or from those of the office when --data or --database is named.
func (q *quoteCmd) Run(c *cli, e env) error {
	kind, given, help, err := c.asked(q.Args)
	k, known := policy.KindNamed(kind)
	switch {
	case err != nil:
		return err
	case help:
		c.quoteHelp(e, k, known)
		return nil
	case kind == "":
		if c.Format != "json" {
			c.quoteHelp(e, k, known)
		}
		return loa.Refuse(loa.Invalid, "kind", "required")
	}
	if known {
		for _, f := range k.Fields {
			if f.Shape == policy.AHistory && given[f.Name] != "" {
				if given[f.Name], err = readHistory(given[f.Name]); err != nil {
					return err
				}
			}
		}
	}
	law, today, err := c.lawInForce(e)
	if err != nil {
		return err
	}
	answer, err := law.Ask(kind, given, today)
	if err != nil {
		c.doubts(e, answer)
		return err
	}
	c.print(e, quoteJSON(answer, today), func() { c.quoteText(e.out, answer, today) })
	return nil
}

// lawInForce is the law a command answers by, and the day it runs as of.
func (c *cli) lawInForce(e env) (policy.Parameters, loa.Day, error) {
	law, err := policy.Embedded()
	if err != nil {
		return nil, "", err
	}
	today := c.Today
	if c.Data != "" || c.Database != "" {
		db, err := c.openExisting(e, store.Options{})
		if err != nil {
			return nil, "", err
		}
		defer db.Close()
		o, err := c.office(e, db)
		if err != nil {
			return nil, "", err
		}
		rows, err := db.PolicyRows(e.ctx, o.ID)
		if err != nil {
			return nil, "", err
		}
		law = law.With(policy.OfOffice(rows), time.Time{})
		today = c.today(o)
	}
	if today == "" {
		today = loa.DayOf(time.Now())
	}
	return law, today, nil
}

// quoteJSON is an answer for scripts: its results by name, then what an officer explains it with.
func quoteJSON(q policy.Quote, today loa.Day) map[string]any {
	out := map[string]any{"kind": q.Kind, "day": q.Day, "cites": q.Cites()}
	for _, r := range q.Results {
		switch {
		case r.List != nil:
			out[r.Name] = r.List
		case r.Day != "":
			out[r.Name] = r.Day
		case r.Word != "":
			out[r.Name] = r.Word
		case r.Yes != nil:
			out[r.Name] = *r.Yes
		default:
			out[r.Name] = r.N
		}
	}
	steps := []map[string]any{}
	for _, s := range q.Steps {
		terms := []map[string]any{}
		for _, t := range s.Terms {
			terms = append(terms, map[string]any{"name": t.Name, "from": t.From, "value": t.Value.String(), "unit": t.Unit})
		}
		steps = append(steps, map[string]any{"name": s.Name, "op": s.Op, "terms": terms, "value": s.Value.String(), "unit": s.Unit})
	}
	out["steps"] = steps
	unconfirmed, notes := doubtful(q)
	conditions, changes := []map[string]any{}, []map[string]any{}
	for _, k := range q.Conditions {
		conditions = append(conditions, map[string]any{"name": k.Name, "need": k.Need.Value.String(), "have": k.Have.Value.String(), "unit": k.Need.Unit, "met": k.Met})
	}
	for _, r := range q.Next {
		changes = append(changes, map[string]any{"name": r.Name, "from": r.From, "value": r.Value, "unit": r.Unit, "cites": r.Cites, "confirmed": r.Confirmed, "approved": r.Approved})
	}
	out["unconfirmed"], out["notes"], out["conditions"], out["changes"] = unconfirmed, notes, conditions, changes
	out["future"] = q.Day > today
	if until := q.Until(); until != "" {
		out["holds_until"] = until
	}
	if q.Unknown != nil {
		out["unknown"] = q.Unknown
	}
	return out
}

// doubtful names the rows an answer leans on that nobody has confirmed, and what it remarks.
func doubtful(q policy.Quote) (unconfirmed, notes []string) {
	unconfirmed, notes = []string{}, []string{}
	for _, r := range q.Unconfirmed() {
		unconfirmed = append(unconfirmed, r.Name)
	}
	for _, n := range q.Notes {
		notes = append(notes, n.Code)
	}
	return unconfirmed, notes
}

// doubts tells what a refusal leans on that is not confirmed: beside the error in JSON, otherwise as text; the sentence on standard
// error stays alone.
func (c *cli) doubts(e env, q policy.Quote) {
	unconfirmed, notes := doubtful(q)
	if len(unconfirmed) == 0 {
		return
	}
	if c.Format == "json" {
		c.beside = map[string]any{"unconfirmed": unconfirmed, "notes": notes}
		return
	}
	c.sayDoubts(e.out, q)
}

func (c *cli) sayDoubts(w io.Writer, q policy.Quote) {
	for _, n := range q.Notes {
		fmt.Fprintln(w, "! "+i18n.Text(c.Lang, "policy.note."+n.Code, n.Args...))
	}
	for _, r := range q.Unconfirmed() {
		fmt.Fprintln(w, "? "+i18n.Text(c.Lang, "policy.not_confirmed", loa.Phrase("policy.param."+r.Name), r.From))
	}
}

// quoteText is an answer to read: results, working, law, and what is not sure.
func (c *cli) quoteText(w io.Writer, q policy.Quote, today loa.Day) {
	say := func(key string, args ...any) string { return i18n.Text(c.Lang, key, args...) }
	fmt.Fprintln(w, say("policy.kind."+q.Kind))
	if q.Day > today {
		fmt.Fprintln(w, say("policy.future", q.Day))
	}
	for _, r := range q.Results {
		fmt.Fprintf(w, "  %s: %s\n", say("policy.term."+r.Name), c.resultText(r))
	}
	if len(q.Unknown) > 0 {
		var names []string
		for _, name := range q.Unknown {
			names = append(names, say("policy.term."+name))
		}
		fmt.Fprintln(w, "? "+say("policy.unknown", strings.Join(names, "; ")))
	}
	for _, k := range q.Conditions {
		mark := "policy.met"
		if !k.Met {
			mark = "policy.unmet"
		}
		fmt.Fprintf(w, "  %s: %s\n", say("policy.need."+k.Name), say("policy.need_have", say(mark), web.Figure(c.Lang, k.Need.Value, k.Need.Unit), web.Figure(c.Lang, k.Have.Value, k.Have.Unit)))
	}
	if len(q.Steps) > 0 {
		fmt.Fprintln(w, say("policy.working"))
		for _, s := range q.Steps {
			fmt.Fprintf(w, "  %s = %s\n", say("policy.term."+s.Name), policy.Write(s, c.Lang, func(v policy.Number, u policy.Unit) string { return web.Figure(c.Lang, v, u) }))
		}
	}
	c.sayDoubts(w, q)
	for _, r := range q.Next {
		key := "calc.next"
		if !r.Approved || !r.Confirmed {
			key = "calc.next_maybe"
		}
		fmt.Fprintln(w, "> "+say(key, loa.Phrase("policy.param."+r.Name), r.From, web.WholeFigure(c.Lang, r.Value, r.Unit)))
	}
	fmt.Fprintln(w, say("policy.law", policy.Law(policy.Gather(q.Cites())).In(c.Lang)))
}

func (c *cli) resultText(r policy.Result) string {
	switch {
	case r.List != nil:
		var out []string
		for _, n := range r.List {
			out = append(out, web.WholeFigure(c.Lang, n, r.Unit))
		}
		return strings.Join(out, "; ")
	case r.Day != "":
		return r.Day.Vietnamese()
	case r.Word != "":
		return i18n.Text(c.Lang, "policy.group."+r.Word)
	case r.Yes != nil && *r.Yes:
		return i18n.Text(c.Lang, "policy.met")
	case r.Yes != nil:
		return i18n.Text(c.Lang, "policy.unmet")
	}
	return web.WholeFigure(c.Lang, r.N, r.Unit)
}

// kindList names every question, one a line.
func kindList(lang string) string {
	var b strings.Builder
	for _, k := range policy.Kinds() {
		fmt.Fprintf(&b, "  %-16s %s\n", k.Name, i18n.Text(lang, "policy.kind."+k.Name))
	}
	return b.String()
}

// quoteHelp lists the kinds, or the fields of one.
func (c *cli) quoteHelp(e env, k policy.Kind, known bool) {
	say := func(key string, args ...any) string { return i18n.Text(c.Lang, key, args...) }
	if !known {
		fmt.Fprintln(e.out, say("help.word.usage")+": loa quote <kind> --…")
		fmt.Fprint(e.out, kindList(c.Lang))
		return
	}
	fmt.Fprintln(e.out, say("help.word.usage")+": loa quote "+k.Name)
	fmt.Fprintln(e.out, say("policy.kind."+k.Name))
	for _, f := range k.Fields {
		needed := ""
		if f.Needed {
			needed = " *"
		}
		options := ""
		if len(f.Options) > 0 {
			options = " (" + strings.Join(f.Options, ", ") + ")"
		}
		counts := "quote.hint." + string(f.Shape)
		if f.Counts() != "" {
			counts = "policy.counts." + f.Counts()
		}
		if i18n.Has(c.Lang, counts) {
			options += " (" + say(counts) + ")"
		}
		fmt.Fprintf(e.out, "  --%-20s %s%s%s\n", strings.ReplaceAll(f.Name, "_", "-"), say("policy.term."+f.Term()), options, needed)
	}
}
