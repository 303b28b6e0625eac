package web

import (
	"context"
	"net/http"
	"strings"

	"loa"
	"loa/channel"
	"loa/vn"
)

// tryable are the networks over which an officer has an address of their own. What all see is not tried.
var tryable = map[string]bool{"tel": true, "mail": true, "zns": true}

// testView is a message tried over an account.
type testView struct {
	Network, To, Title, Text, Template, Params string
	Fits, Sent                                 bool
	Ref                                        string
	Failed                                     *healthLine
	Errors                                     map[string]string
}

// channelTest says whether a message would be taken, or sends it to the officer's own address. It stands outside of all broadcasts:
// nobody else is told, and no ledger counts it; the log of the office does.
func (s *Server) channelTest(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	f := readForm(r)
	v := testView{Network: f.text("network"), Title: f.text("title"), Text: strings.TrimSpace(r.FormValue("text")), Template: f.text("template"), Params: strings.TrimSpace(r.FormValue("params"))}
	v.To = ownAddress(whoOf(r).Officer, v.Network)
	if !tryable[v.Network] {
		f.bad("network", "error.not_in_list")
	} else if v.To == "" {
		f.bad("network", "channel.no_own_"+v.Network)
	}
	if v.Text == "" && v.Template == "" {
		f.bad("text", "error.required")
	}
	if f.ok() {
		if err := s.tryMessage(r, c, d, &v, f.on("send")); err != nil {
			return err
		}
	}
	v.Errors = f.Errors
	b, err := s.channelPage(r, c, d)
	if err != nil {
		return err
	}
	b.Test = v
	saved, err := s.Channels.Settings(c)
	if err != nil {
		return err
	}
	status := 0
	if !f.ok() || v.Failed != nil {
		status = http.StatusUnprocessableEntity
	}
	return s.channelDraw(w, r, d, b, saved, nil, status)
}

func (s *Server) tryMessage(r *http.Request, c loa.Channel, d channel.Driver, v *testView, send bool) error {
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	_, adapter, err := s.Channels.Open(ctx, c.ID)
	m := channel.Message{ID: strings.ReplaceAll(loa.NewID(), "-", ""), Network: v.Network, To: v.To, Lang: whoOf(r).Lang, Purpose: loa.Administrative, Title: v.Title, Text: v.Text, Template: v.Template, Params: paramsOf(v.Params)}
	if err == nil {
		if verifier, ok := adapter.(channel.Verifier); ok {
			err = verifier.Verify(ctx, m)
		}
	}
	if err == nil && send {
		var receipt channel.Receipt
		if receipt, err = adapter.Send(ctx, m); err == nil {
			v.Sent, v.Ref = true, receipt.Ref
		}
		if err := s.DB.Audit(r.Context(), c.Office, s.by(r), "tested", "channel", string(c.ID), v.Network); err != nil {
			return err
		}
	}
	if err != nil {
		line, err := failureOf(r, d.Kind, err)
		if err != nil {
			return err
		}
		v.Failed = &line
		return nil
	}
	v.Fits = true
	return nil
}

// ownAddress is where an officer is reached over a network; empty when their page does not say.
func ownAddress(o loa.Officer, network string) string {
	if network == "mail" {
		return o.Email
	}
	phone, ok := vn.Phone(o.Phone)
	if !ok {
		return ""
	}
	return strings.TrimPrefix(phone, "+")
}

// paramsOf reads what fills a template: a name, an equals sign and a value on each line.
func paramsOf(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(line, "="); ok && strings.TrimSpace(name) != "" {
			out[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return out
}

type templatesPage struct {
	Crumbs     []crumb
	Tabs       []tabLine
	Lines      []channel.Registered
	Failed     *healthLine
	Next, Prev string
}

// templatesAtOnce is how many templates a provider lists at once.
const templatesAtOnce = 100

// channelTemplates are the texts registered with the provider, as it tells them now.
func (s *Server) channelTemplates(w http.ResponseWriter, r *http.Request) error {
	c, d, err := s.channelOf(r)
	if err != nil {
		return err
	}
	_, adapter, err := s.Channels.Open(r.Context(), c.ID)
	if err != nil {
		return err
	}
	registrar, ok := adapter.(channel.Registrar)
	if !ok {
		return loa.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	defer cancel()
	offset := int(readForm(r).count("offset"))
	b := templatesPage{Tabs: adminTabs(r, "channels"), Crumbs: append(channelCrumbs(r), crumb{c.Name, channelURL(c.ID)})}
	if b.Lines, err = registrar.Registered(ctx, offset); err != nil {
		line, err := failureOf(r, d.Kind, err)
		if err != nil {
			return err
		}
		b.Failed = &line
	}
	at := channelURL(c.ID) + "/templates?offset="
	if len(b.Lines) == templatesAtOnce {
		b.Next = at + itoa(offset+templatesAtOnce)
	}
	if offset > 0 {
		b.Prev = at + itoa(max(0, offset-templatesAtOnce))
	}
	return s.render(w, r, "admin_channel_templates", page{Title: t(r, "channel.templates_title"), Context: c.Name, Active: "admin", Body: b})
}
