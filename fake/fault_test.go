package fake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestCallFaults shows each fault of a call: what the caller sees, and what is true.
func TestCallFaults(t *testing.T) {
	for _, c := range []struct {
		fault   Fault
		fails   bool // the network does
		code    int
		status  int
		outcome Outcome
		unheard bool
	}{
		{Fault{Do: ExpireToken}, false, -220, 200, Refused, false},
		{Fault{Do: Throttle}, false, -32, 200, Refused, false},
		{Fault{Do: TimeoutBefore}, true, 0, 0, Lost, true},
		{Fault{Do: TimeoutAfter}, true, 0, 0, Taken, true},
		{Fault{Do: TimeoutAfter, Wait: Duration(50 * time.Millisecond)}, true, 0, 0, Taken, true},
		{Fault{Do: BrokenAnswer}, true, 0, 0, Taken, true},
		{Fault{Do: GarbledAnswer}, false, 1, 200, Taken, true},
		{Fault{Do: Slow, Wait: Duration(time.Millisecond)}, false, 0, 200, Taken, false},
		{Fault{Do: QuietHours}, false, -234, 200, Refused, false},
		{Fault{Do: QuotaUsed}, false, -211, 200, Refused, false},
		{Fault{Do: BalanceUsed}, false, -321, 200, Refused, false},
		{Fault{Do: UnknownCode}, false, -99999, 200, Refused, false},
		{Fault{Do: AnswerCode, Code: "-230"}, false, -230, 200, Refused, false},
		{Fault{Do: AnswerStatus, Status: 502}, false, 1, 502, Refused, false},
	} {
		o := newOffice(t)
		o.people()
		if err := o.Faults.Add(c.fault); err != nil {
			t.Fatal(err)
		}
		a, err := o.call("POST", "/zalo-oa/v3.0/oa/message/cs", cs("1001", "Chào bà"))
		if (err != nil) != c.fails || err == nil && (a.code() != c.code || a.status != c.status) {
			t.Errorf("%s: %v %d %s", c.fault.Do, err, a.status, a.body)
		}
		e := o.last()
		if e.Outcome != c.outcome || e.Unanswered != c.unheard || e.Fault != c.fault.Do {
			t.Errorf("%s: ledger %+v", c.fault.Do, e)
		}
		said := strings.Contains(o.World.conversationOf("1001"), "Chào bà")
		if said != (c.outcome == Taken) {
			t.Errorf("%s: said %v", c.fault.Do, said)
		}
	}
	if err := (&Faults{}).Add(Fault{Do: "nonsense"}); err == nil {
		t.Error("nonsense was added")
	}
}

// conversationOf is what was truly said to a user.
func (w *World) conversationOf(id string) string {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []string
	for _, s := range w.Zalo.said {
		if s.user == id {
			all = append(all, s.text)
		}
	}
	return strings.Join(all, "\n")
}

