package web

import (
	"net/http"
	"strings"

	"loa"
	"loa/store"
)

type invitationPage struct {
	store.Invitation
	Day, Time, Where, Lunar string
	Token                   string
	Closed                  bool // cancelled, or its day has passed
}

// invitationShow is the page a partner opens from its letter: no account, no name of anybody but the officers.
func (s *Server) invitationShow(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	v, err := s.DB.Invitation(r.Context(), token)
	if err != nil {
		return err
	}
	x := v.Session
	body := invitationPage{Invitation: v, Token: token, Day: s.shortDay(r, x.On) + x.On.Vietnamese()[5:], Lunar: shortLunar(r, x.On), Closed: x.State == loa.Cancelled || x.On < s.today()}
	if body.Time = clockText(x.StartMin); body.Time != "" && x.EndMin > 0 {
		body.Time += "–" + clockText(x.EndMin)
	}
	var where []string
	for _, part := range []string{x.Place, v.Area, v.Commune} {
		if part != "" {
			where = append(where, part)
		}
	}
	body.Where = strings.Join(where, ", ")
	return s.render(w, r, "invitation", page{Title: x.Title, Body: body})
}

func (s *Server) invitationAnswer(w http.ResponseWriter, r *http.Request) error {
	token := r.PathValue("token")
	v, err := s.DB.Invitation(r.Context(), token)
	if err != nil {
		return err
	}
	if v.Session.State != loa.Cancelled && v.Session.On >= s.today() {
		by := loa.By{At: s.Now()} // nobody of the office
		if err := s.DB.AnswerInvitation(r.Context(), token, by, r.FormValue("comes") == "1"); err != nil {
			return err
		}
	}
	http.Redirect(w, r, "/invitations/"+token, http.StatusSeeOther)
	return nil
}
