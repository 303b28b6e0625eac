package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"loa"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// benchPeople is how many are told in BenchmarkBroadcast.
const benchPeople = 20_000

// benchGateway is the provider of BenchmarkBroadcast in a process of its own, so that its processor time is not counted.
func benchGateway() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	os.Stdout.WriteString("http://" + l.Addr().String() + "\n")
	var mu sync.Mutex
	n := 0
	http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		mu.Lock()
		n++
		id := n
		mu.Unlock()
		json.NewEncoder(w).Encode(map[string]any{"CodeResult": "100", "SMSID": id})
	}))
}

// BenchmarkBroadcast sends a broadcast as the program does: claimed, looked at anew, its words filled by the calculator, sent by the driver,
// written down; against a bare client that sends the same bodies to the same gateway.
func BenchmarkBroadcast(b *testing.B) {
	db, err := store.Open(b.Context(), storetest.Addresses(b)["sqlite"], store.Options{Grace: storetest.Grace{}})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	gateway := exec.Command(os.Args[0])
	gateway.Env = append(os.Environ(), "LOA_BENCH_GATEWAY=1")
	out, err := gateway.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := gateway.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { gateway.Process.Kill(); gateway.Wait() }()
	line := make([]byte, 64)
	n, err := out.Read(line)
	if err != nil {
		b.Fatal(err)
	}
	url := strings.TrimSpace(string(line[:n]))
	s := newSender(b, db)
	account, err := db.OpenChannel(b.Context(), s.channel)
	if err != nil {
		b.Fatal(err)
	}
	settings, err := s.accounts.Settings(account)
	if err != nil {
		b.Fatal(err)
	}
	settings["url"] = url
	sealed, err := s.accounts.Seal(s.Office.ID, s.channel, settings)
	if err != nil {
		b.Fatal(err)
	}
	if _, err := db.Writer().ExecContext(b.Context(), `UPDATE channel SET settings = $1, rate_n = 0, rate_ms = 0 WHERE id = $2`, sealed, s.channel); err != nil {
		b.Fatal(err)
	}
	s.gather(b, benchPeople)
	id := s.broadcast(b, nil)
	if _, err := db.ChangeBroadcast(b.Context(), s.Whole, loa.By{Officer: s.OfficerOne, At: s.now()}, id, "approved", func(x *loa.Broadcast) error {
		return x.Approve(loa.By{Officer: s.OfficerOne, At: s.now()}, benchPeople, 200)
	}); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		s.engine.broadcasts(b.Context()) // puts everybody into the ledger
		s.engine.all.Wait()
		o, err := s.accounts.account(b.Context(), s.channel)
		if err != nil {
			b.Fatal(err)
		}
		before := processor()
		tried, _, err := s.engine.dispatch.Turn(b.Context(), sending.Account{ID: s.channel, Adapter: o.adapter, Repeatable: o.driver.Repeatable}, 10*benchPeople)
		if err != nil || tried < benchPeople {
			b.Fatalf("%d tried, %v", tried, err)
		}
		loas := processor() - before
		before = processor()
		bareClient(b, url, tried)
		alone := processor() - before
		b.ReportMetric(float64(loas)/float64(alone), "x-bare")
		b.ReportMetric(float64(alone.Microseconds())/float64(tried), "bare-us/msg")
		b.ReportMetric(float64(loas.Microseconds())/float64(tried), "loa-us/msg")
	}
}

// bareClient sends so many bodies like the driver's with nothing around, 32 at a time.
func bareClient(b *testing.B, url string, n int) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	work := make(chan int)
	var all sync.WaitGroup
	for range 32 {
		all.Go(func() {
			for range work {
				body, _ := json.Marshal(map[string]string{"ApiKey": "key", "SecretKey": "secret", "Phone": "84912000000", "Content": "Sap het han: Giang A Chu dong 231.000 dong mot thang", "Brandname": "BHXH", "SmsType": "2", "IsUnicode": "0", "Sandbox": "0", "RequestId": loa.NewID()})
				req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url+"/SendMultipleMessage_V4_post_json/", bytes.NewReader(body))
				if err != nil {
					b.Error(err)
					return
				}
				res, err := client.Do(req)
				if err != nil {
					b.Error(err)
					return
				}
				var answer struct{ CodeResult string }
				json.NewDecoder(res.Body).Decode(&answer)
				res.Body.Close()
			}
		})
	}
	for i := range n {
		work <- i
	}
	close(work)
	all.Wait()
}

// processor is the processor time of this process.
func processor() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
