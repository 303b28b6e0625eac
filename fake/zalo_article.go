package fake

import (
	"encoding/base64"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// article is one article of the OA, which exists for others once its media were processed.
type article struct {
	articleBody
	id, token            string
	made, updated, ready time.Time
	asked                bool // verify said -214 at least once
	views, shares        int
}

type articleBody struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Title  string `json:"title"`
	Author string `json:"author"`
	Cover  *struct {
		Type   string `json:"cover_type"`
		Photo  string `json:"photo_url"`
		Status string `json:"status"`
	} `json:"cover"`
	Description string `json:"description"`
	Body        []struct {
		Type    string `json:"type"`
		Content string `json:"content"`
		URL     string `json:"url"`
		Caption string `json:"caption"`
	} `json:"body"`
	Tracking string `json:"tracking_link"`
	Status   string `json:"status"`
	Comment  string `json:"comment"`
}

func (z *Zalo) checkArticle(b *articleBody) refusal {
	long := func(s string, n int) bool { return utf8.RuneCountInString(s) > n }
	switch {
	case b.Type != "normal":
		return refusal{-201, "type is invalid"}
	case b.Title == "" || long(b.Title, 150) || long(b.Author, 50) || long(b.Description, 300) || b.Description == "" || b.Author == "":
		return refusal{-201, "title, author or description is invalid"}
	case b.Cover == nil || b.Cover.Type != "photo" || !z.coverGood(b.Cover.Photo):
		return refusal{-201, "cover value is invalid"}
	case len(b.Body) == 0:
		return refusal{-201, "body is invalid"}
	}
	for _, p := range b.Body {
		if p.Type != "text" && p.Type != "image" && p.Type != "video" && p.Type != "product" || p.Type == "text" && p.Content == "" {
			return refusal{-201, "body is invalid"}
		}
	}
	if b.Status == "" {
		b.Status = "hide"
	}
	return refusal{}
}

// coverGood says whether a picture may be a cover: any public URL, but none that was uploaded for messages.
func (z *Zalo) coverGood(photo string) bool {
	u, err := url.Parse(photo)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && !strings.Contains(u.Path, "/oa-upload/")
}

func (z *Zalo) createArticle(c *call) reply {
	var b articleBody
	if !c.read(&b) {
		return z.refuse(c, -201, "params is invalid")
	}
	if no := z.checkArticle(&b); no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	if z.posted.used(monthOf(c.at)) >= z.ArticleQuota {
		return z.refuse(c, -223, "Your OA has reach the limit quota create article")
	}
	z.posted.n++
	a := &article{articleBody: b, id: z.w.hex(), made: c.at}
	z.articles = append(z.articles, a)
	c.take("article", a.id, "", a.Title)
	return good(map[string]string{"token": z.process(a, c.at)})
}

// process starts the work on an article's media and returns the token to ask for it.
func (z *Zalo) process(a *article, now time.Time) string {
	a.token = base64.StdEncoding.EncodeToString([]byte(z.w.hex()))
	a.updated, a.ready, a.asked = now, now.Add(time.Duration(z.ArticleReady)), false
	return a.token
}

func (z *Zalo) updateArticle(c *call) reply {
	var b articleBody
	if !c.read(&b) {
		return z.refuse(c, -201, "params is invalid")
	}
	a := z.article(b.ID)
	if a == nil {
		return z.refuse(c, -201, "id is invalid")
	}
	if no := z.checkArticle(&b); no.code != 0 {
		return z.refuse(c, no.code, no.text)
	}
	a.articleBody = b
	c.take("article_update", a.id, "", a.Title)
	return good(map[string]string{"token": z.process(a, c.at)})
}

// verifyArticle turns a token into an ID, at the earliest at the second question.
func (z *Zalo) verifyArticle(c *call) reply {
	var q struct {
		Token string `json:"token"`
	}
	if !c.read(&q) {
		return z.refuse(c, -201, "params is invalid")
	}
	for _, a := range z.articles {
		if a.token != q.Token {
			continue
		}
		if z.ArticleReady > 0 && (!a.asked || c.at.Before(a.ready)) {
			a.asked = true
			return z.refuse(c, -214, "Article is being processed")
		}
		return good(map[string]string{z.ArticleIDKey: a.id})
	}
	return z.refuse(c, -201, "token is invalid")
}

// article finds an article whose media are done.
func (z *Zalo) article(id string) *article {
	for _, a := range z.articles {
		if a.id == id && id != "" {
			return a
		}
	}
	return nil
}

