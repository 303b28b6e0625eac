package fake

import (
	"slices"
	"strings"

	"loa/vn"
)

// Chat is everything between the office and one person, over whatever provider it went.
type Chat struct {
	Who      string   `json:"who"`
	Villager Villager `json:"villager"` // only its address where nobody was told who it is
	Known    bool     `json:"known"`
	Last     Entry    `json:"last"`
	Count    int      `json:"count"` // of messages either way
	Owed     bool     `json:"owed"`  // the last word is theirs
}

// personal are the kinds of messages that are for one person.
var personal = []string{"text", "template", "zns", "sms", "sms_part", "sms_ads", "message", "letter"}

// between says whether an entry is a word between the office and one person.
func between(e *Entry) bool {
	switch e.Outcome {
	case Said:
		return true
	case Taken:
		return slices.Contains(personal, e.Kind)
	case Refused:
		return e.To != "" && e.Method != "GET" && e.Kind != "bind"
	}
	return false
}

// Entries calls do with every entry of the ledger in its order; do may not use the ledger.
func (l *Ledger) Entries(do func(*Entry)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := range l.entries {
		do(&l.entries[i])
	}
}

// Len counts the entries.
func (l *Ledger) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.entries)
}

// who says whose an address is; w.mu must be held.
func (w *World) who(to string) string {
	if phone, ok := mobileOf(to); ok {
		to = phone
	}
	if v := w.villagers[to]; v != nil {
		return v.name()
	}
	if v := w.villagers[strings.ToLower(to)]; v != nil {
		return v.name()
	}
	return to
}

// Chats lists who had or wrote messages, the newest first, and then everybody else who is there; find is a part of a name or an address, most
// is how many at most. It also tells how many there are in all.
func (w *World) Chats(find string, most int) (list []Chat, all int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	chats := map[string]*Chat{}
	w.Ledger.Entries(func(e *Entry) {
		if !between(e) {
			return
		}
		who := w.who(e.To)
		c := chats[who]
		if c == nil {
			c = &Chat{Who: who}
			chats[who] = c
		}
		c.Last, c.Owed = *e, e.Outcome == Said
		c.Count++
	})
	for _, v := range w.order {
		if chats[v.name()] == nil {
			chats[v.name()] = &Chat{Who: v.name()}
		}
	}
	find = vn.Fold(find)
	for _, c := range chats {
		w.name(c)
		if find == "" || strings.Contains(vn.Fold(strings.Join([]string{c.Villager.Name, c.Who, c.Villager.Phone, c.Villager.Mail}, " ")), find) {
			list = append(list, *c)
		}
	}
	slices.SortFunc(list, func(a, b Chat) int {
		if a.Last.Seq != b.Last.Seq {
			return int(b.Last.Seq - a.Last.Seq)
		}
		return strings.Compare(vn.SortKey(a.Villager.Name), vn.SortKey(b.Villager.Name))
	})
	all = len(list)
	return list[:min(most, all)], all
}

// name fills in who somebody is, as far as anybody knows.
func (w *World) name(c *Chat) {
	if v := w.villagers[c.Who]; v != nil {
		c.Villager, c.Known = *v, true
		return
	}
	c.Villager = guess(c.Who)
}

// guess is somebody nobody was told about, by the look of their address.
func guess(to string) Villager {
	phone, isPhone := mobileOf(to)
	switch {
	case isPhone:
		return Villager{Phone: phone}
	case strings.Contains(to, "@"):
		return Villager{Mail: to}
	}
	return Villager{Name: to}
}

// Chat is what was said with one person, in its order.
func (w *World) Chat(who string) (Chat, []Entry) {
	w.mu.Lock()
	defer w.mu.Unlock()
	c, lines := Chat{Who: w.who(who)}, []Entry{}
	w.Ledger.Entries(func(e *Entry) {
		if between(e) && w.who(e.To) == c.Who {
			lines = append(lines, *e)
			c.Last, c.Owed = *e, e.Outcome == Said
			c.Count++
		}
	})
	w.name(&c)
	return c, lines
}

// Meet makes somebody known whom a message went to, so that they can answer.
func (w *World) Meet(who string) {
	w.mu.Lock()
	v := guess(who)
	known := w.villagers[w.who(who)] != nil
	w.mu.Unlock()
	if !known && (v.Phone != "" || v.Mail != "") {
		w.AddVillagers(v)
	}
}

// Post is what everybody can see: a post of the Page, an article of the OA, a message to a group.
type Post struct {
	Provider string
	ID       string
	Text     string
	Views    int
	Comments []Comment
	Entry    Entry
}

// Comment is a word under a post.
type Comment struct {
	Name string
	Text string
	Page bool // the Page's own
}

// Posts lists what everybody can see, the newest first.
func (w *World) Posts() []Post {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := []Post{}
	w.Ledger.Entries(func(e *Entry) {
		if e.Outcome != Taken || !slices.Contains([]string{"post", "photo", "article", "broadcast", "group", "group_mention"}, e.Kind) {
			return
		}
		p := Post{Provider: e.Provider, ID: e.ID, Text: e.Text, Entry: *e}
		for _, a := range w.Zalo.articles {
			if e.Kind == "article" && a.id == e.ID {
				p.Views = a.views
			}
		}
		for _, c := range w.Facebook.comments {
			if c.post == e.ID {
				p.Comments = append(p.Comments, Comment{Name: c.name, Text: c.message, Page: c.from == w.Facebook.PageID})
			}
		}
		list = append(list, p)
	})
	slices.Reverse(list)
	return list
}
