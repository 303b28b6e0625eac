package web

import (
	"bytes"
	"context"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store/storetest"
)

// TestLawOfAnOfficeIsSeenAtOnce answers by an office's row as soon as it is approved, in every process, and by the law as it was
// known at an earlier moment.
func TestLawOfAnOfficeIsSeenAtOnce(t *testing.T) {
	db := storetest.SQLite(t)
	f := storetest.Office(t, db)
	ctx := context.Background()
	now := time.Date(2026, 11, 27, 9, 0, 0, 0, loa.Zone)
	var servers []*Server
	for range 2 { // two processes on one database
		s, err := New(Options{DB: db, Now: func() time.Time { return now }, Sealer: auth.NewSealer(bytes.Repeat([]byte{7}, 32))})
		if err != nil {
			t.Fatal(err)
		}
		servers = append(servers, s)
	}
	line := func(s *Server) int64 {
		law, err := s.lawOf(ctx, f.Whole.Office)
		if err != nil {
			t.Fatal(err)
		}
		row, _ := law.At("poverty_line.rural", "2027-02-01")
		return row.Value
	}
	row := loa.PolicyRow{ID: loa.NewID(), Name: "poverty_line.rural", From: "2027-01-01", Value: 2_200_000, Unit: "dong", Cites: "Nghị định 351/2025/NĐ-CP", Source: "Công văn", Confirmed: true}
	if err := db.ProposePolicyRow(ctx, f.Whole, loa.By{Officer: "a", At: now}, row); err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		if n := line(s); n != 0 {
			t.Errorf("a proposed row is in force: %d", n)
		}
	}
	if err := db.DecidePolicyRow(ctx, f.Whole, loa.By{Officer: "b", At: now.Add(time.Hour)}, row.ID, true, ""); err != nil {
		t.Fatal(err)
	}
	for _, s := range servers {
		if n := line(s); n != row.Value {
			t.Errorf("the approved row is not in force: %d", n)
		}
	}
	before, err := servers[0].lawKnown(ctx, f.Whole.Office, now)
	if err != nil {
		t.Fatal(err)
	}
	if r, ok := before.At("poverty_line.rural", "2027-02-01"); ok {
		t.Errorf("the law known before the approval has %v", r)
	}
}
