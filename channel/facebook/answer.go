package facebook

import (
	"context"
	"errors"
	"net/url"
	"time"

	"loa/channel"
)

// sendComment answers under a comment for all to see, or its writer alone.
func (p *Account) sendComment(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if m.Template == PrivateReply {
		return p.message(ctx, Comment, saying{Recipient: recipient{Comment: target(m)}, Message: text{m.Text}})
	}
	var made struct {
		ID word `json:"id"`
	}
	err := p.do(ctx, call{path: "/" + target(m) + "/comments", form: url.Values{"message": {m.Text}}, network: Comment, made: true}, &made)
	switch {
	case err == nil, errors.Is(err, errUnread):
		return channel.Receipt{Ref: string(made.ID), Delivered: true}, nil
	case isCode(err, "506"):
		if f, _, ferr := p.findComment(ctx, m, ""); ferr == nil && f.id != "" {
			return channel.Receipt{Ref: f.id, Delivered: true}, nil
		}
	}
	return channel.Receipt{}, err
}

// saying is a message in Messenger.
type saying struct {
	Recipient recipient `json:"recipient"`
	Type      string    `json:"messaging_type,omitempty"`
	Tag       string    `json:"tag,omitempty"`
	Message   text      `json:"message"`
}

type recipient struct {
	ID      string `json:"id,omitempty"`
	Comment string `json:"comment_id,omitempty"`
}

type text struct {
	Text string `json:"text"`
}

// outsideWindow is the refusal of an answer that comes more than a day after the question.
const outsideWindow = "10/2018278"

// sendMessage answers in Messenger. When more than a day has passed, and Facebook gave its leave, the answer goes once more as that of an
// officer, who has seven days: a refusal is the one answer after which that is safe.
func (p *Account) sendMessage(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	say := saying{Recipient: recipient{ID: m.To}, Type: "RESPONSE", Message: text{m.Text}}
	r, err := p.message(ctx, Messenger, say)
	var e *channel.Error
	if errors.As(err, &e) && e.Code == outsideWindow && p.s["human_agent"] == "yes" {
		say.Type, say.Tag = "MESSAGE_TAG", "HUMAN_AGENT"
		return p.message(ctx, Messenger, say)
	}
	return r, err
}

func (p *Account) message(ctx context.Context, network string, say saying) (channel.Receipt, error) {
	var sent struct {
		ID word `json:"message_id"`
	}
	err := p.do(ctx, call{path: "/" + p.s["page_id"] + "/messages", body: say, network: network}, &sent)
	if err != nil && !errors.Is(err, errUnread) {
		return channel.Receipt{}, err
	}
	return channel.Receipt{Ref: string(sent.ID)}, nil
}

// findComment looks for the page's own answer under what it answers.
func (p *Account) findComment(ctx context.Context, m channel.Message, ref string) (f found, whole bool, err error) {
	query := url.Values{"filter": {"stream"}, "fields": {"id,message,from,created_time,parent"}, "order": {"reverse_chronological"}, "limit": {"100"}}
	since := madeAt(m).Add(-5 * time.Minute)
	whole, err = p.walk(ctx, "/"+target(m)+"/comments", query, Comment, func(x entry) bool {
		at := x.Created.moment()
		own := x.From.ID == "" || string(x.From.ID) == p.s["page_id"]
		if own && x.ID != "" && (ref != "" && string(x.ID) == ref || ref == "" && string(x.Message) == m.Text && !at.Before(since)) {
			f = found{id: string(x.ID), at: at}
		}
		return f.id == ""
	})
	return f, whole, err
}

// Inquire looks whether a post or a comment is there. Of a message in Messenger only its echo tells.
func (p *Account) Inquire(ctx context.Context, m channel.Message, ref string) ([]channel.Event, error) {
	var f found
	var whole bool
	var err error
	kind := channel.EventDelivered
	switch {
	case m.Network == Page:
		if f, whole, err = p.findPost(ctx, m, ref); f.held {
			kind = channel.EventTaken
		}
	case m.Network == Comment && m.Template == "" && isNode(target(m)):
		f, whole, err = p.findComment(ctx, m, ref)
	default:
		return nil, nil
	}
	switch {
	case err != nil:
		return nil, err
	case f.id != "":
		return []channel.Event{{Kind: kind, Key: string(kind) + ":" + f.id, Ref: f.id, Message: m.ID, Network: m.Network, At: f.at}}, nil
	case whole:
		return nil, channel.ErrNotKnown
	}
	return nil, nil
}
