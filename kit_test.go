package loa

import (
	"strings"
	"testing"
)

func TestAPostIsSomewhere(t *testing.T) {
	for _, c := range []struct {
		network, url string
		ok           bool
	}{{"facebook", "", true}, {"zalo", "https://zalo.me/x", true}, {"other", "http://x.vn/1", true}, {"", "", false}, {"myspace", "", false}, {"facebook", "javascript:alert(1)", false}, {"facebook", "facebook.com/x", false},
		{"facebook", "https://", false}, {"facebook", "https://x.vn/" + strings.Repeat("a", 300), false}} {
		if err := (KitPost{Network: c.network, URL: c.url}).Check(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
