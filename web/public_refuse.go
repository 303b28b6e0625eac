package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/sending"
)

// refusePage lets whoever got a letter refuse further ones, with one press and no sign-in. A mail program presses it for them
// (RFC 8058): reading the page alone changes nothing, because mail programs read every link.
type refusePage struct {
	Message string
	To      string // the address, shortened: the page is open to whoever has the link
	Done    bool
}

func (s *Server) refuseShow(w http.ResponseWriter, r *http.Request) error {
	return s.refuse(w, r, false)
}

func (s *Server) refuseTake(w http.ResponseWriter, r *http.Request) error {
	return s.refuse(w, r, true)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, take bool) error {
	r = chosenLanguage(w, r, s.Secure)
	id := sending.DeliveryOf(r.PathValue("message"))
	d, err := s.DB.RefusableDelivery(r.Context(), id)
	if loa.KindOf(err) == loa.NotFound || id == "" {
		return s.publicRefused(w, r, nil, http.StatusNotFound, "public.not_found")
	}
	if err != nil {
		return err
	}
	g := &guest{}
	if g.Office, err = s.DB.Office(r.Context(), d.Office); err != nil {
		return err
	}
	if g.Settings, err = s.DB.Settings(r.Context(), d.Office); err != nil {
		return err
	}
	if take && r.FormValue("lang") == "" {
		if err := s.DB.OptOut(r.Context(), d.Office, loa.By{At: s.Now()}, d.Network, d.To, "one_click"); err != nil {
			return err
		}
	} else {
		take = false
	}
	return s.renderPublic(w, r, g, "public_refuse", publicPage{page: page{Title: t(r, "public.refuse.title"), Body: refusePage{Message: r.PathValue("message"), To: maskedAddress(d.To), Done: take}}, Unkept: true})
}

// maskedAddress shows enough of an address for its owner to know it.
func maskedAddress(to string) string {
	local, domain, mail := strings.Cut(to, "@")
	r := []rune(local)
	if !mail {
		return strings.Repeat("•", max(0, len(r)-3)) + string(r[max(0, len(r)-3):])
	}
	return string(r[:min(2, len(r))]) + "•••@" + domain
}
