package zalo_test

import (
	"context"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"loa/channel"
	"loa/channel/zalo"
)

func TestConsentLink(t *testing.T) {
	s := channel.Settings{"app_id": "123"}
	u, err := url.Parse(zalo.ConsentLink(s, "https://loa.example/zalo", "7f7de30229a6edab8bc968ac7b7bcafa117691c20a5", "st"))
	if err != nil || u.Host != "oauth.zaloapp.com" || u.Path != "/v4/oa/permission" {
		t.Fatalf("%s, %v", u, err)
	}
	want := url.Values{"app_id": {"123"}, "redirect_uri": {"https://loa.example/zalo"}, "code_challenge": {"8rnrcimo5xrzgzv-gdGTpWkzsdt6tXAE60jJwt1sHfc"}, "state": {"st"}}
	if got := u.Query(); got.Encode() != want.Encode() {
		t.Errorf("it asks for %s", got.Encode())
	}
	s["consent_link"] = "https://oauth.zaloapp.com/v4/oa/permission?as=it&is"
	if got := zalo.ConsentLink(s, "r", "v", "s"); got != s["consent_link"] {
		t.Errorf("the console's link became %s", got)
	}
	s["consent_link"] = "javascript:alert(1)"
	if got := zalo.ConsentLink(s, "r", "v", "s"); !strings.HasPrefix(got, "https://oauth.zaloapp.com/") {
		t.Errorf("it leads to %s", got)
	}
}

func TestExchange(t *testing.T) {
	for name, c := range map[string]struct {
		settings channel.Settings // on top of those of the app
		answer   string           // empty: hangs up
		oa       string
		want     string // the code of the failure
		asked    bool
		verifier string
	}{
		"given":             {nil, `{"access_token":"a","refresh_token":"r","expires_in":"90000"}`, "77", "", true, "v1"},
		"the console's":     {channel.Settings{"consent_link": "https://x", "code_verifier": "fixed"}, `{"access_token":"a","refresh_token":"r","expires_in":"90000"}`, "77", "", true, "fixed"},
		"for another":       {channel.Settings{"oa_id": "66"}, `{}`, "77", "oa_id", false, ""},
		"code too old":      {nil, `{"error":-14004,"error_name":"Invalid code"}`, "77", "-14004", true, "v1"},
		"lost":              {nil, ``, "77", "token_lost", true, "v1"},
		"no refresh token":  {nil, `{"access_token":"a"}`, "77", "no_refresh_token", true, "v1"},
		"ends an old alarm": {channel.Settings{"refresh_token": "old", "renewing": "lost x 1 y "}, `{"access_token":"a","refresh_token":"r","expires_in":"90000"}`, "77", "", true, "v1"},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Bool
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Store(true)
				r.ParseForm()
				want := url.Values{"code": {"c1"}, "app_id": {"123"}, "grant_type": {"authorization_code"}, "code_verifier": {c.verifier}}
				if r.Header.Get("secret_key") != "s3" || r.PostForm.Encode() != want.Encode() {
					t.Errorf("asked is %s with %q", r.PostForm.Encode(), r.Header.Get("secret_key"))
				}
				if c.answer == "" {
					conn, _, _ := w.(http.Hijacker).Hijack()
					conn.Close()
					return
				}
				io.WriteString(w, c.answer)
			}))
			defer s.Close()
			k := &keeper{now: channel.Settings{"app_id": "123", "app_secret": "s3", "oauth_base": s.URL}}
			maps.Copy(k.now, c.settings)
			got, err := zalo.Exchange(context.Background(), channel.Tools{HTTP: channel.Client(true), Now: func() time.Time { return noon }, Renew: k.renew}, "c1", "v1", c.oa)
			if asked.Load() != c.asked {
				t.Errorf("asked: %v", asked.Load())
			}
			if c.want != "" {
				var e *channel.Error
				if !errors.As(err, &e) || e.Kind != channel.Misconfigured || e.Code != c.want || k.now["access_token"] != "" {
					t.Errorf("it failed with %v, want %s", err, c.want)
				}
				return
			}
			if err != nil || got["access_token"] != "a" || k.now["refresh_token"] != "r" || k.now["expires"] != "2026-11-25T04:00:00Z" || k.now["renew_after"] != "2026-11-24T23:00:00Z" || k.now["oa_id"] != "77" || k.now["renewing"] != "" {
				t.Errorf("%v: saved is %v", err, k.now)
			}
		})
	}
}