// TestFaultsByProvider shows that each provider fails in its own words.
func TestFaultsByProvider(t *testing.T) {
	vnpt, soapBody := `{"RQST":{}}`, "<x/>"
	for _, c := range []struct {
		do                 Action
		path, body         string
		status             int
		want, header, code string
	}{
		{Throttle, "/zalo-business/message/template", "{}", 200, `"error":-32`, "", "-32"},
		{QuietHours, "/zalo-business/message/template", "{}", 200, `"error":-133`, "", "-133"},
		{QuotaUsed, "/zalo-business/message/template", "{}", 200, `"error":-144`, "", "-144"},
		{BalanceUsed, "/zalo-business/message/template", "{}", 200, `"error":-115`, "", "-115"},
		{QuotaUsed, "/zalo-oa/v2.0/article/create", "{}", 200, `"error":-223`, "", "-223"},
		{Throttle, "/zalo-oauth/v4/oa/access_token", "", 200, `"error":-32`, "", "-32"},
		{ExpireToken, "/zalo-oauth/v4/oa/access_token", "", 200, `"error":-14020`, "", "-14020"},
		{UnknownCode, "/zalo-oauth/v4/oa/access_token", "", 200, `"error":-14999`, "", "-14999"},
		{Throttle, "/facebook/v25.0/100/feed", "{}", 400, `"code":613`, "X-App-Usage", "613"},
		{ExpireToken, "/facebook/v25.0/100/feed", `{"access_token":"fb_page_token_demo"}`, 400, `"error_subcode":463`, "", "190/463"},
		{BalanceUsed, "/facebook/v25.0/100/feed", "{}", 400, `"code":368`, "", "368"},
		{UnknownCode, "/facebook/v25.0/100/feed", "{}", 400, `"code":99999`, "", "99999"},
		{Throttle, esmsPath + "SendMultipleMessage_V4_post_json/", "{}", 200, `"CodeResult":"160"`, "", "160"},
		{BalanceUsed, esmsPath + "SendMultipleMessage_V4_post_json/", "{}", 200, `"CodeResult":"103"`, "", "103"},
		{ExpireToken, esmsPath + "SendMultipleMessage_V4_post_json/", "{}", 200, `"CodeResult":"101"`, "", "101"},
		{UnknownCode, esmsPath + "SendMultipleMessage_V4_post_json/", "{}", 200, `"CodeResult":"999"`, "", "999"},
		{Throttle, "/speedsms/index.php/sms/send", "{}", 429, `"code":"429"`, "X-Rate-Limit-Reset", "429"},
		{BalanceUsed, "/speedsms/index.php/sms/send", "{}", 200, `"code":"300"`, "", "300"},
		{ExpireToken, "/speedsms/index.php/sms/send", "{}", 200, `"code":"009"`, "", "009"},
		{UnknownCode, "/speedsms/index.php/sms/send", "{}", 200, `"code":"999"`, "", "999"},
		{Throttle, "/vnpt/smsmarketing/api", vnpt, 429, `429`, "", "429"},
		{UnknownCode, "/vnpt/smsmarketing/api", vnpt, 200, `"ERROR":"99001"`, "", "99001"},
		{Throttle, "/viettel/bulkapi", soapBody, 429, `429`, "", "429"},
		{BalanceUsed, "/viettel/bulkapi", soapBody, 200, `<result>0</result>`, "", "Balance is not enough"},
		{ExpireToken, "/viettel/bulkapi", soapBody, 200, `Authenticate: USER_INVALID`, "", "Authenticate: USER_INVALID"},
		{UnknownCode, "/viettel/bulkapi", soapBody, 200, `<result>0</result>`, "", "Unknown"},
	} {
		o := newOffice(t)
		_ = o.Faults.Add(Fault{Do: c.do})
		a := o.ask("POST", c.path, c.body, "access_token", "")
		if a.status != c.status || !strings.Contains(a.body, c.want) || c.header != "" && a.header.Get(c.header) == "" {
			t.Errorf("%s %s: %d %s", c.do, c.path, a.status, a.body)
		}
		if e := o.last(); e.Code != c.code || e.Outcome != Refused {
			t.Errorf("%s %s: ledger %+v", c.do, c.path, e)
		}
	}
}

// TestWhichCalls shows how a rule counts.
func TestWhichCalls(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string
	}{
		{Fault{Do: Throttle}, "xxxxxx"},
		{Fault{Do: Throttle, Nth: 3}, "..x..."},
		{Fault{Do: Throttle, Every: 2}, ".x.x.x"},
		{Fault{Do: Throttle, Every: 2, Times: 2}, ".x.x.."},
		{Fault{Do: Throttle, Times: 1}, "x....."},
		{Fault{Do: Throttle, Provider: "esms"}, "......"},
		{Fault{Do: Throttle, Path: "/feed"}, "......"},
		{Fault{Do: LoseWebhook}, "......"},
	} {
		s, got := &Faults{}, ""
		_ = s.Add(c.fault)
		for range 6 {
			got += map[bool]string{true: "x", false: "."}[s.of("zalo-oa", "/zalo-oa/message", false).Do != ""]
		}
		if got != c.want {
			t.Errorf("%+v: %s, want %s", c.fault, got, c.want)
		}
	}
	chance := func(seed uint64) (hits int, which string) {
		s := &Faults{}
		_ = s.Add(Fault{Do: Throttle, Percent: 30, Seed: seed})
		for range 1000 {
			hit := s.of("zalo-oa", "", false).Do != ""
			which += map[bool]string{true: "x", false: "."}[hit]
			hits += map[bool]int{true: 1}[hit]
		}
		return hits, which
	}
	n, first := chance(7)
	_, again := chance(7)
	_, other := chance(8)
	if n < 250 || n > 350 || first != again || first == other {
		t.Errorf("%d of 1000 by a chance of 30 in 100; the same again: %v; another for another seed: %v", n, first == again, first != other)
	}
}

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

