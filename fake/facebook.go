package fake

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

const facebookName = "facebook"

// Facebook is one Page, and the app that speaks for it.
type Facebook struct {
	FacebookSettings
	w *World

	posts     []*fbPost
	photos    map[string]bool // ID → whether it is published
	comments  []*fbComment
	fields    string // what the Page's webhook is subscribed to
	perMinute calls
}

// FacebookSettings is what an operator of the fake may change.
type FacebookSettings struct {
	PageID       string   `json:"page_id"`
	Name         string   `json:"name"`
	Token        string   `json:"token"`      // of the Page
	UserToken    string   `json:"user_token"` // long-lived, for /me/accounts
	TokenDead    bool     `json:"token_dead"` // 190, as after a change of the password
	AppSecret    string   `json:"app_secret"`
	VerifyToken  string   `json:"verify_token"`
	RequireProof bool     `json:"require_proof"`
	PerMinute    int      `json:"per_minute"` // 32; 0 for no end
	Webhook      string   `json:"webhook"`
	Duplicate    Duration `json:"duplicate_within"` // how long the same post is refused: 506
	Restricted   bool     `json:"restricted"`       // 10/1893063 for every message
}

func newFacebook(w *World) *Facebook {
	return &Facebook{w: w, photos: map[string]bool{}, fields: "feed,messages,messaging_postbacks", FacebookSettings: FacebookSettings{
		PageID: "100", Name: "BHXH", Token: "fb_page_token_demo", UserToken: "fb_user_token_demo", AppSecret: "fb_app_secret_demo", VerifyToken: "fb_verify_demo", Duplicate: Duration(24 * time.Hour),
	}}
}

func (f *Facebook) routes(m *http.ServeMux) {
	d := &door{w: f.w, provider: facebookName, fault: f.fault, expire: func() { f.TokenDead = true }, check: f.check}
	for pattern, h := range map[string]func(*call) reply{
		"GET /facebook/{v}/me/accounts":          f.accounts,
		"GET /facebook/{v}/{id}":                 f.object,
		"POST /facebook/{v}/{id}":                f.hide,
		"DELETE /facebook/{v}/{id}":              f.remove,
		"POST /facebook/{v}/{id}/feed":           f.feed,
		"POST /facebook/{v}/{id}/photos":         f.photo,
		"GET /facebook/{v}/{id}/published_posts": f.published,
		"GET /facebook/{v}/{id}/scheduled_posts": f.scheduled,
		"GET /facebook/{v}/{id}/comments":        f.listComments,
		"POST /facebook/{v}/{id}/comments":       f.comment,
		"POST /facebook/{v}/{id}/messages":       f.message,
		"POST /facebook/{v}/{id}/subscribed_apps": func(c *call) reply {
			f.fields = f.args(c)["subscribed_fields"]
			c.take("subscribe", "", "", f.fields)
			return answer(http.StatusOK, map[string]bool{"success": true})
		},
		"POST /facebook/{$}": func(c *call) reply { return answer(http.StatusOK, map[string]string{"id": f.args(c)["id"]}) },
		"/facebook/":         func(c *call) reply { return f.refuse(c, 2500, 0, "Unknown path components") },
	} {
		m.Handle(pattern, d.handle(h))
	}
}

// args reads what a call says in its query and its body, whether a form, a multipart one or JSON; what is no string in JSON
// comes as JSON.
func (f *Facebook) args(c *call) map[string]string {
	args := map[string]string{}
	add := func(v url.Values) {
		for k := range v {
			args[k] = v.Get(k)
		}
	}
	add(c.r.URL.Query())
	kind, _, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	switch kind {
	case "application/json":
		var body map[string]json.RawMessage
		_ = json.Unmarshal(c.body, &body)
		for k, raw := range body {
			var s string
			if json.Unmarshal(raw, &s) != nil {
				s = string(raw)
			}
			args[k] = s
		}
	case "multipart/form-data":
		for _, name := range []string{"access_token", "appsecret_proof", "caption", "published", "url", "message", "source"} {
			if raw, err := c.part(name); err == nil {
				args[name] = string(raw)
			}
		}
	default:
		if v, err := url.ParseQuery(string(c.body)); err == nil {
			add(v)
		}
	}
	if bearer, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "Bearer "); ok {
		args["access_token"] = bearer
	}
	return args
}

