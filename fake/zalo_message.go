package fake

import (
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// The windows of a text to a user, counted from when they last spoke to the OA.
const (
	freeWindow = 48 * time.Hour
	lastWindow = 7 * 24 * time.Hour
)

// said is one message of a conversation, as it can be asked for afterwards.
type said struct {
	user, id, text string
	at             time.Time
	byOA           bool
}

type zaloMessage struct {
	Recipient struct {
		UserID  string `json:"user_id"`
		GroupID string `json:"group_id"`
		Target  *struct {
			Cities    json.RawMessage `json:"cities"`
			Ages      json.RawMessage `json:"ages"`
			Gender    json.RawMessage `json:"gender"`
			Locations json.RawMessage `json:"locations"`
			Platform  json.RawMessage `json:"platform"`
		} `json:"target"`
	} `json:"recipient"`
	Message struct {
		Text       string          `json:"text"`
		Quote      string          `json:"quote_message_id"`
		Attachment *zaloAttachment `json:"attachment"`
	} `json:"message"`
}

type zaloAttachment struct {
	Type    string `json:"type"`
	Payload struct {
		TemplateType string        `json:"template_type"`
		Token        string        `json:"token"`
		Elements     []zaloElement `json:"elements"`
		Buttons      []struct {
			Title   string          `json:"title"`
			Type    string          `json:"type"`
			Payload json.RawMessage `json:"payload"`
		} `json:"buttons"`
	} `json:"payload"`
}

type zaloElement struct {
	MediaType    string `json:"media_type"`
	URL          string `json:"url"`
	AttachmentID string `json:"attachment_id"`
	Title        string `json:"title"`
	Subtitle     string `json:"subtitle"`
	ImageURL     string `json:"image_url"`
	Width        int    `json:"width"`
	Height       int    `json:"height"`
}

var zaloButtons = []string{"oa.open.url", "oa.query.show", "oa.query.hide", "oa.open.sms", "oa.open.phone"}

// refusal is a code with Zalo's words for it; 0 for none.
type refusal struct {
	code int
	text string
}

// mayHear says why a user cannot be sent to at all.
func (z *Zalo) mayHear(id string) (*Villager, refusal) {
	v := z.w.villagers[id]
	switch {
	case v == nil || v.ID != id:
		return nil, refusal{-201, "user_id is invalid"}
	case v.Inactive:
		return nil, refusal{-227, "User is banned or has been inactive for more than 45 days"}
	case v.BlocksOA:
		return nil, refusal{-217, "User has blocked the OA"}
	}
	return v, refusal{}
}

// window says whether a text may go out to v, and what it costs.
func (z *Zalo) window(v *Villager, now time.Time) (cost int64, no refusal) {
	ago := now.Sub(v.Last)
	switch {
	case v.Last.IsZero():
		return 0, refusal{-232, "User has not interacted with the OA, or the interaction has expired"}
	case ago > lastWindow:
		return 0, refusal{-230, "User has not interacted with the OA in the past 7 days"}
	case ago > freeWindow:
		return z.BilledText, refusal{}
	}
	return 0, refusal{}
}

// checkMessage says what is wrong with a message itself.
func (z *Zalo) checkMessage(m *zaloMessage, now time.Time) refusal {
	a := m.Message.Attachment
	switch {
	case utf8.RuneCountInString(m.Message.Text) > 2000:
		return refusal{-210, "message.text is over 2000 characters"}
	case a == nil && m.Message.Text == "":
		return refusal{-201, "message.text is empty"}
	case a == nil:
		return refusal{}
	case a.Type == "file":
		return z.checkUpload(a.Payload.Token, "file", now)
	case a.Type != "template" || a.Payload.TemplateType != "media" && a.Payload.TemplateType != "request_user_info" || len(a.Payload.Elements) != 1:
		return refusal{-201, "attachment is invalid"}
	}
	for _, b := range a.Payload.Buttons {
		if b.Title == "" || !slices.Contains(zaloButtons, b.Type) {
			return refusal{-201, "button is invalid"}
		}
	}
	return z.checkElement(a.Payload.TemplateType, a.Payload.Elements[0], now)
}

func (z *Zalo) checkElement(kind string, e zaloElement, now time.Time) refusal {
	if kind == "request_user_info" {
		if e.Title == "" || e.ImageURL == "" || utf8.RuneCountInString(e.Title) > 100 || utf8.RuneCountInString(e.Subtitle) > 500 {
			return refusal{-201, "element is invalid"}
		}
		return refusal{}
	}
	switch {
	case e.MediaType != "image" && e.MediaType != "gif" || (e.URL == "") == (e.AttachmentID == ""):
		return refusal{-201, "element needs url or attachment_id"}
	case e.MediaType == "gif" && (e.Width == 0 || e.Height == 0):
		return refusal{-201, "width and height are required"}
	case e.AttachmentID != "":
		return z.checkUpload(e.AttachmentID, e.MediaType, now)
	}
	return refusal{}
}

// sendText is the text, picture or file an officer writes to one user.
func (z *Zalo) sendText(c *call) reply {
	var m zaloMessage
	if !c.read(&m) {
		return z.refuse(c, -201, "params is invalid")
	}
	c.entry.To, c.entry.Text = m.Recipient.UserID, m.Message.Text
	if no := z.checkMessage(&m, c.at); no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	v, no := z.mayHear(m.Recipient.UserID)
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	cost, no := z.window(v, c.at)
	if no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	if cost > z.Balance {
		return z.refuse(c, -321, "Zalo Cloud Account is out of money")
	}
	z.Balance -= cost
	id := z.w.hex()
	c.take("text", id, v.ID, m.Message.Text)
	c.entry.Cost = cost
	z.said = append(z.said, said{v.ID, id, m.Message.Text, c.at, true})
	z.arrive(v, id, m.Message.Text, c.at)
	data := map[string]any{"message_id": id, "user_id": v.ID, "sent_time": millis(c.at)}
	if cost == 0 {
		data["quota"] = map[string]string{"quota_type": "reply", "remain": "8", "total": "8"}
	}
	return good(data)
}

func millis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// messageQuota is the question before a text.
func (z *Zalo) messageQuota(c *call) reply {
	var q struct {
		UserID string `json:"user_id"`
	}
	if !c.read(&q) {
		return z.refuse(c, -201, "params is invalid")
	}
	v, no := z.mayHear(q.UserID)
	if no.code == -201 {
		return z.refuse(c, no.code, no.text)
	}
	data := map[string]any{
		"cs_reply":  map[string]int{"remain": 0, "total": 8},
		"promotion": map[string]int{"daily_remain": 0, "daily_total": 1, "monthly_remain": 4, "monthly_total": 6},
	}
	if v != nil && !v.Last.IsZero() {
		data["last_interaction"] = millis(v.Last)
		if c.at.Sub(v.Last) <= freeWindow {
			data["cs_reply"] = map[string]int{"remain": 8, "total": 8}
		}
	}
	return good(data)
}

// Group is a chat group of the OA's members.
type Group struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Members []string `json:"members,omitempty"`
	Expired bool     `json:"expired,omitempty"` // -237
	Outside bool     `json:"outside,omitempty"` // the OA is no member: -403
}

