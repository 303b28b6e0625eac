package matching

import (
	"loa"
	"loa/vn"
)

// Listed is one row of an official list of participants.
type Listed struct {
	No      int
	Name    string
	SIIndex string // blind; empty when the row has no number that can be read
	SITail  string
	Commune loa.AreaID // empty when the list names none, or none of ours
	Place   string     // as the list writes it
	Fault   string     // why the row cannot be read: a code
}

// Registered is a person of the register as an official list is compared with. In says that the person participates on the day.
type Registered struct {
	ID      loa.PersonID
	Name    string
	Area    loa.AreaID
	Commune loa.AreaID // empty for a village whose commune is not stated
	SIIndex string
	SITail  string
	In      bool
}

// Outcome is what the comparison says of one row or one person.
type Outcome string

// The outcomes. Matched, differ and only-list add up to the list; matched, differ and only-Loa to the register.
const (
	Matched  Outcome = "matched"
	Differ   Outcome = "differ"
	OnlyList Outcome = "only_list"
	OnlyLoa  Outcome = "only_loa"
)

// Outcomes in the order they are shown.
var Outcomes = []Outcome{Differ, OnlyList, OnlyLoa, Matched}

// Finding is one line of a reconciliation. Listed or Person is nil where a side has nothing.
type Finding struct {
	Outcome Outcome
	Listed  *Listed
	Person  *Registered
	Notes   []string // codes of what differs, or why a side has nothing
}

// Reconcile compares a list with the people of the register: those who participate, and others a row may mean. The number
// decides first; a row without one is known by name and commune if that fits one person alone.
func Reconcile(list []Listed, people []Registered) []Finding {
	bySI, byName := map[string][]*Registered{}, map[string][]*Registered{}
	for i := range people {
		p := &people[i]
		if p.SIIndex != "" {
			bySI[p.SIIndex] = append(bySI[p.SIIndex], p)
		}
		byName[vn.Fold(p.Name)] = append(byName[vn.Fold(p.Name)], p)
	}
	taken := map[loa.PersonID]bool{}
	out := make([]Finding, len(list))
	for i := range list { // numbers first, so that a namesake without one does not take the place
		out[i] = Finding{Listed: &list[i]}
		if l := &list[i]; l.Fault == "" && l.SIIndex != "" {
			out[i].settle(pick(bySI[l.SIIndex]), taken)
		}
	}
	for i := range out {
		if out[i].Outcome != "" {
			continue
		}
		l := out[i].Listed
		if l.Fault != "" {
			out[i].Outcome, out[i].Notes = OnlyList, []string{l.Fault}
			continue
		}
		fits := byNameIn(byName[vn.Fold(l.Name)], l, taken)
		if len(fits) > 1 {
			out[i].Outcome, out[i].Notes = OnlyList, []string{"fits_several"}
			continue
		}
		out[i].settle(pick(fits), taken)
		if out[i].Outcome == "" {
			out[i].Outcome, out[i].Notes = OnlyList, []string{"not_in_register"}
		}
	}
	for i := range people {
		if p := &people[i]; p.In && !taken[p.ID] {
			out = append(out, Finding{Outcome: OnlyLoa, Person: p, Notes: []string{"not_on_list"}})
		}
	}
	return out
}

// pick prefers somebody who participates; no one fits an empty list.
func pick(list []*Registered) *Registered {
	for _, p := range list {
		if p.In {
			return p
		}
	}
	if len(list) > 0 {
		return list[0]
	}
	return nil
}

// byNameIn are those of a name whom a row may mean: of its commune, with no other number, participants before others.
func byNameIn(list []*Registered, l *Listed, taken map[loa.PersonID]bool) []*Registered {
	var in, others []*Registered
	for _, p := range list {
		if taken[p.ID] || otherCommune(l, p) || l.SIIndex != "" && p.SIIndex != "" && p.SIIndex != l.SIIndex {
			continue
		}
		if p.In {
			in = append(in, p)
		} else {
			others = append(others, p)
		}
	}
	if len(in) > 0 {
		return in
	}
	return others
}

// otherCommune says that both sides name a commune, and not the same.
func otherCommune(l *Listed, p *Registered) bool {
	return l.Commune != "" && p.Commune != "" && p.Commune != l.Commune
}

// settle says what a row and the person it means have to do with each other.
func (f *Finding) settle(p *Registered, taken map[loa.PersonID]bool) {
	if p == nil {
		return
	}
	f.Person = p
	if taken[p.ID] {
		f.Outcome, f.Notes = OnlyList, []string{"twice_on_list"}
		return
	}
	taken[p.ID] = true
	if !p.In {
		f.Outcome, f.Notes = OnlyList, []string{"not_participating"}
		return
	}
	if vn.Fold(p.Name) != vn.Fold(f.Listed.Name) {
		f.Notes = append(f.Notes, "other_name")
	}
	if otherCommune(f.Listed, p) {
		f.Notes = append(f.Notes, "other_commune")
	}
	if f.Listed.SIIndex != "" && p.SIIndex == "" {
		f.Notes = append(f.Notes, "no_si_number")
	}
	f.Outcome = Matched
	if len(f.Notes) > 0 {
		f.Outcome = Differ
	}
}
