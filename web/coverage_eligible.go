package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/reporting"
)

// eligibleNote says where the denominator of coverage comes from: every share names its source and date.
type eligibleNote struct {
	Text      string // who is eligible
	Estimate  bool   // counted by Loa from the register
	Mixed     bool   // some communes have an official figure, others not
	On        loa.Day
	Source    string
	Available bool
}

type eligible struct {
	by   map[loa.AreaID]int64 // by line
	note eligibleNote
}

func (e eligible) total() (n int64) {
	for _, v := range e.by {
		n += v
	}
	return n
}

// eligibleRule is whom the register counts as eligible when no figure was entered.
func eligibleRule(scheme loa.Scheme) loa.Rule {
	fifteen := 15
	switch scheme {
	case loa.VoluntarySI: // from 15 on, and not in compulsory SI
		return loa.Rule{All: []loa.Rule{{Field: "age", Min: &fifteen},
			{Not: &loa.Rule{Field: "status", Scheme: loa.CompulsorySI, Values: []string{string(loa.Participates), string(loa.DueStatus)}}}}}
	case loa.CompulsorySI, loa.Unemployment: // employees, and whoever is in already
		return loa.Rule{Any: []loa.Rule{{Field: "occupation", Values: []string{"employee"}},
			{Field: "status", Scheme: scheme, Values: []string{string(loa.Participates), string(loa.DueStatus)}}}}
	case loa.HouseholdHI: // everybody whose HI neither the State nor an employer pays
		return loa.Rule{Not: &loa.Rule{Any: []loa.Rule{{Field: "payer", Scheme: loa.HI, Values: []string{string(loa.PaysState), string(loa.PaysEmployer)}}}}}
	}
	return loa.Rule{All: []loa.Rule{}} // everybody
}

// eligible counts those eligible for each line: a figure with its source where the office has one for the commune or all its
// villages, else Loa's estimate from the register.
func (s *Server) eligible(r *http.Request, b *reporting.Book, scheme loa.Scheme) (eligible, error) {
	e := eligible{by: map[loa.AreaID]int64{}, note: eligibleNote{Text: t(r, "coverage.eligible."+string(scheme)), Available: true}}
	_, until := b.In.Period.Days(b.In.CutOffDay)
	figures, err := keep(s, r, "figures "+string(min(until, s.today()))+" "+rangesOf(scopeOf(r)), func() ([]loa.AreaFigure, error) {
		return s.DB.MeasureFigures(r.Context(), scopeOf(r), min(until, s.today()))
	})
	if err != nil {
		return e, err
	}
	counts, err := s.registerEligible(r, scheme)
	if err != nil {
		return e, err
	}
	estimate := map[loa.AreaID]int64{}
	for village, n := range counts {
		estimate[b.Units.Of(village)] += int64(n)
	}
	known := knownEligible(figures, b, scheme)
	var sources []string
	for _, u := range b.Units.List {
		f, ok := known[u.ID]
		if !ok {
			e.by[u.ID], e.note.Estimate = estimate[u.ID], true
			continue
		}
		e.by[u.ID], e.note.Mixed = f.value, true
		e.note.On = max(e.note.On, f.on)
		if f.source != "" && !loa.OneOf(f.source, sources) {
			sources = append(sources, f.source)
		}
	}
	e.note.Mixed = e.note.Mixed && e.note.Estimate
	e.note.Source = strings.Join(sources, "; ")
	if e.note.Estimate && !e.note.Mixed {
		e.note.On = s.today()
	}
	return e, nil
}

// registerEligible counts by village in the segment index, which is kept up to date in memory.
func (s *Server) registerEligible(r *http.Request, scheme loa.Scheme) (map[loa.AreaID]int, error) {
	return keep(s, r, "eligible "+string(scheme)+" "+string(s.today())+" "+rangesOf(scopeOf(r)), func() (map[loa.AreaID]int, error) {
		q, x, err := s.query(r, eligibleRule(scheme))
		if err != nil {
			return nil, err
		}
		return x.CountByArea(q), nil
	})
}

type eligibleFigure struct {
	value  int64
	on     loa.Day
	source string
}

// knownEligible are the lines that have a figure of their own, or one for each of their villages. The population is the
// denominator of HI.
func knownEligible(figures []loa.AreaFigure, b *reporting.Book, scheme loa.Scheme) map[loa.AreaID]eligibleFigure {
	kind := "eligible_" + string(scheme)
	by := map[loa.AreaID]loa.AreaFigure{}
	for _, f := range figures {
		if _, better := by[f.Area]; f.Kind == kind || f.Kind == "population" && scheme == loa.HI && !better {
			by[f.Area] = f
		}
	}
	out := map[loa.AreaID]eligibleFigure{}
	for _, u := range b.Units.List {
		if f, ok := by[u.ID]; ok && !u.NoCommune() {
			out[u.ID] = eligibleFigure{f.Value, f.AsOf, f.Source}
			continue
		}
		var sum eligibleFigure
		all := 0
		for _, id := range b.Units.Villages(u.ID) {
			if b.In.Tree.Areas[id].Kind != loa.Village {
				continue
			}
			f, ok := by[id]
			if !ok {
				all = -1
				break
			}
			all++
			sum = eligibleFigure{sum.value + f.Value, max(sum.on, f.AsOf), f.Source}
		}
		if all > 0 {
			out[u.ID] = sum
		}
	}
	return out
}
