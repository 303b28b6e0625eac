package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"loa"
	"loa/channel"
	"loa/web"
	"loa/web/webtest"
)

// registry is an account with registered templates, as a provider tells of them.
type registry struct {
	testLines
	list []channel.Template
	err  error
}

func (g *registry) Open(context.Context, loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	return channel.Driver{Kind: "zalo"}, g, g.err
}

func (g *registry) Send(context.Context, channel.Message) (channel.Receipt, error) {
	return channel.Receipt{}, nil
}

func (g *registry) TemplateList(context.Context) ([]channel.Template, error) { return g.list, g.err }

func (g *registry) TemplateInfo(_ context.Context, _, id string) (channel.Template, error) {
	for _, x := range g.list {
		if x.ID == id {
			return x, g.err
		}
	}
	return channel.Template{}, channel.Fail(channel.Rejected, channel.Content, "template_gone", id)
}

func (g *registry) Verify(ctx context.Context, m channel.Message) error {
	x, err := g.TemplateInfo(ctx, m.Network, m.Template)
	if err != nil {
		return err
	}
	if x.State != channel.TemplateApproved {
		return channel.Fail(channel.Rejected, channel.Content, "template_status", x.State)
	}
	for _, p := range x.Params {
		if v := m.Params[p.Name]; v == "" {
			return channel.Fail(channel.Rejected, channel.Content, "param_missing", p.Name)
		} else if len([]rune(v)) > p.Most {
			return channel.Fail(channel.Rejected, channel.Address, "param_long", p.Name)
		}
	}
	return nil
}

// TestARegisteredTemplateIsChosenAndChecked: the page lists what the account has registered, with state, price and blanks; choosing one
// fills the blanks by their names; what does not fit is said before submitting and stops it; the price stands in the estimate.
func TestARegisteredTemplateIsChosenAndChecked(t *testing.T) {
	fee := int64(300)
	g := &registry{list: []channel.Template{{ID: "11", Name: "Nhắc hạn đóng", State: channel.TemplateApproved, Fee: &fee, Preview: "https://preview.example/11", Params: []channel.TemplateParam{{Name: "ho_ten", Required: true, Most: 30}, {Name: "ghi", Required: true, Most: 12}}},
		{ID: "12", Name: "Mời họp", State: channel.TemplateRejected}}}
	first, ids, _ := broadcastSite(t)
	site := webtest.Over(t, first.DB, func(o *web.Options) { o.Channels = g })
	site.Home = first.Home
	officer := site.As(t, "officer")
	at := beginBroadcast(t, officer)
	key := "zns." + string(ids["zalo"])
	with := func(more ...string) []string {
		out := typed(site, ids, append([]string{"rung", key, "order_" + key, "1", "order_tel." + string(ids["sms"]), "2"}, more...)...)
		return out
	}
	show := func(more ...string) webtest.Answer {
		t.Helper()
		if a := officer.Post(at+"/edit", with(more...)...); a.Status != http.StatusSeeOther {
			t.Fatalf("not saved: %d", a.Status)
		}
		return officer.Get(at + "/edit")
	}
	if a := show(); !a.Has("Nhắc hạn đóng · được dùng", "Mời họp · bị từ chối", "ZNS cần số mẫu đã đăng ký") {
		t.Error("the page does not list the templates")
	}
	a := show("template_"+key, "11")
	if !a.Has(`name="p.`+key+`.ho_ten" value="{ten}"`, `name="p.`+key+`.ghi" value=""`, "bắt buộc · tối đa 12 ký tự", "300 đ một tin", "https://preview.example/11", "Một chỗ điền bắt buộc của mẫu còn trống. (ghi)") {
		t.Error("choosing one does not show its blanks")
	}
	for _, c := range []struct{ template, value, want string }{
		{"11", "dài hơn mười hai", "Một chỗ điền dài quá mức của mẫu. (ghi)"}, {"11", "{khong_co}", "khong_co"}, {"12", "x", "Mẫu chưa được duyệt hoặc đã bị tắt."}, {"99", "x", "Zalo ZNS"},
	} {
		fields := []string{"template_" + key, c.template, "shown_" + key, c.template, "p." + key + ".ho_ten", "{ten}", "p." + key + ".ghi", c.value}
		if a := show(fields...); !a.Has(c.want) {
			t.Errorf("template %s with %q: the page does not say %q", c.template, c.value, c.want)
		}
		if a := officer.Post(at+"/submit", with(fields...)...); a.Status != http.StatusUnprocessableEntity {
			t.Errorf("template %s with %q is submitted: %d", c.template, c.value, a.Status)
		}
	}
	fields := []string{"template_" + key, "11", "shown_" + key, "11", "p." + key + ".ho_ten", "{ten}", "p." + key + ".ghi", "{han}"}
	if a := show(fields...); !a.Has("mẫu được duyệt, chỗ điền vừa mẫu") {
		t.Error("a template that fits is not said to")
	}
	if a := officer.Post(at+"/submit", with(fields...)...); a.Status != http.StatusSeeOther {
		t.Fatalf("not submitted: %d", a.Status)
	}
	b := broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/")))
	if x := b.Ladder[0]; x.Network != "zns" || x.Template != "11" || len(x.Params) != 2 || b.Reckoned.Cost() != fee*int64(b.Reckoned.Messages()) || b.Reckoned.Messages() == 0 || b.Reckoned.Unpriced {
		t.Errorf("kept %+v, reckoned %+v", x, b.Reckoned)
	}
	g.err = channel.Fail(channel.Unreachable, channel.Account, "", "")
	at = beginBroadcast(t, officer)
	if a := show(fields...); a.Status != http.StatusOK || !a.Has("Có thể gõ số mẫu vào đây", "chưa hỏi được nhà cung cấp về mẫu") {
		t.Error("a provider that does not answer stops the page")
	}
}