func (a *article) row() map[string]any {
	return map[string]any{"id": a.id, "type": a.Type, "title": a.Title, "status": a.Status, "total_view": a.views, "total_share": a.shares, "create_date": a.made.UnixMilli(), "update_date": a.updated.UnixMilli(),
		"thumb": a.Cover.Photo, "link_view": "https://rd.zapps.vn/detail/" + a.id}
}

// listArticles lists the articles, the newest first; its parameters come plain or in data.
func (z *Zalo) listArticles(c *call) reply {
	q := c.r.URL.Query()
	offset, _ := strconv.Atoi(q.Get("offset"))
	limit, err := strconv.Atoi(q.Get("limit"))
	if q.Has("data") {
		var d struct{ Offset, Limit int }
		if !c.query(&d) {
			return z.refuse(c, -201, "params is invalid")
		}
		offset, limit, err = d.Offset, d.Limit, nil
	}
	if err != nil || limit < 1 || limit > 10 || offset < 0 {
		return z.refuse(c, -201, "limit is invalid")
	}
	rows := []map[string]any{}
	for _, a := range slices.Backward(z.articles) {
		rows = append(rows, a.row())
	}
	total := len(rows)
	rows = rows[min(offset, total):]
	return good(map[string]any{"medias": rows[:min(limit, len(rows))], "total": total})
}

func (z *Zalo) articleDetail(c *call) reply {
	a := z.article(c.r.URL.Query().Get("id"))
	if a == nil {
		return z.refuse(c, -201, "id is invalid")
	}
	return good(map[string]any{"id": a.id, "type": a.Type, "title": a.Title, "author": a.Author, "description": a.Description, "cover": a.Cover, "body": a.Body, "tracking_link": a.Tracking, "status": a.Status,
		"comment": a.Comment, "total_view": a.views, "total_share": a.shares})
}

func (z *Zalo) removeArticle(c *call) reply {
	var q struct {
		ID string `json:"id"`
	}
	if !c.read(&q) || z.article(q.ID) == nil {
		return z.refuse(c, -201, "id is invalid")
	}
	z.articles = slices.DeleteFunc(z.articles, func(a *article) bool { return a.id == q.ID })
	c.take("article_remove", q.ID, "", "")
	return good(nil)
}

// targets reads a target, which sources show as "20,34" and as ["20","34"].
func targets(raw json.RawMessage) ([]string, bool) {
	if len(raw) == 0 {
		return nil, true
	}
	var one string
	if json.Unmarshal(raw, &one) == nil {
		return strings.Split(one, ","), true
	}
	var many []string
	return many, json.Unmarshal(raw, &many) == nil
}

func targetGood(raw json.RawMessage, most int) bool {
	list, ok := targets(raw)
	for _, s := range list {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		ok = ok && err == nil && n >= 0 && n <= most
	}
	return ok
}

// sendArticle broadcasts articles to the followers, who see them after half an hour of moderation.
func (z *Zalo) sendArticle(c *call) reply {
	var m zaloMessage
	if !c.read(&m) || m.Recipient.Target == nil || m.Message.Attachment == nil {
		return z.refuse(c, -201, "params is invalid")
	}
	a, t := m.Message.Attachment, m.Recipient.Target
	switch {
	case a.Type != "template" || a.Payload.TemplateType != "media" || len(a.Payload.Elements) < 1 || len(a.Payload.Elements) > 5:
		return z.refuse(c, -201, "attachment is invalid")
	case !targetGood(t.Cities, 63) || !targetGood(t.Ages, 7) || !targetGood(t.Gender, 2) || !targetGood(t.Locations, 2):
		return z.refuse(c, -201, "target is invalid")
	}
	var shown []*article
	var titles []string
	for _, e := range a.Payload.Elements {
		one := z.article(e.AttachmentID)
		if e.MediaType != "article" || one == nil || one.Status != "show" || c.at.Before(one.ready) {
			return z.refuse(c, -201, "attachment_id is invalid")
		}
		shown, titles = append(shown, one), append(titles, one.Title)
	}
	switch {
	case !openAt(c.at, 6, 22):
		return z.refuse(c, -234, "This message is not allowed at this time")
	case z.broadcasts.used(monthOf(c.at)) >= z.PostQuota:
		return z.refuse(c, -211, "Out of quota")
	}
	z.broadcasts.n++
	id := z.w.hex()
	c.take("broadcast", id, "followers", strings.Join(titles, "\n"))
	z.w.later(task{due: c.at.Add(30 * time.Minute), do: z.showArticles(shown)})
	return good(map[string]string{"message_id": id})
}
