package web

import (
	"fmt"
	"slices"

	"loa"
	"loa/channel"
)

// checkAccounts: every account sends, may send so many in a day, and may advertise where that is what is sent.
func (s *Server) checkAccounts(c *checker, b loa.Broadcast, ways sendingWays, v *liveView) error {
	fine, looked := true, map[loa.ChannelID]bool{}
	look := func(network string, id loa.ChannelID, queued int) error {
		a, ok := ways.account(id)
		ads := true
		if ok && b.Purpose == loa.Advertising {
			var err error
			if ads, err = s.mayAdvertise(a.Channel); err != nil {
				return err
			}
		}
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
		return nil
	}
	for _, x := range b.Ladder {
		if x.ByHand() {
			continue
		}
		if err := look(x.Network, x.Channel, queuedOver(v, x.Network)); err != nil {
			return err
		}
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
		if err := look(o.Network, o.Channel, posts[o.Channel]); err != nil {
			return err
		}
	}
	if fine && len(looked) > 0 {
		c.ok("accounts_ok")
	}
	if len(b.Ladder) > 0 && !slices.ContainsFunc(b.Ladder, loa.Rung.ByHand) {
		c.bad("look", "no_list", "#ladder")
	}
	return nil
}

// adsSetting is the setting by which a driver knows whether an account's contract is for advertising as well.
const adsSetting = "advertising"

// mayAdvertise says whether an account would take advertising, as its driver asks before each message.
func (s *Server) mayAdvertise(c loa.Channel) (bool, error) {
	d, ok := s.driverOf(c.Kind)
	if !ok {
		return true, nil
	}
	i := slices.IndexFunc(d.Fields, func(f channel.Field) bool { return f.Key == adsSetting })
	if i < 0 {
		return true, nil
	}
	set, err := s.Channels.Settings(c)
	if err != nil {
		return false, fmt.Errorf("read the settings of %s: %w", c.ID, err)
	}
	return set.Or(adsSetting, d.Fields[i].Default) == "yes", nil
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
