package composing

import (
	"strings"
	"testing"

	"loa"
	"loa/policy"
	"loa/wording"
)

func script(texts ...loa.ScriptText) loa.Script {
	return loa.Script{ID: "s", Name: "Nhắc đóng", Purpose: loa.Care, State: loa.ScriptApproved, Texts: texts}
}

func vi(kind, text string) loa.ScriptText {
	return loa.ScriptText{Lang: "vietnamese", Kind: kind, Text: text}
}

func book(t *testing.T) *wording.Book {
	t.Helper()
	law, err := policy.Embedded()
	if err != nil {
		t.Fatal(err)
	}
	return wording.NewBook(law, "2025-12-01")
}

var short = func(code string) string { return loa.ShortAddress("https://loa.example", code) }

// TestEachChannelTellsItsLink: what leaves over a channel tells that channel's own short link, in words and as the link of a post; a
// channel without one tells the office's page; a preview and what leaves are made by the same hand.
func TestEachChannelTellsItsLink(t *testing.T) {
	const home = "https://loa.example/public/dien-bien"
	b := loa.Broadcast{Title: "Nhắc đóng", Purpose: loa.Care, Priority: loa.Normal,
		Ladder: []loa.Rung{{Form: loa.Zalo, Network: "zalo", Channel: "z", Link: "aaa222"}, {Form: loa.SMS, Network: "tel", Channel: "s", Link: "bbb333"}, {Form: loa.Zalo, Network: "zns", Channel: "z", Link: "ccc444", Template: "7", Params: []loa.Param{{Name: "link", Text: "{lien_ket}"}}},
			{Network: loa.CallList}},
		Outlets: []loa.Outlet{{Form: loa.PageForm, Network: "fb_page", Channel: "p", Place: "p", Link: "ddd555"}}}
	s := script(vi("zalo", "Xem {lien_ket}"), vi("sms", "Xem {lien_ket}"), vi("post", "Bà con xem {lien_ket}"), vi("long", "Gọi {dien_thoai}, {lien_ket}"))
	w, err := New(b, s, book(t), Sender{Office: wording.Office{Name: "BHXH", Phone: "0215", Link: home}, Short: short})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rung    int
		network string
		want    string
	}{{0, "zalo", "Xem https://loa.example/s/aaa222"}, {1, "tel", "Xem https://loa.example/s/bbb333"}, {3, loa.CallList, "Gọi 0215, " + home}, {loa.OutletRung, "fb_page", "Bà con xem https://loa.example/s/ddd555"}} {
		m, err := w.Message(loa.Delivery{ID: "d", Rung: c.rung, Network: c.network, Lang: "vietnamese"}, loa.Reader{Person: "p", Name: "Lò Thị Mai"})
		if err != nil || m.Text != c.want {
			t.Errorf("over %s: %q, %v; not %q", c.network, m.Text, err, c.want)
		}
		if c.network != loa.CallList && !strings.HasSuffix(c.want, m.Link) || c.network == loa.CallList && m.Link != "" {
			t.Errorf("over %s the link is %q", c.network, m.Link)
		}
	}
	if m, err := w.Message(loa.Delivery{ID: "d", Rung: 2, Network: "zns"}, loa.Reader{Person: "p"}); err != nil || m.Params["link"] != "https://loa.example/s/ccc444" {
		t.Errorf("the template is filled with %v, %v", m.Params, err)
	}
}

// TestNoAddressNoLink: words with a link do not go out while the world cannot reach this program; words without one do.
func TestNoAddressNoLink(t *testing.T) {
	sms := loa.Broadcast{Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "s"}}}
	page := loa.Broadcast{Outlets: []loa.Outlet{{Form: loa.PageForm, Network: "fb_page", Channel: "p"}}}
	zns := loa.Broadcast{Ladder: []loa.Rung{{Form: loa.Zalo, Network: "zns", Channel: "z", Template: "7", Params: []loa.Param{{Name: "u", Text: "{lien_ket}"}}}}}
	for name, c := range map[string]struct {
		b    loa.Broadcast
		s    loa.Script
		link string
		want string
	}{
		"in the SMS":                         {sms, script(vi("sms", "Xem {lien_ket}")), "", "no_public"},
		"in the template":                    {zns, script(vi("sms", "Xem")), "", "no_public"},
		"in the post":                        {page, script(vi("post", "{lien_ket}")), "", "no_public"},
		"in words no channel takes":          {sms, script(vi("sms", "Xem"), vi("post", "{lien_ket}")), "", ""},
		"in the length that is not sent":     {page, script(vi("post", "Xem"), vi("long", "{lien_ket}")), "", ""},
		"in another language than the first": {sms, script(vi("sms", "Xem"), loa.ScriptText{Lang: "mong", Kind: "sms", Text: "{lien_ket}"}), "", "no_public"},
		"with an address":                    {sms, script(vi("sms", "Xem {lien_ket}")), "https://loa.example/public/x", ""},
	} {
		c.b.Purpose = c.s.Purpose
		_, err := New(c.b, c.s, book(t), Sender{Office: wording.Office{Link: c.link}})
		got := ""
		if e, ok := err.(*loa.Error); ok {
			got = e.Code
		}
		if got != c.want {
			t.Errorf("%s: %v, not %q", name, err, c.want)
		}
	}
}

// TestNoMilderPurposeIsMade: nothing is made of a script for a milder purpose than it was approved for.
func TestNoMilderPurposeIsMade(t *testing.T) {
	s := script(vi("sms", "Mua bao hiem"))
	s.Purpose = loa.Advertising
	b := loa.Broadcast{Purpose: loa.Care, Ladder: []loa.Rung{{Form: loa.SMS, Network: "tel", Channel: "s"}}}
	if _, err := New(b, s, book(t), Sender{}); loa.KindOf(err) != loa.Conflict {
		t.Errorf("advertising as care: %v", err)
	}
	b.Purpose = loa.Advertising
	if _, err := New(b, s, book(t), Sender{}); err != nil {
		t.Error(err)
	}
}
