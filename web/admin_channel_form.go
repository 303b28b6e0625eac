package web

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/channel"
)

// kindLine is one kind of account that may be added.
type kindLine struct{ Kind, Name, What, Needs, Cost, URL string }

// fieldView is one setting on a form.
type fieldView struct {
	Name, Label, Hint, Value, Default, Error string
	Options                                  []option
	Required, Secret, Saved, Long            bool
	Made, Unsure                             bool
}

type channelForm struct {
	Crumbs    []crumb
	Tabs      []tabLine
	Kinds     []kindLine // to choose from, when none is chosen
	Kind      kindLine
	Channel   loa.Channel
	New       bool
	Basic     []fieldView // without which nothing works
	More      []fieldView // that have a default
	Odd       int         // of these differ from their defaults
	Pers      []option
	Per       string
	Rate      string // the driver's own pace
	Errors    map[string]string
	Failed    *healthLine
	Health    healthView
	Waiting   int
	WaitMore  bool
	Used      bool
	Hook      string
	Redirect  string
	Consent   *channel.Consent
	Access    wordLine
	Can       map[string]bool // what the account's network can do
	Records   []channel.Record
	Networks  []option
	Groups    []groupLine
	Group     loa.Group // as it was typed
	GroupArea string
	Test      testView
	Word      wordLine // made just now, shown once
	Me        loa.Officer
}

func (s *Server) kindLine(r *http.Request, kind string) kindLine {
	return kindLine{Kind: kind, Name: t(r, "channel.kind."+kind), What: t(r, "channel.what."+kind), Needs: t(r, "channel.needs."+kind), Cost: t(r, "channel.cost."+kind), URL: "/admin/channels/new?kind=" + kind}
}

// channelNew asks first for the network, then for what its account needs.
func (s *Server) channelNew(w http.ResponseWriter, r *http.Request) error {
	kind := r.FormValue("kind")
	if kind == "" {
		b := channelForm{Tabs: adminTabs(r, "channels"), Crumbs: channelCrumbs(r), New: true}
		if s.Channels != nil {
			for _, d := range s.Channels.Drivers() {
				b.Kinds = append(b.Kinds, s.kindLine(r, d.Kind))
			}
		}
		return s.render(w, r, "admin_channel_kinds", page{Title: t(r, "channel.new_title"), Active: "admin", Body: b})
	}
	d, ok := s.driverOf(kind)
	if !ok {
		return loa.ErrNotFound
	}
	return s.channelDraw(w, r, d, channelForm{New: true, Channel: loa.Channel{Kind: kind, Name: t(r, "channel.kind."+kind)}}, channel.Settings{}, nil, 0)
}

func channelCrumbs(r *http.Request) []crumb {
	return []crumb{{t(r, "rail.admin"), "/admin"}, {t(r, "admin.channels"), "/admin/channels"}}
}

// channelDraw draws the page of an account, or the form of a new one. saved are the answers that are kept, given those that were typed.
func (s *Server) channelDraw(w http.ResponseWriter, r *http.Request, d channel.Driver, b channelForm, saved, given channel.Settings, status int) error {
	b.Tabs, b.Crumbs, b.Kind, b.Me = adminTabs(r, "channels"), channelCrumbs(r), s.kindLine(r, d.Kind), whoOf(r).Officer
	for _, f := range d.Fields {
		if f.Kept {
			continue
		}
		v := s.fieldView(r, d, f, saved, given, b.Errors)
		if f.Required || f.Secret && !f.Rare || f.Default == "" && !f.Unsure && !f.Rare {
			b.Basic = append(b.Basic, v)
			continue
		}
		b.More = append(b.More, v)
		if v.Value != "" && v.Value != f.Default || v.Error != "" {
			b.Odd++
		}
	}
	b.Pers = options(r, "channel.per.", []string{"second", "minute", "hour"})
	for word, per := range pers {
		if b.Channel.RatePer == per {
			b.Per = word
		}
		if d.Rate.Per == per {
			b.Rate = t(r, "channel.pace_default", numberIn(r, int64(d.Rate.Messages)), t(r, "channel.per."+word))
		}
	}
	if b.Per == "" {
		b.Per = "minute"
	}
	title, name := t(r, "channel.add_title", b.Kind.Name), "admin_channel_form"
	if !b.New {
		title, name = b.Channel.Name, "admin_channel"
	}
	return s.render(w, r, name, page{Title: title, Context: b.Kind.Name, Active: "admin", Status: status, Body: b})
}

