package fake

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// fbPost is a post of the Page, out already or still to come.
type fbPost struct {
	id, message, link string
	media             []string
	at                time.Time // when it is out
	out               bool
}

// fbComment is a comment under a post.
type fbComment struct {
	id, post, parent, from, name, message string
	at                                    time.Time
	hidden, answered                      bool // answered: the one private reply is used up
}

const fbTime = "2006-01-02T15:04:05-0700"

func (f *Facebook) post(id string) *fbPost {
	for _, p := range f.posts {
		if p.id == id {
			return p
		}
	}
	return nil
}

func (f *Facebook) commentOf(id string) *fbComment {
	for _, c := range f.comments {
		if c.id == id {
			return c
		}
	}
	return nil
}

// feed makes a post, now or at a later time.
func (f *Facebook) feed(c *call) reply {
	args := f.args(c)
	c.entry.Text = args["message"]
	if !f.ours(c) {
		return f.refuse(c, 200, 0, "Permissions error")
	}
	media, why := f.attached(args)
	if why != "" {
		return f.refuse(c, 100, 0, why)
	}
	if args["message"] == "" && args["link"] == "" && len(media) == 0 {
		return f.refuse(c, 100, 0, "Missing message or attachment")
	}
	p := &fbPost{message: args["message"], link: args["link"], media: media, at: c.at, out: args["published"] != "false"}
	if when := args["scheduled_publish_time"]; when != "" {
		t, ok := fbWhen(when)
		if p.at = t; !ok || p.out || t.Before(c.at.Add(10*time.Minute)) || t.After(c.at.AddDate(0, 0, 30)) {
			return f.refuse(c, 100, 1363037, "The specified scheduled publish time is invalid")
		}
	}
	for _, old := range f.posts {
		if old.message == p.message && old.link == p.link && slices.Equal(old.media, media) && c.at.Sub(old.at) < time.Duration(f.Duplicate) {
			return f.refuse(c, 506, 1455006, "Duplicate status message")
		}
	}
	p.id = f.PageID + "_" + f.w.number()
	f.posts = append(f.posts, p)
	c.take("post", p.id, f.PageID, p.message)
	switch {
	case p.out:
		f.told(p)
	case args["scheduled_publish_time"] != "":
		f.w.later(task{due: p.at, do: func(context.Context) { f.w.Change(func() { f.publish(p) }) }})
	}
	return answer(http.StatusOK, map[string]string{"id": p.id})
}

// publish lets a post out at its time, unless it was deleted.
func (f *Facebook) publish(p *fbPost) {
	if f.post(p.id) != nil {
		p.out = true
		f.told(p)
	}
}

// told tells the Page's own webhook of its own post, as Meta does.
func (f *Facebook) told(p *fbPost) {
	f.change(fbChange{Item: "status", Verb: "add", Post: p.id, From: fbFrom{f.PageID, f.Name}, Message: p.message, Created: f.w.Clock.Now().Unix()})
}

// attached reads attached_media, which must be a JSON string that holds an array.
func (f *Facebook) attached(args map[string]string) (ids []string, why string) {
	raw, given := args["attached_media"]
	if !given {
		return nil, ""
	}
	var list []struct {
		ID string `json:"media_fbid"`
	}
	if json.Unmarshal([]byte(raw), &list) != nil {
		return nil, "param attached_media must be an array."
	}
	for _, m := range list {
		if _, ok := f.photos[m.ID]; !ok {
			return nil, "Invalid media_fbid"
		}
		ids = append(ids, m.ID)
	}
	return ids, ""
}

