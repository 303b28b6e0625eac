package fake

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// How long what Zalo hands out lives.
const (
	codeLife    = 10 * time.Minute
	accessLife  = 90000 * time.Second
	refreshLife = 90 * 24 * time.Hour
)

// grant is a code that waits for its exchange.
type grant struct {
	challenge string
	until     time.Time
}

// permission is the consent page, with somebody in front of it who always agrees: it goes straight back with a code.
func (z *Zalo) permission(c *call) reply {
	q := c.r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("app_id") != z.AppID:
		return z.refuseOAuth(c, -14002, "Invalid appId")
	case err != nil || back.Host == "" || z.RedirectURI != "" && z.RedirectURI != q.Get("redirect_uri"):
		return z.refuseOAuth(c, -14003, "Invalid redirect uri")
	}
	code, g := z.w.hex(), grant{challenge: q.Get("code_challenge"), until: c.at.Add(codeLife)}
	if z.Challenge != "" {
		g.challenge = z.Challenge
	}
	z.codes[code] = g
	answer := back.Query()
	answer.Set("code", code)
	answer.Set("oa_id", z.OAID)
	if s := q.Get("state"); s != "" {
		answer.Set("state", s)
	}
	back.RawQuery = answer.Encode()
	return reply{status: http.StatusFound, header: http.Header{"Location": {back.String()}}}
}

// token exchanges a code, or turns a refresh token into the next pair.
func (z *Zalo) token(c *call) reply {
	form, err := url.ParseQuery(string(c.body))
	switch {
	case err != nil || !strings.HasPrefix(c.r.Header.Get("Content-Type"), "application/x-www-form-urlencoded"):
		return z.refuseOAuth(c, -notPublished, "Invalid request")
	case form.Get("app_id") != z.AppID:
		return z.refuseOAuth(c, -14002, "Invalid appId")
	case c.r.Header.Get("secret_key") != z.AppSecret:
		return z.refuseOAuth(c, -notPublished, "Invalid secret key")
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		g, ok := z.codes[form.Get("code")]
		delete(z.codes, form.Get("code"))
		if !ok || !c.at.Before(g.until) || g.challenge != "" && challenge(form.Get("code_verifier")) != g.challenge {
			return z.refuseOAuth(c, -notPublished, "Invalid code")
		}
	case "refresh_token":
		token := form.Get("refresh_token")
		used, known := z.refresh[token]
		if used {
			z.reused()
		}
		if !known || used || !c.at.Before(refreshUntil(token)) {
			return z.refuseOAuth(c, -14020, "Invalid refresh token")
		}
		z.refresh[token] = true
	default:
		return z.refuseOAuth(c, -notPublished, "Invalid grant type")
	}
	c.take("token", "", z.OAID, "")
	access, refresh := z.pair(c.at)
	return answer(http.StatusOK, map[string]string{"access_token": access, "refresh_token": refresh, "expires_in": strconv.Itoa(int(accessLife / time.Second))})
}

// Grant hands out a pair of tokens without the consent page; w.mu is taken.
func (z *Zalo) Grant() (access, refresh string) {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	return z.pair(z.w.Clock.Now())
}

// Accept makes a pair of tokens that a test or a demo office already holds good ones.
func (z *Zalo) Accept(access, refresh string) {
	z.w.mu.Lock()
	defer z.w.mu.Unlock()
	z.access[access], z.refresh[refresh] = z.w.Clock.Now().Add(accessLife), false
}

func (z *Zalo) pair(now time.Time) (access, refresh string) {
	access = "at_" + z.w.hex()
	refresh = "rt_" + z.w.hex() + "_" + strconv.FormatInt(now.Add(refreshLife).Unix(), 10)
	z.access[access], z.refresh[refresh] = now.Add(accessLife), false
	return access, refresh
}

// refreshUntil reads when a refresh token dies from its own end; one that was only accepted never does.
func refreshUntil(token string) time.Time {
	if i := strings.LastIndexByte(token, '_'); i >= 0 && strings.HasPrefix(token, "rt_") {
		if n, err := strconv.ParseInt(token[i+1:], 10, 64); err == nil {
			return time.Unix(n, 0)
		}
	}
	return time.Unix(1<<40, 0)
}

// expire lets every access token die now.
func (z *Zalo) expire() {
	for t := range z.access {
		z.access[t] = time.Time{}
	}
}

// refuseOAuth answers as oauth.zaloapp.com does: HTTP 200, an error and no token.
func (z *Zalo) refuseOAuth(c *call, code int, name string) reply {
	c.refuse(strconv.Itoa(code))
	return answer(http.StatusOK, map[string]any{"error": code, "error_name": name, "error_reason": "", "ref_doc": "https://developers.zalo.me/docs/"})
}

func (z *Zalo) faultOAuth(c *call, f Fault) reply {
	switch f.Do {
	case Throttle:
		return z.refuseOAuth(c, -32, "Your application reached limit call api")
	case ExpireToken:
		return z.refuseOAuth(c, -14020, "Invalid refresh token")
	case AnswerCode:
		code, _ := strconv.Atoi(f.Code)
		return z.refuseOAuth(c, code, f.Text)
	}
	return z.refuseOAuth(c, -14999, "Unknown")
}

// count keeps how many refreshes are under way at once.
func (z *Zalo) count(path string, by int) {
	if !strings.HasSuffix(path, "/access_token") {
		return
	}
	z.flight.Lock()
	defer z.flight.Unlock()
	z.flying += by
	z.reached.AtOnce = max(z.reached.AtOnce, z.flying)
	if by > 0 {
		z.reached.Done++
	}
}

func (z *Zalo) reused() {
	z.flight.Lock()
	defer z.flight.Unlock()
	z.reached.Reused++
}

// Refreshes tells what was counted of token calls.
func (z *Zalo) Refreshes() Refreshes {
	z.flight.Lock()
	defer z.flight.Unlock()
	return z.reached
}
