package zalo

import (
	"encoding/json"
	"strings"
	"time"

	"loa/channel"
)

// hook is a call of Zalo. What one event has another has not, and what is not as expected is read as nothing: the signature vouches for
// the sender, not for the form.
type hook struct {
	Name      word            `json:"event_name"`
	Timestamp word            `json:"timestamp"`
	OA        word            `json:"oa_id"`
	OAOther   word            `json:"oaId"`
	User      word            `json:"user_id"`
	GroupID   word            `json:"group_id"`
	MsgID     word            `json:"msg_id"`
	Template  word            `json:"template_id"`
	Sender    json.RawMessage `json:"sender"`
	Recipient json.RawMessage `json:"recipient"`
	Follower  json.RawMessage `json:"follower"`
	Message   json.RawMessage `json:"message"`
	Info      json.RawMessage `json:"info"`
	Status    json.RawMessage `json:"status"`
	Quality   json.RawMessage `json:"quality"`
	Quota     json.RawMessage `json:"quota"`
}

// party is somebody in a call.
type party struct {
	ID word `json:"id"`
}

// said is the message in a call.
type said struct {
	ID          word            `json:"msg_id"`
	IDs         []word          `json:"msg_ids"`
	Text        word            `json:"text"`
	Quote       word            `json:"quote_msg_id"`
	Tracking    word            `json:"tracking_id"`
	Delivered   word            `json:"delivery_time"`
	Data        word            `json:"data"`
	Rate        word            `json:"rate"`
	Note        word            `json:"note"`
	Attachments json.RawMessage `json:"attachments"`
}

// change is what was and what is.
type change struct {
	New        word `json:"new_value"`
	NewStatus  word `json:"new_status"`
	NewQuality word `json:"new_quality"`
}

// loose reads what can be read.
func loose[T any](raw json.RawMessage) (v T) {
	json.Unmarshal(raw, &v)
	return v
}

// account is the account a call is about; empty where it does not say.
func (h hook) account() string {
	switch name := string(h.Name); {
	case h.OA != "":
		return string(h.OA)
	case h.OAOther != "":
		return string(h.OAOther)
	case strings.HasPrefix(name, "oa_send_"), name == "user_received_message", name == "user_seen_message":
		return string(loose[party](h.Sender).ID)
	case strings.HasPrefix(name, "user_send_"), name == "user_submit_info", name == "user_click_chatnow":
		return string(loose[party](h.Recipient).ID)
	}
	return ""
}

// events are what a call tells. The key is the event's name and the message, or the body's own hash where there is no message: Zalo repeats
// a call with the same body.
func (h hook) events(at time.Time, zns bool, body string) []channel.Event {
	name, m := string(h.Name), loose[said](h.Message)
	if m.ID == "" {
		m.ID = h.MsgID
	}
	e := channel.Event{Network: Follower, At: at, Key: name + ":" + body, Ref: string(m.ID)}
	if m.ID != "" {
		e.Key = name + ":" + string(m.ID)
	}
	sender, recipient := string(loose[party](h.Sender).ID), string(loose[party](h.Recipient).ID)
	switch {
	case name == "follow", name == "unfollow":
		e.Kind, e.From, e.Ref = channel.EventKind(name), string(loose[party](h.Follower).ID), ""
	case name == "user_received_message", name == "user_seen_message":
		return h.receipts(e, m, zns || m.Delivered != "" || m.Tracking != "", recipient)
	case strings.HasPrefix(name, "user_send_group_"):
		e.Kind, e.Network, e.From, e.Thread = channel.EventReply, Group, sender, h.group(recipient)
		e.Text, e.Media = written(m)
	case strings.HasPrefix(name, "user_send_"):
		e.Kind, e.From, e.Thread = channel.EventReply, sender, string(m.Quote)
		e.Text, e.Media = written(m)
	case strings.HasPrefix(name, "oa_send_group_"):
		e.Kind, e.Network, e.From = channel.EventEcho, Group, h.group(recipient)
		e.Text, e.Media = written(m)
	case strings.HasPrefix(name, "oa_send_"):
		e.Kind, e.From = channel.EventEcho, recipient
		e.Text, e.Media = written(m)
	case name == "user_click_chatnow":
		e.Kind, e.From, e.Text = channel.EventClick, first(sender, string(h.User)), "chatnow"
	case name == "user_click_response_button":
		e.Kind, e.Text, e.Message = channel.EventClick, string(m.Data), ours(m.Tracking)
		e.Network, e.From = h.person(sender)
	case name == "user_feedback":
		return h.rating(e, m, sender)
	case name == "user_submit_info":
		e.Kind, e.From, e.Ref = channel.EventContact, sender, ""
		e.Name, e.Phone, e.Text = shared(h.Info)
	case name == "user_withdraw":
		e.Kind, e.Ref = channel.EventErase, ""
		e.From = first(sender, string(loose[party](h.Follower).ID), string(h.User))
	default:
		return h.notices(e)
	}
	if e.From == "" && e.Message == "" && e.Ref == "" {
		return nil // about nobody
	}
	return []channel.Event{e}
}

