package web

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"loa"
	"loa/channel"
	"loa/sending"
	"loa/store"
)

func (s *Server) adminChannelRoutes() []route {
	return []route{
		{"GET /admin/channels", loa.Administer, s.channelList},
		{"GET /admin/channels/new", loa.Administer, s.channelNew},
		{"POST /admin/channels", loa.Administer, s.channelCreate},
		{"GET /admin/channels/consent", loa.Administer, s.channelConsented},
		{"GET /admin/channels/{id}", loa.Administer, s.channelShow},
		{"POST /admin/channels/{id}", loa.Administer, s.channelSave},
		{"POST /admin/channels/{id}/check", loa.Administer, s.channelCheck},
		{"POST /admin/channels/{id}/on", loa.Administer, s.channelOn},
		{"POST /admin/channels/{id}/off", loa.Administer, s.channelOff},
		{"POST /admin/channels/{id}/remove", loa.Administer, s.channelRemove},
		{"POST /admin/channels/{id}/consent", loa.Administer, s.channelConsent},
		{"POST /admin/channels/{id}/subscribe", loa.Administer, s.channelSubscribe},
		{"POST /admin/channels/{id}/word/{field}", loa.Administer, s.channelWord},
		{"POST /admin/channels/{id}/test", loa.Administer, s.channelTest},
		{"POST /admin/channels/{id}/group", loa.Administer, s.channelGroup},
		{"GET /admin/channels/{id}/templates", loa.Administer, s.channelTemplates},
		{"GET /admin/sending", loa.Administer, s.sendingShow},
		{"POST /admin/sending", loa.Administer, s.sendingSave},
	}
}

func channelURL(id loa.ChannelID) string { return "/admin/channels/" + string(id) }

// channelLine is one account of a list.
type channelLine struct {
	store.ChannelLine
	URL, Kind string
	Health    healthView
}

type channelListPage struct {
	Tabs  []tabLine
	Lines []channelLine
}

// channelList is every account with how it stands and what somebody should do about it.
func (s *Server) channelList(w http.ResponseWriter, r *http.Request) error {
	lines, err := s.channelLines(r)
	if err != nil {
		return err
	}
	return s.render(w, r, "admin_channels", page{Title: t(r, "channel.list_title"), Context: t(r, "channel.list_context", len(lines)), Active: "admin", Body: channelListPage{Tabs: adminTabs(r, "channels"), Lines: lines}})
}

func (s *Server) channelLines(r *http.Request) ([]channelLine, error) {
	me := whoOf(r)
	list, err := s.DB.Channels(r.Context(), me.Whole, s.today())
	if err != nil {
		return nil, err
	}
	set, err := s.DB.SendingSettings(r.Context(), me.Office.ID)
	if err != nil {
		return nil, err
	}
	out := make([]channelLine, len(list))
	for i, l := range list {
		out[i] = channelLine{ChannelLine: l, URL: channelURL(l.ID), Kind: t(r, "channel.kind."+l.Kind), Health: s.healthOf(r, l, set.LowBalance)}
	}
	return out, nil
}

// todayChannels are the accounts that stand still, warn of something or run out of money.
func (s *Server) todayChannels(r *http.Request, body *todayPage) error {
	if !whoOf(r).may(loa.Administer) {
		return nil
	}
	lines, err := s.channelLines(r)
	if err != nil {
		return err
	}
	for _, l := range lines {
		if l.State != loa.ChannelOff && len(l.Health.Needs) > 0 {
			body.Channels = append(body.Channels, l)
		}
	}
	return nil
}

// healthView is how an account stands in plain words: the most pressing first.
type healthView struct {
	Tag, Kind string // of the tag
	Needs     []healthLine
	Facts     []wordLine
}

// healthLine is one thing that is wrong and what to do about it.
type healthLine struct{ Text, Code, Said string }

// wordLine is one figure with its name.
type wordLine struct{ Label, Value string }

