package fake

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

func (o *office) listen() {
	o.t.Helper()
	if err := o.Zalo.SetWebhook(context.Background(), o.receiver.URL+"/zalo"); err != nil {
		o.t.Fatal(err)
	}
	o.hooks()
}

// event reads the name and the time of a webhook.
func (h hook) event() (name, stamp string) {
	var e struct {
		Name  string `json:"event_name"`
		Stamp string `json:"timestamp"`
	}
	_ = json.Unmarshal([]byte(h.body), &e)
	return e.Name, e.Stamp
}

func names(hooks []hook) string {
	var all []string
	for _, h := range hooks {
		n, _ := h.event()
		all = append(all, n)
	}
	return strings.Join(all, " ")
}

// TestZaloProbe shows that a URL is saved only when it answers the unsigned {}.
func TestZaloProbe(t *testing.T) {
	o := newOffice(t)
	o.answerWith(http.StatusForbidden)
	if err := o.Zalo.SetWebhook(t.Context(), o.receiver.URL); err == nil || o.Zalo.Webhook != "" {
		t.Error("a URL that refuses the probe was saved")
	}
	o.answerWith(http.StatusOK)
	o.hooks()
	if err := o.Zalo.SetWebhook(t.Context(), o.receiver.URL); err != nil {
		t.Fatal(err)
	}
	if got := o.hooks(); len(got) != 1 || got[0].body != "{}" || got[0].header.Get("X-ZEvent-Signature") != "" {
		t.Errorf("%+v", got)
	}
}

// TestVillagers walks what a villager can do, and that every event is signed over its own bytes.
func TestVillagers(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.AddVillagers(Villager{ID: "2001", Phone: "84922222221", Name: "Hà", Follows: true, Last: noon, Habits: []Habit{{When: "the bao hiem", Do: "say", Text: "HUY", After: Duration(time.Minute), Times: 1}, {When: "HUY", Do: "unfollow"}}})
	o.listen()
	for do, text := range map[string]string{"follow": "", "say": "Cho tôi hỏi", "share": "", "unfollow": "", "withdraw": "", "click": "Có", "image": ""} {
		if err := o.Act("zalo", "1005", do, text); err != nil {
			t.Fatal(do, err)
		}
	}
	if err := o.Act("zalo", "1005", "dance", ""); err == nil {
		t.Error("a villager danced")
	}
	o.Deliver(t.Context())
	got := o.hooks()
	for _, want := range []string{"follow", "unfollow", "user_send_text", "user_submit_info", "user_withdraw", "user_click_response_button", "user_send_image"} {
		if !strings.Contains(" "+names(got)+" ", " "+want+" ") {
			t.Errorf("no %s in %s", want, names(got))
		}
	}
	for _, h := range got {
		if _, stamp := h.event(); !signedByZalo(h, o.Zalo.AppID, stamp, o.Zalo.OASecret) || h.header.Get("X-ZEvent-Timestamp") != stamp {
			t.Errorf("badly signed: %s", h.body)
		}
	}
	for range 2 { // the habit is for once
		o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", cs("2001", "Thẻ bảo hiểm của bà sắp hết hạn"))
		o.Advance(t.Context(), 2*time.Minute)
	}
	if n := names(o.hooks()); n != "user_received_message user_seen_message user_send_text user_received_message user_seen_message" {
		t.Errorf("after a message: %s", n)
	}
	if a := o.ask("POST", "/zalo-oa/v3.0/oa/message/cs", cs("1005", "Chào bà")); a.code() != 0 {
		t.Errorf("speaking opened no window: %s", a.body)
	}
}

// TestZNSReceipt shows the receipt of a message by phone, and the reported other ways to sign it.
func TestZNSReceipt(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.listen()
	o.Change(func() { o.Zalo.MACWithOAID, o.Zalo.NoTimeHeader = true, true })
	o.ask("POST", "/zalo-business/message/template", `{"phone":"84987654321","template_id":"347878","tracking_id":"loa_7",`+filled+`}`)
	id := o.last().ID
	o.Advance(t.Context(), time.Minute)
	got := o.hooks()
	if len(got) != 1 {
		t.Fatalf("%d webhooks", len(got))
	}
	_, stamp := got[0].event()
	if !strings.Contains(got[0].body, `"msg_id":"`+id+`","tracking_id":"loa_7"`) || !strings.Contains(got[0].body, `"recipient":{"id":"84987654321"}`) || got[0].header.Get("X-ZEvent-Server") != "ZNS" {
		t.Errorf("%s %v", got[0].body, got[0].header)
	}
	if !signedByZalo(got[0], o.Zalo.OAID, stamp, o.Zalo.OASecret) || got[0].header.Get("X-ZEvent-Timestamp") != "" {
		t.Error("signed as always")
	}
}

