package web_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"

	"loa"
	"loa/web/webtest"
)

// TestANewcomerWhoIsKnownIsAskedAboutOnce stops before a second record of the same name in the same village, loses nothing that was
// typed, and goes on when the form is sent again.
func TestANewcomerWhoIsKnownIsAskedAboutOnce(t *testing.T) {
	site := webtest.New(t)
	c, id := site.As(t, "officer"), site.Home.Held
	at := "/sessions/" + string(id)
	addPerson(t, site, loa.Person{Name: "Giàng A Trùng", BornYear: 1980})
	form := []string{"new_id", loa.NewID(), "name", "giang a trung", "village", string(site.Home.Village1), "sex", "male"}
	_, named := headsNow(t, site, id)
	a := c.Post(at+"/newcomer", form...)
	if a.Status != http.StatusUnprocessableEntity || !a.Has("đã có Giàng A Trùng", `name="sure" value="giang a trung"`, `name="sex" value="male" checked`, "Vẫn ghi người mới", "sinh 1980") {
		t.Fatalf("somebody known answers %d", a.Status)
	}
	for _, other := range [][]string{{"born", "1999"}, {"sure", "giang a trung"}} { // of another year, and said to be somebody else
		form[1] = loa.NewID()
		for range 2 { // sent twice, it is the same person
			if a := c.Post(at+"/newcomer", append(form, other...)...); a.Status != http.StatusSeeOther {
				t.Errorf("%v answers %d", other, a.Status)
			}
		}
	}
	if _, n := headsNow(t, site, id); n != named+2 {
		t.Errorf("%d were named, not two", n-named)
	}
	if page := c.Get(at + "?tab=hold"); !page.Has("Giang A Trung") || page.Has("giang a trung") {
		t.Error("a name typed in small letters stays small")
	}
}

func TestNobodyIsFollowedTwiceInOneScheme(t *testing.T) {
	site := webtest.New(t)
	c := site.As(t, "officer")
	person := addPerson(t, site, loa.Person{Name: "Vàng A Hai Lần"}).ID
	at := "/sessions/" + string(site.Home.Held)
	c.Post(at+"/name", "person", string(person))
	once := []string{"fact", loa.NewID(), "person", string(person), "scheme", "voluntary_si"}
	for range 2 { // the same form sent twice
		if a := c.Post(at+"/lead", once...); a.Status != http.StatusSeeOther {
			t.Fatalf("a lead answers %d", a.Status)
		}
	}
	if a := c.Post(at+"/lead", "fact", loa.NewID(), "person", string(person), "scheme", "voluntary_si"); a.Status != http.StatusUnprocessableEntity || !a.Has("đang được theo dõi") {
		t.Errorf("a second lead in the same scheme answers %d", a.Status)
	}
	if a := c.Post(at+"/lead", "fact", loa.NewID(), "person", string(person), "scheme", "household_hi"); a.Status != http.StatusSeeOther {
		t.Errorf("a lead in another scheme answers %d", a.Status)
	}
	list := leadsOf(t, site, person)
	if len(list) != 2 {
		t.Fatalf("%d leads, want one in each scheme", len(list))
	}
	c.Post("/enrolment/"+once[1]+"/step", "step", "closed")
	if a := c.Post(at+"/lead", "fact", loa.NewID(), "person", string(person), "scheme", "voluntary_si"); a.Status != http.StatusSeeOther {
		t.Errorf("interest after the first was closed answers %d", a.Status)
	}
}

func leadsOf(t *testing.T, site *webtest.Site, person loa.PersonID) (out []string) {
	t.Helper()
	all, err := site.DB.SessionLeads(context.Background(), scopeOfHome(site), site.Home.Held)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		if l.Person == person {
			out = append(out, string(l.ID))
		}
	}
	return out
}

// TestCorrectionsTellWhatTheCellCameTo corrects a cell that was counted tap by tap down and up, and one nobody had counted in: the history
// tells the cell's own figures, as the officer typed them.
func TestCorrectionsTellWhatTheCellCameTo(t *testing.T) {
	site := webtest.New(t)
	c, at := site.As(t, "officer"), "/sessions/"+string(site.Home.Held)
	was, _ := headsNow(t, site, site.Home.Held)
	for range 5 {
		c.Post(at+"/count", "sex", "female", "band", "adult")
	}
	for _, x := range []struct{ cell, was, now, said string }{{"female-adult", "5", "2", "<del>5</del> → 2"}, {"female-adult", "2", "7", "<del>2</del> → 7"}, {"male-old", "0", "4", "<del>0</del> → 4"}, {"male-old", "4", "0", "<del>4</del> → 0"}} {
		if a := c.Post(at+"/heads", "was_"+x.cell, x.was, "now_"+x.cell, x.now, "head_why", "Đếm lại"); a.Status != http.StatusSeeOther {
			t.Fatalf("%s from %s to %s answers %d: %s", x.cell, x.was, x.now, a.Status, a.Body)
		}
		if !c.Get(at + "?tab=after").Has(x.said) {
			t.Errorf("%s: the history does not say %s", x.cell, x.said)
		}
	}
	if n, _ := headsNow(t, site, site.Home.Held); n != was+7 {
		t.Errorf("%d heads are left", n-was)
	}
}

// TestWorkIsGivenToWhoMayDoIt offers nobody who only administers, collects, looks on or has left, wherever an officer is chosen.
func TestWorkIsGivenToWhoMayDoIt(t *testing.T) {
	site := webtest.New(t)
	c, o := site.As(t, "director"), site.Home
	for _, path := range []string{"/sessions/new", "/sessions", "/matrix", "/matrix/cell?edit=1&form=conference&segment=" + string(o.Segment), "/areas/" + string(o.Commune1) + "/edit", "/enrolment", "/enrolment/renewals", "/questions"} {
		page := c.Get(path)
		if page.Status != http.StatusOK || !page.Has(`value="`+string(o.Officers["officer"])+`"`) {
			t.Errorf("%s offers no officer (%d)", path, page.Status)
		}
		for _, who := range []string{"administrator", "viewer", "collector", "expired"} {
			if page.Has(`value="` + string(o.Officers[who]) + `"`) {
				t.Errorf("%s offers the %s", path, who)
			}
		}
	}
}

// TestTheMatrixCountsItsGroupsOfTheDayAsked shows the members a segment had on the day the page is asked for.
func TestTheMatrixCountsItsGroupsOfTheDayAsked(t *testing.T) {
	site := webtest.New(t)
	ctx, in := context.Background(), scopeOfHome(site)
	seg, err := site.DB.Segment(ctx, in, site.Home.Segment)
	if err != nil {
		t.Fatal(err)
	}
	one, many := 60, 120
	seg.Rule = loa.Rule{Field: "age", Min: &one, Max: &many}
	if err := site.DB.SaveSegment(ctx, in, byDirector(site), seg); err != nil {
		t.Fatal(err)
	}
	c := site.As(t, "director")
	people := func(on string) string {
		return regexp.MustCompile(`(\d+) người`).FindString(c.Get("/matrix?on=" + on).Body)
	}
	before := people("2025-11-30")
	addPerson(t, site, loa.Person{Name: "Sùng Thị Sáu Mươi", BornYear: 1965, BornOn: "1965-12-20"})
	if now, then := people("2025-11-30"), people("2025-12-25"); now != before || then == now {
		t.Errorf("who is sixty on 20/12 counts: %q, %q, %q", before, now, then)
	}
}
