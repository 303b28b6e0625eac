package web_test

import (
	"context"
	"fmt"
	"runtime/debug"
	"testing"

	"loa/web/webtest"
)

// BenchmarkPublic opens public pages of the demo by eight telephones at once that nobody has signed in with.
func BenchmarkPublic(b *testing.B) {
	db := demoOffice(b)
	s := webtest.Over(b, db)
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as loa serve does
	offices, err := db.Offices(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	at := "/public/" + offices[0].Slug
	places, err := db.PublicPlaces(context.Background(), offices[0].ID, webtest.Today)
	if err != nil {
		b.Fatal(err)
	}
	var eight []*webtest.Client
	for range 8 {
		eight = append(eight, s.Anonymous(b))
	}
	for _, page := range []struct {
		name string
		path func(i int) string
	}{
		{"home", func(int) string { return at }},
		{"home_asked_anew", func(i int) string { // nobody has asked this before
			return at + fmt.Sprintf("?who=ethnic_minority&sex=female&put=%d&m=%d&y=%d", 330000+i/700*11000, 1+i%12, 1966+i%53)
		}},
		{"sessions", func(i int) string { return at + "/sessions?commune=" + string(places[i%len(places)].ID) }},
		{"calendar", func(i int) string { return at + "/sessions.ics?commune=" + string(places[i%len(places)].ID) }},
		{"ask", func(int) string { return at + "/ask" }},
	} {
		b.Run(page.name, func(b *testing.B) { pages(b, eight, page.path) })
	}
}