// refuse answers with an error as the Graph API does.
func (f *Facebook) refuse(c *call, code, sub int, text string) reply {
	at := strconv.Itoa(code)
	e := map[string]any{"message": "(#" + at + ") " + text, "type": "OAuthException", "code": code, "fbtrace_id": "A" + f.w.hex()}
	if sub != 0 {
		e["error_subcode"] = sub
		at += "/" + strconv.Itoa(sub)
	}
	c.refuse(at)
	return answer(http.StatusBadRequest, map[string]any{"error": e})
}

func (f *Facebook) check(c *call) (reply, http.Header, bool) {
	args := f.args(c)
	over := f.perMinute.over(c.at, f.PerMinute)
	share := 0
	if f.PerMinute > 0 {
		share = min(100*f.perMinute.n/f.PerMinute, 100)
	}
	h := usage(f.PageID, share, 0)
	token, sent := args["access_token"], args["appsecret_proof"]
	switch {
	case token != f.Token && token != f.UserToken:
		return f.refuse(c, 190, 0, "Invalid OAuth access token"), h, false
	case f.TokenDead:
		return f.refuse(c, 190, 463, "Error validating access token: Session has expired"), h, false
	case sent == "" && f.RequireProof:
		return f.refuse(c, 100, 0, "API calls from the server require an appsecret_proof argument"), h, false
	case sent != "" && sent != proof(f.AppSecret, token):
		return f.refuse(c, 100, 0, "Invalid appsecret_proof provided in the API argument"), h, false
	case over:
		return f.refuse(c, 32, 0, "Page request limit reached"), usage(f.PageID, 100, 1), false
	}
	return reply{}, h, true
}

// usage writes the two headers that tell how much of the limits is gone, and in how many minutes they open again.
func usage(page string, share, minutes int) http.Header {
	app := line(map[string]int{"call_count": share, "total_time": share, "total_cputime": share})
	business := line(map[string]any{page: []any{map[string]any{"type": "pages", "call_count": share, "total_time": share, "total_cputime": share, "estimated_time_to_regain_access": minutes}}})
	return http.Header{"X-App-Usage": {string(app)}, "X-Business-Use-Case-Usage": {string(business)}}
}

func (f *Facebook) fault(c *call, x Fault) reply {
	switch x.Do {
	case Throttle, QuotaUsed:
		a := f.refuse(c, 613, 0, "Calls to this api have exceeded the rate limit")
		a.add(usage(f.PageID, 100, 5))
		return a
	case QuietHours, BalanceUsed:
		return f.refuse(c, 368, 0, "The action attempted has been deemed abusive or is otherwise disallowed")
	case AnswerCode:
		first, second, _ := strings.Cut(x.Code, "/")
		code, _ := strconv.Atoi(first)
		sub, _ := strconv.Atoi(second)
		return f.refuse(c, code, sub, x.Text)
	}
	return f.refuse(c, 99999, 0, "Unknown")
}

// ours says whether an ID in the path is the Page's.
func (f *Facebook) ours(c *call) bool {
	id := c.r.PathValue("id")
	return id == f.PageID || id == "me"
}

func (f *Facebook) accounts(*call) reply {
	return answer(http.StatusOK, map[string]any{"data": []any{map[string]any{"access_token": f.Token, "category": "Government organization", "id": f.PageID, "name": f.Name, "tasks": []string{"CREATE_CONTENT", "MESSAGING", "MODERATE"}}}})
}

func (f *Facebook) nothing(c *call) reply {
	return f.refuse(c, 100, 33, "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation")
}
