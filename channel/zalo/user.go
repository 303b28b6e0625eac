package zalo

import (
	"context"
	"net/http"
	"strings"
	"time"

	"loa/channel"
	"loa/vn"
)

// Profile is what Zalo tells of somebody who wrote to or follows the account.
type Profile struct {
	ID       string
	Name     string
	Alias    string
	Follows  bool
	LastDay  time.Time // on which they last wrote, clicked or followed
	Picture  string
	Tags     []string
	Notes    []string
	Shared   string // the name they shared
	Phone    string // the number they shared, 84…
	Address  string
	District string
	City     string
}

// Profile asks who a user is.
func (o *OA) Profile(ctx context.Context, user string) (Profile, error) {
	var w struct {
		ID      word `json:"user_id"`
		Name    word `json:"display_name"`
		Alias   word `json:"user_alias"`
		Follows word `json:"user_is_follower"`
		Last    word `json:"user_last_interaction_date"`
		Avatar  word `json:"avatar"`
		Tags    struct {
			Names []word `json:"tag_names"`
			Notes []word `json:"notes"`
		} `json:"tags_and_notes_info"`
		Shared struct {
			Name     word `json:"name"`
			Phone    word `json:"phone"`
			Address  word `json:"address"`
			District word `json:"district"`
			City     word `json:"city"`
		} `json:"shared_info"`
	}
	if err := o.do(ctx, call{method: http.MethodGet, path: "/v3.0/oa/user/detail", data: map[string]string{"user_id": user}}, &w); err != nil {
		return Profile{}, harmless(err)
	}
	return Profile{ID: string(w.ID), Name: string(w.Name), Alias: string(w.Alias), Follows: w.Follows == "true", LastDay: w.Last.day(), Picture: string(w.Avatar),
		Tags: texts(w.Tags.Names), Notes: texts(w.Tags.Notes), Shared: string(w.Shared.Name), Phone: phone(string(w.Shared.Phone)),
		Address: string(w.Shared.Address), District: string(w.Shared.District), City: string(w.Shared.City)}, nil
}

// usersAtOnce and lastOffset are Zalo's limits: an account with more followers is walked tag by tag.
const (
	usersAtOnce = 50
	lastOffset  = 9951
)

// Users lists the IDs of followers from an offset, of one tag or of all, and how many there are. Beyond the last offset Zalo tells none.
func (o *OA) Users(ctx context.Context, tag string, offset int) (ids []string, total int64, err error) {
	if offset > lastOffset {
		return nil, 0, channel.Fail(channel.Rejected, channel.Content, "offset", "")
	}
	data := struct {
		Offset  int    `json:"offset"`
		Count   int    `json:"count"`
		Tag     string `json:"tag_name,omitempty"`
		Follows bool   `json:"is_follower"`
	}{offset, usersAtOnce, tag, true}
	var w struct {
		Total word `json:"total"`
		Users []struct {
			ID word `json:"user_id"`
		} `json:"users"`
	}
	if err := o.do(ctx, call{method: http.MethodGet, path: "/v3.0/oa/user/getlist", data: data}, &w); err != nil {
		return nil, 0, harmless(err)
	}
	for _, u := range w.Users {
		if u.ID != "" {
			ids = append(ids, string(u.ID))
		}
	}
	total, _ = w.Total.whole()
	return ids, total, nil
}

// Tags lists the account's tags.
func (o *OA) Tags(ctx context.Context) ([]string, error) {
	var list []word
	if err := o.do(ctx, call{method: http.MethodGet, path: "/v2.0/oa/tag/gettagsofoa"}, &list); err != nil {
		return nil, harmless(err)
	}
	return texts(list), nil
}

// Tag puts a tag on a user; a tag nobody had yet comes into being.
func (o *OA) Tag(ctx context.Context, user, tag string) error {
	return o.tagging(ctx, "tagfollower", map[string]string{"user_id": user, "tag_name": tag})
}

// Untag takes a tag off a user.
func (o *OA) Untag(ctx context.Context, user, tag string) error {
	return o.tagging(ctx, "rmfollowerfromtag", map[string]string{"user_id": user, "tag_name": tag})
}

// DropTag takes a tag off everybody and out of the list.
func (o *OA) DropTag(ctx context.Context, tag string) error {
	return o.tagging(ctx, "rmtag", map[string]string{"tag_name": tag})
}

// tagging changes tags. Doing it twice changes nothing more, so a lost answer may be asked for again.
func (o *OA) tagging(ctx context.Context, what string, body map[string]string) error {
	return harmless(o.do(ctx, call{method: http.MethodPost, path: "/v2.0/oa/tag/" + what, body: body}, nil))
}

func texts(list []word) []string {
	var out []string
	for _, w := range list {
		if w != "" {
			out = append(out, string(w))
		}
	}
	return out
}

// phone is a number as addresses of Zalo have it; empty when it is none.
func phone(s string) string {
	n, ok := vn.Phone(s)
	if !ok {
		return ""
	}
	return strings.TrimPrefix(n, "+")
}
