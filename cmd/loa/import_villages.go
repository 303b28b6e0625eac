package main

import (
	"loa"
	"loa/vn"
)

// villages finds a village by name, alias and commune as lists write them.
type villages struct {
	byBoth map[string][]loa.AreaID // village|commune
	byName map[string][]loa.AreaID
	known  map[string]bool // communes
	inside map[loa.AreaID]bool
}

// Holds says whether a village is in the scope of the import.
func (v *villages) Holds(id loa.AreaID) bool { return v.inside[id] }

func newVillages(areas []loa.Area, aliases []loa.AreaAlias) *villages {
	v := &villages{byBoth: map[string][]loa.AreaID{}, byName: map[string][]loa.AreaID{}, known: map[string]bool{}, inside: map[loa.AreaID]bool{}}
	names := map[loa.AreaID][]string{}
	for _, a := range areas {
		v.inside[a.ID] = true
		names[a.ID] = append(names[a.ID], plainName(a.Name))
	}
	for _, a := range aliases {
		names[a.Area] = append(names[a.Area], plainName(a.Name))
	}
	var commune loa.Area
	for _, a := range areas { // in the order of the tree: a commune stands before its villages
		if a.Kind != loa.Village {
			commune = a
			for _, n := range names[a.ID] {
				v.known[n] = true
			}
			continue
		}
		for _, n := range names[a.ID] {
			v.byName[n] = append(v.byName[n], a.ID)
			for _, c := range names[commune.ID] {
				v.byBoth[n+"|"+c] = append(v.byBoth[n+"|"+c], a.ID)
			}
		}
	}
	return v
}

// prefixes are the words in front of a village's or commune's name that lists write or leave out.
var prefixes = []string{"thon ", "ban ", "doi ", "to dan pho ", "xom ", "khu ", "xa ", "phuong ", "thi tran "}

func plainName(s string) string {
	f := vn.Fold(s)
	for _, p := range prefixes {
		if len(f) > len(p) && f[:len(p)] == p {
			return f[len(p):]
		}
	}
	return f
}

// Village finds what a row names.
func (v *villages) Village(village, commune string) (loa.AreaID, string) {
	n, c := plainName(village), plainName(commune)
	if n == "" {
		return "", "no_village"
	}
	try := func(n string) []loa.AreaID {
		if c == "" {
			return v.byName[n]
		}
		return v.byBoth[n+"|"+c]
	}
	if c != "" && !v.known[c] {
		return "", "commune_unknown"
	}
	found := try(n)
	if len(found) == 0 {
		found = try(vn.Fold(village)) // a name that really begins with "Bản"
	}
	switch len(found) {
	case 0:
		return "", "village_unknown"
	case 1:
		return found[0], ""
	}
	return "", "village_twice"
}
