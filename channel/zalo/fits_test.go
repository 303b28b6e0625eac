package zalo

import (
	"strings"
	"testing"

	"loa/channel"
)

// TestFits goes to the edge of each limit and one step beyond.
func TestFits(t *testing.T) {
	picture := channel.Media{ID: "p", MIME: "image/jpeg", URL: "https://loa.example/p.jpg"}
	follower := channel.Message{Network: Follower, To: "25", Text: "x"}
	number := channel.Message{ID: "0193c4d2a8007abc8def0123456789ab", Network: Number, To: "84987654321", Template: "1"}
	article := channel.Message{Network: Article, To: "all", Title: "x", Text: "x", Media: []channel.Media{picture}}
	ask := channel.Message{Network: Follower, To: "25", Template: AskContact, Title: "x"}
	with := func(m channel.Message, change func(*channel.Message)) channel.Message {
		m.Media = append([]channel.Media(nil), m.Media...)
		change(&m)
		return m
	}
	for name, c := range map[string]struct {
		m    channel.Message
		want string
	}{
		"2000 letters":            {with(follower, func(m *channel.Message) { m.Text = strings.Repeat("ả", 2000) }), ""},
		"2001 letters":            {with(follower, func(m *channel.Message) { m.Text = strings.Repeat("ả", 2001) }), "text_long"},
		"nothing to say":          {with(follower, func(m *channel.Message) { m.Text = "" }), "text_empty"},
		"two pictures":            {with(follower, func(m *channel.Message) { m.Media = []channel.Media{picture, picture} }), "media_many"},
		"a picture of a megabyte": {with(follower, func(m *channel.Message) { m.Media = []channel.Media{{MIME: "image/png", Bytes: 1 << 20}} }), ""},
		"a moving picture":        {with(follower, func(m *channel.Message) { m.Media = []channel.Media{{MIME: "image/gif"}} }), "media"},
		"a file of five megabytes": {with(follower, func(m *channel.Message) {
			m.Text, m.Media = "", []channel.Media{{MIME: "application/pdf", Bytes: 5 << 20}}
		}), ""},
		"a larger file": {with(follower, func(m *channel.Message) {
			m.Text, m.Media = "", []channel.Media{{MIME: "application/pdf", Bytes: 5<<20 + 1}}
		}), "media_size"},
		"a question of 100":          {with(ask, func(m *channel.Message) { m.Title = strings.Repeat("ả", 100) }), ""},
		"a question of 101":          {with(ask, func(m *channel.Message) { m.Title = strings.Repeat("ả", 101) }), "title"},
		"a question without a title": {with(ask, func(m *channel.Message) { m.Title = "" }), "title"},
		"500 below it":               {with(ask, func(m *channel.Message) { m.Text = strings.Repeat("ả", 500) }), ""},
		"501 below it":               {with(ask, func(m *channel.Message) { m.Text = strings.Repeat("ả", 501) }), "text_long"},
		"a picture nobody can fetch": {with(ask, func(m *channel.Message) { m.Media = []channel.Media{{MIME: "image/png"}} }), "media"},
		"a short number":             {with(number, func(m *channel.Message) { m.To = "841900" }), "to"},
		"a long number":              {with(number, func(m *channel.Message) { m.To = "8498765432100" }), "to"},
		"a foreign number":           {with(number, func(m *channel.Message) { m.To = "66987654321" }), "to"},
		"a number with a plus":       {with(number, func(m *channel.Message) { m.To = "+84987654321" }), "to"},
		"an ID of 49":                {with(number, func(m *channel.Message) { m.ID = strings.Repeat("a", 49) }), "id"},
		"an ID of 48":                {with(number, func(m *channel.Message) { m.ID = strings.Repeat("a", 48) }), ""},
		"no ID":                      {with(number, func(m *channel.Message) { m.ID = "" }), "id"},
		"a group without a name":     {channel.Message{Network: Group, Text: "x"}, "to"},
		"nothing to a group":         {channel.Message{Network: Group, To: "g"}, "text_empty"},
		"too much to a group":        {channel.Message{Network: Group, To: "g", Text: strings.Repeat("x", 2001)}, "text_long"},
		"a title of 150":             {with(article, func(m *channel.Message) { m.Title = strings.Repeat("ả", 150) }), ""},
		"a title of 151":             {with(article, func(m *channel.Message) { m.Title = strings.Repeat("ả", 151) }), "title"},
		"no title":                   {with(article, func(m *channel.Message) { m.Title = "" }), "title"},
		"an author of 50":            {with(article, func(m *channel.Message) { m.Author = strings.Repeat("ả", 50) }), ""},
		"an author of 51":            {with(article, func(m *channel.Message) { m.Author = strings.Repeat("ả", 51) }), "author"},
		"an empty article":           {with(article, func(m *channel.Message) { m.Text = "" }), "text_empty"},
		"an article of HTML":         {with(article, func(m *channel.Message) { m.Text, m.HTML = "", "<p>x</p>" }), ""},
		"a film for a cover":         {with(article, func(m *channel.Message) { m.Media[0].MIME = "video/mp4" }), "cover"},
		"a large cover":              {with(article, func(m *channel.Message) { m.Media[0].Bytes = 1<<20 + 1 }), "media_size"},
		"a second picture":           {with(article, func(m *channel.Message) { m.Media = append(m.Media, picture) }), ""},
		"one that lies nowhere":      {with(article, func(m *channel.Message) { m.Media = append(m.Media, channel.Media{MIME: "image/png"}) }), "media"},
	} {
		_, e := channel.OutcomeOf(channel.Receipt{}, fits(c.m), false)
		if e == nil && c.want != "" || e != nil && e.Code != c.want {
			t.Errorf("%s: %v, want %q", name, e, c.want)
		}
	}
}

// TestPerson tells numbers, users and hashes apart.
func TestPerson(t *testing.T) {
	for sender, want := range map[string][2]string{"84987654321": {Number, "84987654321"}, "2512523625412515": {Follower, "2512523625412515"}, "116ce31ae9170769": {Number, ""}, "": {Follower, "77"}} {
		if network, from := (hook{User: "77"}).person(sender); network != want[0] || from != want[1] {
			t.Errorf("%q is %s %q", sender, network, from)
		}
	}
}
