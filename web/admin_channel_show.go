package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/auth"
	"loa/channel"
	"loa/vn"
)

func numberIn(r *http.Request, n int64) string { return vn.NumberIn(langOf(r), n) }

// waitingShown is up to how many waiting messages a page counts.
const waitingShown = 10_000

// channelShow is one account: how it stands, what to do, its settings.
func (s *Server) channelShow(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	b, err := s.channelPage(r, c, d)
	if err != nil {
		return err
	}
	saved, err := s.Channels.Settings(c)
	if err != nil {
		return err
	}
	return s.channelDraw(w, r, d, b, saved, nil, 0)
}

// channelPage gathers what a page of an account shows beside its settings.
func (s *Server) channelPage(r *http.Request, c loa.Channel, d channel.Driver) (b channelForm, err error) {
	me := whoOf(r)
	lines, err := s.channelLines(r)
	if err != nil {
		return b, err
	}
	b.Channel, b.Hook, b.Redirect = c, s.Channels.Hook(c.ID), s.consentURL(r, c.ID)
	for _, l := range lines {
		if l.ID == c.ID {
			b.Health = l.Health
		}
	}
	if b.Used, err = s.DB.ChannelUsed(r.Context(), me.Whole, c.ID); err != nil {
		return b, err
	}
	if b.Waiting, err = s.DB.ChannelWaiting(r.Context(), me.Whole, c.ID, waitingShown+1); err != nil {
		return b, err
	}
	if b.WaitMore = b.Waiting > waitingShown; b.WaitMore {
		b.Waiting = waitingShown
	}
	b.Can = map[string]bool{}
	b.Can["template"] = slices.ContainsFunc(d.Fields, func(f channel.Field) bool { return f.Key == "template" }) || slices.Contains(d.Networks, "zns")
	if err := s.channelGroups(r, &b, d); err != nil {
		return b, err
	}
	b.Can["title"] = slices.Contains(d.Networks, "mail")
	for _, n := range d.Networks {
		if tryable[n] {
			b.Networks = append(b.Networks, option{n, t(r, "channel.network."+n)})
		}
	}
	_, adapter, err := s.Channels.Open(r.Context(), c.ID)
	if err != nil {
		line, err := failureOf(r, d.Kind, err)
		if err != nil {
			return b, err
		}
		b.Failed = &line
		return b, nil
	}
	s.abilities(r, &b, adapter)
	return b, nil
}

// abilities are what an adapter can beside sending.
func (s *Server) abilities(r *http.Request, b *channelForm, adapter channel.Adapter) {
	_, b.Can["hook"] = adapter.(channel.Receiver)
	_, b.Can["check"] = adapter.(channel.Checker)
	_, b.Can["verify"] = adapter.(channel.Verifier)
	_, b.Can["templates"] = adapter.(channel.Registrar)
	_, b.Can["subscribe"] = adapter.(channel.Subscriber)
	if post, ok := adapter.(channel.Signpost); ok {
		b.Records = post.Records()
	}
	if consenter, ok := adapter.(channel.Consenter); ok {
		state := consenter.Consented()
		b.Consent = &state
		if !state.Until.IsZero() {
			b.Access = wordLine{moment(state.Until), moment(state.Renews)}
		}
	}
}

// consentURL is where a provider sends an officer back to: declared with the provider once.
func (s *Server) consentURL(r *http.Request, id loa.ChannelID) string {
	if base, ok := strings.CutSuffix(s.Channels.Hook(id), "/hook/"+string(id)); ok {
		return base + "/admin/channels/consent"
	}
	scheme := "http"
	if s.Secure {
		scheme = "https"
	}
	return scheme + "://" + r.Host + "/admin/channels/consent"
}

// consentWithin is how long an officer may take on the provider's page.
const consentWithin = 15 * time.Minute

type consentPage struct {
	Crumbs         []crumb
	Tabs           []tabLine
	Name, Link     string
	Redirect, Back string
}

