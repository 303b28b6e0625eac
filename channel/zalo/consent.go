package zalo

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"loa/channel"
)

// BeginConsent is Zalo's page on which an administrator of the account allows the app to act for it.
func (o *OA) BeginConsent(redirect, state string) (link, secret string) {
	secret = Verifier()
	return ConsentLink(o.set, redirect, secret, state), secret
}

// Consent turns the code that came back into the account's tokens.
func (o *OA) Consent(ctx context.Context, back url.Values, secret string) error {
	if back.Get("code") == "" {
		return misconfigured("consent_refused", clip(back.Get("error_description"), 300))
	}
	s, err := Exchange(ctx, o.tools, back.Get("code"), secret, back.Get("oa_id"))
	if err != nil {
		return err
	}
	o.hold(s)
	return nil
}

// Consented is how the tokens in hand stand.
func (o *OA) Consented() channel.Consent {
	p, _ := o.held()
	lost := p.mark.state == "lost" || p.mark.state == "dead" || p.mark.state == "again"
	return channel.Consent{Given: p.refresh != "", Lost: lost, Until: p.expires, Renews: p.renewAfter}
}

// Registered lists the account's templates.
func (o *OA) Registered(ctx context.Context, offset int) ([]channel.Registered, error) {
	list, err := o.Templates(ctx, offset)
	if err != nil {
		return nil, err
	}
	out := make([]channel.Registered, len(list))
	for i, t := range list {
		out[i] = channel.Registered{ID: t.ID, Name: t.Name, Status: t.Status, Usable: t.Status == "ENABLE", Quality: t.Quality, Preview: t.Preview, Fee: t.PhoneFee}
		for _, p := range t.Params {
			out[i].Blanks = append(out[i].Blanks, p.Name)
		}
	}
	return out, nil
}

// ownCodes are those that Zalo does not say: what we see ourselves.
var ownCodes = []string{"article_lost", "article_unready", "author", "consent_refused", "cover", "cover_link", "file_with_text", "id", "media", "media_many", "media_size", "network", "no_refresh_token", "no_token", "oa_id", "offset",
	"param_long", "param_missing", "param_short", "param_type", "param_unknown", "resume", "size", "template_missing", "template_status", "text_empty", "text_long", "title", "to", "token_lost", "token_renewing", "token_unsaved", "window"}

// allCodes are all that a failure may say.
func allCodes() []string {
	out := append([]string{"-14002", "-14003", "-14020"}, ownCodes...)
	for _, classes := range codes {
		for _, list := range classes {
			for _, n := range list {
				out = append(out, strconv.Itoa(n))
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
