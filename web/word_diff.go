package web

import (
	"strings"
	"unicode"
)

// diffPiece is a stretch of words that two texts share, or that only the old or only the new one has.
type diffPiece struct {
	Text     string
	Old, New bool
}

// wordDiff tells two texts apart word by word, with the longest common run of words kept. Very long texts are told as a whole.
func wordDiff(old, now string) []diffPiece {
	a, b := pieces(old), pieces(now)
	from := 0
	for from < len(a) && from < len(b) && a[from] == b[from] {
		from++
	}
	tail := 0
	for tail < len(a)-from && tail < len(b)-from && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	var out []diffPiece
	add := func(p diffPiece) {
		if n := len(out); n > 0 && out[n-1].Old == p.Old && out[n-1].New == p.New {
			out[n-1].Text += p.Text
		} else if p.Text != "" {
			out = append(out, p)
		}
	}
	add(diffPiece{Text: strings.Join(a[:from], "")})
	tellApart(a[from:len(a)-tail], b[from:len(b)-tail], add)
	add(diffPiece{Text: strings.Join(a[len(a)-tail:], "")})
	return out
}

// diffAtMost is how many pairs of words are looked at.
const diffAtMost = 4 << 20

func tellApart(a, b []string, add func(diffPiece)) {
	if len(a)*len(b) > diffAtMost {
		add(diffPiece{Text: strings.Join(a, ""), Old: true})
		add(diffPiece{Text: strings.Join(b, ""), New: true})
		return
	}
	width := len(b) + 1
	longest := make([]uint16, (len(a)+1)*width) // of what is left from i and j on
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			add(diffPiece{Text: a[i]})
			i, j = i+1, j+1
		case i < len(a) && (j == len(b) || longest[(i+1)*width+j] >= longest[i*width+j+1]):
			add(diffPiece{Text: a[i], Old: true})
			i++
		default:
			add(diffPiece{Text: b[j], New: true})
			j++
		}
	}
}

// pieces cuts a text into words and what stands between them.
func pieces(s string) (out []string) {
	from, space := 0, false
	for i, r := range s {
		if now := unicode.IsSpace(r); i > 0 && now != space || i == 0 {
			if i > 0 {
				out = append(out, s[from:i])
			}
			from, space = i, now
		}
	}
	if from < len(s) {
		out = append(out, s[from:])
	}
	return out
}
