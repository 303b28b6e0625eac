package web

import (
	"net/http"
	"slices"

	"loa"
	"loa/composing"
	"loa/store"
)

// publicAddress is the office's public page as the world reaches it; empty when it does not.
func (s *Server) publicAddress(o loa.Office) string {
	if s.Public == "" {
		return ""
	}
	return s.Public + publicPath(o.Slug, "home")
}

// withLinks is a broadcast as its previews show it: until it is submitted its links are examples of the same length.
func (s *Server) withLinks(r *http.Request, b loa.Broadcast, script loa.Script) loa.Broadcast {
	if s.Public == "" {
		return b
	}
	sample := t(r, "script.sample.code")
	b.Ladder, b.Outlets = slices.Clone(b.Ladder), slices.Clone(b.Outlets)
	for i, x := range b.Ladder {
		if x.Link == "" && !x.ByHand() && composing.RungUses(x, script, "lien_ket") {
			b.Ladder[i].Link = sample
		}
	}
	for i, x := range b.Outlets {
		if x.Link == "" && x.Network != kitNetwork && composing.Uses(script, x.Network, "lien_ket") {
			b.Outlets[i].Link = sample
		}
	}
	return b
}

// makeLinks gives every channel that tells a link one of its own. A broadcast that is submitted again keeps those it had. Lists that
// people work off name the office's page, and officers who share make links of their own.
func (s *Server) makeLinks(r *http.Request, b loa.Broadcast) (loa.Broadcast, error) {
	script, err := s.scriptOf(r, b)
	if err != nil {
		return b, err
	}
	b.Ladder, b.Outlets = slices.Clone(b.Ladder), slices.Clone(b.Outlets)
	if !composing.TellsLink(b, script) {
		return b, nil
	}
	if s.Public == "" {
		return b, loa.Refuse(loa.Conflict, "script", "no_public")
	}
	link := func(network string, account loa.ChannelID) (string, error) {
		l, err := s.DB.SaveLink(r.Context(), scopeOf(r), s.by(r), loa.Link{ID: loa.LinkID(loa.NewID()), Area: b.Area, Kind: loa.BroadcastLink, Page: b.LinkPage, Noun: "broadcast", NounID: string(b.ID), Network: network, Channel: account, Label: clipped(b.Title, 100)})
		return l.Code, err
	}
	for i, x := range b.Ladder {
		b.Ladder[i].Link = ""
		if x.ByHand() || !composing.RungUses(x, script, "lien_ket") {
			continue
		}
		if b.Ladder[i].Link, err = link(x.Network, x.Channel); err != nil {
			return b, err
		}
	}
	for i, x := range b.Outlets {
		b.Outlets[i].Link = ""
		if x.Network == kitNetwork || !composing.Uses(script, x.Network, "lien_ket") {
			continue
		}
		if b.Outlets[i].Link, err = link(x.Network, x.Channel); err != nil {
			return b, err
		}
	}
	return b, nil
}

// linkResult is what came through the links of a broadcast, a line a link.
type linkResult struct {
	store.LinkResult
	Label, Account, Shown, URL string
}

// linkResults are the links of a broadcast, those of officers who shared it as well, with what came through each.
func (s *Server) linkResults(r *http.Request, b loa.Broadcast, ways sendingWays) ([]linkResult, error) {
	list, err := s.DB.LinkResults(r.Context(), whoOf(r).Whole, string(b.ID))
	if err != nil || len(list) == 0 {
		return nil, err
	}
	officers, err := s.officerNames(r)
	if err != nil {
		return nil, err
	}
	out := make([]linkResult, len(list))
	for i, l := range list {
		x := linkResult{LinkResult: l, Shown: "/s/" + l.Code, URL: "/links/" + string(l.ID), Label: t(r, "broadcast.form."+l.Network)}
		if l.Kind == loa.KitLink {
			x.Label, x.Account = t(r, "broadcast.form.kit"), officers.by[l.Officer].Name
		} else if a, ok := ways.account(l.Channel); ok {
			x.Account = a.Name
		}
		out[i] = x
	}
	return out, nil
}
