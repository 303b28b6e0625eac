package facebook

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// call is one request to the Graph API.
type call struct {
	method  string // empty: POST with a body, GET without one
	path    string
	query   url.Values
	form    url.Values
	body    any    // JSON
	file    []byte // as the field source, beside the form
	name    string // of the file
	network string // who is meant, for what a refusal is about
	made    bool   // makes something people see: a transient failure may have made it
}

// do makes a call and reads its answer into out. An answer of success that cannot be read leaves out as it was.
func (p *Account) do(ctx context.Context, c call, out any) error {
	req, err := p.request(ctx, c)
	if err != nil {
		return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Err: err}
	}
	req.Header.Set("Authorization", "Bearer "+p.s["page_token"])
	res, raw, err := channel.Do(p.tools.HTTP, req)
	if err != nil {
		return err
	}
	wait := p.usage(res.Header)
	var e struct {
		Error *struct {
			Message word `json:"message"`
			Code    word `json:"code"`
			Sub     word `json:"error_subcode"`
		} `json:"error"`
	}
	if json.Unmarshal(raw, &e) == nil && e.Error != nil && e.Error.Code != "" {
		return p.failure(c, res.StatusCode, string(e.Error.Code), string(e.Error.Sub), clip(string(e.Error.Message), 300), wait)
	}
	if res.StatusCode == http.StatusNotFound || res.StatusCode == http.StatusMethodNotAllowed { // not Facebook's own words: the base address is wrong
		return channel.Fail(channel.Misconfigured, channel.Account, strconv.Itoa(res.StatusCode), "")
	}
	if err := channel.StatusError(res, p.tools.Now()); err != nil {
		return err
	}
	if out != nil && json.Unmarshal(raw, out) != nil {
		return errUnread
	}
	return nil
}

// errUnread says that an answer of success could not be read.
var errUnread = errors.New("the answer cannot be read")

func (p *Account) request(ctx context.Context, c call) (*http.Request, error) {
	query := url.Values{}
	for k, v := range c.query {
		query[k] = v
	}
	if p.s["appsecret_proof"] == "yes" {
		query.Set("appsecret_proof", channel.Proof(p.s["app_secret"], p.s["page_token"]))
	}
	at := p.base + c.path
	if len(query) > 0 {
		at += "?" + query.Encode()
	}
	switch {
	case c.file != nil:
		return channel.Upload(ctx, at, "source", c.name, c.file, c.form)
	case c.body != nil:
		return channel.JSON(ctx, http.MethodPost, at, c.body)
	case c.form != nil:
		return channel.Form(ctx, http.MethodPost, at, c.form)
	}
	method := c.method
	if method == "" {
		method = http.MethodGet
	}
	req, err := http.NewRequestWithContext(ctx, method, at, nil)
	if err != nil {
		return nil, errors.New("make the request: the address is wrong")
	}
	return req, nil
}

// usage reads how much of what the app and the page may ask is used, and how long Facebook says to wait.
func (p *Account) usage(h http.Header) (wait time.Duration) {
	type share struct {
		Calls   word `json:"call_count"`
		Time    word `json:"total_time"`
		CPU     word `json:"total_cputime"`
		Minutes word `json:"estimated_time_to_regain_access"`
	}
	var app share
	var cases map[string][]share
	seen := false
	if json.Unmarshal([]byte(h.Get("X-App-Usage")), &app) == nil {
		seen = true
	}
	list := []share{app}
	if json.Unmarshal([]byte(h.Get("X-Business-Use-Case-Usage")), &cases) == nil {
		seen = true
		for _, c := range cases {
			list = append(list, c...)
		}
	}
	most := int64(0)
	for _, s := range list {
		most = max(most, s.Calls.whole(), s.Time.whole(), s.CPU.whole())
		wait = max(wait, time.Duration(min(s.Minutes.whole(), 24*60))*time.Minute)
	}
	if seen {
		p.mu.Lock()
		p.used = int(min(most, 1000))
		p.mu.Unlock()
	}
	return wait
}

func trimSlash(s string) string { return strings.TrimRight(s, "/") }
