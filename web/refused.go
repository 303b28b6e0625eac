package web

import (
	"net/http"

	"loa"
)

// notWelcome says who of some people refused one of the channels for an office's care, or every one. A refusal wins at once: on
// paper that is carried to people's doors they do not stand, and on screen no telephone is shown of them.
func (s *Server) notWelcome(r *http.Request, ids []loa.PersonID, channels ...string) (map[loa.PersonID]bool, error) {
	refused, err := s.DB.Refusals(r.Context(), scopeOf(r), "care", ids)
	if err != nil {
		return nil, err
	}
	out := map[loa.PersonID]bool{}
	for id, by := range refused {
		for _, channel := range channels {
			if by[channel] || by["all"] {
				out[id] = true
			}
		}
	}
	return out, nil
}

// phoneAllowed is somebody's telephone for a list that leaves the office, empty when calls are refused, and what was refused in words.
func phoneAllowed(r *http.Request, p loa.Person, refused map[string]bool) (phone, no string) {
	switch {
	case refused["all"]:
		return "", t(r, "channel.all")
	case len(refused) > 0:
		for _, c := range loa.Channels {
			if refused[c] {
				no = joinWords(no, t(r, "channel."+c))
			}
		}
	}
	if refused["call"] {
		return "", no
	}
	return displayPhone(p.Phone), no
}
