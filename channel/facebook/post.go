package facebook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"
	"time"

	"loa/channel"
)

// sendPost writes a post. Its photos go first, where nobody sees them, so that only the last step can leave a doubt.
func (p *Account) sendPost(ctx context.Context, m channel.Message) (channel.Receipt, error) {
	form := url.Values{"message": {postText(m)}, "published": {"true"}}
	wait := m.NotBefore.Sub(p.tools.Now())
	held := wait > 0 && p.s["schedule"] == "yes" && wait >= holdLeast
	switch {
	case held:
		form.Set("published", "false")
		form.Set("scheduled_publish_time", strconv.FormatInt(m.NotBefore.Unix(), 10))
	case wait > 0:
		return channel.Receipt{}, &channel.Error{Kind: channel.Throttled, About: channel.Content, Code: "not_before", At: m.NotBefore}
	}
	if len(m.Media) > 0 {
		photos, err := p.photos(ctx, m.Media)
		if err != nil {
			return channel.Receipt{}, err
		}
		form.Set("attached_media", photos)
	} else if m.Link != "" {
		form.Set("link", m.Link)
	}
	var made struct {
		ID word `json:"id"`
	}
	err := p.do(ctx, call{path: "/" + p.s["page_id"] + "/feed", form: form, network: Page, made: true}, &made)
	switch {
	case err == nil, errors.Is(err, errUnread):
		return channel.Receipt{Ref: string(made.ID), Delivered: !held}, nil
	case isCode(err, "506"):
		return p.duplicate(ctx, m, err)
	}
	return channel.Receipt{}, err
}

// duplicate looks for the post that Facebook says is there already.
func (p *Account) duplicate(ctx context.Context, m channel.Message, refused error) (channel.Receipt, error) {
	found, _, err := p.findPost(ctx, m, "")
	if err != nil || found.id == "" {
		return channel.Receipt{}, refused
	}
	return channel.Receipt{Ref: found.id, Delivered: !found.held}, nil
}

// photos uploads pictures without showing them, and answers with the text by which a post takes them.
func (p *Account) photos(ctx context.Context, media []channel.Media) (string, error) {
	type photo struct {
		ID string `json:"media_fbid"`
	}
	var list []photo
	for _, pic := range media {
		c := call{path: "/" + p.s["page_id"] + "/photos", form: url.Values{"published": {"false"}}, network: Page}
		if pic.Caption != "" {
			c.form.Set("caption", pic.Caption)
		}
		if pic.URL != "" {
			c.form.Set("url", pic.URL)
		} else {
			var err error
			if c.file, err = p.bytesOf(ctx, pic); err != nil {
				return "", err
			}
			c.name = nameOf(pic)
		}
		var up struct {
			ID word `json:"id"`
		}
		if err := p.do(ctx, c, &up); err != nil {
			return "", harmless(err)
		}
		if !isID(string(up.ID)) {
			return "", harmless(errUnread)
		}
		list = append(list, photo{string(up.ID)})
	}
	raw, err := json.Marshal(list)
	if err != nil {
		return "", fmt.Errorf("write the photos: %w", err)
	}
	return string(raw), nil
}

func (p *Account) bytesOf(ctx context.Context, pic channel.Media) ([]byte, error) {
	in, err := p.tools.Media(ctx, pic.ID)
	if err != nil {
		return nil, harmless(fmt.Errorf("open a photo: %w", err))
	}
	defer in.Close()
	raw, err := io.ReadAll(io.LimitReader(in, photoAtMost+1))
	if err != nil {
		return nil, harmless(fmt.Errorf("read a photo: %w", err))
	}
	if len(raw) == 0 || len(raw) > photoAtMost {
		return nil, wrong(channel.Content, "media_size")
	}
	return raw, nil
}

// nameOf is a file's name with the ending Facebook goes by.
func nameOf(pic channel.Media) string {
	_, kind, _ := strings.Cut(pic.MIME, "/")
	return "loa." + strings.Replace(kind, "jpeg", "jpg", 1)
}

// found is a post that is there, or held until its time.
type found struct {
	id   string
	at   time.Time
	held bool
}

// pagesAtMost bounds how far back posts are looked through, in lists of a hundred.
const pagesAtMost = 5

// findPost looks for the post of a message among those written since shortly before it was made: by its tracked link, or by its text where it
// has none. Whole says that all of them were seen.
func (p *Account) findPost(ctx context.Context, m channel.Message, ref string) (f found, whole bool, err error) {
	lists := []string{"published_posts"}
	if p.s["schedule"] == "yes" && !m.NotBefore.IsZero() {
		lists = append(lists, "scheduled_posts")
	}
	whole = true
	since := madeAt(m)
	for _, list := range lists {
		query := url.Values{"fields": {"id,message,created_time,permalink_url"}, "limit": {"100"}}
		if list == "published_posts" && !since.IsZero() {
			query.Set("since", strconv.FormatInt(since.Add(-5*time.Minute).Unix(), 10))
		}
		all, err := p.walk(ctx, "/"+p.s["page_id"]+"/"+list, query, Page, func(x entry) bool {
			if same(m, x, ref) {
				f = found{id: string(x.ID), at: x.Created.moment(), held: list == "scheduled_posts"}
			}
			return f.id == ""
		})
		if err != nil || f.id != "" {
			return f, false, err
		}
		whole = whole && all
	}
	return f, whole, nil
}

// same says whether a post is the one a message made.
func same(m channel.Message, x entry, ref string) bool {
	switch {
	case x.ID == "":
		return false
	case ref != "":
		return string(x.ID) == ref
	case m.Link != "":
		return holdsLink(string(x.Message), m.Link)
	}
	return m.Text != "" && string(x.Message) == m.Text && !x.Created.moment().Before(madeAt(m).Add(-5*time.Minute))
}

// entry is a post or a comment in a list.
type entry struct {
	ID      word `json:"id"`
	Message word `json:"message"`
	Created word `json:"created_time"`
	From    struct {
		ID word `json:"id"`
	} `json:"from"`
}

// walk looks at a list page by page until there is no more, or what is looked for is found.
func (p *Account) walk(ctx context.Context, path string, query url.Values, network string, more func(entry) bool) (whole bool, err error) {
	for range pagesAtMost {
		var list struct {
			Data   *[]entry `json:"data"`
			Paging struct {
				Next    word `json:"next"`
				Cursors struct {
					After word `json:"after"`
				} `json:"cursors"`
			} `json:"paging"`
		}
		if err := p.do(ctx, call{path: path, query: query, network: network}, &list); err != nil {
			return false, harmless(err)
		}
		if list.Data == nil {
			return false, harmless(errUnread)
		}
		for _, x := range *list.Data {
			if !more(x) {
				return false, nil
			}
		}
		if list.Paging.Next == "" {
			return true, nil
		}
		if list.Paging.Cursors.After == "" { // the address of the next page is not followed: it may lead anywhere
			return false, nil
		}
		query.Set("after", string(list.Paging.Cursors.After))
	}
	return false, nil
}