// FuzzHandler throws whatever comes at every provider: none may fall over.
func FuzzHandler(f *testing.F) {
	for i := range paths {
		f.Add(i, "application/json", `{"phone":"84987654321","user_id":"1","recipient":{"user_id":"1"},"message":{"text":"a"}}`)
		f.Add(i, "application/x-www-form-urlencoded", `a=b&message=c&published=false&scheduled_publish_time=5`)
		f.Add(i, "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nabc\r\n--x--\r\n")
		f.Add(i, "text/xml", `<RQST name="send_sms_list"><REQID>1</REQID></RQST>`)
	}
	f.Fuzz(func(t *testing.T, i int, kind, body string) {
		w := NewWorld(noon, nil)
		w.AddVillagers(Villager{ID: "1", PSID: "1", Phone: "84987654321", Last: noon, LastPage: noon})
		access, _ := w.Zalo.Grant()
		method, path, _ := strings.Cut(paths[uint(i)%uint(len(paths))], " ")
		r, err := http.NewRequest(method, "http://fake"+path+"?access_token=fb_page_token_demo&data="+url.QueryEscape(body), strings.NewReader(body))
		if err != nil {
			return
		}
		r.Header.Set("access_token", access)
		r.Header.Set("Content-Type", kind)
		r.SetBasicAuth("speedsms_token_demo", "x")
		rw := &sink{header: http.Header{}}
		w.Handler().ServeHTTP(rw, r)
		if rw.status == 0 || rw.status == http.StatusNotFound {
			t.Errorf("%s %s: %d", method, path, rw.status)
		}
		if len(w.Ledger.Find(Query{})) != 1 {
			t.Error("the ledger missed it")
		}
	})
}

type sink struct {
	header http.Header
	status int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) Write(b []byte) (int, error) { return len(b), nil }
func (s *sink) WriteHeader(status int)      { s.status = status }

var paths = []string{
	"POST /zalo-oauth/v4/oa/access_token", "GET /zalo-oauth/v4/oa/permission", "POST /zalo-oa/v3.0/oa/message/cs", "POST /zalo-oa/v3.0/oa/message/template", "POST /zalo-oa/v3.0/oa/group/message",
	"POST /zalo-oa/v2.0/oa/message", "GET /zalo-oa/v3.0/oa/user/getlist", "GET /zalo-oa/v2.0/oa/conversation", "POST /zalo-oa/v2.0/oa/upload/image", "POST /zalo-oa/v2.0/article/create",
	"GET /zalo-oa/v2.0/article/getslice", "POST /zalo-business/message/template", "POST /zalo-business/template/create", "GET /zalo-business/template/all", "POST /facebook/v25.0/100/feed",
	"POST /facebook/v25.0/100/photos", "POST /facebook/v25.0/100/messages", "GET /facebook/v25.0/100/published_posts", "POST /esms/MainService.svc/json/SendMultipleMessage_V4_post_json/",
	"POST /esms/MainService.svc/json/SendMultipleSMSBrandname_json/", "POST /speedsms/index.php/sms/send", "POST /vnpt/smsmarketing/api", "POST /viettel/bulkapi",
}
