package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/policy"
	"loa/vn"
)

// lawAskPage is any question the calculator answers, as a form made from its fields.
type lawAskPage struct {
	Tabs    []calcTab
	Groups  []askGroup
	Kind    string
	Title   string
	Fields  []askField
	Errors  map[string]string
	Results []askResult
	Met     []askMet
	Lines   []workLine
	Notes   []string
	Doubts  []string
	Unknown string // the figures the law of the day does not give
	Coming  []comingView
	Law     string
	Refused string
	Day     loa.Day
	Until   loa.Day
	Future  bool
	Asked   bool
}

type askGroup struct {
	Label string
	Kinds []calcTab
}

type askField struct {
	Name, Label, Value, Hint, Shape string
	Options                         []askOption
	Needed                          bool
}

type askOption struct {
	Value, Label string
	On           bool
}

type askResult struct {
	Label, Text string
	List        []string
}

type askMet struct {
	Label, Need, Have string
	Met               bool
}

// askGroups are the kinds by the subject an officer looks under.
var askGroups = []struct {
	key   string
	kinds []string
}{
	{"si", []string{"contribution", "income-valid", "deadline", "refund"}},
	{"pension", []string{"wish", "outlook", "retirement", "entitlement", "pension-rate", "average", "pension", "lump-sum", "allowance", "social-pension"}},
	{"family", []string{"maternity", "funeral", "survivors"}},
	{"hi", []string{"household", "household-terms", "pupil", "card", "hi-group", "hi-visit", "hi-threshold", "hi-validity"}},
	{"work", []string{"worker", "worker-missing", "owner", "unemployment"}},
	{"fixed", []string{"fixed"}},
	{"advertising", []string{"advertising"}},
}

// calculatorAsk answers one kind of question.
func (s *Server) calculatorAsk(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	b := lawAskPage{Kind: f.text("kind"), Errors: f.Errors, Day: s.today()}
	if b.Kind == "" {
		b.Kind = "wish"
	}
	k, ok := policy.KindNamed(b.Kind)
	if !ok {
		return loa.ErrNotFound
	}
	b.Tabs = []calcTab{{t(r, "calc.tab.si"), "/calculator", false}, {t(r, "calc.tab.hi"), "/calculator?tab=hi", false}, {t(r, "calc.tab.ask"), "/calculator/ask", true}}
	for _, g := range askGroups {
		group := askGroup{Label: t(r, "calc.group."+g.key)}
		for _, kind := range g.kinds {
			group.Kinds = append(group.Kinds, calcTab{t(r, "policy.kind."+kind), "/calculator/ask?kind=" + kind, kind == b.Kind})
		}
		b.Groups = append(b.Groups, group)
	}
	b.Title = t(r, "policy.kind."+b.Kind)
	given := s.askFields(r, f, k, &b)
	b.Asked = f.on("asked") || len(k.Fields) == 1
	if b.Asked && f.ok() {
		if err := s.askAnswer(r, k, given, f, &b); err != nil {
			return err
		}
	}
	return s.render(w, r, "calculator_ask", page{Title: b.Title, Active: "calculator", Body: b})
}

// askFields lays the form out and reads what was typed in it, as people write it, into what the calculator reads.
func (s *Server) askFields(r *http.Request, f *form, k policy.Kind, b *lawAskPage) map[string]string {
	given := map[string]string{}
	for _, x := range k.Fields {
		text := f.text(x.Name)
		field := askField{Name: x.Name, Label: t(r, "policy.term."+x.Term()), Value: text, Shape: string(x.Shape), Needed: x.Needed}
		switch {
		case x.Counts() != "":
			field.Hint = t(r, "policy.counts."+x.Counts())
		case x.Shape != policy.AChoice && x.Shape != policy.Several:
			field.Hint = t(r, "calc.hint."+string(x.Shape))
		}
		switch x.Shape {
		case policy.Several:
			text = strings.Join(f.all(x.Name), ",")
		case policy.ADay:
			if text != "" {
				text = string(f.day(x.Name))
			} else if x.Name == "day" {
				field.Value = s.today().Vietnamese()
			}
		case policy.AMoney, policy.ANumber:
			if text != "" {
				if n, err := vn.ParseNumber(text); err == nil {
					text = itoa(int(n))
				}
			}
		case policy.AShare:
			text = shareTyped(text)
		}
		for _, o := range x.Options {
			label := t(r, "policy.option."+o)
			if x.Shape == policy.Several {
				label = t(r, "policy.group."+o)
			} else if x.Name == "method" {
				label = t(r, "method."+o)
			}
			field.Options = append(field.Options, askOption{o, label, strings.Contains(","+text+",", ","+o+",")})
		}
		if text != "" {
			given[x.Name] = text
		}
		b.Fields = append(b.Fields, field)
	}
	return given
}

