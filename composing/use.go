package composing

import (
	"slices"

	"loa"
)

// Uses says whether what goes out over a network may tell a placeholder: in the length the network takes, in any language.
func Uses(s loa.Script, network, place string) bool {
	for _, lang := range loa.Tongues {
		for _, kind := range Lengths(network) {
			i := slices.IndexFunc(s.Texts, func(t loa.ScriptText) bool { return t.Lang == lang && t.Kind == kind })
			if i < 0 {
				continue
			}
			if tells(s.Texts[i].Text, place) {
				return true
			}
			break // the better fitting length is the one that is sent
		}
	}
	return false
}

func tells(text, place string) bool {
	places, err := loa.PlacesIn(text)
	return err == nil && slices.Contains(places, place)
}

// RungUses says whether the words of a rung, or what fills its template, tell a placeholder.
func RungUses(r loa.Rung, s loa.Script, place string) bool {
	if r.Template != "" {
		return slices.ContainsFunc(r.Params, func(p loa.Param) bool { return tells(p.Text, place) })
	}
	return Uses(s, r.Network, place)
}

// UsesAnywhere says whether anything of a broadcast tells a placeholder.
func UsesAnywhere(b loa.Broadcast, s loa.Script, place string) bool {
	return slices.ContainsFunc(b.Ladder, func(r loa.Rung) bool { return RungUses(r, s, place) }) ||
		slices.ContainsFunc(b.Outlets, func(o loa.Outlet) bool { return Uses(s, o.Network, place) })
}

// TellsLink says whether anything of a broadcast tells an address that must be reached from outside.
func TellsLink(b loa.Broadcast, s loa.Script) bool { return UsesAnywhere(b, s, "lien_ket") }
