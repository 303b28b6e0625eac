package gazetteer

import "slices"

// Provinces lists the 34 provinces and centrally-run cities by code.
func Provinces() []Place { return slices.Clone(table().provinces) }

// Province finds a province by its two-digit code.
func Province(code string) (Place, bool) {
	for _, p := range table().provinces {
		if p.Code == code {
			return p, true
		}
	}
	return Place{}, false
}

// Communes lists the communes of a province by code; none for an unknown code.
func Communes(provinceCode string) []Place {
	u := table()
	s := u.span[provinceCode]
	return slices.Clone(u.communes[s[0]:s[1]])
}

// Commune finds a commune by the five-digit code it has since 1 July 2025.
func Commune(code string) (Place, bool) {
	u := table()
	i, ok := u.byCode[code]
	if !ok {
		return Place{}, false
	}
	return u.communes[i], true
}

// Formerly lists the units a commune was made of, those with a code first; a
// commune that nobody touched lists itself.
func Formerly(newCode string) []Old { return slices.Clone(table().former[newCode]) }

// Successors finds the communes that a unit with this code from before 1 July
// 2025 went into: one as a rule, several when it was divided, none when the
// code is not known.
func Successors(oldCode string) []Place {
	u := table()
	var list []Place
	for _, code := range u.successor[oldCode] {
		list = append(list, u.communes[u.byCode[code]])
	}
	return list
}