// AddGroups makes groups known.
func (z *Zalo) AddGroups(list ...Group) {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	for _, g := range list {
		z.groups[g.ID] = &g
	}
}

var mention = regexp.MustCompile(`\[@[0-9]+\]`)

// sendGroup is a text to a group; what looks like a mention in it calls people by name.
func (z *Zalo) sendGroup(c *call) reply {
	var m zaloMessage
	if !c.read(&m) || m.Recipient.GroupID == "" {
		return z.refuse(c, -201, "params is invalid")
	}
	c.entry.To, c.entry.Text = m.Recipient.GroupID, m.Message.Text
	if no := z.checkMessage(&m, c.at); no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	g := z.groups[m.Recipient.GroupID]
	switch {
	case g == nil || g.Outside:
		return z.refuse(c, -403, "OA is not a member of the group")
	case g.Expired:
		return z.refuse(c, -237, "Group has expired")
	}
	id, kind := z.w.hex(), "group"
	if mention.MatchString(m.Message.Text) {
		kind = "group_mention"
	}
	c.take(kind, id, g.ID, m.Message.Text)
	for _, user := range g.Members {
		if v := z.w.villagers[user]; v != nil {
			z.w.heard(zaloOAName, v, m.Message.Text, c.at.Add(time.Second))
		}
	}
	return good(map[string]any{"message_id": id, "group_id": g.ID, "sent_time": millis(c.at)})
}

// conversation lists what was said with one user, the newest first: how an unsure text is looked up. Its shape is recalled.
func (z *Zalo) conversation(c *call) reply {
	var q struct {
		UserID        string `json:"user_id"`
		Offset, Count int
	}
	if !c.query(&q) || q.UserID == "" || q.Count > 10 {
		return z.refuse(c, -201, "params is invalid")
	}
	list := []map[string]any{}
	for _, s := range slices.Backward(z.said) {
		if s.user != q.UserID {
			continue
		}
		m := map[string]any{"message_id": s.id, "message": s.text, "type": "text", "time": s.at.UnixMilli(), "src": 1, "from_id": s.user, "to_id": z.OAID}
		if s.byOA {
			m["src"], m["from_id"], m["to_id"] = 0, z.OAID, s.user
		}
		list = append(list, m)
	}
	list = list[min(q.Offset, len(list)):]
	if q.Count == 0 {
		q.Count = 5
	}
	return good(list[:min(q.Count, len(list))])
}
