package demo_test

import (
	"slices"
	"testing"

	"loa"
	"loa/gazetteer"
)

// TestTheOldUnitsAreThere compares the units the demo had before 1 July 2025 with the nation's table of what became what.
func TestTheOldUnitsAreThere(t *testing.T) {
	b := make1(t, 1)
	tree := loa.NewTree(b.Areas, b.Parents)
	codeOn := func(id loa.AreaID, on loa.Day) string {
		for _, c := range b.Codes {
			if c.Area == id && c.From <= on && on <= c.To {
				return c.Code
			}
		}
		return ""
	}
	const before, after = loa.Day("2025-06-30"), loa.Day("2025-07-01")
	made := map[string][]string{} // code today to the codes it was made of
	loose := 0
	for _, a := range b.Areas {
		if a.Kind != loa.Village {
			continue
		}
		was, is := tree.Up(a.ID, loa.Commune, before), tree.Up(a.ID, loa.Commune, after)
		if tree.Areas[is].Kind == loa.OfficeNode {
			loose++
			if was != is {
				t.Errorf("%s had a commune and lost it", a.Label())
			}
			continue
		}
		old, now := codeOn(was, before), codeOn(is, after)
		if old == "" || now == "" || tree.Up(a.ID, loa.Province, before) == "" {
			t.Errorf("%s lay in %q and lies in %q", a.Label(), old, now)
		}
		if !slices.Contains(made[now], old) {
			made[now] = append(made[now], old)
		}
	}
	if len(made) != 5 || loose == 0 {
		t.Fatalf("%d communes, %d villages without one", len(made), loose)
	}
	for now, olds := range made {
		var want []string
		names := map[string]string{}
		for _, o := range gazetteer.Formerly(now) {
			want = append(want, o.Code)
			names[o.Code] = o.Name
		}
		slices.Sort(want)
		slices.Sort(olds)
		if !slices.Equal(olds, want) {
			t.Errorf("%s is made of %v, the table says %v", now, olds, want)
		}
		for _, c := range b.Codes {
			a := tree.Areas[c.Area]
			alias := slices.ContainsFunc(b.Aliases, func(x loa.AreaAlias) bool { return x.Area == c.Area && a.Prefix+" "+x.Name == names[c.Code] })
			if name := names[c.Code]; name != "" && c.To == before && a.Label() != name && !alias {
				t.Errorf("%s was %s, the table says %s", c.Code, a.Label(), name)
			}
		}
	}
}
