package paper

import "golang.org/x/text/unicode/norm"

// wide are the widths of the letters of Times New Roman bold in thousandths of the size; marks take no room of their own.
var wide = map[rune]int{' ': 250, '-': 333, '.': 250, ',': 250, '/': 278, ':': 333, '(': 333, ')': 333, 'I': 389, 'J': 500, 'L': 667, 'E': 667, 'F': 611, 'P': 611, 'S': 556, 'T': 667, 'B': 667, 'Z': 667, 'M': 944, 'W': 1000,
	'C': 722, 'R': 722, 'X': 722, 'Y': 722, 'V': 722, 'A': 722, 'D': 722, 'N': 722, 'U': 722, 'Đ': 722, 'O': 778, 'G': 778, 'H': 778, 'K': 778, 'Q': 778,
	'i': 278, 'j': 333, 'l': 278, 't': 333, 'f': 333, 'r': 444, 's': 389, 'c': 444, 'e': 444, 'z': 444, 'm': 833, 'w': 722, 'h': 556, 'n': 556, 'u': 556, 'k': 556, 'b': 556, 'd': 556, 'p': 556, 'q': 556, 'đ': 556}

// widthOf is how long a bold line is, in twentieths of a point: the rules under the head go by it.
func widthOf(line string, size int) int {
	sum := 0
	for _, c := range norm.NFD.String(line) {
		if c >= 0x300 && c < 0x370 {
			continue
		}
		w, ok := wide[c]
		if !ok {
			w = 500
		}
		sum += w
	}
	return sum * size * 20 / 1000
}
