package zalo_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/zalo"
)

var noon = time.Date(2026, 11, 24, 3, 0, 0, 0, time.UTC)

// keeper stands for the store: one caller at a time, over all processes.
type keeper struct {
	mu    sync.Mutex
	now   channel.Settings
	fails int // so many saves that follow a refresh fail
	saves []channel.Settings
}

func (k *keeper) renew(ctx context.Context, fn func(channel.Settings) (channel.Settings, error)) (channel.Settings, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	s, err := fn(maps.Clone(k.now))
	if err == nil {
		err = ctx.Err()
	}
	if err != nil {
		return nil, err
	}
	if k.fails > 0 && s["access_token"] != k.now["access_token"] {
		k.fails--
		return nil, errors.New("the disk is full")
	}
	k.now = maps.Clone(s)
	k.saves = append(k.saves, maps.Clone(s))
	return maps.Clone(s), nil
}

// zaloServer honours one refresh token after the other, each once, and refuses messages with any but the newest access token.
type zaloServer struct {
	*httptest.Server
	mu       sync.Mutex
	n        int // how often it was refreshed
	asked    int
	messages int
	refused  int
	lose     string // take the refresh token and answer so, or hang up
	at       int    // refreshes going on
	atOnce   int
}

func newServer(t *testing.T, k *keeper) *zaloServer {
	s := &zaloServer{}
	s.Server = httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(s.Close)
	k.now = channel.Settings{"app_id": "1234567890123456789", "app_secret": "app-secret", "oauth_base": s.URL, "oa_base": s.URL, "zns_base": s.URL,
		"access_token": "access-stale", "refresh_token": "refresh-0", "expires": "2026-11-25T00:00:00Z", "renew_after": "2026-11-24T19:00:00Z"}
	return s
}

func (s *zaloServer) serve(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/v4/oa/access_token" {
		s.refresh(w, r)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Header.Get("access_token") != fmt.Sprintf("access-%d", s.n) || s.n == 0 {
		s.refused++
		io.WriteString(w, `{"error":-216,"message":"Access token is invalid"}`)
		return
	}
	s.messages++
	fmt.Fprintf(w, `{"error":0,"message":"Success","data":{"message_id":"m%d"}}`, s.messages)
}

func (s *zaloServer) refresh(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.at++
	s.asked++
	s.atOnce = max(s.atOnce, s.at)
	good := r.PostFormValue("refresh_token") == fmt.Sprintf("refresh-%d", s.n)
	if good {
		s.n++
	}
	n, lose := s.n, s.lose
	s.mu.Unlock()
	time.Sleep(5 * time.Millisecond)
	s.mu.Lock()
	s.at--
	s.mu.Unlock()
	switch {
	case lose == "hang up":
		c, _, _ := w.(http.Hijacker).Hijack()
		c.Close()
	case lose == "break":
		w.WriteHeader(http.StatusBadGateway)
	case lose != "":
		io.WriteString(w, lose)
	case !good:
		io.WriteString(w, `{"error":-14020,"error_name":"Invalid refresh token"}`)
	default:
		fmt.Fprintf(w, `{"access_token":"access-%d","refresh_token":"refresh-%d","expires_in":"90000"}`, n, n)
	}
}

