package web

import (
	"net/http"
	"slices"
	"strings"

	"loa"
	"loa/segmenting"
)

// segmentRules are the rules of the office's segments.
func (s *Server) segmentRules(r *http.Request) (map[loa.SegmentID]loa.Rule, []loa.Segment, error) {
	list, err := s.DB.Segments(r.Context(), whoOf(r).Whole)
	if err != nil {
		return nil, nil, err
	}
	out := make(map[loa.SegmentID]loa.Rule, len(list))
	for _, seg := range list {
		out[seg.ID] = seg.Rule
	}
	return out, list, nil
}

// audienceRule is an audience as one rule.
func (s *Server) audienceRule(r *http.Request, a loa.Audience) (loa.Rule, error) {
	rules, _, err := s.segmentRules(r)
	if err != nil {
		return loa.Rule{}, err
	}
	return a.Rule(rules)
}

// broadcastScope is the part of the office a broadcast may reach: everything under its node; all of the office where that is the
// office's own.
func (s *Server) broadcastScope(r *http.Request, area loa.AreaID) (loa.Scope, error) {
	me := whoOf(r)
	if area == me.Office.Anchor {
		return me.Whole, nil
	}
	areas, err := s.DB.Areas(r.Context(), me.Whole)
	if err != nil {
		return loa.Scope{}, err
	}
	for _, a := range areas {
		if a.ID == area {
			return me.Whole.Narrow(a.Path), nil
		}
	}
	return loa.Scope{}, loa.ErrNotFound
}

// narrow keeps a question inside the node of a broadcast.
func (s *Server) narrow(r *http.Request, q *segmenting.Query, area loa.AreaID) error {
	if area == whoOf(r).Office.Anchor {
		return nil
	}
	if q.Within = q.Under(area); q.Within == nil {
		return loa.ErrNotFound
	}
	return nil
}

// homeArea is the node a new broadcast of an officer lies under: the office's own for whoever sees all of it, else the first of the
// officer's communes.
func (s *Server) homeArea(r *http.Request) (loa.AreaID, error) {
	me := whoOf(r)
	if me.seesAll() && me.Place == "" {
		return me.Office.Anchor, nil
	}
	areas, err := s.areas(r)
	if err != nil {
		return "", err
	}
	for _, kind := range []loa.AreaKind{loa.Commune, loa.OfficeNode} { // what has no commune comes last: all of the office's broadcasts lie there
		for _, a := range areas {
			if a.Kind == kind {
				return a.ID, nil
			}
		}
	}
	if len(areas) > 0 {
		return areas[0].ID, nil
	}
	return "", loa.ErrNotFound
}

// groupPick is one group or place to tick.
type groupPick struct {
	ID, Name string
	On       bool
	N        int // how many are in it, within what was chosen beside it
	Only     int // and in no other that was chosen
	Out      int // of the audience, whom leaving it out leaves out
}

// communePick is a commune with its villages.
type communePick struct {
	groupPick
	Villages []groupPick
	Open     bool
}

// audienceView is an audience in figures.
type audienceView struct {
	Segments, Without []groupPick
	Communes          []communePick
	Who, Where        string
	Chosen            bool
	N                 int // in the audience
	Sum               int // of the groups, each for itself
	Twice             int // counted more than once in that sum
	LeftOut           int // by what is left out
	Pair              *overlapPage
}

// audienceOf counts an audience group by group. Every count is one run over columns in memory, some milliseconds for a million people.
func (s *Server) audienceOf(r *http.Request, b loa.Broadcast) (v audienceView, err error) {
	rules, segments, err := s.segmentRules(r)
	if err != nil {
		return v, err
	}
	q, x, err := s.query(r, anybody)
	if err != nil {
		return v, err
	}
	if err := s.narrow(r, &q, b.Area); err != nil {
		return v, err
	}
	if err := s.placesOf(r, &v, b, q.Within); err != nil {
		return v, err
	}
	count := func(a loa.Audience) (int, error) {
		rule, err := a.Rule(rules)
		if err != nil {
			return 0, err
		}
		one := q
		one.Rule = rule
		return x.Count(one), nil
	}
	in := loa.Audience{Segments: b.Audience.Segments, Areas: b.Audience.Areas}
	before := 0
	if v.Chosen = len(in.Segments)+len(in.Areas) > 0; v.Chosen {
		if before, err = count(in); err != nil {
			return v, err
		}
		if v.N, err = count(b.Audience); err != nil {
			return v, err
		}
		v.LeftOut = before - v.N
	}
	var names []string
	for _, seg := range segments {
		p := groupPick{ID: string(seg.ID), Name: segmentName(r, seg), On: slices.Contains(b.Audience.Segments, seg.ID)}
		if p.N, err = count(loa.Audience{Segments: []loa.SegmentID{seg.ID}, Areas: in.Areas}); err != nil {
			return v, err
		}
		if p.On {
			names = append(names, p.Name)
			v.Sum += p.N
			others := slices.DeleteFunc(slices.Clone(in.Segments), func(id loa.SegmentID) bool { return id == seg.ID })
			if p.Only = p.N; len(others) > 0 {
				if p.Only, err = count(loa.Audience{Segments: []loa.SegmentID{seg.ID}, Areas: in.Areas, Without: others}); err != nil {
					return v, err
				}
			}
		}
		out := groupPick{ID: p.ID, Name: p.Name, On: slices.Contains(b.Audience.Without, seg.ID)}
		if v.Chosen {
			kept, err := count(loa.Audience{Segments: in.Segments, Areas: in.Areas, Without: []loa.SegmentID{seg.ID}})
			if err != nil {
				return v, err
			}
			out.Out = before - kept
		}
		v.Segments, v.Without = append(v.Segments, p), append(v.Without, out)
	}
	if len(in.Segments) > 0 {
		v.Twice = v.Sum - before
	}
	v.Who = shortList(r, names)
	if len(names) == 0 && len(b.Audience.Areas) > 0 {
		v.Who = t(r, "broadcast.everybody")
	}
	return v, nil
}

