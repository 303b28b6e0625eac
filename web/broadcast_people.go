package web

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"loa"
	"loa/i18n"
	"loa/sending"
	"loa/sheet"
	"loa/store"
)

// toldStates are what a list of people can be narrowed to, each with the states behind it.
var toldStates = []struct {
	key    string
	states []loa.DeliveryState
}{
	{"all", nil},
	{"waiting", []loa.DeliveryState{loa.DeliveryQueued}},
	{"sent", []loa.DeliveryState{loa.DeliverySent}},
	{"delivered", []loa.DeliveryState{loa.DeliveryDelivered, loa.DeliverySeen}},
	{"failed", []loa.DeliveryState{loa.DeliveryFailed}},
	{"refused", []loa.DeliveryState{loa.DeliveryRefused}},
	{"unsure", []loa.DeliveryState{loa.DeliveryUnsure}},
	{"by_hand", []loa.DeliveryState{loa.DeliveryByHand}},
	{"held", []loa.DeliveryState{loa.DeliveryHeld}},
	{"stopped", []loa.DeliveryState{loa.DeliveryStopped}},
}

type broadcastPeoplePage struct {
	ID, Title string
	States    []option
	State     string
	Networks  []option
	Network   string
	Communes  []option
	Area      string
	Codes     []string
	CodeText  string
	All       bool
	People    []toldRow
	Places    []unsurePlace
	MayAsk    bool // the provider what became of them
	Total     int64
	Next      string
	First     string
	MaySettle bool
	MayExport bool
	Query     string
}

type toldRow struct {
	store.Told
	Where      string
	What, Kind string
	Reason     string
	Over       string
	At         string
	Next       string // the rung that follows
	Known      string // of one nobody is sure of: when it was tried, and by what it is found at the provider
}

// toldFilter reads what a list of people is narrowed to.
func (s *Server) toldFilter(r *http.Request) (store.ToldFilter, string) {
	f := store.ToldFilter{Rung: -1, Network: r.FormValue("network"), Area: loa.AreaID(r.FormValue("area")), Codes: slices.DeleteFunc(slices.Clone(r.Form["code"]), func(c string) bool { return c == "" }), All: r.FormValue("all") != "", Lang: r.FormValue("lang")}
	state := "all"
	for _, x := range toldStates {
		if x.key == r.FormValue("state") {
			state, f.States = x.key, x.states
		}
	}
	return f, state
}

// broadcastPeople are the people of a broadcast with what became of each.
func (s *Server) broadcastPeople(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	f, state := s.toldFilter(r)
	body := broadcastPeoplePage{ID: string(b.ID), Title: b.Title, State: state, Network: f.Network, Area: string(f.Area), Codes: f.Codes, All: f.All, MaySettle: whoOf(r).may(loa.EditOutreach) && state == "unsure", MayExport: whoOf(r).may(loa.ExportPeople)}
	for _, x := range toldStates {
		body.States = append(body.States, option{x.key, t(r, "broadcast.told."+x.key)})
	}
	for _, x := range networksOf(r, b) {
		body.Networks = append(body.Networks, option{x.Form, x.Label})
	}
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	for _, a := range areas {
		if a.Kind == loa.Commune || a.Kind == loa.OfficeNode || a.ID == f.Area {
			body.Communes = append(body.Communes, option{string(a.ID), s.areaName(r, a)})
		}
	}
	kinds, err := s.kindsOf(r, b)
	if err != nil {
		return err
	}
	if len(f.Codes) > 0 {
		body.CodeText = reasonText(r, kinds.people, append(f.States, loa.DeliveryFailed)[0], f.Codes[0])
	}
	if body.Total, err = s.DB.CountTold(r.Context(), scopeOf(r), b.ID, f); err != nil {
		return err
	}
	q := without(r.URL.Query(), "after", "rung")
	body.Query = q.Encode()
	if f.After = loa.PersonID(r.FormValue("after")); f.After != "" {
		body.First = r.URL.Path + "?" + body.Query
	}
	if n, err := strconv.Atoi(r.FormValue("rung")); err == nil {
		f.Rungs = n
	}
	f.Take = listPage + 1
	list, err := s.DB.ToldPeople(r.Context(), scopeOf(r), b.ID, f)
	if err != nil {
		return err
	}
	if len(list) > listPage {
		list = list[:listPage]
		last := list[listPage-1]
		q.Set("after", string(last.Person))
		q.Set("rung", strconv.Itoa(last.Rung))
		body.Next = r.URL.Path + "?" + q.Encode()
	}
	if body.People, err = s.toldRows(r, b, list); err != nil {
		return err
	}
	if state == "unsure" && f.After == "" {
		if body.Places, err = s.unsurePlaces(r, b); err != nil {
			return err
		}
	}
	body.MayAsk = body.MaySettle && len(body.People)+len(body.Places) > 0 && len(s.askable(r, b)) > 0
	return s.render(w, r, "broadcast_people", page{Title: t(r, "broadcast.people.title"), Context: t(r, "broadcast.people.context", b.Title, numberIn(r, int64(body.Total))), Active: "broadcasts", Body: body})
}