// channelConsent begins a consent: what must come back is remembered, and the officer goes to the provider's page.
func (s *Server) channelConsent(w http.ResponseWriter, r *http.Request) error {
	c, _, err := s.channelOf(r)
	if err != nil {
		return err
	}
	_, adapter, err := s.Channels.Open(r.Context(), c.ID)
	if err != nil {
		return err
	}
	consenter, ok := adapter.(channel.Consenter)
	if !ok {
		return loa.ErrNotFound
	}
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	state, err := auth.Token()
	if err != nil {
		return err
	}
	redirect := s.consentURL(r, c.ID)
	link, secret := consenter.BeginConsent(redirect, state)
	hashed := hashState(state)
	sealed, err := s.Sealer.Seal(consentPlace(c.Office, hashed), secret)
	if err != nil {
		return err
	}
	me, now := whoOf(r), s.Now()
	if err := s.DB.BeginConsent(r.Context(), me.Whole, now, loa.ChannelConsent{State: hashed, Channel: c.ID, Officer: me.Officer.ID, Verifier: sealed, Expires: now.Add(consentWithin)}); err != nil {
		return err
	}
	return s.render(w, r, "admin_channel_consent", page{Title: t(r, "channel.consent_title", c.Name), Active: "admin", Body: consentPage{Tabs: adminTabs(r, "channels"), Crumbs: append(channelCrumbs(r), crumb{c.Name, channelURL(c.ID)}),
		Name: c.Name, Link: link, Redirect: redirect, Back: channelURL(c.ID)}})
}

func hashState(state string) string {
	sum := sha256.Sum256([]byte(state))
	return hex.EncodeToString(sum[:])
}

func consentPlace(office loa.OfficeID, state string) auth.Place {
	return auth.Place{Office: string(office), Column: "channel_consent.verifier", Record: state}
}

// channelConsented is where the provider sends the officer back to. Only the officer who began may come back, once, with the word that was
// given along; where the provider keeps that word to itself, the newest consent this officer began on a link of the provider's counts.
func (s *Server) channelConsented(w http.ResponseWriter, r *http.Request) error {
	me, now := whoOf(r), s.Now()
	back := r.URL.Query()
	state, err := s.consentState(r, back)
	var began loa.ChannelConsent
	if err == nil {
		began, err = s.DB.TakeConsent(r.Context(), me.Whole, state, now)
	}
	if loa.KindOf(err) != "" || err == nil && began.Officer != me.Officer.ID { // unknown, used, too old, or somebody else's
		s.setFlash(w, r, flash{Kind: "error", Text: t(r, "channel.consent_unknown")})
		http.Redirect(w, r, "/admin/channels", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	if s.Sealer == nil {
		return loa.Refuse(loa.Conflict, "", "no_key")
	}
	secret, err := s.Sealer.Open(consentPlace(began.Office, state), began.Verifier)
	if err != nil {
		return err
	}
	d, adapter, err := s.Channels.Open(r.Context(), began.Channel)
	if err != nil {
		return err
	}
	consenter, ok := adapter.(channel.Consenter)
	if !ok {
		return loa.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if err := consenter.Consent(ctx, back, secret); err != nil {
		line, err := failureOf(r, d.Kind, err)
		if err != nil {
			return err
		}
		s.setFlash(w, r, flash{Kind: "error", Text: line.Text})
		http.Redirect(w, r, channelURL(began.Channel), http.StatusSeeOther)
		return nil
	}
	c, err := s.DB.ChangeChannel(r.Context(), me.Whole, s.by(r), began.Channel, "consented", func(*loa.Channel) error { return nil }) // whoever has the account open opens it anew
	if err != nil {
		return err
	}
	return s.done(w, r, channelURL(began.Channel), t(r, "channel.consented", c.Name), "")
}

// consentState is the hashed word a consent comes back with.
func (s *Server) consentState(r *http.Request, back url.Values) (string, error) {
	if state := back.Get("state"); len(state) >= 32 {
		return hashState(state), nil
	}
	me := whoOf(r)
	list, err := s.DB.Channels(r.Context(), me.Whole, s.today())
	if err != nil {
		return "", err
	}
	for _, l := range list {
		set, err := s.Channels.Settings(l.Channel)
		if err != nil || set["consent_link"] == "" {
			continue
		}
		if state, err := s.DB.LastConsent(r.Context(), me.Whole, l.ID, me.Officer.ID); err == nil {
			return state, nil
		}
	}
	return "", loa.ErrNotFound
}

// channelSubscribe asks the provider to call back.
func (s *Server) channelSubscribe(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	_, adapter, err := s.Channels.Open(r.Context(), c.ID)
	if err != nil {
		return err
	}
	subscriber, ok := adapter.(channel.Subscriber)
	if !ok {
		return loa.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	if err := subscriber.Subscribe(ctx); err != nil {
		line, err := failureOf(r, d.Kind, err)
		if err != nil {
			return err
		}
		s.setFlash(w, r, flash{Kind: "error", Text: line.Text})
		http.Redirect(w, r, channelURL(c.ID), http.StatusSeeOther)
		return nil
	}
	return s.done(w, r, channelURL(c.ID), t(r, "channel.subscribed"), "")
}