// anybody picks anybody, with a telephone or without.
var anybody = loa.Rule{Any: []loa.Rule{{Field: "phone"}, {Not: &loa.Rule{Field: "phone"}}}}

// placesOf fills the communes and villages to tick.
func (s *Server) placesOf(r *http.Request, v *audienceView, b loa.Broadcast, within []loa.AreaID) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	up, at := communeOf(areas), map[loa.AreaID]int{}
	var where []string
	for _, a := range areas {
		if !slices.Contains(within, a.ID) {
			continue
		}
		p := groupPick{ID: string(a.ID), Name: s.areaName(r, a), On: slices.Contains(b.Audience.Areas, a.ID)}
		if p.On {
			where = append(where, p.Name)
		}
		if a.Kind == loa.Village {
			i, ok := at[up[a.ID]]
			if !ok {
				i = len(v.Communes)
				at[up[a.ID]] = i
				v.Communes = append(v.Communes, communePick{})
			}
			c := &v.Communes[i]
			c.Villages, c.Open = append(c.Villages, p), c.Open || p.On
			continue
		}
		if a.Kind != loa.Former {
			at[a.ID] = len(v.Communes)
			v.Communes = append(v.Communes, communePick{groupPick: p})
		}
	}
	v.Where = shortList(r, where)
	return nil
}

// pair is the picture of two groups, where two were chosen.
func (s *Server) pair(r *http.Request, v *audienceView, b loa.Broadcast) error {
	if len(b.Audience.Segments) != 2 {
		return nil
	}
	rules, _, err := s.segmentRules(r)
	if err != nil {
		return err
	}
	q, x, err := s.query(r, anybody)
	if err != nil {
		return err
	}
	if err := s.narrow(r, &q, b.Area); err != nil {
		return err
	}
	var one [2]segmenting.Query
	for i, id := range b.Audience.Segments {
		rule, err := loa.Audience{Segments: []loa.SegmentID{id}, Areas: b.Audience.Areas}.Rule(rules)
		if err != nil {
			return err
		}
		one[i] = q
		one[i].Rule = rule
	}
	p := &overlapPage{Chosen: true}
	p.InA, p.InB, p.Both = x.Overlap(one[0], one[1])
	p.OnlyA, p.OnlyB = p.InA-p.Both, p.InB-p.Both
	p.Picture = vennOf(p.InA, p.InB, p.Both)
	for _, g := range v.Segments {
		switch g.ID {
		case string(b.Audience.Segments[0]):
			p.A = g.Name
		case string(b.Audience.Segments[1]):
			p.B = g.Name
		}
	}
	v.Pair = p
	return nil
}

// audiencePage shows who a broadcast is for, and what would become of them.
type audiencePage struct {
	B          loa.Broadcast
	Audience   audienceView
	Reckon     reckonView
	Groups     []whyGroup
	Why        string // what the list is narrowed to
	WhyText    string
	People     []audiencePerson
	Sample     bool
	From, To   int
	Total      int
	Prev, Next string
	Problem    string
}

type audiencePerson struct {
	segmentPerson
	What string // would become of them
	Kind string // paid, late, lost
}

