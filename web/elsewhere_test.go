package web_test

import (
	"net/http"
	"net/url"
	"testing"

	"loa/web/webtest"
)

// TestANarrowedPlaceSaysSo opens pages of one commune while the top bar is set to another: the page says so and leads there.
func TestANarrowedPlaceSaysSo(t *testing.T) {
	s := webtest.New(t)
	c := s.As(t, "director")
	person := "/people/" + string(s.Home.Person)
	c.Get("/place?area=" + string(s.Home.Commune2))
	for _, page := range []string{person, "/areas/" + string(s.Home.Commune1), "/coverage/people?kind=in&area=" + string(s.Home.Commune1)} {
		a := c.Get(page)
		if a.Status != http.StatusNotFound || !a.Has("mở trang") || !a.Has("/place?area=&amp;next="+url.QueryEscape(page)) {
			t.Errorf("%s while another commune is chosen: %d, says no way back", page, a.Status)
		}
	}
	if a := c.Get("/areas/" + string(s.Home.Commune1)); !a.Has("Trang này là của") {
		t.Error("the page of a commune does not say whose it is")
	}
	if a := c.Follow("/place?area=&next=" + url.QueryEscape(person)); a.Status != http.StatusOK {
		t.Errorf("the way back answers %d", a.Status)
	}
	if a := c.Get("/people/" + string(s.Far.Person)); a.Status != http.StatusNotFound || a.Has("mở trang") {
		t.Errorf("another office's person over the whole area: %d", a.Status)
	}
	officer := s.As(t, "officer") // of one commune: there is nothing to widen
	if a := officer.Get("/people/" + string(s.Far.Person)); a.Status != http.StatusNotFound || a.Has("mở trang") {
		t.Errorf("the officer of one commune: %d", a.Status)
	}
	if a := c.Get("/coverage?scheme=hi&page=2"); !a.Has("next=" + url.QueryEscape("/coverage?scheme=hi")) {
		t.Error("choosing a place forgets the filters of the page")
	}
}
