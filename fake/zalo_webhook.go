package fake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// zaloAgain is how long after each failure Zalo tries again; then it stops calling.
func zaloAgain() []time.Duration {
	return []time.Duration{30 * time.Second, 5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour}
}

const zaloPatience = 2 * time.Second

// errProbe is a URL that did not answer 200 to the empty, unsigned question that Zalo asks when it is saved.
var errProbe = errors.New("the URL did not answer 200 to the probe")

// SetWebhook saves the URL of the webhook as the console does: not before it answered 200 to an unsigned {}.
func (z *Zalo) SetWebhook(ctx context.Context, url string) error {
	status, err := z.w.carry(ctx, webhook{method: http.MethodPost, url: url, body: []byte("{}"), header: http.Header{"Content-Type": {"application/json"}}, patience: zaloPatience})
	z.w.Ledger.add(Entry{Provider: zaloOAName, At: z.w.Clock.Now(), Method: http.MethodPost, Path: url, Kind: "probe", Text: "{}", Outcome: Posted, Status: status, Unanswered: err != nil})
	if err != nil || status != http.StatusOK {
		return fmt.Errorf("%w: status %d", errProbe, status)
	}
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	z.Webhook, z.disabled = url, false
	return nil
}

// Disabled says whether Zalo gave the webhook up.
func (z *Zalo) Disabled() bool {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	return z.disabled
}

type zaloID struct {
	ID string `json:"id"`
}

// userEvent is what a user did in the chat; the order of its fields is that of the wire.
type userEvent struct {
	Event     string `json:"event_name"`
	AppID     string `json:"app_id"`
	Sender    zaloID `json:"sender"`
	Recipient zaloID `json:"recipient"`
	Message   any    `json:"message,omitempty"`
	Info      any    `json:"info,omitempty"`
	Timestamp string `json:"timestamp"`
	ByApp     string `json:"user_id_by_app,omitempty"`
}

type textPart struct {
	Text        string `json:"text"`
	MsgID       string `json:"msg_id"`
	Attachments any    `json:"attachments,omitempty"`
}

// znsEvent is the receipt of a message by phone.
type znsEvent struct {
	Sender    zaloID      `json:"sender"`
	Recipient zaloID      `json:"recipient"`
	Event     string      `json:"event_name"`
	Message   znsDelivery `json:"message"`
	AppID     string      `json:"app_id"`
	Timestamp string      `json:"timestamp"`
}

type znsDelivery struct {
	At         string `json:"delivery_time"`
	MsgID      string `json:"msg_id"`
	TrackingID string `json:"tracking_id,omitempty"`
}

type followEvent struct {
	OAID      string `json:"oa_id"`
	Follower  zaloID `json:"follower"`
	ByApp     string `json:"user_id_by_app"`
	Event     string `json:"event_name"`
	Source    string `json:"source"`
	AppID     string `json:"app_id"`
	Timestamp string `json:"timestamp"`
}

// line writes a body as the wire has it: no escaping of HTML, no line end.
func line(v any) []byte { return answer(http.StatusOK, v).body }

// event posts a signed webhook at a time of the world; w.mu must be held.
func (z *Zalo) event(name string, body []byte, at time.Time, zns bool) {
	if z.disabled || z.Webhook == "" {
		return
	}
	id, stamp := z.AppID, millis(at)
	if z.MACWithOAID {
		id = z.OAID
	}
	h := webhook{
		provider: zaloOAName, event: name, method: http.MethodPost, url: z.Webhook, body: body, patience: zaloPatience, again: zaloAgain(), count: "num_retry",
		header: http.Header{"Content-Type": {"application/json"}, "X-Zevent-Signature": {zaloMAC(id, body, stamp, z.OASecret)}},
		failed: func() { z.disabled = true },
		forge: func(h *webhook) {
			h.header.Set("X-ZEvent-Signature", zaloMAC(id, body, stamp, z.OASecret+"_of_somebody_else"))
		},
	}
	if !z.NoTimeHeader {
		h.header.Set("X-ZEvent-Timestamp", stamp)
	}
	if zns {
		h.provider = zaloBusinessName
		h.header.Set("X-ZEvent-Server", "ZNS")
	}
	z.w.post(at, h)
}

// raise posts an event of the OA that no user did; w.mu must be held.
func (z *Zalo) raise(name string, fields map[string]any) {
	at := z.w.Clock.Now()
	body := map[string]any{"event_name": name, "app_id": z.AppID, "oa_id": z.OAID, "timestamp": millis(at)}
	for k, v := range fields {
		body[k] = v
	}
	z.event(name, line(body), at, false)
}

// Raise posts any event with any fields, signed: change_oa_daily_quota, user_feedback and what else the console can send.
func (z *Zalo) Raise(name string, fields map[string]any) {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	z.raise(name, fields)
}

