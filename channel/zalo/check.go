package zalo

import (
	"context"
	"net/http"
	"time"

	"loa/channel"
)

// Check asks how the account stands. What it may send by number is asked as well, but an account that may not is still an account.
func (o *OA) Check(ctx context.Context) (channel.Health, error) {
	var oa struct {
		Name  word `json:"name"`
		Until word `json:"package_valid_through_date"`
	}
	if err := o.do(ctx, call{method: http.MethodGet, path: "/v2.0/oa/getoa", toNobody: true}, &oa); err != nil {
		return channel.Health{}, harmless(err)
	}
	h := channel.Health{Name: string(oa.Name), Until: oa.Until.day()}
	var quota struct {
		Daily  word `json:"dailyQuota"`
		Remain word `json:"remainingQuota"`
	}
	if err := o.do(ctx, call{host: onZNS, method: http.MethodGet, path: "/message/quota", toNobody: true}, &quota); err != nil {
		h.Warning = "zns_off"
	} else {
		h.Quota, h.Remain = quota.Daily.amount(), quota.Remain.amount()
		var quality struct {
			Current word `json:"oaCurrentQuality"`
			Week    word `json:"oa7dayQuality"`
		}
		if o.do(ctx, call{host: onZNS, method: http.MethodGet, path: "/quality", toNobody: true}, &quality) == nil {
			if h.Quality = string(quality.Current); h.Quality == "" || h.Quality == "UNDEFINED" {
				h.Quality = string(quality.Week)
			}
		}
	}
	o.warn(&h)
	return h, nil
}

// warn names the most pressing thing somebody should do.
func (o *OA) warn(h *channel.Health) {
	p, _ := o.held()
	now := o.tools.Now()
	switch {
	case p.mark.state == "lost" || p.mark.state == "again" || p.mark.state == "dead": // the access token lives on for some hours at most
		h.Warning = "consent_again"
	case !h.Until.IsZero() && h.Until.Before(now.AddDate(0, 0, 14)):
		h.Warning = "package_ends"
	case h.Warning != "":
	case h.Quality == "LOW":
		h.Warning = "quality_low"
	case h.Remain != nil && *h.Remain == 0 && h.Quota != nil && *h.Quota > 0:
		h.Warning = "quota_used"
	case o.set["oa_secret"] == "":
		h.Warning = "webhook_off"
	}
}

// Inquire asks what became of a message. By number Zalo knows its state; a text to a follower is looked for in the conversation; an
// article that was not yet sent has reached nobody.
func (o *OA) Inquire(ctx context.Context, m channel.Message, ref string) ([]channel.Event, error) {
	switch m.Network {
	case Number:
		return o.inquireNumber(ctx, m, ref)
	case Follower:
		return o.inquireFollower(ctx, m, ref)
	case Article:
		if len(m.Resume) < 5 || m.Resume[:5] != "send " {
			return nil, channel.ErrNotKnown
		}
	}
	return nil, nil
}

func (o *OA) inquireNumber(ctx context.Context, m channel.Message, ref string) ([]channel.Event, error) {
	if ref == "" {
		return nil, nil // only its receipt, which carries our ID, can tell
	}
	c := call{host: onZNS, method: http.MethodGet, path: "/message/status", query: map[string][]string{"message_id": {ref}}}
	if o.set["status_phone"] == "yes" {
		c.query.Set("phone", m.To)
	}
	var s struct {
		At     word `json:"delivery_time"`
		Status word `json:"status"`
	}
	if err := o.do(ctx, c, &s); err != nil {
		return nil, harmless(err)
	}
	e := channel.Event{Ref: ref, Message: m.ID, Network: Number, From: m.To}
	switch s.Status {
	case "0":
		e.Kind, e.Key = channel.EventTaken, "taken:"+ref
	case "1":
		e.Kind, e.Key, e.At = channel.EventDelivered, "user_received_message:"+ref, s.At.moment()
	default: // -1: unknown
		return nil, nil
	}
	return []channel.Event{e}, nil
}

// inquireFollower looks for our text among the last ten messages of the conversation, written since the message was made.
func (o *OA) inquireFollower(ctx context.Context, m channel.Message, ref string) ([]channel.Event, error) {
	var list []struct {
		From word `json:"src"` // 0: the account
		At   word `json:"time"`
		Text word `json:"message"`
		ID   word `json:"message_id"`
	}
	data := struct {
		User   string `json:"user_id"`
		Offset int    `json:"offset"`
		Count  int    `json:"count"`
	}{m.To, 0, 10}
	if err := o.do(ctx, call{method: http.MethodGet, path: "/v2.0/oa/conversation", data: data}, &list); err != nil {
		return nil, harmless(err)
	}
	made := madeAt(m)
	for _, x := range list {
		at := x.At.moment()
		same := ref != "" && string(x.ID) == ref
		if ref == "" && x.ID != "" && m.Text != "" && string(x.Text) == m.Text && !made.IsZero() {
			same = !at.Before(made)
		}
		if x.From == "0" && same {
			return []channel.Event{{Kind: channel.EventTaken, Key: "taken:" + string(x.ID), Ref: string(x.ID), Message: m.ID, Network: Follower, From: m.To, At: at}}, nil
		}
	}
	return nil, nil
}

// madeAt is when a message was made, by its ID; zero when the ID does not say.
func madeAt(m channel.Message) time.Time {
	if len(m.ID) != 32 || m.ID[12] != '7' {
		return m.NotBefore
	}
	var ms int64
	for _, c := range []byte(m.ID[:12]) {
		switch {
		case c >= '0' && c <= '9':
			ms = ms<<4 | int64(c-'0')
		case c >= 'a' && c <= 'f':
			ms = ms<<4 | int64(c-'a'+10)
		default:
			return m.NotBefore
		}
	}
	return time.UnixMilli(ms)
}