// shareTyped reads per cent, with a comma or a point, as basis points; what cannot be read stays and is refused by name.
func shareTyped(s string) string {
	s = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(s), "%"))
	whole, rest, _ := strings.Cut(strings.Replace(s, ",", ".", 1), ".")
	if s == "" || len(rest) > 2 {
		return s
	}
	n, err := vn.ParseNumber(whole + (rest + "00")[:2])
	if err != nil {
		return s
	}
	return itoa(int(n))
}

func (s *Server) askAnswer(r *http.Request, k policy.Kind, given map[string]string, f *form, b *lawAskPage) error {
	law, err := s.law(r)
	if err != nil {
		return err
	}
	kit := calcKit{law: law, lang: langOf(r), today: s.today()}
	q, err := law.Ask(k.Name, given, s.today())
	if err != nil {
		e, ok := err.(*loa.Error)
		if !ok {
			return err
		}
		if len(q.Unconfirmed()) > 0 { // what the refusal leans on is told as it is of an answer
			b.Doubts, b.Notes = kit.doubts(q)
		}
		for _, field := range b.Fields {
			if field.Name == e.Field {
				f.Errors[e.Field] = kit.sentence(err)
				return nil
			}
		}
		b.Refused = kit.sentence(err)
		return nil
	}
	b.Day, b.Future = q.Day, q.Day > s.today()
	for _, x := range q.Results {
		b.Results = append(b.Results, kit.result(x))
	}
	for _, c := range q.Conditions {
		b.Met = append(b.Met, askMet{kit.say("policy.need." + c.Name), Figure(kit.lang, c.Need.Value, c.Need.Unit), Figure(kit.lang, c.Have.Value, c.Have.Unit), c.Met})
	}
	var a calcAnswer
	kit.explain(&a, calcAsked{Day: q.Day}, []policy.Quote{q})
	b.Lines, b.Notes, b.Doubts, b.Law, b.Until = kit.lines(q), a.Notes, a.Doubts, a.Law, a.Until
	if len(q.Unknown) > 0 {
		var names []string
		for _, name := range q.Unknown {
			names = append(names, kit.say("policy.term."+name))
		}
		b.Unknown = kit.say("policy.unknown", strings.Join(names, "; "))
	}
	for _, n := range q.Next {
		key, doubt := "calc.next", !n.Approved || !n.Confirmed
		if doubt {
			key = "calc.next_maybe"
		}
		b.Coming = append(b.Coming, comingView{kit.say(key, loa.Phrase("policy.param."+n.Name), n.From, WholeFigure(kit.lang, n.Value, n.Unit)), doubt})
	}
	return nil
}

// doubts are the rows a quote leans on that are not confirmed, and its remarks, as sentences.
func (k calcKit) doubts(q policy.Quote) (doubts, notes []string) {
	for _, r := range q.Unconfirmed() {
		doubts = append(doubts, k.say("policy.not_confirmed", loa.Phrase("policy.param."+r.Name), r.From))
	}
	for _, n := range q.Notes {
		notes = append(notes, k.say("policy.note."+n.Code, n.Args...))
	}
	return doubts, notes
}

// result is one figure of an answer in words.
func (k calcKit) result(x policy.Result) askResult {
	out := askResult{Label: k.say("policy.term." + x.Name)}
	switch {
	case x.List != nil:
		for _, n := range x.List {
			out.List = append(out.List, WholeFigure(k.lang, n, x.Unit))
		}
	case x.Day != "":
		out.Text = x.Day.Vietnamese()
	case x.Word != "":
		out.Text = k.say("policy.group." + x.Word)
	case x.Yes != nil && *x.Yes:
		out.Text = k.say("policy.met")
	case x.Yes != nil:
		out.Text = k.say("policy.unmet")
	default:
		out.Text = WholeFigure(k.lang, x.N, x.Unit)
	}
	return out
}
