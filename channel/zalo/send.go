package zalo

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"loa/channel"
)

// sent is what Zalo says of a message it took, on either host. What the quota says is read apart: it must not cost us the reference.
type sent struct {
	MessageID word            `json:"message_id"`
	MsgID     word            `json:"msg_id"`
	Quota     json.RawMessage `json:"quota"`
}

// deliver makes the call that delivers. An answer of success that cannot be read is a message sent.
func (o *OA) deliver(ctx context.Context, c call) (channel.Receipt, error) {
	var s sent
	switch err := o.do(ctx, c, &s); err {
	case nil, errUnread:
	default:
		return channel.Receipt{}, err
	}
	r := channel.Receipt{Ref: string(s.MessageID)}
	if r.Ref == "" {
		r.Ref = string(s.MsgID)
	}
	var q struct {
		Remaining word `json:"remainingQuota"` // of the account, today
	}
	if json.Unmarshal(s.Quota, &q) == nil {
		r.Remain = q.Remaining.amount()
	}
	return r, nil
}

// sendFollower reaches a follower by a text, or by a registered template when that is all there is or the window for texts has closed.
func (o *OA) sendFollower(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if m.Template == "" || m.Template == AskContact {
		return o.sendText(ctx, m)
	}
	if m.Text == "" && len(m.Media) == 0 {
		return o.sendTemplate(ctx, m)
	}
	if o.set["text_window"] != "7d" && m.ReplyTo == "" { // within seven days Zalo would take a text, and bill it
		switch err := o.within(ctx, m.To); {
		case isCode(err, "window", "-230", "-231", "-232"):
			return o.sendTemplate(ctx, m)
		case err != nil:
			return channel.Receipt{}, harmless(err)
		}
	}
	r, err := o.sendText(ctx, m)
	if isCode(err, "-230", "-231", "-232") {
		return o.sendTemplate(ctx, m)
	}
	return r, err
}

func (o *OA) sendText(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	message, err := o.message(ctx, m)
	if err != nil {
		return channel.Receipt{}, harmless(err)
	}
	if m.ReplyTo != "" {
		message["quote_message_id"] = m.ReplyTo
	}
	return o.deliver(ctx, call{method: http.MethodPost, path: "/v3.0/oa/message/cs", body: map[string]any{
		"recipient": map[string]string{"user_id": m.To}, "message": message,
	}})
}

// message is the body of a text, a picture with a text, a file, or the question for a name and number.
func (o *OA) message(ctx context.Context, m channel.Message) (map[string]any, error) {
	if m.Template == AskContact {
		ask := map[string]string{"title": m.Title, "subtitle": m.Text}
		if len(m.Media) > 0 {
			ask["image_url"] = m.Media[0].URL
		}
		return attachment("template", map[string]any{"template_type": "request_user_info", "elements": []any{ask}}), nil
	}
	if len(m.Media) == 0 {
		return map[string]any{"text": m.Text}, nil
	}
	piece := m.Media[0]
	if !strings.HasPrefix(piece.MIME, "image/") {
		token, err := o.attached(ctx, "file", piece)
		return attachment("file", map[string]any{"token": token}), err
	}
	element := map[string]string{"media_type": "image", "url": piece.URL}
	if piece.URL == "" {
		id, err := o.attached(ctx, "image", piece)
		if err != nil {
			return nil, err
		}
		element = map[string]string{"media_type": "image", "attachment_id": id}
	}
	out := attachment("template", map[string]any{"template_type": "media", "elements": []any{element}})
	if m.Text != "" {
		out["text"] = m.Text
	}
	return out, nil
}

func attachment(kind string, payload map[string]any) map[string]any {
	return map[string]any{"attachment": map[string]any{"type": kind, "payload": payload}}
}

// sendTemplate reaches a follower at any time by a registered template.
func (o *OA) sendTemplate(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	body := map[string]any{"user_id": m.To, "template_id": m.Template, "template_data": params(m)}
	o.develop(body)
	r, err := o.deliver(ctx, call{method: http.MethodPost, path: "/v3.0/oa/message/template", body: body})
	if err == nil {
		r.Cost = o.price(m)
	}
	return r, err
}

// sendNumber reaches a telephone number by a registered template. The tracking_id comes back with the receipt: it is how an unsure message
// is settled.
func (o *OA) sendNumber(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	path, to := "/message/template", "phone"
	body := map[string]any{"template_id": m.Template, "template_data": params(m), "tracking_id": m.ID, "sending_mode": o.set.Or("sending_mode", "1")}
	phone := m.To
	if o.set["phone_as"] == "hash" {
		path, to, phone = "/message/template/hashphone", "hash_phone", HashPhone(phone)
	}
	body[to] = phone
	o.develop(body)
	r, err := o.deliver(ctx, call{host: onZNS, method: http.MethodPost, path: path, body: body})
	if err == nil {
		r.Cost = o.price(m)
	}
	return r, err
}

// develop marks a message that goes to the app's administrators only.
func (o *OA) develop(body map[string]any) {
	if o.set["mode"] == "development" {
		body["mode"] = "development"
	}
}

func params(m channel.Message) map[string]string {
	if m.Params == nil {
		return map[string]string{}
	}
	return m.Params
}

// sendGroup writes into a group. A mention in the text would call members by name, so none is let through.
func (o *OA) sendGroup(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	return o.deliver(ctx, call{method: http.MethodPost, path: "/v3.0/oa/group/message", body: map[string]any{
		"recipient": map[string]string{"group_id": m.To}, "message": map[string]string{"text": strings.ReplaceAll(m.Text, "[@", "[ @")},
	}})
}

// within says whether a text may be sent to a follower now: nil, or a refusal with the code "window".
func (o *OA) within(ctx context.Context, user string) error {
	var q struct {
		Last *word `json:"last_interaction"`
	}
	err := o.do(ctx, call{method: http.MethodPost, path: "/v3.0/oa/quota/message", body: map[string]string{"user_id": user}}, &q)
	if err != nil || q.Last == nil {
		return err // not said: Zalo itself will refuse a text that comes too late
	}
	if last := q.Last.moment(); o.tools.Now().Sub(last) > term(o.set) {
		return channel.Fail(channel.Rejected, channel.Address, "window", "")
	}
	return nil
}
