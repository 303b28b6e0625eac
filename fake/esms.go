package fake

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"loa/vn"
)

// ESMS is one account of the eSMS gateway.
type ESMS struct {
	ESMSSettings
	w *World

	requests recent
	texts    recent
	sent     map[string]*esmsMessage // by SMSID and by RequestId
	calls    map[int64]int
}

// ESMSSettings is what an operator of the fake may change.
type ESMSSettings struct {
	ApiKey     string   `json:"api_key"`
	SecretKey  string   `json:"secret_key"`
	Brandnames []string `json:"brandnames"`
	Templates  []string `json:"templates"`    // texts registered for CSKH, {…} for any words; none takes all: 146
	Keywords   []string `json:"keywords"`     // 201
	Blocked    []string `json:"blocked"`      // telephones: 99
	Networks   []string `json:"networks"`     // beginnings of numbers whose network is not registered: 177
	WrongIP    bool     `json:"wrong_ip"`     // 140
	Locked     bool     `json:"locked"`       // 143
	PerSecond  int      `json:"per_second"`   // 160; 0 for no end
	Price      int64    `json:"price"`        // dong for one part
	Balance    int64    `json:"balance"`      // 103
	Callback   string   `json:"callback"`     // where a request names none
	Repeat     Duration `json:"repeat"`       // how long the same text to the same telephone is refused
	RepeatCode string   `json:"repeat_code"`  // with a code that is not published
	SendStatus string   `json:"send_status"`  // what callbacks say instead of 5; 4 for rejected
	Report     Duration `json:"report_after"` // how long a report takes
}

type esmsMessage struct {
	id, request, callback string
	kind                  string
	phones                []string
	price                 int64
	at                    time.Time
	sent                  time.Time // zero until it is
}

func newESMS(w *World) *ESMS {
	return &ESMS{w: w, requests: recent{}, texts: recent{}, sent: map[string]*esmsMessage{}, calls: map[int64]int{}, ESMSSettings: ESMSSettings{
		ApiKey: "esms_api_key_demo", SecretKey: "esms_secret_demo", Brandnames: []string{"BHXH"}, Price: 500, Balance: 5_000_000, Repeat: Duration(5 * time.Minute),
		RepeatCode: strconv.Itoa(notPublished), SendStatus: "5", Report: Duration(5 * time.Second),
	}}
}

const esmsPath = "/esms/MainService.svc/json/"

func (e *ESMS) routes(m *http.ServeMux) {
	d := &door{w: e.w, provider: esmsName, fault: e.fault}
	postBoth(m, esmsPath+"SendMultipleMessage_V4_post_json", d.handle(e.sendCare))
	postBoth(m, esmsPath+"SendMultipleSMSBrandname_json", d.handle(e.sendAds))
	postBoth(m, esmsPath+"GetBalance_json", d.handle(e.balance))
	m.Handle("GET "+esmsPath+"GetSmsReceiverStatus_get", d.handle(e.status))
	m.Handle("GET "+esmsPath+"SummaryMultipleMessage_V4_get", d.handle(e.price))
}

type esmsBody struct {
	ApiKey, SecretKey, Phone, Content, Brandname, SmsType, IsUnicode, Sandbox, RequestId, SendDate, CallbackUrl string

	CampaignID string `json:"campaignid"`
	Phones     []string
}

func (e *ESMS) refuse(c *call, code, text string) reply {
	c.refuse(code)
	v := map[string]any{"CodeResult": code, "CountRegenerate": 0, "ErrorMessage": text}
	if code == "124" {
		v["SendStatus"] = "5"
	}
	return answer(http.StatusOK, v)
}

// sendCare sends one message to one telephone.
func (e *ESMS) sendCare(c *call) reply {
	var b esmsBody
	if json.Unmarshal(c.body, &b) != nil {
		return e.invalid(c)
	}
	c.entry.To, c.entry.Ref, c.entry.Text = b.Phone, b.RequestId, b.Content
	if b.SmsType != "2" {
		return e.refuse(c, "118", "SMS type is invalid")
	}
	phone, ok := mobileOf(b.Phone)
	if !ok {
		return e.refuse(c, "108", "Phone is invalid")
	}
	if code, text := e.check(c, &b, []string{phone}); code != "" {
		return e.refuse(c, code, text)
	}
	if !fitsOne(b.Content, e.Templates) {
		return e.refuse(c, "146", "Sai template Brandname CSKH")
	}
	return e.take(c, &b, "sms", []string{phone})
}

