package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"loa"
	"loa/auth"
	"loa/store"
	"loa/store/storetest"
)

// fanned is what a process that fanned a broadcast out alone tells of itself.
type fanned struct {
	Seconds float64
	CPU     float64
	Before  float64 // MB, the database open and nothing done
	Peak    float64 // MB: all of the process, as the system counts it
	Server  float64 // seconds of processor that PostgreSQL spent for it
	Files   float64 // MB of it: pages of the database file that the system lends and takes back
	Err     string
}

// BenchmarkFanOut puts a broadcast to a million people into the ledger, as the engine does it, in a process of its own, with every gate:
// telephones shared, wrong and refused, followers, consents and refusals, visits, sessions and an earlier broadcast that count against
// the cap, hours, four rungs and three languages. LOA_BENCH_PEOPLE makes it smaller.
func BenchmarkFanOut(b *testing.B) {
	n := 1_000_000
	if v, err := strconv.Atoi(os.Getenv("LOA_BENCH_PEOPLE")); err == nil {
		n = v
	}
	for _, postgres := range []bool{false, true} {
		if postgres && !storetest.HasPostgres() {
			continue
		}
		b.Run(map[bool]string{false: "SQLite", true: "PostgreSQL"}[postgres], func(b *testing.B) {
			db := storetest.Empty(b, postgres)
			if err := db.Migrate(b.Context()); err != nil {
				b.Fatal(err)
			}
			s := newSender(b, db)
			ids := fillRegister(b, s, postgres, n)
			id := toEverybody(b, s, ids)
			for b.Loop() {
				got := fanOutElsewhere(b, storetest.Address(b, db))
				counts, err := db.DeliveryCounts(b.Context(), s.Whole, id)
				if err != nil {
					b.Fatal(err)
				}
				var sum int64
				for state, n := range counts {
					b.ReportMetric(float64(n), string(state))
					sum += n
				}
				if sum != int64(n) || len(counts) < 3 {
					b.Fatalf("%d in the ledger of %d people: %v", sum, n, counts)
				}
				b.ReportMetric(float64(n)/got.Seconds, "people/s")
				b.ReportMetric(got.CPU/float64(n)*1e6, "cpu-us/person")
				if postgres {
					b.ReportMetric(got.Server/float64(n)*1e6, "server-us/person")
				}
				b.ReportMetric(got.Before, "before-MB")
				b.ReportMetric(got.Peak, "peak-MB")
				b.ReportMetric(got.Files, "of-it-file-MB")
			}
		})
	}
}