// TestATemplateToFollowersIsPriced: over the step to followers a text of our own is free, and a registered template costs what the account's
// provider says it does to a follower, not to a number.
func TestATemplateToFollowersIsPriced(t *testing.T) {
	phone, user := int64(800), int64(560)
	g := &priced{registry: registry{list: []channel.Template{{ID: "11", Name: "Nhắc hạn đóng", State: channel.TemplateApproved}}}, fees: map[string]*int64{"zns": &phone, "zalo": &user}}
	first, ids, _ := broadcastSite(t)
	site := webtest.Over(t, first.DB, func(o *web.Options) { o.Channels = g })
	site.Home = first.Home
	officer := site.As(t, "officer")
	ctx, in := context.Background(), wholeOf(t, site, site.Home)
	people, err := site.DB.Recipients(ctx, in, []loa.PersonID{site.Home.Person}, site.Now())
	if err != nil || len(people) != 1 {
		t.Fatal(err)
	}
	if _, err := site.DB.Writer().ExecContext(ctx, `INSERT INTO address (office_id, network, address, person_id, linked_at) SELECT office_id, 'zalo', 'u1', id, 1 FROM person WHERE id = $1`, site.Home.Person); err != nil {
		t.Fatal(err)
	}
	at := beginBroadcast(t, officer)
	key := "zalo." + string(ids["zalo"])
	fields := func(template string) []string {
		return typed(site, ids, "rung", key, "order_"+key, "1", "order_tel."+string(ids["sms"]), "2", "template_"+key, template, "shown_"+key, template)
	}
	reckoned := func() loa.Reckoning {
		t.Helper()
		if a := officer.Post(at+"/submit", fields("11")...); a.Status != http.StatusSeeOther {
			t.Fatalf("not submitted: %d", a.Status)
		}
		return broadcastNow(t, site, loa.BroadcastID(strings.TrimPrefix(at, "/broadcasts/"))).Reckoned
	}
	if a := officer.Post(at+"/edit", fields("")...); a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	if a := officer.Get(at + "/edit"); a.Has("Mẫu Zalo gửi người theo dõi") {
		t.Error("a text of our own is priced as a template")
	}
	if a := officer.Post(at+"/edit", fields("11")...); a.Status != http.StatusSeeOther {
		t.Fatalf("not saved: %d", a.Status)
	}
	if a := officer.Get(at + "/edit"); !a.Has("Mẫu Zalo gửi người theo dõi", "1 tin, theo giá của Zalo", "560 đ") {
		t.Error("the price to a follower does not stand in the estimate")
	}
	got := reckoned()
	n := int64(0)
	for _, x := range got.By {
		if x.Network == "zalo" && x.State == loa.DeliveryQueued {
			n += int64(x.N)
			if x.Cost != user*int64(x.N) {
				t.Errorf("%+v", x)
			}
		}
	}
	if n != 1 {
		t.Errorf("%d are told over it: %+v", n, got.By)
	}
}

// priced is a registry whose templates cost by network.
type priced struct {
	registry
	fees map[string]*int64
}

func (g *priced) Open(context.Context, loa.ChannelID) (channel.Driver, channel.Adapter, error) {
	return channel.Driver{Kind: "zalo"}, g, nil
}

func (g *priced) TemplateInfo(ctx context.Context, network, id string) (channel.Template, error) {
	x, err := g.registry.TemplateInfo(ctx, network, id)
	x.Fee = g.fees[network]
	return x, err
}
