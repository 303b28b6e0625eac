package fake

import (
	"context"
	"errors"
	"strings"
	"time"

	"loa/vn"
)

// Villager is somebody on the other side: with a telephone, perhaps Zalo, perhaps Messenger, and habits of their own.
type Villager struct {
	ID          string    `json:"id,omitempty"`    // on Zalo, as the OA sees it
	PSID        string    `json:"psid,omitempty"`  // on Messenger, as the Page sees it
	Phone       string    `json:"phone,omitempty"` // 84…
	Mail        string    `json:"mail,omitempty"`
	Name        string    `json:"name,omitempty"`
	Follows     bool      `json:"follows,omitempty"`
	NoZalo      bool      `json:"no_zalo,omitempty"`     // -118
	Inactive    bool      `json:"inactive,omitempty"`    // -227: away for more than 45 days, or banned
	BlocksOA    bool      `json:"blocks_oa,omitempty"`   // -217
	RefusesZNS  string    `json:"refuses_zns,omitempty"` // the code it is refused with: -119, -139, -140, -141
	Unreachable bool      `json:"unreachable,omitempty"` // the telephone is off: SMS fail, ZNS stay queued
	Unread      bool      `json:"unread,omitempty"`      // never opens what comes
	Last        time.Time `json:"last,omitzero"`         // when they last spoke to the OA
	LastPage    time.Time `json:"last_page,omitzero"`    // and to the Page
	Habits      []Habit   `json:"habits,omitempty"`

	tags   []string
	notes  string
	shared map[string]string
}

// Habit is what a villager does when a message comes.
type Habit struct {
	When  string   `json:"when,omitempty"` // words of the message, with or without accents; empty for any
	After Duration `json:"after,omitempty"`
	Do    string   `json:"do"` // say, follow, unfollow, share, withdraw, click; by mail say, unsubscribe, complain
	Text  string   `json:"text,omitempty"`
	Times int      `json:"times,omitempty"` // at most so often; 0 for no end

	done int
}

// errNobody is who is asked to act without being there.
var errNobody = errors.New("no such villager")

// AddVillagers lets people come into the world, or changes those who are there.
func (w *World) AddVillagers(list ...Villager) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, v := range list {
		if old := w.villagers[v.name()]; old != nil {
			v.tags, v.shared = old.tags, old.shared
			*old = v
		} else {
			w.order = append(w.order, &v)
			w.villagers[v.name()] = &v
		}
		for _, key := range []string{v.ID, v.PSID, v.Phone, strings.ToLower(v.Mail)} {
			if key != "" {
				w.villagers[key] = w.villagers[v.name()]
			}
		}
		if v.Phone != "" {
			w.villagers[phoneHash(v.Phone)] = w.villagers[v.name()]
		}
	}
}

func (v *Villager) name() string {
	for _, key := range []string{v.ID, v.PSID, v.Phone, strings.ToLower(v.Mail)} {
		if key != "" {
			return key
		}
	}
	return v.Name
}

// Villagers lists who is there.
func (w *World) Villagers() []Villager {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := []Villager{}
	for _, v := range w.order {
		list = append(list, *v)
	}
	return list
}

// Act lets a villager do something now: on "zalo" say, image, follow, unfollow, share, withdraw, click, seen; on "facebook"
// say, or comment with the post's ID before the first space of text; on "smpp" say; on "mail" say, unsubscribe, complain, bounce, or write with an address and a subject before the first line of words.
func (w *World) Act(provider, who, do, text string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	v := w.villagers[who]
	if v == nil {
		return errNobody
	}
	switch provider {
	case facebookName:
		return w.Facebook.act(v, do, text)
	case smppName:
		return w.SMPP.act(v, do, text)
	case mailName:
		return w.Mail.act(v, do, text)
	}
	return w.Zalo.act(v, do, text)
}

// spoke writes down what somebody on the other side did.
func (w *World) spoke(provider, who, do, text string, at time.Time) {
	w.Ledger.add(Entry{Provider: provider, At: at, Kind: do, To: who, Text: text, Outcome: Said})
}

// heard plans what a villager does about a message that came to them; w.mu must be held.
func (w *World) heard(provider string, v *Villager, text string, at time.Time) {
	for i := range v.Habits {
		h := &v.Habits[i]
		if h.Times > 0 && h.done >= h.Times || h.When != "" && !strings.Contains(vn.Fold(text), vn.Fold(h.When)) {
			continue
		}
		h.done++
		who, do, say := v.name(), h.Do, h.Text
		w.later(task{due: at.Add(time.Duration(h.After)), do: func(context.Context) { _ = w.Act(provider, who, do, say) }})
	}
}
