package fake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode/utf16"
)

// message sends a text in Messenger: only as an answer, and only inside the windows.
func (f *Facebook) message(c *call) reply {
	var b struct {
		Recipient struct {
			ID      string `json:"id"`
			Comment string `json:"comment_id"`
		} `json:"recipient"`
		Kind    string `json:"messaging_type"`
		Tag     string `json:"tag"`
		Message struct {
			Text string `json:"text"`
		} `json:"message"`
	}
	args := f.args(c)
	raw := fmt.Sprintf(`{"recipient":%s,"message":%s}`, orEmpty(args["recipient"]), orEmpty(args["message"]))
	inner := *c
	inner.body = []byte(raw)
	if !inner.read(&b) {
		return f.refuse(c, 100, 0, "Invalid parameter")
	}
	b.Kind, b.Tag = args["messaging_type"], args["tag"]
	c.entry.To, c.entry.Text = b.Recipient.ID+b.Recipient.Comment, b.Message.Text
	switch n := len(utf16.Encode([]rune(b.Message.Text))); {
	case !f.ours(c):
		return f.refuse(c, 200, 0, "Permissions error")
	case f.Restricted:
		return f.refuse(c, 10, 1893063, "Page temporarily restricted from sending")
	case n == 0 || n > 2000:
		return f.refuse(c, 100, 0, "Length of param message[text] must be less than or equal to 2000")
	case b.Recipient.Comment != "":
		return f.privateReply(c, b.Recipient.Comment, b.Message.Text)
	}
	v := f.w.villagers[b.Recipient.ID]
	if v == nil || v.PSID != b.Recipient.ID {
		return f.refuse(c, 100, 2018001, "No matching user found")
	}
	window := 24 * time.Hour
	switch {
	case b.Kind == "MESSAGE_TAG" && b.Tag == "HUMAN_AGENT":
		window = 7 * 24 * time.Hour
	case b.Kind != "RESPONSE":
		return f.refuse(c, 100, 0, "messaging_type is invalid")
	}
	switch {
	case v.BlocksOA:
		return f.refuse(c, 551, 0, "This person isn't available right now")
	case v.Inactive:
		return f.refuse(c, 10, 2018108, "This person isn't receiving messages from you right now")
	case v.LastPage.IsZero() || c.at.Sub(v.LastPage) > window:
		return f.refuse(c, 10, 2018278, "This message is sent outside of allowed window")
	}
	id := "m_" + f.w.hex()
	c.take("message", id, v.PSID, b.Message.Text)
	f.w.heard(facebookName, v, b.Message.Text, c.at.Add(time.Second))
	return answer(http.StatusOK, map[string]string{"recipient_id": v.PSID, "message_id": id})
}

func orEmpty(raw string) string {
	if raw == "" {
		return "{}"
	}
	return raw
}

// privateReply answers a comment in Messenger: once, within seven days.
func (f *Facebook) privateReply(c *call, id, text string) reply {
	m := f.commentOf(id)
	switch {
	case m == nil:
		return f.refuse(c, 100, 2018001, "No matching comment found")
	case m.answered:
		return f.refuse(c, 10903, 0, "This user cannot reply to this activity")
	case c.at.Sub(m.at) > 7*24*time.Hour:
		return f.refuse(c, 10, 2018278, "This message is sent outside of allowed window")
	}
	m.answered = true
	mid := "m_" + f.w.hex()
	c.take("private_reply", mid, id, text)
	return answer(http.StatusOK, map[string]string{"recipient_id": m.from, "message_id": mid})
}

type fbFrom struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

type fbChange struct {
	Item    string `json:"item"`
	Verb    string `json:"verb"`
	Comment string `json:"comment_id,omitempty"`
	Post    string `json:"post_id"`
	Parent  string `json:"parent_id,omitempty"`
	From    fbFrom `json:"from"`
	Message string `json:"message"`
	Created int64  `json:"created_time"`
}

