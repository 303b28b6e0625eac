package main

import (
	"fmt"

	"loa/vn"
)

// old is a commune-level unit from before 1 July 2025 and the code of the one
// it went into. Units that were gone before that day have no code of their own.
type old struct {
	code, name, district, province string
	into                           string
}

// resolve turns the package's mapping into former units. Its second half
// carries no old codes, and new codes that lost their leading zero or belong to
// another list; there the names decide.
func resolve(src source) ([]old, string, error) {
	idx := index(src)
	codes := map[string]string{} // names of a former unit to its code
	for _, m := range src.mappings {
		if m.OldCode != "" {
			codes[oldKey(m)] = m.OldCode
		}
	}
	var olds []old
	seen := map[old]bool{}
	var none, double, named, split int
	for _, m := range src.mappings {
		if m.OldName == "" { // islands that had no commune
			none++
			continue
		}
		into, byName, ok := idx.find(m)
		if !ok {
			return nil, "", fmt.Errorf("no commune for %s (%s, %s)", m.NewName, m.NewCode, m.NewProvince)
		}
		if byName {
			named++
		}
		code := m.OldCode
		if code == "" {
			code = codes[oldKey(m)]
		}
		o := old{code, m.OldName, m.OldDistrict, m.OldProvince, into}
		key := old{code, oldKey(m), "", "", into}
		if seen[key] {
			double++
			continue
		}
		if m.OldCode == "" && code != "" {
			split++
		}
		seen[key] = true
		olds = append(olds, o)
	}
	return olds, fmt.Sprintf("%d rows without a former unit, %d doubles left out, %d resolved by name, %d parts of a split unit", none, double, named, split), nil
}

// wardIndex finds a commune by code and by name within its province.
type wardIndex struct {
	wards         map[string]ward
	provinces     map[string]string // code to name
	exact, folded map[[2]string][]string
}

func index(src source) wardIndex {
	idx := wardIndex{map[string]ward{}, map[string]string{}, map[[2]string][]string{}, map[[2]string][]string{}}
	for _, p := range src.provinces {
		idx.provinces[p.Code] = p.Name
	}
	for _, w := range src.wards {
		p := idx.provinces[w.Province]
		idx.wards[w.Code] = w
		idx.exact[[2]string{p, vn.SortKey(w.Name)}] = append(idx.exact[[2]string{p, vn.SortKey(w.Name)}], w.Code)
		idx.folded[[2]string{p, vn.Fold(w.Name)}] = append(idx.folded[[2]string{p, vn.Fold(w.Name)}], w.Code)
	}
	return idx
}

// find returns the code of the commune a row speaks of, and whether its name
// had to decide because the code did not fit. A sort key is equal when letters
// and tones are, wherever the tone mark is put.
func (idx wardIndex) find(m mapping) (code string, byName, ok bool) {
	if w, found := idx.wards[m.NewCode]; found && idx.provinces[w.Province] == m.NewProvince && vn.SortKey(w.Name) == vn.SortKey(m.NewName) {
		return w.Code, false, true
	}
	if c := idx.exact[[2]string{m.NewProvince, vn.SortKey(m.NewName)}]; len(c) == 1 {
		return c[0], true, true
	}
	if c := idx.folded[[2]string{m.NewProvince, vn.Fold(m.NewName)}]; len(c) == 1 {
		return c[0], true, true
	}
	return "", false, false
}

func oldKey(m mapping) string {
	return vn.SortKey(m.OldName) + "|" + vn.SortKey(m.OldDistrict) + "|" + vn.SortKey(m.OldProvince)
}
