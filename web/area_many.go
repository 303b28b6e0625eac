package web

import (
	"strings"

	"loa"
	"loa/vn"
)

// mostVillages is how many one form may bring: more than any commune has.
const mostVillages = 200

// villagePrefixes are what a village may be called.
var villagePrefixes = []string{"Thôn", "Bản", "Tổ dân phố", "Khu"}

// moreVillages reads the further villages of a form, one a line: a name, or a prefix and a name ("Bản Lớn"). They share the
// commune, the day, the languages and the focal officer of the first, and nothing that is one place's own.
func moreVillages(f *form, first loa.Area) []loa.Area {
	seen := map[string]bool{first.Prefix + " " + vn.Fold(first.Name): true}
	var out []loa.Area
	for _, line := range strings.Split(f.text("more"), "\n") {
		a := loa.Area{Kind: loa.Village, Prefix: first.Prefix, Name: vn.Tidy(line), EthnicGroups: first.EthnicGroups, Languages: first.Languages, FocalOfficer: first.FocalOfficer}
		for _, p := range villagePrefixes {
			if rest, found := strings.CutPrefix(a.Name, p+" "); found {
				a.Prefix, a.Name = p, rest
			}
		}
		if key := a.Prefix + " " + vn.Fold(a.Name); a.Name != "" && !seen[key] {
			seen[key] = true
			out = append(out, a)
		}
	}
	if len(out) > mostVillages {
		f.bad("more", "error.area_too_many", mostVillages)
	}
	return out
}
