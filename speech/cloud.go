package speech

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Cloud is what every voice outside the house needs. The text leaves the house: a call without Public is refused.
type Cloud struct {
	HTTP   *http.Client // reaches public addresses only and follows no redirect
	Key    string
	Base   string                                                          // "" is the provider's own address
	Most   int                                                             // longest text of one call; 0 is what the provider is known for
	Hosts  []string                                                        // domains from which a made file may be fetched; none: the provider's own
	Decode func(ctx context.Context, sound []byte) (wav []byte, err error) // for what comes as MP3; nil: only WAV will do
	Wait   func(ctx context.Context, d time.Duration) error                // nil: on the machine's clock
}

// soundAtMost is the largest answer that is read.
const soundAtMost = 32 << 20

func characters(s string) int { return utf8.RuneCountInString(s) }

func octets(s string) int { return len(s) }

func (c Cloud) base(own string) string {
	if c.Base != "" {
		return strings.TrimRight(c.Base, "/")
	}
	return own
}

func (c Cloud) wait(ctx context.Context, d time.Duration) error {
	if c.Wait != nil {
		return c.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// inPieces says a text piece by piece and joins what comes.
func (c Cloud) inPieces(ctx context.Context, by, text string, most int, measure func(string) int, say func(piece string) ([]byte, error)) ([]byte, error) {
	if err := checkText(by, text); err != nil {
		return nil, err
	}
	switch {
	case !mayLeave(ctx):
		return nil, &Error{Kind: Private, By: by}
	case c.Key == "" || c.HTTP == nil:
		return nil, &Error{Kind: Misconfigured, By: by, Code: "key"}
	}
	if c.Most > 0 {
		most = c.Most
	}
	var parts []WAV
	for _, piece := range Split(text, most, measure) {
		sound, err := say(piece)
		if err != nil {
			return nil, err
		}
		w, err := ReadWAV(sound)
		if err != nil && c.Decode != nil {
			if sound, err = c.Decode(ctx, sound); err == nil {
				w, err = ReadWAV(sound)
			}
		}
		if err != nil {
			return nil, &Error{Kind: Broken, By: by, Code: "not_wav", Err: err}
		}
		parts = append(parts, w)
	}
	all, err := Join(300*time.Millisecond, parts...)
	if err != nil {
		return nil, &Error{Kind: Broken, By: by, Code: "not_alike", Err: err}
	}
	return all.Bytes(), nil
}

// call sends a request and reads the answer; what is no 2xx is an error, with the answer beside it.
func (c Cloud) call(by string, req *http.Request) ([]byte, error) {
	res, err := c.HTTP.Do(req)
	if err != nil {
		return nil, &Error{Kind: Later, By: by, Err: bare(err)}
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, soundAtMost+1))
	if err != nil {
		return nil, &Error{Kind: Later, By: by, Err: bare(err)}
	}
	if len(body) > soundAtMost {
		return nil, &Error{Kind: Broken, By: by, Code: "too_much"}
	}
	return body, statusError(by, res.StatusCode)
}

// bare is a failure without the address that was called: addresses hold keys.
func bare(err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		return u.Err
	}
	return err
}

func statusError(by string, status int) error {
	e := &Error{By: by, Code: strconv.Itoa(status)}
	switch {
	case status >= 200 && status < 300:
		return nil
	case status == http.StatusUnauthorized, status == http.StatusForbidden, status == http.StatusPaymentRequired, status < 400:
		e.Kind = Misconfigured
	case status == http.StatusTooManyRequests, status == http.StatusRequestTimeout, status >= 500:
		e.Kind = Later
	default:
		e.Kind = Unfit
	}
	return e
}

// fetch gets a file the provider made, from the provider and over TLS only. It may not be there yet: then it is asked for again every
// second, so many times.
func (c Cloud) fetch(ctx context.Context, by, address string, own []string, times int) ([]byte, error) {
	hosts := c.Hosts
	if len(hosts) == 0 {
		hosts = own
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || !under(u.Hostname(), hosts) {
		return nil, &Error{Kind: Broken, By: by, Code: "address"}
	}
	for n := 1; ; n++ {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			return nil, &Error{Kind: Broken, By: by, Code: "address"}
		}
		body, err := c.call(by, req)
		var e *Error
		if err == nil && len(body) > 0 {
			return body, nil
		}
		if err != nil && (!errors.As(err, &e) || e.Code != "404") {
			return nil, err
		}
		if n >= times {
			return nil, &Error{Kind: Later, By: by, Code: "not_ready"}
		}
		if err := c.wait(ctx, time.Second); err != nil {
			return nil, &Error{Kind: Later, By: by, Err: err}
		}
	}
}

// under says whether a host is one of the domains or below one.
func under(host string, domains []string) bool {
	for _, d := range domains {
		if host == d || strings.HasSuffix(host, "."+d) {
			return true
		}
	}
	return false
}

// between maps a rate to a provider's own measure: slow at the outdoor rate, usual at the rate at which people speak.
func between(rate, slow, usual int) int {
	return slow + (Rate(rate)-OutdoorRate)*(usual-slow)/(175-OutdoorRate)
}
