package fake

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// esmsText is a good message with some fields changed; a nil takes a field away.
func esmsText(change map[string]any) string {
	b := map[string]any{"ApiKey": "esms_api_key_demo", "SecretKey": "esms_secret_demo", "Phone": "0901888484", "Content": "The BHYT cua ong/ba sap het han", "Brandname": "BHXH", "SmsType": "2", "IsUnicode": "0", "Sandbox": "0", "RequestId": "r1"}
	for k, v := range change {
		if b[k] = v; v == nil {
			delete(b, k)
		}
	}
	raw, _ := json.Marshal(b)
	return string(raw)
}

func phones(n int) []string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("0901%06d", i))
	}
	return list
}

// TestESMS shows every code of eSMS that the fake gives by itself.
func TestESMS(t *testing.T) {
	const care, ads = esmsPath + "SendMultipleMessage_V4_post_json/", esmsPath + "SendMultipleSMSBrandname_json/"
	set := func(do func(*ESMS)) func(*office) { return func(o *office) { o.Change(func() { do(o.ESMS) }) } }
	first := func(o *office) { o.ask("POST", care, esmsText(nil)) }
	for _, c := range []struct {
		name, path string
		change     map[string]any
		before     func(*office)
		want       string
	}{
		{"good", care, nil, nil, "100"},
		{"good without the slash", strings.TrimSuffix(care, "/"), nil, nil, "100"},
		{"84…", care, map[string]any{"Phone": "84901888484"}, nil, "100"},
		{"telephone that is nobody's", care, map[string]any{"Phone": "01990000001"}, nil, "100"},
		{"telephone that is nobody's, 84…", care, map[string]any{"Phone": "841990000001"}, nil, "100"},
		{"telephone of the old kind", care, map[string]any{"Phone": "01680000001"}, nil, "108"},
		{"wrong key", care, map[string]any{"ApiKey": "x"}, nil, "101"},
		{"wrong secret", care, map[string]any{"SecretKey": "x"}, nil, "101"},
		{"IP", care, nil, set(func(e *ESMS) { e.WrongIP = true }), "140"},
		{"locked", care, nil, set(func(e *ESMS) { e.Locked = true }), "143"},
		{"brandname", care, map[string]any{"Brandname": "OTHER"}, nil, "104"},
		{"telephone", care, map[string]any{"Phone": "02412345678"}, nil, "108"},
		{"type", care, map[string]any{"SmsType": "1"}, nil, "118"},
		{"template", care, nil, set(func(e *ESMS) { e.Templates = []string{"Kinh moi {ten}"} }), "146"},
		{"fitting template", care, map[string]any{"Content": "Kinh moi ba Hoa den hop."}, set(func(e *ESMS) { e.Templates = []string{"Kinh moi {ten} den hop."} }), "100"},
		{"blocked telephone", care, nil, set(func(e *ESMS) { e.Blocked = []string{"84901888484"} }), "99"},
		{"network", care, nil, set(func(e *ESMS) { e.Networks = []string{"8490"} }), "177"},
		{"keyword", care, map[string]any{"Content": "Cá độ bóng đá"}, set(func(e *ESMS) { e.Keywords = []string{"ca do"} }), "201"},
		{"balance", care, nil, set(func(e *ESMS) { e.Balance = 499 }), "103"},
		{"balance for two parts", care, map[string]any{"Content": strings.Repeat("a", 161)}, set(func(e *ESMS) { e.Balance = 999 }), "103"},
		{"same RequestId", care, map[string]any{"Phone": "0901888485"}, first, "124"},
		{"same RequestId just within a day", care, nil, func(o *office) { first(o); o.Advance(o.t.Context(), 24*time.Hour-time.Second) }, "124"},
		{"same RequestId after a day", care, nil, func(o *office) { first(o); o.Advance(o.t.Context(), 24*time.Hour) }, "100"},
		{"same text", care, map[string]any{"RequestId": "r2"}, first, "99001"},
		{"same text after 5 minutes", care, map[string]any{"RequestId": "r2"}, func(o *office) { first(o); o.Advance(o.t.Context(), 5*time.Minute) }, "100"},
		{"a refused RequestId is free", care, nil, func(o *office) { o.ask("POST", care, esmsText(map[string]any{"Brandname": "x"})) }, "100"},
		{"too fast", care, map[string]any{"Phone": "0901888485", "RequestId": "r2"}, func(o *office) { o.Change(func() { o.ESMS.PerSecond = 1 }); first(o) }, "160"},
		{"number for a string", care, map[string]any{"SmsType": 2}, nil, "invalid"},
		{"RequestId of 51", care, map[string]any{"RequestId": strings.Repeat("a", 51)}, nil, "99001"},
		{"29 telephones", ads, map[string]any{"Phones": phones(29), "SmsType": "1"}, nil, "107"},
		{"30 telephones", ads, map[string]any{"Phones": phones(30), "SmsType": "1"}, nil, "100"},
		{"5001 telephones", ads, map[string]any{"Phones": phones(5001), "SmsType": "1"}, nil, "120"},
		{"advertising as care", ads, map[string]any{"Phones": phones(30)}, nil, "118"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := newOffice(t)
			if c.before != nil {
				c.before(o)
			}
			a := o.ask("POST", c.path, esmsText(c.change))
			switch {
			case c.want == "invalid":
				if a.json["error"] != "Invalid request" {
					t.Fatal(a.body)
				}
			case a.json["CodeResult"] != c.want || (a.json["SMSID"] != nil) != (c.want == "100"):
				t.Fatalf("%s, want %s", a.body, c.want)
			}
			if e := o.last(); (e.Outcome == Taken) != (c.want == "100") || c.want != "100" && e.Code != c.want {
				t.Errorf("ledger %+v", e)
			}
		})
	}
	o := newOffice(t)
	first(o)
	if a := o.ask("POST", care, esmsText(nil)); a.body != `{"CodeResult":"124","CountRegenerate":0,"ErrorMessage":"Request exist 1","SendStatus":"5"}` {
		t.Error(a.body)
	}
	if n := len(o.Ledger.Repeats(Query{Provider: esmsName})); n != 0 {
		t.Errorf("%d repeats though eSMS can tell", n)
	}
}

