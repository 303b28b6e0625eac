package web

import (
	"net/http"
	"strconv"

	"loa"
	"loa/composing"
	"loa/pdf"
	"loa/sending"
	"loa/store"
)

// handPageSize is how many lines of a list stand on a page.
const handPageSize = 25

// handPrinted is how many lines are printed at once; longer lists are printed commune by commune.
const handPrinted = 600

type handPage struct {
	ID, Title  string
	Network    string
	Tabs       []questionTab
	Area       string
	Areas      []handArea
	Lines      []handRow
	From, To   int
	Total      int64
	Prev, Next string
	Outcomes   []option
	MayEdit    bool
	Today      loa.Day
	SheetURL   string
	Words      string // what is said
	Errors     map[string]string
	Bad        string // the line that was refused
	Done       []handRow
}

type handArea struct {
	ID, Name string
	N        int64
}

type handRow struct {
	store.HandLine
	Where         string
	Tel           string
	Fact, Refusal string
	Last          string // what was said last
	Again         string
	Not           string // why nobody calls or visits now, and from when on somebody may
}

// broadcastHand is a list of calls or visits to work off, village by village and house by house.
func (s *Server) broadcastHand(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	return s.handShow(w, r, b, map[string]string{}, "", 0)
}

func handNetwork(r *http.Request) string {
	if r.FormValue("network") == loa.VisitList {
		return loa.VisitList
	}
	return loa.CallList
}

func (s *Server) handShow(w http.ResponseWriter, r *http.Request, b loa.Broadcast, errs map[string]string, bad string, status int) error {
	body := handPage{ID: string(b.ID), Title: b.Title, Network: handNetwork(r), Area: r.FormValue("area"), MayEdit: whoOf(r).may(loa.EditOutreach), Today: s.today(), Errors: errs, Bad: bad}
	for _, o := range loa.HandOutcomes {
		body.Outcomes = append(body.Outcomes, option{o, handText(r, o)})
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	var byArea map[loa.AreaID]int64
	for _, n := range []string{loa.CallList, loa.VisitList} {
		counts, err := s.DB.HandByArea(r.Context(), scopeOf(r), b.ID, n)
		if err != nil {
			return err
		}
		total := int64(0)
		for _, c := range counts {
			total += c
		}
		body.Tabs = append(body.Tabs, questionTab{n, t(r, "broadcast.form."+n), r.URL.Path + "?network=" + n, total, n == body.Network})
		if n == body.Network {
			byArea, body.Total = counts, total
		}
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	for _, a := range areas {
		if n := byArea[a.ID]; n > 0 {
			body.Areas = append(body.Areas, handArea{string(a.ID), places[a.ID], n})
			if body.Area == string(a.ID) {
				body.Total = n
			}
		}
	}
	n := pageNumber(r)
	list, err := s.DB.HandList(r.Context(), scopeOf(r), b.ID, body.Network, loa.AreaID(body.Area), (n-1)*handPageSize, handPageSize)
	if err != nil {
		return err
	}
	if body.Lines, err = s.handRows(r, list); err != nil {
		return err
	}
	if err := s.handNow(r, b, body.Lines); err != nil {
		return err
	}
	body.From, body.To = (n-1)*handPageSize+1, (n-1)*handPageSize+len(list)
	body.Prev, body.Next = pageLinks(r, n, int64(body.To) < body.Total)
	if body.Done, err = s.handDone(r, b, body.Network); err != nil {
		return err
	}
	body.SheetURL = "/broadcasts/" + string(b.ID) + "/sheet?network=" + body.Network + "&area=" + body.Area
	if body.Words, err = s.handWords(r, b); err != nil {
		return err
	}
	return s.render(w, r, "broadcast_hand", page{Title: t(r, "broadcast.hand.title."+body.Network), Context: t(r, "broadcast.hand.context", b.Title, numberIn(r, int64(body.Total))), Active: "broadcasts", Body: body, Status: status})
}

func (s *Server) handRows(r *http.Request, list []store.HandLine) ([]handRow, error) {
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]handRow, len(list))
	for i, l := range list {
		row := handRow{HandLine: l, Where: places[l.Area], Tel: displayPhone(l.Phone), Fact: loa.NewID(), Refusal: loa.NewID()}
		if loa.OneOf(l.Code, loa.HandOutcomes) {
			row.Last = handText(r, l.Code)
		}
		if !l.NotBefore.IsZero() {
			row.Again = loa.DayOf(l.NotBefore).Vietnamese()
		}
		out[i] = row
	}
	return out, nil
}

// handNow says of each line why nobody may be called or visited at this moment. It asks the gate again: since the list was made people
// have refused, and others have told them things.
func (s *Server) handNow(r *http.Request, b loa.Broadcast, rows []handRow) error {
	if len(rows) == 0 {
		return nil
	}
	settings, err := s.DB.SendingSettings(r.Context(), whoOf(r).Office.ID)
	if err != nil {
		return err
	}
	law, err := s.law(r)
	if err != nil {
		return err
	}
	now := s.Now()
	rules := sending.RulesOf(settings, composing.AdsOn(law, loa.DayOf(now)))
	ids := make([]loa.PersonID, len(rows))
	for i, row := range rows {
		ids[i] = row.Person
	}
	people, err := s.DB.Recipients(r.Context(), scopeOf(r), ids, now.Add(-rules.Remembers()))
	if err != nil {
		return err
	}
	by := make(map[loa.PersonID]loa.Recipient, len(people))
	for _, p := range people {
		p.Touches = sending.Others(p.Touches, b.ID)
		by[p.Person] = p
	}
	for i, row := range rows {
		p, ok := by[row.Person]
		d := sending.Decision{Verdict: sending.Fall, Reason: "gone"}
		if ok {
			d = sending.Hand(b, row.Network, p, now, rules)
		}
		switch d.Verdict {
		case sending.Wait:
			rows[i].Not = t(r, "broadcast.hand.wait."+row.Network, moment(d.Until), t(r, "gate."+d.Reason))
		case sending.Fall, sending.Bar:
			rows[i].Not = t(r, "broadcast.hand.bar."+row.Network, t(r, "gate."+d.Reason))
		}
	}
	return nil
}

