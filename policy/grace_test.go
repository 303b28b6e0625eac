package policy

import (
	"testing"

	"loa"
)

func TestGrace(t *testing.T) {
	p, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	g := Grace{p}
	for _, c := range []struct {
		scheme      loa.Scheme
		method      loa.Method
		until, want loa.Day
	}{
		{loa.VoluntarySI, loa.Monthly, "2025-10-31", "2025-11-30"},
		{loa.VoluntarySI, loa.Quarterly, "2025-12-31", "2026-03-31"},
		{loa.VoluntarySI, loa.HalfYear, "2025-06-30", "2025-10-31"},
		{loa.VoluntarySI, loa.Yearly, "2024-12-31", "2025-07-31"},
		{loa.VoluntarySI, loa.YearsAhead, "2025-12-31", "2025-12-31"},
		{loa.VoluntarySI, loa.Monthly, "2025-01-31", "2025-02-28"},
		{loa.HouseholdHI, loa.Card, "2025-12-31", "2025-12-31"},
		{loa.CompulsorySI, loa.Ongoing, loa.OpenEnd, loa.OpenEnd},
	} {
		if got := g.LastDay(c.scheme, c.method, loa.PaysSelf, c.until); got != c.want {
			t.Errorf("%s %s until %s: %s, want %s", c.scheme, c.method, c.until, got, c.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"overlap":  `[{"name":"a","unit":"dong","source":"x","from":"2025-01-01","to":"","value":1,"cites":"x","approved":true},{"name":"a","unit":"dong","source":"x","from":"2025-02-01","to":"","value":2,"cites":"x","approved":true}]`,
		"no law":   `[{"name":"a","unit":"dong","source":"x","from":"2025-01-01","to":"","value":1,"cites":"","approved":true}]`,
		"backward": `[{"name":"a","unit":"dong","source":"x","from":"2025-01-01","to":"2024-01-01","value":1,"cites":"x","approved":true}]`,
		"no json":  `{`,
	} {
		if _, err := Read([]byte(raw)); err == nil {
			t.Errorf("%s was accepted", name)
		}
	}
}

func TestUnapprovedRowsAreNeverUsed(t *testing.T) {
	p, err := Read([]byte(`[{"name":"a","unit":"dong","source":"x","from":"2025-01-01","to":"","value":1,"cites":"x","approved":false}]`))
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := p.At("a", "2025-06-01"); ok {
		t.Error("an unapproved row was used")
	}
}
