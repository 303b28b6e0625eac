package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"loa"
	"loa/channel"
	"loa/composing"
)

// templateWait is how long a page waits for a provider to tell of its templates: somebody is typing.
const templateWait = 5 * time.Second

// templateView is what one step of the ladder shows of the account's registered templates.
type templateView struct {
	DOM, Key string
	On       bool // the step is ticked
	Shown    string
	Chosen   string
	List     []option
	State    string // of the one chosen, in words
	Bad      bool   // it may not be sent
	Fee      *int64
	Preview  string
	Params   []paramField
	Problem  string // the provider does not tell: the number is typed
	Need     bool   // nothing goes over the network without one
}

// paramField is one blank of a template and what fills it.
type paramField struct{ Name, DOM, Value, Hint string }

// templater is the adapter of an account, where its provider knows templates.
func (s *Server) templater(ctx context.Context, account loa.ChannelID) (channel.Templater, channel.Adapter, error) {
	if s.Channels == nil {
		return nil, nil, channel.Fail(channel.Unreachable, channel.Account, "", "")
	}
	_, adapter, err := s.Channels.Open(ctx, account)
	if err != nil {
		return nil, nil, err
	}
	as, ok := adapter.(channel.Templater)
	if !ok {
		return nil, adapter, channel.Fail(channel.Misconfigured, channel.Account, "no_templates", "")
	}
	return as, adapter, nil
}

// templateFees are what the templates of a ladder cost, as far as providers say.
func (s *Server) templateFees(r *http.Request, b loa.Broadcast) map[int]int64 {
	ctx, cancel := context.WithTimeout(r.Context(), templateWait)
	defer cancel()
	var out map[int]int64
	for i, x := range b.Ladder {
		if x.Template == "" {
			continue
		}
		if as, _, err := s.templater(ctx, x.Channel); err == nil {
			if info, err := as.TemplateInfo(ctx, x.Network, x.Template); err == nil && info.Fee != nil {
				if out == nil {
					out = map[int]int64{}
				}
				out[i] = *info.Fee
			}
		}
	}
	return out
}

// rungTemplate is what a step shows of templates; shown is the one whose blanks the page of the reader has already.
func (s *Server) rungTemplate(r *http.Request, f rungField, x loa.Rung, kind, shown string) *templateView {
	v := &templateView{DOM: f.DOM, Key: f.Key, On: f.On, Shown: shown, Chosen: x.Template, Need: f.Network == "zns"}
	if !f.On {
		return v
	}
	ctx, cancel := context.WithTimeout(r.Context(), templateWait)
	defer cancel()
	as, _, err := s.templater(ctx, x.Channel)
	var list []channel.Template
	if err == nil {
		list, err = as.TemplateList(ctx)
	}
	if err != nil {
		v.Problem = s.templateTrouble(r, kind, err)
		return v
	}
	for _, one := range list {
		v.List = append(v.List, option{one.ID, orElse(one.Name, one.ID) + " · " + templateState(r, one.State)})
	}
	if x.Template == "" {
		return v
	}
	if !slices.ContainsFunc(list, func(t channel.Template) bool { return t.ID == x.Template }) {
		v.List = append(v.List, option{x.Template, x.Template})
	}
	info, err := as.TemplateInfo(ctx, x.Network, x.Template)
	if err != nil {
		v.State, v.Bad = s.templateTrouble(r, kind, err), true
		return v
	}
	v.State, v.Bad, v.Fee, v.Preview = templateState(r, info.State), info.State != channel.TemplateApproved, info.Fee, info.Preview
	for _, p := range info.Params {
		v.Params = append(v.Params, paramField{p.Name, f.DOM + "-" + p.Name, valueOf(x.Params, p.Name), paramHint(r, p)})
	}
	return v
}

func valueOf(list []loa.Param, name string) string {
	for _, p := range list {
		if p.Name == name {
			return p.Text
		}
	}
	return ""
}

func paramHint(r *http.Request, p channel.TemplateParam) string {
	hint := t(r, "broadcast.param_free")
	if p.Required {
		hint = t(r, "broadcast.param_required")
	}
	if p.Most > 0 {
		hint += " · " + t(r, "broadcast.param_most", p.Most)
	}
	return hint
}

func templateState(r *http.Request, state string) string {
	if state == "" {
		return t(r, "broadcast.template_state.other")
	}
	return t(r, "broadcast.template_state."+state)
}

