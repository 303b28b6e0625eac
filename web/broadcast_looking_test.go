package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"loa"
	"loa/web/webtest"
)

// lookedAt follows the page of a large audience until it goes on.
func lookedAt(t *testing.T, c *webtest.Client, at string) (to string, page webtest.Answer) {
	t.Helper()
	for range 400 {
		a := c.Get(at + "/looking")
		if a.Status == http.StatusSeeOther {
			return a.Location, a
		}
		if a.Status != http.StatusOK || a.Has(`role="alert"`) {
			return "", a
		}
		if !a.Has(`role="progressbar"`) {
			t.Fatalf("no progress is shown: %d %.300s", a.Status, a.Body)
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatal("it never came to an end")
	return "", webtest.Answer{}
}

// TestLargeAudienceIsLookedAtBesideTheRequest: submitting to many answers at once with a page that shows how far it is; at the end the
// broadcast is submitted as a small one is, with everybody in it, and the list of people goes the same way.
func TestLargeAudienceIsLookedAtBesideTheRequest(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	site.Server.LookBesideOver(0)
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	a := officer.Post(at+"/submit", typed(site, ids)...)
	if a.Status != http.StatusSeeOther || a.Location != at+"/looking" {
		t.Fatalf("%d %s", a.Status, a.Location)
	}
	if to, page := lookedAt(t, officer, at); to != at {
		t.Fatalf("it went to %q: %d %.400s", to, page.Status, page.Body)
	}
	b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	if b.State != loa.BroadcastSubmitted || b.Reckoned.People != 1 || b.Reckoned.Messages() != 1 || b.ScriptVersion != 1 {
		t.Fatalf("%+v", b)
	}
	snap, err := site.DB.Snapshot(context.Background(), wholeOf(t, site, site.Home), b.Snapshot)
	if err != nil || len(snap.Members) != 1 || snap.Members[0] != site.Home.Person {
		t.Errorf("frozen: %+v, %v", snap, err)
	}
	director := site.As(t, "director")
	list := at + "/audience?why=message"
	for range 3 { // it was looked at a moment ago, or is now
		if a = director.Get(list); a.Status != http.StatusSeeOther {
			break
		}
		if to, page := lookedAt(t, director, at); to != list {
			t.Fatalf("the list went to %q: %.400s", to, page.Body)
		}
	}
	if a.Status != http.StatusOK || !a.Has("Đợt") {
		t.Errorf("the list: %d %.300s", a.Status, a.Body)
	}
}

// TestLargeAudienceThatCannotBeSubmitted: what is refused once everybody was looked at is said on the page, the draft stays as it was, and
// may be mended and submitted.
func TestLargeAudienceThatCannotBeSubmitted(t *testing.T) {
	site, ids, _ := broadcastSite(t)
	site.Server.LookBesideOver(-1)
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	id := loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))
	nobody := segmentOfNobody(t, site)
	fields := typed(site, ids)
	for i := range fields {
		if fields[i] == string(site.Home.Segment) {
			fields[i] = string(nobody)
		}
	}
	if a := officer.Post(at+"/submit", fields...); a.Status != http.StatusSeeOther || a.Location != at+"/looking" {
		t.Fatalf("%d %s %.300s", a.Status, a.Location, a.Body)
	}
	if to, page := lookedAt(t, officer, at); to != "" || !page.Has("Không còn ai", at) {
		t.Errorf("it went to %q: %.600s", to, page.Body)
	}
	if b := broadcastNow(t, site, id); b.State != loa.BroadcastDraft || b.Snapshot != "" {
		t.Fatalf("%+v", b)
	}
	if a := officer.Post(at+"/submit", typed(site, ids)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted again: %d %.300s", a.Status, a.Body)
	}
	if to, page := lookedAt(t, officer, at); to != at || broadcastNow(t, site, id).State != loa.BroadcastSubmitted {
		t.Errorf("it went to %q: %.300s", to, page.Body)
	}
}

func segmentOfNobody(t *testing.T, site *webtest.Site) loa.SegmentID {
	t.Helper()
	seg := loa.Segment{ID: loa.SegmentID(loa.NewID()), Name: "Không ai", Rule: loa.Rule{All: []loa.Rule{{Field: "phone"}, {Not: &loa.Rule{Field: "phone"}}}}}
	if err := site.DB.SaveSegment(context.Background(), wholeOf(t, site, site.Home), loa.By{Officer: site.Home.Officers["director"], At: site.Now()}, seg); err != nil {
		t.Fatal(err)
	}
	return seg.ID
}