// TestESMSMoney shows what is sent, in how many parts and for how much.
func TestESMSMoney(t *testing.T) {
	for _, c := range []struct {
		content, unicode string
		parts            int
		text             string
	}{
		{"Thẻ bảo hiểm", "0", 1, "The bao hiem"},
		{"Thẻ bảo hiểm", "1", 1, "Thẻ bảo hiểm"},
		{strings.Repeat("ạ", 70), "1", 1, strings.Repeat("ạ", 70)},
		{strings.Repeat("ạ", 71), "1", 2, strings.Repeat("ạ", 71)},
		{strings.Repeat("ạ", 135), "1", 3, strings.Repeat("ạ", 135)},
		{strings.Repeat("ạ", 160), "0", 1, strings.Repeat("a", 160)},
		{strings.Repeat("ạ", 307), "0", 3, strings.Repeat("a", 307)},
	} {
		o := newOffice(t)
		o.ask("POST", esmsPath+"SendMultipleMessage_V4_post_json/", esmsText(map[string]any{"Content": c.content, "IsUnicode": c.unicode}))
		if e := o.last(); e.Parts != c.parts || e.Text != c.text || e.Cost != int64(c.parts)*500 || o.ESMS.Balance != 5_000_000-e.Cost {
			t.Errorf("%+v", e)
		}
	}
	o := newOffice(t)
	o.ask("POST", esmsPath+"SendMultipleMessage_V4_post_json/", esmsText(map[string]any{"Sandbox": "1"}))
	if e := o.last(); e.Kind != "sms_sandbox" || o.ESMS.Balance != 5_000_000 {
		t.Errorf("%+v", e)
	}
	o.ask("POST", esmsPath+"SendMultipleSMSBrandname_json/", esmsText(map[string]any{"Phones": phones(30), "SmsType": "1", "RequestId": "r2"}))
	if n := len(o.Ledger.Find(Query{Kind: "sms_ads", Ref: "r2"})); n != 30 || o.ESMS.Balance != 5_000_000-30*500 {
		t.Errorf("%d lines, %d left", n, o.ESMS.Balance)
	}
	keys := `{"ApiKey":"esms_api_key_demo","SecretKey":"esms_secret_demo"}`
	if a := o.ask("POST", esmsPath+"GetBalance_json", keys); a.body != `{"Balance":4985000,"CodeResponse":"100","UserID":9999}` {
		t.Error(a.body)
	}
}

