package vn

import "testing"

func TestTelex(t *testing.T) {
	for typed, want := range map[string]string{"hoaf": "hoa", "phieengr cair": "phieng cai", "tuwf": "tu", "ddieejn": "dien", "thowf": "tho", "nguyeenx vawn": "nguyen van", "lo thi huong": "lo thi huong", "xs": "xs", "": "",
		"dduwowngf": "duong", "thos": "tho"} {
		if got := Telex(typed); got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}