// notices are about the account, not about a person.
func (h hook) notices(e channel.Event) []channel.Event {
	e.Network, e.Ref = "", string(h.Template)
	switch h.Name {
	case "change_template_status":
		s := loose[change](h.Status)
		e.Kind, e.Text = channel.EventTemplate, first(string(s.NewStatus), string(s.New))
	case "change_template_quality":
		s := loose[change](h.Quality)
		e.Kind, e.Code, e.Text = channel.EventTemplate, "quality", first(string(s.NewQuality), string(s.New))
	case "change_oa_daily_quota":
		n := loose[change](h.Quota).New.amount()
		if n == nil {
			return nil
		}
		e.Kind, e.Amount, e.Ref = channel.EventQuota, *n, ""
		return []channel.Event{e}
	default:
		return nil
	}
	if e.Ref == "" || e.Text == "" {
		return nil
	}
	return []channel.Event{e}
}

// receipts say of one or several messages that they came or were seen.
func (h hook) receipts(e channel.Event, m said, zns bool, recipient string) []channel.Event {
	if e.Kind = channel.EventDelivered; h.Name == "user_seen_message" {
		e.Kind = channel.EventSeen
	}
	if e.From = recipient; zns && (!digits(recipient) || len(recipient) <= 12) {
		if e.Network = Number; !digits(recipient) { // a hash
			e.From = ""
		}
	}
	e.Message = ours(m.Tracking)
	if at := m.Delivered.moment(); !at.IsZero() {
		e.At = at
	}
	var out []channel.Event
	seen := map[word]bool{"": true}
	for _, id := range append([]word{m.ID}, m.IDs...) {
		if !seen[id] {
			seen[id] = true
			e.Ref, e.Key = string(id), string(h.Name)+":"+string(id)
			out = append(out, e)
		}
	}
	return out
}

// rating is stars, and what the person wrote beside them.
func (h hook) rating(e channel.Event, m said, sender string) []channel.Event {
	e.Network, e.From = h.person(sender)
	e.Kind, e.Text, e.Message = channel.EventRating, string(m.Rate), ours(m.Tracking)
	out := []channel.Event{e}
	if note := strings.TrimSpace(string(m.Note)); note != "" && e.From != "" {
		e.Kind, e.Key, e.Text = channel.EventReply, e.Key+":note", note
		out = append(out, e)
	}
	return out
}

// person is the address of whoever answered a template: a number or a user.
func (h hook) person(sender string) (network, from string) {
	switch {
	case sender == "":
		return Follower, string(h.User)
	case !digits(sender):
		return Number, "" // a hash
	case strings.HasPrefix(sender, "84") && len(sender) <= 12:
		return Number, sender
	}
	return Follower, sender
}

func (h hook) group(recipient string) string { return first(string(h.GroupID), recipient) }

// ours is our own ID in a tracking_id.
func ours(tracking word) string {
	if len(tracking) != 32 {
		return ""
	}
	for _, c := range tracking {
		if (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return ""
		}
	}
	return string(tracking)
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}
