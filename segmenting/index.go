// Package segmenting answers who is in a segment, fast: it keeps one column per attribute and runs a rule over whole
// columns, so that a count over a million people takes milliseconds. It is pure: profiles come in, answers go out, and
// rebuilding the index from the same profiles gives the same answers.
package segmenting

import (
	"sort"
	"sync"

	"loa"
)

// Index holds the profiles of one office's people in columns. Reading and updating may happen at the same time.
type Index struct {
	mu sync.RWMutex

	ids       []loa.PersonID
	at        map[loa.PersonID]int32
	gone      bitset
	sortKeys  []string
	order     []int32 // by sort key, of all but the moved and the gone; made when a list is first asked for
	moved     []int32 // came or got another sort key since the order was made
	isMoved   bitset
	areas     []loa.AreaID
	areaNo    map[loa.AreaID]int32
	area      []int32
	homes     map[loa.HouseholdID]int32
	home      []int32
	born      []int32 // yyyymmdd, 0 when not known
	sex       []uint8
	ethnic    []uint8
	language  []uint8
	literacy  []uint8
	poverty   []uint8
	povFrom   []int32 // day numbers
	povTo     []int32
	work      []uint8
	flags     []uint8
	leads     []uint8
	reached   []int32
	consent   []uint64
	spellFrom []uint32
	spellN    []uint8
	spells    []spell // an arena; a person's newest run is at spellFrom

	change int64
}

type spell struct {
	starts, covered, ends int32
	scheme, payer, end    uint8
}

const (
	hasPhone uint8 = 1 << iota
	sharedPhone
	isHead
	isPupil
	isParent // head or spouse, or the head's parent: those who decide for the children
)

const noDay = int32(-1 << 30)

// New is an empty index.
func New() *Index {
	return &Index{at: map[loa.PersonID]int32{}, areaNo: map[loa.AreaID]int32{}, homes: map[loa.HouseholdID]int32{"": 0}}
}

// Change is the highest change number the index has seen; ask the store for what came after it.
func (x *Index) Change() int64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.change
}

// Len is the number of people in the index.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.at)
}

// Update takes profiles in, new ones and changed ones alike; a profile marked Gone is dropped.
func (x *Index) Update(profiles []loa.Profile, upTo int64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range profiles {
		x.put(&profiles[i])
	}
	x.change = max(x.change, upTo)
}

func (x *Index) put(p *loa.Profile) {
	i, known := x.at[p.Person]
	if p.Gone {
		if known {
			x.gone.set(int(i))
			delete(x.at, p.Person)
		}
		return
	}
	if !known {
		i = x.grow(p.Person)
	}
	if x.order != nil && (!known || x.sortKeys[i] != p.SortKey) && !x.isMoved.has(int(i)) {
		x.isMoved.set(int(i))
		x.moved = append(x.moved, i)
	}
	x.sortKeys[i] = p.SortKey
	x.area[i] = number(x.areaNo, &x.areas, p.Area)
	x.home[i] = x.homeNumber(p.Household)
	x.born[i] = bornKey(p)
	x.sex[i] = wordNumber([]string{"male", "female"}, string(p.Sex))
	x.ethnic[i] = wordNumber(loa.EthnicGroups, p.Ethnic)
	x.language[i] = wordNumber(loa.Languages, p.Language)
	x.literacy[i] = wordNumber(loa.Literacies, p.Literacy)
	x.poverty[i] = wordNumber(loa.PovertyStates, p.Poverty)
	x.povFrom[i], x.povTo[i] = dayOr(p.PovertyFrom, noDay), dayOr(p.PovertyTo, 1<<30)
	x.work[i] = wordNumber(loa.Occupations, p.Occupation)
	x.flags[i] = flagsOf(p)
	x.leads[i] = 0
	for _, s := range p.OpenLeads {
		x.leads[i] |= 1 << schemeNumber(s)
	}
	x.reached[i] = noDay
	for _, d := range p.Reached {
		x.reached[i] = max(x.reached[i], dayOr(d, noDay))
	}
	x.consent[i] = consentBits(p.Consents)
	x.putSpells(i, p.Spells)
	x.change = max(x.change, p.ChangeNo)
}

func (x *Index) putSpells(i int32, spells []loa.Spell) {
	if int(x.spellN[i]) < len(spells) {
		x.spellFrom[i] = uint32(len(x.spells))
		x.spells = append(x.spells, make([]spell, len(spells))...)
	}
	x.spellN[i] = uint8(min(len(spells), 255))
	run := x.spells[x.spellFrom[i]:][:x.spellN[i]]
	for k := range run {
		s := &spells[k]
		run[k] = spell{starts: dayOr(s.Starts, noDay), covered: dayOr(s.CoveredUntil, noDay), ends: dayOr(s.Ends, 1<<30), scheme: schemeNumber(s.Scheme),
			payer: wordNumber(payers, string(s.Payer)), end: wordNumber(endings, string(s.EndKind))}
	}
}

func (x *Index) grow(id loa.PersonID) int32 {
	i := int32(len(x.ids))
	x.ids = append(x.ids, id)
	x.at[id] = i
	x.sortKeys = append(x.sortKeys, "")
	x.area, x.home, x.born = append(x.area, 0), append(x.home, 0), append(x.born, 0)
	x.sex, x.ethnic, x.language, x.literacy = append(x.sex, 0), append(x.ethnic, 0), append(x.language, 0), append(x.literacy, 0)
	x.poverty, x.povFrom, x.povTo, x.work = append(x.poverty, 0), append(x.povFrom, 0), append(x.povTo, 0), append(x.work, 0)
	x.flags, x.leads, x.reached, x.consent = append(x.flags, 0), append(x.leads, 0), append(x.reached, noDay), append(x.consent, 0)
	x.spellFrom, x.spellN = append(x.spellFrom, 0), append(x.spellN, 0)
	x.gone.grow(len(x.ids))
	x.isMoved.grow(len(x.ids))
	return i
}

