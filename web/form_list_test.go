package web

import "testing"

func TestHomeAtSaysAPlaceOnce(t *testing.T) {
	for _, c := range []struct{ home, place, want string }{
		{"Đội 5", "Đội 5, Xã Tủa Chùa", "Đội 5, Xã Tủa Chùa"},
		{"đội 5", "Đội 5, Xã Tủa Chùa", "Đội 5, Xã Tủa Chùa"},
		{"Số 12", "Đội 5, Xã Tủa Chùa", "Số 12, Đội 5, Xã Tủa Chùa"},
		{"Đội", "Đội 5, Xã Tủa Chùa", "Đội, Đội 5, Xã Tủa Chùa"},
		{"", "Đội 5", "Đội 5"},
	} {
		if got := homeAt(c.home, c.place); got != c.want {
			t.Errorf("%q in %q is %q, want %q", c.home, c.place, got, c.want)
		}
	}
}
