package zalo

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// Verifier makes the secret half of a consent; it must be kept until the consent comes back.
func Verifier() string {
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	return base64.RawURLEncoding.EncodeToString(raw)
}

// Challenge is the public half of a verifier.
func Challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// ConsentLink is where the account's administrator allows the app to act for it. A link that the console made is used as it is.
func ConsentLink(s channel.Settings, redirect, verifier, state string) string {
	if link := s["consent_link"]; strings.HasPrefix(link, "https://") {
		return link
	}
	q := url.Values{"app_id": {s["app_id"]}, "redirect_uri": {redirect}, "code_challenge": {Challenge(verifier)}, "state": {state}}
	return strings.TrimRight(s.Or("oauth_base", oauthBase), "/") + "/v4/oa/permission?" + q.Encode()
}

// Exchange turns the code of a consent into the account's tokens and saves them. The callback names the account: consent given for
// another one is refused before the code is spent.
func Exchange(ctx context.Context, t channel.Tools, code, verifier, oaID string) (channel.Settings, error) {
	var failed error
	s, err := t.Renew(context.WithoutCancel(ctx), func(s channel.Settings) (channel.Settings, error) {
		s = maps.Clone(s)
		if failed = nil; s["oa_id"] != "" && oaID != "" && s["oa_id"] != oaID {
			failed = misconfigured("oa_id", oaID)
			return nil, failed
		}
		if s["consent_link"] != "" {
			verifier = s.Or("code_verifier", verifier)
		}
		g, _, err := grant(ctx, t, s, url.Values{"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {verifier}})
		if err != nil {
			failed = err
			return nil, err
		}
		if g.refresh == "" {
			failed = misconfigured("no_refresh_token", "")
			return nil, failed
		}
		g.into(s, t.Now())
		if oaID != "" {
			s["oa_id"] = oaID
		}
		return s, nil
	})
	if failed != nil {
		return nil, failed
	}
	return s, err
}

// granted is a fresh pair.
type granted struct {
	access, refresh string
	life            time.Duration
}

// into writes the pair into settings. It is renewed after four fifths of its life: 20 hours of 25.
func (g granted) into(s channel.Settings, now time.Time) {
	s[keyAccess] = g.access
	if g.refresh != "" {
		s[keyRefresh] = g.refresh
	}
	s[keyExpires] = now.Add(g.life).UTC().Format(time.RFC3339)
	s[keyRenewAfter] = now.Add(g.life / 5 * 4).UTC().Format(time.RFC3339)
	s[keyMark] = ""
}

// spent says what became of a code or token that was handed in.
type spent int

const (
	unspent spent = iota // it may be handed in again
	lost                 // nobody knows
	used                 // it is worth nothing any more
)

// grant hands in a code or a refresh token. Both are good for one time.
func grant(ctx context.Context, t channel.Tools, s channel.Settings, form url.Values) (granted, spent, error) {
	form.Set("app_id", s["app_id"])
	req, err := channel.Form(context.WithoutCancel(ctx), http.MethodPost, strings.TrimRight(s.Or("oauth_base", oauthBase), "/")+"/v4/oa/access_token", form)
	if err != nil {
		return granted{}, unspent, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Err: err}
	}
	req.Header.Set("secret_key", s["app_secret"])
	res, raw, err := channel.Do(t.HTTP, req)
	if err != nil {
		var e *channel.Error
		if errors.As(err, &e) && e.Kind == channel.Unreachable {
			return granted{}, unspent, err
		}
		return granted{}, lost, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "token_lost", Err: err}
	}
	return grantedBy(res, raw, t.Now())
}

// grantedBy reads the answer to a grant. Failures come with status 200 as well.
func grantedBy(res *http.Response, raw []byte, now time.Time) (granted, spent, error) {
	var a struct {
		Access  word `json:"access_token"`
		Refresh word `json:"refresh_token"`
		Expires word `json:"expires_in"`
		Error   word `json:"error"`
		Name    word `json:"error_name"`
		Reason  word `json:"error_reason"`
		Message word `json:"message"`
	}
	readable := json.Unmarshal(raw, &a) == nil
	n, _ := a.Error.whole()
	code := strconv.FormatInt(n, 10)
	switch {
	case readable && a.Access != "" && n == 0:
		g := granted{access: string(a.Access), refresh: string(a.Refresh), life: time.Hour}
		if secs, ok := a.Expires.whole(); ok && secs > 0 {
			g.life = time.Duration(min(secs, 30*24*3600)) * time.Second
		}
		return g, used, nil
	case readable && n == -32:
		return granted{}, unspent, &channel.Error{Kind: channel.Throttled, About: channel.Account, Code: code, After: time.Minute}
	case readable && n != 0:
		return granted{}, used, misconfigured(code, clip(strings.TrimSpace(strings.Join([]string{string(a.Name), string(a.Reason), string(a.Message)}, " ")), 300))
	case res.StatusCode == http.StatusTooManyRequests:
		return granted{}, unspent, channel.StatusError(res, now)
	case res.StatusCode >= 300 && res.StatusCode < 500: // not Zalo's own words: a wrong address or something in between
		return granted{}, unspent, misconfigured(strconv.Itoa(res.StatusCode), "")
	}
	return granted{}, lost, &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "token_lost"}
}
