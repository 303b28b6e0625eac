package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/sheet"
	"loa/store"
	"loa/web/webtest"
)

// TestARefusalWinsAtOnceOnEveryList refuses after the lists were made: none of them carries the name or the telephone to a door.
func TestARefusalWinsAtOnceOnEveryList(t *testing.T) {
	site := webtest.New(t)
	c, o := site.As(t, "director"), site.Home
	at, name := "/sessions/"+string(o.Held), "Sùng A Mẫu mau"
	walk := c.Post(at+"/sheets", "kind", "walk", "blank", "1").Location
	sign := c.Post(at+"/sheets", "kind", "attendance", "blank", "1").Location
	if !c.Get(walk).Has(name) || !c.Get(sign).Has(name) {
		t.Fatal("the lists do not hold who is invited")
	}
	c.Post(at+"/visit", "person", string(o.Person), "outcome", "call_back", "next_on", "2025-12-05")
	if after := c.Get(at + "?tab=after"); !strings.Contains(section(after.Body, "s-follow"), name) {
		t.Fatalf("nobody is followed up: %s", section(after.Body, "s-follow"))
	}
	say := func(channel string) {
		t.Helper()
		if a := c.Post("/people/"+string(o.Person)+"/consent", "purpose", "care", "channel", channel, "agreed", "0"); a.Status != http.StatusSeeOther {
			t.Fatalf("a refusal answers %d", a.Status)
		}
	}
	handed, segment := "/collectors/"+string(o.Collector)+"/handed", "/segments/"+string(o.Segment)
	say("call")
	for _, a := range []webtest.Answer{c.Get(handed), c.Get(handed + "?print=1"), c.Post(segment+"/print", "area", string(o.Commune1)), c.Get("/enrolment/renewals?print=1")} {
		if a.Has("0199 000 000") || a.Status != http.StatusOK {
			t.Errorf("a telephone that must not be called is on a list (%d)", a.Status)
		}
	}
	if !c.Get(handed).Has(name, "không gọi") {
		t.Error("who only refused calls must still be gone to")
	}
	book := c.Post(segment+"/export", "area", string(o.Commune1)).Body
	if cells := cellsOf(t, book); strings.Contains(cells, "0199") || !strings.Contains(cells, "gọi điện") {
		t.Errorf("the spreadsheet holds\n%s", cells)
	}
	say("visit")
	for what, a := range map[string]webtest.Answer{"walk": c.Get(walk), "handed": c.Get(handed + "?print=1"), "segment": c.Post(segment+"/print", "area", string(o.Commune1)), "renewals": c.Get("/enrolment/renewals?print=1")} {
		if a.Status != http.StatusOK || a.Has(name) {
			t.Errorf("%s: who refused to be visited is on the paper (%d)", what, a.Status)
		}
	}
	if !c.Get(sign).Has(name) {
		t.Error("who may not be visited may still come and sign")
	}
	if after := c.Get(at + "?tab=after"); strings.Contains(section(after.Body, "s-follow"), name) {
		t.Error("who refused to be visited is to be followed up")
	}
	if a := c.Get(c.Post(at+"/sheets", "kind", "walk", "blank", "1").Location); a.Has(name) || !a.Has("1 người đã từ chối liên lạc") {
		t.Error("a new list to walk by does not say that somebody is left out")
	}
	say("all")
	if c.Get(sign).Has(name) {
		t.Error("who refused everything is on the list to sign")
	}
	if form := c.Get(strings.Replace(sign, "/sheet?", "/key?", 1)); !form.Has(name) {
		t.Error("a list that was carried out before must still be keyed back")
	}
}

// TestAHouseDoesNotGoByTheNameOfARefusingHead prints a list to walk by for a member of a household whose head refused visits.
func TestAHouseDoesNotGoByTheNameOfARefusingHead(t *testing.T) {
	site := webtest.New(t)
	c, o, ctx, in := site.As(t, "director"), site.Home, context.Background(), scopeOfHome(site)
	wife, err := site.DB.AddPerson(ctx, in, byDirector(site), loa.Person{Name: "Vàng Thị Nhà mau", Area: o.Village1, Household: o.Household, Relation: "spouse", Sex: loa.Female})
	if err != nil {
		t.Fatal(err)
	}
	sh, err := site.DB.MakeSheet(ctx, in, byDirector(site), store.Sheet{Session: o.Held, Kind: "walk", People: []loa.PersonID{wife.ID}, Blank: 1})
	if err != nil {
		t.Fatal(err)
	}
	at := "/sessions/" + string(o.Held) + "/sheet?code=" + sh.Code
	if a := c.Get(at); !a.Has("Sùng A Mẫu mau", "Vàng Thị Nhà mau") {
		t.Fatal("the house does not go by its head")
	}
	c.Post("/people/"+string(o.Person)+"/consent", "purpose", "care", "channel", "visit", "agreed", "0")
	if a := c.Get(at); a.Has("Sùng A Mẫu mau") || !a.Has("nhà của Vàng Thị Nhà mau") {
		t.Error("the head who refused to be visited names the house")
	}
}

// section is the part of a page under the heading with an ID.
func section(body, id string) string {
	_, rest, _ := strings.Cut(body, `id="`+id+`"`)
	in, _, _ := strings.Cut(rest, "</section>")
	return in
}

func cellsOf(t *testing.T, body string) string {
	t.Helper()
	book, err := sheet.Open("x.xlsx", strings.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for row, err := range book.Rows(0) {
		if err != nil {
			t.Fatal(err)
		}
		for _, cell := range row.Cells {
			out.WriteString(cell.Text + "|")
		}
		out.WriteString("\n")
	}
	return out.String()
}