// did posts what a user did; w.mu must be held.
func (z *Zalo) did(v *Villager, name string, message, info any, at time.Time) {
	z.event(name, line(userEvent{name, z.AppID, zaloID{v.ID}, zaloID{z.OAID}, message, info, millis(at), byApp(v)}), at, false)
}

// arrive plans what follows from a message of the OA: its echo, the receipt, the reading, and the villager's habits.
func (z *Zalo) arrive(v *Villager, id, text string, at time.Time) {
	message := map[string]string{"msg_id": id}
	if z.Echo {
		z.event("oa_send_text", line(userEvent{"oa_send_text", z.AppID, zaloID{z.OAID}, zaloID{v.ID}, textPart{text, id, nil}, nil, millis(at), byApp(v)}), at, false)
	}
	if v.Unreachable {
		return
	}
	got := at.Add(time.Second)
	z.event("user_received_message", line(userEvent{"user_received_message", z.AppID, zaloID{z.OAID}, zaloID{v.ID}, message, nil, millis(got), byApp(v)}), got, false)
	if v.Unread {
		return
	}
	seen := at.Add(30 * time.Second)
	z.event("user_seen_message", line(userEvent{"user_seen_message", z.AppID, zaloID{z.OAID}, zaloID{v.ID}, map[string][]string{"msg_ids": {id}}, nil, millis(seen), byApp(v)}), seen, false)
	z.w.heard(zaloOAName, v, text, seen)
}

// deliverZNS plans the arrival of a message by phone, and its receipt.
func (z *Zalo) deliverZNS(sent *znsMessage, id string, m znsBody, text string, at time.Time) {
	v := z.w.villagers[m.address()]
	if v != nil && v.Unreachable {
		return
	}
	sent.delivered = at.Add(2 * time.Second)
	stamp := sent.delivered.Add(time.Second)
	body := line(znsEvent{zaloID{z.OAID}, zaloID{m.address()}, "user_received_message", znsDelivery{millis(sent.delivered), id, m.TrackingID}, z.AppID, millis(stamp)})
	z.event("user_received_message", body, stamp, true)
	if v != nil && v.ID != "" && !v.Unread {
		z.w.heard(zaloOAName, v, text, stamp)
	}
}

// act lets a villager do something in the chat now; w.mu must be held.
func (z *Zalo) act(v *Villager, do, text string) error {
	if v.ID == "" {
		return errNobody
	}
	at := z.w.Clock.Now()
	spoke := func(id string) {
		v.Last = at
		z.said = append(z.said, said{v.ID, id, text, at, false})
	}
	switch do {
	case "say":
		id := z.w.hex()
		spoke(id)
		z.did(v, "user_send_text", textPart{text, id, nil}, nil, at)
	case "image":
		id := z.w.hex()
		spoke(id)
		z.did(v, "user_send_image", textPart{text, id, []any{map[string]any{"type": "image", "payload": map[string]string{"url": "https://fake.zadn.vn/" + id + ".jpg"}}}}, nil, at)
	case "share":
		name, phone, _ := strings.Cut(text, "|")
		if text == "" {
			name, phone = v.Name, v.Phone
		}
		v.Last, v.shared = at, map[string]string{"name": name, "phone": phone}
		z.did(v, "user_submit_info", nil, map[string]string{"name": name, "phone": phone, "address": "", "city": "", "district": ""}, at)
	case "click":
		v.Last = at
		z.did(v, "user_click_response_button", map[string]string{"msg_id": z.w.hex(), "text": text}, nil, at)
	case "seen":
		z.did(v, "user_seen_message", map[string][]string{"msg_ids": {text}}, nil, at)
	case "follow", "unfollow":
		v.Follows = do == "follow"
		if v.Follows {
			v.Last = at
		}
		z.event(do, line(followEvent{z.OAID, zaloID{v.ID}, byApp(v), do, "oa_profile", z.AppID, millis(at)}), at, false)
	case "withdraw":
		v.Follows, v.shared = false, nil
		z.did(v, "user_withdraw", nil, nil, at)
	default:
		return fmt.Errorf("a villager cannot %q on Zalo", do)
	}
	z.w.spoke(zaloOAName, v.ID, do, text, at)
	return nil
}

// showArticles lets the followers see a broadcast.
func (z *Zalo) showArticles(shown []*article) func(context.Context) {
	return func(context.Context) {
		z.w.mu.Lock()
		defer z.w.mu.Unlock()
		for _, v := range z.w.order {
			if !v.Follows || v.Unread {
				continue
			}
			for _, a := range shown {
				a.views++
				z.w.heard(zaloOAName, v, a.Title, z.w.Clock.Now().Add(time.Minute))
			}
		}
	}
}
