package web

import (
	"math"
	"strconv"
	"testing"
)

func TestVennIsDrawnToScale(t *testing.T) {
	for _, c := range [][3]int{{1000, 1000, 250}, {5000, 300, 120}, {700, 90, 90}, {40, 60, 0}, {500, 500, 500}} {
		a, b, both := float64(c[0]), float64(c[1]), float64(c[2])
		ra, rb := math.Sqrt(a/math.Pi), math.Sqrt(b/math.Pi)
		if got := lens(ra, rb, vennDistance(ra, rb, both)); math.Abs(got-both) > 0.01*math.Max(a, b) {
			t.Errorf("%v: the circles share %.1f", c, got)
		}
		v := vennOf(c[0], c[1], c[2])
		num := func(s string) float64 {
			x, err := strconv.ParseFloat(s, 64)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		if got := math.Pow(num(v.AR)/num(v.BR), 2); math.Abs(got-a/b) > 0.05*a/b {
			t.Errorf("%v: the areas stand %.2f to one, want %.2f", c, got, a/b)
		}
		if num(v.AX)-num(v.AR) < 0 || num(v.BX)+num(v.BR) > vennWide+0.1 {
			t.Errorf("%v: the picture leaves its box: %+v", c, v)
		}
	}
	if v := vennOf(0, 0, 0); v.AX != "" {
		t.Error("two empty groups have a picture")
	}
}