func (s *Server) fieldView(r *http.Request, d channel.Driver, f channel.Field, saved, given channel.Settings, errs map[string]string) fieldView {
	v := fieldView{Name: "set_" + f.Key, Label: wordOf(r, "channel.field.", d.Kind, f.Key), Hint: wordOf(r, "channel.hint.", d.Kind, f.Key), Default: f.Default, Required: f.Required, Secret: f.Secret, Long: f.Long, Made: f.Made, Unsure: f.Unsure,
		Saved: f.Secret && saved[f.Key] != "", Error: errs["set_"+f.Key]}
	if !f.Secret {
		v.Value = saved[f.Key]
		if given != nil {
			v.Value = given[f.Key]
		}
	}
	if len(f.Options) > 0 {
		if v.Value == "" {
			v.Value = f.Default
		}
		for _, o := range f.Options {
			label := t(r, "channel.option."+f.Key+"."+o)
			if label == "channel.option."+f.Key+"."+o {
				label = t(r, "channel.option."+o)
			}
			if o == f.Default {
				label = t(r, "channel.is_default", label)
			}
			v.Options = append(v.Options, option{o, label})
		}
	}
	return v
}

// pers are the times a pace may be given in.
var pers = map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour}

// readSettings reads the answers of a form over those that are kept: a secret left empty stays, what equals its default is not kept, so
// that a better default holds for all.
func readSettings(f *form, d channel.Driver, saved channel.Settings) channel.Settings {
	out := channel.Settings{}
	for _, field := range d.Fields {
		v, old := f.r.FormValue("set_"+field.Key), saved[field.Key]
		if !field.Long {
			v = strings.TrimSpace(v)
		}
		switch {
		case field.Kept:
			v = old
		case field.Secret && v == "" && !f.on("clear_"+field.Key):
			v = old
		case v == field.Default && !field.Required:
			v = ""
		case len(field.Options) > 0 && v != "" && !slices.Contains(field.Options, v):
			f.bad("set_"+field.Key, "error.not_in_list")
		}
		if len(v) > 20_000 {
			f.bad("set_"+field.Key, "error.too_long", 20_000)
		}
		if field.Required && strings.TrimSpace(v) == "" && field.Default == "" {
			f.bad("set_"+field.Key, "error.required")
		}
		if v != "" {
			out[field.Key] = v
		}
	}
	return out
}

// readChannel reads what is not the network's: the name, the pace and the day's limit.
func readChannel(f *form, c loa.Channel) loa.Channel {
	c.Name, c.Rate, c.DayQuota, c.RatePer = f.text("name"), int(f.number("rate")), int(f.number("day_quota")), 0
	if c.Rate != 0 {
		per, ok := pers[f.text("per")]
		if !ok {
			f.bad("rate", "error.not_in_list")
		}
		c.RatePer = per
	}
	return c
}

// tried opens the answers without asking the network, and puts what is wrong beside its field.
func (s *Server) tried(f *form, c loa.Channel, d channel.Driver, set channel.Settings) error {
	_, err := s.Channels.Try(f.r.Context(), c, set)
	var e *channel.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	key, isSetting := strings.CutPrefix(e.Code, "setting.")
	if isSetting && slices.ContainsFunc(d.Fields, func(x channel.Field) bool { return x.Key == key }) {
		f.bad("set_"+key, "channel.bad_setting", wordOf(f.r, "channel.hint.", d.Kind, key))
		return nil
	}
	f.Errors[""] = failureText(f.r, d.Kind, string(e.Kind), e.Code)
	return nil
}

