package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/policy"
	"loa/vn"
)

type policyForm struct {
	ID, Name, Label     string
	Unit                policy.Unit
	Value, From, To     string
	Cites, Source, Why  string
	Confirmed           bool
	Names               []nameGroup
	Choices             []option
	Suggestions         []policyLine // rows that may be taken over
	Errors              map[string]string
	Look                *policyLook
	Seen                string
	ValueHint, Approver string
}

type nameGroup struct {
	Label   string
	Options []option
}

// policyLook is what a row would do, shown before it is sent.
type policyLook struct {
	Value, Replaces string
	Typical         []effectLine
	Effects         []effectLine
}

// policyNew is the form of a new row: empty, or with an earlier row taken over.
func (s *Server) policyNew(w http.ResponseWriter, r *http.Request) error {
	law, err := s.law(r)
	if err != nil {
		return err
	}
	b := policyForm{ID: loa.NewID(), Name: r.FormValue("name"), Cites: ""}
	for _, row := range law[b.Name] {
		if string(row.From) == r.FormValue("from") {
			b.From, b.To, b.Value = string(row.From), string(row.To), typedValue(r, row)
			b.Cites, b.Source, b.Confirmed = row.Cites, row.Source, row.Confirmed
		}
	}
	return s.policyFormDraw(w, r, law, b, 0)
}

func (s *Server) policyFormDraw(w http.ResponseWriter, r *http.Request, law policy.Parameters, b policyForm, status int) error {
	if b.Name != "" && !slices.Contains(policy.Names(), b.Name) {
		return loa.ErrNotFound
	}
	if b.Name == "" {
		for _, subject := range policy.Subjects {
			g := nameGroup{Label: t(r, "law.subject."+subject)}
			for _, name := range policy.Names() {
				if policy.Subject(name) == subject {
					g.Options = append(g.Options, option{name, t(r, "policy.param."+name)})
				}
			}
			b.Names = append(b.Names, g)
		}
	} else {
		b.Label, b.Unit = t(r, "policy.param."+b.Name), law.UnitOf(b.Name)
		b.ValueHint = t(r, "law.value_hint."+string(b.Unit))
		if b.Unit == policy.Choice {
			b.Choices = []option{{"1", choiceText(r, b.Name, 1)}, {"0", choiceText(r, b.Name, 0)}}
		}
		for _, row := range law[b.Name] {
			line := s.policyLine(r, law, b.Name, row, true)
			line.Own = !row.Approved // here: not in use yet
			b.Suggestions = append(b.Suggestions, line)
		}
		slices.Reverse(b.Suggestions)
	}
	return s.render(w, r, "policy_form", page{Title: t(r, "law.add"), Context: b.Label, Active: "policy", Body: b, Status: status})
}

