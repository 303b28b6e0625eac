package fake

import (
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
