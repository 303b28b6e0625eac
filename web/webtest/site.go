package webtest

import (
	"bytes"
	"context"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/store/storetest"
	"loa/web"
)

// Site is a server over three invented offices: the one under test, a neighbour in the same province and one far away.
type Site struct {
	URL       string
	DB        *store.DB
	Server    *web.Server
	Home      Office
	Neighbour Office
	Far       Office
	Accounts  *Accounts     // with networks, and whoever plays their providers
	Log       *bytes.Buffer // what the server logged

	mu    sync.Mutex
	shift time.Duration
}

// Compare does the background work of a comparison with an official list, as the job queue would.
func (s *Site) Compare(t testing.TB, id string) {
	t.Helper()
	c := web.Comparer{DB: s.DB, Sealer: auth.NewSealer(bytes.Repeat([]byte{7}, 32)), Now: s.Now}
	if err := c.Compare(context.Background(), id); err != nil {
		t.Fatal(err)
	}
}

// Today is the day every site runs as of, at ten in the morning.
const Today loa.Day = "2025-11-30"

// New serves fresh invented offices; each option may change how.
func New(t testing.TB, options ...func(*web.Options)) *Site {
	t.Helper()
	s := &Site{DB: storetest.SQLite(t), Log: &bytes.Buffer{}}
	b := loa.Bulk{By: loa.By{At: s.Now()}}
	province, far := addProvince(&b, "000", "Tỉnh Mẫu"), addProvince(&b, "999", "Tỉnh Xa")
	s.Home = addOffice(&b, province, "mau", "BHXH cơ sở Mẫu")
	s.Neighbour = addOffice(&b, province, "ben", "BHXH cơ sở Bên")
	s.Far = addOffice(&b, far, "xa", "BHXH cơ sở Xa")
	if err := s.DB.Fill(context.Background(), b); err != nil {
		t.Fatal(err)
	}
	s.addAccount(t, &s.Home)
	for _, o := range []*Office{&s.Home, &s.Neighbour, &s.Far} {
		s.addBroadcast(t, o)
	}
	return s.serve(t, options)
}

// addBroadcast begins a broadcast in the first commune of an office.
func (s *Site) addBroadcast(t testing.TB, o *Office) {
	t.Helper()
	ctx := context.Background()
	areas, err := s.DB.OfficeAreas(ctx, o.ID, Today)
	if err != nil {
		t.Fatal(err)
	}
	in := loa.Scope{Office: o.ID}
	for _, a := range areas {
		in.Ranges = append(in.Ranges, loa.Under(a.Path))
	}
	o.Broadcast = loa.BroadcastID(loa.NewID())
	b := loa.Broadcast{ID: o.Broadcast, Area: o.Commune1, Title: "Đợt phát tin " + o.Word, Purpose: loa.Care, Priority: loa.Normal, Audience: loa.Audience{Segments: []loa.SegmentID{o.Segment}},
		Ladder: []loa.Rung{{Network: loa.CallList}, {Form: loa.VisitForm, Network: loa.VisitList}}, Window: loa.Window{From: Today.Add(1), Start: 480, End: 1200}, Words: []loa.ScriptText{{Lang: "vietnamese", Kind: "long", Text: "Lời mẫu"}}}
	if _, err := s.DB.SaveDraft(ctx, in, loa.By{Officer: o.Officers["officer"], At: s.Now()}, b); err != nil {
		t.Fatal(err)
	}
}

// Over serves a database that the test filled itself, such as the demo's; Home is only its ID.
func Over(t testing.TB, db *store.DB, options ...func(*web.Options)) *Site {
	t.Helper()
	s := &Site{DB: db, Log: &bytes.Buffer{}}
	offices, err := db.Offices(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if len(offices) > 0 {
		s.Home.ID = offices[0].ID
	}
	return s.serve(t, options)
}

func (s *Site) serve(t testing.TB, options []func(*web.Options)) *Site {
	t.Helper()
	o := web.Options{DB: s.DB, Now: s.Now, Log: slog.New(slog.NewTextHandler(&locked{s: s}, nil)), Sealer: auth.NewSealer(bytes.Repeat([]byte{7}, 32))}
	s.Accounts = newAccounts(s)
	o.Channels = s.Accounts
	for _, change := range options {
		change(&o)
	}
	server, err := web.New(o)
	if err != nil {
		t.Fatal(err)
	}
	hs := httptest.NewServer(server.Handler())
	t.Cleanup(hs.Close)
	s.Server, s.URL = server, hs.URL
	return s
}

// Now is the site's clock.
func (s *Site) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Today.Time().Add(3 * time.Hour).Add(s.shift) // midnight UTC is seven in the morning in Việt Nam
}

// Advance moves the site's clock on.
func (s *Site) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shift += d
}

// Logged is what the server has logged so far.
func (s *Site) Logged() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.Log.String()
}

// locked lets handlers write the log while the test reads it.
type locked struct{ s *Site }

func (l *locked) Write(p []byte) (int, error) {
	l.s.mu.Lock()
	defer l.s.mu.Unlock()
	return l.s.Log.Write(p)
}