// sendAds sends one message to many telephones.
func (e *ESMS) sendAds(c *call) reply {
	var b esmsBody
	if json.Unmarshal(c.body, &b) != nil {
		return e.invalid(c)
	}
	c.entry.Ref, c.entry.Text = b.RequestId, b.Content
	switch {
	case b.SmsType != "1":
		return e.refuse(c, "118", "SMS type is invalid")
	case len(b.Phones) < 30:
		return e.refuse(c, "107", "Too few phones")
	case len(b.Phones) > 5000:
		return e.refuse(c, "120", "Too many phones")
	}
	var phones []string
	for _, p := range b.Phones {
		phone, ok := mobileOf(p)
		if !ok {
			return e.refuse(c, "108", "Phone is invalid")
		}
		phones = append(phones, phone)
	}
	if code, text := e.check(c, &b, phones); code != "" {
		return e.refuse(c, code, text)
	}
	return e.take(c, &b, "sms_ads", phones)
}

func (e *ESMS) invalid(c *call) reply {
	c.refuse("invalid")
	return answer(http.StatusOK, map[string]string{"error": "Invalid request"})
}

// check says why a message is refused, whatever its kind.
func (e *ESMS) check(c *call, b *esmsBody, phones []string) (code, text string) {
	second := c.at.Unix()
	e.calls[second]++
	delete(e.calls, second-2)
	starts := func(list []string) bool {
		return slices.ContainsFunc(phones, func(p string) bool {
			return slices.ContainsFunc(list, func(s string) bool { return strings.HasPrefix(p, s) })
		})
	}
	switch {
	case b.ApiKey != e.ApiKey || b.SecretKey != e.SecretKey:
		return "101", "Authorize Failed"
	case e.WrongIP:
		return "140", "IP is not allowed"
	case e.Locked:
		return "143", "Account is locked"
	case e.PerSecond > 0 && e.calls[second] > e.PerSecond:
		return "160", "Too many requests"
	case len(b.RequestId) > 50 || b.Content == "":
		return strconv.Itoa(notPublished), "Parameter is invalid"
	case b.RequestId != "" && e.requests.again(b.RequestId, c.at, 24*time.Hour):
		return "124", "Request exist 1"
	case !slices.Contains(e.Brandnames, b.Brandname):
		return "104", "Brand name code is not exist"
	case starts(e.Blocked):
		return "99", "Phone is blocked"
	case starts(e.Networks):
		return "177", "Brand name is not registered for this network"
	case slices.ContainsFunc(e.Keywords, func(k string) bool { return strings.Contains(vn.Fold(b.Content), vn.Fold(k)) }):
		return "201", "Content has a blocked keyword"
	case e.Repeat > 0 && slices.ContainsFunc(phones, func(p string) bool { return e.texts.again(p+"\n"+b.Content, c.at, time.Duration(e.Repeat)) }):
		return e.RepeatCode, "Same content to the same phone within 5 minutes"
	case e.Balance < e.cost(b, len(phones)):
		return "103", "Not enough money"
	}
	return "", ""
}

func (e *ESMS) cost(b *esmsBody, phones int) int64 {
	return e.Price * int64(partsOf(e.written(b), b.IsUnicode == "1")) * int64(phones)
}

// written is the text as it arrives: without accents, unless they were asked for.
func (e *ESMS) written(b *esmsBody) string {
	if b.IsUnicode == "1" {
		return b.Content
	}
	return vn.Unaccent(b.Content)
}