// broadcastAudience is a sample of the people a broadcast is for with the reason why each is in it, or those with one outcome.
func (s *Server) broadcastAudience(w http.ResponseWriter, r *http.Request) error {
	b, err := s.DB.Broadcast(r.Context(), scopeOf(r), loa.BroadcastID(r.PathValue("id")))
	if err != nil {
		return err
	}
	body := audiencePage{B: b, Why: r.FormValue("why")}
	if body.Audience, err = s.audienceOf(r, b); err != nil {
		return err
	}
	if err := s.pair(r, &body.Audience, b); err != nil {
		return err
	}
	q, err := s.reckonQuestion(r, b)
	f := &form{r: r, Errors: map[string]string{}}
	if err := f.take(err); err != nil {
		return err
	}
	if !f.ok() {
		for _, said := range f.Errors {
			body.Problem = said
		}
		return s.render(w, r, "broadcast_audience", page{Title: t(r, "broadcast.audience.title"), Context: b.Title, Active: "broadcasts", Body: body})
	}
	if s.manyMeant(q) && !s.reckoner.answered(q, s.Now()) {
		return s.lookBeside(w, r, q, func(*http.Request) (string, error) { return r.URL.RequestURI(), nil })
	}
	run, err := s.reckonWhole(r, q, nobodyWaits)
	if err != nil {
		return err
	}
	body.Reckon = s.reckoner.of(q.key).view()
	body.Groups = s.whyGroups(r, b, run.summary)
	if err := s.audiencePeople(r, &body, q, run); err != nil {
		return err
	}
	return s.render(w, r, "broadcast_audience", page{Title: t(r, "broadcast.audience.title"), Context: b.Title, Active: "broadcasts", Body: body})
}

func (s *Server) audiencePeople(r *http.Request, body *audiencePage, q question, run *reckonRun) error {
	var ids []loa.PersonID
	var what []loa.Outcome
	if body.Why == "" {
		body.Sample = true
		ids = q.index.Sample(q.query, 20)
		slices.Sort(ids)
		for _, id := range ids {
			o := loa.Outcome{}
			if i, ok := slices.BinarySearch(run.ids, id); ok {
				o = run.table[run.codes[i]]
			}
			what = append(what, o)
		}
	} else {
		n := pageNumber(r)
		ids, what, body.Total = run.people(outcomeFilter(body.Why), (n-1)*listPage, listPage)
		body.From, body.To = (n-1)*listPage+1, (n-1)*listPage+len(ids)
		body.Prev, body.Next = pageLinks(r, n, body.To < body.Total)
		body.WhyText = outcomeText(r, body.Why)
	}
	people, err := s.samplePeople(r, q.query, q.index, ids)
	if err != nil {
		return err
	}
	of := map[loa.PersonID]loa.Outcome{}
	for i, id := range ids {
		of[id] = what[i]
	}
	for _, p := range people {
		o := of[p.ID]
		line := audiencePerson{segmentPerson: p, What: outcomeLine(r, o)}
		switch {
		case o.State == loa.DeliveryQueued:
			line.Kind = "paid"
		case o.State == loa.DeliveryHeld:
			line.Kind = "lost"
		default:
			line.Kind = "late"
		}
		body.People = append(body.People, line)
	}
	return nil
}

// outcomeFilter reads what a link to people asks for: a reason, a network, or a state.
func outcomeFilter(why string) func(loa.Outcome) bool {
	kind, word, _ := strings.Cut(why, ".")
	return func(o loa.Outcome) bool {
		switch kind {
		case "message":
			return o.State == loa.DeliveryQueued && (word == "" || o.Network == word)
		case "hand":
			return o.State == loa.DeliveryByHand && (word == "" || o.Network == word)
		case "no":
			return o.State != loa.DeliveryQueued && o.State != "" && (word == "" || o.Reason == word)
		case "held":
			return o.State == loa.DeliveryHeld && (word == "" || o.Reason == word)
		case "wait":
			return o.State == loa.DeliveryQueued && o.Reason == word
		}
		return false
	}
}

// outcomeText says in words what a link to people asks for.
func outcomeText(r *http.Request, why string) string {
	kind, word, _ := strings.Cut(why, ".")
	switch {
	case kind == "no" && word == "":
		return t(r, "broadcast.why.none")
	case kind == "no" || kind == "held" || kind == "wait":
		return t(r, "gate."+word)
	case word != "":
		return t(r, "broadcast.form."+word)
	case kind == "message" || kind == "hand":
		return t(r, "broadcast.why."+kind)
	}
	return ""
}

// outcomeLine says what would become of one person.
func outcomeLine(r *http.Request, o loa.Outcome) string {
	switch o.State {
	case loa.DeliveryQueued:
		line := t(r, "broadcast.form."+o.Network)
		if o.Reason != "" {
			line += " · " + t(r, "gate."+o.Reason)
		}
		return line
	case loa.DeliveryByHand, loa.DeliveryHeld:
		var parts []string
		if o.State == loa.DeliveryByHand {
			parts = append(parts, t(r, "broadcast.form."+o.Network))
		}
		if o.Reason != "" {
			parts = append(parts, t(r, "gate."+o.Reason))
		}
		return strings.Join(parts, " · ")
	}
	return t(r, "broadcast.gone")
}

func orElse(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}