// fillRegister writes n people with all that the gate looks at, by one statement each: what is measured is what comes after.
func fillRegister(b *testing.B, s *sender, postgres bool, n int) (ids []loa.PersonID) {
	b.Helper()
	hex, from := `printf('%012x', i)`, fmt.Sprintf(`(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) SELECT i FROM n)`, n)
	digits := `printf('%07d', i / 2)`
	if postgres {
		hex, from, digits = `lpad(to_hex(i), 12, '0')`, fmt.Sprintf(`generate_series(1, %d)`, n), `lpad((i / 2)::text, 7, '0')`
	}
	id := `'00000000-0000-7000-9000-' || ` + hex
	village := fmt.Sprintf(`CASE i %% 3 WHEN 0 THEN '%s' WHEN 1 THEN '%s' ELSE '%s' END`, s.Villages[0], s.Villages[1], s.Villages[2])
	office, day, at := string(s.Office.ID), string(storetest.Today.Add(-3)), s.By.At.AddDate(0, 0, -3).UnixMilli()
	session := loa.NewID()
	for _, q := range []string{
		`INSERT INTO person_row (id, office_id, area_id, name, folded, sort_key, born_year, sex, ethnic, language, phone, phone_shared, phone_bad)
			SELECT ` + id + `, '` + office + `', ` + village + `, 'Giàng A Mẫu', 'giang a mau', 'mau', 1980, 'male', 'mong', CASE i % 10 WHEN 0 THEN 'mong' WHEN 1 THEN 'thai' ELSE 'vietnamese' END,
			CASE WHEN i % 8 = 0 THEN '' ELSE '+8491' || ` + digits + ` END, i % 12 = 1, i % 40 = 2 FROM ` + from + ` x(i)`,
		`INSERT INTO consent_fact (id, office_id, area_id, person_id, purpose, channel, agreed, happened_on, recorded_at, recorded_by)
			SELECT '00000000-0000-7000-a000-' || ` + hex + `, '` + office + `', ` + village + `, ` + id + `, 'care', CASE i % 3 WHEN 0 THEN 'all' WHEN 1 THEN 'sms' ELSE 'zalo' END, i % 4 > 0, '` + day + `', 0, '' FROM ` + from + ` x(i) WHERE i % 5 = 0`,
		`INSERT INTO attendance_fact (id, office_id, area_id, session_id, person_id, n, happened_on, happened_at, recorded_at, recorded_by)
			SELECT '00000000-0000-7000-b000-' || ` + hex + `, '` + office + `', ` + village + `, '` + session + `', ` + id + `, 1, '` + day + `', 0, 0, '' FROM ` + from + ` x(i) WHERE i % 6 = 0`,
		`INSERT INTO visit_fact (id, office_id, area_id, person_id, outcome, happened_on, happened_at, recorded_at, recorded_by)
			SELECT '00000000-0000-7000-c000-' || ` + hex + `, '` + office + `', ` + village + `, ` + id + `, 'met', '` + day + `', 0, 0, '' FROM ` + from + ` x(i) WHERE i % 9 = 0`,
		`INSERT INTO address (office_id, network, address, person_id, linked_at) SELECT '` + office + `', 'zalo', 'u' || ` + hex + `, ` + id + `, 1 FROM ` + from + ` x(i) WHERE i % 4 = 0`,
		`INSERT INTO address (office_id, network, address, opted_out_at) SELECT '` + office + `', 'tel', '8491' || ` + digits + `, 1 FROM ` + from + ` x(i) WHERE i % 50 = 0`,
		`INSERT INTO delivery (id, office_id, area_id, broadcast_id, person_id, rung, channel_id, network, address, state, first_at, sent_at)
			SELECT '00000000-0000-7000-d000-' || ` + hex + `, '` + office + `', ` + village + `, 'earlier', ` + id + `, 0, 'c', 'tel', '8491', 'sent', ` + fmt.Sprint(at) + `, ` + fmt.Sprint(at) + ` FROM ` + from + ` x(i) WHERE i % 3 = 0`,
	} {
		if !postgres { // SQLite names the columns of a query otherwise
			q = strings.ReplaceAll(q, ` x(i)`, ``)
		}
		if _, err := s.DB.Writer().ExecContext(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
	for _, q := range []string{
		`INSERT INTO session (id, office_id, area_id, form, title, folded, on_day, start_min, end_min, state, created_at, created_by) VALUES ('` + session + `', '` + office + `', '` + string(s.Villages[0]) + `', 'conference', 'Mẫu', 'mau', '` + day + `', 480, 540, 'held', 0, '')`,
		`ANALYZE`,
	} {
		if _, err := s.DB.Writer().ExecContext(b.Context(), q); err != nil {
			b.Fatal(err)
		}
	}
	for i := range n {
		ids = append(ids, loa.PersonID(fmt.Sprintf("00000000-0000-7000-9000-%012x", i+1)))
	}
	return ids
}

// toEverybody is an approved broadcast to all of them, over four rungs.
func toEverybody(b *testing.B, s *sender, ids []loa.PersonID) loa.BroadcastID {
	b.Helper()
	ctx := b.Context()
	earlier := loa.Broadcast{ID: "earlier", Area: s.Anchor, Title: "Nhắc tháng trước", Script: s.script.ID, ScriptVersion: s.script.Version, Purpose: loa.Care, Priority: loa.Normal, State: loa.BroadcastDraft,
		Ladder: []loa.Rung{{Form: "sms", Network: "tel", Channel: s.channel}}, Audience: loa.Audience{Areas: []loa.AreaID{s.CommuneA}}, Window: loa.Window{From: storetest.Today, Start: 0, End: 24 * 60}}
	this := earlier
	this.ID, this.Ladder = loa.BroadcastID(loa.NewID()), []loa.Rung{{Form: "zalo", Network: "zalo", Channel: "oa"}, {Form: "sms", Network: "tel", Channel: s.channel, Wait: 24}, {Network: loa.CallList}, {Network: loa.VisitList}}
	snapshot := loa.Snapshot{ID: loa.SnapshotID(loa.NewID()), UsedBy: "broadcast", UsedID: string(this.ID), AsOf: storetest.Today, Members: ids, Rule: loa.Rule{Field: "area", Values: []string{string(s.Anchor)}}}
	if err := s.DB.SaveSnapshot(ctx, s.Whole, s.By, snapshot); err != nil {
		b.Fatal(err)
	}
	this.Snapshot = snapshot.ID
	for _, x := range []loa.Broadcast{earlier, this} {
		if err := s.DB.AddBroadcast(ctx, s.Whole, s.By, x); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := s.DB.ChangeBroadcast(ctx, s.Whole, s.By, this.ID, "submitted", func(x *loa.Broadcast) error { return x.Submit(0, 200) }); err != nil {
		b.Fatal(err)
	}
	return this.ID
}

func fanOutElsewhere(b *testing.B, address string) (out fanned) {
	b.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env, cmd.Stderr = append(os.Environ(), "LOA_BENCH_FAN="+address), os.Stderr
	raw, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(raw, &out)
	}
	if err != nil || out.Err != "" {
		b.Fatalf("%v %s", err, out.Err)
	}
	return out
}

// fanOutAlone is that process: the engine takes every broadcast that may begin a step further, and tells how long that took and what
// memory it needed.
func fanOutAlone(address string) {
	var out fanned
	defer func() { json.NewEncoder(os.Stdout).Encode(out) }()
	ctx := context.Background()
	noon := time.Date(2025, 11, 30, 12, 0, 0, 0, loa.Zone)
	begun := time.Now()
	now := func() time.Time { return noon.Add(time.Since(begun)) }
	db, err := store.Open(ctx, address, store.Options{Grace: storetest.Grace{}, Long: true})
	if err != nil {
		out.Err = err.Error()
		return
	}
	defer db.Close()
	e := newEngine(db, newAccounts(db, auth.NewSealer(make([]byte, 32)), now, slog.New(slog.DiscardHandler), ""), now, slog.New(slog.NewTextHandler(os.Stderr, nil)))
	going, err := db.BroadcastsGoing(ctx, storetest.Today)
	if err != nil {
		out.Err = err.Error()
		return
	}
	out.Before = statusMB("VmHWM")
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() { // the system keeps no mark of how much of the peak was lent
		defer close(watched)
		for {
			out.Files = max(out.Files, statusMB("RssFile"))
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	out.Server = -serverSeconds(db) // of what filled it
	var before, after syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &before)
	start := time.Now()
	if f := os.Getenv("LOA_FAN_PROFILE"); f != "" {
		w, _ := os.Create(f)
		pprof.StartCPUProfile(w)
		defer pprof.StopCPUProfile()
	}
	for _, b := range going {
		if err := e.broadcast(ctx, b); err != nil {
			out.Err = err.Error()
		}
	}
	out.Seconds = time.Since(start).Seconds()
	syscall.Getrusage(syscall.RUSAGE_SELF, &after)
	out.CPU = time.Duration(after.Utime.Nano() + after.Stime.Nano() - before.Utime.Nano() - before.Stime.Nano()).Seconds()
	close(stop)
	<-watched
	out.Server += serverSeconds(db)
	out.Peak = statusMB("VmHWM")
}

// serverSeconds is the processor time of the server's processes that this one's connections talk to.
func serverSeconds(db *store.DB) (sum float64) {
	if !db.Postgres() {
		return 0
	}
	rows, err := db.Writer().Query(`SELECT pid FROM pg_stat_activity WHERE datname = current_database()`)
	if err != nil {
		return 0
	}
	defer rows.Close()
	for rows.Next() {
		var pid int
		if rows.Scan(&pid) != nil {
			return 0
		}
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
		if err != nil {
			continue // on another machine
		}
		of := strings.Fields(string(raw[strings.LastIndexByte(string(raw), ')')+1:]))
		user, _ := strconv.ParseFloat(of[11], 64)
		system, _ := strconv.ParseFloat(of[12], 64)
		sum += (user + system) / 100
	}
	return sum
}

// statusMB is a line of what the system knows of this process, in MB.
func statusMB(name string) float64 {
	raw, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kB, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kB * 1024 / 1e6
		}
	}
	return 0
}