func (x *Index) homeNumber(id loa.HouseholdID) int32 {
	n, ok := x.homes[id]
	if !ok {
		n = int32(len(x.homes))
		x.homes[id] = n
	}
	return n
}

func number[K comparable](m map[K]int32, list *[]K, k K) int32 {
	n, ok := m[k]
	if !ok {
		n = int32(len(*list))
		m[k] = n
		*list = append(*list, k)
	}
	return n
}

var (
	payers  = []string{string(loa.PaysSelf), string(loa.PaysState), string(loa.PaysEmployer)}
	endings = []string{string(loa.Lapsed), string(loa.Left)}
	schemes = []loa.Scheme{loa.VoluntarySI, loa.HouseholdHI, loa.CompulsorySI, loa.HI, loa.Unemployment}
)

// wordNumber is the place of a word in its list, from 1; 0 is the empty word.
func wordNumber(list []string, w string) uint8 {
	for i, x := range list {
		if x == w {
			return uint8(i + 1)
		}
	}
	return 0
}

func schemeNumber(s loa.Scheme) uint8 {
	for i, x := range schemes {
		if x == s {
			return uint8(i)
		}
	}
	return 7 // no such scheme: matches nothing
}

func dayOr(d loa.Day, none int32) int32 {
	switch d {
	case "":
		return none
	case loa.OpenEnd:
		return 1 << 30
	}
	return int32(d.Number())
}

func bornKey(p *loa.Profile) int32 {
	if p.BornYear == 0 {
		return 0
	}
	if p.BornOn == "" {
		return int32(p.BornYear)*10000 + 101
	}
	return dayKey(p.BornOn)
}

func dayKey(d loa.Day) int32 {
	y, m, day := d.Parts()
	return int32(y*10000 + m*100 + day)
}

func flagsOf(p *loa.Profile) uint8 {
	var f uint8
	if p.HasPhone {
		f |= hasPhone
	}
	if p.PhoneShared {
		f |= sharedPhone
	}
	if p.Head {
		f |= isHead
	}
	if p.Occupation == "pupil" {
		f |= isPupil
	}
	if p.Relation == "head" || p.Relation == "spouse" {
		f |= isParent
	}
	return f
}

// consentBits keeps, for each purpose and channel, whether it is agreed (even bit) or refused (odd bit).
func consentBits(all []loa.Consent) uint64 {
	if len(all) == 0 {
		return 0
	}
	var bits uint64
	for p, purpose := range loa.Purposes {
		for c, channel := range loa.Channels {
			at := uint(2 * (p*len(loa.Channels) + c))
			switch loa.ConsentFor(all, purpose, channel) {
			case "agreed":
				bits |= 1 << at
			case "refused":
				bits |= 2 << at
			}
		}
	}
	return bits
}

// Members lists the people a rule picks, in order of their names, skipping and taking a page.
func (x *Index) Members(q Query, skip, take int) (page []loa.PersonID, total int) {
	order := x.sorted()
	x.mu.RLock()
	defer x.mu.RUnlock()
	hits := x.run(q)
	total = hits.count()
	for _, i := range order {
		if !hits.has(int(i)) {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		if len(page) == take {
			break
		}
		page = append(page, x.ids[i])
	}
	return page, total
}

// Count is how many people a rule picks.
func (x *Index) Count(q Query) int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.run(q).count()
}

// CountByArea is the count per village.
func (x *Index) CountByArea(q Query) map[loa.AreaID]int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	hits := x.run(q)
	per := make([]int, len(x.areas))
	hits.each(func(i int) { per[x.area[i]]++ })
	out := map[loa.AreaID]int{}
	for a, n := range per {
		if n > 0 {
			out[x.areas[a]] = n
		}
	}
	return out
}

// All lists everybody a rule picks, in order of the IDs: what a snapshot keeps.
func (x *Index) All(q Query) []loa.PersonID {
	x.mu.RLock()
	defer x.mu.RUnlock()
	hits := x.run(q)
	out := make([]loa.PersonID, 0, hits.count())
	hits.each(func(i int) { out = append(out, x.ids[i]) })
	sort.Slice(out, func(i, j int) bool { return out[i] < out[j] })
	return out
}

// Overlap counts two rules and what they share.
func (x *Index) Overlap(a, b Query) (inA, inB, both int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	ha, hb := x.run(a), x.run(b)
	inA, inB = ha.count(), hb.count()
	ha.and(hb)
	return inA, inB, ha.count()
}

// Sample picks n people evenly over a rule's members; the same index gives the same sample.
func (x *Index) Sample(q Query, n int) []loa.PersonID {
	order := x.sorted()
	x.mu.RLock()
	defer x.mu.RUnlock()
	hits := x.run(q)
	total := hits.count()
	if total == 0 || n <= 0 {
		return nil
	}
	step := max(total/n, 1)
	var out []loa.PersonID
	seen := 0
	for _, i := range order {
		if !hits.has(int(i)) {
			continue
		}
		if seen%step == 0 && len(out) < n {
			out = append(out, x.ids[i])
		}
		seen++
	}
	return out
}
