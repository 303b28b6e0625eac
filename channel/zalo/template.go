package zalo

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"loa/channel"
)

// Template is a registered template as Zalo tells it.
type Template struct {
	ID       string
	Name     string
	Status   string // ENABLE: it may be sent
	Tag      string
	Quality  string
	Preview  string // address of a picture of it
	PhoneFee *int64 // đồng for one by telephone number
	UserFee  *int64 // đồng for one by follower
	Params   []Param
}

// Param is a blank of a template.
type Param struct {
	Name     string
	Type     string
	Required bool
	Empty    bool // may be left empty
	Least    int
	Most     int // 0: not said
}

// wireTemplate is a template on the wire, in a list or alone.
type wireTemplate struct {
	ID       word `json:"templateId"`
	Name     word `json:"templateName"`
	Status   word `json:"status"`
	Tag      word `json:"templateTag"`
	Quality  word `json:"templateQuality"`
	Preview  word `json:"previewUrl"`
	Price    word `json:"price"`
	PhoneFee word `json:"price_sdt"`
	UserFee  word `json:"price_uid"`
	Params   []struct {
		Name    word `json:"name"`
		Require word `json:"require"`
		Type    word `json:"type"`
		Most    word `json:"maxLength"`
		Least   word `json:"minLength"`
		Null    word `json:"acceptNull"`
	} `json:"listParams"`
}

func (w wireTemplate) template() Template {
	t := Template{ID: string(w.ID), Name: string(w.Name), Status: string(w.Status), Tag: string(w.Tag), Quality: string(w.Quality), Preview: string(w.Preview), PhoneFee: w.PhoneFee.amount(), UserFee: w.UserFee.amount()}
	if t.PhoneFee == nil {
		t.PhoneFee = w.Price.amount()
	}
	for _, p := range w.Params {
		most, _ := p.Most.whole()
		least, _ := p.Least.whole()
		t.Params = append(t.Params, Param{Name: string(p.Name), Type: strings.ToUpper(string(p.Type)), Required: p.Require == "true", Empty: p.Null == "true", Least: int(min(max(least, 0), 1e6)), Most: int(min(max(most, 0), 1e6))})
	}
	return t
}

// Template asks what a template needs, or remembers it for some minutes.
func (o *OA) Template(ctx context.Context, id string) (Template, error) {
	return o.templates.get(id, o.tools.Now(), 10*time.Minute, func() (Template, error) {
		var w wireTemplate
		err := o.do(ctx, call{host: onZNS, method: http.MethodGet, path: "/template/info/v2", query: url.Values{"template_id": {id}}, toNobody: true}, &w)
		return w.template(), harmless(err)
	})
}

// Templates lists those the account has, newest first, from an offset.
func (o *OA) Templates(ctx context.Context, offset int) ([]Template, error) {
	var list []wireTemplate
	err := o.do(ctx, call{host: onZNS, method: http.MethodGet, path: "/template/all", query: url.Values{"offset": {strconv.Itoa(offset)}, "limit": {"100"}}, toNobody: true}, &list)
	if err != nil {
		return nil, harmless(err)
	}
	out := make([]Template, 0, len(list))
	for _, w := range list {
		out = append(out, w.template())
	}
	return out, nil
}

// price is what a message costs, when the template has been looked at lately.
func (o *OA) price(m channel.Message) int64 {
	t, ok := o.templates.has(m.Template, o.tools.Now())
	fee := t.PhoneFee
	if m.Network == Follower {
		fee = t.UserFee
	}
	if !ok || fee == nil || o.set["mode"] == "development" {
		return 0
	}
	return *fee
}

// Verify says before sending what Zalo would say after: the form of the message, its template, and whether a text is still within its
// window.
func (o *OA) Verify(ctx context.Context, m channel.Message) error {
	if err := fits(m); err != nil {
		return err
	}
	switch {
	case m.Network == Number, m.Network == Follower && m.Template != "" && m.Template != AskContact:
		t, err := o.Template(ctx, m.Template)
		if m.Network == Follower && isRejected(err) {
			return nil // whether the list of templates by number holds those by follower is not confirmed
		}
		if err != nil {
			return err
		}
		return t.Fits(m.Params, o.set["mode"] == "development")
	case m.Network == Follower && m.ReplyTo == "":
		return harmless(o.within(ctx, m.To))
	}
	return nil
}

func isRejected(err error) bool {
	_, e := channel.OutcomeOf(channel.Receipt{}, err, false)
	return err != nil && e.Kind == channel.Rejected
}

// Fits says whether a template may be sent and its blanks can be filled with some values.
func (t Template) Fits(values map[string]string, development bool) error {
	if t.Status != "ENABLE" && !(development && t.Status == "PENDING_REVIEW") {
		return channel.Fail(channel.Rejected, channel.Content, "template_status", t.Status)
	}
	for name := range values {
		if !slices.ContainsFunc(t.Params, func(p Param) bool { return p.Name == name }) {
			return channel.Fail(channel.Rejected, channel.Content, "param_unknown", name)
		}
	}
	for _, p := range t.Params {
		if code := p.refuses(values[p.Name]); code != "" {
			about := channel.Address // one person's value; the next one's may fit
			if _, there := values[p.Name]; !there {
				about = channel.Content
			}
			return channel.Fail(channel.Rejected, about, code, p.Name)
		}
	}
	return nil
}

// refuses says why a value does not fit a blank: a code, or nothing.
func (p Param) refuses(v string) string {
	n := utf8.RuneCountInString(v)
	switch {
	case v == "" && (p.Empty || !p.Required):
		return ""
	case v == "":
		return "param_missing"
	case p.Most > 0 && n > p.Most:
		return "param_long"
	case n < p.Least:
		return "param_short"
	case p.Type == "DATE" && !isDate(v), p.Type == "NUMBER" && strings.Trim(v, "0123456789.,-+ ") != "":
		return "param_type"
	}
	return ""
}

// isDate takes a day as Zalo does, with or without a time.
func isDate(v string) bool {
	for _, layout := range []string{"02/01/2006", "15:04:05 02/01/2006", "15:04 02/01/2006", "02/01/2006 15:04", "02/01/2006 15:04:05"} {
		if _, err := time.Parse(layout, v); err == nil {
			return true
		}
	}
	return false
}