func (e *ESMS) take(c *call, b *esmsBody, kind string, phones []string) reply {
	id, start := e.w.hex(), c.at
	if b.SendDate != "" {
		t, err := time.ParseInLocation("2006-01-02 15:04:05", b.SendDate, zone)
		if err != nil {
			return e.invalid(c)
		}
		start = later(start, t)
	}
	if b.RequestId != "" {
		e.requests[b.RequestId] = c.at
	}
	if b.Sandbox == "1" {
		c.take(kind+"_sandbox", id, phones[0], b.Content)
		return answer(http.StatusOK, map[string]any{"CodeResult": "100", "CountRegenerate": 0, "SMSID": id})
	}
	for _, p := range phones {
		e.texts[p+"\n"+b.Content] = c.at
	}
	cost, text := e.cost(b, len(phones)), e.written(b)
	e.Balance -= cost
	c.takeSMS(kind, id, phones, text, partsOf(text, b.IsUnicode == "1"), e.Price)
	msg := &esmsMessage{id: id, request: b.RequestId, callback: b.CallbackUrl, kind: b.SmsType, phones: phones, price: cost, at: c.at, sent: start}
	if msg.callback == "" {
		msg.callback = e.Callback
	}
	e.sent[id] = msg
	if b.RequestId != "" {
		e.sent[b.RequestId] = msg
	}
	e.report(msg, start.Add(time.Duration(e.Report)))
	return answer(http.StatusOK, map[string]any{"CodeResult": "100", "CountRegenerate": 0, "SMSID": id})
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// report plans the callback: a GET without any signature, tried again only where nobody answers.
func (e *ESMS) report(m *esmsMessage, at time.Time) {
	if m.callback == "" {
		return
	}
	u, err := url.Parse(m.callback)
	if err != nil {
		return
	}
	failed := 0
	for _, p := range m.phones {
		if !e.w.reaches(p) || e.SendStatus == "4" {
			failed++
		}
	}
	q := u.Query()
	for k, v := range map[string]string{
		"SMSID": m.id, "SendFailed": strconv.Itoa(failed), "SendStatus": e.SendStatus, "SendSuccess": strconv.Itoa(len(m.phones) - failed), "TotalPrice": strconv.FormatInt(m.price, 10),
		"TotalReceiver": strconv.Itoa(len(m.phones)), "TotalSent": strconv.Itoa(len(m.phones)), "RequestId": m.request, "TypeId": m.kind, "telcoid": strconv.Itoa(1 + int(digest(m.phones[0])%7)),
		"phonenumber": m.phones[0],
	} {
		q.Set(k, v)
	}
	u.RawQuery = q.Encode()
	minute := time.Minute
	e.w.post(at, webhook{provider: esmsName, event: "callback", method: http.MethodGet, url: u.String(), patience: 5 * time.Second, onlyTimeout: true, again: []time.Duration{minute, minute, minute, minute, minute}})
}

// status tells what became of a message of the last seven days, by its SMSID or by the RequestId it was sent with.
func (e *ESMS) status(c *call) reply {
	q := c.r.URL.Query()
	if q.Get("ApiKey") != e.ApiKey || q.Get("SecretKey") != e.SecretKey {
		return e.refuse(c, "101", "Authorize Failed")
	}
	m := e.sent[q.Get("RefId")]
	if m == nil || c.at.Sub(m.at) > 7*24*time.Hour {
		return e.refuse(c, "105", "ID is not exist")
	}
	list := []map[string]any{}
	for _, p := range m.phones {
		gone := !c.at.Before(m.sent)
		list = append(list, map[string]any{"IsSent": gone, "NetworkName": "Viettel", "Phone": "0" + p[2:], "Retry": 0, "SentResult": gone && e.w.reaches(p) && e.SendStatus != "4"})
	}
	return answer(http.StatusOK, map[string]any{"CodeResult": "100", "ReceiverList": list})
}

func (e *ESMS) balance(c *call) reply {
	var b esmsBody
	if json.Unmarshal(c.body, &b) != nil {
		return e.invalid(c)
	}
	if b.ApiKey != e.ApiKey || b.SecretKey != e.SecretKey {
		c.refuse("101")
		return answer(http.StatusOK, map[string]any{"CodeResponse": "101", "ErrorMessage": "Authorize Failed"})
	}
	return answer(http.StatusOK, map[string]any{"Balance": e.Balance, "CodeResponse": "100", "UserID": 9999})
}

func (e *ESMS) price(c *call) reply {
	q := c.r.URL.Query()
	if q.Get("ApiKey") != e.ApiKey || q.Get("SecretKey") != e.SecretKey {
		return e.refuse(c, "101", "Authorize Failed")
	}
	return answer(http.StatusOK, map[string]any{"CodeResult": "100", "TotalPrice": e.cost(&esmsBody{Content: q.Get("Content"), IsUnicode: q.Get("IsUnicode")}, 1)})
}

func (e *ESMS) fault(c *call, f Fault) reply {
	switch f.Do {
	case Throttle:
		return e.refuse(c, "160", "Too many requests")
	case ExpireToken:
		return e.refuse(c, "101", "Authorize Failed")
	case BalanceUsed, QuotaUsed:
		return e.refuse(c, "103", "Not enough money")
	case AnswerCode:
		return e.refuse(c, f.Code, f.Text)
	}
	return e.refuse(c, "999", "Unknown")
}
