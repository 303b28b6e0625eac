package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/channel"
)

// groupLine is a group an account can write to, with how it came to be known.
type groupLine struct {
	Name, To, Where string
	Source, URL     string
	Refused         bool
}

// channelGroups are the groups of an account; nil where its network has none.
func (s *Server) channelGroups(r *http.Request, b *channelForm, d channel.Driver) error {
	if b.Can["groups"] = slices.Contains(d.Networks, loa.GroupNetwork); !b.Can["groups"] {
		return nil
	}
	list, err := s.DB.Groups(r.Context(), whoOf(r).Whole, b.Channel.ID)
	if err != nil {
		return err
	}
	places, err := s.placeNames(r)
	if err != nil {
		return err
	}
	for _, c := range list {
		g := groupLine{Name: orElse(c.Name, c.Address), To: c.Address, Where: places[c.Area], Refused: c.Refused, Source: t(r, "channel.group_wrote", moment(c.HeardAt))}
		if c.HeardAt.IsZero() {
			g.Source = t(r, "channel.group_entered", moment(c.FirstAt), c.LastText)
		}
		if whoOf(r).may(loa.EditOutreach) {
			g.URL = "/inbox/" + string(c.ID)
		}
		b.Groups = append(b.Groups, g)
	}
	return nil
}

// channelGroup enters a group by hand.
func (s *Server) channelGroup(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	if !slices.Contains(d.Networks, loa.GroupNetwork) {
		return loa.ErrNotFound
	}
	f := readForm(r)
	g := loa.Group{Channel: c.ID, To: f.text("group_to"), Name: f.text("group_name"), Source: f.text("group_source")}
	if err := s.placeMeant(r, f, &g.Area); err != nil {
		return err
	}
	if f.ok() {
		_, err := s.DB.AddGroup(r.Context(), whoOf(r).Whole, s.by(r), g)
		if err := f.take(err); err != nil {
			return err
		}
	}
	if !f.ok() {
		b, err := s.channelPage(r, c, d)
		if err != nil {
			return err
		}
		b.Errors, b.Group, b.GroupArea = f.Errors, g, f.text("area_text")
		saved, err := s.Channels.Settings(c)
		if err != nil {
			return err
		}
		return s.channelDraw(w, r, d, b, saved, nil, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, channelURL(c.ID)+"#s-groups", t(r, "channel.group_saved", g.Name), "")
}
