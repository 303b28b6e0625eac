package web

import (
	"net/http"

	"loa"
)

// slipPlacePage asks which village the slips are for: an office of a hundred thousand people is never drawn by mistake.
type slipPlacePage struct {
	Communes []slipCommune
	Sizes    []option
}

type slipCommune struct {
	Name     string
	Villages []option
}

func (s *Server) slipPlace(w http.ResponseWriter, r *http.Request) error {
	areas, err := s.areas(r)
	if err != nil {
		return err
	}
	up, at, b := communeOf(areas), map[loa.AreaID]int{}, slipPlacePage{}
	for _, a := range areas {
		if a.Kind == loa.Commune {
			at[a.ID] = len(b.Communes)
			b.Communes = append(b.Communes, slipCommune{Name: a.Label(), Villages: []option{{string(a.ID), t(r, "calc.slips.whole", a.Label())}}})
		}
	}
	for _, a := range areas {
		if a.Kind != loa.Village {
			continue
		}
		i, ok := at[up[a.ID]]
		if !ok {
			i = len(b.Communes)
			at[up[a.ID]] = i
			b.Communes = append(b.Communes, slipCommune{Name: t(r, "area.no_commune")})
		}
		b.Communes[i].Villages = append(b.Communes[i].Villages, option{string(a.ID), a.Label()})
	}
	for _, size := range []string{"a6", "a5"} {
		b.Sizes = append(b.Sizes, option{size, t(r, "calc.slip.size."+size)})
	}
	return s.render(w, r, "calculator_place", page{Title: t(r, "calc.slips.title"), Active: "calculator", Body: b})
}