// channelCreate keeps a new account, switched off until somebody has tried it.
func (s *Server) channelCreate(w http.ResponseWriter, r *http.Request) error {
	f := readForm(r)
	d, ok := s.driverOf(f.text("kind"))
	if !ok {
		return loa.ErrNotFound
	}
	me := whoOf(r)
	c := readChannel(f, loa.Channel{ID: loa.ChannelID(loa.NewID()), Office: me.Office.ID, Area: me.Office.Anchor, Kind: d.Kind, State: loa.ChannelOff})
	set := readSettings(f, d, nil)
	if f.ok() {
		if err := s.tried(f, c, d, set); err != nil {
			return err
		}
	}
	if f.ok() {
		sealed, err := s.Channels.Seal(c.Office, c.ID, set)
		if err != nil {
			return err
		}
		c.Settings = sealed
		if d.Term != nil {
			c.Term = d.Term(set)
		}
		if err := f.take(s.DB.AddChannel(r.Context(), me.Whole, s.by(r), c)); err != nil {
			return err
		}
	}
	if !f.ok() {
		return s.channelDraw(w, r, d, channelForm{New: true, Channel: c, Errors: f.Errors}, channel.Settings{}, set, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, channelURL(c.ID), t(r, "channel.added", c.Name), "")
}

// channelSave keeps changed answers. What rotates is the program's and stays.
func (s *Server) channelSave(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	saved, err := s.Channels.Settings(c)
	if err != nil {
		return err
	}
	f := readForm(r)
	next, set := readChannel(f, c), readSettings(f, d, saved)
	if f.ok() {
		if err := s.tried(f, next, d, set); err != nil {
			return err
		}
	}
	if f.ok() {
		if err := f.take(s.keepChannel(r, c, next, saved, set, "changed")); err != nil {
			return err
		}
	}
	if !f.ok() {
		b, err := s.channelPage(r, next, d)
		if err != nil {
			return err
		}
		b.Errors = f.Errors
		return s.channelDraw(w, r, d, b, saved, set, http.StatusUnprocessableEntity)
	}
	return s.done(w, r, channelURL(c.ID), t(r, "channel.saved", next.Name), "")
}

// keepChannel writes an account over the one that was read; whoever changed its settings meanwhile is not undone.
func (s *Server) keepChannel(r *http.Request, was, next loa.Channel, saved, set channel.Settings, act string) error {
	sealed := was.Settings
	if !maps.Equal(saved, set) {
		var err error
		if sealed, err = s.Channels.Seal(was.Office, was.ID, set); err != nil {
			return err
		}
	}
	term := was.Term
	if d, ok := s.driverOf(was.Kind); ok && d.Term != nil {
		term = d.Term(set)
	}
	_, err := s.DB.ChangeChannel(r.Context(), whoOf(r).Whole, s.by(r), was.ID, act, func(c *loa.Channel) error {
		if string(c.Settings) != string(was.Settings) {
			return loa.Refuse(loa.Conflict, "", "channel_renewing")
		}
		c.Name, c.Rate, c.RatePer, c.DayQuota, c.Settings, c.Term = next.Name, next.Rate, next.RatePer, next.DayQuota, sealed, term
		return nil
	})
	return err
}

// channelWord makes up a word that the office tells its provider, keeps it and shows it this once.
func (s *Server) channelWord(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	key := r.PathValue("field")
	if !slices.ContainsFunc(d.Fields, func(x channel.Field) bool { return x.Key == key && x.Made }) {
		return loa.ErrNotFound
	}
	saved, err := s.Channels.Settings(c)
	if err != nil {
		return err
	}
	raw := make([]byte, 24)
	rand.Read(raw) // never fails
	set := maps.Clone(saved)
	set[key] = base64.RawURLEncoding.EncodeToString(raw)
	if err := s.keepChannel(r, c, c, saved, set, "changed"); err != nil {
		return err
	}
	if c, err = s.DB.Channel(r.Context(), whoOf(r).Whole, c.ID); err != nil {
		return err
	}
	b, err := s.channelPage(r, c, d)
	if err != nil {
		return err
	}
	b.Word = wordLine{wordOf(r, "channel.field.", d.Kind, key), set[key]}
	return s.channelDraw(w, r, d, b, set, nil, 0)
}
