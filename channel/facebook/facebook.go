// Package facebook speaks to one Facebook Page: posts, answers under them, and answers in Messenger while its window is open. It must never
// know whom it speaks to, and it begins no conversation: Messenger is for answers alone.
package facebook

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"loa/channel"
)

// The networks a page reaches.
const (
	Page      = "fb_page"    // To: the page's own ID; a post
	Comment   = "fb_comment" // ReplyTo, or To where there is none: the comment that is answered
	Messenger = "messenger"  // To: the page-scoped ID of a person; ReplyTo: the message that is answered
)

// PrivateReply is the template name of an answer to a comment that its writer alone gets. Facebook takes one for each comment.
const PrivateReply = "private_reply"

const graphBase = "https://graph.facebook.com/v25.0"

// Driver carries posts and answers of a page.
var Driver = channel.Driver{Kind: "facebook", Networks: []string{Page, Comment, Messenger}, Fields: fields, Rate: channel.Rate{Messages: 60, Per: time.Minute}, Warnings: []string{"usage_high", "webhook_off"}, Open: open, Term: term,
	Codes: append(known.Keys(), ownCodes...)}

// fields are what an office fills in. The version of the API, how long Facebook repeats a call, and whether the app may answer after a day
// are Facebook's to decide, and change.
var fields = []channel.Field{
	{Key: "page_id", Required: true},
	{Key: "page_token", Required: true, Secret: true},
	{Key: "app_secret", Required: true, Secret: true},
	{Key: "verify_token", Secret: true, Made: true},
	{Key: "appsecret_proof", Default: "yes", Options: []string{"yes", "no"}},
	{Key: "human_agent", Default: "no", Options: []string{"no", "yes"}, Unsure: true}, // needs Facebook's leave for the app
	{Key: "schedule", Default: "no", Options: []string{"no", "yes"}, Unsure: true},    // whether Facebook holds a post until its time, or Loa does
	{Key: "webhook_fields", Default: "feed,messages,messaging_postbacks"},
	{Key: "webhook_hours", Default: "48", Unsure: true},
	{Key: "advertising", Default: "no", Options: []string{"no", "yes"}},
	{Key: "codes", Unsure: true},                                                             // what Facebook said that its codes mean: 10/2018278=address, see channel.ReadCodes
	{Key: "line", Default: "internet", Options: []string{"internet", "private"}, Rare: true}, // whether an address below may lie in the office's own network
	{Key: "graph_base", Default: graphBase, Unsure: true},
}

// term is how long an account answers in Messenger after somebody's last words: a day, and a week with Facebook's leave.
func term(s channel.Settings) time.Duration {
	if s["human_agent"] == "yes" {
		return 7 * 24 * time.Hour
	}
	return 24 * time.Hour
}

// ownCodes are those that Facebook does not say: what we see ourselves.
var ownCodes = []string{"advertising", "link", "media", "media_many", "media_size", "network", "not_before", "reply_only", "resume", "schedule", "template", "text_empty", "text_garbled", "text_long", "to"}

const advertising = "advertising"

// Account is one Facebook Page.
type Account struct {
	s     channel.Settings
	base  string
	codes channel.Codes
	age   time.Duration
	tools channel.Tools

	mu   sync.Mutex
	used int // percent of what the app may ask, by the last answer
}

func open(s channel.Settings, t channel.Tools) (channel.Adapter, error) {
	p, err := Open(s, t)
	if err != nil {
		return nil, err
	}
	return p, nil
}

// Open makes a page out of its settings.
func Open(s channel.Settings, t channel.Tools) (*Account, error) {
	full := maps.Clone(s)
	for _, f := range fields {
		v := s.Or(f.Key, f.Default)
		if f.Required && v == "" {
			return nil, badSetting(f.Key, errors.New("is missing"))
		}
		if len(f.Options) > 0 && !slices.Contains(f.Options, v) {
			return nil, badSetting(f.Key, errors.New("is none of the words it may be"))
		}
		full[f.Key] = v
	}
	if !isID(full["page_id"]) {
		return nil, badSetting("page_id", errors.New("is no number"))
	}
	for _, key := range []string{"page_token", "app_secret"} {
		if !isToken(full[key]) {
			return nil, badSetting(key, errors.New("holds a space or a control character"))
		}
	}
	u, err := url.Parse(full["graph_base"])
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.RawQuery != "" || u.User != nil {
		return nil, badSetting("graph_base", errors.New("is no address"))
	}
	hours, err := strconv.Atoi(full["webhook_hours"])
	if err != nil || hours < 1 || hours > 24*30 {
		return nil, badSetting("webhook_hours", fmt.Errorf("is no number from 1 to %d", 24*30))
	}
	told, err := channel.ReadCodes(full["codes"])
	if err != nil {
		return nil, badSetting("codes", err)
	}
	return &Account{s: full, base: trimSlash(full["graph_base"]), codes: known.With(told), age: time.Duration(hours) * time.Hour, tools: t}, nil
}

// Send hands over one post or answer.
func (p *Account) Send(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	if err := p.fits(m); err != nil {
		return channel.Receipt{}, err
	}
	switch m.Network {
	case Page:
		return p.sendPost(ctx, m)
	case Comment:
		return p.sendComment(ctx, m)
	}
	return p.sendMessage(ctx, m)
}

// Verify says whether a message can be sent as it is.
func (p *Account) Verify(_ context.Context, m channel.Message) error { return p.fits(m) }

// Check asks whose token we hold.
func (p *Account) Check(ctx context.Context) (channel.Health, error) {
	var me struct {
		ID   word `json:"id"`
		Name word `json:"name"`
	}
	if err := p.do(ctx, call{path: "/me", query: url.Values{"fields": {"id,name"}}}, &me); err != nil {
		return channel.Health{}, harmless(err)
	}
	if string(me.ID) != p.s["page_id"] { // the token of a person or of another page
		return channel.Health{}, badSetting("page_id", errors.New("is not the page the token is for"))
	}
	h := channel.Health{Name: string(me.Name)}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case p.used >= 80:
		h.Warning = "usage_high"
	case p.s["verify_token"] == "":
		h.Warning = "webhook_off"
	}
	return h, nil
}

// Subscribe asks Facebook to call back about the page.
func (p *Account) Subscribe(ctx context.Context) error {
	return harmless(p.do(ctx, call{path: "/" + p.s["page_id"] + "/subscribed_apps", form: url.Values{"subscribed_fields": {p.s["webhook_fields"]}}}, nil))
}

// Hide takes a comment out of sight, or brings it back. Doing it twice changes nothing more.
func (p *Account) Hide(ctx context.Context, comment string, hidden bool) error {
	if !isNode(comment) {
		return wrong(channel.Address, "to")
	}
	return harmless(p.do(ctx, call{path: "/" + comment, form: url.Values{"is_hidden": {strconv.FormatBool(hidden)}}, network: Comment}, nil))
}

// Delete takes a post or a comment of the page back.
func (p *Account) Delete(ctx context.Context, id string) error {
	if !isNode(id) {
		return wrong(channel.Address, "to")
	}
	return harmless(p.do(ctx, call{method: "DELETE", path: "/" + id, network: Comment}, nil))
}

// badSetting is the failure of an account whose settings cannot work.
func badSetting(key string, err error) error {
	return &channel.Error{Kind: channel.Misconfigured, About: channel.Account, Code: "setting." + key, Err: fmt.Errorf("%s: %w", key, err)}
}

func wrong(about channel.About, code string) error {
	return channel.Fail(channel.Rejected, about, code, "")
}