// healthOf puts how an account stands into words.
func (s *Server) healthOf(r *http.Request, l store.ChannelLine, low int64) (v healthView) {
	h := l.Health
	v.Tag, v.Kind = t(r, "channel.state.good"), "paid"
	switch {
	case l.State == loa.ChannelHalted:
		v.Tag, v.Kind = t(r, "channel.state.halted"), "lost"
		v.Needs = append(v.Needs, healthLine{Text: failureText(r, l.Channel.Kind, string(channel.Misconfigured), l.Why), Code: l.Why})
	case l.State == loa.ChannelOff:
		v.Tag, v.Kind = t(r, "channel.state.off"), "grey"
	case h.At.IsZero():
		v.Tag, v.Kind = t(r, "channel.state.unasked"), "line"
	}
	if h.Failure != "" && !(l.State == loa.ChannelHalted && h.Code == l.Why) {
		need := healthLine{Text: failureText(r, l.Channel.Kind, h.Failure, h.Code), Code: h.Code, Said: h.Said}
		if whoOf(r).Office.Synthetic && s.Simulated == "" && h.Failure == string(channel.Unreachable) { // the demo's own providers end with the demo
			need = healthLine{Text: t(r, "channel.failed.demo_ended"), Said: h.Said}
		}
		v.Needs = append(v.Needs, need)
	}
	if h.Warning != "" {
		v.Needs = append(v.Needs, healthLine{Text: t(r, "channel.warning."+h.Warning)})
	}
	if h.Poor(low) {
		v.Needs = append(v.Needs, healthLine{Text: t(r, "channel.poor", moneyIn(langOf(r), *h.Balance), moneyIn(langOf(r), low))})
	}
	if len(v.Needs) > 0 && l.State == loa.ChannelOn {
		v.Tag, v.Kind = t(r, "channel.state.asks"), "late"
	}
	v.Facts = factsOf(r, l)
	return v
}

// factsOf are the figures of an account, as far as its provider tells them.
func factsOf(r *http.Request, l store.ChannelLine) (out []wordLine) {
	h, none := l.Health, t(r, "channel.not_told")
	add := func(key, value string) { out = append(out, wordLine{t(r, "channel.fact."+key), value}) }
	if h.Name != "" {
		add("name", h.Name)
	}
	used := numberIn(r, l.Used)
	switch {
	case l.DayQuota > 0:
		used = t(r, "channel.of", used, numberIn(r, int64(l.DayQuota)))
	case h.Quota != nil && *h.Quota > 0:
		used = t(r, "channel.of", used, numberIn(r, *h.Quota))
	}
	add("used", used)
	if h.Remain != nil {
		add("remain", numberIn(r, *h.Remain))
	}
	if h.Balance != nil {
		add("balance", moneyIn(langOf(r), *h.Balance))
	}
	if h.Quality != "" {
		add("quality", h.Quality)
	}
	if !h.Until.IsZero() {
		add("until", loa.DayOf(h.Until).Vietnamese())
	}
	heard := none
	if !l.Heard.IsZero() {
		heard = moment(l.Heard)
	}
	add("heard", heard)
	asked := t(r, "channel.never")
	if !h.At.IsZero() {
		asked = moment(h.At)
	}
	add("asked", asked)
	return out
}

// failureText is the sentence behind a failure of a network: that of its code, or else of its kind.
func failureText(r *http.Request, kind, failure, code string) string {
	if key, ok := strings.CutPrefix(code, "setting."); ok {
		return t(r, "channel.failed.setting", wordOf(r, "channel.field.", kind, key))
	}
	if code != "" {
		for _, key := range []string{"channel.error." + kind + "." + code, "channel.error." + code} {
			if said := t(r, key); said != key {
				return said
			}
		}
	}
	if said := t(r, "channel.failed."+failure); said != "channel.failed."+failure {
		return said
	}
	return t(r, "channel.failed."+string(channel.Unreachable))
}

