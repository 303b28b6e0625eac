package zalo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"loa/channel"
)

// call is one request to an API of the account.
type call struct {
	host     host
	method   string
	path     string
	data     any        // GET: one JSON text in the parameter data
	query    url.Values // GET: plain parameters
	body     any        // POST: JSON
	file     []byte     // POST: multipart
	name     string     // of the file
	toNobody bool       // no single recipient is meant
}

// envelope is around every answer.
type envelope struct {
	Error   *word           `json:"error"`
	Message word            `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// do makes a call and reads the data of its answer into out. A refused access token is renewed and the call made once more: a refusal is
// the one answer after which that is safe.
func (o *OA) do(ctx context.Context, c call, out any) error {
	token, err := o.token(ctx, "")
	if err != nil {
		return err
	}
	refused, err := o.try(ctx, c, token, out)
	if !refused {
		return err
	}
	if token, err = o.token(ctx, token); err != nil {
		return err
	}
	_, err = o.try(ctx, c, token, out)
	return err
}

func (o *OA) try(ctx context.Context, c call, token string, out any) (refused bool, err error) {
	req, err := o.request(ctx, c)
	if err != nil {
		return false, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Err: err}
	}
	req.Header.Set("access_token", token)
	if o.set["appsecret_proof"] == "yes" {
		req.Header.Set("appsecret_proof", channel.Proof(o.set["app_secret"], token))
	}
	res, raw, err := channel.Do(o.tools.HTTP, req)
	if err != nil {
		return false, err
	}
	return o.read(c, res, raw, out)
}

// read makes of an answer what it means. Errors come with status 200 as a rule.
func (o *OA) read(c call, res *http.Response, raw []byte, out any) (refused bool, err error) {
	code, text, data := opened(raw)
	switch {
	case code != nil && *code != 0:
		refused = res.StatusCode == http.StatusUnauthorized || classOf(c.host, *code) == renew
		if res.StatusCode >= 500 && classOf(c.host, *code) == unknown {
			return false, &channel.Error{Kind: channel.Unsure, Code: strconv.Itoa(*code), Text: text}
		}
		if refused && classOf(c.host, *code) == unknown {
			return true, misconfigured(strconv.Itoa(*code), text)
		}
		return refused, o.failure(c, *code, text)
	case res.StatusCode == http.StatusNotFound, res.StatusCode == http.StatusMethodNotAllowed: // not Zalo's own words: the base address is wrong
		return false, misconfigured(strconv.Itoa(res.StatusCode), "")
	case res.StatusCode >= 300:
		return res.StatusCode == http.StatusUnauthorized, channel.StatusError(res, o.tools.Now())
	case code == nil:
		return false, errUnread
	case out == nil:
		return false, nil
	}
	if json.Unmarshal(data, out) != nil {
		return false, errUnread
	}
	return false, nil
}

// opened takes an answer out of its envelope; no code when it is in none.
func opened(raw []byte) (code *int, text string, data json.RawMessage) {
	var e envelope
	if json.Unmarshal(raw, &e) != nil || e.Error == nil {
		return nil, "", nil
	}
	n, err := strconv.Atoi(string(*e.Error))
	if err != nil {
		return nil, "", nil
	}
	return &n, clip(string(e.Message), 300), e.Data
}

func (o *OA) request(ctx context.Context, c call) (*http.Request, error) {
	at := strings.TrimRight(o.set.Or("oa_base", oaBase), "/")
	if c.host == onZNS {
		at = strings.TrimRight(o.set.Or("zns_base", znsBase), "/")
	}
	at += c.path
	switch {
	case c.file != nil:
		return channel.Upload(ctx, at, "file", c.name, c.file, nil)
	case c.method == http.MethodPost:
		return channel.JSON(ctx, c.method, at, c.body)
	case c.data != nil:
		raw, err := json.Marshal(c.data)
		if err != nil {
			return nil, fmt.Errorf("write the question: %w", err)
		}
		at += "?" + url.Values{"data": {string(raw)}}.Encode()
	case c.query != nil:
		at += "?" + c.query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, c.method, at, nil)
	if err != nil {
		return nil, errors.New("make the request: the address is wrong")
	}
	return req, nil
}

// clip cuts a text to so many characters.
func clip(s string, most int) string {
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}