// handDone are the last lines that got a result, so that a slip can be taken back.
func (s *Server) handDone(r *http.Request, b loa.Broadcast, network string) ([]handRow, error) {
	list, err := s.DB.HandDone(r.Context(), scopeOf(r), b.ID, network, 5)
	if err != nil {
		return nil, err
	}
	return s.handRows(r, list)
}

// handWords is what is said on the telephone and at the door.
func (s *Server) handWords(r *http.Request, b loa.Broadcast) (string, error) {
	script, err := s.scriptOf(r, b)
	if err != nil {
		return "", err
	}
	law, err := s.law(r)
	if err != nil {
		return "", err
	}
	one := b
	one.Ladder = []loa.Rung{{Network: loa.CallList}}
	words, err := s.wordsOf(r, one, script, law, s.Now())
	if err == nil {
		m, refused := words.Message(loa.Delivery{Network: loa.CallList, Lang: "vietnamese"}, sampleReader(s.today()))
		if err = refused; err == nil {
			return m.Text, nil
		}
	}
	if loa.KindOf(err) == "" {
		return "", err
	}
	return s.said(r, err), nil
}

func handText(r *http.Request, outcome string) string {
	if outcome == loa.GivenUp {
		return t(r, "broadcast.given_up")
	}
	return t(r, "outcome."+outcome)
}

// broadcastHandDone writes what became of one line.
func (s *Server) broadcastHandDone(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	h := loa.HandResult{Delivery: loa.DeliveryID(f.text("delivery")), Outcome: f.text("outcome"), Note: f.text("note"), NextOn: f.day("next_on"), Fact: loa.FactID(f.text("fact")), Refusal: loa.FactID(f.text("refusal")), On: s.today()}
	if f.ok() {
		if err := f.take(s.DB.RecordHand(r.Context(), scopeOf(r), s.by(r), b.ID, h)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.handShow(w, r, b, f.Errors, string(h.Delivery), http.StatusUnprocessableEntity)
	}
	to := "/broadcasts/" + string(b.ID) + "/hand?network=" + handNetwork(r)
	if area := f.text("area"); area != "" {
		to += "&area=" + area
	}
	if n := f.count("page"); n > 1 {
		to += "&page=" + strconv.FormatInt(n, 10)
	}
	return s.done(w, r, to, t(r, "broadcast.hand.recorded", handText(r, h.Outcome)), "")
}

// broadcastHandReopen takes the result of a line back.
func (s *Server) broadcastHandReopen(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	if err := s.DB.ReopenHand(r.Context(), scopeOf(r), s.by(r), b.ID, loa.DeliveryID(r.FormValue("delivery"))); err != nil {
		return err
	}
	return s.done(w, r, "/broadcasts/"+string(b.ID)+"/hand?network="+handNetwork(r), t(r, "broadcast.hand.reopened"), "")
}

// handSheet is a list on paper.
type handSheet struct {
	Office   string
	Title    string
	Network  string
	Words    string
	Villages []handVillage
	Outcomes []option
	Cut      bool
	N        int
	Day      string
}

type handVillage struct {
	Name  string
	Lines []handRow
}

// broadcastSheet prints a list to take along: who, where, what to say, and boxes to tick.
func (s *Server) broadcastSheet(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	network := handNetwork(r)
	list, err := s.DB.HandList(r.Context(), scopeOf(r), b.ID, network, loa.AreaID(r.FormValue("area")), 0, handPrinted+1)
	if err != nil {
		return err
	}
	body := handSheet{Office: whoOf(r).Office.Name, Title: b.Title, Network: network, Day: s.today().Vietnamese(), Cut: len(list) > handPrinted}
	list = list[:min(len(list), handPrinted)]
	body.N = len(list)
	if body.Words, err = s.handWords(r, b); err != nil {
		return err
	}
	for _, o := range loa.HandOutcomes {
		body.Outcomes = append(body.Outcomes, option{o, handText(r, o)})
	}
	rows, err := s.handRows(r, list)
	if err != nil {
		return err
	}
	if err := s.handNow(r, b, rows); err != nil {
		return err
	}
	for _, row := range rows {
		if n := len(body.Villages); n == 0 || body.Villages[n-1].Name != row.Where {
			body.Villages = append(body.Villages, handVillage{Name: row.Where})
		}
		v := &body.Villages[len(body.Villages)-1]
		v.Lines = append(v.Lines, row)
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "printed", "broadcast", string(b.ID), network+" n="+strconv.Itoa(body.N)); err != nil {
		return err
	}
	p := paperPage{Title: t(r, "broadcast.hand.title."+network), Back: "/broadcasts/" + string(b.ID) + "/hand?network=" + network, File: "danh-sach-" + network, Paper: pdf.A4, Body: body}
	if body.Cut {
		p.Note = t(r, "broadcast.hand.cut", handPrinted)
	}
	return s.onPaper(w, r, "broadcast_sheet", p)
}
