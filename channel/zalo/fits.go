package zalo

import (
	"crypto/sha256"
	"encoding/hex"
	"net/url"
	"strings"
	"unicode/utf8"

	"loa/channel"
)

// Zalo's limits, in characters and bytes.
const (
	textAtMost     = 2000
	titleAtMost    = 150
	authorAtMost   = 50
	leadAtMost     = 300
	askTitleAtMost = 100
	askTextAtMost  = 500
	trackAtMost    = 48
	imageAtMost    = 1 << 20
	fileAtMost     = 5 << 20
)

// fits says what of a message can be known to be wrong without asking.
func fits(m channel.Message) error {
	switch m.Network {
	case Follower:
		return fitsFollower(m)
	case Number:
		return fitsNumber(m)
	case Group:
		switch {
		case m.To == "":
			return wrong(channel.Address, "to")
		case m.Text == "":
			return wrong(channel.Content, "text_empty")
		case len(m.Media) > 0:
			return wrong(channel.Content, "media")
		}
		return textFits(m.Text, textAtMost)
	case Article:
		return fitsArticle(m)
	}
	return wrong(channel.Address, "network")
}

func wrong(about channel.About, code string) error {
	return channel.Fail(channel.Rejected, about, code, "")
}

func textFits(text string, most int) error {
	if utf8.RuneCountInString(text) > most {
		return wrong(channel.Content, "text_long")
	}
	return nil
}

func fitsFollower(m channel.Message) error {
	if !digits(m.To) {
		return wrong(channel.Address, "to")
	}
	if m.Template == AskContact {
		if m.Title == "" || utf8.RuneCountInString(m.Title) > askTitleAtMost {
			return wrong(channel.Content, "title")
		}
		if len(m.Media) > 1 || len(m.Media) == 1 && m.Media[0].URL == "" {
			return wrong(channel.Content, "media")
		}
		return textFits(m.Text, askTextAtMost)
	}
	if m.Template == "" && m.Text == "" && len(m.Media) == 0 {
		return wrong(channel.Content, "text_empty")
	}
	if len(m.Media) > 1 {
		return wrong(channel.Content, "media_many")
	}
	if len(m.Media) == 1 {
		picture := strings.HasPrefix(m.Media[0].MIME, "image/")
		switch {
		case m.Media[0].MIME == "image/gif": // Zalo wants its width and height, which nobody here knows
			return wrong(channel.Content, "media")
		case picture && m.Media[0].Bytes > imageAtMost, !picture && m.Media[0].Bytes > fileAtMost:
			return wrong(channel.Content, "media_size")
		case !picture && m.Text != "": // a file goes alone
			return wrong(channel.Content, "file_with_text")
		}
	}
	return textFits(m.Text, textAtMost)
}

func fitsNumber(m channel.Message) error {
	switch {
	case !digits(m.To) || !strings.HasPrefix(m.To, "84") || len(m.To) < 10 || len(m.To) > 12:
		return wrong(channel.Address, "to")
	case m.Template == "":
		return wrong(channel.Content, "template_missing")
	case !tracks(m.ID):
		return wrong(channel.Content, "id")
	}
	return nil
}

// tracks says whether an ID may be a tracking_id.
func tracks(id string) bool {
	for i := 0; i < len(id); i++ {
		if c := id[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return id != "" && len(id) <= trackAtMost
}

func fitsArticle(m channel.Message) error {
	if _, err := targetOf(m.To); err != nil {
		return err
	}
	switch {
	case m.Title == "" || utf8.RuneCountInString(m.Title) > titleAtMost:
		return wrong(channel.Content, "title")
	case utf8.RuneCountInString(m.Author) > authorAtMost:
		return wrong(channel.Content, "author")
	case m.Text == "" && m.HTML == "":
		return wrong(channel.Content, "text_empty")
	case len(m.Media) == 0 || !strings.HasPrefix(m.Media[0].MIME, "image/"):
		return wrong(channel.Content, "cover")
	case m.Media[0].Bytes > imageAtMost:
		return wrong(channel.Content, "media_size")
	}
	for _, pic := range m.Media[1:] {
		if !strings.HasPrefix(pic.MIME, "image/") || pic.URL == "" { // what stands in the body is fetched by Zalo
			return wrong(channel.Content, "media")
		}
	}
	return nil
}

// targets are the ways in which the audience of an article is narrowed; the numbers are Zalo's own.
var targets = []string{"ages", "gender", "locations", "cities", "platform"}

// targetOf reads whom an article is for: all, or cities=20&gender=0.
func targetOf(to string) (map[string][]string, error) {
	if to == "all" {
		return map[string][]string{}, nil
	}
	q, err := url.ParseQuery(to)
	if err != nil || len(q) == 0 {
		return nil, wrong(channel.Address, "to")
	}
	out := map[string][]string{}
	for _, key := range targets {
		if v := q.Get(key); v != "" {
			out[key] = strings.Split(v, ",")
			q.Del(key)
		}
	}
	for _, list := range out {
		for _, v := range list {
			if !digits(v) {
				return nil, wrong(channel.Address, "to")
			}
		}
	}
	if len(q) > 0 {
		return nil, wrong(channel.Address, "to")
	}
	return out, nil
}

// HashPhone is a number as Zalo takes it from those who will not tell it.
func HashPhone(phone string) string {
	sum := sha256.Sum256([]byte(phone))
	return hex.EncodeToString(sum[:])
}
