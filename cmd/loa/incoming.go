package main

import (
	"context"
	"fmt"
	"time"

	"loa"
	"loa/channel"
	"loa/i18n"
	"loa/sending"
	"loa/store"
	"loa/vn"
)

// incoming takes in what people say and do over the accounts of an office.
type incoming struct {
	db    *store.DB
	now   func() time.Time
	names func(loa.Channel) []string // what an account is called, which people put behind a refusal
}

// kinds are what becomes of the events that are somebody's own.
var kinds = map[channel.EventKind]loa.TurnKind{
	channel.EventReply: loa.TurnIn, channel.EventComment: loa.TurnIn, channel.EventFollow: loa.TurnFollow, channel.EventUnfollow: loa.TurnUnfollow, channel.EventOptOut: loa.TurnRefusal,
	channel.EventErase: loa.TurnErased, channel.EventContact: loa.TurnContact, channel.EventClick: loa.TurnClick, channel.EventRating: loa.TurnRating, channel.EventRemoved: loa.TurnIn,
}

// take lets one event of an account become a turn of its conversation, with all that follows from it. It may be called again for the same
// event, by whoever was killed before it was done: everything is keyed by the event.
func (in *incoming) take(ctx context.Context, account loa.Channel, e channel.Event) error {
	kind, ours := kinds[e.Kind]
	if !ours {
		return nil
	}
	got := loa.Incoming{Office: account.Office, Area: account.Area, Channel: account.ID, Key: e.Key, Kind: kind, Network: e.Network, Address: addressOf(e), Thread: e.Thread, Ref: e.Ref, Name: e.Name,
		Text: e.Text, At: e.At, Gone: e.Kind == channel.EventRemoved}
	if got.At.IsZero() || got.At.After(in.now()) {
		got.At = in.now()
	}
	if got.Phone = e.Phone; got.Phone != "" {
		if phone, ok := vn.Phone(e.Phone); ok {
			got.Phone = phone
		}
	}
	for _, m := range e.Media {
		got.Media = append(got.Media, loa.TurnMedia{Name: m.Name, MIME: m.MIME, URL: m.URL})
	}
	if err := in.whose(ctx, account, e, &got); err != nil {
		return err
	}
	if got.Address == "" && !got.Gone {
		return nil // about nobody
	}
	in.refusal(account, e, &got)
	if _, err := in.db.Receive(ctx, in.now(), got); err != nil {
		return fmt.Errorf("take in %s: %w", e.Key, err)
	}
	return nil
}

// addressOf is the address a conversation is kept by: the group for what is said in a group, the comment itself where its writer is not named.
func addressOf(e channel.Event) string {
	switch {
	case loa.ViaOf(e.Network) == loa.ViaGroup && e.Thread != "":
		return e.Thread
	case e.From == "" && e.Kind == channel.EventComment:
		return e.Ref
	}
	return e.From
}

// whose fills in the address of a refusal that names only the message it is about.
func (in *incoming) whose(ctx context.Context, account loa.Channel, e channel.Event, got *loa.Incoming) error {
	if got.Address != "" || e.Kind != channel.EventOptOut && e.Kind != channel.EventClick {
		return nil
	}
	h, err := sending.Heard(account.ID, e)
	if err != nil {
		return err
	}
	network, to, err := in.db.AddressOfDelivery(ctx, account.ID, h.Delivery, e.Ref)
	if loa.KindOf(err) == loa.NotFound {
		return nil
	}
	if got.Address = to; network != "" {
		got.Network = network
	}
	return err
}

// refusal sees whether somebody refuses, by the words of the list or by the provider's own button. One voice in a group or under a post
// speaks for nobody else. Whoever wrote is told once that it holds, and how to refuse more; a button has told them itself.
func (in *incoming) refusal(account loa.Channel, e channel.Event, got *loa.Incoming) {
	via := loa.ViaOf(e.Network)
	if e.Kind == channel.EventOptOut {
		if got.Refuses = "one_click"; e.Code != "" {
			got.Refuses = "complaint"
		}
		return
	}
	if e.Kind != channel.EventReply && e.Kind != channel.EventClick || via == loa.ViaGroup {
		return
	}
	var names []string
	if in.names != nil {
		names = in.names(account)
	}
	said := sending.OptOut(e.Text, names...)
	if !said.Refuses {
		return
	}
	got.Kind, got.Refuses, got.Everywhere = loa.TurnRefusal, "words", said.Everywhere
	if said.Everywhere {
		got.Confirm = i18n.Text("vi", "incoming.refused_all")
	} else {
		got.Confirm = i18n.Text("vi", "incoming.refused", i18n.Text("vi", "incoming.way."+via))
	}
	if via == loa.ViaMail {
		got.ConfirmTitle = i18n.Text("vi", "incoming.refused_title")
	}
	if via == loa.ViaSMS {
		got.Confirm = vn.Unaccent(got.Confirm)
	}
}

// called are the names people know an account by: the sender their telephones show.
func (a *accounts) called(c loa.Channel) []string {
	s, err := a.Settings(c)
	if err != nil || s["sender"] == "" {
		return nil
	}
	return []string{s["sender"]}
}
