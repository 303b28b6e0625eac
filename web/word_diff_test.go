package web

import (
	"strings"
	"testing"
)

func TestWordDiff(t *testing.T) {
	show := func(list []diffPiece) string {
		var b strings.Builder
		for _, p := range list {
			switch {
			case p.Old:
				b.WriteString("[-" + p.Text + "-]")
			case p.New:
				b.WriteString("[+" + p.Text + "+]")
			default:
				b.WriteString(p.Text)
			}
		}
		return b.String()
	}
	long := strings.Repeat("bà con ", 4000)
	for _, c := range []struct{ old, now, want string }{
		{"", "", ""}, {"a b", "a b", "a b"}, {"", "mới", "[+mới+]"}, {"cũ", "", "[-cũ-]"},
		{"Bà con đóng 198.000 đồng", "Bà con đóng 231.000 đồng", "Bà con đóng [-198.000-][+231.000+] đồng"},
		{"một hai ba", "một ba bốn", "một [-hai -]ba[+ bốn+]"},
	} {
		if got := show(wordDiff(c.old, c.now)); got != c.want {
			t.Errorf("%q and %q: %q, want %q", c.old, c.now, got, c.want)
		}
	}
	for _, p := range [][2]string{{long + "x", "y " + long}, {"a  b\nc", "a b c d"}} {
		var old, now string
		for _, x := range wordDiff(p[0], p[1]) {
			if !x.New {
				old += x.Text
			}
			if !x.Old {
				now += x.Text
			}
		}
		if old != p[0] || now != p[1] {
			t.Error("the pieces do not make up the texts")
		}
	}
}
