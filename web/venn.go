package web

import (
	"fmt"
	"math"
)

// venn is a picture of two groups: circles whose areas are their numbers and whose overlap is what they share.
type venn struct {
	AX, AR, BX, BR         string // centres and radii in a box of 400 by 220
	TextA, TextBoth, TextB string // where the numbers stand
}

const vennWide, vennHigh = 400, 220

// vennOf draws the circles to scale; a group of nobody is a point.
func vennOf(a, b, both int) venn {
	if a == 0 && b == 0 {
		return venn{}
	}
	ra, rb := math.Sqrt(float64(a)/math.Pi), math.Sqrt(float64(b)/math.Pi)
	d := vennDistance(ra, rb, float64(both))
	left, right := math.Min(-ra, d-rb), math.Max(ra, d+rb)
	scale := math.Min((vennWide-20)/(right-left), (vennHigh-20)/(2*math.Max(ra, rb)))
	at := func(x float64) float64 { return vennWide/2 + (x-(left+right)/2)*scale }
	px := func(x float64) string { return fmt.Sprintf("%.1f", x) }
	out := venn{AX: px(at(0)), AR: px(ra * scale), BX: px(at(d)), BR: px(rb * scale)}
	lensLeft, lensRight := math.Max(-ra, d-rb), math.Min(ra, d+rb)
	out.TextA, out.TextBoth, out.TextB = px((at(-ra)+at(math.Min(lensLeft, ra)))/2), px((at(lensLeft)+at(lensRight))/2), px((at(math.Max(lensRight, d-rb))+at(d+rb))/2)
	return out
}

// vennDistance is how far apart two circles stand so that they share an area.
func vennDistance(ra, rb, share float64) float64 {
	low, high := math.Abs(ra-rb), ra+rb
	for range 60 {
		middle := (low + high) / 2
		if lens(ra, rb, middle) > share {
			low = middle
		} else {
			high = middle
		}
	}
	return high
}

// lens is the area two circles share at a distance.
func lens(ra, rb, d float64) float64 {
	switch {
	case d >= ra+rb:
		return 0
	case d <= math.Abs(ra-rb):
		return math.Pi * math.Min(ra, rb) * math.Min(ra, rb)
	}
	alpha := math.Acos((d*d + ra*ra - rb*rb) / (2 * d * ra))
	beta := math.Acos((d*d + rb*rb - ra*ra) / (2 * d * rb))
	return ra*ra*(alpha-math.Sin(2*alpha)/2) + rb*rb*(beta-math.Sin(2*beta)/2)
}
