package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"loa"
	"loa/auth"
	"loa/policy"
	"loa/sheet"
	"loa/store"
	"loa/vn"
)

// formRows is how many lines one list holds at most.
const formRows = 20000

// formList is a list to hand in: who paid or registered, and who left, in a period.
type formList struct {
	Kind      string // d05 or d03
	Filter    store.PaymentFilter
	From      string // paid or registered: what the list is made from
	Rows      []formRow
	Gone      []formRow
	Numbers   bool
	Commune   string
	Collector string
}

// formRow is one line of a list with everything a form may ask for.
type formRow struct {
	loa.Contribution
	Person     loa.Person
	Known      bool // the person can still be seen; else the line stands without a name
	Address    string
	Phone      string
	First      bool // nothing was paid before
	Code       string
	NationalID string
	SINumber   string
	Leaving    loa.Leaving
	Due        int64 // what is to be paid in all, by the payer and the State
	RateBP     int64 // of the State's support, where the calculator comes to what was recorded
}

// documentLists hands out a D05-TS or D03-TS of a period, a commune and a collector. Who takes people out is written down; with ID
// numbers it also says why.
func (s *Server) documentLists(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	list := formList{Kind: f.text("kind"), From: cmpOr(f.text("source"), "paid"), Filter: store.PaymentFilter{From: f.day("from"), To: f.day("to"), Area: loa.AreaID(f.text("commune")), Collector: loa.CollectorID(f.text("collector"))}, Numbers: f.on("numbers")}
	list.Filter.Scheme = map[string]loa.Scheme{"d05": loa.VoluntarySI, "d03": loa.HouseholdHI}[list.Kind]
	if list.Filter.Scheme == "" || list.From != "paid" && list.From != "registered" {
		return loa.Refuse(loa.Invalid, "kind", "not_in_list")
	}
	for _, name := range []string{"from", "to"} {
		if f.text(name) == "" {
			f.bad(name, "error.required")
		}
	}
	reason := f.text("reason")
	switch {
	case f.ok() && list.Filter.To < list.Filter.From:
		f.bad("to", "error.backwards")
	case f.ok() && list.Filter.To.Sub(list.Filter.From) > 366:
		f.bad("to", "error.form_period", 366)
	case list.Numbers && !whoOf(r).may(loa.RevealID):
		return loa.Refuse(loa.Denied, "", "denied")
	case list.Numbers && s.Sealer == nil:
		return loa.Refuse(loa.Conflict, "", "no_key")
	case list.Numbers && len([]rune(reason)) < 5:
		f.bad("reason", "error.reveal_reason")
	}
	if f.ok() {
		if err := f.take(s.fillList(r, &list)); err != nil {
			return err
		}
	}
	if !f.ok() {
		body, err := s.documentsBody(r)
		if err != nil {
			return err
		}
		body.Errors, body.Reason, body.Source, body.Numbers = f.Errors, reason, list.From, list.Numbers
		if list.Filter.From.Valid() {
			body.From = list.Filter.From
		}
		if list.Filter.To.Valid() {
			body.To = list.Filter.To
		}
		return s.documentsDraw(w, r, body, http.StatusUnprocessableEntity)
	}
	detail := fmt.Sprintf("%s %s %s..%s n=%d", list.Kind, list.From, list.Filter.From, list.Filter.To, len(list.Rows)+len(list.Gone))
	if list.Numbers {
		detail += " numbers: " + reason
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "people", list.Kind, detail); err != nil {
		return err
	}
	download(w, list.Kind+"-ts-"+string(list.Filter.From)+"-"+string(list.Filter.To)+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	x, m := sheet.NewXLSX(w), s.maker(r, "vi") // a form is handed in, so it is in Vietnamese
	var err error
	if list.Kind == "d05" {
		err = m.d05(x, list)
	} else {
		err = m.d03(x, list)
	}
	if err == nil {
		err = x.Close()
	}
	if err != nil {
		s.Log.Error("export broke off", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

// fillList reads what the list is made from, and the people in it.
func (s *Server) fillList(r *http.Request, list *formList) error {
	ctx, in := r.Context(), scopeOf(r)
	read := s.DB.Payments
	if list.From == "registered" {
		read = s.DB.Registrations
	}
	paid, err := read(ctx, in, list.Filter, formRows+1)
	if err != nil {
		return err
	}
	var gone []loa.Leaving
	if list.From == "paid" {
		if gone, err = s.DB.Departures(ctx, in, list.Filter, formRows+1); err != nil {
			return err
		}
	}
	if len(paid)+len(gone) > formRows {
		return loa.Refuse(loa.Invalid, "to", "form_rows", formRows)
	}
	ids := make([]loa.PersonID, 0, len(paid)+len(gone))
	for _, c := range paid {
		ids = append(ids, c.Person)
	}
	for _, l := range gone {
		ids = append(ids, l.Person)
	}
	fill, err := s.formPeople(r, ids, list.Numbers)
	if err != nil {
		return err
	}
	codes, err := s.collectorCodes(r)
	if err != nil {
		return err
	}
	law, err := s.formLaw(r)
	if err != nil {
		return err
	}
	for _, c := range paid {
		row := formRow{Contribution: c, Code: codes[c.Collector]}
		if err := fill(&row, c.Person, c.From); err != nil {
			return err
		}
		row.reckon(law)
		list.Rows = append(list.Rows, row)
	}
	for _, l := range gone {
		row := formRow{Leaving: l}
		if err := fill(&row, l.Person, ""); err != nil {
			return err
		}
		list.Gone = append(list.Gone, row)
	}
	names, err := s.placeNames(r)
	if err != nil {
		return err
	}
	labels, err := s.collectorNames(r)
	list.Commune, list.Collector = names[list.Filter.Area], labels[list.Filter.Collector]
	return err
}

// formPeople reads people for a form and returns what fills a line with one of them. ID numbers are opened only when asked for.
func (s *Server) formPeople(r *http.Request, ids []loa.PersonID, numbers bool) (func(row *formRow, id loa.PersonID, from loa.Day) error, error) {
	ctx, in := r.Context(), scopeToo(r, loa.ReadPeople)
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	people, spells, homes := map[loa.PersonID]loa.Person{}, map[loa.PersonID][]loa.Spell{}, map[loa.PersonID]string{}
	refused := map[loa.PersonID]map[string]bool{}
	for part := range slices.Chunk(ids, exportBatch) {
		list, err := s.DB.PeopleByID(ctx, in, part)
		if err != nil {
			return nil, err
		}
		for _, p := range list {
			people[p.ID] = p
		}
		some, err := s.DB.SpellsOf(ctx, in, part)
		if err != nil {
			return nil, err
		}
		for id, list := range some {
			spells[id] = list
		}
		at, err := s.DB.Candidates(ctx, in, part)
		if err != nil {
			return nil, err
		}
		for _, c := range at {
			homes[c.Person] = c.Address
		}
		no, err := s.DB.Refusals(ctx, in, "administrative", part)
		if err != nil {
			return nil, err
		}
		for id, by := range no {
			refused[id] = by
		}
	}
	names, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	return func(row *formRow, id loa.PersonID, from loa.Day) (err error) {
		p, ok := people[id]
		row.Person, row.Known = p, ok
		if !ok {
			return nil
		}
		row.Address = homeAt(homes[id], names[p.Area])
		row.Phone, _ = phoneAllowed(r, p, refused[id])
		row.First = firstTime(spells[id], row.Scheme, from)
		if numbers {
			row.NationalID, row.SINumber, err = s.openNumbers(p)
		}
		return err
	}, nil
}

// firstTime says whether nothing stood in a scheme before a day.
func firstTime(spells []loa.Spell, scheme loa.Scheme, from loa.Day) bool {
	for _, sp := range spells {
		if sp.Scheme == scheme && sp.Starts < from {
			return false
		}
	}
	return true
}

// openNumbers opens the two sealed numbers of a person; the caller has written down why.
func (s *Server) openNumbers(p loa.Person) (national, si string, err error) {
	open := func(column string, sealed loa.Sealed) (string, error) {
		if !sealed.Known() {
			return "", nil
		}
		plain, err := s.Sealer.Open(auth.Place{Office: string(p.Office), Column: column, Record: string(p.ID)}, sealed.Cipher)
		if err != nil {
			return "", fmt.Errorf("open a number for a form: %w", err)
		}
		return plain, nil
	}
	if national, err = open("person.national_id", p.NationalID); err != nil {
		return "", "", err
	}
	si, err = open("person.si_number", p.SINumber)
	return national, si, err
}

// formLaw is the law of the office: the rows that came with the program and its own.
func (s *Server) formLaw(r *http.Request) (policy.Parameters, error) { return s.law(r) }

// reckon asks the calculator about a line of voluntary social insurance. Where something was paid, what was recorded stands, and
// the rate of support only if the calculator comes to the same support; where nothing was paid yet, the line says what it will be.
func (row *formRow) reckon(law policy.Parameters) {
	row.Due = row.Amount + row.StateAmount
	if row.Scheme != loa.VoluntarySI || row.Income == 0 || row.Method.Months() == 0 || !row.Known {
		return // of years ahead and years missing nobody wrote down how many
	}
	groups := []policy.Group{}
	if p := row.Person.PovertyOn(row.HappenedOn); p == "poor" || p == "near_poor" {
		groups = append(groups, policy.Group(p))
	}
	if e := row.Person.Ethnic; e != "" && e != "kinh" && e != "other" {
		groups = append(groups, policy.EthnicMinority)
	}
	q, err := law.Contribution(policy.Contribution{Day: row.HappenedOn, Income: row.Income, Groups: groups, Method: row.Method, Periods: 1, SupportBP: -1})
	if err != nil {
		return // an income or a day outside the law that is known: the line stands as it was recorded
	}
	n := map[string]int64{}
	for _, x := range q.Results {
		n[x.Name] = x.N
	}
	if len(groups) == 0 {
		groups = append(groups, policy.Other)
	}
	rate := int64(0)
	for _, g := range groups {
		if x, ok := law.At("voluntary_si.support."+string(g), row.HappenedOn); ok {
			rate = max(rate, x.Value)
		}
	}
	switch {
	case row.Amount == 0 && row.StateAmount == 0:
		row.Due, row.Amount, row.StateAmount, row.Months, row.RateBP = n["base"], n["pay"], n["state_support"], int(n["months"]), rate
	case row.StateAmount == n["state_support"]:
		row.RateBP = rate
	}
}

// collectorCodes are the codes of collectors and their agents.
func (s *Server) collectorCodes(r *http.Request) (map[loa.CollectorID]string, error) {
	list, _, err := s.DB.Collectors(r.Context(), whoOf(r).Whole, store.ListPage{Take: 1000})
	if err != nil {
		return nil, err
	}
	out := map[loa.CollectorID]string{}
	for _, c := range list {
		out[c.ID] = c.Code
		agents, err := s.DB.Agents(r.Context(), whoOf(r).Whole, c.ID)
		if err != nil {
			return nil, err
		}
		for _, a := range agents {
			out[a.ID] = a.Code
		}
	}
	return out, nil
}

// name is who the line is about, or that the person can no longer be seen.
func (m documentMaker) name(row formRow) string {
	if !row.Known {
		return m.say("session.sheet.gone")
	}
	return row.Person.Name
}

// money is an amount as it was recorded; nothing where nothing was.
func money(n int64) sheet.Value {
	if n == 0 {
		return sheet.Text("")
	}
	return sheet.Amount(n)
}

func count(n int) sheet.Value {
	if n == 0 {
		return sheet.Text("")
	}
	return sheet.Int(int64(n))
}

// monthYear writes a month as forms do: 10/2025.
func monthYear(d loa.Day) string {
	if !d.Valid() {
		return ""
	}
	y, m, _ := d.Parts()
	return fmt.Sprintf("%02d/%s", m, strconv.Itoa(y))
}

// texts makes text cells.
func texts(list ...string) []sheet.Value {
	out := make([]sheet.Value, len(list))
	for i, t := range list {
		out[i] = sheet.Text(t)
	}
	return out
}

// homeAt is where a home stands, within its place. Many homes give no more than their village: that is not said twice.
func homeAt(home, place string) string {
	if village, _, _ := strings.Cut(place, ","); home == "" || vn.Fold(village) == vn.Fold(home) {
		return place
	}
	return joinWords(home, place)
}
