package web

import (
	"cmp"
	"net/http"
	"slices"

	"loa"
	"loa/i18n"
	"loa/store"
)

func (s *Server) channelResults(r *http.Request, b loa.Broadcast, v *progressView, tally store.BroadcastTally) error {
	ways, err := s.sendingWays(r)
	if err != nil {
		return err
	}
	by, langs := map[int]*channelResult{}, map[string]*langResult{}
	for _, l := range tally.By {
		c := by[l.Rung]
		if c == nil {
			network, account := overRung(b, l)
			c = &channelResult{Rung: l.Rung, Network: network, Label: t(r, "broadcast.form."+network)}
			if a, ok := ways.account(account); ok {
				c.Account = a.Name
			}
			by[l.Rung] = c
		}
		if l.State == loa.DeliveryHeld {
			continue // nothing was ever to go over it
		}
		c.All, c.Cost, c.Parts = c.All+l.N, c.Cost+l.Cost, c.Parts+l.Parts
		told := int64(0)
		switch l.State {
		case loa.DeliverySent:
			told, c.Told = l.N, c.Told+l.N
		case loa.DeliveryDelivered, loa.DeliverySeen:
			told, c.Told, c.Delivered = l.N, c.Told+l.N, c.Delivered+l.N
		case loa.DeliveryFailed, loa.DeliveryRefused:
			c.Failed += l.N
		case loa.DeliveryStopped:
		default:
			c.Left += l.N
		}
		if l.Fallen && l.Rung < loa.OutletRung { // what is played or posted has no next step
			c.Moved += l.N
		}
		if l.Lang != "" && !l.Place && !l.Fallen { // each person once, in the language of the step they stand on
			x := langs[l.Lang]
			if x == nil {
				x = &langResult{Lang: l.Lang, Label: t(r, "tongue."+l.Lang)}
				langs[l.Lang] = x
			}
			x.N, x.Told = x.N+l.N, x.Told+told
		}
	}
	for rung, c := range by {
		if rung >= loa.OutletRung {
			v.Outlets = append(v.Outlets, *c)
		} else if c.All > 0 {
			c.URL = "/broadcasts/" + string(b.ID) + "/people?all=1&network=" + c.Network
			v.Channels = append(v.Channels, *c)
		}
	}
	for i, c := range v.Outlets {
		if o, ok := b.Outlet(c.Rung); ok && o.Network == loa.GroupNetwork {
			if g, ok := ways.group(o.Place); ok {
				v.Outlets[i].Account = orElse(g.Name, g.Address)
			}
		}
	}
	if err := s.stationResults(r, b, v.Outlets); err != nil {
		return err
	}
	if v.Links, err = s.linkResults(r, b, ways); err != nil {
		return err
	}
	order := func(a, b channelResult) int { return cmp.Compare(a.Rung, b.Rung) }
	slices.SortFunc(v.Channels, order)
	slices.SortFunc(v.Outlets, order)
	for _, x := range langs {
		v.Langs = append(v.Langs, *x)
	}
	slices.SortFunc(v.Langs, func(a, b langResult) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Lang, b.Lang)) })
	return nil
}

// overRung is the network and account of a line of the tally. Whoever was held back has neither in the ledger: the broadcast knows them by
// the step. Behind the last step there is the list of visits.
func overRung(b loa.Broadcast, l store.TallyLine) (string, loa.ChannelID) {
	if o, ok := b.Outlet(l.Rung); ok {
		return o.Network, o.Channel
	}
	if l.Rung >= 0 && l.Rung < len(b.Ladder) {
		return b.Ladder[l.Rung].Network, b.Ladder[l.Rung].Channel
	}
	return cmp.Or(l.Network, loa.VisitList), l.Channel
}

