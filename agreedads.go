package loa

// AgreedAds is what somebody agreed to about advertising otherwise than the law's own limits, which hold "unless agreed otherwise"
// (Decree 91/2020/NĐ-CP, Article 13). The zero AgreedAds is no such agreement: the limits of the law hold.
type AgreedAds struct {
	Hours Hours // when it may come; zero: as the law says
	Most  int   // in 24 hours over one channel; 0: as the law says
}

// AdsMost is more advertising in a day than anybody would agree to.
const AdsMost = 20

// checkAds refuses terms that nothing proves, that stand in no agreement to advertising, or that are about a form without limits.
func (c Consent) checkAds() error {
	a := c.Ads
	switch {
	case a == AgreedAds{}:
		return nil
	case c.Purpose != Advertising || !c.Agreed:
		return Refuse(Invalid, "ads", "ads_without_consent")
	case c.Channel == "visit" || c.Channel == "page":
		return Refuse(Invalid, "ads", "ads_other_channel")
	case a.Hours != Hours{} && (a.Hours.Start < 0 || a.Hours.End <= a.Hours.Start || a.Hours.End > 24*60):
		return Refuse(Invalid, "ads_from", "bad_hours")
	case a.Most < 0 || a.Most > AdsMost:
		return Refuse(Invalid, "ads_most", "out_of_range")
	case c.Proof == "" && c.Attachment == "":
		return Refuse(Invalid, "proof", "ads_need_proof")
	}
	return nil
}

// AgreedAdsFor is what holds of a person's agreements on advertising over a channel, and the newest of them it stands in: what was said of
// the channel itself comes before what was said of all. A later agreement that says nothing of it takes it back, for that much is all
// anybody can prove.
func AgreedAdsFor(all []Consent, channel string) (AgreedAds, FactID) {
	own, any := latestAgreement(all, channel), latestAgreement(all, "all")
	out, from := own.Ads, own.ID
	if out == (AgreedAds{}) {
		return any.Ads, any.ID
	}
	if out.Hours == (Hours{}) {
		out.Hours = any.Ads.Hours
	}
	if out.Most == 0 {
		out.Most = any.Ads.Most
	}
	return out, from
}

// latestAgreement is the last word on advertising over one channel, when it was an agreement.
func latestAgreement(all []Consent, channel string) (out Consent) {
	for _, c := range all {
		if c.Purpose == Advertising && c.Channel == channel && (out.Purpose == "" || newer(c, out)) {
			out = c
		}
	}
	if !out.Agreed {
		return Consent{}
	}
	return out
}
