// Package zalo speaks the protocols of one Zalo Official Account: texts to followers within their windows, registered templates to
// followers and to telephone numbers, groups, and articles sent to all who follow. It knows no people, keeps no queue and tries nothing
// twice, but for the one call that an outworn access token was refused.
package zalo

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"loa/channel"
)

// The networks an account reaches.
const (
	Follower = "zalo"         // To: the user_id of somebody who wrote to or follows the account
	Number   = "zns"          // To: a telephone number, 84912345678
	Group    = "zalo_group"   // To: the group_id of a group the account manages
	Article  = "zalo_article" // To: "all", or whom the article is for: cities=20&gender=0
)

// AskContact is the template name of a message that asks a follower to share their name and number.
const AskContact = "request_user_info"

// Zalo's own addresses; an operator may name others.
const (
	oauthBase = "https://oauth.zaloapp.com"
	oaBase    = "https://openapi.zalo.me"
	znsBase   = "https://business.openapi.zalo.me"
)

// Driver carries messages by Zalo.
var Driver = channel.Driver{
	Kind:     "zalo",
	Networks: []string{Follower, Number, Group, Article},
	Limit:    textAtMost,
	Fields:   fields,
	Rate:     channel.Rate{Messages: 100, Per: time.Minute},
	Codes:    allCodes(),
	Warnings: []string{"consent_again", "package_ends", "quality_low", "quota_used", "webhook_off", "zns_off"},
	Term:     term,
	Open: func(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
		o, err := Open(s, t)
		if err != nil {
			return nil, err
		}
		return o, nil
	},
}

// fields are what an office fills in. Whatever of the protocol is not confirmed by Zalo itself is among them, with the value that does the
// least harm as its default.
var fields = []channel.Field{
	{Key: "app_id", Required: true},
	{Key: "app_secret", Required: true, Secret: true},
	{Key: "oa_id", Rare: true}, // comes back with the consent
	{Key: "oa_secret", Secret: true},
	{Key: "consent_link", Rare: true}, // as the console made it, when the console keeps the challenge
	{Key: "code_verifier", Secret: true, Rare: true},
	{Key: "mode", Default: "production", Options: []string{"production", "development"}},
	{Key: "text_window", Default: "48h", Options: []string{"48h", "7d"}, Unsure: true}, // beyond 48 hours Zalo bills a text
	{Key: "phone_as", Default: "plain", Options: []string{"plain", "hash"}, Unsure: true},
	{Key: "sending_mode", Default: "1", Unsure: true},
	{Key: "cover", Default: "upload", Options: []string{"upload", "link"}, Unsure: true},
	{Key: "broadcast_target", Default: "strings", Options: []string{"strings", "arrays"}, Unsure: true},
	{Key: "list_query", Default: "plain", Options: []string{"plain", "data"}, Unsure: true},
	{Key: "status_phone", Default: "no", Options: []string{"no", "yes"}, Unsure: true},
	{Key: "appsecret_proof", Default: "no", Options: []string{"no", "yes"}, Unsure: true},
	{Key: "refresh_again", Default: "never", Options: []string{"never", "once"}, Unsure: true},
	{Key: "webhook_term", Default: "any", Options: []string{"any", "app_id", "oa_id"}, Unsure: true},
	{Key: "codes", Unsure: true},                                                             // what Zalo said that its codes mean, see channel.ReadCodes
	{Key: "line", Default: "internet", Options: []string{"internet", "private"}, Rare: true}, // whether an address below may lie in the office's own network
	{Key: "oauth_base", Default: oauthBase},
	{Key: "oa_base", Default: oaBase},
	{Key: "zns_base", Default: znsBase},
	{Key: keyAccess, Secret: true, Kept: true},
	{Key: keyRefresh, Secret: true, Kept: true},
	{Key: keyExpires, Kept: true},
	{Key: keyRenewAfter, Kept: true},
	{Key: keyMark, Kept: true},
}

// OA is one Official Account.
type OA struct {
	set   channel.Settings // as opened; what rotates is in now
	told  channel.Codes
	tools channel.Tools

	mu    sync.Mutex
	now   pair
	quiet time.Time // until then a token that still works is not renewed: renewing has just failed

	renewing  sync.Mutex // one at a time in this process; Tools.Renew sees to the others
	templates cache[Template]
	listed    cache[[]channel.Template]
	uploads   cache[string]
}

// Open makes an account out of its settings.
func Open(s channel.Settings, t channel.Tools) (*OA, error) {
	if !digits(s["app_id"]) {
		return nil, misconfigured("setting.app_id", "")
	}
	if s["app_secret"] == "" {
		return nil, misconfigured("setting.app_secret", "")
	}
	for key, otherwise := range map[string]string{"oauth_base": oauthBase, "oa_base": oaBase, "zns_base": znsBase} {
		u, err := url.Parse(s.Or(key, otherwise))
		if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil {
			return nil, misconfigured("setting."+key, "")
		}
	}
	for _, f := range fields {
		if v := s[f.Key]; v != "" && len(f.Options) > 0 && !slices.Contains(f.Options, v) {
			return nil, misconfigured("setting."+f.Key, v)
		}
	}
	told, err := channel.ReadCodes(s["codes"])
	if err != nil {
		return nil, misconfigured("setting.codes", "")
	}
	return &OA{set: maps.Clone(s), told: told, tools: t, now: pairOf(s)}, nil
}

// term is how long an account writes texts to somebody after their last contact: what Zalo bills is not sent unless the office says so.
func term(s channel.Settings) time.Duration {
	if s["text_window"] == "7d" {
		return 7 * 24 * time.Hour
	}
	return 48 * time.Hour
}

// Send hands one message to Zalo.
func (o *OA) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if err := fits(m); err != nil {
		return channel.Receipt{}, err
	}
	switch m.Network {
	case Follower:
		return o.sendFollower(ctx, m)
	case Number:
		return o.sendNumber(ctx, m)
	case Group:
		return o.sendGroup(ctx, m)
	}
	return o.sendArticle(ctx, m)
}

func misconfigured(code, text string) error {
	return channel.Fail(channel.Misconfigured, channel.Account, code, text)
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
