package loa_test

import (
	"errors"
	"testing"

	"loa"
)

func TestAgreedAdsNeedConsentAndProof(t *testing.T) {
	good := loa.Consent{Fact: loa.Fact{ID: loa.FactID(loa.NewID()), HappenedOn: "2026-11-24"}, Purpose: loa.Advertising, Channel: "sms", Agreed: true, Proof: "phiếu số 12", Ads: loa.AgreedAds{Hours: loa.Hours{Start: 360, End: 1350}, Most: 5}}
	if err := good.Check(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func(*loa.Consent)
		code   string
	}{
		"a refusal":        {func(c *loa.Consent) { c.Agreed = false }, "ads_without_consent"},
		"another purpose":  {func(c *loa.Consent) { c.Purpose = loa.Care }, "ads_without_consent"},
		"a visit":          {func(c *loa.Consent) { c.Channel = "visit" }, "ads_other_channel"},
		"no proof":         {func(c *loa.Consent) { c.Proof = "" }, "ads_need_proof"},
		"backwards":        {func(c *loa.Consent) { c.Ads.Hours = loa.Hours{Start: 600, End: 600} }, "bad_hours"},
		"past midnight":    {func(c *loa.Consent) { c.Ads.Hours.End = 1441 }, "bad_hours"},
		"more than enough": {func(c *loa.Consent) { c.Ads.Most = loa.AdsMost + 1 }, "out_of_range"},
		"less than none":   {func(c *loa.Consent) { c.Ads.Most = -1 }, "out_of_range"},
	} {
		x := good
		c.change(&x)
		var refused *loa.Error
		if err := x.Check(); !errors.As(err, &refused) || refused.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
	good.Proof, good.Attachment = "", "photo"
	if err := good.Check(); err != nil {
		t.Errorf("a photo is no proof: %v", err)
	}
}