func (s *Server) toldRows(r *http.Request, b loa.Broadcast, list []store.Told) ([]toldRow, error) {
	kinds, err := s.kindsOf(r, b)
	if err != nil {
		return nil, err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]toldRow, len(list))
	for i, p := range list {
		row := toldRow{Told: p, Where: places[p.Area], Over: t(r, "broadcast.form."+p.Network), What: t(r, "broadcast.told."+toldKey(p.State))}
		switch p.State {
		case loa.DeliverySent, loa.DeliveryDelivered, loa.DeliverySeen:
			row.Kind = "paid"
		case loa.DeliveryFailed, loa.DeliveryRefused:
			row.Kind = "lost"
		case loa.DeliveryUnsure, loa.DeliveryByHand:
			row.Kind = "late"
		default:
			row.Kind = "grey"
		}
		if p.Code != "" && !(p.State == loa.DeliveryByHand && !loa.OneOf(p.Code, loa.HandOutcomes) && p.Code != sending.Gap && !p.NotBefore.After(s.Now())) { // a wait that is over
			row.Reason = reasonText(r, kinds.people, p.State, p.Code)
		}
		switch {
		case !p.DoneAt.IsZero():
			row.At = moment(p.DoneAt)
		case !p.SentAt.IsZero():
			row.At = moment(p.SentAt)
		case !p.FirstAt.IsZero():
			row.At = moment(p.FirstAt)
		case p.State == loa.DeliveryQueued && !p.NotBefore.IsZero():
			row.At = t(r, "broadcast.not_before", moment(p.NotBefore))
		}
		if p.State == loa.DeliveryUnsure {
			ref := p.Ref
			if ref == "" {
				ref = string(p.ID) // ours goes along with the message
			}
			row.Known = t(r, "broadcast.known_ref", ref)
		}
		if p.State == loa.DeliveryFailed {
			row.Next = nextRung(r, b, p.Rung)
		}
		out[i] = row
	}
	return out, nil
}

// nextRung is what follows a step that failed.
func nextRung(r *http.Request, b loa.Broadcast, rung int) string {
	next := loa.VisitList
	if rung+1 < len(b.Ladder) {
		next = b.Ladder[rung+1].Network
	}
	return t(r, "broadcast.next_rung", t(r, "broadcast.form."+next))
}

// toldKey is the word of the lists for a state.
func toldKey(state loa.DeliveryState) string {
	for _, x := range toldStates[1:] {
		for _, y := range x.states {
			if y == state {
				return x.key
			}
		}
	}
	return "all"
}