// TestESMSReports shows the unsigned callback, its retries, and the status of seven days.
func TestESMSReports(t *testing.T) {
	o := newOffice(t)
	o.AddVillagers(Villager{Phone: "84901888485", Unreachable: true})
	o.Change(func() { o.ESMS.Callback = o.receiver.URL + "/default" })
	send := func(change map[string]any) string {
		id, _ := o.ask("POST", esmsPath+"SendMultipleMessage_V4_post_json/", esmsText(change)).json["SMSID"].(string)
		return id
	}
	id := send(map[string]any{"CallbackUrl": o.receiver.URL + "/secret?x=1"})
	off := send(map[string]any{"Phone": "0901888485", "RequestId": "r2"})
	at := send(map[string]any{"Phone": "0901888486", "RequestId": "r3", "SendDate": "2026-11-24 13:00:00"})
	o.Advance(t.Context(), time.Minute)
	got := o.hooks()
	if len(got) != 2 {
		t.Fatalf("%d callbacks", len(got))
	}
	for i, want := range []map[string]string{
		{"SMSID": id, "SendStatus": "5", "SendSuccess": "1", "SendFailed": "0", "RequestId": "r1", "TypeId": "2", "phonenumber": "84901888484", "TotalPrice": "500", "x": "1"},
		{"SMSID": off, "SendStatus": "5", "SendSuccess": "0", "SendFailed": "1", "RequestId": "r2"},
	} {
		for k, v := range want {
			if got[i].query.Get(k) != v || got[i].method != "GET" {
				t.Errorf("callback %d: %s=%s, want %s", i, k, got[i].query.Get(k), v)
			}
		}
	}
	status := func(ref string) string {
		return o.ask("GET", esmsPath+"GetSmsReceiverStatus_get?ApiKey=esms_api_key_demo&SecretKey=esms_secret_demo&RefId="+ref, "").body
	}
	if s := status(id); s != `{"CodeResult":"100","ReceiverList":[{"IsSent":true,"NetworkName":"Viettel","Phone":"0901888484","Retry":0,"SentResult":true}]}` {
		t.Error(s)
	}
	for ref, want := range map[string]string{off: `"SentResult":false`, at: `"IsSent":false`, "r1": `"IsSent":true`, "x": `"CodeResult":"105"`} {
		if s := status(ref); !strings.Contains(s, want) {
			t.Errorf("%s: %s", ref, s)
		}
	}
	o.answerWith(500) // no time-out, so it does not come again
	o.Advance(t.Context(), 2*time.Hour)
	if n := len(o.hooks()); n != 1 {
		t.Errorf("%d callbacks of the later message", n)
	}
	o.receiver.Close()
	send(map[string]any{"Phone": "0901888487", "RequestId": "r4"})
	o.Advance(t.Context(), time.Hour)
	if n := len(o.Ledger.Find(Query{Kind: "callback"})); n != 3+6 {
		t.Errorf("%d tries where nobody answers", n-3)
	}
	o.Advance(t.Context(), 7*24*time.Hour)
	if s := status(id); !strings.Contains(s, "105") {
		t.Error(s)
	}
}