// fbWhen reads a time as a number of seconds or as ISO 8601.
func fbWhen(s string) (time.Time, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return time.Unix(n, 0), true
	}
	for _, form := range []string{time.RFC3339, fbTime} {
		if t, err := time.Parse(form, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// photo takes a picture, as a post of its own or for a later one.
func (f *Facebook) photo(c *call) reply {
	args := f.args(c)
	if !f.ours(c) {
		return f.refuse(c, 200, 0, "Permissions error")
	}
	if (args["url"] == "") == (args["source"] == "") {
		return f.refuse(c, 324, 0, "Missing or invalid image file")
	}
	id := f.w.number()
	published := args["published"] != "false"
	f.photos[id] = published
	c.take("photo", id, f.PageID, args["caption"])
	out := map[string]string{"id": id}
	if published {
		p := &fbPost{id: f.PageID + "_" + f.w.number(), message: args["caption"], media: []string{id}, at: c.at, out: true}
		f.posts = append(f.posts, p)
		f.told(p)
		out["post_id"] = p.id
	}
	return answer(http.StatusOK, out)
}

func (f *Facebook) row(p *fbPost, fields string) map[string]any {
	all := map[string]any{"id": p.id, "message": p.message, "created_time": p.at.UTC().Format(fbTime), "permalink_url": "https://www.facebook.com/" + strings.ReplaceAll(p.id, "_", "/posts/"), "is_published": p.out}
	if !p.out {
		all["scheduled_publish_time"] = p.at.Unix()
	}
	return only(all, fields, "id", "message", "created_time")
}

// only keeps the fields that were asked for, and the ID always.
func only(all map[string]any, fields string, usual ...string) map[string]any {
	if fields != "" {
		usual = append(strings.Split(fields, ","), "id")
	}
	row := map[string]any{}
	for _, k := range usual {
		if v, ok := all[strings.TrimSpace(k)]; ok {
			row[strings.TrimSpace(k)] = v
		}
	}
	return row
}

func (f *Facebook) list(c *call, out bool) reply {
	args, rows := f.args(c), []map[string]any{}
	since, _ := fbWhen(args["since"])
	limit, err := strconv.Atoi(args["limit"])
	if err != nil || limit < 1 {
		limit = 25
	}
	if !f.ours(c) {
		return f.nothing(c)
	}
	for _, p := range slices.Backward(f.posts) {
		if p.out == out && !p.at.Before(since) && len(rows) < limit {
			rows = append(rows, f.row(p, args["fields"]))
		}
	}
	return answer(http.StatusOK, map[string]any{"data": rows})
}

func (f *Facebook) published(c *call) reply { return f.list(c, true) }
func (f *Facebook) scheduled(c *call) reply { return f.list(c, false) }

// object reads the Page, a post or a comment.
func (f *Facebook) object(c *call) reply {
	id, fields := c.r.PathValue("id"), f.args(c)["fields"]
	if f.ours(c) {
		return answer(http.StatusOK, only(map[string]any{"id": f.PageID, "name": f.Name, "fan_count": 0}, fields, "id", "name"))
	}
	if p := f.post(id); p != nil {
		return answer(http.StatusOK, f.row(p, fields))
	}
	if m := f.commentOf(id); m != nil {
		return answer(http.StatusOK, m.row(fields))
	}
	return f.nothing(c)
}

func (f *Facebook) remove(c *call) reply {
	id := c.r.PathValue("id")
	if f.post(id) == nil && f.commentOf(id) == nil {
		return f.nothing(c)
	}
	f.posts = slices.DeleteFunc(f.posts, func(p *fbPost) bool { return p.id == id })
	f.comments = slices.DeleteFunc(f.comments, func(m *fbComment) bool { return m.id == id })
	c.take("delete", id, "", "")
	return answer(http.StatusOK, map[string]bool{"success": true})
}

func (m *fbComment) row(fields string) map[string]any {
	all := map[string]any{"id": m.id, "message": m.message, "from": map[string]string{"id": m.from, "name": m.name}, "created_time": m.at.UTC().Format(fbTime), "is_hidden": m.hidden}
	if m.parent != m.post {
		all["parent"] = map[string]string{"id": m.parent}
	}
	return only(all, fields, "id", "message", "from", "created_time")
}

func (f *Facebook) listComments(c *call) reply {
	id, args, rows := c.r.PathValue("id"), f.args(c), []map[string]any{}
	if f.post(id) == nil && f.commentOf(id) == nil {
		return f.nothing(c)
	}
	for _, m := range f.comments {
		if m.parent == id || m.post == id && args["filter"] == "stream" {
			rows = append(rows, m.row(args["fields"]))
		}
	}
	if args["order"] == "reverse_chronological" {
		slices.Reverse(rows)
	}
	return answer(http.StatusOK, map[string]any{"data": rows})
}

// comment is the Page's own answer under a post or a comment.
func (f *Facebook) comment(c *call) reply {
	id, text := c.r.PathValue("id"), f.args(c)["message"]
	post := id
	if m := f.commentOf(id); m != nil {
		post = m.post
	}
	switch {
	case f.post(post) == nil:
		return f.nothing(c)
	case text == "":
		return f.refuse(c, 100, 0, "Missing message")
	}
	m := f.say(post, id, f.PageID, f.Name, text)
	c.take("comment", m.id, id, text)
	return answer(http.StatusOK, map[string]string{"id": m.id})
}

// say puts a comment under a post and tells the webhook, of the Page's own too.
func (f *Facebook) say(post, parent, from, name, text string) *fbComment {
	at := f.w.Clock.Now()
	m := &fbComment{id: strings.TrimPrefix(post, f.PageID+"_") + "_" + f.w.number(), post: post, parent: parent, from: from, name: name, message: text, at: at}
	f.comments = append(f.comments, m)
	f.change(fbChange{Item: "comment", Verb: "add", Comment: m.id, Post: post, Parent: parent, From: fbFrom{from, name}, Message: text, Created: at.Unix()})
	return m
}

func (f *Facebook) hide(c *call) reply {
	m, hidden := f.commentOf(c.r.PathValue("id")), f.args(c)["is_hidden"]
	if m == nil || hidden == "" {
		return f.nothing(c)
	}
	m.hidden = hidden == "true"
	c.take("hide", m.id, "", hidden)
	return answer(http.StatusOK, map[string]bool{"success": true})
}