func open(t *testing.T, k *keeper) *zalo.OA {
	k.mu.Lock()
	defer k.mu.Unlock()
	o, err := zalo.Open(maps.Clone(k.now), channel.Tools{HTTP: channel.Client(true), Now: func() time.Time { return noon }, Renew: k.renew})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

var hello = channel.Message{ID: "0193c4d2a8007abc8def0123456789ab", Network: zalo.Follower, To: "2512523625412515", Text: "Xin chào"}

// TestOneRefreshForAll: three processes with forty messages each find at the same moment that their token is refused.
func TestOneRefreshForAll(t *testing.T) {
	k := &keeper{}
	s := newServer(t, k)
	var wait sync.WaitGroup
	var mu sync.Mutex
	sent, later := 0, 0
	for range 3 {
		o := open(t, k)
		for range 40 {
			wait.Go(func() {
				_, err := o.Send(context.Background(), hello)
				mu.Lock()
				defer mu.Unlock()
				switch got, e := channel.OutcomeOf(channel.Receipt{}, err, false); {
				case err == nil:
					sent++
				case got == channel.Retry && e.Code == "token_renewing": // another process is at it
					later++
				default:
					t.Errorf("%s: %v", got, err)
				}
			})
		}
	}
	wait.Wait()
	if len(k.saves) > 4 { // two for the refresh, one for each process that finds it done
		t.Errorf("the settings were saved %d times", len(k.saves))
	}
	if s.n != 1 || s.atOnce != 1 || sent == 0 || sent+later != 120 || s.messages != sent {
		t.Errorf("%d refreshes, %d at once; %d sent, %d later, %d arrived", s.n, s.atOnce, sent, later, s.messages)
	}
}

// TestMarkIsSavedBeforeTheTokenIsSpent, or a power cut in between would spend it twice.
func TestMarkIsSavedBeforeTheTokenIsSpent(t *testing.T) {
	k := &keeper{}
	newServer(t, k)
	if _, err := open(t, k).Send(context.Background(), hello); err != nil {
		t.Fatal(err)
	}
	if len(k.saves) != 2 || !strings.HasPrefix(k.saves[0]["renewing"], "handed ") || k.saves[0]["access_token"] != "access-stale" || k.saves[1]["access_token"] != "access-1" || k.saves[1]["renewing"] != "" {
		t.Errorf("saved were %v", k.saves)
	}
}

// TestLostRefreshIsNotRepeated by the same process, nor by one that starts later; a new consent ends it.
func TestLostRefreshIsNotRepeated(t *testing.T) {
	for _, lose := range []string{"hang up", "break", "<html>", "{}", `{"error":0}`} {
		k := &keeper{}
		s := newServer(t, k)
		s.lose = lose
		for i, o := range []*zalo.OA{open(t, k), open(t, k), open(t, k)} {
			for range 3 {
				_, err := o.Send(context.Background(), hello)
				if got, e := channel.OutcomeOf(channel.Receipt{}, err, false); got != channel.Halted || e.Code != "token_lost" {
					t.Fatalf("%s: process %d: %s, %v", lose, i, got, err)
				}
			}
		}
		if s.n != 1 || s.asked != 1 {
			t.Fatalf("%s: it was asked %d times", lose, s.asked)
		}
		s.lose, k.now["refresh_token"] = "", "refresh-1"
		if _, err := open(t, k).Send(context.Background(), hello); err != nil {
			t.Errorf("%s: after a new consent: %v", lose, err)
		}
	}
}

// TestAnotherConsentMeanwhile: whoever was held up between its two steps does not spend the token of a consent given since.
func TestAnotherConsentMeanwhile(t *testing.T) {
	k := &keeper{}
	s := newServer(t, k)
	steps := 0
	o, err := zalo.Open(maps.Clone(k.now), channel.Tools{HTTP: channel.Client(true), Now: func() time.Time { return noon }, Renew: func(ctx context.Context, fn func(channel.Settings) (channel.Settings, error)) (channel.Settings, error) {
		if steps++; steps == 2 {
			maps.Copy(k.now, channel.Settings{"access_token": "access-7", "refresh_token": "refresh-7", "renewing": ""})
		}
		return k.renew(ctx, fn)
	}})
	if err != nil {
		t.Fatal(err)
	}
	s.n = 7
	_, err = o.Send(context.Background(), hello)
	if got, e := channel.OutcomeOf(channel.Receipt{}, err, false); got != channel.Retry || e.Code != "token_renewing" || s.asked != 0 || k.now["refresh_token"] != "refresh-7" || k.now["renewing"] != "" {
		t.Errorf("%s, %v; %d refreshes, saved is %v", got, err, s.asked, k.now)
	}
	if _, err := o.Send(context.Background(), hello); err != nil || s.messages != 1 {
		t.Errorf("with the new consent: %v", err)
	}
}

// TestRefusedRefreshIsNotRepeated: Zalo has said that the token is worth nothing.
func TestRefusedRefreshIsNotRepeated(t *testing.T) {
	k := &keeper{}
	s := newServer(t, k)
	k.now["refresh_token"] = "refresh-used"
	o := open(t, k)
	for range 3 {
		_, err := o.Send(context.Background(), hello)
		if got, e := channel.OutcomeOf(channel.Receipt{}, err, false); got != channel.Halted || e.Code != "-14020" {
			t.Fatalf("%s, %v", got, err)
		}
	}
	if s.asked != 1 {
		t.Errorf("it was asked %d times", s.asked)
	}
}

// TestPairIsKeptWhenSavingFails: what was refreshed is saved at another try, and the token is not spent again for it.
func TestPairIsKeptWhenSavingFails(t *testing.T) {
	k := &keeper{fails: 2}
	s := newServer(t, k)
	if _, err := open(t, k).Send(context.Background(), hello); err != nil || s.n != 1 || k.now["refresh_token"] != "refresh-1" {
		t.Errorf("%v after %d refreshes, saved is %s", err, s.n, k.now["refresh_token"])
	}
}

// TestUnsavedPairIsNotUsed: a token that is nowhere but in memory sends nothing.
func TestUnsavedPairIsNotUsed(t *testing.T) {
	k := &keeper{fails: 100}
	s := newServer(t, k)
	_, err := open(t, k).Send(context.Background(), hello)
	if got, e := channel.OutcomeOf(channel.Receipt{}, err, false); got != channel.Retry || e.Code != "token_unsaved" || s.messages != 0 || s.n != 1 {
		t.Errorf("%s, %v; %d messages, %d refreshes", got, err, s.messages, s.n)
	}
}

// TestStoppedSendingFinishesItsRefresh: a refresh that has begun is seen through, or the new pair would be lost.
func TestStoppedSendingFinishesItsRefresh(t *testing.T) {
	k := &keeper{}
	s := newServer(t, k)
	ctx, stop := context.WithCancel(context.Background())
	s.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v4/oa/access_token" {
			stop()
		}
		s.serve(w, r)
	})
	open(t, k).Send(ctx, hello)
	if k.now["refresh_token"] != "refresh-1" || k.now["renewing"] != "" {
		t.Errorf("saved is %s, %s", k.now["refresh_token"], k.now["renewing"])
	}
}

// TestFailingRenewalIsLeftAloneForAWhile, as long as the old token serves.
func TestFailingRenewalIsLeftAloneForAWhile(t *testing.T) {
	k := &keeper{}
	s := newServer(t, k)
	gone := httptest.NewServer(nil)
	gone.Close()
	s.n = 1
	maps.Copy(k.now, channel.Settings{"access_token": "access-1", "renew_after": "2026-11-24T02:00:00Z", "oauth_base": gone.URL})
	o := open(t, k)
	for range 5 {
		if _, err := o.Send(context.Background(), hello); err != nil {
			t.Fatal(err)
		}
	}
	if len(k.saves) != 2 || k.now["renewing"] != "" || s.messages != 5 {
		t.Errorf("the settings were saved %d times for %d messages, the mark is %q", len(k.saves), s.messages, k.now["renewing"])
	}
}