// TestSpeedSMS shows its answers.
func TestSpeedSMS(t *testing.T) {
	const path, basic = "/speedsms/index.php/sms/send", "Basic c3BlZWRzbXNfdG9rZW5fZGVtbzp4"
	good := `{"to":["84901888484","123"],"content":"Xin chao","sms_type":3,"sender":"BHXH"}`
	for _, c := range []struct {
		name, body, auth string
		before           func(*SpeedSMS)
		status           int
		want             string
	}{
		{"good", good, basic, nil, 200, `{"code":"00","data":{"invalidPhone":["123"],"totalPrice":250,"totalSMS":1,"tranId":1},"status":"success"}`},
		{"no password", good, "", nil, 401, `"status":401`},
		{"sender", strings.Replace(good, "BHXH", "X", 1), basic, nil, 200, `"code":"101"`},
		{"type as a string", strings.Replace(good, "3,", `"3",`, 1), basic, nil, 200, `"code":"101"`},
		{"no telephone", strings.Replace(good, "84901888484", "1", 1), basic, nil, 200, `"code":"105"`},
		{"too long", strings.Replace(good, "Xin chao", strings.Repeat("a", 460), 1), basic, nil, 200, `"code":"113"`},
		{"balance", good, basic, func(s *SpeedSMS) { s.Balance = 249 }, 200, `"code":"300"`},
		{"IP", good, basic, func(s *SpeedSMS) { s.Account = "007" }, 200, `"code":"007"`},
	} {
		o := newOffice(t)
		if c.before != nil {
			c.before(o.SpeedSMS)
		}
		if a := o.ask("POST", path, c.body, "Authorization", c.auth); a.status != c.status || !strings.Contains(a.body, c.want) {
			t.Errorf("%s: %d %s", c.name, a.status, a.body)
		}
	}
	o := newOffice(t)
	for i := range 61 {
		a := o.ask("POST", path, good, "Authorization", basic)
		if (a.status == 429) != (i == 60) || a.status == 429 && a.header.Get("X-Rate-Limit-Reset") != "60" {
			t.Fatalf("call %d: %d %v", i+1, a.status, a.header)
		}
	}
	o.Advance(t.Context(), time.Minute)
	if a := o.ask("GET", "/speedsms/index.php/user/info", "", "Authorization", basic); a.status != 200 || !strings.Contains(a.body, `"balance":4985000`) {
		t.Error(a.status, a.body)
	}
}

// TestVNPT shows both languages of the gateway.
func TestVNPT(t *testing.T) {
	const path = "/vnpt/smsmarketing/api"
	inJSON := `{"RQST":{"name":"send_sms_list","REQID":"q1","LABELID":"1","CONTRACTTYPEID":"1","CONTRACTID":"9","TEMPLATEID":"t1","PARAMS":[{"NUM":"1","CONTENT":"Hoa"},{"NUM":"2","CONTENT":"30/11"}],"SCHEDULETIME":"","MOBILELIST":"84901888484,84901888485","ISTELCOSUB":"0","AGENTID":"100","APIUSER":"vnpt_user_demo","APIPASS":"vnpt_pass_demo","USERNAME":"u","DATACODING":"0"}}`
	inXML := `<?xml version="1.0"?><RQST name="send_sms_list"><REQID>q1</REQID><LABELID>1</LABELID><CONTRACTTYPEID>1</CONTRACTTYPEID><CONTRACTID>9</CONTRACTID><TEMPLATEID>t1</TEMPLATEID><PARAMS><NUM>1</NUM><CONTENT>Hoa</CONTENT></PARAMS><PARAMS><NUM>2</NUM><CONTENT>30/11</CONTENT></PARAMS><SCHEDULETIME></SCHEDULETIME><MOBILELIST>84901888484,84901888485</MOBILELIST><ISTELCOSUB>0</ISTELCOSUB><AGENTID>100</AGENTID><APIUSER>vnpt_user_demo</APIUSER><APIPASS>vnpt_pass_demo</APIPASS><USERNAME>u</USERNAME><DATACODING>0</DATACODING></RQST>`
	for body, want := range map[string]string{
		inJSON: `{"RPLY":{"name":"send_sms_list","ERROR":"0","ERROR_DESC":"success"}}`,
		inXML:  `<RPLY name="send_sms_list"><ERROR>0</ERROR><ERROR_DESC>success</ERROR_DESC></RPLY>`,
	} {
		o := newOffice(t)
		o.Change(func() { o.VNPT.Templates = map[string]string{"t1": "The cua {1} het han {2}."} })
		if a := o.ask("POST", path, body); !strings.Contains(a.body, want) {
			t.Errorf("%s", a.body)
		}
		sent := o.Ledger.Find(Query{Ref: "q1", Outcome: Taken})
		if len(sent) != 2 || sent[0].Text != "The cua Hoa het han 30/11." || sent[0].To != "84901888484" || sent[1].To != "84901888485" {
			t.Errorf("%+v", sent)
		}
		for old, bad := range map[string]string{"vnpt_pass_demo": "x", "t1": "t2", "84901888485": "0901888485", "send_sms_list": "send", "q1": ""} {
			if a := o.ask("POST", path, strings.ReplaceAll(body, old, bad)); strings.Contains(a.body, "success") || !strings.Contains(a.body, "99001") {
				t.Errorf("%s for %s: %s", bad, old, a.body)
			}
		}
		o.ask("POST", path, body)
		if n := len(o.Ledger.Repeats(Query{})); n != 2 {
			t.Errorf("%d repeats: nothing says that REQID is remembered", n)
		}
		o.Change(func() { o.VNPT.Dedupes = true })
		if a := o.ask("POST", path, body); strings.Contains(a.body, "success") {
			t.Error(a.body)
		}
	}
}