// templateTrouble is why a provider does not tell of templates, in words.
func (s *Server) templateTrouble(r *http.Request, kind string, err error) string {
	var e *channel.Error
	if !errors.As(err, &e) {
		return t(r, "broadcast.template_trouble")
	}
	return failureText(r, kind, string(e.Kind), e.Code)
}

// readTemplate reads the template of a step and what fills it. When another template was chosen, its blanks are filled as far as their
// names say with what; the officer looks over it.
func (s *Server) readTemplate(f *form, x *loa.Rung, key string) {
	x.Template = f.text("template_" + key)
	if x.Template == "" {
		return
	}
	if f.on("params_" + key) {
		x.Params = readParams(f.text("params_" + key))
		return
	}
	if f.text("shown_"+key) != x.Template {
		x.Params = s.guessParams(f.r, *x)
		return
	}
	prefix := "p." + key + "."
	var names []string
	for name := range f.r.Form {
		if strings.HasPrefix(name, prefix) {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if text := f.text(name); text != "" {
			x.Params = append(x.Params, loa.Param{Name: strings.TrimPrefix(name, prefix), Text: text})
		}
	}
}

// guesses are what blanks are usually called, and the placeholder that is meant.
var guesses = map[string]string{"ho_ten": "ten", "ten_khach_hang": "ten", "ten_khach": "ten", "customer_name": "ten", "name": "ten", "ngay_han": "han", "han_dong": "han", "due_date": "han", "ngay_het_han": "han_the", "so_tien": "muc_dong", "amount": "muc_dong",
	"link": "lien_ket", "duong_dan": "lien_ket", "url": "lien_ket", "hotline": "dien_thoai", "sdt": "dien_thoai", "ngay": "ngay_buoi", "ngay_hop": "ngay_buoi", "dia_ban": "thon", "ban": "thon"}

func (s *Server) guessParams(r *http.Request, x loa.Rung) (out []loa.Param) {
	ctx, cancel := context.WithTimeout(r.Context(), templateWait)
	defer cancel()
	as, _, err := s.templater(ctx, x.Channel)
	if err != nil {
		return nil
	}
	info, err := as.TemplateInfo(ctx, x.Network, x.Template)
	if err != nil {
		return nil
	}
	for _, p := range info.Params {
		place := strings.ToLower(p.Name)
		if meant, ok := guesses[place]; ok {
			place = meant
		}
		if _, known := loa.Places[place]; known {
			out = append(out, loa.Param{Name: p.Name, Text: "{" + place + "}"})
		}
	}
	return out
}

// badPlace refuses what fills a template with a placeholder nobody knows.
func badPlace(list []loa.Param) error {
	for _, p := range list {
		if _, err := loa.PlacesIn(p.Text); err != nil {
			return err
		}
	}
	return nil
}

// checkTemplates asks what providers would say of each template as an example fills it.
func (s *Server) checkTemplates(c *checker, b loa.Broadcast, ways sendingWays, words *composing.Words) {
	ctx, cancel := context.WithTimeout(c.r.Context(), templateWait)
	defer cancel()
	for i, x := range b.Ladder {
		a, ok := ways.account(x.Channel)
		if x.Template == "" || !ok {
			continue
		}
		name := t(c.r, "broadcast.form."+x.Network)
		if err := badPlace(x.Params); err != nil {
			c.out = append(c.out, lookLine{Kind: "stop", Text: name + ": " + s.said(c.r, err), URL: "#ladder", Do: t(c.r, "broadcast.check.template_bad.do")})
			continue
		}
		if words == nil {
			continue // there is nothing to fill it with yet
		}
		_, adapter, err := s.templater(ctx, x.Channel)
		if err == nil {
			var m channel.Message
			if m, err = words.Message(loa.Delivery{ID: loa.DeliveryID(loa.NewID()), Rung: i, Network: x.Network, To: "84900000000", Lang: "vietnamese"}, sampleReader(words.Book.Day)); err != nil {
				c.out = append(c.out, lookLine{Kind: "stop", Text: name + ": " + s.said(c.r, err), URL: "#ladder", Do: t(c.r, "broadcast.check.template_bad.do")})
				continue
			}
			if v, can := adapter.(channel.Verifier); can {
				err = v.Verify(ctx, m)
			}
		}
		var e *channel.Error
		switch {
		case err == nil:
			c.ok("template_ok", name)
		case errors.As(err, &e) && e.Kind == channel.Rejected:
			c.bad("stop", "template_bad", "#ladder", name, failureText(c.r, a.Kind, string(e.Kind), e.Code), e.Text)
		default:
			c.bad("look", "template_unknown", "/admin/channels", name)
		}
	}
}
