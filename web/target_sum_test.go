package web_test

import (
	"regexp"
	"testing"

	"loa/web/webtest"
)

// TestAMonthWithoutTargetsHasNoSum reads the sums under the grid of targets: a month nobody was given a number for has none,
// which is not a plan of 0, and who may only read sees the same sums as who may write.
func TestAMonthWithoutTargetsHasNoSum(t *testing.T) {
	s := webtest.New(t)
	director := s.As(t, "director")
	sums := func(c *webtest.Client) (out []string) {
		for _, m := range regexp.MustCompile(`data-sum="col">([^<]*)<`).FindAllStringSubmatch(c.Get("/targets?year=2026").Body, -1) {
			out = append(out, m[1])
		}
		return out
	}
	for i, n := range sums(director) {
		if n != "" {
			t.Errorf("nothing is assigned, and column %d adds up to %q", i, n)
		}
	}
	cell := "t." + string(s.Home.Commune1) + "."
	director.Post("/targets?year=2026", cell+"00", "1.200", cell+"03", "0", "document", "12/QĐ-BHXH", "in_force", "01/01/2026")
	for _, who := range []string{"director", "viewer"} {
		got := sums(s.As(t, who))
		if len(got) != 13 || got[0] != "1.200" || got[3] != "0" || got[4] != "" {
			t.Errorf("%s reads %q; want 1.200 for the year, 0 for March, nothing for the rest", who, got)
		}
	}
}
