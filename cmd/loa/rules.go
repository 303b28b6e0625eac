package main

import (
	"time"

	"loa"
	"loa/policy"
	"loa/sending"
)

// rulesOf are the rules of an office on a day. What the law allows of advertising is not read yet: none goes out without one's own
// agreement, and none at all by telephone.
func rulesOf(s loa.SendingSettings, _ policy.Parameters, _ loa.Day) sending.Rules {
	r := sending.Rules{Quiet: map[string]sending.Hours{}, Cap: sending.Limit{N: s.CapN, Per: time.Duration(s.CapDays) * 24 * time.Hour}, NeedsYes: map[sending.Use]bool{}}
	for network, form := range map[string]string{"tel": "sms", "zalo": "zalo", "zns": "zalo", "zalo_group": "zalo", "mail": "email", loa.CallList: loa.CallList, loa.SpeakerNetwork: string(loa.Loudspeaker)} {
		r.Quiet[network] = sending.Hours(s.HoursOf(form))
		r.NeedsYes[sending.Use{Purpose: loa.Advertising, Network: network}] = true
	}
	return r
}