type fbID struct {
	ID string `json:"id"`
}

type fbText struct {
	MID  string `json:"mid"`
	Text string `json:"text"`
}

type fbMessaging struct {
	Sender    fbID   `json:"sender"`
	Recipient fbID   `json:"recipient"`
	Timestamp int64  `json:"timestamp"`
	Message   fbText `json:"message"`
}

type fbField struct {
	Field string   `json:"field"`
	Value fbChange `json:"value"`
}

type fbEntry struct {
	ID        string        `json:"id"`
	Time      int64         `json:"time"`
	Messaging []fbMessaging `json:"messaging,omitempty"`
	Changes   []fbField     `json:"changes,omitempty"`
}

type fbHook struct {
	Object string    `json:"object"`
	Entry  []fbEntry `json:"entry"`
}

// ascii writes a body as Meta does, with every letter beyond ASCII as \u00e0: who writes it anew breaks the signature.
func ascii(v any) []byte {
	var b bytes.Buffer
	for _, r := range string(line(v)) {
		if r < 0x80 {
			b.WriteRune(r)
			continue
		}
		for _, u := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\u%04x`, u)
		}
	}
	return b.Bytes()
}

// event posts a signed webhook, where the Page is subscribed to its field.
func (f *Facebook) event(name, field string, e fbEntry) {
	if !strings.Contains(","+f.fields+",", ","+field+",") {
		return
	}
	body := ascii(fbHook{"page", []fbEntry{e}})
	f.w.post(f.w.Clock.Now(), webhook{
		provider: facebookName, event: name, method: http.MethodPost, url: f.Webhook, body: body, patience: 5 * time.Second,
		again:  []time.Duration{time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour},
		header: http.Header{"Content-Type": {"application/json"}, "X-Hub-Signature-256": {metaMAC(f.AppSecret, body)}},
		forge:  func(h *webhook) { h.header.Set("X-Hub-Signature-256", metaMAC(f.AppSecret+"_of_somebody_else", body)) },
	})
}

func (f *Facebook) change(v fbChange) {
	f.event(v.Item, "feed", fbEntry{ID: f.PageID, Time: f.w.Clock.Now().Unix(), Changes: []fbField{{"feed", v}}})
}

// act lets a villager write to the Page, or under one of its posts.
func (f *Facebook) act(v *Villager, do, text string) error {
	if v.PSID == "" {
		return errNobody
	}
	at := f.w.Clock.Now()
	switch do {
	case "say":
		v.LastPage = at
		f.event("message", "messages", fbEntry{ID: f.PageID, Time: at.UnixMilli(), Messaging: []fbMessaging{{fbID{v.PSID}, fbID{f.PageID}, at.UnixMilli(), fbText{"m_" + f.w.hex(), text}}}})
	case "comment":
		post, text, _ := strings.Cut(text, " ")
		if f.post(post) == nil {
			return errors.New("no such post")
		}
		f.say(post, post, v.PSID, v.Name, text)
	default:
		return fmt.Errorf("a villager cannot %q on a Page", do)
	}
	f.w.spoke(facebookName, v.PSID, do, text, at)
	return nil
}

// SetWebhook saves the URL of the webhook, once it gave the challenge back.
func (f *Facebook) SetWebhook(ctx context.Context, to string) error {
	u, err := url.Parse(to)
	if err != nil {
		return err
	}
	f.w.mu.Lock()
	challenge := fmt.Sprint(f.w.made + 123)
	q := u.Query()
	q.Set("hub.mode", "subscribe")
	q.Set("hub.verify_token", f.VerifyToken)
	q.Set("hub.challenge", challenge)
	f.w.mu.Unlock()
	u.RawQuery = q.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return err
	}
	res, err := f.w.client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	body, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
	if res.StatusCode != http.StatusOK || string(body) != challenge {
		return fmt.Errorf("%w: status %d", errProbe, res.StatusCode)
	}
	f.w.Change(func() { f.Webhook = to })
	return nil
}
