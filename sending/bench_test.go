package sending_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// TestMain becomes the provider when it is asked to, a process of its own, so that its processor time is not counted as Loa's; or the
// sender that is killed.
func TestMain(m *testing.M) {
	if os.Getenv("LOA_KILL_SENDER") != "" {
		sendUntilKilled()
		return
	}
	if os.Getenv("LOA_BENCH_PROVIDER") == "" {
		os.Exit(m.Run())
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString("http://" + l.Addr().String() + "\n")
	var n atomic.Int64
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"CodeResult": "100", "SMSID": n.Add(1)})
	}))
}

func startProvider(b *testing.B) string {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "LOA_BENCH_PROVIDER=1")
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	line := make([]byte, 64)
	n, err := out.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	return strings.TrimSpace(string(line[:n]))
}

// used is the processor time of this process.
func used() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// post is what the bare client and the adapter both do: one request each.
func post(ctx context.Context, client *http.Client, at string, m channel.Message) error {
	body, err := json.Marshal(map[string]string{"ApiKey": "key", "SecretKey": "secret", "Phone": m.To, "Content": m.Text, "Brandname": "BHXH", "SmsType": "2", "IsUnicode": "0", "Sandbox": "0", "RequestId": m.ID})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, at, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	var answer struct {
		CodeResult string
		SMSID      int64
	}
	return json.NewDecoder(res.Body).Decode(&answer)
}

type gateway struct {
	client *http.Client
	at     string
}

func (g gateway) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if err := post(ctx, g.client, g.at, m); err != nil {
		return channel.Receipt{}, channel.Lost(err)
	}
	return channel.Receipt{Ref: "r" + m.ID, Parts: 1}, nil
}

// benchMessages is how many messages are sent, each as one request to another process on this machine.
const benchMessages = 100_000

func benchSend(b *testing.B, address string, repeatable time.Duration) {
	db, err := store.Open(context.Background(), address, store.Options{Grace: storetest.Grace{}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	server := func() time.Duration { return 0 }
	if strings.HasPrefix(address, "postgres") {
		server = serverUsed(b, address)
	}
	at := startProvider(b)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	f, id, br := office(b, db, benchMessages)
	for b.Loop() {
		before := used()
		bare(b, client, at)
		alone := used() - before
		before, servers := used(), server()
		start := time.Now()
		d := sending.Dispatcher{Store: db, Composer: words{}, Now: func() time.Time { return f.By.At }, By: "0123456789ab", Group: 256, Large: 1024, Width: 32, Lease: time.Minute, Patience: 10 * time.Second}
		tried, _, err := d.Turn(context.Background(), sending.Account{ID: id, Adapter: gateway{client, at}, Repeatable: repeatable}, 2*benchMessages)
		if err != nil || tried != benchMessages {
			b.Fatalf("%d tried, %v", tried, err)
		}
		of := server() - servers
		loas := used() - before + of
		counts, err := db.DeliveryCounts(context.Background(), f.Whole, br)
		if err != nil || counts[loa.DeliverySent] != benchMessages {
			b.Fatalf("%v, %v", counts, err)
		}
		b.ReportMetric(float64(loas)/float64(alone), "x-bare")
		b.ReportMetric(float64(alone.Microseconds())/benchMessages, "bare-us/msg")
		b.ReportMetric(float64(loas.Microseconds())/benchMessages, "loa-us/msg")
		b.ReportMetric(float64(of.Microseconds())/benchMessages, "server-us/msg")
		b.ReportMetric(benchMessages/time.Since(start).Seconds(), "msg/s")
	}
}

// bare sends the same bodies with nothing around: 32 at a time, as the dispatcher does.
func bare(b *testing.B, client *http.Client, at string) {
	work := make(chan int)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for i := range work {
				id := loa.NewID()
				if err := post(context.Background(), client, at, channel.Message{ID: strings.ReplaceAll(id, "-", ""), To: "84912345678", Text: "Nhắc đóng"}); err != nil {
					b.Errorf("%d: %v", i, err)
				}
			}
		})
	}
	for i := range benchMessages {
		work <- i
	}
	close(work)
	all.Wait()
}

// BenchmarkSend compares the processor time of sending, the database's server included, with that of a bare client: over a provider that
// drops what it had, where a group may be large, and over one that does not.
func BenchmarkSend(b *testing.B) {
	for _, engine := range []string{"sqlite", "postgres"} {
		for name, repeatable := range map[string]time.Duration{"drops_repeats": 24 * time.Hour, "drops_nothing": 0} {
			b.Run(engine+"_"+name, func(b *testing.B) {
				if storetest.Addresses(b)[engine] == "" {
					b.Skip("needs PostgreSQL; make bench brings it")
				}
				benchSend(b, storetest.Addresses(b)[engine], repeatable)
			})
		}
	}
}

// serverUsed tells the processor time of a PostgreSQL on this machine: of its first process, of those it has ended, and of those at work.
func serverUsed(b *testing.B, address string) func() time.Duration {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		b.Fatal(err)
	}
	defer pool.Close()
	var backend int
	if err := pool.QueryRow(`SELECT pg_backend_pid()`).Scan(&backend); err != nil {
		b.Fatal(err)
	}
	first, _ := processOf(backend)
	return func() time.Duration {
		_, all := processOf(first)
		entries, err := os.ReadDir("/proc")
		if err != nil {
			b.Fatal(err)
		}
		for _, e := range entries {
			if pid, err := strconv.Atoi(e.Name()); err == nil {
				if parent, took := processOf(pid); parent == first {
					all += took
				}
			}
		}
		return all
	}
}

// processOf is the parent of a process, and the processor time it and its ended children took; zero for one that is gone.
func processOf(pid int) (parent int, took time.Duration) {
	raw, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return 0, 0
	}
	fields := strings.Fields(string(raw[bytes.LastIndexByte(raw, ')')+1:])) // the name before may hold blanks
	parent, _ = strconv.Atoi(fields[1])
	for _, f := range fields[11:15] {
		ticks, _ := strconv.ParseInt(f, 10, 64)
		took += time.Duration(ticks) * time.Second / 100
	}
	return parent, took
}
