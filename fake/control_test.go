package fake

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

// TestControl steers the world from outside.
func TestControl(t *testing.T) {
	o := newOffice(t)
	o.ask("POST", "/control/villagers", `[{"id":"1","name":"Hoa","phone":"84987654321","habits":[{"when":"huy","after":"1m","do":"unfollow"}]}]`)
	o.ask("POST", "/control/templates", `[{"id":"7","text":"Chào <ten>","params":[{"name":"ten","require":true,"type":"STRING","maxLength":30}]}]`)
	for body, want := range map[string]int{`{"provider":"zalo","url":"` + o.receiver.URL + `"}`: 200, `{"provider":"facebook","url":"` + o.receiver.URL + `"}`: 200, `{"provider":"fax"}`: 400, `{"provider":"zalo","url":"http://127.0.0.1:1"}`: 502} {
		if a := o.ask("POST", "/control/webhook", body); a.status != want {
			t.Errorf("%s: %d %s", body, a.status, a.body)
		}
	}
	o.hooks()
	for _, c := range []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"GET", "/control/clock", "", 200, `"now":"2026-11-24T12:00:00+07:00"`},
		{"POST", "/control/clock", `{"advance":"90m"}`, 200, `"now":"2026-11-24T13:30:00+07:00"`},
		{"POST", "/control/clock", `{"set":"2026-11-25T05:00:00Z"}`, 200, `"now":"2026-11-25T12:00:00+07:00"`},
		{"POST", "/control/clock", `{"tomorrow":true}`, 400, ""},
		{"POST", "/control/say", `{"from":"1","text":"HUY"}`, 200, "1"},
		{"POST", "/control/say", `{"from":"2","text":"HUY"}`, 404, ""},
		{"POST", "/control/faults", `[{"do":"throttle","nth":1,"wait":"5s"}]`, 200, `"do":"throttle"`},
		{"POST", "/control/faults", `[{"do":"nonsense"}]`, 400, ""},
		{"GET", "/control/faults", "", 200, `"matched":0`},
		{"DELETE", "/control/faults", "", 200, "[]"},
		{"POST", "/control/settings", `{"zalo":{"oa_limit":7},"esms":{"balance":1}}`, 200, `"oa_limit":7`},
		{"POST", "/control/settings", `{"zalo":{"nothing":7}}`, 400, ""},
		{"GET", "/control/settings", "", 200, `"app_id":"1234567890123456789"`},
		{"GET", "/control/ledger?kind=user_send_text", "", 200, `"outcome":"posted"`},
		{"GET", "/control/ledger?kind=nothing", "", 200, "[]"},
		{"GET", "/control/refreshes", "", 200, `"at_once":0`},
		{"POST", "/control/tokens", "", 200, `"refresh_token":"rt_`},
		{"POST", "/control/event", `{"event":"user_feedback","fields":{"rate":5}}`, 200, "1"},
		{"POST", "/control/groups", `[{"id":"g"}]`, 200, "1"},
	} {
		if a := o.ask(c.method, c.path, c.body); a.status != c.status || !strings.Contains(a.body, c.want) {
			t.Errorf("%s %s %s: %d %s", c.method, c.path, c.body, a.status, a.body)
		}
	}
	if n := names(o.hooks()); n != "user_send_text user_feedback" {
		t.Errorf("webhooks: %s", n)
	}
	if o.Zalo.OALimit != 7 || o.Zalo.AppLimit != 4000 || o.ESMS.Balance != 1 {
		t.Error("settings were not changed alone")
	}
}

// TestClock shows that the clock stands, runs and stands again.
func TestClock(t *testing.T) {
	real := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	c := NewWorld(noon, func() time.Time { return real }).Clock
	real = real.Add(time.Hour)
	if !c.Now().Equal(noon) {
		t.Error("a standing clock went on")
	}
	if !c.Run(60) {
		t.Error("did not run")
	}
	real = real.Add(time.Minute)
	if got := c.Now().Sub(noon); got != time.Hour {
		t.Errorf("after a minute at 60: %v", got)
	}
	c.Run(0)
	real = real.Add(time.Hour)
	if got := c.Now().Sub(noon); got != time.Hour {
		t.Errorf("stopped: %v", got)
	}
	if NewWorld(noon, nil).Clock.Run(1) {
		t.Error("ran by nothing")
	}
}

// TestLedger shows what a test can ask of it.
func TestLedger(t *testing.T) {
	o := newOffice(t)
	o.people()
	send := func() {
		o.ask("POST", "/zalo-business/message/template", `{"phone":"84987654321","template_id":"347878","tracking_id":"t1",`+filled+`}`)
	}
	send()
	if n := len(o.Ledger.Repeats(Query{})); n != 0 {
		t.Errorf("%d repeats of one", n)
	}
	send()
	if n := len(o.Ledger.Repeats(Query{Provider: zaloBusinessName})); n != 1 {
		t.Errorf("%d repeats of two", n)
	}
	o.Change(func() { o.Zalo.Dedupes = true })
	send()
	if n := len(o.Ledger.Find(Query{Kind: "zns", Outcome: Taken})); n != 2 {
		t.Errorf("%d taken though the provider can tell", n)
	}
	o.Clock.Set(noon.Add(11 * time.Hour))
	o.ask("POST", "/zalo-business/message/template", `{"phone":"84900000001","template_id":"347878",`+filled+`}`)
	if quiet := o.Ledger.Quiet(Query{}, 7, 21); len(quiet) != 1 || quiet[0].To != "84900000001" {
		t.Errorf("%+v", quiet)
	}
	var list []Entry
	if err := json.Unmarshal([]byte(o.ask("GET", "/control/ledger?ref=t1&after=1", "").body), &list); err != nil || len(list) != 2 {
		t.Errorf("%v %+v", err, list)
	}
}
