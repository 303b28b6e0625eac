package web_test

import (
	"context"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"loa"
	"loa/demo"
	"loa/policy"
	"loa/store"
	"loa/web/webtest"
)

// times collects how long answers took and reports what docs/PERFORMANCE.md quotes.
type times struct {
	mu   sync.Mutex
	took []time.Duration
	cpu  time.Duration // of the whole process when the measuring began
}

// processor is the time the process has had on the processors: unlike time on the clock it says little about what else the
// machine was doing.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func (t *times) add(d time.Duration) {
	t.mu.Lock()
	t.took = append(t.took, d)
	t.mu.Unlock()
}

func (t *times) report(b *testing.B) {
	slices.Sort(t.took)
	at := func(percent int) float64 {
		i := min(len(t.took)-1, len(t.took)*percent/100)
		return float64(t.took[i].Microseconds()) / 1000
	}
	if len(t.took) == 0 {
		return
	}
	b.ReportMetric(float64((processor()-t.cpu).Microseconds())/1000/float64(len(t.took)), "cpu-ms")
	b.ReportMetric(at(50), "p50-ms")
	b.ReportMetric(at(95), "p95-ms")
	b.ReportMetric(at(100), "max-ms")
	b.ReportMetric(0, "ns/op") // the mean says less than the rest
}

// pages opens one page after another, b.N of them, by as many browsers at once as clients, and reports how long they took.
func pages(b *testing.B, clients []*webtest.Client, path func(i int) string) {
	b.Helper()
	t := times{cpu: processor()}
	var wg sync.WaitGroup
	next := make(chan int)
	for _, c := range clients {
		wg.Go(func() {
			for i := range next {
				p := path(i)
				start := time.Now()
				a := c.Get(p)
				t.add(time.Since(start))
				if a.Status != http.StatusOK {
					b.Errorf("%s: %d", p, a.Status)
				}
			}
		})
	}
	b.ResetTimer()
	for i := range b.N {
		next <- i
	}
	close(next)
	wg.Wait()
	t.report(b)
}

func director(b *testing.B, db *store.DB) loa.OfficerID {
	b.Helper()
	people, err := db.DemoOfficers(context.Background())
	if err != nil {
		b.Fatal(err)
	}
	for _, p := range people {
		if p.Role == loa.Director {
			return p.ID
		}
	}
	b.Fatal("the demo has no director")
	return ""
}

func fullScope(b *testing.B, db *store.DB) loa.Scope {
	b.Helper()
	ctx := context.Background()
	offices, err := db.Offices(ctx)
	if err != nil {
		b.Fatal(err)
	}
	return loa.Scope{Office: offices[0].ID, Ranges: []loa.Range{{From: "\x01", To: "\x7f"}}}
}

// memory is how much the heap holds after a collection, in MB.
func memory() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// demoOffice is the demo as it is served, in a database of its own on SQLite.
func demoOffice(b *testing.B) *store.DB {
	b.Helper()
	p, err := policy.Embedded()
	if err != nil {
		b.Fatal(err)
	}
	grace := policy.Grace{Parameters: p}
	bulk, err := demo.Make(demo.Options{Seed: 1, Grace: grace})
	if err != nil {
		b.Fatal(err)
	}
	path := b.TempDir() + "/loa.db"
	db := openBench(b, path, store.Options{Grace: grace, Fast: true})
	if err := db.Fill(context.Background(), bulk); err != nil {
		b.Fatal(err)
	}
	if err := db.Settle(context.Background()); err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
	db = openBench(b, path, store.Options{Grace: grace})
	b.Cleanup(func() { db.Close() })
	return db
}

// BenchmarkOffice opens the office's daily pages on the demo: by eight browsers at once while nothing changes, by eight while
// somebody saves something every second, and by one right after each change.
func BenchmarkOffice(b *testing.B) {
	db := demoOffice(b)
	s := webtest.Over(b, db)
	in := fullScope(b, db)
	who := director(b, db)
	if err := s.Server.Warm(context.Background()); err != nil {
		b.Fatal(err)
	}
	defer debug.SetGCPercent(debug.SetGCPercent(200)) // as loa serve does
	_, people := sampleOf(b, db, in)
	by := loa.By{Officer: who, At: s.Now()}
	var eight []*webtest.Client
	for range 8 {
		eight = append(eight, s.SignedIn(b, who))
	}
	for _, page := range []struct {
		name string
		path func(i int) string
	}{
		{"today", func(int) string { return "/" }},
		{"coverage", func(int) string { return "/coverage" }},
		{"people", func(int) string { return "/people" }},
		{"person", func(i int) string {
			p := people[i%len(people)]
			return "/households/" + string(p.Household) + "?person=" + string(p.ID)
		}},
	} {
		b.Run(page.name+"/nothing_changes", func(b *testing.B) { pages(b, eight, page.path) })
		b.Run(page.name+"/a_save_every_second", func(b *testing.B) {
			stop, ended := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(ended)
				tick := time.NewTicker(time.Second)
				defer tick.Stop()
				for i := 0; ; i++ {
					select {
					case <-stop:
						return
					case <-tick.C:
						rename(b, db, in, by, people[i%len(people)].ID)
					}
				}
			}()
			pages(b, eight, page.path)
			close(stop)
			<-ended
		})
		b.Run(page.name+"/right_after_a_change", func(b *testing.B) {
			t := times{cpu: processor()}
			for i := range b.N {
				rename(b, db, in, by, people[i%len(people)].ID)
				start := time.Now()
				if a := eight[0].Get(page.path(i)); a.Status != http.StatusOK {
					b.Fatalf("%d", a.Status)
				}
				t.add(time.Since(start))
			}
			t.report(b)
		})
	}
	b.Run("report_of_a_year", func(b *testing.B) {
		t := times{cpu: processor()}
		for i := range b.N {
			rename(b, db, in, by, people[i%len(people)].ID)
			start := time.Now()
			if a := eight[0].Get("/reports?from=2025-01&to=2025-12"); a.Status != http.StatusOK {
				b.Fatalf("%d", a.Status)
			}
			t.add(time.Since(start))
		}
		t.report(b)
	})
	b.Run("duplicates", func(b *testing.B) {
		t := times{cpu: processor()}
		for i := range b.N {
			rename(b, db, in, by, people[i%len(people)].ID)
			start := time.Now()
			if a := eight[0].Get("/register/duplicates"); a.Status != http.StatusOK {
				b.Fatalf("%d", a.Status)
			}
			t.add(time.Since(start))
		}
		t.report(b)
	})
}
