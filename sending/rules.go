package sending

import (
	"time"

	"loa"
)

// Ads is what the law of a day holds advertising to, in numbers: this package reads no law. The zero Ads is a law nobody knows, under
// which there may be no advertising.
type Ads struct {
	Known                        bool
	SMSMost, EmailMost, CallMost int       // to one number or address in 24 hours
	SMS, Call                    loa.Hours // when one may write or call
}

// hourForms are the forms whose hours of the office a network keeps to. What is not named here, such as a visit, has none.
var hourForms = map[string]string{
	"tel": "sms", "zalo": "zalo", "zns": "zalo", "zalo_group": "zalo", "mail": "email", "messenger": "page", "fb_page": "page", "fb_comment": "page", "zalo_article": "page",
	loa.CallList: loa.CallList, loa.SpeakerNetwork: string(loa.Loudspeaker),
}

// adNetworks are those over which advertising needs one's own agreement beforehand (Decree 91/2020/NĐ-CP, Article 13: silence is a
// refusal). The decree speaks of SMS, e-mail and calls; what comes over Zalo rings in the same pocket and is held to the same. Messages
// of administration and care need no agreement: a refusal of them holds all the same.
var adNetworks = []string{"tel", "zns", "zalo", "mail", loa.CallList}

// RulesOf are the rules of an office on a day: its own hours and cap of contacts, and the law on advertising.
func RulesOf(s loa.SendingSettings, ads Ads) Rules {
	r := Rules{
		Quiet:    make(map[string]loa.Hours, len(hourForms)),
		Cap:      Limit{N: s.CapN, Per: time.Duration(s.CapDays) * 24 * time.Hour},
		NeedsYes: make(map[Use]bool, len(adNetworks)),
	}
	for network, form := range hourForms {
		r.Quiet[network] = s.HoursOf(form)
	}
	for _, network := range adNetworks {
		r.NeedsYes[Use{loa.Advertising, network}] = true
	}
	if !ads.Known {
		return r
	}
	r.AdsKnown = true
	r.AdHours = map[string]loa.Hours{"tel": ads.SMS, loa.CallList: ads.Call} // Article 13 gives e-mail no hours
	r.AdLimit = map[string]Limit{}
	for network, most := range map[string]int{"tel": ads.SMSMost, "mail": ads.EmailMost, loa.CallList: ads.CallMost} {
		r.AdLimit[network] = Limit{N: most, Per: 24 * time.Hour}
	}
	return r
}

// Remembers is how far back the contacts with a person matter: no limit is counted over a longer time.
func (r Rules) Remembers() time.Duration { return max(r.Cap.Per, 24*time.Hour) }
