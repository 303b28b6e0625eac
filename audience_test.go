package loa_test

import (
	"testing"

	"loa"
)

func TestAudienceAsOneRule(t *testing.T) {
	farmers, traders := loa.Rule{Field: "occupation", Values: []string{"farmer"}}, loa.Rule{Field: "poverty", Values: []string{"near_poor"}}
	rules := map[loa.SegmentID]loa.Rule{"f": farmers, "t": traders}
	for name, c := range map[string]struct {
		a    loa.Audience
		want string
		code string
	}{
		"one segment":     {loa.Audience{Segments: []loa.SegmentID{"f"}}, farmers.JSON(), ""},
		"areas alone":     {loa.Audience{Areas: []loa.AreaID{"x", "y"}}, `{"field":"area","values":["x","y"]}`, ""},
		"both of two":     {loa.Audience{Segments: []loa.SegmentID{"f", "t"}, Areas: []loa.AreaID{"x"}}, `{"all":[{"any":[` + farmers.JSON() + `,` + traders.JSON() + `]},{"field":"area","values":["x"]}]}`, ""},
		"without":         {loa.Audience{Areas: []loa.AreaID{"x"}, Without: []loa.SegmentID{"t"}}, `{"all":[{"field":"area","values":["x"]},{"not":` + traders.JSON() + `}]}`, ""},
		"nobody":          {loa.Audience{Without: []loa.SegmentID{"t"}}, "", "required"},
		"a segment gone":  {loa.Audience{Segments: []loa.SegmentID{"f", "gone"}}, "", "segment_gone"},
		"left out, gone":  {loa.Audience{Areas: []loa.AreaID{"x"}, Without: []loa.SegmentID{"gone"}}, "", "segment_gone"},
		"nothing at all ": {loa.Audience{}, "", "required"},
	} {
		got, err := c.a.Rule(rules)
		if e, _ := err.(*loa.Error); c.code != "" && (e == nil || e.Code != c.code) {
			t.Errorf("%s: %v, not %s", name, err, c.code)
		}
		if c.code == "" && (err != nil || got.JSON() != c.want || got.Check() != nil) {
			t.Errorf("%s: %s (%v, %v), not %s", name, got.JSON(), err, got.Check(), c.want)
		}
	}
}
