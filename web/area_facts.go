package web

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"loa"
)

// areaFacts are what an officer wrote down, in words; what nobody knows is left out.
func areaFacts(r *http.Request, a loa.Area, officer string) []factLine {
	minutes := func(n int) string {
		if n == 0 {
			return t(r, "rule.unknown")
		}
		return t(r, "area.minutes", n)
	}
	words := func(prefix string, list []string) string {
		out := make([]string, len(list))
		for i, w := range list {
			out[i] = t(r, prefix+w)
		}
		return strings.Join(out, ", ")
	}
	known := func(prefix, word string) string {
		if word == "" {
			return t(r, "rule.unknown")
		}
		return t(r, prefix+word)
	}
	out := []factLine{{t(r, "area.field.focal_officer_id"), orUnknown(r, officer), "user"}}
	out = append(out, factLine{t(r, "area.field.ethnic_groups"), orUnknown(r, words("ethnic.", a.EthnicGroups)), "users-round"}, factLine{t(r, "area.field.languages"), orUnknown(r, words("language.", a.Languages)), "languages"},
		factLine{t(r, "area.field.travel_dry_min"), minutes(a.TravelDryMin), "sun"}, factLine{t(r, "area.field.travel_wet_min"), minutes(a.TravelWetMin), "cloud-rain"},
		factLine{t(r, "area.field.signal"), known("signal.", a.Signal), "smartphone"}, factLine{t(r, "area.field.loudspeaker"), known("loudspeaker.", a.Loudspeaker), "volume-2"})
	if a.Kind == loa.Village && a.WalkOrder > 0 {
		out = append(out, factLine{t(r, "area.field.walk_order"), fmt.Sprint(a.WalkOrder), "footprints"})
	}
	middle := t(r, "rule.unknown")
	if a.LatE5 != 0 || a.LonE5 != 0 {
		middle = degrees(a.LatE5) + ", " + degrees(a.LonE5)
	}
	out = append(out, factLine{t(r, "area.field.centroid"), middle, "map-pin"})
	if a.Note != "" {
		out = append(out, factLine{t(r, "area.field.note"), a.Note, "file-text"})
	}
	return out
}

func orUnknown(r *http.Request, text string) string {
	if text == "" {
		return t(r, "rule.unknown")
	}
	return text
}

// degrees writes a hundred-thousandth of a degree with its point.
func degrees(e5 int64) string {
	sign := ""
	if e5 < 0 {
		sign, e5 = "-", -e5
	}
	return fmt.Sprintf("%s%d.%05d", sign, e5/100000, e5%100000)
}

// orVillages are a commune's own words, or those of its villages in the order of the list.
func orVillages(areas []loa.Area, commune loa.Area, list, own []string, of func(loa.Area) []string) []string {
	if len(own) > 0 {
		return own
	}
	var out []string
	for _, word := range list {
		if slices.ContainsFunc(areas, func(a loa.Area) bool {
			return a.Kind == loa.Village && strings.HasPrefix(a.Path, commune.Path) && slices.Contains(of(a), word)
		}) {
			out = append(out, word)
		}
	}
	return out
}

// areaWords turns kept values of an area into words.
type areaWords struct {
	officers officerNames
	names    map[loa.AreaID]string
}

func (s *Server) areaWords(r *http.Request) (w areaWords, err error) {
	if w.officers, err = s.officerNames(r); err != nil {
		return w, err
	}
	tree, err := s.officeTree(r)
	if err != nil {
		return w, err
	}
	w.names = make(map[loa.AreaID]string, len(tree.Areas))
	for id, a := range tree.Areas {
		w.names[id] = s.areaName(r, a)
	}
	return w, nil
}

func (w areaWords) text(r *http.Request, field, value string) string {
	if value == "" {
		return t(r, "rule.unknown")
	}
	list := func(prefix string) string {
		words := strings.Fields(value)
		for i := range words {
			words[i] = t(r, prefix+words[i])
		}
		return strings.Join(words, ", ")
	}
	switch field {
	case "signal", "loudspeaker":
		return t(r, field+"."+value)
	case "ethnic_groups":
		return list("ethnic.")
	case "languages":
		return list("language.")
	case "travel_dry_min", "travel_wet_min":
		return t(r, "area.minutes", value)
	case "focal_officer_id":
		return orUnknown(r, w.officers.by[loa.OfficerID(value)].Name)
	case "parent_id":
		return orUnknown(r, w.names[loa.AreaID(value)])
	}
	return value
}

// formerly are the units a commune was made of: those whose villages it has now, or that were merged into it.
func (s *Server) formerly(r *http.Request, tree *loa.Tree, b *areaPage, codes []loa.AreaCode) {
	if b.Kind != loa.Commune {
		return
	}
	last := map[loa.AreaID]loa.AreaCode{}
	for _, c := range codes {
		last[c.Area] = c
	}
	n := map[loa.AreaID]int{}
	for id, a := range tree.Areas {
		if a.Kind != loa.Village || tree.Parent(id, b.Today) != b.Area.ID {
			continue
		}
		for _, p := range tree.Parents(id) {
			if p.Parent != b.Area.ID && tree.Areas[p.Parent].Kind != loa.OfficeNode {
				n[p.Parent]++
			}
		}
	}
	for id, villages := range n {
		c := last[id]
		b.Formerly = append(b.Formerly, areaHit{Name: tree.Areas[id].Label(), Sub: t(r, "area.villages_n", villages), End: t(r, "area.code_until", c.Code, c.To.Vietnamese()), URL: "/areas/history?on=" + string(c.To)})
	}
	slices.SortFunc(b.Formerly, func(x, y areaHit) int { return strings.Compare(x.End+x.Name, y.End+y.Name) })
}
