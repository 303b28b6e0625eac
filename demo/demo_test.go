package demo

import (
	"loa/policy"
	"testing"
)

func TestQuick(t *testing.T) {
	p, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Make(Options{Seed: 1, Grace: policy.Grace{Parameters: p}})
	if err != nil {
		t.Fatal(err)
	}
	t.Log(len(b.People), len(b.Households), len(b.Contributions), len(b.Leavings), len(b.Sessions), len(b.Attendances), len(b.Leads), len(b.Steps), len(b.Questions), len(b.Consents), len(b.Visits), len(b.Areas))
}
