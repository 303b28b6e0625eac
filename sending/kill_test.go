package sending_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"loa"
	"loa/policy"
	"loa/sending"
	"loa/store"
	"loa/store/storetest"
)

// killLease is short, so that the test need not wait for what a killed process had claimed.
const killLease = time.Second

// sendUntilKilled is the process that sends: it ends by itself only when nothing is left.
func sendUntilKilled() {
	ctx := context.Background()
	law, err := policy.Embedded()
	if err != nil {
		panic(err)
	}
	db, err := store.Open(ctx, os.Getenv("LOA_KILL_DATABASE"), store.Options{Grace: policy.Grace{Parameters: law}})
	if err != nil {
		panic(err)
	}
	repeatable, err := time.ParseDuration(os.Getenv("LOA_KILL_REPEATABLE"))
	if err != nil {
		panic(err)
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}
	d := sending.Dispatcher{Store: db, Composer: words{}, Now: time.Now, By: loa.NewID()[24:], Group: 256, Width: 32, Lease: killLease, Patience: 2 * time.Second}
	account := sending.Account{ID: loa.ChannelID(os.Getenv("LOA_KILL_CHANNEL")), Repeatable: repeatable, Adapter: gateway{client, os.Getenv("LOA_KILL_PROVIDER")}}
	fmt.Println("sending")
	for idle := 0; idle < 2; {
		if _, err := db.ReleaseLost(ctx, time.Now()); err != nil {
			panic(err)
		}
		tried, _, err := d.Turn(ctx, account, 1_000_000)
		if err != nil {
			panic(err)
		}
		if tried == 0 {
			idle++
			time.Sleep(killLease)
		}
	}
}

// ledger is a provider's own: how often each message came.
type ledger struct {
	mu   sync.Mutex
	came map[string]int
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var m struct{ RequestId string }
	if json.NewDecoder(r.Body).Decode(&m) != nil {
		return // the sender died in the middle of its request: nothing came
	}
	l.mu.Lock()
	l.came[m.RequestId]++
	l.mu.Unlock()
	json.NewEncoder(w).Encode(map[string]any{"CodeResult": "100", "SMSID": 1})
}

// TestKilledAtRandomPoints kills the sending process over and over, on both engines, two at once on PostgreSQL, and compares Loa's ledger
// with the provider's: nothing is sent twice that the provider does not drop itself, nothing is forgotten, and what nobody can know is
// listed. make test kills 20 times over 100,000 messages, make soak 200 times.
func TestKilledAtRandomPoints(t *testing.T) {
	kills, messages := 3, 3000
	if os.Getenv("LOA_TEST_ALL") != "" {
		kills, messages = 20, 100_000
	}
	if os.Getenv("LOA_SOAK") != "" {
		kills, messages = 200, 100_000
	}
	for name, repeatable := range map[string]time.Duration{"drops repeats": 24 * time.Hour, "drops nothing": 0} {
		for engine, address := range storetest.Addresses(t) {
			if os.Getenv("LOA_TEST_ALL") != "" && os.Getenv("LOA_SOAK") == "" && (engine == "postgres") != (repeatable > 0) {
				continue // each engine with one kind of provider here, with both by default and in make soak
			}
			t.Run(engine+" "+name, func(t *testing.T) { killedSending(t, address, kills, messages, repeatable) })
		}
	}
}

func killedSending(t *testing.T, address string, kills, messages int, repeatable time.Duration) {
	ctx := context.Background()
	db, err := store.Open(ctx, address, store.Options{Grace: storetest.Grace{}})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	f, id, b := office(t, db, messages)
	l := &ledger{came: map[string]int{}}
	provider := httptest.NewServer(l)
	defer provider.Close()
	start := func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), "LOA_KILL_SENDER=1", "LOA_KILL_DATABASE="+address, "LOA_KILL_PROVIDER="+provider.URL, "LOA_KILL_CHANNEL="+string(id), "LOA_KILL_REPEATABLE="+repeatable.String())
		c.Stderr = os.Stderr
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		var line [16]byte
		out.Read(line[:]) // it is sending
		return c
	}
	r := rand.New(rand.NewPCG(7, uint64(messages)))
	killed := 0
	for n := range kills {
		one := start()
		var two *exec.Cmd
		if n%2 == 1 {
			two = start() // another process shares the work, and goes on when the first dies
		}
		time.Sleep(time.Duration(r.IntN(150+messages/200)) * time.Millisecond)
		one.Process.Kill()
		if one.Wait() != nil {
			killed++
		}
		if two != nil {
			two.Process.Kill()
			two.Wait()
		}
	}
	last := start()
	if err := last.Wait(); err != nil {
		t.Fatalf("the last process: %v", err)
	}
	if killed == 0 {
		t.Error("no process was killed at work")
	}
	l.compare(t, db, f, b, messages, repeatable > 0)
}

// compare holds Loa's ledger to the provider's.
func (l *ledger) compare(t *testing.T, db *store.DB, f *storetest.Fixture, b loa.BroadcastID, messages int, dropped bool) {
	t.Helper()
	ctx := context.Background()
	counts, err := db.DeliveryCounts(ctx, f.Whole, b)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d messages: %v; %d came", messages, counts, len(l.came))
	unsure := map[string]bool{}
	for after := loa.DeliveryID(""); ; {
		list, err := db.UnsureDeliveries(ctx, f.Whole, after, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range list {
			unsure[sending.MessageID(d.ID)] = true
			after = d.ID
		}
		if len(list) < 1000 {
			break
		}
	}
	twice := 0
	for _, n := range l.came {
		twice += n - 1
	}
	if twice > 0 && !dropped {
		t.Errorf("%d messages came twice to a provider that drops nothing", twice)
	}
	if counts[loa.DeliverySent]+int64(len(unsure)) != int64(messages) || dropped && len(unsure) > 0 {
		t.Errorf("forgotten: %v, %d unsure of %d", counts, len(unsure), messages)
	}
	sure := 0
	for id := range l.came {
		if !unsure[id] {
			sure++
		}
	}
	if int64(sure) != counts[loa.DeliverySent] {
		t.Errorf("%d came for certain, the ledger knows of %d", sure, counts[loa.DeliverySent])
	}
}