// wordOf is what a network calls something of its own, or what all call it.
func wordOf(r *http.Request, prefix, kind, key string) string {
	if own := prefix + kind + "." + key; t(r, own) != own {
		return t(r, own)
	}
	return t(r, prefix+key)
}

// failureOf is a failure to reach a network as a sentence with its code; other errors are handed back.
func failureOf(r *http.Request, kind string, err error) (healthLine, error) {
	var e *channel.Error
	if !errors.As(err, &e) {
		return healthLine{}, err
	}
	return healthLine{Text: failureText(r, kind, string(e.Kind), e.Code), Code: e.Code, Said: e.Text}, nil
}

// channelOf is the account a page is about, with its driver.
func (s *Server) channelOf(r *http.Request) (loa.Channel, channel.Driver, error) {
	c, err := s.DB.Channel(r.Context(), whoOf(r).Whole, loa.ChannelID(r.PathValue("id")))
	if err != nil {
		return c, channel.Driver{}, err
	}
	d, ok := s.driverOf(c.Kind)
	if !ok {
		return c, d, loa.Refuse(loa.NotFound, "kind", "no_driver", c.Kind)
	}
	return c, d, nil
}

// patience is how long a page waits for a provider.
const patience = 20 * time.Second

// channelCheck asks a provider now how the account stands.
func (s *Server) channelCheck(w http.ResponseWriter, r *http.Request) error {
	c, _, err := s.channelOf(r)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	_, adapter, err := s.Channels.OpenHeld(ctx, c.ID)
	var health channel.Health
	if err == nil && adapter == nil {
		return s.done(w, r, channelURL(c.ID), t(r, "channel.asked_elsewhere"), "")
	}
	if err == nil {
		checker, can := adapter.(channel.Checker)
		if !can {
			return s.done(w, r, channelURL(c.ID), t(r, "channel.cannot_ask"), "")
		}
		health, err = checker.Check(ctx)
	}
	if err != nil && loa.KindOf(err) != "" {
		return err
	}
	h := sending.HealthOf(c.ID, health, err, s.Now())
	if err := s.DB.SaveHealth(r.Context(), c.Office, h); err != nil {
		return err
	}
	key := "channel.asked_good"
	if h.Failure != "" {
		key = "channel.asked_bad"
	}
	return s.done(w, r, channelURL(c.ID), t(r, key), "")
}

// channelOn lets an account send, again or for the first time.
func (s *Server) channelOn(w http.ResponseWriter, r *http.Request) error {
	return s.channelTurn(w, r, loa.ChannelOn, "continued")
}

// channelOff lets nothing more out through an account; what waits stays.
func (s *Server) channelOff(w http.ResponseWriter, r *http.Request) error {
	return s.channelTurn(w, r, loa.ChannelOff, "paused")
}

func (s *Server) channelTurn(w http.ResponseWriter, r *http.Request, to loa.ChannelState, act string) error {
	c, err := s.DB.ChangeChannel(r.Context(), whoOf(r).Whole, s.by(r), loa.ChannelID(r.PathValue("id")), act, func(c *loa.Channel) error { return c.Turn(to) })
	if err != nil {
		return err
	}
	if s.Channels != nil {
		s.Channels.Wake()
	}
	undo := channelURL(c.ID) + "/on"
	if to == loa.ChannelOn {
		undo = channelURL(c.ID) + "/off"
	}
	return s.done(w, r, channelURL(c.ID), t(r, "channel.turned_"+string(to), c.Name), undo)
}

// channelRemove takes away an account that was never used.
func (s *Server) channelRemove(w http.ResponseWriter, r *http.Request) error {
	c, err := s.DB.Channel(r.Context(), whoOf(r).Whole, loa.ChannelID(r.PathValue("id")))
	if err != nil {
		return err
	}
	if err := s.DB.RemoveChannel(r.Context(), whoOf(r).Whole, s.by(r), c.ID); err != nil {
		return err
	}
	return s.done(w, r, "/admin/channels", t(r, "channel.removed", c.Name), "")
}
