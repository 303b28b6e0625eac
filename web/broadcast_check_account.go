package web

import (
	"slices"

	"loa"
	"loa/channel"
)

// checkAccounts: every account sends, may send so many in a day, and may advertise where that is what is sent.
func (s *Server) checkAccounts(c *checker, b loa.Broadcast, ways sendingWays, v *liveView) {
	fine, looked := true, map[loa.ChannelID]bool{}
	look := func(network string, id loa.ChannelID, queued int) {
		a, ok := ways.account(id)
		ads := !ok || b.Purpose != loa.Advertising || s.mayAdvertise(a.Channel)
		was := len(c.out)
		switch {
		case !ok:
			c.bad("stop", "account_gone", "#ladder", t(c.r, "broadcast.form."+network))
		case !ads && !looked[id]:
			c.bad("stop", "account_ads", "#ladder", a.Name)
		case a.State == loa.ChannelHalted && !looked[id]:
			c.bad("look", "account_halted", "/admin/channels", a.Name)
		case a.DayQuota > 0 && queued > a.DayQuota-int(a.Used):
			c.bad("look", "quota", "/admin/channels", a.Name, queued, max(0, a.DayQuota-int(a.Used)))
		}
		fine, looked[id] = fine && len(c.out) == was, true
	}
	for _, x := range b.Ladder {
		if x.ByHand() {
			continue
		}
		look(x.Network, x.Channel, queuedOver(v, x.Network))
		if x.Network == "zns" && x.Template == "" {
			c.bad("stop", "template", "#ladder")
			fine = false
		}
	}
	posts := map[loa.ChannelID]int{}
	for _, o := range b.Outlets {
		if o.Channel == "" || o.Network == loa.SpeakerNetwork { // people carry it, or checkSpeakers looks at it
			continue
		}
		posts[o.Channel]++
		look(o.Network, o.Channel, posts[o.Channel])
	}
	if fine && len(looked) > 0 {
		c.ok("accounts_ok")
	}
	if len(b.Ladder) > 0 && !slices.ContainsFunc(b.Ladder, loa.Rung.ByHand) {
		c.bad("look", "no_list", "#ladder")
	}
}

// adsSetting is the setting by which a driver knows whether an account's contract is for advertising as well.
const adsSetting = "advertising"

// mayAdvertise says whether an account would take advertising, as its driver asks before each message.
func (s *Server) mayAdvertise(c loa.Channel) bool {
	set := s.setTo(c, adsSetting)
	return set == "" || set == "yes"
}

// setTo is what a setting of an account is set to, or stands at by itself; empty where its driver knows none.
func (s *Server) setTo(c loa.Channel, key string) string {
	d, _ := s.driverOf(c.Kind)
	i := slices.IndexFunc(d.Fields, func(f channel.Field) bool { return f.Key == key })
	if i < 0 {
		return ""
	}
	set, err := s.Channels.Settings(c)
	if err != nil {
		return d.Fields[i].Default // they cannot be read: the safe one
	}
	return set.Or(key, d.Fields[i].Default)
}

func queuedOver(v *liveView, network string) (n int) {
	if v.Reckon.Whole == nil {
		return 0
	}
	for _, x := range v.Reckon.Whole.By {
		if x.State == loa.DeliveryQueued && x.Network == network {
			n += x.N
		}
	}
	return n
}
