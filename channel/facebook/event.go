package facebook

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"loa/channel"
)

// hook is a call of Facebook. What is not as expected is read as nothing: the signature vouches for the sender, not for the form.
type hook struct {
	Object word              `json:"object"`
	Entry  []json.RawMessage `json:"entry"`
}

// happened is what happened on one page.
type happened struct {
	ID        word              `json:"id"`
	Time      word              `json:"time"`
	Changes   []json.RawMessage `json:"changes"`
	Messaging []json.RawMessage `json:"messaging"`
}

// party is somebody in a call.
type party struct {
	ID   word `json:"id"`
	Name word `json:"name"`
}

// change is something on the page's wall.
type change struct {
	Field word `json:"field"`
	Value struct {
		Item      word            `json:"item"`
		Verb      word            `json:"verb"`
		Comment   word            `json:"comment_id"`
		Post      word            `json:"post_id"`
		Parent    word            `json:"parent_id"`
		From      json.RawMessage `json:"from"`
		Message   word            `json:"message"`
		Created   word            `json:"created_time"`
		Published word            `json:"published"`
	} `json:"value"`
}

// talk is something in Messenger.
type talk struct {
	Sender    json.RawMessage `json:"sender"`
	Recipient json.RawMessage `json:"recipient"`
	Time      word            `json:"timestamp"`
	Message   json.RawMessage `json:"message"`
	Postback  json.RawMessage `json:"postback"`
	Delivery  json.RawMessage `json:"delivery"`
}

func (p *Account) events(e happened) []channel.Event {
	var out []channel.Event
	for _, raw := range e.Changes {
		if c := loose[change](raw); c.Field == "feed" {
			out = append(out, p.wall(c, e.Time.moment())...)
		}
	}
	for _, raw := range e.Messaging {
		out = append(out, p.said(loose[talk](raw), e.Time.moment())...)
	}
	return out
}

// posts are the items of a wall that are posts, by whatever they hold.
var posts = map[word]bool{"status": true, "post": true, "photo": true, "video": true, "link": true, "share": true, "album": true}

// wall is a comment or a post that somebody wrote, changed or took back.
func (p *Account) wall(c change, at time.Time) []channel.Event {
	v, from := c.Value, loose[party](c.Value.From)
	own := string(from.ID) == p.s["page_id"]
	if made := v.Created.moment(); !made.IsZero() && v.Verb == "add" {
		at = made
	}
	e := channel.Event{Network: Comment, From: string(from.ID), Name: string(from.Name), Text: string(v.Message), At: at}
	switch {
	case v.Item == "comment" && v.Comment != "":
		e.Ref, e.Key, e.Thread = string(v.Comment), "comment:"+string(v.Comment)+":"+string(v.Verb), string(v.Post)
		if v.Parent != "" && v.Parent != v.Post {
			e.Thread = string(v.Parent)
		}
		if v.Verb == "edited" { // each time with another text
			e.Key += ":" + sum(string(v.Message))
		}
	case posts[v.Item] && v.Post != "" && v.Published != "0":
		e.Ref, e.Key, e.Thread = string(v.Post), "post:"+string(v.Post)+":"+string(v.Verb), string(v.Post)
		if own {
			e.Network = Page
		}
		if v.Verb == "edited" {
			return nil
		}
	default:
		return nil
	}
	switch v.Verb {
	case "add", "edited":
		if e.Kind = channel.EventComment; own {
			e.Kind, e.From, e.Name = channel.EventEcho, "", ""
		}
	case "remove":
		e.Kind, e.Text = channel.EventRemoved, ""
	default: // hidden and shown again
		return nil
	}
	return []channel.Event{e}
}

// said is something that was written, pressed or received in Messenger.
func (p *Account) said(t talk, at time.Time) []channel.Event {
	if own := t.Time.moment(); !own.IsZero() {
		at = own
	}
	sender, recipient := string(loose[party](t.Sender).ID), string(loose[party](t.Recipient).ID)
	e := channel.Event{Network: Messenger, From: sender, At: at}
	m := loose[struct {
		ID          word              `json:"mid"`
		Text        word              `json:"text"`
		Echo        word              `json:"is_echo"`
		ReplyTo     json.RawMessage   `json:"reply_to"`
		Attachments []json.RawMessage `json:"attachments"`
	}](t.Message)
	b := loose[struct {
		ID      word `json:"mid"`
		Title   word `json:"title"`
		Payload word `json:"payload"`
	}](t.Postback)
	d := loose[struct {
		IDs []word `json:"mids"`
	}](t.Delivery)
	switch {
	case m.ID != "":
		e.Kind, e.Key, e.Ref, e.Text = channel.EventReply, "message:"+string(m.ID), string(m.ID), string(m.Text)
		e.Thread = string(loose[struct {
			ID word `json:"mid"`
		}](m.ReplyTo).ID)
		if e.Media = pieces(m.Attachments); m.Echo == "true" {
			e.Kind, e.Key, e.From = channel.EventEcho, "echo:"+string(m.ID), recipient
		}
	case b.Payload != "" || b.Title != "":
		e.Kind, e.Ref, e.Text = channel.EventClick, string(b.ID), string(b.Payload)
		if e.Text == "" {
			e.Text = string(b.Title)
		}
		if e.Key = "postback:" + string(b.ID); b.ID == "" {
			e.Key = "postback:" + sum(sender+" "+string(t.Time)+" "+e.Text)
		}
	default:
		return receipts(e, d.IDs)
	}
	if e.From == "" {
		return nil
	}
	return []channel.Event{e}
}

// receipts say of messages that they reached the device.
func receipts(e channel.Event, ids []word) []channel.Event {
	var out []channel.Event
	seen := map[word]bool{"": true}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			e.Kind, e.Ref, e.Key = channel.EventDelivered, string(id), "delivered:"+string(id)
			out = append(out, e)
		}
	}
	return out
}

// kinds are the MIME types of attachments, as far as Facebook tells them.
var kinds = map[word]string{"image": "image/*", "audio": "audio/*", "video": "video/*", "file": "application/octet-stream"}

// pieces are what a person sent beside words; URL is where Facebook keeps it.
func pieces(raw []json.RawMessage) []channel.Media {
	var out []channel.Media
	for _, one := range raw {
		a := loose[struct {
			Type    word `json:"type"`
			Payload struct {
				URL word `json:"url"`
			} `json:"payload"`
		}](one)
		if kind := kinds[a.Type]; kind != "" && a.Payload.URL != "" {
			out = append(out, channel.Media{MIME: kind, URL: string(a.Payload.URL)})
		}
	}
	return out
}

func sum(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:8])
}