// TestZaloRetries shows the times at which a webhook comes again, and that Zalo gives up.
func TestZaloRetries(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.listen()
	o.answerWith(http.StatusInternalServerError)
	_ = o.Act("zalo", "1001", "say", "Chào")
	o.Advance(t.Context(), 3*time.Hour)
	var at []time.Duration
	var counts []string
	got := o.hooks()
	for _, h := range got {
		at, counts = append(at, h.at.Sub(noon)), append(counts, h.header.Get("num_retry"))
		if h.body != got[0].body {
			t.Error("a retry has another body")
		}
	}
	want := []time.Duration{0, 30 * time.Second, 330 * time.Second, 1230 * time.Second, 3030 * time.Second, 6630 * time.Second}
	if len(at) != len(want) || strings.Join(counts, ",") != ",1,2,3,4,5" {
		t.Fatalf("%v %v", at, counts)
	}
	for i := range want {
		if at[i] != want[i] {
			t.Errorf("try %d at %v, want %v", i, at[i], want[i])
		}
	}
	if !o.Zalo.Disabled() {
		t.Error("the webhook is not given up")
	}
	o.answerWith(http.StatusOK)
	_ = o.Act("zalo", "1001", "say", "Còn đó không")
	o.Deliver(t.Context())
	if n := len(o.hooks()); n != 0 {
		t.Errorf("%d webhooks after Zalo gave up", n)
	}
	o.listen()
	_ = o.Act("zalo", "1001", "say", "Chào lại")
	o.Deliver(t.Context())
	if n := len(o.hooks()); n != 1 {
		t.Errorf("%d webhooks after the URL was saved anew", n)
	}
}

// TestWebhookFaults shows each of the faults of a webhook.
func TestWebhookFaults(t *testing.T) {
	for _, c := range []struct {
		fault Fault
		want  string // the texts that came, in their order
		good  bool   // whether the signatures hold
	}{
		{Fault{Do: DuplicateWebhook, Nth: 2}, "a b b c", true},
		{Fault{Do: LateWebhook, Nth: 1, Wait: Duration(30 * time.Minute)}, "b c a", true},
		{Fault{Do: DisorderWebhook}, "c b a", true},
		{Fault{Do: DisorderWebhook, Nth: 1}, "b c a", true},
		{Fault{Do: LoseWebhook, Every: 2}, "a c", true},
		{Fault{Do: WrongSignature}, "a b c", false},
		{Fault{Do: WrongSignature, Path: "follow"}, "a b c", true},
		{Fault{Do: LoseWebhook, Provider: facebookName}, "a b c", true},
	} {
		o := newOffice(t)
		o.people()
		o.listen()
		if err := o.Faults.Add(c.fault); err != nil {
			t.Fatal(err)
		}
		for _, text := range []string{"a", "b", "c"} {
			_ = o.Act("zalo", "1001", "say", text)
		}
		o.Advance(t.Context(), time.Hour)
		var texts []string
		for _, h := range o.hooks() {
			_, rest, _ := strings.Cut(h.body, `"text":"`)
			texts = append(texts, rest[:1])
			if _, stamp := h.event(); signedByZalo(h, o.Zalo.AppID, stamp, o.Zalo.OASecret) != c.good {
				t.Errorf("%+v: signature", c.fault)
			}
		}
		if got := strings.Join(texts, " "); got != c.want {
			t.Errorf("%+v: %s, want %s", c.fault, got, c.want)
		}
	}
}

// TestRaise shows the events that the console sends.
func TestRaise(t *testing.T) {
	o := newOffice(t)
	o.people()
	o.listen()
	o.Zalo.AddTemplates(Template{ID: "347878", Status: "REJECT"})
	o.Zalo.Raise("change_oa_daily_quota", map[string]any{"oaId": o.Zalo.OAID, "quota": map[string]string{"prev_value": "500", "new_value": "2000"}})
	o.Deliver(t.Context())
	got := o.hooks()
	if names(got) != "change_template_status change_oa_daily_quota" || !strings.Contains(got[0].body, `"new_status":"REJECT","prev_status":"ENABLE"`) {
		t.Errorf("%+v", got)
	}
}
