package zalo

import (
	"context"
	"errors"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// An article is sent in four steps. Resume says which is next and what it needs, so that any process may take it and no finished step is
// done again:
//
//	""                          upload the cover
//	"create <n> <unix> <url>"   create the article, unless it is there already; n tries went unanswered
//	"verify <n> <token>"        ask whether it is ready, for the n-th time
//	"send <article>"            send it
const (
	createTries = 3
	verifyTries = 60
)

func (o *OA) sendArticle(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	step, rest, _ := strings.Cut(m.Resume, " ")
	n, tail, _ := strings.Cut(rest, " ")
	tries, err := strconv.Atoi(n)
	switch {
	case step == "":
		return o.uploadCover(ctx, m)
	case step == "create" && err == nil:
		unix, cover, _ := strings.Cut(tail, " ")
		if at, err := strconv.ParseInt(unix, 10, 64); err == nil && cover != "" {
			return o.createArticle(ctx, m, tries, time.Unix(at, 0), cover)
		}
	case step == "verify" && err == nil && tail != "":
		return o.verifyArticle(ctx, tries, tail)
	case step == "send" && rest != "":
		return o.broadcast(ctx, m, rest)
	}
	return channel.Receipt{}, wrong(channel.Content, "resume")
}

func (o *OA) uploadCover(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	at := picture(m.Media[0].URL)
	switch {
	case o.set["cover"] == "link" && at == "":
		return channel.Receipt{}, wrong(channel.Content, "cover_link")
	case o.set["cover"] != "link":
		at = ""
		if err := o.upload(ctx, "/v2.0/article/upload_image", m.Media[0], &at); err != nil {
			return channel.Receipt{}, err
		}
		if at == "" {
			return channel.Receipt{}, harmless(errUnread)
		}
	}
	return channel.Receipt{Resume: creating(0, o.tools.Now(), string(at))}, nil
}

func creating(tries int, began time.Time, cover string) string {
	return "create " + strconv.Itoa(tries) + " " + strconv.FormatInt(began.Unix(), 10) + " " + cover
}

// createArticle looks for the article first: an earlier try may have made it without our hearing of it.
func (o *OA) createArticle(ctx context.Context, m channel.Message, tries int, began time.Time, cover string) (channel.Receipt, error) {
	switch id, err := o.findArticle(ctx, m, began); {
	case id != "":
		return channel.Receipt{Resume: "send " + id}, nil
	case err != nil && (tries > 0 || !isRejected(err)):
		return channel.Receipt{}, err
	case tries >= createTries:
		return channel.Receipt{}, &channel.Error{Kind: channel.Unsure, About: channel.Content, Code: "article_lost"}
	}
	var made struct {
		Token word `json:"token"`
	}
	err := o.do(ctx, call{method: http.MethodPost, path: "/v2.0/article/create", body: o.article(m, cover), toNobody: true}, &made)
	_, e := channel.OutcomeOf(channel.Receipt{}, err, false)
	switch {
	case err == nil && made.Token != "":
		return channel.Receipt{Resume: "verify 0 " + string(made.Token), After: 4 * time.Second}, nil
	case err == nil, errors.Is(err, errUnread), e.Kind == channel.Unsure: // it may be there: look for it by and by
		return channel.Receipt{Resume: creating(tries+1, began, cover), After: time.Minute}, nil
	}
	return channel.Receipt{}, err
}

// article is the article on the wire. It must be shown, or it cannot be sent.
func (o *OA) article(m channel.Message, cover string) map[string]any {
	text := m.HTML
	if text == "" {
		for _, p := range strings.Split(m.Text, "\n") {
			if p = strings.TrimSpace(p); p != "" {
				text += "<p>" + html.EscapeString(p) + "</p>"
			}
		}
	}
	if m.Link != "" && !strings.Contains(text, m.Link) {
		text += `<p><a href="` + html.EscapeString(m.Link) + `">` + html.EscapeString(m.Link) + "</a></p>"
	}
	body := []any{map[string]string{"type": "text", "content": text}}
	for _, pic := range m.Media[1:] {
		body = append(body, map[string]string{"type": "image", "url": pic.URL, "caption": pic.Caption})
	}
	lead := strings.Join(strings.Fields(m.Text), " ")
	if lead == "" {
		lead = m.Title
	}
	out := map[string]any{
		"type": "normal", "title": m.Title, "author": m.Author, "description": clip(lead, leadAtMost), "body": body,
		"cover": map[string]string{"cover_type": "photo", "photo_url": cover, "status": "show"}, "status": "show", "comment": "show",
	}
	if m.Link != "" {
		out["tracking_link"] = m.Link
	}
	return out
}

func (o *OA) verifyArticle(ctx context.Context, tries int, token string) (channel.Receipt, error) {
	var ready struct {
		ID      word `json:"id"`
		Article word `json:"article_id"`
	}
	err := o.do(ctx, call{method: http.MethodPost, path: "/v2.0/article/verify", body: map[string]string{"token": token}, toNobody: true}, &ready)
	id := string(ready.ID)
	if id == "" {
		id = string(ready.Article)
	}
	switch {
	case err == nil && id != "":
		return channel.Receipt{Resume: "send " + id}, nil
	case err != nil && !errors.Is(err, errUnread) && !isCode(err, "-214"):
		return channel.Receipt{}, harmless(err)
	case tries >= verifyTries:
		return channel.Receipt{}, wrong(channel.Content, "article_unready")
	}
	return channel.Receipt{Resume: "verify " + strconv.Itoa(tries+1) + " " + token, After: min(4*time.Second+time.Duration(tries)*2*time.Second, 30*time.Second)}, nil
}

func (o *OA) broadcast(ctx context.Context, m channel.Message, id string) (channel.Receipt, error) {
	to, err := targetOf(m.To)
	if err != nil {
		return channel.Receipt{}, err
	}
	target := map[string]any{}
	for key, list := range to {
		if target[key] = strings.Join(list, ","); o.set["broadcast_target"] == "arrays" {
			target[key] = list
		}
	}
	element := map[string]string{"media_type": "article", "attachment_id": id}
	return o.deliver(ctx, call{method: http.MethodPost, path: "/v2.0/oa/message", toNobody: true, body: map[string]any{
		"recipient": map[string]any{"target": target},
		"message":   attachment("template", map[string]any{"template_type": "media", "elements": []any{element}}),
	}})
}

// findArticle is the ID of our own article among the latest: of the same title, and with our link or, where there is none, made since
// we began.
func (o *OA) findArticle(ctx context.Context, m channel.Message, began time.Time) (string, error) {
	var slice struct {
		Medias []struct {
			ID      word `json:"id"`
			Title   word `json:"title"`
			Created word `json:"create_date"`
		} `json:"medias"`
	}
	if err := o.do(ctx, o.listing("/v2.0/article/getslice", map[string]string{"offset": "0", "limit": "10", "type": "normal"}), &slice); err != nil {
		return "", harmless(err)
	}
	for _, a := range slice.Medias {
		switch {
		case a.ID == "" || strings.TrimSpace(string(a.Title)) != strings.TrimSpace(m.Title):
		case m.Link == "":
			if at := a.Created.moment(); !at.IsZero() && at.After(began.Add(-2*time.Minute)) {
				return string(a.ID), nil
			}
		default:
			var d struct {
				Link word `json:"tracking_link"`
				Body []struct {
					Content word `json:"content"`
				} `json:"body"`
			}
			if err := o.do(ctx, o.listing("/v2.0/article/getdetail", map[string]string{"id": string(a.ID)}), &d); err != nil {
				return "", harmless(err)
			}
			ours := string(d.Link) == m.Link
			for _, b := range d.Body {
				ours = ours || strings.Contains(string(b.Content), m.Link)
			}
			if ours {
				return string(a.ID), nil
			}
		}
	}
	return "", nil
}

// listing asks for articles, in one of the two ways that have been seen.
func (o *OA) listing(path string, by map[string]string) call {
	c := call{method: http.MethodGet, path: path, toNobody: true}
	if o.set["list_query"] == "data" {
		c.data = by
		return c
	}
	c.query = url.Values{}
	for k, v := range by {
		c.query.Set(k, v)
	}
	return c
}
