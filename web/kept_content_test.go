package web_test

import (
	"context"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestKeptContentSeesEveryChange opens the pages that are drawn once for everybody on a server that has drawn them before and on
// one just begun, after changes of every kind they show: both must say the same, to each role.
func TestKeptContentSeesEveryChange(t *testing.T) {
	s := webtest.New(t)
	ctx, db := context.Background(), s.DB
	by := loa.By{Officer: s.Home.Officers["director"], At: s.Now()}
	in := loa.Scope{Office: s.Home.ID, Ranges: []loa.Range{{From: "\x01", To: "\x7f"}}}
	paths := []string{"/", "/coverage", "/coverage?scheme=hi", "/people", "/people?sex=female", "/people?area=" + string(s.Home.Village1)}
	roles := []string{"director", "officer", "sibling", "viewer"}
	kept := map[string]*webtest.Client{}
	for _, role := range roles {
		kept[role] = s.As(t, role)
	}
	last, moved := map[string]string{}, map[string]int{}
	check := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		anew := webtest.Over(t, db)
		for _, role := range roles {
			fresh := anew.As(t, role)
			for _, p := range paths {
				got, want := kept[role].Get(p), fresh.Get(p)
				if got.Status != want.Status || got.Body != want.Body {
					t.Errorf("after %s, %s sees at %s what was, not what is", what, role, p)
				}
				if got.Body != last[role+p] {
					moved[p]++
				}
				last[role+p] = got.Body
			}
		}
	}
	fact := func() loa.Fact {
		return loa.Fact{ID: loa.FactID(loa.NewID()), Area: s.Home.Village1, HappenedOn: webtest.Today, HappenedAt: s.Now()}
	}
	check("nothing", nil)
	check("nothing again", nil)
	p, err := db.Person(ctx, in, s.Home.Person)
	if err != nil {
		t.Fatal(err)
	}
	p.Name, p.Sex = "Giàng Thị Đổi", loa.Female
	_, _, err = db.SavePerson(ctx, in, by, p, p.ChangeNo)
	check("another name", err)
	check("a refusal", db.AddConsent(ctx, in, by, loa.Consent{Fact: fact(), Person: p.ID, Purpose: "care", Channel: "all", How: "spoken"}))
	check("a payment", db.AddContribution(ctx, in, by, loa.Contribution{Fact: fact(), Person: s.Home.Person2, Scheme: loa.VoluntarySI, Payer: loa.PaysSelf, Method: loa.Monthly,
		From: webtest.Today.Month().First(), Until: webtest.Today, Months: 1}))
	check("a question", db.AddQuestion(ctx, in, by, loa.Question{Fact: fact(), Form: loa.SmallGroup, Text: "Mức đóng năm nay là bao nhiêu?", N: 1}))
	_, err = db.AddSession(ctx, in, by, loa.Session{ID: loa.SessionID(loa.NewID()), Area: s.Home.Village1, Form: loa.SmallGroup, On: webtest.Today, State: loa.Planned, Title: "Nhóm nhỏ mới"})
	check("a session", err)
	settings, err := db.Settings(ctx, s.Home.ID)
	if err != nil {
		t.Fatal(err)
	}
	settings.DueDays = 365
	check("another setting", db.SaveSettings(ctx, s.Home.ID, by, settings))
	for _, page := range paths {
		if moved[page] < len(roles)+1 {
			t.Errorf("%s never changed: the test shows nothing", page)
		}
	}
}