// broadcastExport hands the results over as a workbook, row by row; the log says who took them.
func (s *Server) broadcastExport(w http.ResponseWriter, r *http.Request) error {
	b, err := s.broadcastOf(r)
	if err != nil {
		return err
	}
	f, state := s.toldFilter(r)
	f.All, f.Take = true, exportBatch
	total, err := s.DB.CountTold(r.Context(), scopeOf(r), b.ID, f)
	if err != nil {
		return err
	}
	if err := s.DB.Audit(r.Context(), whoOf(r).Office.ID, s.by(r), "exported", "broadcast", string(b.ID), fmt.Sprintf("state=%s n=%d", state, total)); err != nil {
		return err
	}
	tally, err := s.DB.Tally(r.Context(), scopeOf(r), b.ID, s.Now)
	if err != nil {
		return err
	}
	download(w, "dot-phat-tin-"+string(s.today())+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	if err := s.writeResults(w, r, b, f, tally); err != nil {
		s.Log.Error("export broke off", "path", r.URL.Path, "error", err)
		panic(http.ErrAbortHandler) // half a file must not look like a whole one
	}
	return nil
}

func (s *Server) writeResults(w http.ResponseWriter, r *http.Request, b loa.Broadcast, f store.ToldFilter, tally store.BroadcastTally) error {
	x := sheet.NewXLSX(w)
	titles := []string{whoOf(r).Office.Name, b.Title, t(r, "broadcast.sheet.as_of", moment(tally.At))}
	if whoOf(r).Office.Synthetic {
		titles = append(titles, t(r, "report.synthetic"))
	}
	if err := s.resultSheet(x, r, b, titles, tally); err != nil {
		return err
	}
	head := []string{t(r, "person.name"), t(r, "person.born"), t(r, "person.village"), t(r, "broadcast.sheet.over"), t(r, "broadcast.sheet.lang"), t(r, "broadcast.sheet.state"), t(r, "broadcast.sheet.reason"), t(r, "broadcast.sheet.tries"), t(r, "broadcast.sheet.at"), t(r, "broadcast.sheet.parts"), t(r, "broadcast.sheet.cost")}
	if err := x.Sheet(sheet.Layout{Name: t(r, "broadcast.sheet.people"), Titles: titles, Heading: head, Widths: []float64{26, 10, 30, 18, 14, 20, 30, 8, 18, 8, 12}}); err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	for {
		list, err := s.DB.ToldPeople(r.Context(), scopeOf(r), b.ID, f)
		if err != nil {
			return err
		}
		rows, err := s.toldRows(r, b, list)
		if err != nil {
			return err
		}
		for _, p := range rows {
			lang := ""
			if p.Lang != "" {
				lang = i18n.Text(langOf(r), "tongue."+p.Lang)
			}
			if err := x.Row(sheet.Text(p.Name), yearCell(p.Born), sheet.Text(p.Where), sheet.Text(p.Over), sheet.Text(lang), sheet.Text(p.What), sheet.Text(p.Reason), sheet.Int(int64(p.Tries)), sheet.Text(p.At), sheet.Int(int64(p.Told.Parts)), sheet.Int(p.Told.Cost)); err != nil {
				return fmt.Errorf("write a person: %w", err)
			}
		}
		if len(list) < f.Take {
			return x.Close()
		}
		f.After, f.Rungs = list[len(list)-1].Person, list[len(list)-1].Rung
	}
}

func yearCell(year int) sheet.Value {
	if year == 0 {
		return sheet.Text("")
	}
	return sheet.Int(int64(year))
}

// resultSheet is the sum by channel, before the people.
func (s *Server) resultSheet(x *sheet.XLSX, r *http.Request, b loa.Broadcast, titles []string, tally store.BroadcastTally) error {
	v := &progressView{progress: progressOf(tally)}
	if err := s.channelResults(r, b, v, tally); err != nil {
		return err
	}
	head := []string{t(r, "broadcast.col.channel"), t(r, "broadcast.col.all"), t(r, "broadcast.col.told"), t(r, "broadcast.col.delivered"), t(r, "broadcast.col.failed"), t(r, "broadcast.col.left"), t(r, "broadcast.col.moved"), t(r, "broadcast.col.cost")}
	if err := x.Sheet(sheet.Layout{Name: t(r, "broadcast.sheet.channels"), Titles: titles, Heading: head, Widths: []float64{30, 12, 12, 12, 12, 12, 12, 14}}); err != nil {
		return fmt.Errorf("begin the sheet: %w", err)
	}
	for _, c := range append(v.Channels, v.Outlets...) {
		label := c.Label
		if c.Account != "" {
			label += " · " + c.Account
		}
		if err := x.Row(sheet.Text(label), sheet.Int(c.All), sheet.Int(c.Told), sheet.Int(c.Delivered), sheet.Int(c.Failed), sheet.Int(c.Left), sheet.Int(c.Moved), sheet.Int(c.Cost)); err != nil {
			return fmt.Errorf("write a channel: %w", err)
		}
	}
	return nil
}