// policyPropose first shows what a row would do, and sends it on to a second officer when it is sent again as it was shown.
func (s *Server) policyPropose(w http.ResponseWriter, r *http.Request) error {
	law, err := s.law(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	b := policyForm{ID: f.text("id"), Name: f.text("name"), Value: f.text("value"), From: f.text("from"), To: f.text("to"), Cites: f.text("cites"), Source: f.text("source"), Why: f.text("why"), Confirmed: f.on("confirmed")}
	if !slices.Contains(policy.Names(), b.Name) {
		return loa.ErrNotFound
	}
	unit := law.UnitOf(b.Name)
	row := policy.Row{Name: b.Name, From: f.day("from"), To: f.day("to"), Unit: unit, Cites: vn.Tidy(b.Cites), Source: vn.Tidy(b.Source), Confirmed: b.Confirmed}
	var ok bool
	if row.Value, ok = readValue(b.Value, unit); !ok {
		f.bad("value", "law.value_bad."+string(unit))
	}
	if f.Errors["from"] == "" && f.Errors["to"] == "" && f.Errors["value"] == "" {
		if err := f.take(row.Check()); err != nil {
			return err
		}
	}
	for field, text := range map[string]string{"cites": b.Cites, "source": b.Source, "why": b.Why} {
		switch {
		case text == "":
			f.bad(field, "error.required")
		case len([]rune(text)) > 500:
			f.bad(field, "error.too_long", 500)
		}
	}
	if !loa.ValidID(b.ID) {
		b.ID = loa.NewID()
	}
	if !f.ok() {
		b.Errors = f.Errors
		return s.policyFormDraw(w, r, law, b, http.StatusUnprocessableEntity)
	}
	sum := sha256.Sum256([]byte(fmt.Sprint(row, b.Why, law[b.Name])))
	b.Seen = hex.EncodeToString(sum[:8])
	if f.text("send") == "" || f.text("seen") != b.Seen {
		value, _ := rowValue(r, row)
		b.Look = &policyLook{Value: value, Replaces: replacesText(r, law, row), Typical: effectLines(r, law.Typical(row)), Effects: effectLines(r, law.Effects(row))}
		return s.policyFormDraw(w, r, law, b, 0)
	}
	p := loa.PolicyRow{ID: b.ID, Name: row.Name, From: row.From, To: row.To, Value: row.Value, Unit: string(unit), Cites: row.Cites, Source: row.Source, Confirmed: row.Confirmed, Why: b.Why}
	if err := s.DB.ProposePolicyRow(r.Context(), whoOf(r).Whole, s.by(r), p); err != nil {
		return err
	}
	return s.done(w, r, "/policy", t(r, "law.proposed", loa.Phrase("policy.param."+row.Name), row.From), "")
}

// policyDecide approves or refuses a row of another officer.
func (s *Server) policyDecide(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	approve := f.text("decision") == "approve"
	if !approve && f.text("decision") != "refuse" {
		return loa.Refuse(loa.Invalid, "decision", "not_in_list")
	}
	if err := s.DB.DecidePolicyRow(r.Context(), whoOf(r).Whole, s.by(r), f.text("id"), approve, f.text("reason")); err != nil {
		return err
	}
	said := "law.approved"
	if !approve {
		said = "law.refused"
	}
	return s.done(w, r, "/policy", t(r, said), "")
}

var (
	yearsTyped  = regexp.MustCompile(`^(\d{1,3}) ?(?:năm|nam|years?|y)(?: ?(\d{1,2}) ?(?:tháng|thang|months?|m))?$`)
	clockTyped  = regexp.MustCompile(`^(\d{1,2}) ?(?:[:.] ?(\d{2})|(?:h|giờ|gio) ?(\d{2})?)$`)
	monthsTyped = regexp.MustCompile(`^(\d{1,4})(?: ?(?:tháng|thang|months?|m))?$`)
)

// readValue reads a figure as people type it in its unit: 2.200.000 đồng, 22 or 0,31 per cent, 15 years 6 months, 07:00, 01/07/2025.
func readValue(typed string, unit policy.Unit) (int64, bool) {
	typed = strings.ToLower(strings.TrimSpace(typed))
	switch unit {
	case policy.BasisPoint:
		return hundredths(strings.TrimSpace(strings.TrimSuffix(typed, "%")))
	case policy.Hundredths:
		return hundredths(typed)
	case policy.Months:
		if m := yearsTyped.FindStringSubmatch(typed); m != nil {
			years, _ := strconv.ParseInt(m[1], 10, 64)
			months, _ := strconv.ParseInt("0"+m[2], 10, 64)
			return years*12 + months, true
		}
		m := monthsTyped.FindStringSubmatch(typed)
		if m == nil {
			return 0, false
		}
		n, err := strconv.ParseInt(m[1], 10, 64)
		return n, err == nil
	case policy.Minutes:
		m := clockTyped.FindStringSubmatch(typed)
		if m == nil {
			return 0, false
		}
		hours, _ := strconv.ParseInt(m[1], 10, 64)
		minutes, _ := strconv.ParseInt("0"+m[2]+m[3], 10, 64)
		return hours*60 + minutes, minutes < 60 && hours*60+minutes <= 24*60
	case policy.Date:
		d, ok := readDay(typed)
		if !ok {
			return 0, false
		}
		y, m, day := d.Parts()
		return int64(y)*10000 + int64(m)*100 + int64(day), true
	case policy.Choice:
		switch typed {
		case "0":
			return 0, true
		case "1":
			return 1, true
		}
		return 0, false
	case policy.Dong:
		typed = strings.TrimSpace(strings.TrimSuffix(typed, "đ"))
	}
	n, err := vn.ParseNumber(typed)
	return n, err == nil && n >= 0 && typed != ""
}

// hundredths reads a number of at most two decimals, with a comma or a point, as hundredths.
func hundredths(typed string) (int64, bool) {
	whole, rest, _ := strings.Cut(strings.ReplaceAll(typed, ",", "."), ".")
	if whole == "" || len(whole) > 9 || len(rest) > 2 {
		return 0, false
	}
	n, err := strconv.ParseUint(whole+(rest + "00")[:2], 10, 62)
	return int64(n), err == nil
}

// typedValue is a row's figure as a form offers it for typing.
func typedValue(r *http.Request, row policy.Row) string {
	switch row.Unit {
	case policy.BasisPoint, policy.Hundredths:
		return strings.TrimSuffix(policy.Figure(row.Value, policy.Hundredths, langOf(r)), " %")
	case policy.Dong:
		return vn.NumberIn(langOf(r), row.Value)
	case policy.Date, policy.Minutes:
		return WholeFigure(langOf(r), row.Value, row.Unit)
	}
	return strconv.FormatInt(row.Value, 10)
}