// stationResults names the station of each loudspeaker, under its network.
func (s *Server) stationResults(r *http.Request, b loa.Broadcast, list []channelResult) error {
	var ids []loa.PlaceID
	for _, o := range b.Outlets {
		if o.Network == loa.SpeakerNetwork {
			ids = append(ids, o.Place)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	stations, err := s.DB.StationsAt(r.Context(), b.Office, ids)
	if err != nil {
		return err
	}
	for i, c := range list {
		if o, ok := b.Outlet(c.Rung); ok && stations[o.Place].Name != "" {
			list[i].Account = stations[o.Place].Name
		}
	}
	return nil
}

// areaResults rolls villages up to communes.
func (s *Server) areaResults(r *http.Request, b loa.Broadcast) ([]areaResult, error) {
	list, err := s.DB.TallyByArea(r.Context(), scopeOf(r), b.ID)
	if err != nil {
		return nil, err
	}
	areas, err := s.areas(r)
	if err != nil {
		return nil, err
	}
	up, of := communeOf(areas), map[loa.AreaID]*areaResult{}
	add := func(id loa.AreaID, a store.AreaTally) {
		x := of[id]
		if x == nil {
			x = &areaResult{ID: string(id), URL: "/broadcasts/" + string(b.ID) + "/people?area=" + string(id)}
			of[id] = x
		}
		x.All += a.N
		switch a.State {
		case loa.DeliverySent, loa.DeliveryDelivered, loa.DeliverySeen:
			x.Told += a.N
		case loa.DeliveryFailed, loa.DeliveryRefused, loa.DeliveryHeld, loa.DeliveryStopped:
			x.Not += a.N
		default:
			x.Left += a.N
		}
	}
	for _, a := range list {
		add(a.Area, a)
		if c := up[a.Area]; c != a.Area {
			add(c, a)
		}
	}
	var out []areaResult
	at := map[loa.AreaID]int{}
	for _, a := range areas {
		x := of[a.ID]
		if x == nil {
			continue
		}
		x.Name, x.Percent = s.areaName(r, a), 100*x.Told/max(x.All, 1)
		if i, ok := at[up[a.ID]]; ok && a.Kind == loa.Village {
			out[i].Villages = append(out[i].Villages, *x)
			continue
		}
		at[a.ID] = len(out)
		out = append(out, *x)
	}
	return out, nil
}

// driverKinds are the drivers that may have given a code, those asked first in front: the same code means another thing elsewhere.
type driverKinds struct{ people, places []string }

// kindsOf are the drivers of the accounts a broadcast goes over, in the order of its ladder and of its outlets.
func (s *Server) kindsOf(r *http.Request, b loa.Broadcast) (k driverKinds, err error) {
	accounts, err := s.DB.Channels(r.Context(), loa.Scope{Office: whoOf(r).Office.ID, Ranges: whoOf(r).Whole.Ranges}, s.today())
	if err != nil {
		return k, err
	}
	add := func(to *[]string, id loa.ChannelID) {
		for _, a := range accounts {
			if a.ID == id && !slices.Contains(*to, a.Kind) {
				*to = append(*to, a.Kind)
			}
		}
	}
	for _, rung := range b.Ladder {
		add(&k.people, rung.Channel)
	}
	for _, o := range b.Outlets {
		add(&k.places, o.Channel)
		if o.Network == loa.SpeakerNetwork && !slices.Contains(k.places, "loudspeaker") {
			k.places = append(k.places, "loudspeaker") // the account may lie outside the officer's areas, or people play it
		}
	}
	return k, nil
}

// codeText is why a message did not go or arrive, in words where there are any: the gate's reason on second look, or the network's code.
func codeText(r *http.Request, kinds []string, code string) string {
	keys := []string{"gate." + code}
	for _, kind := range kinds {
		keys = append(keys, "channel.error."+kind+"."+code)
	}
	for _, key := range append(keys, "channel.error."+code) {
		if i18n.Has(langOf(r), key) {
			return t(r, key)
		}
	}
	return t(r, "broadcast.code", code)
}