// TestViettel compares with the golden answer, and shows the refusals.
func TestViettel(t *testing.T) {
	good := `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:impl="http://impl.bulkSms.ws/"><soapenv:Header/><soapenv:Body><impl:wsCpMt><User>viettel_user_demo</User><Password>viettel_pass_demo</Password><CPCode>BHXH</CPCode><RequestID>1</RequestID><UserID>84901888484</UserID><ReceiverID>84901888484</ReceiverID><ServiceID>BHXH</ServiceID><CommandCode>bulksms</CommandCode><Content>Thẻ &amp; sổ</Content><ContentType>1</ContentType></impl:wsCpMt></soapenv:Body></soapenv:Envelope>`
	const golden = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><ns2:wsCpMtResponse xmlns:ns2="http://impl.bulkSms.ws/"><return><message>Insert MT_QUEUE: OK</message><result>1</result></return></ns2:wsCpMtResponse></S:Body></S:Envelope>`
	o := newOffice(t)
	if a := o.ask("POST", "/viettel/bulkapi?wsdl", good); a.body != golden || a.status != 200 {
		t.Errorf("%d %s", a.status, a.body)
	}
	if e := o.last(); e.Text != "Thẻ & sổ" || e.To != "84901888484" || e.Ref != "1" || e.Outcome != Taken {
		t.Errorf("%+v", e)
	}
	for old, bad := range map[string]string{"viettel_pass_demo": "x", "<ServiceID>BHXH": "<ServiceID>X", "<ReceiverID>84": "<ReceiverID>0", "bulksms<": "x<", ">1</ContentType>": ">2</ContentType>"} {
		if a := o.ask("POST", "/viettel/bulkapi?wsdl", strings.Replace(good, old, bad, 1)); !strings.Contains(a.body, "<result>0</result>") || o.last().Outcome != Refused {
			t.Errorf("%s: %s", bad, a.body)
		}
	}
	for _, bad := range []string{"", "<a/>", `{"a":1}`, strings.ReplaceAll(good, "wsCpMt", "getNothing")} {
		if a := o.ask("POST", "/viettel/bulkapi", bad); a.status != 500 || !strings.Contains(a.body, "<S:Fault") {
			t.Errorf("%q: %d %s", bad, a.status, a.body)
		}
	}
	if a := o.ask("POST", "/viettel/bulkapi", strings.ReplaceAll(good, "wsCpMt", "checkBalance")); !strings.Contains(a.body, "<balance>4999500</balance>") {
		t.Error(a.body)
	}
	o.Change(func() { o.Viettel.WrongIP = true })
	if a := o.ask("POST", "/viettel/bulkapi", good); !strings.Contains(a.body, "Authenticate: IP_INVALID") {
		t.Error(a.body)
	}
}
