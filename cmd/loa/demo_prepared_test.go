package main

import (
	"context"
	"slices"
	"strings"
	"testing"

	"loa"
	"loa/demo"
	"loa/segmenting"
	"loa/store"
)

// TestTheDemosPlannedSessionsArePrepared holds what the demo froze in memory to what the register counts, and its letters to one
// series without gaps.
func TestTheDemosPlannedSessionsArePrepared(t *testing.T) {
	site := demoSite(t, demoFolder(t))
	ctx := context.Background()
	offices, err := site.DB.Offices(ctx)
	if err != nil {
		t.Fatal(err)
	}
	office := offices[0]
	in := loa.Scope{Office: office.ID, Ranges: []loa.Range{{From: "", To: "\u007f"}}}
	x := segmenting.New()
	if _, err := site.DB.Profiles(ctx, office.ID, 0, func(part []loa.Profile) error { x.Update(part, 0); return nil }); err != nil {
		t.Fatal(err)
	}
	planned, err := site.DB.Sessions(ctx, in, store.SessionFilter{State: loa.Planned, Limit: 200})
	if err != nil {
		t.Fatal(err)
	}
	frozen, members, letters, yes := 0, 0, 0, 0
	for _, s := range planned {
		snapshots, err := site.DB.Snapshots(ctx, in, string(s.ID))
		if err != nil {
			t.Fatal(err)
		}
		invited, err := site.DB.Invitations(ctx, in, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(invited) == 0 || len(snapshots) != len(invited) {
			t.Errorf("%s invites %d segments and froze %d", s.Title, len(invited), len(snapshots))
		}
		for _, i := range invited {
			at := slices.IndexFunc(snapshots, func(f loa.Snapshot) bool { return f.ID == i.Snapshot && f.Segment == i.Segment })
			if at < 0 {
				t.Fatalf("%s: a segment is tied to no snapshot", s.Title)
			}
			f := snapshots[at]
			want := x.All(segmenting.Query{Rule: f.Rule, Today: demo.AsOf, DueDays: loa.DefaultSettings.DueDays, Within: []loa.AreaID{s.Area}})
			if !slices.Equal(f.Members, want) || f.N != len(want) || f.Area != s.Area || f.AsOf != demo.AsOf {
				t.Errorf("%s, %s: %d frozen, the register counts %d", s.Title, f.Rule.JSON(), f.N, len(want))
			}
			frozen, members = frozen+1, members+f.N
		}
		list, err := site.DB.Letters(ctx, in, s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range list {
			if l.No > 0 {
				letters++
			}
			if l.SaidYes != "" {
				yes++
			}
		}
	}
	if frozen < 100 || members < 5000 || letters == 0 || yes == 0 || yes == letters {
		t.Errorf("%d segments with %d people are frozen, %d letters are numbered, %d partners come", frozen, members, letters, yes)
	}
	series, err := site.DB.Series(ctx, in)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(series, func(s store.Series) bool { return s.Name == "outgoing" && s.Year == 2025 && s.Last > 200 }) {
		t.Errorf("the series of letters stands at %+v", series)
	}
	c := site.As(t, "lo.thi.huong")
	if page := c.Get("/sessions/" + string(planned[0].ID)); strings.Contains(page.Body, "chưa chụp") {
		t.Error("the page says that nothing is frozen")
	}
}
